"""Two bots on one PostgreSQL look for reminders at the same time: each is given once, and what people press counts."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Row, event, select, text

from casework.reminding import answering, ticking
from casework.reminding.rows import Habits, State
from casework.reminding.rules import Kind
from db.models import Occurrence, Outbox, Reminder
from tests import reminded
from tests.bot.stage import rows, started
from tests.databases import only_postgresql
from tests.handlers.test_reminders import a_draft, days_later
from tests.machine import Machine

pytestmark = only_postgresql

_CASES, _ROUNDS = 120, 14


@dataclass
class Two:
    """Two bots on one database.

    Attributes:
        gave: how often each has written down that reminders were given.
        troubles: what the database refused to either.
    """

    one: Machine
    other: Machine
    gave: Counter[str] = field(default_factory=Counter)
    troubles: list[str] = field(default_factory=list)

    async def tick(self, dice: Random) -> None:
        """Let both look at the same time, either of them first, and deliver what was found."""
        both = dice.sample([self.one.homeward, self.other.homeward], 2)
        await asyncio.gather(*(each.reminding.look() for each in both))
        await asyncio.gather(*(each.outbox.sweep() for each in both))
        await asyncio.gather(*(each.outbox.idle() for each in both))

    def watch(self) -> None:
        for name, machine in (("one", self.one), ("other", self.other)):
            engine = machine.homeward.engine
            event.listen(engine, "before_cursor_execute", self._counting(name))
            event.listen(engine, "handle_error", self._note)

    def _counting(self, name: str) -> Callable[..., None]:
        def count(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
            self.gave[name] += statement.startswith("INSERT INTO occurrence")

        return count

    def _note(self, context: Any) -> None:
        self.troubles.append(str(context.original_exception))


@pytest.fixture
async def two(tmp_path: Path) -> AsyncIterator[Two]:
    async with started(tmp_path) as one, started(tmp_path, one.world) as other:
        yield Two(one, other)


async def test_hundreds_of_every_kind_come_once_each_over_weeks(two: Two) -> None:
    dice = Random(5)  # noqa: S311 - a story's dice
    await reminded.fill(two.one, _CASES, dice)
    two.watch()
    for _ in range(_ROUNDS):
        await two.tick(dice)
        two.one.later(days=dice.randint(0, 4), minutes=dice.randint(1, 60 * 15))
    await two.tick(dice)
    given = _given(two.one)
    assert len(given) > 1500
    assert {row.kind for row in given} == {each.value for each in two.one.homeward.around.rules}
    assert two.troubles == []
    assert min(two.gave[name] for name in ("one", "other")) >= 1
    assert [
        row for row in rows(two.one, Reminder) if row.state == "open" and row.due_at <= now(two.one)
    ] == []
    counted = [
        row for row in given if row.kind != Kind.IGNORED
    ]  # that one begins anew whenever somebody was reminded
    for reminder_id, numbers in _numbers(two.one, counted).items():
        first, last = numbers[0], max(row.number for row in counted if row.reminder_id == reminder_id)
        assert numbers == list(range(first, last + 1)), reminder_id
    carried = {row.outbox_id: row.account_id for row in given}
    assert {row.id: row.state for row in rows(two.one, Outbox)} == dict.fromkeys(carried, "sent")
    for account, number in Counter(carried.values()).items():
        assert sum(each.get("outgoing", False) for each in two.one.world.chat(account)) == number


async def test_a_press_waits_for_a_tick_that_is_just_giving_its_reminder_again(two: Two) -> None:
    """Passed over, it would read as a button of somebody else's, and the reminder would go on."""
    family = await a_draft(two.one)
    await days_later(two.one, 1)
    two.one.later(days=2)
    around = two.other.homeward.around
    with two.other.homeward.engine.begin() as connection:
        taken = ticking.take(connection, around.keys, around.rules, office(two), now(two.one), 10)
        assert len(taken.messages) == 1
        pressing = asyncio.create_task(family.press("Done"))
        await waits(two.one, pressing)
        ticking.given(connection, around.rules, taken.messages, now(two.one))
    await pressing
    assert family.sees("Good. We do not remind you of this again.")
    assert family.toasts == []
    assert [row.state for row in rows(two.one, Reminder)] == ["done"]


async def test_what_is_declined_while_another_plans_it_anew_stays_declined(two: Two) -> None:
    family = await a_draft(two.one)
    await days_later(two.one, 1)
    await family.press("Go on where I stopped")
    await family.press("Aunt")  # it counts anew from this answer on
    two.one.later(days=1)
    (given,) = rows(two.one, Occurrence)
    (before,) = rows(two.one, Reminder)
    with two.one.homeward.engine.begin() as connection:
        found = answering.of_message(connection, office(two), given.outbox_id, before.account_id)
        answering.end(connection, found, State.DECLINED)
        looking = asyncio.create_task(two.other.homeward.reminding.look())
        await waits(two.one, looking)
    await looking
    assert [row.state for row in rows(two.one, Reminder)] == ["declined"]


async def waits(machine: Machine, work: asyncio.Task[None]) -> None:
    """Return once somebody waits for what another has locked, or the work has not waited."""
    waiting = text(
        "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    with machine.homeward.engine.connect() as connection:
        while not work.done() and not connection.scalar(waiting):
            connection.rollback()
            await asyncio.sleep(0)


def office(two: Two) -> Habits:
    return Habits(two.one.homeward.around.zone, two.one.homeward.around.quiet)


def now(machine: Machine) -> datetime:
    return machine.homeward.clock.now()


def _given(machine: Machine) -> list[Row[*tuple[Any, ...]]]:
    """Return all that was given, each with its reminder, in the order of their times."""
    columns = (Occurrence.reminder_id, Occurrence.of_at, Occurrence.missed, Occurrence.outbox_id)
    reminder = (Reminder.kind, Reminder.account_id, Reminder.since, Reminder.number, Reminder.zone)
    wanted = select(*columns, *reminder).join(Reminder, Reminder.id == Occurrence.reminder_id)
    with machine.homeward.engine.begin() as connection:
        return list(connection.execute(wanted.order_by(Occurrence.of_at)).all())


def _numbers(machine: Machine, given: Sequence[Row[*tuple[Any, ...]]]) -> dict[int, list[int]]:
    """Return by reminder which of its count were given, each with those that it stood for."""
    found: dict[int, list[int]] = {}
    for row in given:
        times = machine.homeward.around.rules[Kind(row.kind)].times
        number = times.last_until(row.since, row.of_at, ZoneInfo(row.zone))
        found.setdefault(row.reminder_id, []).extend(range(number - row.missed, number + 1))
    return found
