"""Reminders of the team: each kind is made, given, put off, answered, stops by itself; ignored, it goes further."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from db.models import Reminder, Request
from tests.bot.stage import rows
from tests.family import Family, buttons_of
from tests.handlers.desk import BOSS, at_desk, invited
from tests.handlers.many import filed_at
from tests.handlers.test_moving import filed, take
from tests.handlers.test_reminders import days_later, heard_on
from tests.machine import Machine, running


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Machine]:
    async with running(tmp_path, admins=(BOSS,)) as machine:
        yield machine
        assert machine.set_aside() == 0


async def with_colleague(office: Machine) -> tuple[Family, Family, str]:
    """Give a case to one of the team."""
    admin = await at_desk(office)
    colleague = await invited(office, admin, 901, "Boris")
    _, reference = await filed(office, 1001, "Amina Alieva")
    await take(colleague, reference)
    return admin, colleague, reference


def set_request(office: Machine, **columns: Any) -> None:
    with office.homeward.engine.begin() as connection:
        connection.execute(update(Request).values(**columns))


def now(office: Machine) -> datetime:
    return office.homeward.clock.now()


async def test_a_family_that_waits_two_days_reminds_who_has_the_case_and_then_the_admins(
    office: Machine,
) -> None:
    admin, colleague, reference = await with_colleague(office)
    set_request(office, unanswered_since=now(office))
    assert await heard_on(office, colleague, 3, "1 family waits for an answer.") == [2, 3]
    assert not any("several times" in each.get("text", "") for each in admin.from_bot)
    await days_later(office, 1, minutes=1)
    assert admin.sees("A colleague was reminded several times, and nothing has happened: 1 case.")
    await admin.press(reference)
    assert "Amina Alieva" in admin.text
    await colleague.press("Later")
    await colleague.press("Tomorrow")
    await days_later(office, 1)
    assert colleague.sees("1 family waits for an answer.")
    await colleague.press(reference)
    assert "Amina Alieva" in colleague.text
    set_request(office, unanswered_since=None)
    assert await heard_on(office, colleague, 3, "waits for an answer") == []
    assert {row.state for row in rows(office, Reminder) if row.kind == "unanswered"} == {"stopped"}


async def test_what_nobody_takes_in_a_day_is_told_to_the_admins_in_one_message(office: Machine) -> None:
    admin = await at_desk(office)
    for number in (1001, 1002):
        _, reference = await filed(office, number, "Amina Alieva")
    await days_later(office, 1)
    assert admin.sees("2 new requests are nobody's yet.")
    await admin.press(reference)
    await admin.press("Take it")
    await days_later(office, 1)
    assert admin.sees("1 new request is nobody's yet.")


async def test_a_stage_that_lasts_too_long_and_a_second_person_who_is_waited_for(office: Machine) -> None:
    admin, colleague, reference = await with_colleague(office)
    assert await heard_on(office, colleague, 12, "1 case stands at its stage longer than it should.") == [
        3,
        10,
    ]
    await colleague.say(f"/stage {reference}")
    await colleague.press("Another stage")
    await colleague.press("Deceased")
    await colleague.say("A letter of the hospital")
    await colleague.press("Ask a second person")
    assert await heard_on(office, admin, 2, "1 thing waits for a second person.") == [1, 2]
    assert await heard_on(office, colleague, 1, "waits for a second person") == []
    await admin.press("See what waits")
    assert admin.sees("asked by Boris")


async def open_line(staff: Family, words: str) -> None:
    """Press the button that has the number of the line with these words."""
    line = next(each for each in staff.text.splitlines() if words in each)
    number, _, _ = line.partition(" ")
    await staff.press(next(each for each in staff.offered if each.startswith(f"{number} ")))


async def test_the_morning_s_list_comes_by_each_one_s_clock_and_not_on_an_empty_day(office: Machine) -> None:
    admin, colleague, _ = await with_colleague(office)
    set_request(office, unanswered_since=now(office))
    await office.remind()
    heard = len(colleague.from_bot)
    office.later(hours=20, minutes=29)
    await office.remind()
    assert len(colleague.from_bot) == heard
    office.later(minutes=1)
    await office.remind()
    assert colleague.sees("This morning")
    assert colleague.sees("Families who wait for an answer: 1")
    await colleague.press("Open my desk")
    assert colleague.sees("Your desk")
    assert not admin.sees("This morning")
    set_request(office, unanswered_since=None)
    assert await heard_on(office, colleague, 2, "This morning") == []
    assert await heard_on(office, admin, 6, "How the office stands this week") == [5]


async def test_what_is_put_off_or_done_in_one_message_leaves_the_morning_s_list_alone(
    office: Machine,
) -> None:
    _, colleague, reference = await with_colleague(office)
    morning = timedelta(hours=20, minutes=30)
    set_request(office, unanswered_since=now(office) + morning - timedelta(hours=48))
    await office.remind()
    office.later(seconds=morning.total_seconds())
    await office.remind()
    assert colleague.buttons == [reference, "Open my desk", "Later", "Done"]
    await colleague.press("Later")
    await colleague.press("In a week")
    for _ in range(3):
        await days_later(office, 1)
        assert colleague.sees("This morning")
        assert not colleague.sees("1 family waits for an answer.")
    await days_later(office, 4)
    assert colleague.sees("This morning")
    assert colleague.sees("1 family waits for an answer.")
    await colleague.press("Done")
    assert colleague.sees("Good. While it is still so, we remind you of it again.")
    await days_later(office, 1)
    assert colleague.sees("This morning")
    assert colleague.sees("1 family waits for an answer.")


async def test_remind_takes_a_moment_and_words_in_four_languages_and_asks_for_what_is_missing(
    office: Machine,
) -> None:
    admin, colleague, reference = await with_colleague(office)
    for text in ("завтра в 10", "غدا الساعة 10", "tomorrow at 10", "кхана 10:00"):
        await colleague.say(f"/remind {reference} {text} ask for the <b>letter</b>")
        assert colleague.sees("You will be reminded on Monday, 23 November 2026, 10:00.")
        assert "ask for the <b>letter</b>" in colleague.text
    await colleague.say(f"/remind {reference} 2020-01-01 10:00 too late")
    assert colleague.sees("That has passed already.")
    assert colleague.sees("too late")
    await colleague.say("in 2 hours")
    assert colleague.sees("You will be reminded on Sunday, 22 November 2026, 14:00.")
    await colleague.say(f"/remind {reference} at 5")
    await colleague.press("Sunday, 22 November 2026, 17:00")
    assert colleague.sees("Of what shall we remind you?")
    await colleague.press("Without words")
    assert colleague.sees("You will be reminded on Sunday, 22 November 2026, 17:00.")
    await colleague.say("/remind HW-2222-2222 tomorrow at 10")
    assert colleague.sees("There is no such reference: HW-2222-2222")
    office.later(hours=2)
    await office.remind()
    assert colleague.sees("You wanted to be reminded of 1 case.")
    assert "letter" not in colleague.text
    await colleague.press(reference)
    assert "too late" in colleague.text
    office.later(hours=20)
    await office.remind()
    assert colleague.sees("You wanted to be reminded of 5 cases.")
    await admin.say(f"/followups {reference}")
    assert "Your own reminder" not in admin.text


async def test_an_appointment_is_told_at_once_on_the_day_before_and_in_the_morning(office: Machine) -> None:
    _, colleague, reference = await with_colleague(office)
    family = office.person(1001)
    await colleague.say(f"/appointment {reference}")
    await colleague.press("A sample for a DNA test")
    await colleague.say("25.11.2026 11:00")
    await colleague.say("Second floor, room 4")
    assert colleague.sees("Chats that will be told: 1")
    await colleague.press("Tell the family")
    when = "You have an appointment: Wednesday, 25 November 2026, 11:00."
    assert family.sees(when)
    assert "DNA" not in family.text
    await family.press("See where, and what for")
    assert family.sees("A sample for a DNA test")
    assert family.sees("Second floor, room 4")
    office.later(days=2, hours=5, minutes=59)
    await office.remind()
    heard = len(family.from_bot)
    office.later(minutes=1)
    await office.remind()
    assert len(family.from_bot) == heard + 1
    assert family.sees(when)
    done = next(each["callback_data"] for each in buttons_of(family.last) if each["text"] == "Done")
    for word in ("later", "to", "day"):  # it would come after the appointment
        await family.forge(done.replace("done:", f"{word}:{'tomorrow.' if word == 'to' else ''}"))
        assert family.toasts[-1].startswith("This button")
    heard = len(family.from_bot)
    office.later(hours=13, minutes=30)
    await office.remind()
    assert len(family.from_bot) == heard + 1
    await colleague.say(f"/appointment {reference}")
    await colleague.press("A visit to the office")
    await colleague.say("1.12.2026 в 9:30")
    await colleague.press("Without a place")
    await colleague.press("Tell the family")
    await colleague.press("Follow-ups")
    assert colleague.sees("Monday, 30 November 2026")
    await open_line(colleague, f"18:00 · {reference} · Appointment")
    assert colleague.sees("Monday, 30 November 2026, 18:00")
    await colleague.press("Cancel it")
    assert colleague.sees("Cancelled. Nobody is reminded of it.")
    assert family.sees("The appointment on Tuesday, 1 December 2026, 09:30 was cancelled.")
    assert await heard_on(office, family, 10, "You have an appointment") == []


async def test_follow_ups_are_listed_by_day_moved_and_cancelled(office: Machine) -> None:
    admin, colleague, reference = await with_colleague(office)
    family = office.person(1001)
    await office.remind()
    await colleague.say(f"/remind {reference} in 3 days at 9:00 look again")
    await colleague.say("/followups")
    assert colleague.sees("Wednesday, 25 November 2026")
    assert f"09:00 · {reference} · Your own reminder" in colleague.text
    assert f"12:00 · {reference} · Papers that are missing · to the family" in colleague.text
    await open_line(colleague, f"09:00 · {reference} · Your own reminder")
    assert "look again" in colleague.text
    await colleague.press("Another time")
    await colleague.say("tomorrow at 8:00")
    assert colleague.sees("It comes on Monday, 23 November 2026, 08:00 now.")
    await open_line(colleague, f"12:00 · {reference} · Papers that are missing")
    await colleague.press("Cancel it")
    assert await heard_on(office, family, 30, "Still missing") == []
    await admin.say(f"/followups {reference}")
    await admin.press_with(reference)
    await admin.press("Cancel it")
    assert admin.sees("Boris works on this case.")


async def test_a_line_and_its_cases_bear_the_same_mark_and_what_has_no_room_is_at_the_desk(
    office: Machine,
) -> None:
    admin = await at_desk(office)
    _, reference = await filed(office, 1001, "Amina Alieva")
    await take(admin, reference)
    _, other = await filed(office, 1002, "Yusuf Aliev")
    await days_later(office, 3)
    lines = admin.text.split("\n\n")
    assert lines[0] == "① 1 new request is nobody's yet."
    assert lines[1] == "② 2 cases stand at their stages longer than they should."
    assert admin.buttons[:2] == [f"① {other}", f"② {reference}"]
    filed_at(office, *["received"] * 12)
    await days_later(office, 3)
    assert admin.sees("13 new requests are nobody's yet.")
    assert len(admin.buttons) == 10 + 2
    await admin.press("Open my desk")
    assert admin.sees("Your desk")
