"""Flights: journeys home that are being prepared, called by the office's own code; who is on which.

Being on a flight moves nobody from stage to stage and tells no family anything: it only says who belongs together
(casework/many.py). No day is kept, since none may be promised.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, func, insert, select, update

from casework import audit
from casework.audit import Deed
from casework.events import PUT_ON_FLIGHT, TAKEN_OFF_FLIGHT, Happening, note
from casework.listed_names import folded
from casework.stages import Stage
from casework.transitions import JOURNEY
from db.gathered import flush
from db.ids import new_id
from db.models import Flight as Row
from db.models import Person, Request
from db.sealed import KeyRing, Place

MOST_OFFERED = 30  # open ones to choose from on one screen, the newest first


class Outcome(StrEnum):
    """What came of putting somebody on a flight."""

    DONE = "done"
    ALREADY = "already"
    CLOSED = "closed"  # it is open no longer, or there is none
    NOT_YET = "not_yet"  # the person stands at no stage of `JOURNEY`


@dataclass(frozen=True)
class Flight:
    """A flight; `persons` says how many are on it, whatever has become of them."""

    id: int
    called: str
    created_at: datetime
    closed_at: datetime | None
    persons: int


@dataclass(frozen=True)
class Passenger:
    """A person of a case who may be put on a flight, or is on one."""

    person_id: int
    flight_id: int | None
    may_board: bool


def passengers(connection: Connection, request_id: int) -> list[Passenger]:
    """Return the persons of a case about whose flight there is anything to decide."""
    rows = connection.execute(
        select(Person.id, Person.flight_id, Person.stage)
        .where(Person.request_id == request_id)
        .order_by(Person.position)
    ).all()
    found = [Passenger(row.id, row.flight_id, row.stage in JOURNEY) for row in rows]
    return [each for each in found if each.may_board or each.flight_id is not None]


def make(connection: Connection, keys: KeyRing, called: str, by: int, now: datetime) -> int | None:
    """Begin a flight; None where an open one is called the same, whatever its case and signs."""
    names = connection.scalars(select(Row.called).where(Row.closed_at.is_(None)))
    if folded(called) in map(folded, names):
        return None
    flight_id = new_id()
    connection.execute(insert(Row), {"id": flight_id, "called": called, "created_at": now})
    _record(connection, keys, "begun", flight_id, by, now)
    return flight_id


def close(connection: Connection, keys: KeyRing, flight_id: int, by: int, now: datetime) -> bool:
    """Close a flight: nobody more is put on it, and who is on it stays. False where it is closed already."""
    return _turn(connection, keys, flight_id, "closed", by, now)


def reopen(connection: Connection, keys: KeyRing, flight_id: int, by: int, now: datetime) -> bool:
    """Open a flight again; False where it is open."""
    return _turn(connection, keys, flight_id, "opened", by, now)


def listed(connection: Connection, *, closed: bool = False) -> list[Flight]:
    """Return the open flights, or those that are closed, the newest first."""
    flush(connection)
    which = Row.closed_at.is_not(None) if closed else Row.closed_at.is_(None)
    rows = connection.execute(_with_counts().where(which).order_by(Row.id.desc())).all()
    return [_flight(row) for row in rows]


def get(connection: Connection, flight_id: int) -> Flight | None:
    flush(connection)
    row = connection.execute(_with_counts().where(Row.id == flight_id)).one_or_none()
    return _flight(row) if row is not None else None


def names_of(connection: Connection, flight_ids: Collection[int]) -> dict[int, str]:
    """Return what these flights are called: one statement."""
    rows = connection.execute(select(Row.id, Row.called).where(Row.id.in_(flight_ids)))
    return {row.id: row.called for row in rows}


def put_on(
    connection: Connection,
    keys: KeyRing,
    request_id: int,
    person_id: int,
    flight_id: int,
    by: int,
    now: datetime,
) -> Outcome:
    """Put a person of a request that is locked on a flight, from another one if they are on one."""
    open_one = select(Row.id).where(Row.id == flight_id, Row.closed_at.is_(None)).with_for_update()
    if connection.scalar(open_one) is None:
        return Outcome.CLOSED
    person = _person(connection, request_id, person_id)
    if person is None or Stage(person.stage) not in JOURNEY:
        return Outcome.NOT_YET
    if person.flight_id == flight_id:
        return Outcome.ALREADY
    _write(connection, keys, request_id, person, flight_id, by, now)
    return Outcome.DONE


def take_off(
    connection: Connection,
    keys: KeyRing,
    request_id: int,
    person_id: int,
    flight_id: int,
    by: int,
    now: datetime,
) -> bool:
    """Take a person of a request that is locked off this flight; False where they are not on it (any more)."""
    person = _person(connection, request_id, person_id)
    if person is None or person.flight_id != flight_id:
        return False
    _write(connection, keys, request_id, person, None, by, now)
    return True


def _with_counts() -> Any:
    persons = (
        select(func.count())
        .select_from(Person)
        .join(Request, Request.id == Person.request_id)
        .where(Person.flight_id == Row.id, Request.erased_at.is_(None))
        .scalar_subquery()
    )
    return select(Row.id, Row.called, Row.created_at, Row.closed_at, persons.label("persons"))


def _flight(row: Any) -> Flight:
    return Flight(row.id, row.called, row.created_at, row.closed_at, row.persons)


def _person(connection: Connection, request_id: int, person_id: int) -> Any:
    return connection.execute(
        select(Person.id, Person.stage, Person.flight_id, Request.data_key)
        .join(Request, Request.id == Person.request_id)
        .where(Person.id == person_id, Person.request_id == request_id)
    ).one_or_none()


def _write(
    connection: Connection,
    keys: KeyRing,
    request_id: int,
    person: Any,
    flight_id: int | None,
    by: int,
    now: datetime,
) -> None:
    """Write it with an event that the team alone reads: which flight it was, and which it is."""
    connection.execute(update(Person).where(Person.id == person.id).values(flight_id=flight_id))
    key = keys.data_key(person.data_key, Place("request", "data_key", request_id))
    kind = PUT_ON_FLIGHT if flight_id is not None else TAKEN_OFF_FLIGHT
    details = {"persons": [{"id": person.id}], "from": person.flight_id, "to": flight_id}
    note(connection, Happening(request_id, kind, person.id, by, details), now, key)


def _turn(connection: Connection, keys: KeyRing, flight_id: int, what: str, by: int, now: datetime) -> bool:
    """Close or open a flight, if that is not so already: of two who do it at once one does."""
    closing = what == "closed"
    before = Row.closed_at.is_(None) if closing else Row.closed_at.is_not(None)
    turned = update(Row).where(Row.id == flight_id, before).values(closed_at=now if closing else None)
    if not connection.execute(turned).rowcount:
        return False
    _record(connection, keys, what, flight_id, by, now)
    return True


def _record(connection: Connection, keys: KeyRing, what: str, flight_id: int, by: int, now: datetime) -> None:
    audit.record(connection, keys, Deed(f"flight_{what}", by, subject_id=flight_id), now)
