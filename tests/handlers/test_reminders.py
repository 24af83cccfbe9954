"""Reminders of families: each kind is made, sent, put off, answered, and stops by itself."""

from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select, update

from casework.events import Happening, note
from casework.reminding.rows import forget
from casework.reminding.rules import Kind
from db.models import Occurrence, Person, Reminder
from tests.bot.stage import rows
from tests.family import Family, buttons_of, words_of
from tests.handlers.paths import tell_of_a_person, to_confirmation, to_first_question, to_menu
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


def states(machine: Machine, kind: str) -> list[str]:
    return [row.state for row in rows(machine, Reminder) if row.kind == kind]


async def heard_on(machine: Machine, person: Family, days: int, words: str) -> list[int]:
    """Let so many days pass; return those on which the person heard these words."""
    found = []
    for day in range(1, days + 1):
        before = len(person.from_bot)
        await days_later(machine, 1)
        if any(words in words_of(each) for each in person.from_bot[before:]):
            found.append(day)
    return found


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
    assert states(office, "draft") == ["done"]
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
    assert states(office, "draft") == ["stopped"]


async def test_later_puts_it_off_out_of_quiet_hours_and_stop_ends_it(office: Machine) -> None:
    family = await a_draft(office)
    await days_later(office, 1)
    await family.press("Later")
    assert family.sees("When shall we remind you?")
    await family.press("Tomorrow")
    assert family.sees("We will remind you on Tuesday, 24 November 2026, 12:00.")
    heard = len(family.from_bot)
    await days_later(office, 1)
    assert len(family.from_bot) == heard + 1
    assert family.sees(_NOT_FINISHED)
    await family.press("Later")
    office.later(hours=12)
    await family.press("In a week")
    assert family.sees("We will remind you on Wednesday, 2 December 2026, 08:00.")
    await days_later(office, 8, hours=12)
    assert family.sees(_NOT_FINISHED)
    await family.press("No more reminders of this")
    assert family.sees("We will not remind you of this any more.")
    heard = len(family.from_bot)
    await days_later(office, 30)
    assert len(family.from_bot) == heard
    assert [row.answer for row in rows(office, Occurrence)] == ["later", "later", "stop"]


async def test_another_day_for_what_was_erased_meanwhile_promises_nothing(office: Machine) -> None:
    family = await a_draft(office)
    await days_later(office, 1)
    await family.press("Later")
    await family.press("Another day")
    with office.homeward.engine.begin() as connection:  # as deleting everything from another chat does
        forget(connection, Reminder.kind == Kind.DRAFT.value)
    await family.say("tomorrow")
    assert family.sees("This is not to come any more.")
    assert not family.sees("We will remind you on {moment}.")


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


async def test_missing_papers_are_named_in_one_message_each_week_and_then_each_month(office: Machine) -> None:
    family = office.person(1003)
    await to_confirmation(family, "Amina Alieva", "Yusuf Aliev")
    await days_later(office, 7)
    papers = ("Birth certificate", "Your own identity document", "Proof that you are family", "Another paper")
    assert family.text.splitlines()[:6] == ["Still missing:", *(f"– {each}" for each in papers), ""]
    assert "Amina" not in family.text
    assert await heard_on(office, family, 90, "Still missing") == [7, 14, 21, 51, 81]
    await family.press("Send a paper")
    assert family.sees("Whose papers?")
    await family.say("/mine")
    await family.press("Withdraw this request")
    await family.press("The whole request")
    await family.press("Yes, withdraw it")
    assert await heard_on(office, family, 60, "") == []
    assert states(office, "papers") == states(office, "no_news") == ["stopped"]


