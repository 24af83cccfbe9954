"""Which database the stories are played on: SQLite, or a real PostgreSQL where HOMEWARD_TEST_DATABASE asks for it.

`HOMEWARD_TEST_DATABASE=postgresql` starts a server that pip brought, for as long as the tests run; a URL of a server
that allows to create databases is used as it is. Each story gets a database of its own, copied from one that the
migrations have made once.
"""

import atexit
import os
import shutil
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, LiteralString

import psycopg
import pytest
from sqlalchemy import URL, Engine, event, inspect, make_url

from bench.postgresql import Server, connected, text_of
from db.engine import make_engine
from db.shared import SETTLED
from db.upgrade import migrating, upgrade

# Read and taken away: a bot that a test starts would take it for a setting with a mistake in its name.
ASKED_FOR = os.environ.pop("HOMEWARD_TEST_DATABASE", "")
_FOUND_AT = "TESTS_POSTGRESQL_URL"  # what the first test process tells those that it starts
_OWN = "TESTS_POSTGRESQL_DISK"  # whether its disk may be read: pip's server is ours
ON_POSTGRESQL = bool(ASKED_FOR or os.environ.get(_FOUND_AT))
_SQLITE_URL = 'url = "sqlite:///homeward.db"'
_KEPT = 12  # databases of the newest stories; a story that starts its bot anew needs its own again

only_sqlite = pytest.mark.skipif(ON_POSTGRESQL, reason="looks into SQLite's own file")
only_postgresql = pytest.mark.skipif(not ON_POSTGRESQL, reason="needs a PostgreSQL: make test-postgres")


def begin() -> Server | None:
    """Start a server where one is asked for and none runs yet, and say where the stories find it."""
    server = Server() if ASKED_FOR == "postgresql" else None
    if ASKED_FOR:
        os.environ[_FOUND_AT] = text_of(server.url) if server else ASKED_FOR
        os.environ[_OWN] = "yes" if server else ""
    return server


