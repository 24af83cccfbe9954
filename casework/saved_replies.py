"""Answers that staff give often, each in one language. The office's own words: they name nobody and are not sealed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, case, delete, func, insert, select, update

from db.ids import new_id
from db.models import SavedReply

LONGEST_NAME = 40
LONGEST = 3000  # UTF-16 units, as of what is sent (casework/letters.py)
MOST = 200  # of all languages together


@dataclass(frozen=True)
class Saved:
    """One answer."""

    id: int
    language: str
    called: str
    text: str


def page(connection: Connection, most: int, over: int = 0, first: Sequence[str] = ()) -> list[Saved]:
    """Return answers by language and name.

    Args:
        most: so many at most.
        over: pass over so many.
        first: these languages come first, in this order.
    """
    place = {code: number for number, code in enumerate(first)}
    order = [case(place, value=SavedReply.language, else_=len(first))] if first else []
    rows = connection.execute(
        select(*_COLUMNS)
        .order_by(*order, SavedReply.language, SavedReply.called, SavedReply.id)
        .offset(over)
        .limit(most)
    )
    return [_saved(row) for row in rows]


_COLUMNS = (SavedReply.id, SavedReply.language, SavedReply.called, SavedReply.body)


def _saved(row: Any) -> Saved:
    return Saved(row.id, row.language, row.called, row.body)


def one(connection: Connection, reply_id: int) -> Saved | None:
    row = connection.execute(select(*_COLUMNS).where(SavedReply.id == reply_id)).one_or_none()
    return _saved(row) if row is not None else None


def full(connection: Connection) -> bool:
    """Whether there are as many as may be."""
    return (connection.scalar(select(func.count()).select_from(SavedReply)) or 0) >= MOST


def add(connection: Connection, language: str, called: str, text: str, by: int, now: datetime) -> bool:
    """Save an answer; False where one of this language is called so already."""
    same = select(SavedReply.id).where(SavedReply.language == language, SavedReply.called == called)
    if connection.scalar(same.limit(1)) is not None:
        return False
    row = {"id": new_id(), "language": language, "called": called, "body": text}
    connection.execute(insert(SavedReply), {**row, "account_id": by, "at": now})
    return True


def change(connection: Connection, before: Saved, text: str, by: int, now: datetime) -> bool:
    """Change what it says; False where it is not as it was read any more."""
    as_it_was = (SavedReply.id == before.id, SavedReply.body == before.text)
    changed = connection.execute(
        update(SavedReply).where(*as_it_was).values(body=text, account_id=by, at=now)
    )
    return changed.rowcount > 0


def remove(connection: Connection, reply_id: int) -> bool:
    return connection.execute(delete(SavedReply).where(SavedReply.id == reply_id)).rowcount > 0
