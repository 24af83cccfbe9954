"""Brings a database up to date, and makes sure that the keys at hand are the ones that seal it.

A fresh database is made whole, as the models have it; the migrations are for those that hold something
(tests/db/test_migrations.py: both ways end in the same tables). So Alembic, whose memory a bot would hold for good, is
loaded only where a database of an older Homeward is changed.
"""

import hmac
import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    Column,
    Connection,
    Engine,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    func,
    insert,
    inspect,
    select,
)

from db.ids import start_after
from db.models import Base, Outbox, Setting
from db.sealed import KeyRing
from db.shared import Lock, is_shared, one_after_another

if TYPE_CHECKING:
    from alembic.config import Config

MIGRATIONS = Path(__file__).resolve().parent / "migrations"
_KEY_CHECK = "key_check"
HALF_MOVED = "moving_from"  # a setting that is there until a move (bot/moving.py) is whole


class WrongKeys(Exception):
    """The key file does not belong to this database."""


class NewerDatabase(Exception):
    """A newer Homeward has worked on this database; this one does not know what stands in it."""


class HalfMoved(Exception):
    """`homeward move-database` began to copy another database into this one and was not ended."""


class BrokenReferences(Exception):
    """A migration would leave rows that point nowhere; the text names their table."""


def upgrade(connection: Connection, migrations: Path = MIGRATIONS) -> None:
    """Make the tables, or run the migrations that are missing, inside the connection's transaction."""
    if migrations == MIGRATIONS and not inspect(connection).get_table_names():
        _make(connection)
        return
    from alembic import command

    command.upgrade(alembic_config(connection, migrations), "head")


def _make(connection: Connection) -> None:
    """Make every table as it is now, and say in Alembic's own table that the migrations have been run."""
    Base.metadata.create_all(connection, checkfirst=False)
    versions = Table("alembic_version", MetaData(), Column("version_num", String(32), nullable=False))
    versions.append_constraint(PrimaryKeyConstraint("version_num", name="alembic_version_pkc"))
    versions.create(connection)
    connection.execute(insert(versions), {"version_num": revisions()[-1]})


def alembic_config(connection: Connection, migrations: Path = MIGRATIONS) -> "Config":
    """Return Alembic's configuration for an open connection."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(migrations))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def bring_up_to_date(engine: Engine, keys: KeyRing, migrations: Path = MIGRATIONS) -> None:
    """Run the migrations that are missing, in one transaction. Where it raises, nothing was changed.

    Raises:
        WrongKeys: what is sealed here was sealed with other keys.
        NewerDatabase: it holds a revision that `migrations` does not have.
        HalfMoved: what it was copied from has to be copied to the end first.
        BrokenReferences: a migration is wrong.
    """
    with migrating(engine) as connection:
        current, known = current_revision(connection), revisions(migrations)
        if current is not None and current not in known:
            raise NewerDatabase
        if current != known[-1]:
            upgrade(connection, migrations)
        if is_half_moved(connection):
            raise HalfMoved
        if not check_keys(connection, keys):
            connection.execute(insert(Setting), {"name": _KEY_CHECK, "value": _fingerprint(keys)})
        start_after(connection.scalar(select(func.max(Outbox.id))) or 0)


def is_half_moved(connection: Connection) -> bool:
    return connection.scalar(select(Setting.name).where(Setting.name == HALF_MOVED)) is not None


@cache
def revisions(migrations: Path = MIGRATIONS) -> tuple[str, ...]:
    """Return every revision, the newest last: each file says its own and the one it follows."""
    texts = [file.read_text(encoding="utf-8") for file in (migrations / "versions").glob("*.py")]
    after = {_named("down_revision", text): _named("revision", text) for text in texts}
    found = [after[None]]
    while (following := after.get(found[-1])) is not None:
        found.append(following)
    return tuple(each for each in found if each is not None)


def _named(name: str, text: str) -> str | None:
    found = re.search(rf'^{name} = "(\w+)"', text, re.MULTILINE)
    return found[1] if found else None


def current_revision(connection: Connection) -> str | None:
    """Return the revision that the database stands at; None where it has no table yet."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()


@contextmanager
def migrating(engine: Engine) -> Iterator[Connection]:
    """Open the transaction that migrations run in.

    SQLite changes a table by copying it and dropping the old one, which references to it would forbid. So they
    are looked at once, before the commit, as https://sqlite.org/lang_altertable.html#otheralter says.

    Raises:
        BrokenReferences: as above; nothing was changed.
    """
    if is_shared(engine):
        with engine.begin() as connection:
            connection.exec_driver_sql("SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0")
            one_after_another(connection, Lock.MIGRATING)
            yield connection
        return
    with engine.connect() as connection:
        _hold_to_references(connection, False)
        try:
            with connection.begin():
                before = _state(connection)
                yield connection
                # Looking at every row would make each start of a large one slow.
                if _state(connection) == before:
                    return
                if broken := connection.exec_driver_sql("PRAGMA foreign_key_check").first():
                    raise BrokenReferences(broken[0])
        finally:
            _hold_to_references(connection, True)


def _state(connection: Connection) -> tuple[int, Any]:
    """Return what grows with each change of a row, and with each change of a table."""
    driver: Any = connection.connection.driver_connection
    return driver.total_changes, connection.exec_driver_sql("PRAGMA schema_version").scalar()


def _hold_to_references(connection: Connection, on: bool) -> None:
    """Switch it on the driver's own connection: inside a transaction SQLite would pass it over in silence."""
    connection.connection.cursor().execute(f"PRAGMA foreign_keys={'ON' if on else 'OFF'}")


def check_keys(connection: Connection, keys: KeyRing) -> bool:
    """Hold the keys against those that seal this database; False where it was never said which these are.

    Raises:
        WrongKeys: what is sealed here was sealed with other keys.
    """
    stored = connection.scalar(select(Setting.value).where(Setting.name == _KEY_CHECK))
    if stored is not None and not hmac.compare_digest(stored, _fingerprint(keys)):
        raise WrongKeys
    return stored is not None


def _fingerprint(keys: KeyRing) -> bytes:
    return keys.lookup("key_check", "homeward")
