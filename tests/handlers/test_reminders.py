"""Reminders of families: each kind is made, sent, put off, answered, and stops by itself."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from db.models import Occurrence, Reminder
from tests.bot.stage import rows
from tests.family import Family, buttons_of
from tests.handlers.paths import tell_of_a_person, to_first_question, to_menu
from tests.machine import Machine, running

_NOT_FINISHED = "What you began here is not finished. Your answers are kept."


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Machine]:
    async with running(tmp_path) as machine:
        yield machine
        assert machine.set_aside() == 0


async def a_draft(machine: Machine, person_id: int = 1003, language: str = "en") -> Family:
    """Leave somebody at the second question."""
    family = machine.person(person_id, language)
    await to_first_question(family, family.language_name)
    await family.say("Zainab")
    return family


async def days_later(machine: Machine, days: int, **span: float) -> None:
    for _ in range(days):
        machine.later(days=1)
        await machine.remind()
    if span:
        machine.later(**span)
        await machine.remind()


async def test_a_draft_is_reminded_of_after_a_day_and_one_tap_goes_on(office: Machine) -> None:
    family = await a_draft(office, 1004, "ru")
    heard = len(family.from_bot)
    await days_later(office, 1)
    await office.remind()
    assert len(family.from_bot) == heard + 1
    assert family.sees(_NOT_FINISHED)
    assert "Zainab" not in family.text
    await family.press("Go on where I stopped")
    assert family.sees("Who are you to the people you are asking about?")
    assert family.live_keyboards == 1


async def test_a_draft_is_reminded_of_three_times_and_then_no_more(office: Machine) -> None:
    family = await a_draft(office)
    heard = len(family.from_bot)
    days = []
    for day in range(1, 60):
        await days_later(office, 1)
        if len(family.from_bot) > heard:
            heard = len(family.from_bot)
            days.append(day)
    assert days == [1, 3, 10]
    assert [row.state for row in rows(office, Reminder)] == ["done"]
    assert len(rows(office, Occurrence)) == 3


async def test_an_answer_counts_anew_and_a_sent_request_ends_it(office: Machine) -> None:
    family = await a_draft(office)
    await days_later(office, 1)
    assert family.sees(_NOT_FINISHED)
    await family.press("Go on where I stopped")
    await family.press("Aunt")
    heard = len(family.from_bot)
    office.later(hours=23)
    await office.remind()
    assert len(family.from_bot) == heard
    office.later(hours=1)
    await office.remind()
    assert len(family.from_bot) == heard + 1
    await family.press("Go on where I stopped")
    await tell_of_a_person(family, "Amina Alieva")
    await family.press("No, check my answers")
    await family.press("Send my request")
    heard = len(family.from_bot)
    await days_later(office, 6)
    assert len(family.from_bot) == heard
    assert [row.state for row in rows(office, Reminder)] == ["stopped"]


async def test_later_puts_it_off_out_of_quiet_hours_and_stop_ends_it(office: Machine) -> None:
    family = await a_draft(office)
    await days_later(office, 1)
    await family.press("Later")
    assert family.sees("When shall we remind you?")
    await family.press("Tomorrow")
    assert family.sees("We will remind you on 24 November 2026, 12:00.")
    heard = len(family.from_bot)
    await days_later(office, 1)
    assert len(family.from_bot) == heard + 1
    assert family.sees(_NOT_FINISHED)
    await family.press("Later")
    office.later(hours=12)
    await family.press("In a week")
    assert family.sees("We will remind you on 2 December 2026, 08:00.")
    await days_later(office, 8, hours=12)
    assert family.sees(_NOT_FINISHED)
    await family.press("No more reminders of this")
    assert family.sees("We will not remind you of this any more.")
    heard = len(family.from_bot)
    await days_later(office, 30)
    assert len(family.from_bot) == heard
    assert [row.answer for row in rows(office, Occurrence)] == ["later", "later", "stop"]


async def test_nobody_answers_another_one_s_reminder(office: Machine) -> None:
    family, stranger = await a_draft(office), office.person(1005)
    await to_menu(stranger)
    await days_later(office, 1)
    for button in buttons_of(family.last):
        await stranger.forge(button["callback_data"])
        assert stranger.toasts[-1].startswith("This button")
    for forged in (
        "rem_to:never.1",
        "rem_to:tomorrow",
        "rem_now:x",
        "rem_now:",
        "rem_done:99999999999999999999",
    ):
        await family.forge(f"~:{forged}")
        assert family.toasts[-1].startswith("This button")
    assert [row.answer for row in rows(office, Occurrence)] == [None]
