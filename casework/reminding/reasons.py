"""What is reminded of as long as it is so: each kind's reason as rows of the case. A kind that is not here was set by
somebody, and needs no other reason.

A reason is a query of account_id, subject_id, request_id, person_id and since. What it finds is reminded of, what it
finds no more is not.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    case,
    exists,
    false,
    func,
    literal_column,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy.sql.selectable import FromClause

from casework.events import STAGE
from casework.permissions import PERMISSIONS, Role
from casework.reminding.rules import Kind, Rules
from casework.stages import QUIET, Stage
from casework.transitions import AFTER, ON_THE_WAY, OVER
from db.models import (
    Access,
    Account,
    Approval,
    Dialog,
    Document,
    Event,
    Message,
    Occurrence,
    Person,
    Reminder,
    Request,
)

# Constants that stand in the condition of an index are written out: a database does not look into parameters for them.
_LONG_AGO = timedelta(days=60)  # what nobody was reminded of by then, because we were not there, is let be
_TEAM = (Role.STAFF.value, Role.ADMIN.value)
_ADMINS_ONLY = [action.value for action, each in PERMISSIONS.items() if each.roles == {Role.ADMIN}]
# Events that are news to a family: something that somebody else than they themselves did.
_NEWS = ("paper_verified.", "paper_rejected.", "paper_asked.", STAGE)
_RECEIVED, _ARRIVED = "received", f"{STAGE}{Stage.ARRIVED}"


@dataclass(frozen=True)
class Look:
    """What is looked for: as things are now, of these requests only where each may have such a reason."""

    rules: Rules
    now: datetime
    requests: Collection[int] = ()

    def after(self, kind: Kind) -> datetime:
        """Return from when on whatever began it is not due yet: there is no hurry to find it."""
        return self.now - self.rules[kind].times.after[0]


@dataclass(frozen=True)
class Reason:
    """Where a reason stands.

    Attributes:
        find: the query.
        in_portions: every request may have one: they are looked through a portion at a time, and not all at once.
    """

    find: Callable[[Look], FromClause]
    in_portions: bool = False


def _found(account: Any, subject: Any, request: Any, since: Any) -> Select[*tuple[Any, ...]]:
    return select(
        account.label("account_id"),
        subject.label("subject_id"),
        request.label("request_id"),
        null().label("person_id"),
        since.label("since"),
    )


def _open() -> ColumnElement[bool]:
    return and_(Request.withdrawn_at.is_(None), Request.erased_at.is_(None))


def _somebody(*which: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(Person.request_id == Request.id, *which)


def _at(stages: Collection[Stage]) -> ColumnElement[bool]:
    return Person.stage.in_([each.value for each in stages])


def _of_families(look: Look, since: Any, *which: ColumnElement[bool]) -> FromClause:
    """Return the chats that can open a request of which this holds. Where staff tell something in person, nothing is
    said by itself: nobody can know by a silence, since it is the same for all of these stages.
    """
    return (
        _found(Access.account_id, Request.id, Request.id, since)
        .join(Access, Access.request_id == Request.id)
        .where(Request.id.in_(look.requests), _open(), ~_somebody(_at(QUIET)), *which)
        .subquery()
    )


def _drafts(look: Look) -> FromClause:
    """Begun and not sent. Looked for once the first day has passed: most are sent by then."""
    recent = Dialog.drafted_at > look.now - _LONG_AGO
    return (
        _found(Dialog.account_id, Dialog.draft_id, null(), Dialog.drafted_at)
        .where(recent, Dialog.drafted_at <= look.after(Kind.DRAFT))
        .subquery()
    )


def _papers(look: Look) -> FromClause:
    """Sent, and somebody is on the way: whether a paper is missing is looked up when it is due (contents.py)."""
    rejected = case((Document.state == "rejected", Document.checked_at), else_=null())
    asked = (
        select(_later(func.max(Document.asked_at), func.max(rejected)))
        .where(Document.request_id == Request.id)
        .scalar_subquery()
    )
    since = _later(asked, Request.created_at)
    return _of_families(look, since, _somebody(_at(ON_THE_WAY)))


def _later(one: Any, other: Any) -> Any:
    """Return the later of two moments, of which either may be missing."""
    return case((other.is_(None), one), (one > other, one), else_=other)


def _no_news(look: Look) -> FromClause:
    kinds = [Event.kind.startswith(each, autoescape=True) for each in _NEWS]
    news = (
        select(func.max(Event.at))
        .where(Event.request_id == Request.id, or_(Event.kind == _RECEIVED, *kinds))
        .scalar_subquery()
    )
    written = (
        select(func.max(Message.at))
        .where(Message.request_id == Request.id, Message.direction == "out")
        .scalar_subquery()
    )
    since = _later(written, func.coalesce(news, Request.created_at))
    return _of_families(look, since, _somebody(_at(ON_THE_WAY)))


def _arrivals(look: Look) -> FromClause:
    arrived = (
        select(func.min(Event.at))
        .where(Event.request_id == Request.id, Event.kind == _ARRIVED)
        .scalar_subquery()
    )
    return _of_families(look, arrived, _somebody(_at(AFTER)), arrived.is_not(None))


def _work_goes_on() -> ColumnElement[bool]:
    return and_(_open(), _somebody(Person.stage.not_in([each.value for each in OVER])))


def _of_holders(since: Any, *which: ColumnElement[bool]) -> FromClause:
    """Return who works on a request of which this holds; the admins where nobody does."""
    held = _found(Request.holder_id, Request.id, Request.id, since).where(
        Request.holder_id.is_not(None), *which
    )
    return union_all(held, _for_admins(since, Request.holder_id.is_(None), *which)).subquery()


def _for_admins(since: Any, *which: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    return (
        _found(Account.id, Request.id, Request.id, since)
        .join(Account, Account.role == Role.ADMIN.value)
        .where(*which)
    )


def _unanswered(look: Look) -> FromClause:
    since = Request.unanswered_since
    return _of_holders(since, since <= look.after(Kind.UNANSWERED), Request.erased_at.is_(None))


def _questions(look: Look) -> FromClause:
    """What the office asked and nobody has answered yet."""
    asked = and_(Message.direction == "out", Message.waits_since <= look.after(Kind.QUESTION))
    recent = Message.waits_since > look.now - _LONG_AGO
    return (
        _found(Message.account_id, Message.id, Message.request_id, Message.waits_since)
        .where(asked, recent)
        .subquery()
    )


def _writers(look: Look) -> FromClause:
    """Who wrote about no request, and waits for an answer."""
    waits = and_(Message.direction == "in", Message.waits_since.is_not(None), Message.request_id.is_(None))
    waiting = (
        select(Message.account_id, func.min(Message.waits_since).label("since"))
        .where(waits)
        .group_by(Message.account_id)
        .subquery()
    )
    return (
        _found(Account.id, waiting.c.account_id, null(), waiting.c.since)
        .join(Account, Account.role == Role.ADMIN.value)
        .where(waiting.c.since <= look.after(Kind.WRITER))
        .subquery()
    )


def _new(look: Look) -> FromClause:
    nobody = and_(Request.taken_at.is_(None), Request.holder_id.is_(None))
    recent = Request.created_at > look.now - _LONG_AGO * 6
    waits = Request.created_at <= look.after(Kind.NEW)
    return _for_admins(Request.created_at, nobody, recent, waits, _work_goes_on()).subquery()


def _overdue(look: Look) -> FromClause:
    return _of_holders(Request.due_at, Request.due_at <= look.now, _work_goes_on())


def _approvals(look: Look) -> FromClause:
    """Who may decide: any of the team who has not asked, of some kinds the admins alone."""
    may = or_(
        Account.role == Role.ADMIN.value,
        and_(Account.role == Role.STAFF.value, Approval.kind.not_in(_ADMINS_ONLY)),
    )
    return (
        _found(Account.id, Approval.id, Approval.request_id, Approval.asked_at)
        .join(Account, and_(may, Account.id != Approval.asked_by_id))
        .where(Approval.state == literal_column("'open'"), Approval.asked_at <= look.after(Kind.APPROVAL))
        .subquery()
    )


def _ignored(look: Look) -> FromClause:
    """What was said more often than it may be ignored, to the other admins; anew each time it was said."""
    ignored = [
        and_(Reminder.kind == rule.kind.value, Reminder.unheeded > rule.ignored)
        for rule in look.rules.values()
        if rule.ignored
    ]
    said = select(func.max(Occurrence.at)).where(Occurrence.reminder_id == Reminder.id).scalar_subquery()
    return (
        _found(Account.id, Reminder.id, Reminder.request_id, said)
        .join(Account, and_(Account.role == Role.ADMIN.value, Account.id != Reminder.account_id))
        .where(
            Reminder.unheeded > literal_column("0"),
            or_(false(), *ignored),
            Reminder.state.in_(("open", "done")),
        )
        .subquery()
    )


def _team(_look: Look) -> FromClause:
    return _members(Account.role.in_(_TEAM))


def _admins(_look: Look) -> FromClause:
    return _members(Account.role == Role.ADMIN.value)


def _members(which: ColumnElement[bool]) -> FromClause:
    return _found(Account.id, Account.id, null(), Account.created_at).where(which).subquery()


REASONS: Mapping[Kind, Reason] = {
    Kind.DRAFT: Reason(_drafts),
    Kind.QUESTION: Reason(_questions),
    Kind.PAPERS: Reason(_papers, in_portions=True),
    Kind.NO_NEWS: Reason(_no_news, in_portions=True),
    Kind.ARRIVAL: Reason(_arrivals, in_portions=True),
    Kind.UNANSWERED: Reason(_unanswered),
    Kind.WRITER: Reason(_writers),
    Kind.NEW: Reason(_new),
    Kind.OVERDUE: Reason(_overdue),
    Kind.APPROVAL: Reason(_approvals),
    Kind.IGNORED: Reason(_ignored),
    Kind.DIGEST: Reason(_team),
    Kind.WEEK: Reason(_admins),
}
