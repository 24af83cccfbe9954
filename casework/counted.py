"""What the numbers need of every request: when it was filed, in what language and region, whether somebody still waits;
and of each person the stage, the country, and about when they were born.

Read and opened once and held ready in memory, never on disk; it follows the history as each change writes an event, and
so does every sum. It hangs on the key ring, which forgets it with the keys as soon as something is erased.
"""

import sys
import threading
from bisect import bisect_right
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from functools import lru_cache, partial
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, func, select

from casework.countries import plain
from casework.partial_dates import span
from casework.questions import UNKNOWN
from casework.reading import NotReadYet
from casework.seen_events import SeenEvents
from casework.stages import Stage
from db.gathered import Gathered, flush
from db.models import Person, Request
from db.sealed import DataKey, KeyRing, Place, SealBroken

AGES = (3, 7, 12, 18, 30, 45, 60)  # years at which a new group begins
WRITTEN = ":"  # stands before a region in a family's words, so that none of them is one of our codes
REST = "rest"  # all that is not named by itself
# Nobody waits for these any more.
OVER = frozenset(tuple(Stage)[tuple(Stage).index(Stage.ARRIVED) : tuple(Stage).index(Stage.CLOSED) + 1]) | {
    Stage.DUPLICATE,
    Stage.WITHDRAWN,
    Stage.TRANSFERRED,
    Stage.DECEASED,
}
_YEAR = 365.2425  # days
_MOST_REGIONS = 15
_HELD = "counted"
_AT_ONCE = 500  # ids in one statement
_QUARTER = 900  # seconds: midnight is at the beginning of a quarter of an hour in every zone


# A request: the region in the family's words (empty where they did not write it), the language, the quarter of an hour
# in which it was filed, and whether somebody in it still waits. Behind these for each person: the stage, the country,
# and the day in the middle of what is known of their birth, as its ordinal; none where nothing is.
Counted = tuple[str, str, int, bool, *tuple[Any, ...]]


class Held:
    """What is held ready of one database: each request, and how many there are of each kind.

    Attributes:
        read: whether everything was read once.
        erased: how many requests were erased when it was looked at last.
        regions, languages: requests by the region as it is written, and by language.
        filed: requests by the quarter of an hour in which they were filed.
        waiting: those of them in which somebody still waits.
        stages, countries, births: persons by stage, by country, and by the day of birth.
    """

    def __init__(self) -> None:
        self.lock = threading.Lock()  # held while it follows the history, and while somebody counts
        self.read, self.erased = False, 0
        self.requests: dict[int, Counted] = {}
        self.regions, self.languages = Counter[str](), Counter[str]()
        self.filed, self.waiting = Counter[int](), Counter[int]()
        self.stages, self.countries = Counter[str](), Counter[str]()
        self.births = Counter[int | None]()
        self.events = SeenEvents()

    def put(self, request_id: int, counted: Counted) -> None:
        self.drop(request_id)
        self.requests[request_id] = counted
        self._add(counted, 1)

    def drop(self, request_id: int) -> None:
        counted = self.requests.pop(request_id, None)
        if counted is not None:
            self._add(counted, -1)

    def _add(self, counted: Counted, n: int) -> None:
        region, language, filed, waits, *persons = counted
        _more(self.regions, region, n)
        _more(self.languages, language, n)
        _more(self.filed, filed, n)
        if waits:
            _more(self.waiting, filed, n)
        by_place: tuple[Counter[Any], ...] = (self.stages, self.countries, self.births)
        for first, sums in enumerate(by_place):
            for each in persons[first :: len(by_place)]:
                _more(sums, each, n)


def _more(sums: Counter[Any], which: Any, n: int) -> None:
    """Add to one of the sums; what nobody is left of is not kept."""
    sums[which] += n
    if not sums[which]:
        del sums[which]