async def test_without_news_a_family_hears_each_month_when_we_look_again(office: Machine) -> None:
    family = office.person(1002, "ar")
    await to_confirmation(family, language=family.language_name)
    await days_later(office, 30)
    assert family.sees("Nothing has changed since {day}. We look again on {following}.")
    locale = office.homeward.around.locales.get("ar")
    assert locale.day(date(2026, 11, 22)) in family.text
    assert locale.day(date(2027, 1, 21)) in family.text
    await family.press("See my request")
    assert family.sees("Your request has arrived")
    with office.homeward.engine.begin() as connection:
        connection.execute(update(Person).values(stage="deceased"))
    assert (
        await heard_on(office, family, 60, "") == []
    )  # staff tell of it in person, and nothing is said by itself


async def test_a_family_sets_its_own_reminder_and_chooses_another_day(office: Machine) -> None:
    family = office.person(1003)
    await to_confirmation(family, "Amina Alieva")
    await family.say("/mine")
    await family.press("Remind me")
    assert family.sees("When shall we remind you?")
    assert family.offered[:2] == ["Mon 23 November, 10:00", "Tue 24 November, 10:00"]
    for text, answer in (
        ("some day", "We could not read a day or a time in this."),
        ("1.1.2020", "That has passed already."),
        ("1.1.2050", "That is more than five years away."),
        ("tomorrow at 5", "Which of these do you mean?"),
    ):
        await family.say(text)
        assert family.sees(answer)
    await family.press("Monday, 23 November 2026, 17:00")
    assert family.sees("We will remind you on Monday, 23 November 2026, 17:00.")
    office.later(hours=29)
    await office.remind()
    assert family.sees("You wanted to be reminded of your request.")
    await family.press("Later")
    await family.press("Another day")
    await family.say("завтра в 10")
    assert family.sees("We will remind you on Tuesday, 24 November 2026, 10:00.")
    await days_later(office, 1)
    assert family.sees("You wanted to be reminded of your request.")
    await family.press("See my request")
    assert family.sees("Your request has arrived")
    assert states(office, "own") == ["done"]


async def test_settings_list_what_is_to_come_and_stop_it(office: Machine) -> None:
    family = office.person(1003)
    await to_confirmation(family, "Amina Alieva")
    await office.remind()
    await family.say("/settings")
    await family.press("Reminders")
    assert family.sees("1. Papers that are missing: 29 November 2026, 12:00")
    assert family.sees("2. Whether anything has changed: 22 December 2026, 12:00")
    await family.press("Stop: 1")
    assert family.sees("1. Papers that are missing: stopped")
    assert await heard_on(office, family, 20, "Still missing") == []
    await family.say("/settings")
    await family.press("Reminders")
    await family.press("Begin again: 1")
    assert await heard_on(office, family, 9, "Still missing") == [1, 8]


async def test_after_a_long_stop_one_message_says_that_it_is_late(office: Machine) -> None:
    family = office.person(1003)
    await to_confirmation(family, "Amina Alieva")
    await office.remind()
    heard = len(family.from_bot)
    office.later(days=100)
    await office.remind()
    await office.remind()
    assert len(family.from_bot) == heard + 1
    assert family.sees("Still missing")
    assert family.sees("Nothing has changed since 22 November 2026. We look again on 22 March 2027.")
    assert family.sees("This comes later than it should: for a time nothing could be sent.")
    assert {(row.missed) for row in rows(office, Occurrence)} == {5, 2}


async def test_who_has_arrived_is_asked_how_things_are_and_a_question_waits(office: Machine) -> None:
    family = office.person(1003)
    await to_confirmation(family, "Amina Alieva")
    arrive(office)
    assert await heard_on(office, family, 70, "How are things?") == [3, 14, 60]
    await family.press("Write to the office")
    assert family.sees("Write to the office")


def arrive(office: Machine) -> None:
    """Let everybody have arrived just now."""
    now = office.homeward.clock.now()
    with office.homeward.engine.begin() as connection:
        (person,) = connection.execute(select(Person.id, Person.request_id)).all()
        connection.execute(update(Person).values(stage="arrived", stage_since=now))
        note(connection, Happening(person.request_id, "stage.arrived", person.id), now)
