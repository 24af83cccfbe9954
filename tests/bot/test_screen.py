"""Screens and their buttons, within what Telegram takes."""

from typing import Any

import pytest

from bot.i18n import LANGUAGES, Html
from bot.screen import ANYWHERE, CALLBACK_LIMIT, TEXT_LIMIT, Button, Screen
from casework.drafts import MOST_PERSONS
from db.models import Dialog
from handlers import family_steps
from handlers.family.steps import At
from simulator.text import units
from tests.bot.stage import rows, states
from tests.family import Family, buttons_of
from tests.handlers.appointing import to_an_appointment
from tests.handlers.paths import tell_of_a_person, to_first_question
from tests.handlers.sending import send_photo
from tests.machine import Machine
from tests.stored import office_writes, requests_in

NAMES = [(language.code, language.own_name) for language in LANGUAGES]


def test_a_button_belongs_to_its_screen_unless_it_works_from_anywhere() -> None:
    assert Button("Iraq", "choice:IQ").as_json("tok") == {"text": "Iraq", "callback_data": "tok:choice:IQ"}
    assert Button("Menu", "menu", anywhere=True).as_json("tok")["callback_data"] == f"{ANYWHERE}:menu"


def test_a_button_that_copies_asks_nothing_of_the_bot() -> None:
    assert Button("Copy", copies="HW-1").as_json("tok") == {"text": "Copy", "copy_text": {"text": "HW-1"}}


def test_rows_without_buttons_are_left_out() -> None:
    screen = Screen(Html("x"), [[], [Button("a", "b")], []])
    assert screen.keyboard("t") == {"inline_keyboard": [[{"text": "a", "callback_data": "t:b"}]]}


# One way through every place of the conversation: words, "[a button]", "(words on a button)". A new place belongs
# on it.
_TOUR = (
    "/start", "{language}", "[How it works]", "[DNA tests]", "[Menu]", "[Privacy]", "[← Back]", "hello",
    "[No, delete it]", "[Talk to a person]", "words", "{{office}}", "/talk",
    "[New message from the office]", "[What was written]", "[← Back]", "[Talk to a person]",
    "[What was written]", "[← Back]", "[← Back]",
    "[My requests]", "[← Back]", "[File a request]", "[I agree]",
    "Zainab", "[Grandmother]", "Amina", "1435", "[Something else]", "2017", "Iraq", "[Add another person]", "Yusuf",
    "2015", "Syria", "[No, check my answers]", "[Remove a person]", "[Nobody; go back]", "[Cancel]",
    "[Go on with my request]",
    "[Tell more before sending]", "(Relatives for a DNA test)", "[Add a relative]", "[Aunt]", "[Cancel]",
    "(Relatives for a DNA test)", "(1:)", "[Remove this entry]", "[No, keep it]", "[← Back]", "[← Back]",
    "[← Back]", "[Send my request]", "/mine", "[Open a request sent from another phone]", "HW-0000-0000",
    "/mine", "[Who can open this request]",
    "/mine", "[Withdraw this request]", "[1. Amina]", "[No, leave it as it is]",
    "/mine", "[Make the request stronger]", "(Papers)", "(Amina)", "[Photo of the person]", "[← Back]",
    "[Mother's documents]", "{{photo}}", "[What you sent]", "(1. )", "[Remove it]", "[No, keep it]",
    "/mine", "[Remind me]", "{{appointment}}", "/verify",
    "/my_data", "/withdraw", "[Delete them]", "[← Back]", "[No, keep my agreement]", "/delete_me",
    "[Delete me and my requests]", "[No, go back]", "/start", "[Delete this chat now]",
    "/settings", "[Time zone]", "[← Back]", "[Quiet hours]", "[22:00]", "[07:00]", "[← Back]",
    "/settings", "[Reminders]", "[← Back]",
)  # fmt: skip


async def act_on(family: Family, act: str) -> None:
    if act.startswith("["):
        await family.press(act.strip("[]"))
    elif act.startswith("("):
        await family.press_with(act.strip("()"))
    elif act == "{office}":
        office_writes(family.machine, family.id, "We have read it. " * 150)
    elif act == "{appointment}":
        await to_an_appointment(family)
    elif act == "{photo}":
        await send_photo(family)
    else:
        await family.say(act)


@pytest.mark.parametrize(("language", "name"), NAMES)
async def test_no_place_shows_a_button_that_telegram_refuses(
    machine: Machine, language: str, name: str
) -> None:
    family = machine.person(1003, language)
    visited: set[str] = set()
    for stop in _TOUR:
        act = stop.format(language=f"[{name}]")
        await act_on(family, act)
        visited.add(rows(machine, Dialog)[0].step)
    # Entering shows nothing of its own; cutting somebody off takes two (tests/handlers/test_linking.py).
    # The office's places: tests/handlers/test_around_desk.py.
    assert {step.name for step in family_steps()} - visited == {At.ENTER, At.CUT}
    for message in machine.world.said:
        hold_within_limits(message)


@pytest.mark.parametrize(("language", "name"), NAMES)
async def test_the_fullest_request_still_fits_into_its_screens(
    machine: Machine, language: str, name: str
) -> None:
    """Twelve persons with the longest names: no page of it is refused as too long."""
    family = machine.person(1003, language)
    await to_first_question(family, name)
    await family.say("Я" * 200)
    await family.press("Grandmother")
    await tell_of_a_person(family, "Амина " * 33, "between March 2015 and April 2016")
    for _ in range(1, MOST_PERSONS):
        await family.press("Add another person")
        await tell_of_a_person(family, "Амина " * 33, "between March 2015 and April 2016")
    await family.press("No, check my answers")
    await family.press("Send my request")
    assert len(requests_in(machine)[0].persons) == MOST_PERSONS
    await family.press("My requests")
    assert family.sees("Your request has arrived")
    assert set(states(machine)) == {"sent"}
    for message in machine.world.said:
        hold_within_limits(message)


def hold_within_limits(message: dict[str, Any]) -> None:
    assert 0 < units(message.get("text") or message.get("caption") or "x") <= TEXT_LIMIT
    for button in buttons_of(message):
        assert button["text"].strip()
        if "callback_data" in button:
            assert 0 < len(button["callback_data"].encode()) <= CALLBACK_LIMIT
