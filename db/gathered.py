"""Writes that wait for the end of their transaction: one statement a kind for a batch of turns, not one a turn.

Most of a turn's time in the database goes into starting statements, not into rows (docs/decisions/0001-one-writer.md).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any, Self, cast

from sqlalchemy import Connection, Insert, Table, Update

from db.models import Base
from db.prepared import write_rows

_KEY = "gathered"


class Gathered:
    """The waiting writes of one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._rows: dict[Insert | Update, list[dict[str, Any]]] = {}
        self._marks: set[object] = set()
        self.foreseen: object = None  # what was read ahead for the works of this transaction

    @classmethod
    def of(cls, connection: Connection) -> Self | None:
        """Return what this connection gathers; None where its writes are done at once."""
        gathered: Self | None = connection.info.get(_KEY)
        return gathered

    def add(self, statement: Insert | Update, rows: list[dict[str, Any]]) -> None:
        self._rows.setdefault(statement, []).extend(rows)

    def first_time(self, *marks: object) -> bool:
        """Whether none of these marks has been set before; otherwise write what waits, so that it is read next."""
        first = self._marks.isdisjoint(marks)
        if not first:
            self.flush()
        self._marks.update(marks)
        return first

    def flush(self) -> None:
        """Write what waits."""
        waiting, self._rows = self._rows, {}
        for statement in sorted(waiting, key=_place_of):
            write_rows(self._connection, statement, waiting[statement])


@cache
def _place_of(statement: Insert | Update) -> int:
    """Return where the statement's table stands when each comes after those it refers to."""
    return Base.metadata.sorted_tables.index(cast("Table", statement.table))


@contextmanager
def gathering(connection: Connection) -> Iterator[None]:
    """Let the writes on this connection wait until the block ends; if it fails, they are dropped with it."""
    info = connection.info  # a connection that was lost meanwhile gives it no more, and hides why it was lost
    gathered = info[_KEY] = Gathered(connection)
    try:
        yield
        gathered.flush()
    finally:
        info.pop(_KEY, None)


def flush(connection: Connection) -> None:
    """Write what waits on this connection, so that it can be read, changed and deleted."""
    gathered = Gathered.of(connection)
    if gathered is not None:
        gathered.flush()


def write(connection: Connection, statement: Insert | Update, rows: list[dict[str, Any]]) -> None:
    """Write rows with this statement: at the end of the transaction where it gathers, at once elsewhere."""
    gathered = Gathered.of(connection)
    if gathered is None:
        write_rows(connection, statement, rows)
    else:
        gathered.add(statement, rows)
