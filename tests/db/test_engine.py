"""SQLite as Homeward wants it: durable, one writer at a time, one process at a time."""

import sqlite3
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import IntegrityError, OperationalError

from db.engine import InUse, clear_traces, hold_alone, make_engine, sqlite_path

HOLDER = """
import sys, pathlib
from db.engine import hold_alone
hold = hold_alone(pathlib.Path(sys.argv[1]))
print("held", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "homeward.db"


@pytest.fixture
def engine(database: Path) -> Iterator[Engine]:
    made = make_engine(f"sqlite:///{database}")
    yield made
    made.dispose()


def pragma(engine: Engine, name: str) -> Any:
    with engine.connect() as connection:
        return connection.exec_driver_sql(f"PRAGMA {name}").scalar()


def in_one_transaction(engine: Engine, *statements: str, **values: str) -> None:
    with engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement), values)


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("journal_mode", "wal"),
        ("synchronous", 2),  # FULL: a confirmed message survives a power cut
        ("foreign_keys", 1),
        ("secure_delete", 1),
        ("temp_store", 2),  # MEMORY
        ("busy_timeout", 5_000),
    ],
)
def test_every_connection_is_prepared(engine: Engine, name: str, wanted: Any) -> None:
    assert pragma(engine, name) == wanted


def test_a_transaction_takes_the_write_lock_before_it_reads(engine: Engine, database: Path) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE t (x)")
    with engine.begin() as connection:
        connection.exec_driver_sql("SELECT * FROM t")
        impatient = sqlite3.connect(database, timeout=0, isolation_level=None)
        with pytest.raises(sqlite3.OperationalError, match="database is locked"):
            impatient.execute("BEGIN IMMEDIATE")
        assert impatient.execute("SELECT count(*) FROM t").fetchone() == (0,)
        impatient.close()


def test_two_writers_wait_for_each_other_and_lose_nothing(engine: Engine) -> None:
    """Read, then write what was read plus one: without the lock at the beginning counts would be lost."""
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE t (x INTEGER)")
        connection.exec_driver_sql("INSERT INTO t VALUES (0)")
    begin = threading.Barrier(2)

    def count_up() -> None:
        begin.wait()
        for _ in range(50):
            with engine.begin() as connection:
                seen = connection.scalar(text("SELECT x FROM t"))
                connection.execute(text("UPDATE t SET x = :x"), {"x": seen + 1})

    with ThreadPoolExecutor(2) as threads:
        for job in [threads.submit(count_up) for _ in range(2)]:
            job.result()
    with engine.begin() as connection:
        assert connection.scalar(text("SELECT x FROM t")) == 100


def test_tables_are_part_of_the_transaction(engine: Engine) -> None:
    with pytest.raises(OperationalError):
        in_one_transaction(engine, "CREATE TABLE t (x)", "SELECT * FROM nowhere")
    with engine.begin() as connection:
        assert connection.exec_driver_sql("SELECT name FROM sqlite_master").all() == []


def test_errors_do_not_show_the_values(engine: Engine) -> None:
    """Threat 1."""
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE t (x UNIQUE)")
    with pytest.raises(IntegrityError) as refused:
        in_one_transaction(engine, *["INSERT INTO t VALUES (:x)"] * 2, x="Хадижат")
    assert "Хадижат" not in str(refused.value)


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("sqlite:////var/lib/homeward.db", Path("/var/lib/homeward.db")),
        ("sqlite:///homeward.db", Path("homeward.db")),
        ("sqlite://", None),
        ("sqlite:///:memory:", None),
        ("postgresql+psycopg://homeward@localhost/homeward", None),
    ],
)
def test_the_file_of_a_url(url: str, path: Path | None) -> None:
    assert sqlite_path(url) == path


def test_a_database_is_held_by_one_at_a_time(database: Path) -> None:
    with hold_alone(database), pytest.raises(InUse, match=str(database)):
        hold_alone(database)
    hold_alone(database).close()


@pytest.mark.process
def test_a_killed_process_lets_go(database: Path) -> None:
    process = subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, "-c", HOLDER, str(database)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    with process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"held\n"
        with pytest.raises(InUse):
            hold_alone(database)
        process.kill()
    hold_alone(database).close()


def test_the_files_are_for_their_owner_only(database: Path) -> None:
    """Threat 17: sealed or not, other users of the machine have no business with them."""
    with hold_alone(database):
        engine = make_engine(f"sqlite:///{database}")
        with engine.begin() as connection:
            connection.exec_driver_sql("CREATE TABLE t (x)")
        modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in database.parent.iterdir()}
        engine.dispose()
    assert set(modes) == {"homeward.db", "homeward.db-wal", "homeward.db-shm", "homeward.db.lock"}
    assert set(modes.values()) == {0o600}


def test_clearing_traces_empties_the_log_and_what_was_deleted_is_in_no_file(
    engine: Engine, database: Path
) -> None:
    in_one_transaction(engine, "CREATE TABLE t (word TEXT)", "INSERT INTO t VALUES (:word)", word="канарейка")
    in_one_transaction(engine, "DELETE FROM t")
    log = database.with_name(database.name + "-wal")
    assert "канарейка".encode() in log.read_bytes()
    assert clear_traces(engine)
    assert log.read_bytes() == b""
    assert "канарейка".encode() not in database.read_bytes()


def test_where_somebody_reads_the_log_is_cleared_later(engine: Engine, database: Path) -> None:
    in_one_transaction(engine, "CREATE TABLE t (word TEXT)", "INSERT INTO t VALUES ('a')")
    reader = sqlite3.connect(database)
    reader.execute("BEGIN")
    reader.execute("SELECT * FROM t").fetchall()
    in_one_transaction(engine, "DELETE FROM t")
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA busy_timeout=10")
    assert not clear_traces(engine)
    reader.close()
    assert clear_traces(engine)
