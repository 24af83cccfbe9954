"""Which cases are about to be erased, and which an admin keeps from it: for /expiring, soonest first."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, func, select

from casework import expiry
from casework.expiry import Expiry, Periods
from db.models import Request
from db.sealed import KeyRing, Place


@dataclass(frozen=True)
class Line:
    """One case of the list. No name: the list is no record of anybody."""

    reference: str
    expiry: Expiry


def count(connection: Connection, holder_id: int | None) -> int:
    """Count the cases that staff were warned of; of one holder, or all."""
    return connection.scalar(select(func.count()).where(*_warned(holder_id))) or 0


def warned(
    connection: Connection, keys: KeyRing, periods: Periods, holder_id: int | None, first: int, number: int
) -> list[Line]:
    """Return some of the cases that staff were warned of, from this one on (0 is the first)."""
    return _lines(connection, keys, periods, _warned(holder_id), first, number)


def held(connection: Connection, keys: KeyRing, periods: Periods, first: int, number: int) -> list[Line]:
    """Return some of the cases that must not be erased."""
    kept = [Request.erased_at.is_(None), Request.kept_by_id.is_not(None)]
    return _lines(connection, keys, periods, kept, first, number)


def _warned(holder_id: int | None) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = [
        Request.erased_at.is_(None),
        Request.kept_by_id.is_(None),
        Request.warned_at.is_not(None),
    ]
    return wanted if holder_id is None else [*wanted, Request.holder_id == holder_id]


def _lines(
    connection: Connection,
    keys: KeyRing,
    periods: Periods,
    wanted: Sequence[ColumnElement[bool]],
    first: int,
    number: int,
) -> list[Line]:
    rows = connection.execute(
        select(Request.id, Request.data_key, Request.details)
        .where(*wanted)
        .order_by(Request.warned_at, Request.id)
        .offset(first)
        .limit(number)
    ).all()
    found = {each.request_id: each for each in expiry.of(connection, [row.id for row in rows], periods)}
    lines = []
    for row in rows:
        key = keys.data_key(row.data_key, Place("request", "data_key", row.id))
        reference = key.open(row.details, Place("request", "details", row.id))["reference"]
        lines.append(Line(reference, found[row.id]))
    return lines
