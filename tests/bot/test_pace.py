"""Thirty messages a second in all, and a reply never waits behind a broadcast."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from sqlalchemy import Engine

from bot import shared_pace
from bot.outgoing import Lane
from bot.pace import ChatPace, Moments, Pace, Reserve
from db.engine import make_engine
from db.models import Base
from simulator.clock import Clock as WorldClock
from tests.bot.stage import HeldClock
from tests.machine import MORNING, StoryClock


class PassingClock(StoryClock):
    """A time in which waiting passes as soon as everybody else has done what they could."""

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(0)
        await super().sleep(seconds)


@pytest.fixture
def clock() -> StoryClock:
    return PassingClock(WorldClock(MORNING))


@pytest.fixture
def held() -> HeldClock:
    return HeldClock(WorldClock(MORNING))


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    made = make_engine(f"sqlite:///{tmp_path}/shared.db")
    Base.metadata.create_all(made)
    yield made
    made.dispose()


def reserving(engine: Engine, clock: StoryClock) -> Reserve:
    """Let a process take moments from what all share."""

    async def reserve(count: int, gap: float) -> Moments:
        with engine.begin() as connection:
            return shared_pace.reserve(connection, count, gap, clock.now())

    return reserve


async def test_three_hundred_messages_take_ten_seconds(clock: StoryClock) -> None:
    pace = Pace(clock, per_second=30)
    started = clock.monotonic()
    moments: list[float] = []

    async def send() -> None:
        await pace.turn(Lane.BULK)
        moments.append(clock.monotonic())

    await asyncio.gather(*(send() for _ in range(300)))
    assert clock.monotonic() - started == pytest.approx(299 / 30, abs=0.02)
    assert all(later - earlier >= 1 / 30 - 1e-5 for earlier, later in pairwise(moments))


async def test_in_no_second_are_there_more_than_the_limit(clock: StoryClock) -> None:
    """Experience 24: about 30 messages a second overall."""
    pace = Pace(clock, per_second=30)
    moments: list[float] = []
    for pause in (0, 0, 2, 0, 0.5, 0):
        await clock.sleep(pause)
        for _ in range(20):
            await pace.turn(Lane.CONVERSATION)
            moments.append(clock.monotonic())
    for start in moments:
        assert sum(start <= moment < start + 1 - 1e-5 for moment in moments) <= 30


async def test_a_rest_saves_nothing_up(clock: StoryClock) -> None:
    """After a quiet hour there is no burst of what could have been sent."""
    pace = Pace(clock, per_second=10)
    await pace.turn(Lane.BULK)
    await clock.sleep(3600)
    before = clock.monotonic()
    for _ in range(11):
        await pace.turn(Lane.BULK)
    assert clock.monotonic() - before == pytest.approx(1.0, abs=0.01)


async def test_a_reply_goes_before_every_waiting_broadcast(held: HeldClock) -> None:
    pace = Pace(held, per_second=1)
    order: list[str] = []

    async def send(name: str, lane: Lane) -> None:
        await pace.turn(lane)
        order.append(name)

    tasks = [asyncio.create_task(send(f"bulk {number}", Lane.BULK)) for number in range(4)]
    await held.somebody_waits()
    tasks += [asyncio.create_task(send(f"reply {number}", Lane.CONVERSATION)) for number in range(2)]
    for _ in range(5):
        await held.somebody_waits()
        held.pass_by(1)
        await asyncio.sleep(0)
    await asyncio.gather(*tasks)
    assert order == ["bulk 0", "reply 0", "reply 1", "bulk 1", "bulk 2", "bulk 3"]


async def test_whoever_gave_up_waiting_holds_up_nobody(held: HeldClock) -> None:
    pace = Pace(held, per_second=1)
    await pace.turn(Lane.BULK)
    impatient, patient = (asyncio.create_task(pace.turn(Lane.BULK)) for _ in range(2))
    await held.somebody_waits()
    impatient.cancel()
    for _ in range(2):
        await held.somebody_waits()
        held.pass_by(1)
        await asyncio.sleep(0)
    await patient
    assert impatient.cancelled()


async def test_zero_means_no_limit(held: HeldClock) -> None:
    pace = Pace(held, per_second=0)
    for _ in range(1000):
        await pace.turn(Lane.BULK)


async def test_two_processes_on_one_database_share_the_limit_and_a_reply_waits_behind_few(
    clock: StoryClock, engine: Engine
) -> None:
    with engine.begin() as connection:
        shared_pace.plant(connection)

    reserve = reserving(engine, clock)
    paces = [Pace(clock, 30, reserve) for _ in range(2)]
    started = clock.monotonic()
    moments: list[float] = []

    async def send(pace: Pace, lane: Lane) -> None:
        await pace.turn(lane)
        moments.append(clock.monotonic())

    await asyncio.gather(*(send(pace, Lane.BULK) for _ in range(150) for pace in paces))
    assert len(moments) == 300
    assert clock.monotonic() - started >= 299 / 30 - 0.5
    before = clock.monotonic()
    bulk = [asyncio.create_task(send(paces[0], Lane.BULK)) for _ in range(60)]
    await asyncio.sleep(0)
    await send(paces[1], Lane.CONVERSATION)
    assert clock.monotonic() - before < 0.5
    await asyncio.gather(*bulk)


async def test_what_telegram_told_one_process_holds_for_all_and_only_what_can_wait(
    clock: StoryClock, engine: Engine
) -> None:
    until = clock.now() + timedelta(seconds=30)
    with engine.begin() as connection:
        shared_pace.plant(connection)
        shared_pace.hold(connection, until)
        shared_pace.hold(connection, clock.now())  # a shorter wait does not end a longer one
        assert shared_pace.held_until(connection) == until
    pace = Pace(clock, 30)
    pace.hold(until)
    await pace.turn(Lane.CONVERSATION)
    assert clock.now() < until
    await pace.turn(Lane.BULK)
    assert clock.now() >= until


async def test_what_one_process_is_told_another_hears_in_the_middle_of_its_broadcast(
    clock: StoryClock, engine: Engine
) -> None:
    with engine.begin() as connection:
        shared_pace.plant(connection)
    pace = Pace(clock, 30, reserving(engine, clock))
    for _ in range(8):
        await pace.turn(Lane.BULK)
    until = clock.now() + timedelta(seconds=30)
    with engine.begin() as connection:
        shared_pace.hold(connection, until)
    left = 0
    while clock.now() < until:
        await pace.turn(Lane.BULK)
        left += clock.now() < until
    assert left <= 4, "no more than what it had taken before"
    started = clock.now()
    for _ in range(29):
        await pace.turn(Lane.BULK)
    assert clock.now() - started < timedelta(seconds=1.1)


async def test_a_chat_gets_one_message_a_second_after_a_short_burst(clock: StoryClock) -> None:
    chats = ChatPace(clock, limited=True)
    before = clock.monotonic()
    for _ in range(8):
        await chats.turn(7)
    assert clock.monotonic() - before == pytest.approx(5, abs=0.01)
    await chats.turn(8)
    assert clock.monotonic() - before == pytest.approx(5, abs=0.01)
