"""What families write to the office and what the office answers: one thread an account, of words and files.

Each account's messages are sealed with its own key, also what the office writes to several relatives at once: nobody
ever reads what another wrote. How staff read and answer: casework/conversations.py.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, bindparam, func, insert, or_, select, update

from casework import asking
from db.ids import new_id
from db.models import Access, Account, File, Message, Request
from db.prepared import Prepared
from db.sealed import DataKey, KeyRing, Place

IN, OUT = "in", "out"
_UNREAD, _ASKED = Message.read_at.is_(None), Message.waits_since.is_not(None)
_FRESH = Prepared(  # every menu asks for it
    select(
        func.count().filter(_UNREAD).label("unread"),
        func.min(Message.id).filter(_ASKED).label("asked"),
        func.min(Message.id).filter(_UNREAD).label("oldest"),
    ).where(
        Message.account_id == bindparam("account_id"),
        Message.direction == bindparam("direction"),
        or_(_UNREAD, _ASKED),
    )
)


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
    """One message of a thread, opened.

    Attributes:
        waits: whether the other side still owes an answer to it.
        read: whether the other side has opened it.
    """

    message_id: int
    from_office: bool
    at: datetime
    text: str
    forwarded: bool
    request_id: int | None
    submission_id: int | None
    files: tuple[Part, ...]
    waits: bool
    read: bool


def receive(connection: Connection, key: DataKey, account_id: int, said: Said, now: datetime) -> int:
    """Keep a family's message for staff, sealed with the account's key. Return its id.

    It waits for an answer, and answers whatever the office asked this account about the same request.
    """
    message_id = new_id()
    body = {"text": said.text, "forwarded": True} if said.forwarded else {"text": said.text}
    row = {
        "id": message_id,
        "account_id": account_id,
        "request_id": said.request_id,
        "submission_id": said.submission_id,
        "direction": IN,
        "body": key.seal(body, Place("message", "body", message_id)),
        "at": now,
        "waits_since": now,
    }
    connection.execute(insert(Message), row)
    if said.request_id is not None:
        reckon(connection, said.request_id)
        _answer(connection, account_id, said.request_id)
    return message_id


def reckon(connection: Connection, request_id: int) -> None:
    """Write down since when the family waits for an answer about a request, for the queue."""
    waiting = select(func.min(Message.waits_since)).where(
        Message.request_id == request_id, Message.direction == IN
    )
    connection.execute(
        update(Request).where(Request.id == request_id).values(unanswered_since=waiting.scalar_subquery())
    )


def _answer(connection: Connection, account_id: int, request_id: int) -> None:
    """What the office asked this account is answered; where it asked several relatives, for all of them."""
    asked = connection.execute(
        select(Message.by_id, Message.at).where(
            Message.account_id == account_id, _asked(Message.request_id == request_id)
        )
    ).all()
    if not asked:
        return
    the_same = or_(*(and_(Message.by_id == row.by_id, Message.at == row.at) for row in asked))
    unask(connection, request_id, the_same)


def unask(connection: Connection, request_id: int, which: ColumnElement[bool] | None = None) -> None:
    """What the office asked about a request, or these questions of it, is not waited for any more."""
    those = [_asked(Message.request_id == request_id), *([which] if which is not None else [])]
    connection.execute(update(Message).where(*those).values(waits_since=None))
    asking.answered(connection, request_id)


def _asked(which: ColumnElement[bool]) -> ColumnElement[bool]:
    return and_(which, Message.direction == OUT, Message.waits_since.is_not(None))


def sole_request(connection: Connection, account_id: int) -> int | None:
    """Return the request an account's words are about where it can open exactly one."""
    found = connection.scalars(
        select(Access.request_id).where(Access.account_id == account_id).limit(2)
    ).all()
    return found[0] if len(found) == 1 else None


def asked_about(connection: Connection, account_id: int) -> int | None:
    """Return the request about which the office waits for this account's answer, where it is exactly one."""
    found = connection.scalars(
        select(Message.request_id)
        .where(Message.account_id == account_id, _asked(Message.request_id.is_not(None)))
        .distinct()
        .limit(2)
    ).all()
    return found[0] if len(found) == 1 else None


@dataclass(frozen=True)
class Fresh:
    """What an account has not read yet of what the office wrote.

    Attributes:
        asked: the oldest question that the office waits for an answer to.
        only: the one message that is new, where it is one.
    """

    unread: int
    asked: int | None
    only: int | None


def fresh(connection: Connection, account_id: int) -> Fresh:
    row = _FRESH.run(connection, {"account_id": account_id, "direction": OUT}).one()
    return Fresh(row.unread, row.asked, row.oldest if row.unread == 1 else None)


def mark_read(connection: Connection, shown: Iterable[int], now: datetime) -> None:
    """These were opened by the other side; the first time is kept."""
    connection.execute(
        update(Message).where(Message.id.in_(list(shown)), Message.read_at.is_(None)).values(read_at=now)
    )


def one(connection: Connection, keys: KeyRing, account_id: int, message_id: int) -> Written | None:
    """Return one message of this account's; None where there is none (any more)."""
    mine = and_(Message.account_id == account_id, Message.id == message_id)
    rows = connection.execute(select(*COLUMNS).where(mine)).all()
    return next(iter(opened(connection, keys, rows)), None)


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
        select(*COLUMNS)
        .where(*_thread_of(account_id, request_id))
        .order_by(Message.at.desc(), Message.id.desc())
        .offset(newer)
        .limit(most)
    ).all()
    return opened(connection, keys, rows[::-1])


COLUMNS = (
    *(Message.id, Message.account_id, Message.direction, Message.at, Message.body, Message.request_id),
    *(Message.submission_id, Message.read_at, Message.waits_since),
)


def opened(connection: Connection, keys: KeyRing, rows: Sequence[Any]) -> list[Written]:
    """Open messages, whoever's they are, as `COLUMNS` gave them."""
    if not rows:
        return []
    wrapped = connection.execute(
        select(Account.id, Account.data_key).where(Account.id.in_({row.account_id for row in rows}))
    ).all()
    opening = {row.id: keys.data_key(row.data_key, Place("account", "data_key", row.id)) for row in wrapped}
    parts = _parts(connection, [row.submission_id for row in rows if row.submission_id is not None])
    return [_opened(opening[row.account_id], row, parts) for row in rows]


def _thread_of(account_id: int, request_id: int | None) -> list[ColumnElement[bool]]:
    of_request = [Message.request_id == request_id] if request_id is not None else []
    return [Message.account_id == account_id, *of_request]


def key_of(connection: Connection, keys: KeyRing, account_id: int) -> DataKey:
    """Return the key that an account's messages are sealed with."""
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
        row.direction == OUT,
        row.at,
        body["text"],
        body.get("forwarded", False),
        row.request_id,
        row.submission_id,
        tuple(parts.get(row.submission_id, ())),
        row.waits_since is not None,
        row.read_at is not None,
    )
