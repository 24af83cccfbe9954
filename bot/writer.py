"""The one writer: turns that wait are committed together.

A turn is a plain function over a connection. Those that wait at the same moment share a transaction; a commit
costs the same for one as for fifty, and it is what a person waits for. What nobody waits for, such as that a message
has arrived, is patient: it goes into the commit of a turn, or into one of its own a moment later. If one of them
fails, the transaction is undone and each runs again by itself: a turn has no effect outside the database, so running
it twice is harmless. So it does where another process came in between: both made the same account, or waited for each
other.
"""

import asyncio
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from queue import SimpleQueue
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError

from db.commits import has_happened, name_of
from db.gathered import gathering
from db.shared import Lock, is_shared, one_after_another

T = TypeVar("T")
Work = Callable[[Connection], T]
Foresee = Callable[[Connection, list[Any]], None]
MOST_TOGETHER = 100  # as many updates as one poll brings (Bot API, getUpdates)
_PATIENCE = 0.03  # seconds; less than any way to Telegram and back
_TRIES = 4
# What goes away when a turn is run again, since it then sees what the other process has written (PostgreSQL's
# codes): unique_violation, foreign_key_violation, serialization_failure, deadlock_detected.
_MET_ANOTHER = frozenset({"23505", "23503", "40001", "40P01"})


class StorageUnavailable(Exception):
    """The database could not take the work: locked, full, restarting. Nothing of it has happened."""


@dataclass(slots=True)
class _Waiting:
    work: Work[Any]
    done: asyncio.Future[Any]
    about: Any = None
    office: bool = False
    result: Any = None
    error: BaseException | None = None
    met_another: bool = False  # whether another process is the reason of the error


class Writer:
    """Runs work in one thread with one connection."""

    def __init__(self, engine: Engine, foresee: Foresee | None = None) -> None:
        self._engine, self._foresee = engine, foresee
        self._queue: SimpleQueue[_Waiting | None] = SimpleQueue()
        self._patient: deque[_Waiting] = deque()
        self._coming: list[_Waiting] = []
        self._thread = threading.Thread(target=self._run, name="writer", daemon=True)
        self._loop: asyncio.AbstractEventLoop | None = None

    def start(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._thread.start()

    async def stop(self) -> None:
        """Finish what waits, then end the thread."""
        self._hurry()
        self._hand_over()
        self._queue.put(None)
        if self._thread.is_alive():  # it was never started where Telegram refused the token
            await asyncio.to_thread(self._thread.join)

    async def run(
        self, work: Work[T], about: Any = None, *, office: bool = False, patient: bool = False
    ) -> T:
        """Run the work in a transaction and return its result once that is committed.

        Args:
            about: what the work will read first; for several that wait together it is read at once (`foresee`).
            office: whether no other process may do such work meanwhile (`Lock.OFFICE`).
            patient: whether it may wait some milliseconds for work that is urgent, and go into the same commit.

        Raises:
            StorageUnavailable: nothing was written; it may be tried again.
            Exception: whatever the work raised; nothing of it was written.
        """
        loop = asyncio.get_running_loop()
        waiting = _Waiting(work, loop.create_future(), about, office)
        if patient:
            if not self._patient:
                loop.call_later(_PATIENCE, self._hurry)
            self._patient.append(waiting)
        else:
            if not self._coming:
                loop.call_soon(self._hand_over)
            self._coming.append(waiting)
        result: T = await waiting.done
        return result

    def _hand_over(self) -> None:
        """Let the thread begin once the loop has been round: the updates of one poll come in one round, and the first
        would be committed alone.
        """
        coming, self._coming = self._coming, []
        for waiting in coming:
            self._queue.put(waiting)

    def _hurry(self) -> None:
        """What was patient is so no longer."""
        for waiting in self._taken_patient():
            self._queue.put(waiting)

    def _taken_patient(self) -> Iterator[_Waiting]:
        with suppress(IndexError):  # the loop and the thread both take from it
            while True:
                yield self._patient.popleft()

    def _run(self) -> None:
        last = False
        while not last and (first := self._queue.get()) is not None:
            batch = [*self._taken_patient(), first]
            most = len(batch) + MOST_TOGETHER - 1
            while len(batch) < most and not self._queue.empty():
                another = self._queue.get()
                if another is None:
                    last = True
                    break
                batch.append(another)
            self._commit(batch)

    def _commit(self, batch: list[_Waiting]) -> None:
        if not self._together(batch):
            for waiting in batch:
                if len(batch) > 1 or waiting.met_another:
                    self._alone(waiting)
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(_settle, batch)

    def _alone(self, waiting: _Waiting) -> None:
        for _ in range(_TRIES):
            if self._together([waiting]) or not waiting.met_another:
                return

    def _together(self, batch: list[_Waiting]) -> bool:
        """Run a batch in one transaction; False when each is to be tried by itself.

        Where not even a transaction could begin, or the connection was lost, nothing is gained by waiting for each
        one's in turn. Where it was lost over the commit, the server is asked whether that has happened.
        """
        begun, name = False, None
        try:
            with self._engine.begin() as connection:
                begun = True
                self._work_off(connection, batch)
                name = name_of(connection)
        except (OperationalError, InterfaceError) as error:
            if error.connection_invalidated and name is not None and has_happened(self._engine, name):
                _fail(batch, None)
                return True
            _fail(batch, StorageUnavailable(type(error.orig).__name__), met_another=_met_another(error))
            return not begun or error.connection_invalidated
        except Exception as error:  # noqa: BLE001 - it is handed to whoever waits for the result
            _fail(batch, error, met_another=_met_another(error))
        else:
            _fail(batch, None)
            return True
        return False

    def _work_off(self, connection: Connection, batch: list[_Waiting]) -> None:
        with gathering(connection):
            self._read_ahead(connection, batch)
            for waiting in batch:
                waiting.result = waiting.work(connection)

    def _read_ahead(self, connection: Connection, batch: list[_Waiting]) -> None:
        """Take the locks that are known before, in one order everywhere: dialogs, then the office."""
        abouts = [waiting.about for waiting in batch if waiting.about is not None]
        if self._foresee is not None and len(abouts) > (0 if is_shared(connection) and len(batch) > 1 else 1):
            self._foresee(connection, abouts)
        if any(waiting.office for waiting in batch):
            one_after_another(connection, Lock.OFFICE)


def _fail(batch: list[_Waiting], error: Exception | None, *, met_another: bool = False) -> None:
    for waiting in batch:
        waiting.error, waiting.met_another = error, met_another


def _met_another(error: Exception) -> bool:
    return isinstance(error, DBAPIError) and getattr(error.orig, "sqlstate", None) in _MET_ANOTHER


def _settle(batch: list[_Waiting]) -> None:
    for waiting in batch:
        if waiting.done.done():
            continue
        if waiting.error is not None:
            waiting.done.set_exception(waiting.error)
        else:
            waiting.done.set_result(waiting.result)
