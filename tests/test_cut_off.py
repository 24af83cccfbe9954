"""A process whose connection breaks lives on: nothing it holds is shown twice or out of turn (threat 3)."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Connection, event, make_url, update

from bench.postgresql import connected
from bot.one_poller import take
from bot.outgoing import LEASE
from bot.writer import StorageUnavailable
from db.models import Outbox
from db.shared import GONE_AFTER, Missing, Presence
from simulator.clock import Clock as WorldClock
from simulator.world import World
from tests.bot.stage import Line, kill, rows, started
from tests.databases import old_enough, only_postgresql
from tests.family import Family
from tests.machine import BOT_ID, MORNING, Machine

pytestmark = only_postgresql

A_MOMENT = 1  # second


@asynccontextmanager
async def two(folder: Path) -> AsyncIterator[tuple[Machine, Line, Machine]]:
    """Two on one database; the first one's line to Telegram comes with it."""
    old_enough()
    world = World(WorldClock(MORNING))
    line = Line(world)
    async with started(folder, world, request=line) as one, started(folder, world) as other:
        yield one, line, other


async def begins_to_send(machine: Machine, line: Line) -> Family:
    """Let a message to somebody arrive, whose answer does not, and another wait behind it."""
    person = machine.person(1003)
    await person.say("/start")
    line.silent = True
    for command in ("/help", "/privacy"):
        machine.world.write(person.id, command)
        await machine.homeward.intake.receive(machine.world.take_updates(BOT_ID, 0)[-1])
    await line.unanswered.wait()
    return person


def cut_off(machine: Machine) -> None:
    """Break the connection that shows that it is there."""
    presence = machine.homeward._hold
    assert isinstance(presence, Presence)
    assert presence._connection is not None
    backend = presence._connection.connection.driver_connection.info.backend_pid  # type: ignore[union-attr]
    with connected(make_url(machine.homeward.settings.database.url)) as connection:
        connection.execute("SELECT pg_terminate_backend(%s, 5000)", [backend])


async def look(machine: Machine) -> None:
    """Look after the others and deliver what is there to deliver, as each does every second."""
    assert machine.homeward.others is not None
    await machine.homeward.others.look()
    await machine.homeward.outbox.sweep()


async def look_until_gone(machine: Machine) -> None:
    """Look on for as long as it takes until somebody who is missed counts as gone."""
    await look(machine)
    for _ in range(int(GONE_AFTER.total_seconds())):
        machine.later(seconds=A_MOMENT)
        await look(machine)


def owners(machine: Machine) -> list[str | None]:
    return [row.lease_owner for row in rows(machine, Outbox) if row.state in {"todo", "sending"}]


async def test_what_it_holds_stays_its_own_while_it_comes_back(tmp_path: Path) -> None:
    async with two(tmp_path) as (one, line, other):
        person = await begins_to_send(one, line)
        held = owners(one)
        assert held == [one.homeward.around.instance] * 2
        for _ in range(2 * int(GONE_AFTER.total_seconds())):
            cut_off(one)
            await look(other)
            await look(one)
            await look(other)
            other.later(seconds=A_MOMENT)
        assert owners(one) == held
        before = len(person.from_bot)
        line.repair()
        await one.homeward.outbox.idle()
        assert len(person.from_bot) == before + 1
        assert {row.state for row in rows(one, Outbox)} == {"sent"}


async def test_what_others_took_meanwhile_it_does_not_send_as_well(tmp_path: Path) -> None:
    async with two(tmp_path) as (one, line, other):
        person = await begins_to_send(one, line)
        shown = len(person.from_bot)
        cut_off(one)
        await look_until_gone(other)
        await other.homeward.outbox.idle()
        assert len(person.from_bot) == shown + 2  # the one in doubt once more, and the one behind it
        await look(one)  # it is back
        line.repair()
        await one.homeward.outbox.idle()
        assert len(person.from_bot) == shown + 2
        assert {row.state for row in rows(one, Outbox)} == {"sent"}


async def test_where_the_database_cannot_be_reached_nothing_new_is_begun(tmp_path: Path) -> None:
    """It cannot take its place, and cannot know who has taken what it holds."""
    async with two(tmp_path) as (one, line, _):
        person = await begins_to_send(one, line)
        shown = len(person.from_bot)
        one.homeward.outbox.doubt()
        assert all(row.leased_until == one.homeward.clock.now() for row in one.homeward.outbox.held)
        with connected(make_url(one.homeward.settings.database.url)) as connection:  # as another has taken it
            connection.execute(
                "UPDATE outbox SET lease_owner = 'another', fence = fence + 1 WHERE state = 'sending'"
            )
        line.repair()
        await one.homeward.outbox.idle()
        assert len(person.from_bot) == shown


async def test_what_was_erased_meanwhile_it_forgets(tmp_path: Path) -> None:
    """What another process said of it was said to nobody."""
    async with two(tmp_path) as (one, _, other):
        one.homeward.around.keys.opened["counted"] = "held ready"
        cut_off(one)
        await other.homeward.traces.clear()
        await look(one)
        assert one.homeward.around.keys.opened == {}


