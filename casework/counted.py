"""What the numbers need of sealed answers: where those who ask live, and about when the persons were born.

Opened once and held ready in memory, never on disk; it follows the history as each change writes an event. It hangs on
the key ring, which forgets it with the keys as soon as something is erased.
"""

import sys
import threading
from bisect import bisect_right
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from functools import lru_cache
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, func, select

from casework.countries import plain
from casework.partial_dates import span
from casework.questions import UNKNOWN
from casework.seen_events import SeenEvents
from db.gathered import flush
from db.models import Person, Request
from db.sealed import DataKey, KeyRing, Place, SealBroken

AGES = (3, 7, 12, 18, 30, 45, 60)  # years at which a new group begins
WRITTEN = ":"  # stands before a region in a family's words, so that none of them is one of our codes
REST = "rest"  # all that is not named by itself
_YEAR = 365.2425  # days
_MOST_REGIONS = 15
_HELD = "counted"
_AT_ONCE = 500  # ids in one statement


# A request: the region in the family's words (empty where they did not write it), and behind it for each person the
# day in the middle of what is known of their birth, as its ordinal; none where nothing is.
Counted = tuple[str, *tuple[int | None, ...]]


class Held:
    """What is held ready of one database: each request, and how many there are of each kind.

    Attributes:
        regions: requests by the region as it is written.
        births: persons by the day of birth.
    """

    def __init__(self) -> None:
        self.lock = threading.Lock()  # held while it follows the history: the first time that takes long
        self.requests: dict[int, Counted] = {}
        self.regions: Counter[str] = Counter()
        self.births: Counter[int | None] = Counter()
        self.events = SeenEvents()

    def put(self, request_id: int, counted: Counted) -> None:
        self.drop(request_id)
        self.requests[request_id] = counted
        self.regions[counted[0]] += 1
        self.births.update(counted[1:])

    def drop(self, request_id: int) -> None:
        counted = self.requests.pop(request_id, None)
        if counted is not None:
            self.regions[counted[0]] -= 1
            self.births.subtract(counted[1:])


def follow(connection: Connection, keys: KeyRing) -> Held:
    """Return what is held ready of every request that is not erased, after taking in what has changed since.

    The first time everything is opened.
    """
    flush(connection)
    held: Held = keys.opened.setdefault(_HELD, Held())
    with held.lock:
        try:
            _follow(connection, keys, held)
        except BaseException:  # what was read in part may be missing for ever
            keys.opened.pop(_HELD, None)
            raise
    return held


def _follow(connection: Connection, keys: KeyRing, held: Held) -> None:
    if held.events.newest is None:
        held.events.begin(connection)
    else:
        _renew(connection, keys, held, held.events.changed(connection))
    if len(held.requests) != _alive(connection):
        # The first time; or something was erased, which other processes are told only after a moment.
        alive = set(connection.scalars(select(Request.id).where(Request.erased_at.is_(None))))
        for each in held.requests.keys() - alive:
            held.drop(each)
        _renew(connection, keys, held, alive - held.requests.keys())


def requests_in(connection: Connection, keys: KeyRing, regions: Collection[str]) -> set[int]:
    """Return the requests of those who live in one of these regions, spelled like this or nearly so."""
    held = follow(connection, keys)
    wanted = {plain(each) for each in regions}
    written = {each for each in held.regions if plain(each) in wanted}
    return {request for request, each in held.requests.items() if each[0] in written}


def _alive(connection: Connection) -> int:
    return (
        connection.scalar(select(func.count()).select_from(Request).where(Request.erased_at.is_(None))) or 0
    )


def _renew(connection: Connection, keys: KeyRing, held: Held, wanted: set[int]) -> None:
    """Open these anew; of those that are erased nothing is kept."""
    ids = sorted(wanted)
    for start in range(0, len(ids), _AT_ONCE):
        some = ids[start : start + _AT_ONCE]
        opened = dict(_open_some(connection, keys, some))
        for request_id in some:
            if request_id in opened:
                held.put(request_id, opened[request_id])
            else:
                held.drop(request_id)


def _open_some(connection: Connection, keys: KeyRing, ids: list[int]) -> Iterator[tuple[int, Counted]]:
    standing = Request.erased_at.is_(None)
    requests = connection.execute(
        select(Request.id, Request.data_key, Request.details).where(Request.id.in_(ids), standing)
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
            yield row.id, ("", *(None for _ in of_request.get(row.id, ())))


def _counted(keys: KeyRing, row: Any, persons: Iterable[Any]) -> Counted:
    key = keys.data_key(row.data_key, Place("request", "data_key", row.id))
    region = key.open(row.details, Place("request", "details", row.id))["requester"].get("region")
    written = sys.intern(region) if isinstance(region, str) and region != UNKNOWN else ""
    return (written, *(_birth(key, person) for person in persons))


def _birth(key: DataKey, person: Any) -> int | None:
    birth = key.open(person.details, Place("person", "details", person.id)).get("birth")
    if not isinstance(birth, dict) or "edtf" not in birth:
        return None
    return _middle(birth["edtf"])


@lru_cache(maxsize=50_000)  # there are not many more days of birth than that
def _middle(edtf: str) -> int:
    first, last = span(edtf)
    return (first + (last - first) / 2).toordinal()


def ages(births: Mapping[int | None, int], today: date) -> dict[str, int]:
    """Count persons by age group, by its number; of a birth that is known roughly, the middle counts."""
    found = Counter[int]()
    for born, n in births.items():
        found[bisect_right(AGES, (today.toordinal() - born) / _YEAR) if born is not None else -1] += n
    return {str(number): found[number] for number in range(len(AGES) + 1)} | {UNKNOWN: found[-1]}


def regions(written: Mapping[str, int], fewest: int) -> dict[str, int]:
    """Count requests by where those who ask live; spellings that differ by little count as one.

    Args:
        written: how many wrote it like this.
        fewest: regions with fewer are not named, since a family's own words may tell who it is.
    """
    found: Counter[str] = Counter()
    spelled: dict[str, Counter[str]] = {}
    for region, n in written.items():
        if n:
            key = plain(region)
            found[key] += n
            spelled.setdefault(key, Counter())[region] += n
    unknown = found.pop("", 0)
    named = [(key, n) for key, n in found.most_common(_MOST_REGIONS) if n >= fewest]
    groups = {WRITTEN + spelled[key].most_common(1)[0][0]: n for key, n in named}
    return groups | {REST: found.total() - sum(groups.values()), UNKNOWN: unknown}