class Databases:
    """The databases of one test process on a server."""

    def __init__(self, server: URL) -> None:
        self._server, self._numbers = server, count(1)
        self._prefix = f"homeward_{os.getpid()}_"
        self._made: deque[str] = deque()
        self.begun_at: dict[str, str] = {}  # how far the server's log had come when a database was made
        atexit.register(self._drop_all)

    def empty(self) -> str:
        """Make a database without a table; return its URL."""
        return text_of(self._create("template0"))

    def fresh(self) -> str:
        """Make a database as the migrations leave one; return its URL."""
        return text_of(self._create(self.template))

    @property
    def template(self) -> str:
        """The name of the database that the fresh ones are copied from."""
        return _template(self)

    def _create(self, template: str) -> URL:
        name = f"{self._prefix}{next(self._numbers)}"
        with connected(self._server) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
            self._made.append(name)
            self.begun_at[name] = _one(connection, "SELECT pg_current_wal_insert_lsn()")
            while len(self._made) > _KEPT:
                self._drop(connection, self._made.popleft())
        return self._server.set(database=name)

    def make_template(self) -> str:
        url = self._create("template0")
        engine = make_engine(text_of(url))
        migrate(engine)
        self._made.remove(url.database or "")
        return url.database or ""

    def _drop(self, connection: psycopg.Connection, name: str) -> None:
        """Drop it, or keep it where a story of a whole module still uses it."""
        used = "SELECT 1 FROM pg_stat_activity WHERE datname = %s"
        if connection.execute(used, [name]).fetchone() is not None:
            self._made.append(name)
            self._made.rotate(_KEPT // 2)
        else:
            connection.execute(f"DROP DATABASE {name}")

    def _drop_all(self) -> None:
        """Leave a server that is not ours as it was."""
        try:
            with connected(self._server) as connection:
                ours = "SELECT datname FROM pg_database WHERE starts_with(datname, %s)"
                for (name,) in connection.execute(ours, [self._prefix]).fetchall():
                    connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
        except psycopg.Error:  # the server that pip brought may be gone by now
            return


@cache
def _template(databases: Databases) -> str:
    return databases.make_template()


def migrate(engine: Engine) -> None:
    """Bring it to the newest revision and let go of it."""
    with migrating(engine) as connection:
        upgrade(connection)
    engine.dispose()


@cache
def databases() -> Databases:
    """Return the databases of this process."""
    return Databases(make_url(os.environ[_FOUND_AT]))


def empty_database(folder: Path, name: str = "homeward") -> str:
    """Return the URL of a database without tables."""
    return databases().empty() if ON_POSTGRESQL else f"sqlite:///{folder}/{name}.db"


def fresh_database(folder: Path) -> str:
    """Return the URL of a database as the migrations leave one, without settings beside it."""
    if ON_POSTGRESQL:
        return databases().fresh()
    lay_database(folder)
    return f"sqlite:///{folder}/homeward.db"


def old_enough() -> None:
    """Wait until the server has run for so long that processes which are not there count as gone (db/shared.py)."""
    if ON_POSTGRESQL:
        with connected(make_url(os.environ[_FOUND_AT])) as connection:
            left = "SELECT greatest(0, %s - extract(epoch FROM now() - pg_postmaster_start_time()))"
            connection.execute(f"SELECT pg_sleep(({left})::float8)", [SETTLED + 0.1])


def impatient(engine: Engine) -> None:
    """Let it wait for a lock for a moment only, not for seconds."""

    def prepare(connection: Any, _record: Any) -> None:
        cursor = connection.cursor()
        cursor.execute("SET lock_timeout = '20ms'" if ON_POSTGRESQL else "PRAGMA busy_timeout=20")
        cursor.close()
        if ON_POSTGRESQL:
            connection.commit()

    event.listen(engine, "connect", prepare)
    engine.dispose()


@contextmanager
def locked(engine: Engine) -> Iterator[None]:
    """Hold every table, as a backup or another program may."""
    other = make_engine(text_of(engine.url))
    with other.connect() as connection:
        if ON_POSTGRESQL:
            names = ", ".join(inspect(connection).get_table_names())
            connection.exec_driver_sql(f"LOCK TABLE {names} IN ACCESS EXCLUSIVE MODE")
        else:
            connection.exec_driver_sql("SELECT 1")  # the transaction begins with the write lock
        yield
        connection.rollback()
    other.dispose()


def lay_open(engine: Engine, folder: Path) -> int:
    """Put into the folder what a server's disk holds of this database; return how many bytes were written there.

    Of its files those that are not as the migrations left them, and of its log all since it was made. SQLite's are
    there by themselves.
    """
    if not ON_POSTGRESQL:
        return (folder / "homeward.db-wal").stat().st_size
    if not os.environ.get(_OWN):  # a server of somebody's own keeps its disk to itself
        pytest.skip("the server's disk is not ours to read")
    bare = databases().template
    copied = folder / "postgresql"
    copied.mkdir()
    with connected(engine.url) as connection:
        connection.execute("CHECKPOINT")
        data = Path(_one(connection, "SHOW data_directory"))
        here = data / "base" / _one(connection, _OID, engine.url.database)
        before = data / "base" / _one(connection, _OID, bare)
        log = _log_since(connection, data / "pg_wal", databases().begun_at[engine.url.database or ""])
    for path in (each for each in here.iterdir() if not _same(each, before / each.name)):
        shutil.copyfile(path, copied / path.name)
    (copied / "log").write_bytes(log)
    return sum(each.stat().st_size for each in copied.iterdir())


_OID = "SELECT oid FROM pg_database WHERE datname = %s"


def _one(connection: psycopg.Connection, query: LiteralString, *parameters: Any) -> str:
    row = connection.execute(query, parameters or None).fetchone()
    assert row is not None
    return str(row[0])


def _log_since(connection: psycopg.Connection, folder: Path, begun_at: str) -> bytes:
    """Return the write-ahead log from there on."""
    file = "SELECT pg_walfile_name(%s::pg_lsn)"
    first, last = (
        _one(connection, file, begun_at),
        _one(connection, "SELECT pg_walfile_name(pg_current_wal_lsn())"),
    )
    start = int(_one(connection, "SELECT file_offset FROM pg_walfile_name_offset(%s::pg_lsn)", begun_at))
    end = int(_one(connection, "SELECT file_offset FROM pg_walfile_name_offset(pg_current_wal_lsn())"))
    if first == last:
        return (folder / last).read_bytes()[start:end]
    names = sorted(each.name for each in folder.iterdir() if first < each.name < last)
    middle = b"".join((folder / each).read_bytes() for each in names)
    return (folder / first).read_bytes()[start:] + middle + (folder / last).read_bytes()[:end]


def _same(one: Path, other: Path) -> bool:
    return other.exists() and one.read_bytes() == other.read_bytes()


def lay_database(folder: Path) -> None:
    """Put a database beside the settings, as the migrations leave one: they run once a process, not a story."""
    if ON_POSTGRESQL:
        config = folder / "config.toml"
        settings = config.read_text(encoding="utf-8")
        assert _SQLITE_URL in settings
        config.write_text(settings.replace(_SQLITE_URL, f'url = "{databases().fresh()}"'), encoding="utf-8")
        return
    database = folder / "homeward.db"
    database.touch(0o600)
    shutil.copyfile(_migrated() / "empty.db", database)


@cache
def _migrated() -> Path:
    folder = _MADE_ONCE.name
    migrate(make_engine(f"sqlite:///{folder}/empty.db"))
    return Path(folder)


_MADE_ONCE = TemporaryDirectory()
atexit.register(_MADE_ONCE.cleanup)