def quarter(moment: datetime) -> int:
    """Return the quarter of an hour that a moment lies in."""
    return int(moment.timestamp() // _QUARTER)


@contextmanager
def following(connection: Connection, keys: KeyRing) -> Iterator[Held]:
    """Give what is held ready of every request that is not erased, after taking in what has changed since; nobody
    changes it until the block ends. The first time everything is opened.

    Raises:
        NotReadYet: it would be the first time, in the writer.
    """
    flush(connection)
    held: Held = keys.opened.setdefault(_HELD, Held())
    if not held.read and Gathered.of(connection) is not None:
        raise NotReadYet(_HELD, partial(_read_ahead, keys=keys))
    with held.lock:
        try:
            _follow(connection, keys, held)
            held.read = True
        except BaseException:  # what was read in part may be missing for ever
            keys.opened.pop(_HELD, None)
            raise
        yield held


def _read_ahead(connection: Connection, keys: KeyRing) -> None:
    with following(connection, keys):
        pass


def _follow(connection: Connection, keys: KeyRing, held: Held) -> None:
    if held.events.newest is None:
        held.events.begin(connection)
    else:
        _renew(connection, keys, held, held.events.changed(connection))
    erased = _erased(connection)
    if not held.read or erased != held.erased:
        # The first time; or something was erased, which other processes are told only after a moment.
        held.erased = erased
        alive = set(connection.scalars(select(Request.id).where(Request.erased_at.is_(None))))
        for each in held.requests.keys() - alive:
            held.drop(each)
        _renew(connection, keys, held, alive - held.requests.keys())


def requests_in(connection: Connection, keys: KeyRing, regions: Collection[str]) -> set[int]:
    """Return the requests of those who live in one of these regions, spelled like this or nearly so."""
    wanted = {plain(each) for each in regions}
    with following(connection, keys) as held:
        written = {each for each in held.regions if plain(each) in wanted}
        return {request for request, each in held.requests.items() if each[0] in written}


def _erased(connection: Connection) -> int:
    return connection.scalar(select(func.count()).where(Request.erased_at.is_not(None))) or 0


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
        select(
            Request.id,
            Request.data_key,
            Request.details,
            Request.language,
            Request.created_at,
            Request.withdrawn_at,
        ).where(Request.id.in_(ids), standing)
    ).all()
    persons = connection.execute(
        select(Person.id, Person.request_id, Person.details, Person.stage, Person.country)
        .where(Person.request_id.in_(ids))
        .order_by(Person.request_id)
    ).all()
    of_request = {each: list(rows) for each, rows in groupby(persons, lambda row: row.request_id)}
    for row in requests:
        yield row.id, _counted(keys, row, of_request.get(row.id, []))


def _counted(keys: KeyRing, row: Any, persons: list[Any]) -> Counted:
    waits = row.withdrawn_at is None and any(each.stage not in OVER for each in persons)
    region, births = _opened(keys, row, persons)
    standing = (
        part
        for person, birth in zip(persons, births, strict=True)
        for part in (sys.intern(person.stage), sys.intern(person.country), birth)
    )
    return (sys.intern(region), sys.intern(row.language), _one(quarter(row.created_at)), waits, *standing)


def _opened(keys: KeyRing, row: Any, persons: Iterable[Any]) -> tuple[str, list[int | None]]:
    """Return the region and the births. Of a case whose seal is broken nothing is known here; whoever opens
    it is told.
    """
    try:
        key = keys.data_key(row.data_key, Place("request", "data_key", row.id))
        region = key.open(row.details, Place("request", "details", row.id))["requester"].get("region")
        births = [_birth(key, person) for person in persons]
    except SealBroken:
        return "", [None for _ in persons]
    return region if isinstance(region, str) and region != UNKNOWN else "", births


@lru_cache(maxsize=100_000)  # quarters of an hour: some years of them
def _one(number: int) -> int:
    """Return one and the same object for equal numbers: a million requests hold far fewer."""
    return number


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
