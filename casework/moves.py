"""Moving persons from stage to stage, one or many: with an event on each case, and never against the table.

Whoever moves somebody says from which stage they saw them move. Who stands elsewhere by now is left where they are:
of two who move one person at once, one does.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, or_, select, update

from casework import due
from casework.events import STAGE, STAGE_QUIETLY, Happening, note_all
from casework.stages import QUIET, Stage
from casework.transitions import transition
from db.gathered import flush
from db.models import Event, Person, Request
from db.sealed import DataKey, KeyRing, Place


@dataclass(frozen=True)
class Stand:
    """Where a person stands."""

    person_id: int
    request_id: int
    stage: Stage
    since: datetime


@dataclass(frozen=True)
class Move:
    """What shall be done.

    Attributes:
        reason: why; may be empty where the way goes forward.
        approved_by: the second person, where one is needed.
    """

    to: Stage
    by: int
    reason: str = ""
    approved_by: int | None = None


@dataclass(frozen=True)
class Moved:
    """What was done.

    Attributes:
        told: the requests whose families are to be told that there is news.
    """

    persons: tuple[int, ...]
    requests: tuple[int, ...]
    told: tuple[int, ...]


class NotAllowed(Exception):
    """A move that the table forbids, that lacks its reason or its second person. A mistake of ours."""


def stand_of(connection: Connection, person_id: int) -> Stand | None:
    row = connection.execute(
        select(Person.id, Person.request_id, Person.stage, Person.stage_since).where(Person.id == person_id)
    ).one_or_none()
    return Stand(row.id, row.request_id, Stage(row.stage), row.stage_since) if row is not None else None


def mover_of(connection: Connection, stand: Stand) -> int | None:
    """Return who moved a person to where they stand; None where it was nobody of the office."""
    found: int | None = connection.scalar(
        select(Event.account_id)
        .where(
            Event.request_id == stand.request_id,
            or_(Event.person_id == stand.person_id, Event.person_id.is_(None)),
            or_(Event.kind.startswith(STAGE, autoescape=True), Event.kind == STAGE_QUIETLY),
            Event.at == stand.since,
        )
        .order_by(Event.id.desc())
        .limit(1)
    )
    return found


def move(
    connection: Connection, keys: KeyRing, seen: Mapping[int, Stage], what: Move, now: datetime
) -> Moved:
    """Move these persons, each from the stage they were seen at: a few statements however many they are.

    Persons who stand elsewhere by now, or whose request is withdrawn or erased, are left where they are.

    Raises:
        NotAllowed: the table has no such move, or it needs a reason or another person who approves.
    """
    for stage in set(seen.values()):
        _check(stage, what)
    flush(connection)
    request_keys = lock(connection, keys, seen)
    stands = _moving(connection, seen, request_keys)
    if not stands:
        return Moved((), (), ())
    persons = tuple(each.person_id for each in stands)
    connection.execute(
        update(Person).where(Person.id.in_(persons)).values(stage=what.to.value, stage_since=now)
    )
    by_request: dict[int, list[Stand]] = {}
    for each in stands:
        by_request.setdefault(each.request_id, []).append(each)
    events = [(_event(group, what), request_keys[of]) for of, group in by_request.items()]
    note_all(connection, events, now)
    due.reckon(connection, by_request)
    requests = tuple(by_request)
    return Moved(persons, requests, () if what.to in QUIET else requests)


def _check(stage: Stage, what: Move) -> None:
    allowed = transition(stage, what.to)
    if allowed is None:
        raise NotAllowed(f"{stage} → {what.to}")
    if allowed.needs_reason and not what.reason:
        raise NotAllowed("reason")
    if allowed.needs_two and what.approved_by in {None, what.by}:
        raise NotAllowed("second person")


def lock(connection: Connection, keys: KeyRing, persons: Collection[int]) -> dict[int, DataKey]:
    """Lock the requests of these persons that work goes on for, always in one order; return their keys."""
    rows = connection.execute(
        select(Request.id, Request.data_key)
        .where(
            Request.id.in_(select(Person.request_id).where(Person.id.in_(persons))),
            Request.erased_at.is_(None),
            Request.withdrawn_at.is_(None),
        )
        .order_by(Request.id)
        .with_for_update()
    ).all()
    return {row.id: keys.data_key(row.data_key, Place("request", "data_key", row.id)) for row in rows}


def _moving(connection: Connection, seen: Mapping[int, Stage], requests: Collection[int]) -> list[Stand]:
    rows = connection.execute(
        select(Person.id, Person.request_id, Person.stage, Person.stage_since)
        .where(Person.id.in_(seen), Person.request_id.in_(requests))
        .order_by(Person.request_id, Person.position)
    ).all()
    return [
        Stand(row.id, row.request_id, Stage(row.stage), row.stage_since)
        for row in rows
        if row.stage == seen[row.id]
    ]


def _event(stands: list[Stand], what: Move) -> Happening:
    """Say what happened on one case: one event, also where several of its persons move together."""
    details: dict[str, Any] = {"to": what.to.value, "reason": what.reason, "approved_by": what.approved_by}
    details["persons"] = [{"id": each.person_id, "from": each.stage.value} for each in stands]
    kind = STAGE_QUIETLY if what.to in QUIET else f"{STAGE}{what.to}"
    person_id = stands[0].person_id if len(stands) == 1 else None
    return Happening(stands[0].request_id, kind, person_id, what.by, details)
