"""The list of places that staff keep. A place closes or moves; what families said of it stays.

What changes the list stands in casework/place_list.py, who is thought to be where in casework/whereabouts.py.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, insert, select

from casework.questions import UNKNOWN
from casework.words import N_
from db.ids import new_id
from db.models import Setting, Site

OPEN, CLOSED, MOVED = "open", "closed", "moved"
KINDS = ("prison", "camp", "orphanage", "hospital")  # codes of the question `place_kind`
MOST_OFFERED = 30  # to a family on one screen, the open ones first: any other is written by name
_PLANTED = "places_planted"
# What the list begins with (public reporting, see domain.md). Staff change it; it is never planted twice.
_FIRST = (
    ("SY", "camp", N_("Al-Hol camp"), CLOSED),  # emptied and closed in February 2026
    ("SY", "camp", N_("Roj camp"), OPEN),
    ("IQ", "prison", N_("Rusafa prison, Baghdad"), OPEN),
)
# Names that are sentences of the catalogues. Any other is the office's own and must not be looked up there.
TRANSLATED = frozenset(name for _, _, name, _ in _FIRST)


@dataclass(frozen=True)
class Listed:
    """A place as a family is offered it; what it is called is staff's own word, or one of `TRANSLATED`."""

    id: int
    called: str
    closed: bool


@dataclass(frozen=True)
class Known:
    """A place as staff see it.

    Attributes:
        country: ISO 3166.
        kind: one of `KINDS`.
        moved_to: the place that took over from it, where its status is `MOVED`.
    """

    id: int
    country: str
    kind: str
    called: str
    status: str
    moved_to: int | None


def plant(connection: Connection) -> None:
    """Write the first places into a database that has never had any."""
    if connection.scalar(select(Setting.name).where(Setting.name == _PLANTED)) is not None:
        return
    connection.execute(insert(Setting), {"name": _PLANTED, "value": b"yes"})
    for country, kind, name, status in _FIRST:
        row = {"id": new_id(), "country": country, "kind": kind, "name": name, "status": status}
        connection.execute(insert(Site), row)


def offered(connection: Connection, country: str | None) -> list[Listed]:
    """Return the places of a country, all where it is not known; a closed one may still be the last known.

    At most `MOST_OFFERED`.
    """
    wanted = select(Site.id, Site.name.label("written"), Site.status)
    if country not in {None, UNKNOWN}:
        wanted = wanted.where(Site.country == country)
    rows = connection.execute(wanted.order_by(Site.status.desc(), Site.name).limit(MOST_OFFERED)).all()
    return [Listed(row.id, row.written, row.status != OPEN) for row in rows]


def known(connection: Connection) -> list[Known]:
    """Return the whole list as staff see it."""
    rows = connection.execute(select(Site.__table__).order_by(Site.status.desc(), Site.name)).all()
    return [_known(row) for row in rows]


def get(connection: Connection, site_id: int) -> Known | None:
    row = connection.execute(select(Site.__table__).where(Site.id == site_id)).one_or_none()
    return _known(row) if row is not None else None


def name_of(connection: Connection, site_id: int) -> str | None:
    name: str | None = connection.scalar(select(Site.name).where(Site.id == site_id))
    return name


def names_of(connection: Connection, sites: Collection[int]) -> dict[int, str]:
    """Return what these places are called: one query."""
    rows = connection.execute(select(Site.id, Site.name.label("called")).where(Site.id.in_(sites))).all()
    return {row.id: row.called for row in rows}


def site_of(answers: Mapping[str, Any]) -> int | None:
    """Return the place on the list that a person's answers name; None where it was told in free words."""
    place = answers.get("place")
    return place.get("site") if isinstance(place, dict) else None


def _known(row: Any) -> Known:
    return Known(row.id, row.country, row.kind, row.name, row.status, row.moved_to_id)
