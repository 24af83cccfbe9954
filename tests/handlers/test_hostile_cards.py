"""Threat 9 on cards: whatever a name, a remark or a place is, a card holds our own markup and no other."""

from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from casework.drafts import Draft
from casework.names import LONGEST_NAME
from casework.questions import UNKNOWN
from casework.requests import file
from tests.bot.stage import account_of
from tests.casework.hostile import hostile_names, how_many
from tests.family import Family, buttons_of
from tests.handlers.desk import BOSS, at_desk
from tests.handlers.paths import to_menu
from tests.handlers.test_finding import DETECTED
from tests.machine import Machine, running

PLAIN = "Amina Alieva"
_TURNS = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u200e\u061c"
_A_FAMILY = 20  # requests: no more than fit on its list
_A_PART = 200  # names


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Machine]:
    async with running(tmp_path, admins=(BOSS,)) as machine:
        yield machine


def filed_by(machine: Machine, family: Family, name: str) -> str:
    """File a request in which everything that can be written is this name, past the checks of the chat."""
    keys, now = machine.homeward.around.keys, machine.homeward.clock.now()
    account = account_of(machine, family).id
    said = dict.fromkeys(("name", "other_names", "mother_name", "father_name", "marks"), name)
    person: dict[str, Any] = {**said, "birth": UNKNOWN, "country": "IQ"}
    draft = Draft({"name": name, "relation": "aunt", "region": name}, [person])
    with machine.homeward.engine.begin() as connection:
        return file(connection, keys, account, "ru", draft, now).reference


NAMES = [name[:LONGEST_NAME] for name in hostile_names(how_many(60))]  # as long as a chat lets a name be
# A chat of many thousand messages is slow to look through: each part has one of its own.
in_parts = pytest.mark.parametrize("first", range(0, len(NAMES), _A_PART))


def looks_of(person: Family) -> Counter[str]:
    """Count the markup of the live screen, but for what Telegram finds in any plain text by itself."""
    message = person.screen
    assert len(message["text"].encode("utf-16-le")) // 2 <= 4096
    depth = 0
    for sign in message["text"]:
        depth += {"\u2068": 1, "\u2069": -1}.get(sign, 0)
        assert depth >= 0
        assert sign not in _TURNS
    assert depth == 0
    return Counter(each["type"] for each in message.get("entities", []) if each["type"] not in DETECTED)


async def card_of(staff: Family, reference: str) -> list[Counter[str]]:
    """Look at the card, and behind its tap."""
    await staff.say(f"/case {reference}")
    looks = [looks_of(staff)]
    for whom in range(2):  # the person, then the requester
        await staff.press("Show everything")
        looks.append(looks_of(staff))
        staff.machine.world.press(
            staff.id, staff.screen["message_id"], label=buttons_of(staff.screen)[whom]["text"]
        )
        await staff.machine.settle()
        looks.append(looks_of(staff))
        await staff.press("← Back")
    return looks


@in_parts
async def test_the_cards_of_staff_hold_our_own_markup(office: Machine, first: int) -> None:
    staff = await at_desk(office)
    family = office.person(1001)
    await to_menu(family)
    usual = await card_of(staff, filed_by(office, family, PLAIN))
    assert sum(map(sum, (looks.values() for looks in usual))) > 5
    for number, name in enumerate(NAMES[first : first + _A_PART]):
        if number % _A_FAMILY == 0:
            family = office.person(2000 + number)
            await to_menu(family)
        assert await card_of(staff, filed_by(office, family, name)) == usual, repr(name)
    assert office.set_aside() == 0


@in_parts
async def test_the_cards_of_a_family_hold_our_own_markup(office: Machine, first: int) -> None:
    usual: Counter[str] = Counter()
    for number, name in enumerate([PLAIN, *NAMES[first : first + _A_PART]]):
        family = office.person(2000 + number)
        await to_menu(family)
        filed_by(office, family, name)
        await family.say("/mine")
        usual = usual or looks_of(family)
        assert looks_of(family) == usual, repr(name)
    assert office.set_aside() == 0
