"""Everything the database holds of people and cases, kept by a test and put back: what a press changed, and undone.

Read and written as the driver itself has it: a round through the office does so thousands of times.
"""

from collections.abc import Iterable
from typing import Any, NamedTuple

from sqlalchemy import Connection

from db.models import Audit, Base, Outbox, SeenUpdate, Setting
from tests.family import Family
from tests.machine import BOT_ID, Machine

# These only grow: what was said, heard and written down of it.
_GROWING = frozenset(each.__tablename__ for each in (Audit, Outbox, SeenUpdate, Setting))
_TABLES = Base.metadata.sorted_tables
_COLUMNS = {each.name: tuple(column.name for column in each.columns) for each in _TABLES}
_ORDER = {each.name: ", ".join(column.name for column in each.primary_key) for each in _TABLES}


class Table(NamedTuple):
    """The rows of one table."""

    columns: tuple[str, ...]
    rows: list[tuple[Any, ...]]

    def column(self, name: str) -> list[Any]:
        number = self.columns.index(name)
        return [row[number] for row in self.rows]


Rows = dict[str, Table]


def kept(machine: Machine, *, grown: bool = False) -> Rows:
    """Return every row by its table, but those of the tables that only grow, unless `grown` wants them too."""
    names = [name for name in _COLUMNS if grown or name not in _GROWING]
    with machine.homeward.engine.begin() as connection:
        return _read(connection, names)


def put_back(machine: Machine, rows: Rows) -> None:
    """Make the database hold these rows again."""
    with machine.homeward.engine.begin() as connection:
        changed = differing(_read(connection, rows), rows)
        if not changed:
            return
        sqlite = connection.dialect.name == "sqlite"
        # Either way, references are not looked at while it lasts: what only grows refers to what is put back.
        connection.exec_driver_sql(
            "PRAGMA defer_foreign_keys = ON" if sqlite else "SET LOCAL session_replication_role = replica"
        )
        tables = [name for name in _COLUMNS if name in changed]
        for name in reversed(tables):
            connection.exec_driver_sql(f"DELETE FROM {name}")  # noqa: S608 - our own tables
        for name in tables:
            if rows[name].rows:
                values = ", ".join(["?" if sqlite else "%s"] * len(_COLUMNS[name]))
                columns = ", ".join(_COLUMNS[name])
                insert = f"INSERT INTO {name} ({columns}) VALUES ({values})"  # noqa: S608
                connection.exec_driver_sql(insert, rows[name].rows)


class Standpoint:
    """Where somebody stands: what the database holds and what the chat shows, to go back to."""

    def __init__(self, machine: Machine, family: Family) -> None:
        self._machine, self._rows = machine, kept(machine)
        self._chat = machine.world.private[BOT_ID, family.id]
        self._messages = dict(self._chat.messages)

    def go_back(self) -> None:
        put_back(self._machine, self._rows)
        self._chat.messages = dict(self._messages)


def differing(before: Rows, after: Rows) -> set[str]:
    """Name the tables that are not the same."""
    return {name for name in after if before[name] != after[name]}


def _read(connection: Connection, names: Iterable[str]) -> Rows:
    return {name: _table(connection, name, _COLUMNS[name]) for name in names}


def _table(connection: Connection, name: str, columns: tuple[str, ...]) -> Table:
    cursor = connection.connection.cursor()
    cursor.execute(f"SELECT {', '.join(columns)} FROM {name} ORDER BY {_ORDER[name]}")  # noqa: S608 - our own tables
    return Table(columns, list(cursor.fetchall()))
