"""`homeward move-database`: everything from one database into another, such as from SQLite into PostgreSQL.

Table by table, those first that others refer to, in portions that are each committed with a note of how far it came: a
move that was interrupted goes on where it stopped. It ends with counts and checksums of both sides; only then may the
bot start on the new one. Sealed values are moved as they are, so the key file stays the same.
"""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    Select,
    String,
    Table,
    delete,
    func,
    insert,
    inspect,
    select,
    true,
    tuple_,
    update,
)

from db.alone import alone
from db.engine import InUse, sqlite_path
from db.models import Base, Setting
from db.upgrade import (
    HALF_MOVED,
    current_revision,
    is_half_moved,
    migrating,
    revisions,
    upgrade,
)

_PORTION = 1_000  # rows
Progress = Callable[[str, int], None]


class CannotMove(Exception):
    """Nothing is wrong with what is there already; the text says what stands in the way, and the mend."""


def move(source: str, target: str, progress: Progress) -> dict[str, int]:
    """Copy everything; return how many rows each table has. May be called again after it was interrupted.

    Args:
        progress: is told a table's name and how many of its rows are there by now.

    Raises:
        CannotMove: a database is in use, the target holds something else, or the two differ in the end.
    """
    with ExitStack() as held:
        old, new = (
            held.enter_context(_alone(url, which)) for url, which in ((source, "from"), (target, "to"))
        )
        _same_version(old)
        mark = _mark_of(old)
        _prepare(new, mark)
        for table in _tables():
            _copy(old, new, table, progress)
        counted = _compare(old, new)
        with new.begin() as connection:
            connection.execute(delete(Setting).where(Setting.name == HALF_MOVED))
        return counted


@contextmanager
def _alone(url: str, which: str) -> Iterator[Engine]:
    """Open a database that nobody else works on meanwhile."""
    path = sqlite_path(url)
    if which == "from" and path is not None and not path.exists():
        raise CannotMove(f"--from: there is no database at {path}")
    try:
        with alone(url, "moving") as engine:
            yield engine
    except InUse:
        raise CannotMove(f"--{which}: another process works on this database. Stop it first") from None


def _same_version(old: Engine) -> None:
    with old.begin() as connection:
        if current_revision(connection) != revisions()[-1]:
            raise CannotMove(
                "--from: start this version of Homeward on it once, and stop it; then it can be moved"
            )
        if is_half_moved(connection):
            raise CannotMove("--from: a move into this database was not ended. Move what it came from")


def _mark_of(old: Engine) -> bytes:
    """Return what tells this source again: the keys it is sealed with and its first accounts."""
    with old.begin() as connection:
        keys = connection.scalar(select(Setting.value).where(Setting.name == "key_check")) or b""
        first = connection.scalar(select(func.min(Base.metadata.tables["account"].c.id)))
    return hashlib.sha256(keys + str(first).encode()).digest()


def _prepare(new: Engine, mark: bytes) -> None:
    """Make the tables where there are none.

    Raises:
        CannotMove: something else stands there.
    """
    with migrating(new) as connection:
        tables = set(inspect(connection).get_table_names())
        if not tables:
            upgrade(connection)
            connection.execute(insert(Setting), {"name": HALF_MOVED, "value": mark})
            return
        found = None
        if Setting.__tablename__ in tables and current_revision(connection) == revisions()[-1]:
            found = connection.scalar(select(Setting.value).where(Setting.name == HALF_MOVED))
        if found != mark:
            raise CannotMove("--to: this database is not empty, and no half of this move. Give an empty one")


def _tables() -> list[Table]:
    """Return the tables, each behind those it refers to; leases are of processes, and those have ended."""
    return [each for each in Base.metadata.sorted_tables if each.name != "lease"]


def _copy(old: Engine, new: Engine, table: Table, progress: Progress) -> None:
    """Copy the rows behind the last one that is there: each portion is committed whole."""
    if _is_whole(table):
        progress(table.name, _copy_whole(old, new, table))
        return
    keys = list(table.primary_key)
    with old.connect() as reading:
        while True:
            with new.begin() as writing:
                rows = reading.execute(_behind(table, keys, writing)).mappings().all()
                if not rows:
                    return
                writing.execute(insert(table), [dict(row) for row in rows])
                count = writing.scalar(select(func.count()).select_from(table)) or 0
            progress(table.name, count)


def _behind(table: Table, keys: list[Any], writing: Connection) -> Select[Any]:
    newest = select(*keys).order_by(*(key.desc() for key in keys)).limit(1)
    last = writing.execute(newest).one_or_none()
    wanted = select(table).order_by(*keys).limit(_PORTION)
    return wanted if last is None else wanted.where(tuple_(*keys) > tuple(last))


def _is_whole(table: Table) -> bool:
    """Whether it goes in one piece: its rows refer to each other, or two databases sort its names differently."""
    words = any(isinstance(key.type, String) for key in table.primary_key)
    return words or any(each.column.table is table for each in table.foreign_keys)


def _copy_whole(old: Engine, new: Engine, table: Table) -> int:
    """Copy a short table in one transaction; what rows say of each other comes when all are there."""
    own = [each.parent for each in table.foreign_keys if each.column.table is table]
    with old.connect() as reading, new.begin() as writing:
        rows = [dict(row) for row in reading.execute(select(table)).mappings()]
        empty = select(func.count()).select_from(table).where(_but_the_mark(table))
        if rows and not writing.scalar(empty):
            writing.execute(insert(table), [{**row, **{each.name: None for each in own}} for row in rows])
            for each in own:
                for row in (row for row in rows if row[each.name] is not None):
                    writing.execute(
                        update(table).where(table.c.id == row["id"]).values({each.name: row[each.name]})
                    )
    return len(rows)


def _but_the_mark(table: Table) -> ColumnElement[bool]:
    return table.c.name != HALF_MOVED if table.name == Setting.__tablename__ else true()


def _compare(old: Engine, new: Engine) -> dict[str, int]:
    """Count and sum up both sides.

    Raises:
        CannotMove: they differ.
    """
    counted = {}
    with old.connect() as one, new.connect() as other:
        for table in _tables():
            there, here = (_sum_of(side, table) for side in (one, other))
            if there != here:
                raise CannotMove(f"{table.name}: the two differ. Empty the new database and move again")
            counted[table.name] = there[0]
    return counted


def _sum_of(connection: Connection, table: Table) -> tuple[int, int]:
    """Return how many rows there are and the sum of their hashes, in which their order does not count."""
    rows = connection.execution_options(yield_per=_PORTION).execute(select(table).where(_but_the_mark(table)))
    count = total = 0
    for row in rows:
        count += 1
        plain = repr([_plain(value) for value in row]).encode()
        total += int.from_bytes(hashlib.sha256(plain).digest())
    return count, total % 2**256


def _plain(value: Any) -> Any:
    """Return a value as it is on both sides: the same moment may come in two zones."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return bytes(value) if isinstance(value, memoryview) else value
