"""Where the office thinks each person is: country and place, of one person or of everybody at a place.

At first it follows what the family says. Once the office has said it, the office's word stands, and what the family
says stays in its answers, beside it. Each change is an event that tells what it was before; families are told nothing
of it, since for safety no place is ever written to them.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any, Self

from sqlalchemy import Connection, and_, func, select, update

from casework import audit, moves
from casework.audit import Deed
from casework.events import PLACE_CHANGED, Happening, note, note_all
from casework.groups import Group, Of, gone_of, living, members, which
from casework.many import MOST
from casework.permissions import Action
from casework.places import OPEN, site_of
from casework.questions import UNKNOWN
from casework.stages import Stage
from casework.transitions import ON_THE_WAY
from db.gathered import flush
from db.models import Event, Person, Request, Site
from db.sealed import DataKey, KeyRing, Place


@dataclass(frozen=True)
class At:
    """A country (ISO 3166, or "unknown"), and a place of the list there, if it is known."""

    country: str = UNKNOWN
    site_id: int | None = None

    @classmethod
    def from_json(cls, stored: list[Any]) -> Self:
        return cls(*stored)

    def to_json(self) -> list[Any]:
        return [self.country, self.site_id]


@dataclass(frozen=True)
class Said:
    """What staff say of one person.

    Attributes:
        seen: where the person was thought to be until then.
        source: who says so, a code of the question `place_source`; empty where nothing is known.
        sure: how sure it is, a code of the question `place_sure`; empty likewise.
    """

    seen: At
    to: At
    source: str
    sure: str


@dataclass(frozen=True)
class Word:
    """The office's last word on where somebody is; of everybody at a place nobody in particular says so."""

    source: str
    sure: str
    by: int | None
    at: datetime


@dataclass(frozen=True)
class Removal:
    """What a second person is asked for: to move these persons from one place to another."""

    of: int
    to: int
    persons: tuple[int, ...]

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        return cls(stored["of"], stored["to"], tuple(stored["persons"]))

    def to_json(self) -> dict[str, Any]:
        return {"of": self.of, "to": self.to, "persons": self.persons}


