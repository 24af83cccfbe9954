"""aiogram 3 with what people write to keep its states in SQLite: aiosqlite, a commit for each change.

aiogram confirms updates before they are handled, so what was under way at a kill is lost here as well.
"""

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import aiosqlite
from aiogram import Dispatcher
from aiogram.fsm.state import State
from aiogram.fsm.storage.base import BaseStorage, StateType, StorageKey

from bench.peers import aiogram_conversation

_TABLES = """
PRAGMA journal_mode=WAL;
CREATE TABLE IF NOT EXISTS fsm (key TEXT PRIMARY KEY, state TEXT, data TEXT NOT NULL DEFAULT '{}');
CREATE TABLE IF NOT EXISTS request (reference TEXT PRIMARY KEY, record TEXT NOT NULL);
"""
_SET_STATE = (
    "INSERT INTO fsm (key, state) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET state = excluded.state"
)
_SET_DATA = "INSERT INTO fsm (key, data) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET data = excluded.data"
_GET = "SELECT state, data FROM fsm WHERE key = ?"
_KEEP = "INSERT INTO request (reference, record) VALUES (?, ?)"


class SqliteStorage(BaseStorage):
    """States and data in one table of one file, through one connection."""

    def __init__(self, database: Path) -> None:
        self._database = database
        self._connection: aiosqlite.Connection | None = None

    async def open(self) -> None:
        self._connection = await aiosqlite.connect(self._database)
        await self._connection.executescript(_TABLES)

    async def set_state(self, key: StorageKey, state: StateType = None) -> None:
        await self._write(_SET_STATE, _name(key), state.state if isinstance(state, State) else state)

    async def get_state(self, key: StorageKey) -> str | None:
        return (await self._row(key))[0]

    async def set_data(self, key: StorageKey, data: Mapping[str, Any]) -> None:
        await self._write(_SET_DATA, _name(key), json.dumps(data))

    async def get_data(self, key: StorageKey) -> dict[str, Any]:
        data: dict[str, Any] = json.loads((await self._row(key))[1])
        return data

    async def keep(self, reference: str, record: dict[str, Any]) -> None:
        await self._write(_KEEP, reference, json.dumps(record))

    async def close(self) -> None:
        if self._connection is not None:
            await self._connection.close()

    async def _write(self, statement: str, *values: str | None) -> None:
        assert self._connection is not None
        await self._connection.execute(statement, values)
        await self._connection.commit()

    async def _row(self, key: StorageKey) -> tuple[str | None, str]:
        assert self._connection is not None
        async with self._connection.execute(_GET, (_name(key),)) as found:
            row = await found.fetchone()
        return (row[0], row[1]) if row is not None else (None, "{}")


def _name(key: StorageKey) -> str:
    return f"{key.bot_id}:{key.chat_id}:{key.user_id}"


def main(api_url: str, folder: Path) -> None:
    storage = SqliteStorage(folder / "fsm.db")
    dispatcher = Dispatcher(storage=storage)
    dispatcher.startup.register(storage.open)
    dispatcher.include_router(aiogram_conversation.family)
    dispatcher.run_polling(aiogram_conversation.make_bot(api_url), keep=storage.keep)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
