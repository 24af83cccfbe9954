"""What is looked at regularly, and what is forgotten when nothing needs it any more."""

import asyncio
from io import StringIO
from pathlib import Path

from sqlalchemy import text, update

from bot.schedule import Schedule
from casework import audit
from casework.audit import Deed
from db.models import Dialog, LinkAttempt, SeenUpdate, Setting
from db.models import Outbox as OutboxRow
from simulator.clock import Clock as WorldClock
from simulator.world import World
from tests.bot.stage import assembled, fail, put, rows, started, states, told
from tests.databases import ON_POSTGRESQL
from tests.family import Family
from tests.handlers.paths import to_confirmation, to_menu
from tests.machine import MORNING, Machine


async def test_update_ids_are_forgotten_when_telegram_cannot_give_them_again(
    machine: Machine, family: Family
) -> None:
    await to_menu(family)
    machine.later(days=2)
    await machine.homeward.schedule.forget()
    assert len(rows(machine, SeenUpdate)) == 2
    await family.say("/help")
    machine.later(days=2)
    await machine.homeward.schedule.forget()
    assert len(rows(machine, SeenUpdate)) == 1


async def test_wrong_guesses_are_forgotten_when_they_count_no_more(machine: Machine, family: Family) -> None:
    await to_menu(family)
    for after in (0, 59, 2):
        machine.later(minutes=after)
        await family.say("/start i-nobody")
        await machine.homeward.schedule.forget()
    assert len(rows(machine, LinkAttempt)) == 2


async def test_traces_of_sent_messages_go_after_a_month_but_never_the_live_screens(
    machine: Machine, family: Family
) -> None:
    await to_confirmation(family)
    await family.say("/mine")
    screen = rows(machine, Dialog)[0].screen_id
    assert len(rows(machine, OutboxRow)) > 5
    machine.later(days=29)
    await machine.homeward.schedule.forget()
    assert len(rows(machine, OutboxRow)) > 5
    machine.later(days=2)
    await machine.homeward.schedule.forget()
    assert [row.id for row in rows(machine, OutboxRow)] == [screen]


async def test_a_screen_of_long_ago_is_still_the_live_one(machine: Machine, family: Family) -> None:
    """Its message is known after the month: a typed answer takes its keyboard off."""
    await to_menu(family)
    machine.later(days=400)
    await machine.homeward.schedule.forget()
    machine.homeward.outbox._delivery._message_ids.clear()
    await family.press("How it works")
    assert family.sees("How it works")
    await family.say("hello")
    assert family.live_keyboards == 1


async def test_what_has_not_arrived_is_kept_for_staff_to_see(machine: Machine, family: Family) -> None:
    await to_menu(family)
    fail(machine, "drop")
    put(machine, family, "a word to all")
    await machine.homeward.outbox.sweep()
    await machine.homeward.outbox.idle()
    machine.later(days=400)
    await machine.homeward.schedule.forget()
    assert states(machine)[-1] == "uncertain"


async def test_the_tick_delivers_what_waits(tmp_path: Path) -> None:
    """The one story in which the real scheduler runs: it looks every second."""
    world = World(WorldClock(MORNING))
    async with started(tmp_path, world) as machine:
        family = machine.person(1003)
        await to_menu(family)
    homeward = assembled(tmp_path, world)
    await homeward.start()
    machine = Machine(world, homeward)
    arrived = told(machine, "message")
    put(machine, family, "a word to all")
    await arrived.wait()
    await homeward.stop()
    assert family.from_bot[-1]["text"] == "a word to all"


def schedule_of(machine: Machine) -> Schedule:
    """Make one that runs: a story's own has been stopped."""
    homeward = machine.homeward
    ticks = homeward.outbox, homeward.broadcasting, homeward.fetching, homeward.reminding, homeward.keeping
    return Schedule(*ticks, homeward.writer, homeward.clock, homeward.traces, homeward.around)


async def test_a_look_that_fails_is_logged_by_kind_and_the_next_one_comes(
    machine: Machine, logged: StringIO
) -> None:
    schedule = schedule_of(machine)
    job = next(job for job in schedule._scheduler.get_jobs() if "forget" in job.id)
    with machine.homeward.engine.begin() as connection:
        connection.execute(text("ALTER TABLE seen_update RENAME TO gone"))
    await job.func()
    await asyncio.gather(*schedule._looks.values())
    assert '"event": "schedule.tick_failed"' in logged.getvalue()
    assert ("ProgrammingError" if ON_POSTGRESQL else "StorageUnavailable") in logged.getvalue()
    with machine.homeward.engine.begin() as connection:
        connection.execute(text("ALTER TABLE gone RENAME TO seen_update"))
    logged.truncate(0)
    await job.func()
    await asyncio.gather(*schedule._looks.values())
    assert "tick_failed" not in logged.getvalue()


async def test_a_look_that_goes_on_is_not_begun_again_and_ends_with_the_ticks(machine: Machine) -> None:
    begun, ended = list[int](), list[int]()
    schedule = schedule_of(machine)

    async def look() -> None:
        begun.append(1)
        try:
            await asyncio.Event().wait()
        finally:
            ended.append(1)

    schedule._every(3600, look, at_once=True)
    schedule.start()
    for _ in range(3):
        await asyncio.sleep(0)
        await schedule._scheduler.get_job(look.__qualname__).func()
    assert len(begun) == 1
    going = list(schedule._looks.values())
    schedule.stop()
    await asyncio.gather(*going, return_exceptions=True)
    assert len(ended) == 1
    assert schedule._looks == {}


async def test_how_far_the_audit_log_goes_is_logged_each_hour(machine: Machine, logged: StringIO) -> None:
    homeward, keys = machine.homeward, machine.homeward.around.keys
    assert any("show_head" in job.id for job in schedule_of(machine)._scheduler.get_jobs())
    with homeward.engine.begin() as connection:
        audit.record(connection, keys, Deed("read", 7, 1), homeward.clock.now())
        head = audit.head(connection, keys)
    await homeward.schedule.show_head()
    assert f'"head": "{head}"' in logged.getvalue()
    with homeward.engine.begin() as connection:
        connection.execute(update(Setting).where(Setting.name == "audit_head").values(value=b"0:00 00"))
    await homeward.schedule.show_head()
    assert "audit.head_changed" in logged.getvalue()
