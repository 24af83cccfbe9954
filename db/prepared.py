"""Statements of the hot path, compiled once for each kind of database and then handed to the driver as they are.

SQLAlchemy's price for each execution is several times what SQLite takes to answer. It is worth paying everywhere
but in the queries that every update makes, and in what is written for many at once.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import BindParameter, Connection, CursorResult, Dialect, Executable, Insert, Update
from sqlalchemy.sql.compiler import SQLCompiler


class Prepared:
    """A statement whose parameters are all given by name at each run; strings, bytes and integers only.

    What comes out is as the driver has it: a moment is text on SQLite.
    """

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
        compiled = _compiled(self._statement, dialect)
        return str(compiled), compiled.positiontup


def _compiled(statement: Executable, dialect: Dialect, **how: Any) -> SQLCompiler:
    compiled = statement.compile(dialect=dialect, **how)  # type: ignore[attr-defined]
    if not isinstance(compiled, SQLCompiler):
        raise TypeError("only statements that are compiled to SQL can be prepared")
    return compiled


class _Written:
    """A statement as the driver takes it, and how a row becomes its values."""

    def __init__(self, statement: Insert | Update, dialect: Dialect, columns: list[str]) -> None:
        compiled = _compiled(statement, dialect, column_keys=columns, for_executemany=True)
        if compiled.insert_prefetch or compiled.update_prefetch:
            raise TypeError("values that SQLAlchemy makes for each row cannot be prepared")
        self.sql = str(compiled)
        self._fixed = {name: value for name, value in compiled.params.items() if name not in columns}
        order = compiled.positiontup
        self._names = list(order or compiled.bind_names.values())
        self._by_name = order is None
        made = {name: _made(bind, dialect) for bind, name in compiled.bind_names.items()}
        self._made = [(at, make) for at, name in enumerate(self._names) if (make := made[name]) is not None]

    def values(self, row: Mapping[str, Any]) -> Any:
        source = {**self._fixed, **row} if self._fixed else row
        values = [source[name] for name in self._names]
        for at, make in self._made:
            values[at] = make(values[at])
        return dict(zip(self._names, values, strict=True)) if self._by_name else tuple(values)


def _made(bind: BindParameter[Any], dialect: Dialect) -> Callable[[Any], Any] | None:
    """Return what becomes of a value that the driver would not take as it is."""
    return bind.type.dialect_impl(dialect).bind_processor(dialect)


_WRITTEN: dict[tuple[Insert | Update, str, frozenset[str]], _Written] = {}


def write_rows(connection: Connection, statement: Insert | Update, rows: Sequence[Mapping[str, Any]]) -> None:
    """Run a statement that stays the same for the life of the process for many rows, all with the same columns."""
    key = statement, connection.dialect.name, frozenset(rows[0])
    written = _WRITTEN.get(key)
    if written is None:
        written = _WRITTEN[key] = _Written(statement, connection.dialect, list(rows[0]))
    connection.exec_driver_sql(written.sql, [written.values(row) for row in rows])


def moment(stored: str | datetime | None) -> datetime | None:
    """Return a moment as a driver gave it, aware and in UTC."""
    if stored is None:
        return None
    read = datetime.fromisoformat(stored) if isinstance(stored, str) else stored
    return read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)
