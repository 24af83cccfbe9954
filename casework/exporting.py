"""What goes into an export: requests whose family allows that this recipient sees them, and nothing else of them.

Sharing is what the family chose in the block `sharing` (privacy rule 12): a request that was not answered there is not
shown to anybody. Where the family asks to keep something from somebody, in its own words, no program can tell what may
be shown: such a request is left out, and counted, for staff to show it one by one. Health, the mother's case, the
family's story, telephone numbers and whatever else is sensitive are in no export.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Self

from sqlalchemy import ColumnElement, Connection, and_, exists, select

from casework import audit
from casework.audit import Deed
from casework.dossiers import Answers
from casework.stages import Stage
from db.gathered import flush
from db.models import Person, Request, Site
from db.sealed import DataKey, KeyRing, Place, SealBroken

EXPORTED = "exported"  # in the audit log, for each request that left
MOST = 2_000  # requests in one file: they are opened in one turn; whoever needs more narrows it
_MAY, _NOT_ALLOWED, _KEPT_BACK = "may", "not_allowed", "kept_back"
_AT_ONCE = 500  # ids in one statement


class Recipient(StrEnum):
    """For whom an export is: the questions of the block `sharing` have the same names."""

    AUTHORITIES = "authorities"
    RED_CROSS = "red_cross"
    PARTNERS = "partners"


@dataclass(frozen=True)
class Wanted:
    """Which persons somebody wants in an export; what is empty does not narrow it.

    Attributes:
        country: ISO 3166, or "unknown".
        site_id: a place of the list that staff keep.
    """

    recipient: str
    stage: str = ""
    country: str = ""
    site_id: int | None = None

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> Self:
        return cls(**stored)

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class Selection:
    """What an export would hold.

    Attributes:
        request_ids: those that may be shown, the oldest first.
        persons: how many persons of theirs are wanted.
        not_allowed: requests left out because the family did not say yes.
        kept_back: those left out because something is to be kept from somebody.
    """

    request_ids: tuple[int, ...]
    persons: int
    not_allowed: int
    kept_back: int

    @property
    def left_out(self) -> int:
        return self.not_allowed + self.kept_back


@dataclass(frozen=True)
class Left:
    """Who gets an export, by which approval, and when."""

    by: int
    approval_id: int
    moment: datetime


@dataclass(frozen=True)
class Line:
    """One person of an export, and who asks for them; at which country and place of the list the office has them."""

    request_id: int
    reference: str
    filed: datetime
    requester: Answers
    answers: Answers
    stage: Stage
    since: datetime
    country: str
    site: str | None


def select_for(connection: Connection, keys: KeyRing, wanted: Wanted) -> Selection:
    """Look which requests would be in an export. Opens every request that has such persons."""
    found = Counter[str]()
    allowed = []
    for row, _, details in _opened(connection, keys, _ids(connection, wanted)):
        verdict = _verdict(details, wanted)
        found[verdict] += 1
        if verdict == _MAY:
            allowed.append(row.id)
    persons = sum(len(each) for each in _persons(connection, wanted, allowed).values())
    return Selection(tuple(allowed), persons, found[_NOT_ALLOWED], found[_KEPT_BACK])


def release(
    connection: Connection, keys: KeyRing, wanted: Wanted, request_ids: Sequence[int], left: Left
) -> list[int]:
    """Let go what was approved and may still be shown; write each into the audit log, and return them.

    Args:
        request_ids: what was asked for and approved; nothing beside it gets in.
    """
    lines = lines_of(connection, keys, wanted, request_ids)
    released = list(dict.fromkeys(line.request_id for line in lines))
    deeds = [Deed(EXPORTED, left.by, request_id, left.approval_id) for request_id in released]
    audit.record_all(connection, keys, deeds, left.moment)
    return released


def lines_of(connection: Connection, keys: KeyRing, wanted: Wanted, request_ids: Sequence[int]) -> list[Line]:
    """Open those of these requests that may be shown now, the oldest first."""
    flush(connection)
    persons = _persons(connection, wanted, request_ids)
    lines: list[Line] = []
    for row, key, details in _opened(connection, keys, [each for each in request_ids if each in persons]):
        if _verdict(details, wanted) == _MAY:
            lines += _lines(row, key, details, persons[row.id])
    return lines


def countries_in_use(connection: Connection) -> list[str]:
    """Return the countries in which anybody is thought to be."""
    return sorted(
        connection.scalars(
            select(Person.country)
            .join(Request, Request.id == Person.request_id)
            .where(Request.erased_at.is_(None))
            .distinct()
        )
    )


def _verdict(details: dict[str, Any], wanted: Wanted) -> str:
    sharing = (details.get("entries", {}).get("sharing") or [{}])[0]
    if sharing.get(wanted.recipient) != "yes":
        return _NOT_ALLOWED
    return _KEPT_BACK if sharing.get("withhold") else _MAY


def _lines(row: Any, key: DataKey, details: dict[str, Any], persons: Sequence[Any]) -> Iterator[Line]:
    for each in persons:
        with suppress(SealBroken):  # whoever opens the case is told of it
            answers = key.open(each.details, Place("person", "details", each.id))
            yield Line(
                row.id,
                details["reference"],
                row.created_at,
                details["requester"],
                answers,
                Stage(each.stage),
                each.stage_since,
                each.country,
                each.site,
            )


def _ids(connection: Connection, wanted: Wanted) -> list[int]:
    flush(connection)
    which = exists().where(Person.request_id == Request.id, _those(wanted))
    return list(
        connection.scalars(
            select(Request.id).where(_living(), which).order_by(Request.created_at, Request.id)
        )
    )


def _opened(
    connection: Connection, keys: KeyRing, ids: Sequence[int]
) -> Iterator[tuple[Any, DataKey, dict[str, Any]]]:
    """Open these requests in their order; those that are gone, or do not open, are left out."""
    for some in _in_parts(ids):
        rows = connection.execute(
            select(Request.id, Request.data_key, Request.details, Request.created_at)
            .where(Request.id.in_(some), _living())
            .order_by(Request.created_at, Request.id)
        ).all()
        for row in rows:
            with suppress(SealBroken):
                key = keys.data_key(row.data_key, Place("request", "data_key", row.id))
                yield row, key, key.open(row.details, Place("request", "details", row.id))


def _persons(connection: Connection, wanted: Wanted, ids: Sequence[int]) -> dict[int, list[Any]]:
    """Return the wanted persons of each of these requests, in the order the family named them."""
    found: dict[int, list[Any]] = {}
    for some in _in_parts(ids):
        rows = connection.execute(
            select(
                Person.id,
                Person.request_id,
                Person.stage,
                Person.stage_since,
                Person.details,
                Person.country,
                Site.name.label("site"),
            )
            .outerjoin(Site, Site.id == Person.site_id)
            .where(Person.request_id.in_(some), _those(wanted))
            .order_by(Person.request_id, Person.position)
        )
        for row in rows:
            found.setdefault(row.request_id, []).append(row)
    return found


def _in_parts(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    return (ids[start : start + _AT_ONCE] for start in range(0, len(ids), _AT_ONCE))


def _living() -> ColumnElement[bool]:
    return and_(Request.erased_at.is_(None), Request.withdrawn_at.is_(None))


def _those(wanted: Wanted) -> ColumnElement[bool]:
    """Whom an export is about. Who was withdrawn is in none."""
    which = [Person.stage != Stage.WITHDRAWN.value]
    which += [Person.stage == wanted.stage] if wanted.stage else []
    which += [Person.country == wanted.country] if wanted.country else []
    which += [Person.site_id == wanted.site_id] if wanted.site_id is not None else []
    return and_(*which)
