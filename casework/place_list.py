"""Changing the list of places: what staff add, rename, close, open again, or say has moved. Nothing is taken out."""

from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from casework import audit, places
from casework.audit import Deed
from casework.listed_names import folded
from casework.places import CLOSED, MOVED, OPEN, Known
from db.ids import new_id
from db.models import Site
from db.sealed import KeyRing


def add(
    connection: Connection, keys: KeyRing, country: str, kind: str, called: str, by: int, now: datetime
) -> int:
    """Put a place on the list; return its id."""
    site_id = new_id()
    row = {"id": site_id, "country": country, "kind": kind, "name": called, "status": OPEN}
    connection.execute(insert(Site), row)
    _record(connection, keys, "added", site_id, by, now)
    return site_id


def rename(connection: Connection, keys: KeyRing, site_id: int, called: str, by: int, now: datetime) -> bool:
    """Call a place by another name; False where there is none. What families chose it for reads so from now on."""
    return _change(connection, keys, site_id, "renamed", by, now, name=called)


def close(connection: Connection, keys: KeyRing, site_id: int, by: int, now: datetime) -> bool:
    """Close a place that is open; False where it is not. Families may still say that somebody was there."""
    if not _locked(connection, site_id, OPEN):
        return False
    return _change(connection, keys, site_id, "closed", by, now, status=CLOSED)


def reopen(connection: Connection, keys: KeyRing, site_id: int, by: int, now: datetime) -> bool:
    """Open a place again that is not open; False where it is. It has moved nowhere any more."""
    if not _locked(connection, site_id, CLOSED, MOVED):
        return False
    return _change(connection, keys, site_id, "opened", by, now, status=OPEN, moved_to_id=None)


def move_to(connection: Connection, keys: KeyRing, site_id: int, to: int, by: int, now: datetime) -> bool:
    """Say that a place has moved to another one, which has to be open; False where one of them is not fit for it.

    An open place has moved nowhere, so following from place to place never leads in a circle. Both are locked, that
    of two who say it of two places at once one is right.
    """
    wanted = select(Site.id, Site.status).where(Site.id.in_((site_id, to))).order_by(Site.id)
    both = {row.id: row.status for row in connection.execute(wanted.with_for_update())}
    if site_id == to or site_id not in both or both.get(to) != OPEN:
        return False
    return _change(connection, keys, site_id, "moved", by, now, status=MOVED, moved_to_id=to)


def alike(connection: Connection, country: str, called: str, but: int | None = None) -> Known | None:
    """Return a place of the country that is called the same, whatever its case, marks and signs."""
    same = folded(called)
    found = (each for each in places.known(connection) if each.country == country and each.id != but)
    return next((each for each in found if folded(each.called) == same), None)


def _locked(connection: Connection, site_id: int, *statuses: str) -> bool:
    """Lock the place; False where it stands in none of these ways."""
    wanted = select(Site.id).where(Site.id == site_id, Site.status.in_(statuses)).with_for_update()
    return connection.scalar(wanted) is not None


def _change(
    connection: Connection, keys: KeyRing, site_id: int, what: str, by: int, now: datetime, **values: object
) -> bool:
    if not connection.execute(update(Site).where(Site.id == site_id).values(**values)).rowcount:
        return False
    _record(connection, keys, what, site_id, by, now)
    return True


def _record(connection: Connection, keys: KeyRing, what: str, site_id: int, by: int, now: datetime) -> None:
    audit.record(connection, keys, Deed(f"place_{what}", by, subject_id=site_id), now)
