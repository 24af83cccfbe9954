"""What takes long to read is read beside the writer, so that no family waits behind the numbers of the office.

A turn that needs it says so (`Turn.beside`, or casework/reading.py) and is undone; it has had no effect. What it needs
is then read in a thread of its own, on a connection that sees the database as it was when the reading began, and the
turn runs again with what was found.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import InterfaceError, OperationalError

from bot.writer import StorageUnavailable, Work, Writer
from casework.reading import NotReadYet

T = TypeVar("T")
_AT_ONCE = 2  # long readings at a time: they take from the same processor


class Beside:
    """Reads in threads of its own and changes nothing."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._threads = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="beside")

    async def read(self, work: Callable[[Connection], T]) -> T:
        """Return what the work reads.

        Raises:
            StorageUnavailable: the database cannot be read.
        """
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._read, work)

    async def run(self, writer: Writer, work: Work[T], *, office: bool = False) -> T:
        """Run work in the writer; what it has to have read first is read here, and it runs again.

        Raises:
            StorageUnavailable: nothing was written.
        """
        while True:
            try:
                return await writer.run(work, office=office)
            except NotReadYet as wanted:
                await self.read(wanted.read)

    def _read(self, work: Callable[[Connection], T]) -> T:
        try:
            with self._engine.begin() as connection:
                return work(connection)
        except (OperationalError, InterfaceError) as error:
            raise StorageUnavailable(type(error.orig).__name__) from None

    def stop(self) -> None:
        """Wait for what is being read, and close."""
        self._threads.shutdown()
        self._engine.dispose()
