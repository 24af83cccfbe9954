"""What families write to the office and what the office answers: one thread an account, of words and files."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, insert, select

from db.ids import new_id
from db.models import Access, Account, File, Message
from db.sealed import DataKey, KeyRing, Place

_IN, _OUT = "in", "out"


@dataclass(frozen=True)
class Said:
    """What somebody sends as one message.

    Attributes:
        text: the words, or those under a file.
        request_id: the request it is about, where that is known; it has to be filed.
        submission_id: the files it carries.
        forwarded: the words are somebody else's, passed on.
    """

    text: str = ""
    request_id: int | None = None
    submission_id: int | None = None
    forwarded: bool = False


@dataclass(frozen=True)
class Part:
    """A file of a message: what kind it is and what has become of it (casework/files.py)."""

    kind: str
    state: str


@dataclass(frozen=True)
class Written:
    """One message of a thread, opened."""

    message_id: int
    from_office: bool
    at: datetime
    text: str
    forwarded: bool
    request_id: int | None
    submission_id: int | None
    files: tuple[Part, ...]


def receive(connection: Connection, key: DataKey, account_id: int, said: Said, now: datetime) -> int:
    """Keep a family's message for staff, sealed with the account's key. Return its id."""
    message_id = new_id()
    body = {"text": said.text, "forwarded": True} if said.forwarded else {"text": said.text}
    row = {
        "id": message_id,
        "account_id": account_id,
        "request_id": said.request_id,
        "submission_id": said.submission_id,
        "direction": _IN,
        "body": key.seal(body, Place("message", "body", message_id)),
        "at": now,
    }
    connection.execute(insert(Message), row)
    return message_id


def sole_request(connection: Connection, account_id: int) -> int | None:
    """Return the request an account's words are about where it can open exactly one."""
    found = connection.scalars(
        select(Access.request_id).where(Access.account_id == account_id).limit(2)
    ).all()
    return found[0] if len(found) == 1 else None


def count(connection: Connection, account_id: int, request_id: int | None = None) -> int:
    """Count the messages of a thread, in both directions."""
    those = select(func.count()).select_from(Message).where(*_thread_of(account_id, request_id))
    return connection.scalar(those) or 0


def thread(
    connection: Connection,
    keys: KeyRing,
    account_id: int,
    request_id: int | None = None,
    *,
    most: int | None = None,
    newer: int = 0,
) -> list[Written]:
    """Return what was written with one account, the oldest first.

    Args:
        request_id: only what is about this request.
        most: so many messages at most.
        newer: pass over so many of the newest ones.
    """
    rows = connection.execute(
        select(
            Message.id,
            Message.direction,
            Message.at,
            Message.body,
            Message.request_id,
            Message.submission_id,
        )
        .where(*_thread_of(account_id, request_id))
        .order_by(Message.at.desc(), Message.id.desc())
        .offset(newer)
        .limit(most)
    ).all()
    if not rows:
        return []
    key = _key_of(connection, keys, account_id)
    parts = _parts(connection, [row.submission_id for row in rows if row.submission_id is not None])
    return [_opened(key, row, parts) for row in reversed(rows)]


def _thread_of(account_id: int, request_id: int | None) -> list[ColumnElement[bool]]:
    of_request = [Message.request_id == request_id] if request_id is not None else []
    return [Message.account_id == account_id, *of_request]


def _key_of(connection: Connection, keys: KeyRing, account_id: int) -> DataKey:
    wrapped = connection.scalars(select(Account.data_key).where(Account.id == account_id)).one()
    return keys.data_key(wrapped, Place("account", "data_key", account_id))


def _parts(connection: Connection, submissions: list[int]) -> dict[int, list[Part]]:
    found: dict[int, list[Part]] = {}
    rows = connection.execute(
        select(File.submission_id, File.kind, File.state)
        .where(File.submission_id.in_(submissions))
        .order_by(File.id)
    ).all()
    for row in rows:
        found.setdefault(row.submission_id, []).append(Part(row.kind, row.state))
    return found


def _opened(key: DataKey, row: Any, parts: dict[int, list[Part]]) -> Written:
    body = key.open(row.body, Place("message", "body", row.id))
    return Written(
        row.id,
        row.direction == _OUT,
        row.at,
        body["text"],
        body.get("forwarded", False),
        row.request_id,
        row.submission_id,
        tuple(parts.get(row.submission_id, ())),
    )