@dataclass(frozen=True)
class Here:
    """Who is thought to be at a place and not home yet, at most `MOST`: persons, requests, and how many by stage."""

    persons: tuple[int, ...]
    requests: tuple[int, ...]
    by_stage: Mapping[Stage, int]

    @property
    def print(self) -> str:
        """Return what tells these persons from any others."""
        return hashlib.sha256(json.dumps(self.persons).encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Removed:
    """What came of it: how many were moved, of how many nothing was changed since they are there no longer, and of
    how many the request was withdrawn or erased meanwhile.
    """

    persons: int
    elsewhere: int
    gone: int


def said_by_family(answers: Mapping[str, Any]) -> At:
    """Return where the family says that a person is."""
    return At(answers.get("country") or UNKNOWN, site_of(answers))


def now_at(connection: Connection, request_id: int, person_id: int) -> At | None:
    """Return where a person of this request is thought to be; None where there is no such person."""
    row = connection.execute(
        select(Person.country, Person.site_id).where(Person.id == person_id, Person.request_id == request_id)
    ).one_or_none()
    return At(row.country, row.site_id) if row is not None else None


def say(
    connection: Connection,
    keys: KeyRing,
    request_id: int,
    person_id: int,
    said: Said,
    by: int,
    now: datetime,
) -> None:
    """Say where a person of a request that is locked is."""
    to = said.to
    connection.execute(
        update(Person).where(Person.id == person_id).values(country=to.country, site_id=to.site_id)
    )
    details: dict[str, Any] = {
        "persons": [{"id": person_id, "from": said.seen.to_json()}],
        "to": to.to_json(),
    }
    details |= {"source": said.source, "sure": said.sure}
    wrapped = connection.scalars(select(Request.data_key).where(Request.id == request_id)).one()
    key = keys.data_key(wrapped, Place("request", "data_key", request_id))
    note(connection, Happening(request_id, PLACE_CHANGED, person_id, by, details), now, key)


def words_on(connection: Connection, key: DataKey, request_id: int) -> dict[int, Word]:
    """Return the office's last word on each person of a request of whom it has said anything: one statement."""
    rows = connection.execute(
        select(Event.id, Event.at, Event.account_id, Event.details)
        .where(Event.request_id == request_id, Event.kind == PLACE_CHANGED)
        .order_by(Event.at, Event.id)
    ).all()
    words = {}
    for row in rows:
        details = key.open(row.details, Place("event", "details", row.id))
        for each in details["persons"]:
            words[each["id"]] = Word(details["source"], details["sure"], row.account_id, row.at)
    return words


def held(connection: Connection, sites: Sequence[int], most: int) -> dict[int, int]:
    """Count who is thought to be at each of these places, not home yet, up to one more than `most`: one statement."""
    if not sites:
        return {}
    flush(connection)
    row = connection.execute(select(*(_few_at(site_id, most) for site_id in sites))).one()
    return dict(zip(sites, row, strict=True))


def _few_at(site_id: int, most: int) -> Any:
    found = (
        select(Person.id)
        .join(Request, Request.id == Person.request_id)
        .where(Person.site_id == site_id, Person.stage.in_(ON_THE_WAY), living())
        .limit(most + 1)
    )
    return select(func.count()).select_from(found.subquery()).scalar_subquery()


def everybody_at(connection: Connection, site_id: int) -> Here:
    """Return who would be moved from a place: one statement."""
    return _here(members(connection, Group(Of.SITE, site_id))[:MOST])


def still_there(connection: Connection, removal: Removal) -> Here:
    """Return who of those that were seen would be moved now: one statement."""
    wanted = set(removal.persons)
    rows = members(connection, Group(Of.SITE, removal.of))
    return _here([row for row in rows if row.id in wanted and row.withdrawn_at is None])


def _here(rows: Sequence[Any]) -> Here:
    stages = Counter(row.stage for row in rows)
    return Here(
        tuple(row.id for row in rows),
        tuple(dict.fromkeys(row.request_id for row in rows)),
        {stage: stages[stage] for stage in Stage if stage in stages},
    )


def remove(
    connection: Connection,
    keys: KeyRing,
    removal: Removal,
    by: int,
    approved_by: int,
    approval_id: int,
    now: datetime,
) -> Removed | None:
    """Move these persons to the other place, those who are still thought to be at the one; None where the other is
    not open any more. One event a case; as many statements for thousands as for one.
    """
    flush(connection)
    country = connection.scalar(
        select(Site.country).where(Site.id == removal.to, Site.status == OPEN).with_for_update()
    )
    if country is None:
        return None
    request_keys = moves.lock(connection, keys, removal.persons)
    still = and_(which(Group(Of.SITE, removal.of)), Person.id.in_(removal.persons))
    rows = connection.execute(
        select(Person.id, Person.request_id, Person.country)
        .where(still, Person.request_id.in_(request_keys))
        .order_by(Person.request_id, Person.position)
    ).all()
    to = At(country, removal.to)
    ids = [row.id for row in rows]
    moved = update(Person).where(Person.id.in_(ids))
    connection.execute(moved.values(country=to.country, site_id=to.site_id))
    happened = []
    for request_id, some in groupby(rows, lambda row: row.request_id):
        persons = [{"id": row.id, "from": At(row.country, removal.of).to_json()} for row in some]
        details = {
            "persons": persons,
            "to": to.to_json(),
            "source": "",
            "sure": "",
            "approved_by": approved_by,
        }
        person_id = persons[0]["id"] if len(persons) == 1 else None
        what = Happening(request_id, PLACE_CHANGED, person_id, by, details)
        happened.append((what, request_keys[request_id]))
    note_all(connection, happened, now)
    deeds = [Deed(Action.MANY, by, what.request_id, approval_id) for what, _ in happened]
    audit.record_all(connection, keys, deeds, now)
    gone = gone_of(connection, set(removal.persons) - set(ids))
    return Removed(len(ids), len(removal.persons) - len(ids) - gone, gone)
