"""Migrations: rows in every table, step by step and from each revision to the newest, up and down, all or nothing."""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Column, Connection, Engine, MetaData, event, insert, inspect, select, text
from sqlalchemy.exc import DBAPIError

from db.engine import make_engine
from db.ids import new_id
from db.models import Base
from db.sealed import KeyRing
from db.upgrade import (
    MIGRATIONS,
    BrokenReferences,
    NewerDatabase,
    WrongKeys,
    alembic_config,
    bring_up_to_date,
    migrating,
    revisions,
)
from tests.databases import ON_POSTGRESQL, empty_database, only_sqlite

BASE = "base"
SCRIPTS = ScriptDirectory(str(MIGRATIONS))
REVISIONS = [BASE, *reversed([script.revision for script in SCRIPTS.walk_revisions()])]
KEYS = KeyRing({1: b"a" * 32}, 1, b"b" * 32)
OTHER_KEYS = KeyRing({1: b"a" * 32}, 1, b"c" * 32)
ROWS = 2
_STEPS = [*pairwise(REVISIONS), (BASE, REVISIONS[-1])]
# What rows of an old revision become on the long way to the newest, and back; any other way is a part of these. On
# PostgreSQL tables are changed in place, so what one step does does not depend on how far the others went.
_LONG = [] if ON_POSTGRESQL else [(each, REVISIONS[-1]) for each in REVISIONS[1:-2]]
WAYS = [*_STEPS, *_LONG, *((end, start) for start, end in [*_STEPS, *_LONG])]
Contents = dict[str, list[dict[str, Any]]]


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    made = make_engine(empty_database(tmp_path))
    yield made
    made.dispose()


def move(connection: Connection, revision: str) -> None:
    """Go up or down, whichever way it lies."""
    here = MigrationContext.configure(connection).get_current_revision() or BASE
    way = command.upgrade if REVISIONS.index(revision) >= REVISIONS.index(here) else command.downgrade
    way(alembic_config(connection), revision)


def tables(connection: Connection) -> MetaData:
    found = MetaData()
    found.reflect(connection)
    return found


def made_up(column: Column[Any], number: int) -> Any:
    """Make a value of the column's type; ids are the row's number, so that every reference leads somewhere."""
    if column.nullable and not column.primary_key and number == ROWS:
        return None
    kind = column.type.python_type
    if kind is bytes:
        return f"{column} {number}".encode()
    if kind is str:
        return f"{column.name} {number}"
    return datetime(2026, 1, number, tzinfo=UTC).replace(tzinfo=None) if kind is datetime else kind(number)


def fill(connection: Connection) -> None:
    for table in tables(connection).sorted_tables:
        if table.name == "alembic_version":
            continue
        for number in range(1, ROWS + 1):
            row = {column.name: made_up(column, number) for column in table.columns}
            connection.execute(insert(table), row)


def contents(connection: Connection) -> Contents:
    return {
        table.name: [dict(row) for row in connection.execute(select(table)).mappings()]
        for table in tables(connection).sorted_tables
    }


def common(some: Contents, of: Contents) -> Contents:
    """Reduce `some` to the tables and columns that `of` has too."""
    return {
        name: [{key: value for key, value in row.items() if key in of[name][0]} for row in rows]
        for name, rows in some.items()
        if name != "alembic_version" and of.get(name)
    }


def shape(connection: Connection) -> dict[str, Any]:
    """Describe every table as the database itself sees it."""
    seen = inspect(connection)
    return {
        name: (
            {column["name"]: {**column, "type": str(column["type"])} for column in seen.get_columns(name)},
            seen.get_pk_constraint(name),
            sorted(seen.get_foreign_keys(name), key=str),
            sorted(seen.get_unique_constraints(name), key=str),
            indexes(connection, name),
        )
        for name in seen.get_table_names()
    }


def indexes(connection: Connection, table: str) -> dict[str, str]:
    """Return the statements of the table's indexes, whose condition no inspector tells."""
    of_constraints = "SELECT conname FROM pg_constraint"
    asked = (
        f"SELECT indexname, indexdef FROM pg_indexes WHERE tablename = :table AND indexname NOT IN ({of_constraints})"  # noqa: S608 - ours
        if ON_POSTGRESQL
        else "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = :table AND sql <> ''"
    )
    found = connection.execute(text(asked), {"table": table})
    return {name: re.sub(r'["\s]+', " ", statement) for name, statement in found}


def differences(connection: Connection) -> Any:
    context = MigrationContext.configure(
        connection, opts={"compare_type": True, "compare_server_default": True}
    )
    return compare_metadata(context, Base.metadata)


def test_there_is_one_way_from_the_first_to_the_last() -> None:
    assert len(SCRIPTS.get_heads()) == 1
    assert len(SCRIPTS.get_bases()) == 1
    assert not any(script.is_branch_point or script.is_merge_point for script in SCRIPTS.walk_revisions())


