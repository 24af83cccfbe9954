"""When a case expires (privacy rule 10): so long after anything happened to it last, by how it stands.

Nothing has to postpone it: what happened last is looked up in the rows themselves, in events, messages, what was sent
and notes. `Request.expires_at` says no more than when the look-up is due next, so that a regular look finds it by
an index. Who is warned and what is erased: casework/retention.py.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, func, insert, select, update

from casework.stages import QUIET, Stage
from casework.transitions import AFTER, OVER
from db.models import Access, CaseNote, Event, Message, Person, Request, Setting, Submission

WARNED_BEFORE = timedelta(hours=72)  # at least so long before anything is erased (privacy rule 10)
# Not what staff tell of in person: /my_data gives a day, and a shorter time would tell it before them.
_AT_THE_END = (OVER | frozenset(AFTER)) - QUIET
_PERIODS = "retention_periods"


@dataclass(frozen=True)
class Periods:
    """How long what is kept without anything new; from the config's [retention].

    Attributes:
        open: a request that is worked on.
        ended: one whose persons are all home, or for whom work has ended.
        withdrawn: one that the family withdrew.
        nobody: somebody without a request: what they wrote, answers not sent, how to reach them.
        warned: how long before it is erased staff are warned.
    """

    open: timedelta = timedelta(days=1095)
    ended: timedelta = timedelta(days=730)
    withdrawn: timedelta = timedelta(days=180)
    nobody: timedelta = timedelta(days=365)
    warned: timedelta = timedelta(days=21)


@dataclass(frozen=True)
class Expiry:
    """When a request expires.

    Attributes:
        last: when anything happened to it last.
        at: when its time is over, if nothing new comes.
        warned_at: when staff were warned of this day; none where they were not yet.
        erased_from: the earliest moment at which it is erased: however late the warning came, it is one.
    """

    request_id: int
    last: datetime
    at: datetime
    warned_at: datetime | None
    erased_from: datetime
    holder_id: int | None
    kept: bool


def of(connection: Connection, requests: Collection[int], periods: Periods) -> list[Expiry]:
    """Reckon when these requests expire: a handful of statements however many they are. Those erased are left out."""
    rows = connection.execute(
        select(
            Request.id,
            Request.created_at,
            Request.withdrawn_at,
            Request.warned_at,
            Request.holder_id,
            Request.kept_by_id,
        )
        .where(Request.id.in_(requests), Request.erased_at.is_(None))
        .order_by(Request.expires_at, Request.id)
    ).all()
    stages = _stages(connection, requests)
    newest = _newest(connection, requests)
    found = []
    for row in rows:
        last = max(newest.get(row.id, row.created_at), row.created_at)
        period = period_of(stages.get(row.id, []), periods, withdrawn=row.withdrawn_at is not None)
        found.append(_reckoned(row, last, last + period, periods))
    return found


def _reckoned(row: Any, last: datetime, at: datetime, periods: Periods) -> Expiry:
    """Put together what was found of a request. A warning that something new has come after was of another day."""
    warned_at = row.warned_at if row.warned_at is not None and row.warned_at > last else None
    erased_from = max(at, warned_at + max(periods.warned, WARNED_BEFORE)) if warned_at is not None else at
    return Expiry(row.id, last, at, warned_at, erased_from, row.holder_id, row.kept_by_id is not None)


def reckoned_anew_after(connection: Connection, periods: Periods) -> None:
    """Let every request be looked at anew where the periods are other ones than at the last start."""
    value = repr(periods).encode()
    stored = connection.scalar(select(Setting.value).where(Setting.name == _PERIODS))
    if stored == value:
        return
    connection.execute(
        update(Request).where(Request.erased_at.is_(None)).values(expires_at=Request.created_at)
    )
    if stored is None:
        connection.execute(insert(Setting), {"name": _PERIODS, "value": value})
    else:
        connection.execute(update(Setting).where(Setting.name == _PERIODS).values(value=value))


def period_of(stages: Iterable[str], periods: Periods, *, withdrawn: bool) -> timedelta:
    """Return how long a request with persons at these stages is kept without anything new."""
    if withdrawn:
        return periods.withdrawn
    return periods.ended if all(Stage(each) in _AT_THE_END for each in stages) else periods.open


def _stages(connection: Connection, requests: Collection[int]) -> dict[int, list[str]]:
    rows = connection.execute(
        select(Person.request_id, Person.stage).where(Person.request_id.in_(requests))
    ).all()
    found: dict[int, list[str]] = {}
    for row in rows:
        found.setdefault(row.request_id, []).append(row.stage)
    return found


def _newest(connection: Connection, requests: Collection[int]) -> dict[int, datetime]:
    """Return when anything happened last: an event, a note, something sent, a message of or to who can open it."""
    of_request: list[Any] = [
        (Event.request_id, Event.at),
        (CaseNote.request_id, CaseNote.at),
        (Submission.request_id, Submission.created_at),
        (Message.request_id, Message.at),
    ]
    looks = [select(of, func.max(at)).where(of.in_(requests)).group_by(of) for of, at in of_request]
    looks.append(
        select(Access.request_id, func.max(Message.at))
        .join(Message, Message.account_id == Access.account_id)
        .where(Access.request_id.in_(requests))
        .group_by(Access.request_id)
    )
    found: dict[int, datetime] = {}
    for look in looks:
        for request_id, at in connection.execute(look).all():
            found[request_id] = max(at, found.get(request_id, at))
    return found
