"""What several processes that share a PostgreSQL agree on; with SQLite there is one process, and nothing to agree on.

PostgreSQL's advisory locks say who is there: each process holds one for as long as its connection lives, and the
server takes it back when the process dies, however it dies. A connection may break while its process lives on, and goes
on sending: so nobody counts as gone before they had the time to come back.
"""

import hashlib
from collections.abc import Collection
from contextlib import suppress
from datetime import datetime, timedelta
from enum import IntEnum
from typing import Self

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

from db.engine import InUse

_OURS = 0x484F4D45  # the first half of our locks' names; other programs may use the same database
_ERASED = "homeward_erased"
SETTLED = 12  # seconds after the server's start: until then, who has not come back yet is not gone
GONE_AFTER = timedelta(
    seconds=6
)  # without a place; several times as long as between two looks (bot/schedule.py)


class Lock(IntEnum):
    """The second half."""

    MIGRATING = 1
    RUNNING = 2  # shared by all who run, held alone by who must be alone
    OFFICE = 3


def is_shared(connection: Connection | Engine) -> bool:
    """Whether other processes may work on this database at the same time."""
    return connection.dialect.name != "sqlite"


def one_after_another(connection: Connection, lock: Lock) -> None:
    """From here to the end of the transaction only this process does what needs this lock."""
    if is_shared(connection):
        connection.execute(text("SELECT pg_advisory_xact_lock(:ours, :lock)"), {"ours": _OURS, "lock": lock})


class Presence:
    """Says for as long as it is open that this process is there."""

    def __init__(self, engine: Engine, instance: str, *, alone: bool = False) -> None:
        """Take one's place.

        Args:
            alone: be the only one, or not at all.

        Raises:
            InUse: somebody else is there, or was to be alone.
        """
        self._engine = engine.execution_options(isolation_level="AUTOCOMMIT")
        self._instance, self._alone = instance, alone
        self._connection: Connection | None = None
        self.keep()

    def keep(self) -> bool:
        """Make sure of one's place; False where it had been lost (the server was restarted) and is taken anew.

        Raises:
            InUse: as above.
            DBAPIError: the database cannot be reached.
        """
        if self._connection is not None:
            with suppress(DBAPIError):
                self._connection.execute(text("SELECT 1"))  # what others have said comes with the answer
                return True
            self.close()
        connection = self._engine.connect()
        try:
            _enter(connection, self._instance, alone=self._alone)
        except BaseException:
            connection.close()
            raise
        self._connection = connection
        return False

    def has_heard_of_erasing(self) -> bool:
        """Whether another process has erased something since we asked last (`say_erased`)."""
        if self._connection is None:
            return False
        heard = self._connection.connection.driver_connection.notifies(timeout=0)  # type: ignore[union-attr]
        return bool(
            {each.payload for each in heard} - {self._instance}
        )  # to the last, or they were heard again

    def close(self) -> None:
        """Leave; the others know at once."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.invalidate()  # not given back to the pool: the lock lasts as long as the connection
            connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _enter(connection: Connection, instance: str, *, alone: bool) -> None:
    how = "pg_try_advisory_lock" if alone else "pg_try_advisory_lock_shared"
    names = {"ours": _OURS, "lock": Lock.RUNNING}
    if not connection.scalar(text(f"SELECT {how}(:ours, :lock)"), names):
        raise InUse
    connection.execute(text("SELECT pg_advisory_lock(:name)"), {"name": _name(instance)})
    connection.execute(text(f"LISTEN {_ERASED}"))


def say_erased(engine: Engine, instance: str) -> None:
    """Tell the other processes that something is erased: what they hold ready of it in memory goes too."""
    if is_shared(engine):
        with engine.begin() as connection:
            connection.execute(text("SELECT pg_notify(:channel, :by)"), {"channel": _ERASED, "by": instance})


class Missing:
    """Those of the other processes that this one misses, and since when.

    A process that was only cut off takes its place anew at its next look. One that has none for `GONE_AFTER` has ended,
    or cannot reach the database: then it begins no request either (bot/outbox.py, `doubt`).
    """

    def __init__(self) -> None:
        self._since: dict[str, datetime] = {}

    def gone(self, connection: Connection, instances: Collection[str], now: datetime) -> set[str]:
        """Return those of these that count as gone. Who was missed and is not among them any more is forgotten."""
        free = _without_a_place(connection, instances)
        self._since = {each: self._since.get(each, now) for each in free}
        return {each for each, since in self._since.items() if now - since >= GONE_AFTER}


def _without_a_place(connection: Connection, instances: Collection[str]) -> set[str]:
    """Return those that hold no lock; none, while the server itself has only just started."""
    asked = "SELECT now() - pg_postmaster_start_time() > make_interval(secs => :settled)"
    if not instances or not connection.scalar(text(asked), {"settled": SETTLED}):
        return set()
    trying = text("SELECT pg_try_advisory_xact_lock(:name)")
    return {each for each in instances if connection.scalar(trying, {"name": _name(each)})}


def _name(instance: str) -> int:
    """Return the name of a process's own lock, which it alone has."""
    return int.from_bytes(hashlib.sha256(instance.encode()).digest()[:8], signed=True)