@pytest.mark.parametrize(("start", "end"), WAYS)
def test_from_one_revision_to_another_with_rows_in_every_table(engine: Engine, start: str, end: str) -> None:
    with migrating(engine) as connection:
        move(connection, start)
        fill(connection)
        before = contents(connection)
    with migrating(engine) as connection:
        move(connection, end)
    with engine.begin() as connection:
        after = contents(connection)
        assert common(before, after) == common(after, before)
        if not ON_POSTGRESQL:
            assert connection.exec_driver_sql("PRAGMA foreign_key_check").all() == []
            assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
        assert MigrationContext.configure(connection).get_current_revision() == (None if end == BASE else end)


@pytest.mark.parametrize(("start", "end"), WAYS)
def test_the_tables_are_the_same_whichever_way_they_were_reached(
    engine: Engine, tmp_path: Path, start: str, end: str
) -> None:
    straight = make_engine(empty_database(tmp_path, "straight"))
    with migrating(engine) as connection, migrating(straight) as other:
        move(connection, start)
        move(connection, end)
        move(other, end)
        left = {name: table for name, table in shape(connection).items() if name != "alembic_version"}
        assert left == {name: table for name, table in shape(other).items() if name != "alembic_version"}
    straight.dispose()


def test_the_models_equal_the_migrations(engine: Engine) -> None:
    with engine.begin() as connection:
        move(connection, REVISIONS[-1])
        assert differences(connection) == []


def test_a_database_that_is_made_whole_equals_one_that_came_by_every_migration(
    engine: Engine, tmp_path: Path
) -> None:
    whole = make_engine(empty_database(tmp_path, "whole"))
    bring_up_to_date(whole, KEYS)
    with engine.begin() as connection, whole.begin() as other:
        move(connection, REVISIONS[-1])
        assert shape(connection) == shape(other)
        assert contents(connection)["alembic_version"] == contents(other)["alembic_version"]
        assert "WHERE" in indexes(other, "outbox")["ix_outbox_open"]
    whole.dispose()


def test_alembic_is_loaded_only_where_an_older_database_is_changed(tmp_path: Path) -> None:
    """It would stay in the memory of a bot that runs for months."""
    script = f"""
import sys
from db.engine import make_engine
from db.sealed import KeyRing
from db.upgrade import bring_up_to_date
engine, keys = make_engine({empty_database(tmp_path)!r}), KeyRing({{1: b"a" * 32}}, 1, b"b" * 32)
for _ in range(2):
    bring_up_to_date(engine, keys)
    assert "alembic" not in sys.modules
"""
    subprocess.run([sys.executable, "-c", script], check=True)  # noqa: S603 - our own words


@pytest.mark.parametrize(
    "change",
    [
        "DROP INDEX ix_person_request_id",
        "ALTER TABLE person ADD COLUMN nickname TEXT",
        "ALTER TABLE dialog DROP COLUMN token",
        "ALTER TABLE account RENAME COLUMN role TO rank",
        "CREATE TABLE another (id INTEGER PRIMARY KEY)",
    ],
)
def test_a_difference_would_be_seen(engine: Engine, change: str) -> None:
    with engine.begin() as connection:
        move(connection, REVISIONS[-1])
        connection.exec_driver_sql(change)
        assert differences(connection) != []


@only_sqlite
def test_a_different_server_default_would_be_seen(engine: Engine) -> None:
    with engine.begin() as connection:
        move(connection, REVISIONS[-1])
        made = connection.scalar(text("SELECT sql FROM sqlite_master WHERE name = 'account'"))
        assert "DEFAULT 'family'" in made
        connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
        connection.exec_driver_sql("DROP TABLE account")
        connection.exec_driver_sql(made.replace("DEFAULT 'family'", "DEFAULT 'admin'"))
        assert differences(connection) != []


def test_bringing_up_to_date_twice_changes_nothing(engine: Engine) -> None:
    bring_up_to_date(engine, KEYS)
    with engine.begin() as connection:
        fill(connection)
        before = contents(connection)
    bring_up_to_date(engine, KEYS)
    with engine.begin() as connection:
        assert contents(connection) == before


@only_sqlite
def test_a_start_that_changes_nothing_does_not_look_at_every_row(engine: Engine) -> None:
    looks = list[str]()
    event.listen(engine, "before_cursor_execute", lambda *given: looks.append(given[2]))
    for _ in range(2):
        looks.clear()
        bring_up_to_date(engine, KEYS)
    assert looks
    assert not any("foreign_key_check" in each for each in looks)


def test_a_first_start_that_fails_leaves_no_table_behind(engine: Engine) -> None:
    """Threat 21. `event` is the last table of the first revision: eleven were made when it fails."""
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE event (id INTEGER PRIMARY KEY)")
        before = shape(connection)
    with pytest.raises(DBAPIError, match=r"event.* already exists"):
        bring_up_to_date(engine, KEYS)
    with engine.begin() as connection:
        assert shape(connection) == before
        connection.exec_driver_sql("DROP TABLE event")
    bring_up_to_date(engine, KEYS)
    with engine.begin() as connection:
        assert differences(connection) == []


