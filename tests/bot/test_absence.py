"""Threat 16: the bot was away for longer than Telegram keeps what people write."""

from pathlib import Path

import pytest

from simulator.clock import Clock as WorldClock
from simulator.world import World
from tests.bot.stage import kill, started
from tests.family import Family
from tests.handlers.paths import to_confirmation, to_first_question, to_menu
from tests.machine import MORNING, Machine

LOST = "The bot could not receive messages from {since} until now. What you wrote in that time may be lost."


async def people(machine: Machine) -> tuple[Family, Family, Family]:
    """Somebody in the middle of a request, somebody who has sent theirs, and somebody who only looked."""
    writing, done, looking = (machine.person(number, "ru") for number in (1001, 1002, 1003))
    await to_first_question(writing, writing.language_name)
    await writing.say("Хадижат")
    await to_confirmation(done, "Амина Алиева", language=done.language_name)
    await to_menu(looking, looking.language_name)
    return writing, done, looking


def told(family: Family) -> int:
    wanted = family._own(LOST).partition("{")[0]
    return sum(wanted in message.get("text", "") for message in family.from_bot)


@pytest.mark.parametrize("killed", [False, True])
async def test_who_was_in_the_middle_hears_that_words_may_be_lost(tmp_path: Path, *, killed: bool) -> None:
    world = World(WorldClock(MORNING))
    async with started(tmp_path, world) as machine:
        writing, done, looking = await people(machine)
        await machine.homeward.schedule.live()
        if killed:
            await kill(machine)
    world.clock.advance(25 * 3600)
    async with started(tmp_path, world) as machine:
        await machine.homeward.outbox.idle()
        assert [told(each) for each in (writing, done, looking)] == [1, 0, 0]
        again = machine.person(writing.id, "ru")
        assert "Хадижат" not in again.text  # it may light up a lock screen
        await again.press("Menu")
        await again.press("Go on with my request")
        assert again.sees("Who are you to the people you are asking about?")
    async with started(tmp_path, world) as machine:
        await machine.homeward.outbox.idle()
        assert told(writing) == 1


async def test_a_day_is_no_absence(tmp_path: Path) -> None:
    """Telegram has kept everything: it is handled as if nothing had been."""
    world = World(WorldClock(MORNING))
    async with started(tmp_path, world) as machine:
        writing, *_ = await people(machine)
        await machine.homeward.schedule.live()
    world.clock.advance(23 * 3600)
    world.write(writing.id, "ordinary words")
    async with started(tmp_path, world) as machine:
        await machine.settle()
        assert told(writing) == 0
        assert writing.sees("Who are you to the people you are asking about?")


async def test_a_first_start_tells_nobody(tmp_path: Path) -> None:
    async with started(tmp_path) as machine:
        writing, *_ = await people(machine)
        await machine.homeward.outbox.idle()
        assert told(writing) == 0
