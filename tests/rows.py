"""Everything the database holds of people and cases, kept by a test and put back: what a press changed, and undone."""

from typing import Any

from sqlalchemy import Connection, delete, insert, select, text

from db.models import Audit, Base, Outbox, SeenUpdate, Setting
from tests.family import Family
from tests.machine import BOT_ID, Machine

# These only grow: what was said, heard and written down of it.
_GROWING = frozenset(each.__tablename__ for each in (Audit, Outbox, SeenUpdate, Setting))
Rows = dict[str, list[dict[str, Any]]]


def kept(machine: Machine) -> Rows:
    """Return every row by its table, but those of the tables that only grow."""
    with machine.homeward.engine.begin() as connection:
        return _read(connection)


def put_back(machine: Machine, rows: Rows) -> None:
    """Make the database hold these rows again."""
    with machine.homeward.engine.begin() as connection:
        changed = differing(_read(connection), rows)
        if not changed:
            return
        connection.execute(text("PRAGMA defer_foreign_keys = ON"))
        tables = [table for table in Base.metadata.sorted_tables if table.name in changed]
        for table in reversed(tables):
            connection.execute(delete(table))
        for table in tables:
            if rows[table.name]:
                connection.execute(insert(table), rows[table.name])


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


def _read(connection: Connection) -> Rows:
    return {
        table.name: [dict(row) for row in connection.execute(select(table)).mappings()]
        for table in Base.metadata.sorted_tables
        if table.name not in _GROWING
    }
