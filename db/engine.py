"""Engines. SQLite for one machine, PostgreSQL for more; the same code runs on both."""

import fcntl
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any
from urllib.parse import quote

from sqlalchemy import Connection, Engine, ExceptionContext, create_engine, event, make_url

_BUSY_MS = 5_000
_PRIVATE = 0o600
_TO_CONNECT = 5  # seconds


@dataclass(frozen=True)
class Patience:
    """How long a PostgreSQL may keep us waiting, in seconds; what takes longer has not happened.

    Attributes:
        statement: for an answer to one statement.
        lock: for a row that somebody else has locked.
        idle: for the next statement of a transaction, after which the server gives up on us: a process that was
            stopped in the middle of one must not hold up the others.
    """

    statement: float = 30.0
    lock: float = 5.0
    idle: float = 30.0


def make_engine(url: str, patience: Patience | None = None) -> Engine:
    """Make the engine for a database URL (`sqlite:///file.db`, `postgresql+psycopg://…`).

    Parameters never show in errors or logs: they may be personal.
    """
    if make_url(url).get_backend_name() == "postgresql":
        return _postgresql(url, patience or Patience())
    engine = create_engine(url, hide_parameters=True)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_immediate)
    return engine


def _postgresql(url: str, patience: Patience, **options: Any) -> Engine:
    engine = create_engine(
        url, hide_parameters=True, connect_args={"connect_timeout": _TO_CONNECT}, **options
    )
    limits = {
        "statement_timeout": patience.statement,
        "lock_timeout": patience.lock,
        "idle_in_transaction_session_timeout": patience.idle,
    }
    settings = {name: f"{round(seconds * 1000)}ms" for name, seconds in limits.items()}
    # Of the zone only what is shown depends: moments come back in it.
    settings |= {"TimeZone": "UTC", "application_name": "homeward"}
    # By these the server learns within half a minute that our machine is gone, and gives our locks back.
    settings |= {"tcp_keepalives_idle": "10", "tcp_keepalives_interval": "5", "tcp_keepalives_count": "3"}

    def prepare(connection: Any, _record: Any) -> None:
        with connection.cursor() as cursor:
            for name, value in settings.items():
                cursor.execute("SELECT set_config(%s, %s, false)", (name, value))
        connection.commit()

    event.listen(engine, "connect", prepare)
    event.listen(engine, "handle_error", _without_values)
    return engine


def _without_values(context: ExceptionContext) -> None:
    """Keep of PostgreSQL's words the sentence alone: its details quote the row."""
    said = getattr(getattr(context.original_exception, "diag", None), "message_primary", None)
    if said is not None:
        context.original_exception.args = (said,)
        if context.sqlalchemy_exception is not None:
            kind = type(context.original_exception)
            context.sqlalchemy_exception.args = (f"({kind.__module__}.{kind.__name__}) {said}",)


def make_reading_engine(url: str) -> Engine:
    """Make an engine that changes nothing and holds nobody up: each transaction sees the database as it was at its
    first look.
    """
    path = sqlite_path(url)
    if path is None:
        level = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        # Going through a long table takes as long as it takes, and holds nobody up.
        return _postgresql(url, Patience(statement=0), execution_options=level)
    engine = create_engine(
        f"sqlite:///file:{quote(str(path.resolve()))}?mode=ro&uri=true", hide_parameters=True
    )
    event.listen(engine, "connect", _prepare_reading_sqlite)
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN"))
    return engine


def _prepare_reading_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    connection.isolation_level = None
    connection.execute(f"PRAGMA busy_timeout={_BUSY_MS}")


def sqlite_path(url: str) -> Path | None:
    """Return the file of a SQLite URL; None for other databases and for one in memory."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite" or not parsed.database or parsed.database == ":memory:":
        return None
    return Path(parsed.database)


def _prepare_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    connection.isolation_level = None  # the driver would begin too late for BEGIN IMMEDIATE
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",  # a confirmed message survives a power cut; one commit for many turns pays for it
        f"busy_timeout={_BUSY_MS}",
        "foreign_keys=ON",
        "secure_delete=ON",  # erased keys leave no bytes behind
        "temp_store=MEMORY",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_immediate(connection: Connection) -> None:
    """Take the write lock before anything is read, so that what a turn has loaded cannot change under it."""
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def clear_traces(engine: Engine) -> bool:
    """Empty the write-ahead log, which still holds pages as they were before something was erased.

    In the pages themselves SQLite overwrites what is deleted (`secure_delete`). False where somebody else still
    reads; then it has to be tried again. PostgreSQL keeps its log for its own purposes: there nothing is done here
    (docs/decisions/0009-erasing.md).
    """
    if engine.dialect.name != "sqlite":
        return True
    connection = engine.raw_connection()
    try:
        busy, *_ = connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    finally:
        connection.close()
    return not busy


class InUse(Exception):
    """Another process works on this database."""


def hold_alone(database: Path) -> IO[str]:
    """Hold a SQLite database for this process alone; the returned file keeps the hold until it is closed or
    the process ends.

    A database that is not there yet is made, for its owner only.

    Raises:
        InUse: another process holds it. Several machines share a PostgreSQL instead.
    """
    for path in (database, lock := database.with_name(database.name + ".lock")):
        path.touch(_PRIVATE)  # a file that is there keeps its mode; -wal and -shm take the database's
    file = lock.open("w", encoding="ascii")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        file.close()
        raise InUse(str(database)) from error
    return file
