"""Conversations as the office has them: what was written with a family about one request, read and answered.

Several relatives may open a request. Staff read what each of them wrote in one thread; each of them reads their own
words and the office's, nobody else's. Who writes before there is any request, or has several and does not say which,
is a conversation of its own: with a writer.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, func, or_, select, update

from casework import messages
from casework.access import How
from casework.caseload import ASSIGNED, TAKEN
from casework.files import State
from casework.messages import IN, OUT, Written
from db.models import Access, Account, Event, Message, Outbox, Request
from db.sealed import KeyRing


@dataclass(frozen=True)
class Thread:
    """A conversation: about a request, or else with a writer."""

    request_id: int | None
    account_id: int | None = None


@dataclass(frozen=True)
class Chat:
    """An account that can be written to.

    Attributes:
        how: how it came to open the request; none of a writer.
    """

    account_id: int
    language: str | None
    how: How | None
    unreachable: bool


class Delivery(StrEnum):
    """How far a message of the office has come."""

    WAITING = "waiting"
    SENT = "sent"
    POSSIBLY = "possibly"  # the network failed, and nobody knows
    UNREACHABLE = "unreachable"
    FAILED = "failed"
    READ = "read"


_STATES = {
    "todo": Delivery.WAITING,
    "sending": Delivery.WAITING,
    "sent": Delivery.SENT,
    "uncertain": Delivery.POSSIBLY,
    "blocked": Delivery.UNREACHABLE,
    "dead": Delivery.FAILED,
}

_CLEARED_AFTER = timedelta(days=1)  # at the earliest


@dataclass(frozen=True)
class Line:
    """One message as staff see it.

    Attributes:
        by: who of the office wrote it.
        delivery: of the office's.
    """

    message: Written
    account_id: int
    by: int | None
    delivery: Delivery | None


def chats(connection: Connection, thread: Thread) -> list[Chat]:
    """Return who can be written to: every account that can open the request, the earliest first, or the writer."""
    columns = (Account.id, Account.language, Account.unreachable_since)
    if thread.request_id is None:
        there = (Account.id == thread.account_id, Account.erased_at.is_(None))
        return [_chat(row, None) for row in connection.execute(select(*columns).where(*there))]
    found = (
        select(*columns, Access.how)
        .join(Access, Access.account_id == Account.id)
        .where(Access.request_id == thread.request_id, Account.erased_at.is_(None))
        .order_by(Access.since, Access.account_id)
    )
    return [_chat(row, How(row.how)) for row in connection.execute(found)]


def _chat(row: Any, how: How | None) -> Chat:
    return Chat(row.id, row.language, how, row.unreachable_since is not None)


def sole_request_of(account: Any) -> Any:
    """Return the one request that the account can open, as SQL; NULL where it is none or several."""
    return (
        select(func.min(Access.request_id))
        .where(Access.account_id == account)
        .having(func.count() == 1)
        .scalar_subquery()
    )


def belongs(thread: Thread) -> ColumnElement[bool]:
    """Say which messages a conversation has. What an account wrote before its only request belongs to that."""
    if thread.request_id is not None:
        holders = select(Access.account_id).where(Access.request_id == thread.request_id)
        before = and_(
            Message.request_id.is_(None),
            Message.account_id.in_(holders),
            sole_request_of(Message.account_id) == thread.request_id,
        )
        return or_(Message.request_id == thread.request_id, before)
    return and_(
        Message.account_id == thread.account_id,
        Message.request_id.is_(None),
        sole_request_of(Message.account_id).is_(None),
    )


def page(
    connection: Connection, keys: KeyRing, thread: Thread, now: datetime, most: int, newer: int = 0
) -> list[Line]:
    """Return messages of a conversation, the oldest first.

    Args:
        most: so many at most.
        newer: pass over so many of the newest ones.
    """
    rows = connection.execute(
        _lines().where(belongs(thread)).order_by(*_NEWEST_FIRST).offset(newer).limit(most)
    ).all()
    return _opened(connection, keys, rows[::-1], now)


def one(connection: Connection, keys: KeyRing, thread: Thread, message_id: int, now: datetime) -> Line | None:
    """Return one message; None where the conversation has none such (any more)."""
    rows = connection.execute(_lines().where(belongs(thread), Message.id == message_id)).all()
    return next(iter(_opened(connection, keys, rows, now)), None)


_NEWEST_FIRST = (Message.at.desc(), Message.id.desc())


def _lines() -> Any:
    return (
        select(
            *messages.COLUMNS,
            Message.by_id,
            Message.outbox_id,
            Outbox.state.label("outbox_state"),
            Account.unreachable_since,
        )
        .join(Account, Account.id == Message.account_id)
        .outerjoin(Outbox, Outbox.id == Message.outbox_id)
    )


def _opened(connection: Connection, keys: KeyRing, rows: Any, now: datetime) -> list[Line]:
    written = messages.opened(connection, keys, rows)
    return [
        Line(
            message, row.account_id, row.by_id, _delivery(row, message, now) if message.from_office else None
        )
        for row, message in zip(rows, written, strict=True)
    ]


def _delivery(row: Any, message: Written, now: datetime) -> Delivery:
    """Say how far it came. What is carried by no row yet waits for its files; where none is kept, it never leaves."""
    if message.read:
        return Delivery.READ
    if row.outbox_id is not None:
        # Its row is written at the end of the turn that sent it, and cleared away long after it has arrived.
        return _STATES[row.outbox_state or ("sending" if now - message.at < _CLEARED_AFTER else "sent")]
    states = {part.state for part in message.files}
    if State.WAITING in states:
        return Delivery.WAITING
    return Delivery.FAILED if states == {State.REFUSED} else Delivery.UNREACHABLE


def newest(connection: Connection, thread: Thread) -> int:
    """Return the newest message, by which one can tell whether anything has come since; 0 where there is none."""
    found = select(Message.id).where(belongs(thread)).order_by(*_NEWEST_FIRST).limit(1)
    return connection.scalar(found) or 0


def answered_by(connection: Connection, thread: Thread, since: int) -> int | None:
    """Return who of the office has written after this message; None where nobody has."""
    at = select(Message.at).where(Message.id == since).scalar_subquery()
    found: int | None = connection.scalar(
        select(Message.by_id)
        .where(belongs(thread), Message.direction == OUT, Message.at >= at, Message.id > since)
        .order_by(*_NEWEST_FIRST)
        .limit(1)
    )
    return found


def there_is(connection: Connection, thread: Thread) -> bool:
    return newest(connection, thread) != 0


def who_wait(connection: Connection, thread: Thread) -> set[int]:
    """Return the accounts that wait for an answer in a conversation."""
    return set(connection.scalars(select(Message.account_id).where(belongs(thread), WAITS).distinct()))


def asks(connection: Connection, request_id: int) -> bool:
    """Whether the office waits for an answer of the family to something it wrote."""
    open_ones = select(Message.id).where(
        Message.request_id == request_id, Message.direction == OUT, Message.waits_since.is_not(None)
    )
    return connection.scalar(open_ones.limit(1)) is not None


def settle(connection: Connection, thread: Thread, accounts: Iterable[int] | None = None) -> None:
    """What a family wrote waits for no answer any more: it has one, or needs none.

    Args:
        accounts: only of these; None of everybody.
    """
    those = [belongs(thread), WAITS]
    if accounts is not None:
        those.append(Message.account_id.in_(list(accounts)))
    found = list(connection.scalars(select(Message.id).where(*those)))
    connection.execute(update(Message).where(Message.id.in_(found)).values(waits_since=None))
    if thread.request_id is not None:
        messages.reckon(connection, thread.request_id)


def unread(connection: Connection, requests: Collection[int]) -> dict[int, int]:
    """Count what nobody of the team has opened yet, by request; those without are left out."""
    rows = connection.execute(
        select(Message.request_id, func.count().label("n"))
        .where(Message.request_id.in_(requests), Message.direction == IN, Message.read_at.is_(None))
        .group_by(Message.request_id)
    ).all()
    return {row.request_id: row.n for row in rows}


def holder_to_tell(connection: Connection, request_id: int) -> int | None:
    """Return who works on a request and is to be told that the family writes: the first time since they looked.

    Ask before the new message is kept.
    """
    got = select(func.max(Event.at)).where(Event.request_id == request_id, Event.kind.in_((TAKEN, ASSIGNED)))
    told = select(Message.id).where(
        Message.request_id == request_id,
        Message.direction == IN,
        Message.read_at.is_(None),
        Message.at >= got.scalar_subquery(),
    )
    if connection.scalar(told.limit(1)) is not None:
        return None
    holder: int | None = connection.scalar(select(Request.holder_id).where(Request.id == request_id))
    return holder


WAITS = and_(Message.direction == IN, Message.waits_since.is_not(None))
