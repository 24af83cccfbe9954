"""How the storage fails for moments: locked, full, or started anew."""

import asyncio
import resource
import sqlite3
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from random import Random
from typing import Protocol

import psycopg
from sqlalchemy import make_url

from bench.postgresql import Server, connected
from bench.processes import Running

_LOCKED, _LOCKED_LONG = (0.05, 0.4), 5.6  # seconds; the bot itself waits 5 for a lock
_FULL = (0.1, 0.5)
_FULL_AT = 4096  # bytes that may still be written into each file
_ONE_IN = 25  # locks that last longer than the bot waits


class Storage(Protocol):
    """Something that can fail."""

    async def fail(self, dice: Random) -> str:
        """Let it fail in one of its ways, and come back; return which it was."""


class File:
    """SQLite: another program holds its lock, or the disk is full."""

    def __init__(self, path: Path, bot: Running) -> None:
        self._path, self._bot = path, bot

    async def fail(self, dice: Random) -> str:
        return await _one_of({"lock": self._lock, "fill": self._fill}, dice)

    async def _lock(self, dice: Random) -> None:
        holder = sqlite3.connect(self._path, isolation_level=None, timeout=10)
        try:
            holder.execute("BEGIN IMMEDIATE")
            await asyncio.sleep(_how_long(dice))
            holder.execute("ROLLBACK")
        finally:
            holder.close()

    async def _fill(self, dice: Random) -> None:
        """Let no file of the bot's grow."""
        process = self._bot.process_id
        free = resource.prlimit(process, resource.RLIMIT_FSIZE)
        resource.prlimit(process, resource.RLIMIT_FSIZE, (_FULL_AT, free[1]))
        await asyncio.sleep(dice.uniform(*_FULL))
        resource.prlimit(process, resource.RLIMIT_FSIZE, free)


class Service:
    """PostgreSQL: another program holds every table, every connection breaks, or the server dies and starts anew."""

    def __init__(self, url: str, server: Server | None, restarts: int) -> None:
        self._url, self._server, self._restarts = make_url(url), server, restarts

    async def fail(self, dice: Random) -> str:
        ways: dict[str, Way] = {"lock": self._lock, "cut off": self._cut_off}
        if self._server is not None and dice.randrange(self._restarts) == 0:
            ways = {"restart": self._restart}
        return await _one_of(ways, dice)

    async def _lock(self, dice: Random) -> None:
        """Hold every table; where it meets work of the bot's in a deadlock, either gives way."""
        with suppress(psycopg.errors.DeadlockDetected):
            await asyncio.to_thread(self._hold, _how_long(dice))

    def _hold(self, seconds: float) -> None:
        tables = "SELECT string_agg(quote_ident(tablename), ', ') FROM pg_tables WHERE schemaname = 'public'"
        with connected(self._url) as connection, connection.transaction():
            (names,) = connection.execute(tables).fetchall()[0]
            connection.execute(f"LOCK TABLE {names} IN ACCESS EXCLUSIVE MODE")
            connection.execute("SELECT pg_sleep(%s)", [seconds])

    async def _cut_off(self, _dice: Random) -> None:
        others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
        with connected(self._url) as connection:
            connection.execute(f"{others} AND datname = current_database()")

    async def _restart(self, _dice: Random) -> None:
        assert self._server is not None
        await asyncio.to_thread(self._server.restart)


Way = Callable[[Random], Awaitable[None]]


async def _one_of(ways: dict[str, Way], dice: Random) -> str:
    name = dice.choice(list(ways))
    await ways[name](dice)
    return name


def _how_long(dice: Random) -> float:
    """Return for how many seconds something is locked: now and then for longer than the bot waits."""
    return _LOCKED_LONG if dice.randrange(_ONE_IN) == 0 else dice.uniform(*_LOCKED)
