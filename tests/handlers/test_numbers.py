"""/stats: counts in words, pictures, and what a role that may not read cases gets of them."""

import json
from collections.abc import AsyncIterator
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from bot.charts import draw_chart
from casework import permissions
from casework.permissions import Action, Permission, Role
from casework.stages import STAFF_WORDS
from tests.family import Family, buttons_of, words_of
from tests.handlers.desk import BOSS, at_desk, invited
from tests.handlers.paths import to_confirmation, to_menu
from tests.machine import Machine, running

VIEWS = ("Weeks", "Stages", "Ages", "Waiting", "Countries", "Regions", "Languages")


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Machine]:
    async with running(tmp_path, admins=(BOSS,)) as machine:
        yield machine


def pictures(family: Family) -> list[bytes]:
    files = family.machine.world.files
    photos = [message["photo"][-1]["file_id"] for message in family.from_bot if "photo" in message]
    return [files[each].upload.content for each in photos]


async def two_requests(machine: Machine) -> None:
    await to_confirmation(machine.person(1001), "Amina Alieva", "Yusuf")
    await to_confirmation(machine.person(1002), "Madina")


async def test_the_command_gives_counts_and_a_picture(office: Machine) -> None:
    staff = await at_desk(office)
    await two_requests(office)
    await staff.say("/stats")
    assert staff.sees("Requests: 2")
    assert staff.sees("Persons: 3")
    assert staff.sees("Came this week: 2")
    assert staff.sees("Requests in which somebody still waits: 2")
    picture = Image.open(BytesIO(pictures(staff)[0]))
    assert picture.width == 1080
    assert set(VIEWS) <= set(staff.offered)


async def test_each_way_to_look_gives_its_picture_and_the_same_in_words(office: Machine) -> None:
    staff = await at_desk(office)
    await two_requests(office)
    await staff.press("Numbers")
    for number, name in enumerate(VIEWS, 2):
        await staff.press(name)
        assert len(pictures(staff)) == number
        assert staff.sees("Requests: 2")
        assert staff.live_keyboards == 1
    assert len(set(pictures(staff))) == len(VIEWS)  # the first was the weeks too
    words = [words_of(message) for message in staff.from_bot]
    assert any("Iraq: 3" in each for each in words)
    assert any("Arrived at the office: 3" in each for each in words)
    assert any("7 to 11: 3" in each for each in words)
    assert any("English: 2" in each for each in words)


async def test_what_is_shown_cannot_be_passed_on(office: Machine) -> None:
    staff = await at_desk(office)
    await staff.say("/stats stages")
    picture, screen = staff.from_bot[-2:]
    assert picture["has_protected_content"]
    assert screen["has_protected_content"]
    assert not buttons_of(picture)


@pytest.mark.parametrize(("language", "own"), [("ru", "Русский"), ("ar", "العربية")])
async def test_every_word_is_in_the_readers_language(office: Machine, language: str, own: str) -> None:
    staff = office.person(BOSS, language)
    await to_menu(staff, own)
    await staff.say("Anna")
    await two_requests(office)
    await staff.say("/stats")
    for name in VIEWS:
        await staff.press(name)
    latin = {"english", "hw"}
    words = "\n".join(words_of(message) for message in staff.from_bot[3:]).replace("Anna", "")
    assert {word.casefold() for word in words.split() if word.isascii() and word.isalpha()} <= latin
    assert staff.sees("Persons: {n}")


async def test_there_is_no_such_view(office: Machine) -> None:
    staff = await at_desk(office)
    await staff.say("/stats of everything")
    assert staff.sees("Write it like this: /stats")
    assert pictures(staff) == []


async def test_who_may_not_read_cases_learns_of_no_small_group(
    office: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    admin = await at_desk(office)
    colleague = await invited(office, admin, 901, "Boris")
    await two_requests(office)
    only_admins = Permission(Action.READ, frozenset({Role.ADMIN}))
    monkeypatch.setitem(permissions.PERMISSIONS, Action.READ, only_admins)
    await colleague.say("/stats countries")
    assert colleague.sees("Persons: not shown")
    await colleague.press("Countries")
    words = [words_of(message) for message in colleague.from_bot]
    assert any("Groups of fewer than 5 are not shown." in each for each in words)
    assert not any("Iraq: 3" in each for each in words)


async def test_a_family_gets_no_numbers(office: Machine) -> None:
    family = office.person(1003)
    await to_menu(family)
    before = len(family.from_bot)
    await family.say("/stats")
    assert pictures(family) == []
    assert not any("Persons" in words_of(message) for message in family.from_bot[before:])


async def test_a_region_in_a_familys_words_is_only_words(office: Machine) -> None:
    """Markup, direction and commands in it do nothing, in the list and on the picture."""
    staff = await at_desk(office)
    family = office.person(1001)
    await to_confirmation(family)
    await family.press("Make the request stronger")
    await family.press_with("About you")
    await family.press_with("Where you live")
    await family.say("<b>Grozny</b>\u202e &amp; {n} %s /stats")
    await staff.say("/stats regions")
    await staff.press("Regions")
    shown = next(message for message in staff.from_bot if "<b>Grozny</b>" in words_of(message))
    assert "\u202e" not in shown["text"]
    assert not any("Grozny" in str(entity) for entity in shown.get("entities", []))
    assert len(pictures(staff)) == 2


def test_the_stages_are_drawn_by_the_words_of_the_desk() -> None:
    """Each stage has words of staff's, or its bar could not be named."""
    panel = {
        "heading": "-",
        "remark": "",
        "bars": [{"words": each, "count": 1} for each in STAFF_WORDS.values()],
    }
    recipe = {"render": "chart", "panels": json.dumps([panel]), "right_to_left": ""}
    assert Image.open(BytesIO(draw_chart(recipe))).height > 24 * 60
