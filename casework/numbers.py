"""Counts over all requests that are not erased: what /stats shows.

Whoever may not read cases must not learn of single families by counting them: groups under `FEWEST` are veiled, and
so much else with them that they do not follow from the total either (casework/veils.py).
"""

from bisect import bisect_right
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from casework import counted
from casework.counted import REST, quarter
from casework.questions import UNKNOWN
from casework.stages import Stage
from casework.veils import FEWEST, Hidden, veiled
from db.sealed import KeyRing

WEEKS = 12
FUNNEL = tuple(Stage)[: tuple(Stage).index(Stage.CLOSED) + 1]  # the way home, in its order
SIDE = tuple(Stage)[len(FUNNEL) :]
WAITS = (30, 90, 180, 365, 730)  # days since filing at which a new group begins


class Sort(StrEnum):
    """What the numbers can be looked at by."""

    WEEKS = "weeks"
    STAGES = "stages"
    AGES = "ages"
    WAITING = "waiting"
    COUNTRIES = "countries"
    REGIONS = "regions"
    LANGUAGES = "languages"


class Unit(StrEnum):
    """What is counted."""

    REQUESTS = "requests"
    PERSONS = "persons"


_OF_PERSONS = {Sort.STAGES, Sort.AGES, Sort.COUNTRIES}
UNITS = {sort: Unit.PERSONS if sort in _OF_PERSONS else Unit.REQUESTS for sort in Sort}


@dataclass(frozen=True)
class Group:
    """So many of one kind.

    Attributes:
        code: a week's Monday (ISO), a stage, the number of an age or waiting group ("0" is the first), ISO 3166, a
            language; of a region what families wrote, behind `counted.WRITTEN`. `REST` for all others, "unknown" where
            nothing is known.
    """

    code: str
    count: int | Hidden


@dataclass(frozen=True)
class Numbers:
    """Every count, at one moment. The groups of each view make up all requests, or all persons."""

    totals: Mapping[Unit, int | Hidden]
    views: Mapping[Sort, tuple[Group, ...]]

    def together(self, sort: Sort, codes: Collection[str]) -> int | None:
        """Add up some groups of a view; None where one of them is hidden."""
        found = [group.count for group in self.views[sort] if group.code in codes]
        known = [n for n in found if not isinstance(n, Hidden)]
        return sum(known) if len(known) == len(found) else None


Found = Mapping[Sort, Mapping[str, int]]


def count(connection: Connection, keys: KeyRing, now: datetime, zone: ZoneInfo, *, veil: bool) -> Numbers:
    """Count. It takes no longer the more requests there are, but for those that changed since the last time.

    Args:
        zone: in which a week and a birthday begin.
        veil: whether small groups are hidden: for who may not read cases.
    """
    local = now.astimezone(zone)
    with counted.following(connection, keys) as held:
        found = {
            Sort.WEEKS: _weeks(held.filed, local),
            Sort.STAGES: _along_the_way(held.stages),
            Sort.AGES: counted.ages(held.births, local.date()),
            Sort.WAITING: _waiting(held.waiting, len(held.requests), now),
            Sort.COUNTRIES: _largest_first(held.countries),
            Sort.REGIONS: counted.regions(held.regions, FEWEST if veil else 1),
            Sort.LANGUAGES: _largest_first(held.languages),
        }
    shown = {sort: veiled(list(n.values())) if veil else list(n.values()) for sort, n in found.items()}
    return _together(found, shown, _shut(found, shown) if veil else frozenset())


def _shut(found: Found, shown: Mapping[Sort, Sequence[int | Hidden]]) -> frozenset[Unit]:
    """Return of what nothing may be shown: where a whole view is kept its total would tell it, and so would others."""
    few = {UNITS[sort] for sort, groups in found.items() if sum(groups.values()) < FEWEST}
    kept = {UNITS[sort] for sort, counts in shown.items() if set(counts) == {Hidden.KEPT}}
    return frozenset(few | kept)


def _together(found: Found, shown: Mapping[Sort, Sequence[int | Hidden]], shut: frozenset[Unit]) -> Numbers:
    views, totals = {}, {}
    for sort, counts in shown.items():
        unit = UNITS[sort]
        numbers = [Hidden.KEPT] * len(counts) if unit in shut else counts
        views[sort] = tuple(Group(code, n) for code, n in zip(found[sort], numbers, strict=True))
        totals[unit] = Hidden.KEPT if unit in shut else sum(found[sort].values())
    return Numbers(totals, views)


def _weeks(filed: Mapping[int, int], local: datetime) -> dict[str, int]:
    """Count what was filed in each of the last weeks, which begin on Monday at midnight; and what came earlier."""
    this = local.date() - timedelta(days=local.weekday())
    mondays = [this - timedelta(weeks=back) for back in range(WEEKS - 1, -1, -1)]
    begins = [quarter(datetime.combine(day, time(), local.tzinfo)) for day in mondays]
    earlier, *weeks = _grouped(filed, begins)
    return dict(zip([day.isoformat() for day in mondays], weeks, strict=True)) | {REST: earlier}


def _waiting(waiting: Mapping[int, int], requests: int, now: datetime) -> dict[str, int]:
    """Count the requests in which somebody is still on the way, by the time since they were filed, to a quarter of an
    hour; and all others.
    """
    begins = [quarter(now - timedelta(days=days)) + 1 for days in reversed(WAITS)]
    groups = list(reversed(_grouped(waiting, begins)))
    return {str(number): n for number, n in enumerate(groups)} | {REST: requests - sum(groups)}


def _grouped(found: Mapping[int, int], begins: Sequence[int]) -> list[int]:
    """Add up what lies before the first of these quarters of an hour, and from each of them to the next."""
    groups = [0] * (len(begins) + 1)
    for at, n in found.items():
        groups[bisect_right(begins, at)] += n
    return groups


def _along_the_way(found: Mapping[str, int]) -> dict[str, int]:
    """Put every stage of the way home in its order, and behind them the side states that anybody is in."""
    side = {stage.value: found[stage] for stage in SIDE if stage in found}
    return {stage.value: found.get(stage, 0) for stage in FUNNEL} | side


def _largest_first(found: Mapping[str, int]) -> dict[str, int]:
    """Put the largest group first, and last of all those of whom it is not known."""
    return dict(sorted(found.items(), key=lambda each: (each[0] == UNKNOWN, -each[1], each[0])))
