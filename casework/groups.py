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
