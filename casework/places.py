"""The list of places that staff keep. A place closes or moves; what families said of it stays."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, insert, select

from casework.questions import UNKNOWN
from casework.words import N_
from db.ids import new_id
from db.models import Setting, Site

OPEN, CLOSED = "open", "closed"
_PLANTED = "places_planted"
# What the list begins with (public reporting, see domain.md). Staff change it; it is never planted twice.
_FIRST = (
    ("SY", "camp", N_("Al-Hol camp"), CLOSED),  # emptied and closed in February 2026
    ("SY", "camp", N_("Roj camp"), OPEN),
    ("IQ", "prison", N_("Rusafa prison, Baghdad"), OPEN),
)


@dataclass(frozen=True)
class Listed:
    """A place on the list; what it is called is staff's own word, or one of ours that is translated."""

    id: int
    called: str
    closed: bool


def plant(connection: Connection) -> None:
    """Write the first places into a database that has never had any."""
    if connection.scalar(select(Setting.name).where(Setting.name == _PLANTED)) is not None:
        return
    connection.execute(insert(Setting), {"name": _PLANTED, "value": b"yes"})
    for country, kind, name, status in _FIRST:
        row = {"id": new_id(), "country": country, "kind": kind, "name": name, "status": status}
        connection.execute(insert(Site), row)


def offered(connection: Connection, country: str | None) -> list[Listed]:
    """Return the places of a country, all where it is not known; a closed one may still be the last known."""
    rows = connection.execute(
        select(Site.id, Site.name.label("written"), Site.status, Site.country).order_by(
            Site.status.desc(), Site.name
        )
    ).all()
    anywhere = country in {None, UNKNOWN}
    return [
        Listed(row.id, row.written, row.status != OPEN) for row in rows if anywhere or row.country == country
    ]


def name_of(connection: Connection, site_id: int) -> str | None:
    name: str | None = connection.scalar(select(Site.name).where(Site.id == site_id))
    return name


def site_of(answers: Mapping[str, Any]) -> int | None:
    """Return the place on the list that a person's answers name; None where it was told in free words."""
    place = answers.get("place")
    return place.get("site") if isinstance(place, dict) else None
