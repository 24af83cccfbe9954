"""Counts over all requests that are not erased: what /stats shows.

Whoever may not read cases must not learn of single families by counting them: groups under `FEWEST` are veiled, and
so much else with them that they do not follow from the total either (casework/veils.py).
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Connection, and_, exists, func, select

from casework import counted
from casework.counted import REST
from casework.questions import UNKNOWN
from casework.stages import Stage
from casework.veils import FEWEST, Hidden, veiled
from db.models import Person, Request
from db.sealed import KeyRing

WEEKS = 12
FUNNEL = tuple(Stage)[: tuple(Stage).index(Stage.CLOSED) + 1]  # the way home, in its order
SIDE = tuple(Stage)[len(FUNNEL) :]
# Nobody waits for these any more.
_OVER = {*FUNNEL[FUNNEL.index(Stage.ARRIVED) :], Stage.DUPLICATE, Stage.WITHDRAWN, Stage.TRANSFERRED}
_OVER |= {Stage.DECEASED}
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
    """Count. The queries do not grow with the number of requests, but for those that changed since the last time.

    Args:
        zone: in which a week and a birthday begin.
        veil: whether small groups are hidden: for who may not read cases.
    """
    held = counted.follow(connection, keys)
    languages = _grouped(connection, select(Request.language, func.count()))
    requests = sum(languages.values())
    of_persons = select(Person.stage, func.count()).join(Request, Request.id == Person.request_id)
    found = {
        Sort.WEEKS: _weeks(connection, now.astimezone(zone), requests),
        Sort.STAGES: _along_the_way(_grouped(connection, of_persons)),
        Sort.AGES: counted.ages(held.births, now.astimezone(zone).date()),
        Sort.WAITING: _waiting(connection, now, requests),
        Sort.COUNTRIES: _largest_first(
            _grouped(connection, of_persons.with_only_columns(Person.country, func.count()))
        ),
        Sort.REGIONS: counted.regions(held.regions, FEWEST if veil else 1),
        Sort.LANGUAGES: _largest_first(languages),
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


def _weeks(connection: Connection, local: datetime, requests: int) -> dict[str, int]:
    """Count what was filed in each of the last weeks, which begin on Monday at midnight; and what came earlier."""
    this = local.date() - timedelta(days=local.weekday())
    mondays = [this - timedelta(weeks=back) for back in range(WEEKS - 1, -2, -1)]
    begins = [datetime.combine(day, time(), local.tzinfo) for day in mondays]
    within = [
        and_(Request.created_at >= first, Request.created_at < after) for first, after in pairwise(begins)
    ]
    weeks = _filtered(connection, [day.isoformat() for day in mondays[:-1]], within)
    return weeks | {REST: requests - sum(weeks.values())}


def _waiting(connection: Connection, now: datetime, requests: int) -> dict[str, int]:
    """Count the requests in which somebody is still on the way, by the time since they were filed; and all others."""
    waits = exists().where(Person.request_id == Request.id, Person.stage.not_in(_OVER))
    begins = [now, *(now - timedelta(days=days) for days in WAITS), None]
    within = []
    for newest, oldest in pairwise(begins):
        filed = [Request.created_at <= newest] if newest is not now else []
        filed += [Request.created_at > oldest] if oldest is not None else []
        within.append(and_(Request.withdrawn_at.is_(None), waits, *filed))
    groups = _filtered(connection, [str(number) for number in range(len(within))], within)
    return groups | {REST: requests - sum(groups.values())}


def _filtered(
    connection: Connection, codes: Sequence[str], which: Sequence[ColumnElement[bool]]
) -> dict[str, int]:
    wanted = [func.count().filter(each) for each in which]
    row = connection.execute(select(*wanted).select_from(Request).where(Request.erased_at.is_(None))).one()
    return dict(zip(codes, row, strict=True))


def _grouped(connection: Connection, counts: Any) -> dict[str, int]:
    """Count by the first column what is not erased."""
    by = counts.selected_columns[0]
    rows = connection.execute(counts.where(Request.erased_at.is_(None)).group_by(by)).all()
    return {row[0]: row[1] for row in rows}


def _along_the_way(found: Mapping[str, int]) -> dict[str, int]:
    """Put every stage of the way home in its order, and behind them the side states that anybody is in."""
    side = {stage.value: found[stage] for stage in SIDE if stage in found}
    return {stage.value: found.get(stage, 0) for stage in FUNNEL} | side


def _largest_first(found: Mapping[str, int]) -> dict[str, int]:
    """Put the largest group first, and last of all those of whom it is not known."""
    return dict(sorted(found.items(), key=lambda each: (each[0] == UNKNOWN, -each[1], each[0])))
