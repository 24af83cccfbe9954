"""Every name of every request, held ready in memory to be compared.

It follows the history: every change of a request writes an event, so the events since the last look tell which
requests to open anew. Nothing of it is ever written down.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice

from sqlalchemy import Connection

from casework.entries import open_entries
from casework.held_names import HeldNames
from casework.seen_events import SeenEvents
from db.gathered import flush
from db.sealed import KeyRing

_AT_ONCE = 10  # requests that are taken in before other threads may go on: some milliseconds


class NameIndex:
    """One for the process; any thread may use it."""

    def __init__(self) -> None:
        self.lock = threading.RLock()  # held for the length of a search, and of a change
        self._read = threading.Condition(self.lock)  # told when everything was read
        self._reading = False
        self._empty()

    def _empty(self) -> HeldNames:
        self._events = SeenEvents()
        self._ahead: set[int] = set()  # requests that changed while everything was being read
        self.held = HeldNames()
        return self.held

    @property
    def begun(self) -> bool:
        """Whether anything was read yet: nobody pays for a search that nobody makes."""
        return self._events.newest is not None

    @property
    def cases(self) -> list[int]:
        """Return which requests it holds."""
        with self.lock:
            return list(self.held)

    @contextmanager
    def following(self, connection: Connection, keys: KeyRing) -> Iterator[HeldNames]:
        """Follow, and let nobody change anything until the block ends."""
        while True:
            self.follow(connection, keys)
            with self.lock:
                if self.begun and not self._reading:  # nobody made it forget in between
                    yield self.held
                    return

    def follow(self, connection: Connection, keys: KeyRing, *, wait: bool = True) -> None:
        """Take in what has changed since the last time; the first time, everything. It changes nothing in the database.

        Args:
            wait: until everything is read, where another thread does that just now. Who does not wait makes it forget
                at least what has been erased.
        """
        flush(connection)
        with self.lock:
            while self._reading and wait:
                self._read.wait()
            if self.begun:
                self._catch_up(connection, keys)
                return
            if self._reading:
                return
            self._reading = True
        try:
            while not self._read_all(connection, keys):
                pass
        except BaseException:  # what was read in part is no index
            self.forget()
            raise
        finally:
            with self.lock:
                self._reading = False
                self._ahead.clear()
                self._read.notify_all()

    def forget(self) -> None:
        """Drop everything; the next search reads it anew."""
        with self.lock:
            self._empty()

    def _read_all(self, connection: Connection, keys: KeyRing) -> bool:
        """Read everything, and let others have the lock again and again; False where one of them made it forget."""
        with self.lock:
            held = self._empty()
            self._events.begin(connection)
        opened = open_entries(connection, keys)
        while some := list(islice(opened, _AT_ONCE)):
            with self.lock:
                if self.held is not held:
                    return False
                for case in some:
                    if case.request_id not in self._ahead:
                        held.put(case)
            time.sleep(0)  # a thread that only calculates keeps the others waiting
        return True

    def _catch_up(self, connection: Connection, keys: KeyRing) -> None:
        try:
            changed = self._events.changed(connection)
            opened = {case.request_id: case for case in open_entries(connection, keys, changed)}
            for request_id in changed:
                if request_id in opened:
                    self.held.put(opened[request_id])
                else:
                    self.held.drop(request_id)
        except BaseException:
            self.forget()
            raise
        if self._reading:
            self._ahead |= changed
