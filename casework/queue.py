"""The queue: which cases wait for whom, the oldest first. Names nobody: what a line shows is no identified record."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, exists, func, or_, select

from casework import conversations
from casework.stages import Stage
from casework.transitions import OVER
from db.models import Person, Request
from db.sealed import KeyRing, Place

A_PAGE = 6
MOST_COUNTED = 1000  # more are too many to be a number that anybody works by


class View(StrEnum):
    """What the queue can be looked at by. The last three need a value: a stage, a place, a language."""

    NEW = "new"
    MINE = "mine"
    UNASSIGNED = "unassigned"
    UNANSWERED = "unanswered"
    WAITING = "waiting"
    OVERDUE = "overdue"
    STAGE = "stage"
    PLACE = "place"
    LANGUAGE = "language"


@dataclass(frozen=True)
class Looked:
    """A look at the queue.

    Attributes:
        value: of the views that need one.
        behind: the line after which the page begins (its time as ISO, its id).
    """

    view: View
    value: str = ""
    behind: tuple[str, int] | None = None


@dataclass(frozen=True)
class Line:
    """One case in the queue."""

    request_id: int
    reference: str
    created_at: datetime
    language: str
    holder_id: int | None
    persons: int
    stages: tuple[Stage, ...]
    unanswered_since: datetime | None
    overdue: bool
    unread: int


@dataclass(frozen=True)
class Looker:
    """Who looks, and when.

    Attributes:
        answered_within: a family's message that waits for longer is overdue.
    """

    account_id: int
    now: datetime
    answered_within: timedelta

    @property
    def late(self) -> datetime:
        return self.now - self.answered_within


def counts(connection: Connection, who: Looker) -> dict[View, int]:
    """Count the cases of each view that needs no value, up to one more than `MOST_COUNTED`: one query."""
    row = connection.execute(select(*(_few(_which(Looked(view), who)) for view in PLAIN))).one()
    return dict(zip(PLAIN, row, strict=True))


def _few(which: ColumnElement[bool]) -> Any:
    found = select(Request.id).where(which, _open()).limit(MOST_COUNTED + 1).subquery()
    return select(func.count()).select_from(found).scalar_subquery()


def page(connection: Connection, keys: KeyRing, look: Looked, who: Looker) -> list[Line]:
    """Return one page and one line more, if there is more."""
    which = [_open(), _which(look, who)]
    if look.behind is not None:
        at, behind = datetime.fromisoformat(look.behind[0]), look.behind[1]
        same_moment = and_(Request.created_at == at, Request.id > behind)
        which.append(or_(Request.created_at > at, same_moment))
    rows = connection.execute(
        select(
            Request.id,
            Request.data_key,
            Request.details,
            Request.created_at,
            Request.language,
            Request.holder_id,
            Request.unanswered_since,
            Request.due_at,
        )
        .where(*which)
        .order_by(Request.created_at, Request.id)
        .limit(A_PAGE + 1)
    ).all()
    shown = [row.id for row in rows]
    stages, unread = _stages(connection, shown), conversations.unread(connection, shown)
    return [_line(keys, row, stages.get(row.id, ()), unread.get(row.id, 0), who) for row in rows]


def oldest_unassigned(connection: Connection) -> int | None:
    """Lock and return the oldest case that nobody has and nobody else is just taking."""
    found: int | None = connection.scalar(
        select(Request.id)
        .where(_open(), Request.holder_id.is_(None))
        .order_by(Request.created_at, Request.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    return found


def _which(look: Looked, who: Looker) -> ColumnElement[bool]:
    if look.view in _VALUED:
        return _VALUED[look.view](look.value)
    return {
        View.NEW: Request.taken_at.is_(None),
        View.MINE: Request.holder_id == who.account_id,
        View.UNASSIGNED: Request.holder_id.is_(None),
        View.UNANSWERED: Request.unanswered_since.is_not(None),
        View.WAITING: Request.asked_at.is_not(None),
        View.OVERDUE: or_(Request.unanswered_since < who.late, Request.due_at < who.now),
    }[look.view]


def _open() -> ColumnElement[bool]:
    """Not erased, not withdrawn, and somebody in it for whom work goes on."""
    return and_(
        Request.erased_at.is_(None),
        Request.withdrawn_at.is_(None),
        _has_person(Person.stage.not_in(OVER)),
    )


def _has_person(which: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(Person.request_id == Request.id, which)


_VALUED: Mapping[View, Callable[[str], ColumnElement[bool]]] = {
    View.STAGE: lambda value: _has_person(Person.stage == value),
    View.PLACE: lambda value: _has_person(Person.site_id == int(value)),
    View.LANGUAGE: lambda value: Request.language == value,
}


PLAIN = tuple(view for view in View if view not in _VALUED)


def stages_in_use(connection: Connection) -> list[Stage]:
    """Return the stages at which anybody stands, in the order of the way home."""
    found = set(connection.scalars(select(Person.stage).distinct()))
    return [stage for stage in Stage if stage in found]


def _stages(connection: Connection, requests: list[int]) -> dict[int, tuple[Stage, ...]]:
    found: dict[int, list[Stage]] = {}
    rows = connection.execute(
        select(Person.request_id, Person.stage)
        .where(Person.request_id.in_(requests))
        .order_by(Person.position)
    ).all()
    for row in rows:
        found.setdefault(row.request_id, []).append(Stage(row.stage))
    return {request_id: tuple(stages) for request_id, stages in found.items()}


def _line(keys: KeyRing, row: Any, stages: tuple[Stage, ...], unread: int, who: Looker) -> Line:
    key = keys.data_key(row.data_key, Place("request", "data_key", row.id))
    details = key.open(row.details, Place("request", "details", row.id))
    late = row.unanswered_since is not None and row.unanswered_since < who.late
    overdue = late or (row.due_at is not None and row.due_at < who.now)
    return Line(
        row.id,
        details["reference"],
        row.created_at,
        row.language,
        row.holder_id,
        len(stages),
        stages,
        row.unanswered_since,
        overdue,
        unread,
    )
