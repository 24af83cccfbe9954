"""The office's inbox: the conversations in which a family waits for an answer."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select

from casework.conversations import WAITS, Thread, sole_request_of
from casework.queue import MOST_COUNTED
from db.models import Account, Message, Request
from db.sealed import KeyRing, Place

_ABOUT = func.coalesce(Message.request_id, sole_request_of(Message.account_id))


@dataclass(frozen=True)
class Waiting:
    """A conversation in which a family waits for an answer.

    Attributes:
        reference: of the request; empty of a writer.
        count: how many messages wait.
    """

    thread: Thread
    since: datetime
    count: int
    reference: str
    language: str | None
    holder_id: int | None


def _waiting() -> Any:
    """Gather the messages that wait into conversations: one row each."""
    single = (
        select(
            _ABOUT.label("request_id"),
            Message.account_id,
            Message.waits_since,
        )
        .where(WAITS)
        .subquery()
    )
    writer = func.coalesce(single.c.request_id, single.c.account_id)
    return (
        select(
            single.c.request_id,
            func.min(single.c.account_id).label("account_id"),
            func.min(single.c.waits_since).label("since"),
            func.count().label("n"),
        )
        .group_by(single.c.request_id, writer)
        .subquery()
    )


def count(connection: Connection) -> int:
    """Count the conversations in which a family waits for an answer, up to one more than `MOST_COUNTED`."""
    each = select(_ABOUT, func.coalesce(_ABOUT, Message.account_id)).where(WAITS).distinct()
    few = each.limit(MOST_COUNTED + 1).subquery()
    return connection.scalar(select(func.count()).select_from(few)) or 0


def page(connection: Connection, keys: KeyRing, most: int, over: int = 0) -> list[Waiting]:
    """Return the conversations in which a family waits for an answer, who waits longest first.

    Args:
        over: pass over so many.
    """
    found = _waiting()
    rows = connection.execute(
        select(
            found,
            Request.data_key,
            Request.details,
            Request.holder_id,
            Request.language.label("of_request"),
            Account.language,
        )
        .join(Account, Account.id == found.c.account_id)
        .outerjoin(Request, Request.id == found.c.request_id)
        .order_by(found.c.since, found.c.account_id)
        .offset(over)
        .limit(most)
    ).all()
    return [_line(keys, row) for row in rows]


def _line(keys: KeyRing, row: Any) -> Waiting:
    if row.request_id is None:
        return Waiting(Thread(None, row.account_id), row.since, row.n, "", row.language, None)
    key = keys.data_key(row.data_key, Place("request", "data_key", row.request_id))
    reference = key.open(row.details, Place("request", "details", row.request_id))["reference"]
    return Waiting(Thread(row.request_id), row.since, row.n, reference, row.of_request, row.holder_id)
