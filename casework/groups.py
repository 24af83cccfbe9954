"""Persons who belong together: everybody of one flight, or everybody at one place."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self

from sqlalchemy import ColumnElement, Connection, and_, select

from casework.stages import Stage
from casework.transitions import ON_THE_WAY
from db.gathered import flush
from db.models import Person, Request
from db.sealed import KeyRing, Place


class Of(StrEnum):
    """What makes persons a group."""

    FLIGHT = "flight"
    SITE = "site"


@dataclass(frozen=True)
class Group:
    """Everybody of one flight, or at one place."""

    of: Of
    id: int

    def __str__(self) -> str:
        return f"{self.of}:{self.id}"

    @classmethod
    def read(cls, text: str) -> Self | None:
        """Read what `str` gave; None where it is none."""
        of, _, number = text.partition(":")
        return cls(Of(of), int(number)) if of in set(Of) and number.isdecimal() else None


_LINES = (
    select(Person.request_id, Person.stage, Request.data_key, Request.details)
    .join(Request, Request.id == Person.request_id)
    .where(Request.erased_at.is_(None))
    .order_by(Person.request_id, Person.position)
)


def members(connection: Connection, group: Group) -> list[Any]:
    """Return everybody of the group, case by case: rows of id, request_id, stage and withdrawn_at."""
    flush(connection)
    return list(
        connection.execute(
            select(Person.id, Person.request_id, Person.stage, Request.withdrawn_at)
            .join(Request, Request.id == Person.request_id)
            .where(which(group), Request.erased_at.is_(None))
            .order_by(Person.request_id, Person.position)
        )
    )


@dataclass(frozen=True)
class Line:
    """One person of a list that names nobody: the request they belong to, and where they stand."""

    request_id: int
    reference: str
    stage: Stage


def page(connection: Connection, keys: KeyRing, group: Group, first: int, count: int) -> list[Line]:
    """Return some of a group, from the person with this number on (0 is the first), case by case."""
    flush(connection)
    return _lines(connection, keys, _LINES.where(which(group)).offset(first).limit(count))


def lines_of(connection: Connection, keys: KeyRing, persons: Collection[int]) -> list[Line]:
    """Return these persons, case by case; those of a request that is erased are left out."""
    return _lines(connection, keys, _LINES.where(Person.id.in_(persons)))


def standing(connection: Connection, group: Group) -> dict[Stage, int]:
    """Count a group by stage, in the order of the way home."""
    found = Counter(row.stage for row in members(connection, group))
    return {stage: found[stage] for stage in Stage if stage in found}


def gone_of(connection: Connection, persons: Collection[int]) -> int:
    """Count of how many of these persons the request is withdrawn or erased."""
    rows = connection.execute(
        select(Request.withdrawn_at, Request.erased_at)
        .join(Person, Person.request_id == Request.id)
        .where(Person.id.in_(persons))
    ).all()
    return sum(row.withdrawn_at is not None or row.erased_at is not None for row in rows)


def living() -> ColumnElement[bool]:
    """Say that work goes on for a request."""
    return and_(Request.erased_at.is_(None), Request.withdrawn_at.is_(None))


def which(group: Group) -> ColumnElement[bool]:
    """Say who belongs to the group: of a place those who are not home yet."""
    if group.of is Of.FLIGHT:
        return Person.flight_id == group.id
    return and_(Person.site_id == group.id, Person.stage.in_(ON_THE_WAY))


def _lines(connection: Connection, keys: KeyRing, wanted: Any) -> list[Line]:
    found = []
    for row in connection.execute(wanted):
        key = keys.data_key(row.data_key, Place("request", "data_key", row.request_id))
        details = key.open(row.details, Place("request", "details", row.request_id))
        found.append(Line(row.request_id, details["reference"], Stage(row.stage)))
    return found
