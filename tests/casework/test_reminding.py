"""Five years of reminders in twenty time zones: each occurrence once, none in quiet hours, whatever clocks do."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine, insert, select

from casework.preferences import NEVER_QUIET, QuietHours
from casework.reminding import planning, ticking
from casework.reminding.moments import Times, after_quiet, at_wall, is_quiet, on_wall
from casework.reminding.reasons import Look
from casework.reminding.rows import Habits
from casework.reminding.rules import Intervals, Kind, table
from db.engine import make_engine
from db.models import Access, Account, Occurrence, Person, Reminder, Request
from db.sealed import DataKey, KeyRing, Place
from tests.databases import fresh_database

ZONES = (
    *("Europe/Moscow", "Asia/Baghdad", "Asia/Damascus", "Europe/Istanbul", "Asia/Almaty", "Asia/Tashkent"),
    *("Europe/Berlin", "Europe/London", "America/New_York", "America/Sao_Paulo", "America/St_Johns"),
    *("Australia/Lord_Howe", "Australia/Sydney", "Pacific/Auckland", "Pacific/Chatham", "Asia/Kathmandu"),
    *("Africa/Cairo", "Africa/Casablanca", "Asia/Beirut", "America/Santiago"),
)
BEGIN, YEARS = datetime(2022, 1, 1, 0, 17, tzinfo=UTC), 5
END = BEGIN + timedelta(days=365 * YEARS)
OFFICE = Habits(ZoneInfo("Europe/Moscow"), QuietHours(22 * 60, 8 * 60))
QUIET = (
    QuietHours(22 * 60, 8 * 60),
    QuietHours(23 * 60 + 30, 2 * 60 + 30),
    QuietHours(13 * 60, 15 * 60),
    NEVER_QUIET,
)
KINDS = (Kind.PAPERS, Kind.NO_NEWS, Kind.OVERDUE, Kind.UNANSWERED)
RULES = {kind: replace(table(Intervals())[kind], ignored=0) for kind in KINDS}
# One that comes at a time of day, on a day of the week; one that comes at the time it began at, each week.
_WEEK = timedelta(days=7)
RULES[Kind.OVERDUE] = replace(RULES[Kind.OVERDUE], times=Times((timedelta(),), _WEEK, at=510, weekday=0))
RULES[Kind.UNANSWERED] = replace(RULES[Kind.UNANSWERED], times=Times((timedelta(hours=48),), _WEEK))
_PLANNED = 20  # every so many looks: nothing of the cases changes here
KEYS = KeyRing({1: b"a" * 32}, 1, b"b" * 32)


@pytest.mark.parametrize("name", ZONES)
def test_a_time_of_day_is_kept_and_a_skipped_or_doubled_hour_comes_once(name: str) -> None:
    """An hour that a spring skips is the next minute there is; one that an autumn has twice is the first of the two."""
    zone, days = ZoneInfo(name), 365 * YEARS
    for minutes in (0, 30, 150, 510, 1439):
        times = Times((timedelta(),), timedelta(days=1), at=minutes)
        moments = [times.moment(BEGIN, number, zone) for number in range(1, days)]
        given = [each for each in moments if each is not None]
        assert len(given) == days - 1
        assert all(before < after for before, after in pairwise(given))
        first = on_wall(given[0], zone).date()
        for number, moment in enumerate(given):
            wall = on_wall(moment, zone)
            wanted = datetime.combine(first + timedelta(days=number), datetime.min.time()) + timedelta(
                minutes=minutes
            )
            if wall != wanted:  # a gap: the minute before it is earlier than what was wanted
                assert wall > wanted
                assert on_wall(moment - timedelta(minutes=1), zone) < wanted
            else:
                again = (moment - timedelta(hours=1)).astimezone(zone).replace(tzinfo=None)
                assert again != wall or name == "Australia/Lord_Howe"  # whose summer is half an hour
        last = given[-1]
        assert times.last_until(BEGIN, last, zone) == len(given)
        assert times.last_until(BEGIN, last - timedelta(seconds=1), zone) == len(given) - 1


def test_gaps_and_folds_by_name() -> None:
    berlin, samoa = ZoneInfo("Europe/Berlin"), ZoneInfo("Pacific/Apia")
    assert at_wall(datetime(2026, 3, 29, 2, 30), berlin) == datetime(2026, 3, 29, 1, 0, tzinfo=UTC)  # noqa: DTZ001
    assert at_wall(datetime(2026, 10, 25, 2, 30), berlin) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)  # noqa: DTZ001
    assert at_wall(datetime(2011, 12, 30, 10, 0), samoa) == datetime(2011, 12, 30, 10, 0, tzinfo=UTC)  # noqa: DTZ001
    quiet = QuietHours(22 * 60, 2 * 60 + 30)
    for minute in range(0, 300, 7):  # the night in which 02:00–03:00 comes twice
        moment = datetime(2026, 10, 24, 22, 0, tzinfo=UTC) + timedelta(minutes=minute)
        end = after_quiet(moment, quiet, berlin)
        assert end >= moment
        assert not is_quiet(end, quiet, berlin)


@dataclass
class World:
    """An office in one file, with somebody in each zone who has a case, a request and the weekly list."""

    engine: Engine
    zones: dict[int, ZoneInfo]
    quiet: dict[int, QuietHours]
    given: list[tuple[datetime, int]]
    until: datetime = END
    looks: int = 0

    def look(self, now: datetime, *, back: bool = False) -> None:
        """Plan now and then, and give, as one tick does."""
        self.looks += 1
        with self.engine.begin() as connection:
            if back:
                ticking.set_back(connection, RULES, OFFICE, now)
            if self.looks % _PLANNED == 1:
                planning.plan(connection, OFFICE, Look(RULES, now, list(self.zones)))
            while (taken := ticking.take(connection, KEYS, RULES, OFFICE, now, 500)).found:
                ticking.given(connection, RULES, taken.messages, now)
                self.given += [(now, each.account_id) for each in taken.messages]

    def covered(self) -> dict[tuple[str, int], list[int]]:
        """Return by kind and account the numbers of all occurrences that were given or merged into a later one."""
        found: dict[tuple[str, int], list[int]] = {}
        with self.engine.begin() as connection:
            rows = connection.execute(
                select(
                    Occurrence.of_at, Occurrence.missed, Reminder.kind, Reminder.account_id, Reminder.since
                )
                .join(Reminder, Reminder.id == Occurrence.reminder_id)
                .order_by(Occurrence.of_at)
            ).all()
        for row in rows:
            times = RULES[Kind(row.kind)].times
            number = times.last_until(row.since, row.of_at, self.zones[row.account_id])
            numbers = found.setdefault((row.kind, row.account_id), [])
            numbers += range(number - row.missed, number + 1)
        return found

    def wanted(self) -> dict[tuple[str, int], list[int]]:
        with self.engine.begin() as connection:
            rows = connection.execute(select(Reminder)).all()
        return {
            (row.kind, row.account_id): list(
                range(
                    1,
                    RULES[Kind(row.kind)].times.last_until(row.since, self.until, self.zones[row.account_id])
                    + 1,
                )
            )
            for row in rows
        }


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    engine = make_engine(fresh_database(tmp_path))
    zones = {number: ZoneInfo(name) for number, name in enumerate(ZONES, 1)}
    quiet = {number: QUIET[number % len(QUIET)] for number in zones}
    with engine.begin() as connection:
        for number, zone in zones.items():
            connection.execute(insert(Account), _account(number, zone, quiet[number]))
            request, key = _request(number)
            connection.execute(insert(Request), request)
            person = {"id": number, "request_id": number, "position": 1, "stage": "located", "country": "IQ"}
            said = key.seal({"name": "Amina"}, Place("person", "details", number))
            connection.execute(insert(Person), {**person, "stage_since": BEGIN, "details": said})
            access = {"account_id": number, "request_id": number, "since": BEGIN}
            connection.execute(insert(Access), access)
    yield World(engine, zones, quiet, [])
    engine.dispose()


def _account(number: int, zone: ZoneInfo, quiet: QuietHours) -> dict[str, Any]:
    row = {"id": number, "telegram_key": bytes([number]), "data_key": b"", "address": b"", "role": "admin"}
    return {
        **row,
        "zone": zone.key,
        "quiet_from": quiet.since,
        "quiet_until": quiet.until,
        "created_at": BEGIN,
    }


def _request(number: int) -> tuple[dict[str, Any], DataKey]:
    key, wrapped = KEYS.new_data_key(Place("request", "data_key", number))
    said = {"reference": f"HW-{number}", "requester": {}, "entries": {}}
    details = key.seal(said, Place("request", "details", number))
    row = {"id": number, "reference_key": bytes([number]), "receipt_key": b"", "data_key": wrapped}
    waits = {"unanswered_since": BEGIN + timedelta(minutes=97 * number), "expires_at": END}
    row |= {"details": details, "language": "en", "created_at": BEGIN, "taken_at": BEGIN, "holder_id": number}
    return {**row, "due_at": BEGIN + timedelta(minutes=433 * number), **waits}, key


def test_five_years_each_occurrence_once_and_none_in_quiet_hours(world: World) -> None:
    dice, now = Random(7), BEGIN  # noqa: S311 - dice of a test
    while now < END:
        world.look(now)
        now += timedelta(minutes=dice.randint(60, 60 * 120))
    world.until = now - timedelta(
        days=8
    )  # what is due within the last steps may still wait for the end of a night
    covered = world.covered()
    for key, wanted in world.wanted().items():
        numbers = covered[key]
        first = (
            numbers[0] - 1 if key[0] == Kind.WEEK else 0
        )  # the week's list counts from when it was planned
        assert numbers[: len(wanted) - first] == wanted[first:], key
        assert len(set(numbers)) == len(numbers), key
    assert len(world.given) > 5000
    for moment, account in world.given:
        assert not is_quiet(moment, world.quiet[account], world.zones[account])


def test_jumps_of_the_clock_and_long_stops_lose_nothing_and_give_nothing_twice(world: World) -> None:
    dice, now, latest = Random(11), BEGIN, BEGIN  # noqa: S311 - dice of a test
    end = BEGIN + timedelta(days=365)
    while now < end:
        world.look(now, back=now < latest)
        latest = now
        jump = dice.random()
        if jump < 0.01:
            world.look(now + timedelta(days=dice.randint(1, 400)))  # forth, and back again at once
            latest = now + timedelta(days=400)
        elif jump < 0.02:
            now -= timedelta(hours=dice.randint(1, 60))
            continue
        elif jump < 0.03:
            now += timedelta(days=dice.randint(10, 40))  # nobody was there
        now += timedelta(minutes=dice.randint(60, 60 * 80))
    world.until = end - timedelta(days=8)
    covered = world.covered()
    for key, wanted in world.wanted().items():
        assert set(covered[key]) >= set(wanted), key
    with world.engine.begin() as connection:
        of = connection.execute(select(Occurrence.reminder_id, Occurrence.of_at)).all()
    assert len(of) == len(set(of))


def test_two_that_tick_together_give_it_once(world: World) -> None:
    """The second finds nothing due: the first has counted on in the transaction in which it took the row."""
    now = BEGIN + timedelta(days=40)
    world.look(BEGIN)
    world.look(now)
    given = len(world.given)
    world.look(now)
    assert len(world.given) == given