COPIED = """
    with op.batch_alter_table("account", recreate="always") as table:
        table.add_column(sa.Column("since", sa.BigInteger(), server_default="0", nullable=False))
"""
# PostgreSQL changes a table in place: there, no table that others refer to could be dropped.
MORE = COPIED.replace(', recreate="always"', "") if ON_POSTGRESQL else COPIED
FAILING = """
    op.execute("DELETE FROM message")
    op.execute("INSERT INTO nowhere VALUES (1)")
"""
BREAKING = """
    op.execute("DELETE FROM request")
"""


@pytest.fixture
def filled(engine: Engine) -> Engine:
    """A database at the newest revision with rows in every table."""
    bring_up_to_date(engine, KEYS)
    with engine.begin() as connection:
        fill(connection)
    return engine


def one_more(folder: Path, upgrade: str) -> Path:
    """Return a copy of the migrations with one more at the end."""
    copied = shutil.copytree(MIGRATIONS, folder / "migrations")
    head = f'import sqlalchemy as sa\nfrom alembic import op\n\nrevision = "more"\ndown_revision = "{REVISIONS[-1]}"\n'
    (copied / "versions" / "more.py").write_text(f"{head}\n\ndef upgrade():\n{upgrade}", encoding="utf-8")
    return copied


@only_sqlite
def test_a_table_that_others_refer_to_can_be_copied(filled: Engine, tmp_path: Path) -> None:
    with filled.begin() as connection:
        before = contents(connection)
    bring_up_to_date(filled, KEYS, one_more(tmp_path, COPIED))
    with filled.begin() as connection:
        after = contents(connection)
        assert common(after, before) == common(before, after)
        assert [row["since"] for row in after["account"]] == [0] * ROWS
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1


@pytest.mark.parametrize(
    ("upgrade", "problem"),
    [(FAILING, DBAPIError), (BREAKING, DBAPIError if ON_POSTGRESQL else BrokenReferences)],
    ids=["fails", "breaks"],
)
def test_a_migration_that_goes_wrong_in_the_middle_is_undone_with_its_rows(
    filled: Engine, tmp_path: Path, upgrade: str, problem: type[Exception]
) -> None:
    """Threat 21."""
    with filled.begin() as connection:
        before, shaped = contents(connection), shape(connection)
    with pytest.raises(problem):
        bring_up_to_date(filled, KEYS, one_more(tmp_path, MORE + upgrade))
    with filled.begin() as connection:
        assert (contents(connection), shape(connection)) == (before, shaped)
    bring_up_to_date(filled, KEYS)


def test_a_database_of_a_newer_homeward_is_refused_and_not_changed(filled: Engine, tmp_path: Path) -> None:
    bring_up_to_date(filled, KEYS, one_more(tmp_path, MORE))
    with filled.begin() as connection:
        before, shaped = contents(connection), shape(connection)
    with pytest.raises(NewerDatabase):
        bring_up_to_date(filled, KEYS)
    with filled.begin() as connection:
        assert (contents(connection), shape(connection)) == (before, shaped)


@pytest.mark.parametrize("revision", REVISIONS[1:])
def test_wrong_keys_are_refused_and_nothing_is_changed(engine: Engine, revision: str) -> None:
    """The migrations run first, and are undone with the rest."""
    with engine.begin() as connection:
        move(connection, revision)
        fill(connection)
        fingerprint = {"name": "key_check", "value": KEYS.lookup("key_check", "homeward")}
        connection.execute(insert(tables(connection).tables["setting"]), fingerprint)
        before, shaped = contents(connection), shape(connection)
    with pytest.raises(WrongKeys):
        bring_up_to_date(engine, OTHER_KEYS)
    with engine.begin() as connection:
        assert (contents(connection), shape(connection)) == (before, shaped)
    bring_up_to_date(engine, KEYS)


def test_new_ids_come_after_those_of_the_outbox(engine: Engine) -> None:
    """The clock of this start may stand behind that of the last one."""
    bring_up_to_date(engine, KEYS)
    ahead = new_id() + (60_000 << 20)  # one minute
    with engine.begin() as connection:
        fill(connection)
        connection.execute(text("UPDATE outbox SET id = :ahead WHERE id = 1"), {"ahead": ahead})
    bring_up_to_date(engine, KEYS)
    assert new_id() > ahead


def test_what_families_wrote_before_waits_for_an_answer(engine: Engine) -> None:
    with migrating(engine) as connection:
        move(connection, "0013")
        fill(connection)
        connection.execute(text("UPDATE message SET direction = 'in' WHERE id = 1"))
        connection.execute(text("UPDATE request SET unanswered_since = NULL"))
        move(connection, "0010")
        waits = connection.execute(text("SELECT waits_since = at FROM message ORDER BY id")).scalars().all()
        since = connection.execute(text("SELECT unanswered_since FROM request ORDER BY id")).scalars().all()
    assert waits == [1, None]
    assert since[0] is not None
    assert since[1] is None


def test_the_revisions_are_read_as_alembic_reads_them() -> None:
    assert [BASE, *revisions()] == REVISIONS
