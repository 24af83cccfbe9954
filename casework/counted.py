"""What the numbers need of sealed answers: where those who ask live, and about when the persons were born.

Opened once and held ready in memory, never on disk; it follows the history as each change writes an event. It hangs on
the key ring, which forgets it with the keys as soon as something is erased.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, func, select

from casework.countries import plain
from casework.partial_dates import span
from casework.questions import UNKNOWN
from db.gathered import flush
from db.models import Event, Person, Request
from db.sealed import DataKey, KeyRing, Place, SealBroken

AGES = (3, 7, 12, 18, 30, 45, 60)  # years at which a new group begins
WRITTEN = ":"  # stands before a region in a family's words, so that none of them is one of our codes
REST = "rest"  # all that is not named by itself
_YEAR = 365.2425  # days
_MOST_REGIONS = 15
_HELD = "counted"
_AT_ONCE = 500  # ids in one statement
_OVERLAP = 300_000 << 20  # five minutes of ids (db/ids.py): other processes commit later, or their clocks lag


@dataclass(frozen=True, slots=True)
class Counted:
    """One request.

    Attributes:
        region: in the family's words; empty where they did not write it.
        births: for each person the day in the middle of what is known; none where nothing is.
    """

    region: str
    births: tuple[date | None, ...]


class _Held:
    """What is held ready of one database."""

    def __init__(self) -> None:
        self.requests: dict[int, Counted] = {}
        self.newest = 0
        self.seen: set[int] = set()


def follow(connection: Connection, keys: KeyRing) -> list[Counted]:
    """Return every request that is not erased, after taking in what has changed since the last time.

    The first time everything is opened.
    """
    flush(connection)
    held = keys.opened.setdefault(_HELD, _Held())
    alive = set(connection.scalars(select(Request.id).where(Request.erased_at.is_(None))))
    changed = _changed(connection, held)
    missing = alive - held.requests.keys()
    for each in held.requests.keys() - (alive - changed):
        del held.requests[each]
    held.requests |= _open(connection, keys, alive & (changed | missing))
    return list(held.requests.values())


def requests_in(connection: Connection, keys: KeyRing, regions: Collection[str]) -> set[int]:
    """Return the requests of those who live in one of these regions, spelled like this or nearly so."""
    follow(connection, keys)
    wanted = {plain(each) for each in regions}
    held: _Held = keys.opened[_HELD]
    return {request for request, each in held.requests.items() if plain(each.region) in wanted}


def _changed(connection: Connection, held: _Held) -> set[int]:
    """Return the requests with events that were not seen before."""
    newest = held.newest or connection.scalar(select(func.max(Event.id))) or 0
    rows = connection.execute(select(Event.id, Event.request_id).where(Event.id > newest - _OVERLAP)).all()
    fresh = {row.request_id for row in rows if row.id not in held.seen}
    held.newest = max([newest, *(row.id for row in rows)])
    held.seen = {row.id for row in rows if row.id > held.newest - _OVERLAP}
    return fresh


def _open(connection: Connection, keys: KeyRing, wanted: set[int]) -> dict[int, Counted]:
    ids = sorted(wanted)
    opened: dict[int, Counted] = {}
    for start in range(0, len(ids), _AT_ONCE):
        opened.update(_open_some(connection, keys, ids[start : start + _AT_ONCE]))
    return opened


def _open_some(connection: Connection, keys: KeyRing, ids: list[int]) -> Iterator[tuple[int, Counted]]:
    requests = connection.execute(
        select(Request.id, Request.data_key, Request.details).where(Request.id.in_(ids))
    ).all()
    persons = connection.execute(
        select(Person.id, Person.request_id, Person.details)
        .where(Person.request_id.in_(ids))
        .order_by(Person.request_id)
    ).all()
    of_request = {each: list(rows) for each, rows in groupby(persons, lambda row: row.request_id)}
    for row in requests:
        try:
            yield row.id, _counted(keys, row, of_request.get(row.id, ()))
        except SealBroken:
            # Whoever opens the case is told; until then it counts as one of which nothing is known.
            yield row.id, Counted("", (None,) * len(of_request.get(row.id, ())))


def _counted(keys: KeyRing, row: Any, persons: Iterable[Any]) -> Counted:
    key = keys.data_key(row.data_key, Place("request", "data_key", row.id))
    region = key.open(row.details, Place("request", "details", row.id))["requester"].get("region")
    births = tuple(_birth(key, person) for person in persons)
    return Counted(region if isinstance(region, str) and region != UNKNOWN else "", births)


def _birth(key: DataKey, person: Any) -> date | None:
    birth = key.open(person.details, Place("person", "details", person.id)).get("birth")
    if not isinstance(birth, dict) or "edtf" not in birth:
        return None
    first, last = span(birth["edtf"])
    return first + (last - first) / 2


def ages(opened: Iterable[Counted], today: date) -> dict[str, int]:
    """Count persons by age group, by its number; of a birth that is known roughly, the middle counts."""
    found = Counter(
        bisect_right(AGES, (today - born).days / _YEAR) if born is not None else -1
        for each in opened
        for born in each.births
    )
    return {str(number): found[number] for number in range(len(AGES) + 1)} | {UNKNOWN: found[-1]}


def regions(opened: Iterable[Counted], fewest: int) -> dict[str, int]:
    """Count requests by where those who ask live; spellings that differ by little count as one.

    Args:
        fewest: regions with fewer are not named, since a family's own words may tell who it is.
    """
    found: Counter[str] = Counter()
    spelled: dict[str, Counter[str]] = {}
    for written, n in Counter(each.region for each in opened).items():
        key = plain(written)
        found[key] += n
        spelled.setdefault(key, Counter())[written] += n
    unknown = found.pop("", 0)
    named = [(key, n) for key, n in found.most_common(_MOST_REGIONS) if n >= fewest]
    groups = {WRITTEN + spelled[key].most_common(1)[0][0]: n for key, n in named}
    return groups | {REST: found.total() - sum(groups.values()), UNKNOWN: unknown}
