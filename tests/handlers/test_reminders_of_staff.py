"""Reminders of the team: each kind is made, given, put off, answered, stops by itself; ignored, it goes further."""

from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from db.models import Reminder, Request
from tests.bot.stage import rows
from tests.family import Family
from tests.handlers.desk import BOSS, at_desk, invited
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
    assert not any("more than twice" in each.get("text", "") for each in admin.from_bot)
    await days_later(office, 1, minutes=1)
    assert admin.sees("A colleague was reminded more than twice, and nothing has happened: 1 case.")
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
