"""What staff write about a request for each other. No family ever sees it: docs/decisions/0018-talking.md."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select

from db.ids import new_id
from db.models import CaseNote
from db.sealed import DataKey, Place

LONGEST = 700  # UTF-16 units: a page of them fits into one message


@dataclass(frozen=True)
class Note:
    """One note."""

    by: int
    at: datetime
    text: str


def write(connection: Connection, key: DataKey, request_id: int, text: str, by: int, now: datetime) -> None:
    """Write a note down.

    Args:
        key: the request's.
    """
    note_id = new_id()
    body = key.seal(text, Place("case_note", "body", note_id))
    row = {"id": note_id, "request_id": request_id, "account_id": by, "body": body, "at": now}
    connection.execute(insert(CaseNote), row)


def page(connection: Connection, key: DataKey, request_id: int, most: int, over: int = 0) -> list[Note]:
    """Return notes, the newest first.

    Args:
        key: the request's.
        most: so many at most.
        over: pass over so many of the newest ones.
    """
    rows = connection.execute(
        select(CaseNote.id, CaseNote.account_id, CaseNote.at, CaseNote.body)
        .where(CaseNote.request_id == request_id)
        .order_by(CaseNote.at.desc(), CaseNote.id.desc())
        .offset(over)
        .limit(most)
    ).all()
    return [
        Note(row.account_id, row.at, key.open(row.body, Place("case_note", "body", row.id))) for row in rows
    ]
