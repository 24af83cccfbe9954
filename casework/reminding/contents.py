"""What there is to say of a reminder that is due, looked up when it is: missing papers, references, counts.

Where there is nothing to say, nothing is said, and the count goes on.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, exists, func, or_, select

from casework import documents, dossiers
from casework.paper_kinds import counted_for
from casework.permissions import PERMISSIONS, Role
from casework.reminding.rows import IS_OPEN, Reminder
from casework.reminding.rules import Kind, Rules, answered_within
from casework.stages import QUIET
from casework.transitions import ON_THE_WAY, OVER
from db.models import Account, Approval, Person, Request
from db.models import Reminder as Table
from db.sealed import KeyRing, Place

_DAY, _WEEK = timedelta(days=1), timedelta(days=7)
_ADMINS_ONLY = [action.value for action, each in PERMISSIONS.items() if each.roles == {Role.ADMIN}]


@dataclass(frozen=True)
class Counts:
    """What waits for somebody in the morning, or for the whole office in a week.

    Attributes:
        due: what they are reminded of today, or wanted to be.
        new: requests that nobody has taken yet; in a week, those that came.
    """

    due: int = 0
    unanswered: int = 0
    overdue: int = 0
    new: int = 0
    approvals: int = 0

    @property
    def nothing(self) -> bool:
        return not any((self.due, self.unanswered, self.overdue, self.new, self.approvals))


@dataclass(frozen=True)
class _Look:
    connection: Connection
    keys: KeyRing
    rules: Rules
    now: datetime


def of(
    connection: Connection, keys: KeyRing, rules: Rules, reminders: Sequence[Reminder], now: datetime
) -> dict[int, Any]:
    """Return by reminder what there is to say of it; those of which there is nothing are left out."""
    look = _Look(connection, keys, rules, now)
    found = {each.id: _CONTENTS[each.kind](look, each) for each in reminders if each.kind in _CONTENTS}
    plain = [each for each in reminders if each.kind not in _CONTENTS]
    known = references(connection, keys, {each.request_id for each in plain if each.request_id is not None})
    found |= {each.id: known.get(each.request_id or 0, "") for each in plain}
    return {reminder_id: about for reminder_id, about in found.items() if about is not None}


def references(connection: Connection, keys: KeyRing, requests: Collection[int]) -> dict[int, str]:
    """Return the references of these requests: one query."""
    if not requests:
        return {}
    rows = connection.execute(
        select(Request.id, Request.data_key, Request.details).where(
            Request.id.in_(requests), Request.erased_at.is_(None)
        )
    ).all()
    opened = {}
    for row in rows:
        key = keys.data_key(row.data_key, Place("request", "data_key", row.id))
        opened[row.id] = key.open(row.details, Place("request", "details", row.id))["reference"]
    return opened


def _missing(look: _Look, reminder: Reminder) -> tuple[str, ...] | None:
    """Return the kinds of papers that are missing of those who are on the way, each once."""
    request_id = reminder.request_id or 0
    dossier = dossiers.open_for_staff(look.connection, look.keys, request_id)
    if dossier is None:
        return None
    waiting = set(
        look.connection.scalars(
            select(Person.id).where(
                Person.request_id == request_id,
                Person.stage.in_([each.value for each in ON_THE_WAY - QUIET]),
            )
        )
    )
    papers = documents.of_request(look.connection, request_id)
    kinds: dict[str, None] = {}
    for person in dossier.persons:
        if person.id in waiting:
            counted = counted_for(person.answers.get("birth"), look.now.date())
            missing = documents.missing_of(papers, request_id, person.id, counted)
            kinds |= dict.fromkeys(each.kind.code for each in missing)
    return tuple(kinds) or None


def _morning(look: _Look, reminder: Reminder) -> Counts | None:
    """Return what waits for one of the team."""
    mine = Request.holder_id == reminder.account_id
    counts = Counts(
        _due(look, Table.account_id == reminder.account_id),
        _count(look, mine, Request.unanswered_since.is_not(None)),
        _count(look, mine, _overdue(look)),
        _count(look, _nobodys()),
        _approvals(look, reminder.account_id),
    )
    return None if counts.nothing else counts


def _week(look: _Look, reminder: Reminder) -> Counts:
    """Return what stands in the whole office."""
    return Counts(
        _due(look),
        _count(look, Request.unanswered_since < look.now - answered_within(look.rules)),
        _count(look, _overdue(look)),
        _count(look, Request.created_at > look.now - _WEEK),
        _approvals(look, reminder.account_id),
    )


def _due(look: _Look, *which: ColumnElement[bool]) -> int:
    kinds = (Kind.NOTE.value, Kind.APPOINTMENT.value)
    today = and_(IS_OPEN, Table.due_at < look.now + _DAY, Table.kind.in_(kinds))
    return look.connection.scalar(select(func.count()).select_from(Table).where(today, *which)) or 0


def _count(look: _Look, *which: ColumnElement[bool]) -> int:
    goes_on = exists().where(
        Person.request_id == Request.id, Person.stage.not_in([each.value for each in OVER])
    )
    is_open = and_(Request.erased_at.is_(None), Request.withdrawn_at.is_(None), goes_on)
    return look.connection.scalar(select(func.count()).select_from(Request).where(is_open, *which)) or 0


def _nobodys() -> ColumnElement[bool]:
    return and_(Request.taken_at.is_(None), Request.holder_id.is_(None))


def _overdue(look: _Look) -> ColumnElement[bool]:
    return Request.due_at < look.now


def _approvals(look: _Look, account_id: int) -> int:
    role = select(Account.role).where(Account.id == account_id).scalar_subquery()
    may = or_(role == Role.ADMIN.value, Approval.kind.not_in(_ADMINS_ONLY))
    waits = and_(Approval.state == "open", Approval.asked_by_id != account_id, may)
    return look.connection.scalar(select(func.count()).select_from(Approval).where(waits)) or 0


_CONTENTS: Mapping[Kind, Callable[[_Look, Reminder], Any]] = {
    Kind.PAPERS: _missing,
    Kind.DIGEST: _morning,
    Kind.WEEK: _week,
}
