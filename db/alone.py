"""A database that nobody else works on meanwhile: for commands that must not run beside the bot."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

from sqlalchemy import Engine

from db.engine import hold_alone, make_engine, sqlite_path
from db.shared import Presence


@contextmanager
def alone(url: str, instance: str) -> Iterator[Engine]:
    """Open it, and hold it until the block ends. A SQLite file that is not there yet is made.

    Raises:
        InUse: somebody else works on it.
    """
    path = sqlite_path(url)
    engine = make_engine(url)
    hold: IO[str] | Presence | None = None
    try:
        hold = hold_alone(path) if path is not None else Presence(engine, instance, alone=True)
        yield engine
    finally:
        if hold is not None:
            hold.close()
        engine.dispose()
