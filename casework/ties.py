"""Two requests about one person: the same family twice, or two families who must never learn of each other.

A tie stands between two persons. Of what is written for it, nothing is a family's to read: the kinds of events below
are the team's alone, and the stage `competing_claim` says to each family what the office says of every matter that it
speaks about in person.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, Connection, and_, delete, insert, or_, select

from casework import audit, moves
from casework.audit import Deed
from casework.events import Happening, note
from casework.moves import Move
from casework.permissions import Action
from casework.stages import Stage
from casework.transitions import transition
from db.ids import new_id
from db.models import Person, Request, Tie
from db.sealed import KeyRing


class Kind(StrEnum):
    DUPLICATE = "duplicate"  # the same family has asked twice
    COMPETING = "competing"  # two families ask for one person
    DIFFERENT = "different"  # they only look alike: not to be suggested again


_SIDES = 2
_STAGES = {Kind.DUPLICATE: Stage.DUPLICATE, Kind.COMPETING: Stage.COMPETING_CLAIM}
_MOVED = {Kind.DUPLICATE: 1, Kind.COMPETING: 2}  # how many of the two, the one first on whose card it was set


@dataclass(frozen=True)
class Side:
    """One end of a tie; its reference is the reason that the other side's history gives to staff."""

    request_id: int
    person_id: int
    reference: str = ""


@dataclass(frozen=True)
class Tied:
    """A tie, as seen from one of its two requests."""

    id: int
    kind: Kind
    own: Side
    other: Side
    by: int
    at: datetime


def tie(
    connection: Connection, keys: KeyRing, own: Side, other: Side, kind: Kind, by: int, now: datetime
) -> tuple[int, ...] | None:
    """Tie two persons, or change what ties them; None where one of them is not there (any more).

    Of a duplicate, `own` is the one that work ends on; it goes on in the other request. Whoever calls this has made
    sure that it is the same family, since the family reads that it has asked before. Nobody is moved to a stage that
    the table (casework/transitions.py) does not allow from where they stand.

    Returns:
        The requests whose families are to be told that there is news.
    """
    if own.request_id == other.request_id or not _lock(connection, own, other):
        return None
    connection.execute(delete(Tie).where(_between(own, other)))
    first, second = sorted((own, other), key=lambda side: side.person_id)
    row = {"id": new_id(), "request_id": first.request_id, "person_id": first.person_id}
    row |= {"other_request_id": second.request_id, "other_person_id": second.person_id}
    connection.execute(insert(Tie), {**row, "kind": kind.value, "account_id": by, "at": now})
    _note(connection, keys, own, other, f"tied_{kind}", by, now)
    told: list[int] = []
    for side, opposite in ((own, other), (other, own))[: _MOVED.get(kind, 0)]:
        what = Move(_STAGES[kind], by, opposite.reference)
        told += _move(connection, keys, side, what, now)
    return tuple(told)


def lift(connection: Connection, keys: KeyRing, request_id: int, tie_id: int, by: int, now: datetime) -> bool:
    """Take a tie of this request away; False where there is none. The stages stay until somebody moves them."""
    tied = next((each for each in of_request(connection, request_id) if each.id == tie_id), None)
    if tied is None:
        return False
    connection.execute(delete(Tie).where(Tie.id == tie_id))
    _note(connection, keys, tied.own, tied.other, "untied", by, now)
    return True


def of_request(connection: Connection, request_id: int) -> list[Tied]:
    """Return the ties of a request, the oldest first."""
    rows = connection.execute(
        select(Tie.__table__)
        .where(or_(Tie.request_id == request_id, Tie.other_request_id == request_id))
        .order_by(Tie.at, Tie.id)
    ).all()
    found = []
    for row in rows:
        sides = Side(row.request_id, row.person_id), Side(row.other_request_id, row.other_person_id)
        own, other = sides if row.request_id == request_id else sides[::-1]
        found.append(Tied(row.id, Kind(row.kind), own, other, row.account_id, row.at))
    return found


def between(connection: Connection, own: Side, other: Side) -> Tied | None:
    """Return what ties these two; None where nothing does."""
    tied = (each for each in of_request(connection, own.request_id) if each.own.person_id == own.person_id)
    return next((each for each in tied if each.other.person_id == other.person_id), None)


def _lock(connection: Connection, own: Side, other: Side) -> bool:
    """Lock both requests, always in one order; False where a person does not belong there, or it is erased."""
    there = connection.execute(
        select(Request.id)
        .where(Request.id.in_((own.request_id, other.request_id)), Request.erased_at.is_(None))
        .order_by(Request.id)
        .with_for_update()
    ).all()
    which = (Person.request_id == own.request_id, Person.id == own.person_id)
    both = or_(and_(*which), and_(Person.request_id == other.request_id, Person.id == other.person_id))
    persons = connection.execute(select(Person.id).where(both)).all()
    return len(there) == len(persons) == _SIDES


def _between(own: Side, other: Side) -> ColumnElement[bool]:
    first, second = sorted((own.person_id, other.person_id))
    return and_(Tie.person_id == first, Tie.other_person_id == second)


def _note(
    connection: Connection, keys: KeyRing, own: Side, other: Side, kind: str, by: int, now: datetime
) -> None:
    """Write it on both histories, which say nothing of each other, and into the audit log, which does."""
    for side in (own, other):
        note(connection, Happening(side.request_id, kind, side.person_id, by), now)
    deed = Deed(Action.TIE, by, other.request_id, own.request_id)
    audit.record(connection, keys, deed, now)


def _move(connection: Connection, keys: KeyRing, side: Side, what: Move, now: datetime) -> tuple[int, ...]:
    stand = moves.stand_of(connection, side.person_id)
    if stand is None or transition(stand.stage, what.to) is None:
        return ()
    return moves.move(connection, keys, {side.person_id: stand.stage}, what, now).told
