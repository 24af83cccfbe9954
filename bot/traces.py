"""After something was erased: what the database's log and our own memory still hold of it goes too."""

import asyncio
import sqlite3
from contextlib import suppress

import structlog
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from casework.name_index import NameIndex
from db.engine import clear_traces
from db.sealed import KeyRing
from db.shared import say_erased

log = structlog.get_logger(__name__)

_TRIES = 3  # each waits for open transactions as long as any other work (db/engine.py)


class Traces:
    """Clears them, in a thread of its own: the writer's turns go on in between."""

    def __init__(self, engine: Engine, keys: KeyRing, names: NameIndex, instance: str) -> None:
        self._engine, self._keys, self._names, self._instance = engine, keys, names, instance

    async def clear(self) -> None:
        """Empty the write-ahead log; where somebody reads all the time, the next hourly look does it."""
        await self.forget()
        with suppress(DBAPIError):  # then they forget at their next hourly look
            await asyncio.to_thread(say_erased, self._engine, self._instance)
        for _ in range(_TRIES):
            # Nothing may fail for it: what was erased is erased, and only its old pages are left.
            with suppress(sqlite3.Error, DBAPIError):
                if await asyncio.to_thread(clear_traces, self._engine):
                    return
        log.warning("traces.not_cleared")

    async def forget(self) -> None:
        """Forget what is held ready in memory: something was erased, by us or by another process."""
        with suppress(DBAPIError):  # a search looks once more
            await asyncio.to_thread(self._forget_names)
        self._keys.forget()

    def _forget_names(self) -> None:
        if self._names.begun:
            with self._engine.begin() as connection:
                self._names.follow(connection, self._keys, wait=False)