async def test_what_was_committed_for_it_while_the_connection_broke_is_found(tmp_path: Path) -> None:
    """Its turn never learned of the commit: the message is in no lane, and its lease says that it is ours."""
    async with two(tmp_path) as (one, line, _):
        person = await begins_to_send(one, line)
        lane = one.homeward.outbox._lanes[person.id]
        behind = one.homeward.outbox.held[-1]
        lane.remove(behind)
        line.repair()
        await one.homeward.outbox.idle()
        shown = len(person.from_bot)
        await look(one)
        assert len(person.from_bot) == shown  # it may just be on its way into a lane
        one.later(seconds=11)
        assert behind.leased_until is not None
        assert one.homeward.clock.now() < behind.leased_until  # long before its lease is over
        await look(one)
        await one.homeward.outbox.idle()
        assert len(person.from_bot) == shown + 1


@contextmanager
def breaking_at_a_commit(machine: Machine, *, in_time: bool) -> Iterator[None]:
    """Let the next commit's connection break: after the server has done it (`in_time`), or before."""
    engine, broken = machine.homeward.engine, list[int]()

    def break_it(connection: Connection) -> None:
        driver = connection.connection.driver_connection
        assert isinstance(driver, psycopg.Connection)
        if broken:
            return
        broken.append(driver.info.backend_pid)
        if in_time:
            driver.commit()
        driver.close()

    event.listen(engine, "commit", break_it)
    yield
    event.remove(engine, "commit", break_it)
    assert broken


async def test_a_commit_whose_answer_was_lost_is_asked_after(tmp_path: Path) -> None:
    """The family hears at once what the turn said, and nothing twice."""
    async with two(tmp_path) as (one, _, other):
        person = one.person(1003)
        await person.say("/start")
        shown = len(person.from_bot)
        one.world.write(person.id, "/help")
        said = one.world.take_updates(BOT_ID, 0)[-1]
        with breaking_at_a_commit(one, in_time=True):
            await one.homeward.intake.receive(said)
        await one.homeward.outbox.idle()
        await other.homeward.intake.receive(said)  # Telegram gives it again to whoever asks
        await other.homeward.outbox.idle()
        assert len(person.from_bot) == shown + 1
        assert {row.state for row in rows(one, Outbox)} == {"sent"}


async def test_where_the_connection_broke_before_the_commit_nothing_has_happened(tmp_path: Path) -> None:
    async with two(tmp_path) as (one, _, other):
        person = one.person(1003)
        await person.say("/start")
        shown = len(person.from_bot)
        one.world.write(person.id, "/help")
        said = one.world.take_updates(BOT_ID, 0)[-1]
        with breaking_at_a_commit(one, in_time=False), pytest.raises(StorageUnavailable):
            await one.homeward.intake.receive(said)
        await other.homeward.intake.receive(said)
        await other.homeward.outbox.idle()
        assert len(person.from_bot) == shown + 1


async def test_what_a_stopped_one_had_put_off_is_not_overtaken(tmp_path: Path) -> None:
    """It has given the message back, which has to wait until Telegram takes it."""
    async with two(tmp_path) as (one, _, other):
        person = one.person(1003)
        await person.say("/start")
        with one.homeward.engine.begin() as connection:
            later = datetime.now(UTC) + timedelta(minutes=5)  # by the database's own clock too
            given_back = {"state": "todo", "due_at": later, "lease_owner": None, "lease_until": None}
            connection.execute(update(Outbox).values(given_back))
        shown = len(person.from_bot)
        other.world.write(person.id, "/help")
        await other.homeward.intake.receive(other.world.take_updates(BOT_ID, 0)[-1])
        await other.homeward.outbox.idle()
        assert len(person.from_bot) == shown
        assert [row.state for row in rows(one, Outbox)] == ["todo", "todo"]


async def test_a_poller_that_was_only_cut_off_goes_on(tmp_path: Path) -> None:
    async with two(tmp_path) as (one, _, other):
        missing = Missing()

        def takes(machine: Machine) -> bool:
            with machine.homeward.engine.begin() as connection:
                return take(connection, machine.homeward.around.instance, other.homeward.clock.now(), missing)

        assert takes(one)
        cut_off(one)
        assert not takes(other)
        await look(one)
        other.later(seconds=GONE_AFTER.total_seconds())
        assert not takes(other)


async def test_a_poller_that_was_killed_is_followed_within_seconds(tmp_path: Path) -> None:
    async with two(tmp_path) as (one, _, other):
        missing = Missing()

        def takes(machine: Machine) -> bool:
            with machine.homeward.engine.begin() as connection:
                return take(connection, machine.homeward.around.instance, other.homeward.clock.now(), missing)

        assert takes(one)
        await kill(one)
        assert not takes(other)
        other.later(seconds=GONE_AFTER.total_seconds())
        assert takes(other)


def test_who_is_missed_counts_as_gone_long_before_the_lease_is_over() -> None:
    assert timedelta(seconds=3) < GONE_AFTER < LEASE / 4
