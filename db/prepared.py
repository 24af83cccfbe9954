"""Statements of the hot path, compiled once for each kind of database and then handed to the driver as they are.

SQLAlchemy's price for each execution is several times what SQLite takes to answer. It is worth paying everywhere
but in the one query that every update makes. Values go in and come out as the driver has them: a moment is text
on SQLite.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, CursorResult, Dialect, Executable
from sqlalchemy.sql.compiler import SQLCompiler


class Prepared:
    """A statement whose parameters are all given by name at each run; strings, bytes and integers only."""

    def __init__(self, statement: Executable) -> None:
        self._statement = statement
        self._compiled: dict[str, tuple[str, list[str] | None]] = {}

    def run(self, connection: Connection, parameters: Mapping[str, Any]) -> CursorResult[Any]:
        name = connection.dialect.name
        if name not in self._compiled:
            self._compiled[name] = self._compile(connection.dialect)
        sql, order = self._compiled[name]
        values = dict(parameters) if order is None else tuple(parameters[each] for each in order)
        return connection.exec_driver_sql(sql, values)

    def _compile(self, dialect: Dialect) -> tuple[str, list[str] | None]:
        compiled = self._statement.compile(dialect=dialect)  # type: ignore[attr-defined]
        if not isinstance(compiled, SQLCompiler):
            raise TypeError("only statements that are compiled to SQL can be prepared")
        return str(compiled), compiled.positiontup


def moment(stored: str | datetime | None) -> datetime | None:
    """Return a moment as a driver gave it, aware and in UTC."""
    if stored is None:
        return None
    read = datetime.fromisoformat(stored) if isinstance(stored, str) else stored
    return read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)
