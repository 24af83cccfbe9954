"""Settings: language, time zone, quiet hours, news."""

from typing import Any

import pytest
from sqlalchemy import select

from db.models import Account
from tests.family import Family
from tests.handlers.paths import to_confirmation, to_first_question, to_menu
from tests.machine import Machine


async def to_settings(family: Family) -> None:
    await to_menu(family, family.language_name)
    await family.press("Settings, language")


def chosen(machine: Machine) -> Any:
    with machine.homeward.engine.begin() as connection:
        return connection.execute(
            select(
                Account.zone, Account.quiet_from, Account.quiet_until, Account.news, Account.urgent_news
            ).order_by(Account.id)
        ).all()[0]


async def test_the_table_says_how_everything_is_set(machine: Machine, family: Family) -> None:
    await to_settings(family)
    assert family.sees("Language: English")
    assert family.sees("Time zone: Moscow, now 12:00")
    assert family.sees("Quiet hours: from 22:00 until 08:00")
    assert family.sees("Urgent news: on")
    assert tuple(chosen(machine)) == (None, None, None, True, True)


async def test_the_zone_is_not_guessed_from_the_language(machine: Machine) -> None:
    aunt = machine.person(1011, "ar")
    await to_settings(aunt)
    assert aunt.sees("موسكو")


async def test_news_are_switched_with_one_tap_each_in_place(machine: Machine, family: Family) -> None:
    await to_settings(family)
    before = len(family.messages)
    await family.press("Switch news off")
    assert family.sees("News: off")
    await family.press("Switch urgent news off")
    await family.press("Switch news on")
    assert family.sees("News: on")
    assert family.sees("Urgent news: off")
    assert len(family.messages) == before
    assert tuple(chosen(machine))[3:] == (True, False)


async def test_a_double_tap_switches_once(machine: Machine, family: Family) -> None:
    await to_settings(family)
    data = next(
        button["callback_data"]
        for row in family.last["reply_markup"]["inline_keyboard"]
        for button in row
        if button["text"] == "Switch news off"
    )
    for _ in range(2):
        machine.world.press(family.id, family.last["message_id"], data=data)
    await machine.settle()
    assert family.sees("News: off")


@pytest.mark.parametrize(("since", "until"), [("21:00", "07:00"), ("22:30", "6"), ("10 вечера", "7 утра")])
async def test_quiet_hours_by_button_or_typed(
    machine: Machine, family: Family, since: str, until: str
) -> None:
    await to_settings(family)
    await family.press("Quiet hours")
    for time in (since, until):
        await (family.press(time) if time in family.buttons else family.say(time))
    begins, ends = {"21:00": (1260, 420), "22:30": (1350, 360), "10 вечера": (1320, 420)}[since]
    assert tuple(chosen(machine))[1:3] == (begins, ends)
    assert family.sees("Quiet hours: from {since} until {until}")


async def test_quiet_hours_can_be_done_without(family: Family) -> None:
    await to_settings(family)
    await family.press("Quiet hours")
    await family.press("No quiet hours")
    assert family.sees("Quiet hours: none")
    await family.press("Quiet hours")
    assert "No quiet hours" not in family.buttons


async def test_what_is_no_time_is_said_twice_in_different_words(machine: Machine, family: Family) -> None:
    """Experience 14; and nothing is written down before both ends are known."""
    await to_settings(family)
    await family.press("Quiet hours")
    await family.say("at night")
    assert family.sees("This is not a time of day.")
    await family.say("when it is dark")
    assert family.sees("A time looks like this: 7:30, or 22.")
    await family.say("22")
    await family.say("22:00")
    assert family.sees("Quiet hours need a beginning and another end.")
    await family.press("← Back")
    await family.press("← Back")
    assert tuple(chosen(machine))[1:3] == (None, None)


async def test_a_zone_is_chosen_typed_or_left(machine: Machine, family: Family) -> None:
    await to_settings(family)
    await family.press("Time zone")
    await family.press("Almaty")
    assert family.sees("Time zone: Almaty, now 14:00")
    await family.press("Time zone")
    await family.say("somewhere")
    assert family.sees("We do not know this city.")
    await family.say("elsewhere")
    assert family.sees("Write the difference in hours")
    await family.say("Мосул")
    assert family.sees("Time zone: Baghdad")
    assert chosen(machine).zone == "Asia/Baghdad"
    await family.press("Time zone")
    await family.press("← Back")
    assert family.sees("Time zone: Baghdad")


@pytest.mark.parametrize(("city", "day"), [("Almaty", "23 November"), ("New York", "22 November")])
async def test_days_are_shown_by_the_persons_own_clock(
    machine: Machine, family: Family, city: str, day: str
) -> None:
    """At 22 h UTC it is the next day in Almaty and not yet in New York."""
    machine.later(hours=13)
    await to_confirmation(family)
    await family.say("/settings")
    await family.press("Time zone")
    await family.say(city)
    await family.say("/mine")
    assert family.sees(f"Since {day} 2026")


async def test_the_language_is_reached_from_the_settings_and_leads_back(family: Family) -> None:
    await to_settings(family)
    await family.press("🌐 Language")
    await family.press("Русский")
    family.language = "ru"
    assert family.sees("Language: Русский") or family.sees("Язык: Русский")
    assert "Часовой пояс" in family.buttons


async def test_settings_work_in_the_middle_of_a_request(family: Family) -> None:
    """Experience 18."""
    await to_first_question(family)
    await family.say("Zainab")
    await family.say("/settings")
    await family.press("Switch news off")
    await family.press("← Back")
    await family.press("Go on with my request")
    assert family.sees("Who are you to the people you are asking about?")
    await family.say("/language")
    await family.press("English")
    assert family.sees("Who are you to the people you are asking about?")
