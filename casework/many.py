"""Changing the stage of many at once: everybody of a flight, or everybody at a place.

First a plan says who would move from where, and who would stay and why; it only looks. What a second person agrees to
is the list of persons with the stage each was seen at, and of these move who still stand there.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import groupby
from typing import Any, Self

from sqlalchemy import Connection, select

from casework import audit, moves
from casework.audit import Deed
from casework.groups import Group, Of, gone_of, living, members
from casework.moves import Move
from casework.permissions import Action
from casework.stages import Stage
from casework.transitions import ONE_BY_ONE, OVER, TRANSITIONS, transition
from db.models import Person, Request
from db.sealed import KeyRing

# Persons at once: they move in one turn, which others wait for, by statements that name each of them. (SQLite takes
# 32,766 values in one, PostgreSQL 65,535.)
MOST = 3_000


class Why(StrEnum):
    """Why somebody of the group stays where they are."""

    THERE = "there"
    WITHDRAWN = "withdrawn"  # the whole request
    OVER = "over"
    ONE_BY_ONE = "one_by_one"
    NO_WAY = "no_way"  # by the table of transitions
    LEFT_OUT = "left_out"  # by whoever asks
    NEXT_TIME = "next_time"  # they are more than `MOST`


@dataclass(frozen=True)
class Plan:
    """What would happen.

    Attributes:
        moving: persons by the stage they stand at.
        requests: theirs.
        staying: how many stay, by where they stand and why.
    """

    to: Stage
    moving: Mapping[Stage, tuple[int, ...]]
    requests: tuple[int, ...]
    staying: Mapping[tuple[Stage, Why], int]

    @property
    def persons(self) -> int:
        return sum(len(each) for each in self.moving.values())

    @property
    def needs_reason(self) -> bool:
        ways = (transition(before, self.to) for before in self.moving)
        return any(way is not None and way.needs_reason for way in ways)

    @property
    def print(self) -> str:
        """Return what tells this plan from any other: who agreed to the one has not agreed to another."""
        exactly = json.dumps([self.to, sorted(self.moving.items())])
        return hashlib.sha256(exactly.encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Asked:
    """What a second person is asked for: to move these persons, each from the stage they were seen at."""

    group: Group
    to: Stage
    reason: str
    seen: Mapping[Stage, tuple[int, ...]]
    requests: int
    staying: int

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        seen = {Stage(stage): tuple(ids) for stage, ids in stored["seen"].items()}
        group = Group(Of(stored["of"]), stored["id"])
        return cls(group, Stage(stored["to"]), stored["reason"], seen, stored["requests"], stored["staying"])

    def to_json(self) -> dict[str, Any]:
        seen = {stage.value: ids for stage, ids in self.seen.items()}
        whole = {"of": self.group.of.value, "id": self.group.id, "to": self.to.value, "reason": self.reason}
        return {**whole, "seen": seen, "requests": self.requests, "staying": self.staying}

    @property
    def persons(self) -> tuple[int, ...]:
        return tuple(each for ids in self.seen.values() for each in ids)


@dataclass(frozen=True)
class Still:
    """Of those who were asked for: how many persons would move now, and their requests."""

    persons: int
    requests: tuple[int, ...]


@dataclass(frozen=True)
class Done:
    """What came of it.

    Attributes:
        told: the requests whose families are to be told that there is news.
        elsewhere: how many stand elsewhere by now.
        gone: of how many the request was withdrawn or erased meanwhile.
    """

    persons: int
    requests: tuple[int, ...]
    told: tuple[int, ...]
    elsewhere: int
    gone: int


def targets(stages: Collection[Stage]) -> dict[Stage, bool]:
    """Return where somebody at these stages may go together with others; and for each, whether it is the next step."""
    ways = [way for stage in stages if _open(stage) for way in TRANSITIONS[stage].values()]
    return {
        stage: any(way.forward for way in ways if way.to is stage)
        for stage in Stage
        if stage not in ONE_BY_ONE and any(way.to is stage for way in ways)
    }


def plan(connection: Connection, group: Group, to: Stage, without: Collection[Stage] = ()) -> Plan:
    """Look what would happen if everybody of the group went there: one statement.

    Args:
        without: who stands at one of these is left out.
    """
    moving: dict[Stage, list[int]] = {}
    staying = Counter[tuple[Stage, Why]]()
    requests: list[int] = []
    room = MOST
    for request_id, rows in groupby(members(connection, group), lambda row: row.request_id):
        persons = list(rows)
        why = {row.id: _why_not(row, to, without) for row in persons}
        going = [row for row in persons if why[row.id] is None]
        late = len(going) > room  # what happens on one case happens at once
        room -= 0 if late else len(going)
        for row in persons:
            stays = Why.NEXT_TIME if late and why[row.id] is None else why[row.id]
            if stays is None:
                moving.setdefault(Stage(row.stage), []).append(row.id)
            else:
                staying[Stage(row.stage), stays] += 1
        requests += [request_id] if going and not late else []
    ordered = {stage: tuple(moving[stage]) for stage in Stage if stage in moving}
    return Plan(to, ordered, tuple(requests), staying)


def still_there(connection: Connection, asked: Asked) -> Still:
    """Look who still stands where they were seen, of a request that work goes on for: one statement."""
    seen = {person: stage for stage, persons in asked.seen.items() for person in persons}
    rows = connection.execute(
        select(Person.id, Person.request_id, Person.stage)
        .join(Request, Request.id == Person.request_id)
        .where(Person.id.in_(seen), living())
        .order_by(Person.request_id)
    ).all()
    there = [row for row in rows if row.stage == seen[row.id]]
    return Still(len(there), tuple(dict.fromkeys(row.request_id for row in there)))


def carry_out(
    connection: Connection,
    keys: KeyRing,
    asked: Asked,
    by: int,
    approved_by: int,
    approval_id: int,
    now: datetime,
) -> Done:
    """Move who still stands where they were seen, and write each case into the audit log.

    As many statements for thousands as for one.

    Args:
        by: who asked for it; `approved_by` is another person.
    """
    seen = {person: stage for stage, persons in asked.seen.items() for person in persons}
    moved = moves.move(connection, keys, seen, Move(asked.to, by, asked.reason, approved_by), now)
    deeds = [Deed(Action.MANY, by, request_id, approval_id) for request_id in moved.requests]
    audit.record_all(connection, keys, deeds, now)
    gone = gone_of(connection, seen.keys() - set(moved.persons))
    elsewhere = len(seen) - len(moved.persons) - gone
    return Done(len(moved.persons), moved.requests, moved.told, elsewhere, gone)


def _open(stage: Stage) -> bool:
    """Whether anybody moves from there together with others."""
    return stage not in OVER and stage not in ONE_BY_ONE


def _why_not(row: Any, to: Stage, without: Collection[Stage]) -> Why | None:
    """Return why a person stays where they are; None where they move."""
    stage = Stage(row.stage)
    reasons = (
        (row.withdrawn_at is not None, Why.WITHDRAWN),
        (stage is to, Why.THERE),
        (stage in OVER, Why.OVER),
        (stage in ONE_BY_ONE, Why.ONE_BY_ONE),
        (to in ONE_BY_ONE or transition(stage, to) is None, Why.NO_WAY),
        (stage in without, Why.LEFT_OUT),
    )
    return next((why for holds, why in reasons if holds), None)
