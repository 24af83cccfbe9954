"""/find: what staff type, what they see of it, and what the audit log keeps."""

import random
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, select

from casework.drafts import Draft
from casework.names import LONGEST_NAME
from casework.questions import UNKNOWN
from casework.requests import Filed, file
from db.models import Access, Audit
from tests.bot.stage import account_of
from tests.casework.hostile import how_many
from tests.family import Family
from tests.handlers.desk import BOSS, at_desk, invited, reference_in
from tests.handlers.paths import to_confirmation, to_menu
from tests.machine import Machine, running


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Machine]:
    async with running(tmp_path, admins=(BOSS,)) as machine:
        yield machine


async def filed(machine: Machine, person_id: int, *names: str) -> tuple[Family, str]:
    family = machine.person(person_id)
    await to_confirmation(family, *names)
    return family, reference_in(family)


def audited(machine: Machine, action: str) -> list[int | None]:
    """Return the requests of every row of this action, the oldest first."""
    with machine.homeward.engine.begin() as connection:
        rows = select(Audit.request_id).where(Audit.action == action).order_by(Audit.id)
        return list(connection.scalars(rows))


async def test_a_name_in_other_letters_leads_to_the_case(office: Machine) -> None:
    staff = await at_desk(office)
    _, reference = await filed(office, 1001, "Хадижат Эльмурзаева")
    await filed(office, 1002, "Юсуф")
    await staff.say("/find خديجة")
    assert staff.sees("1 case found")
    assert staff.sees("Name, in other letters: Хадижат Эльмурзаева")
    assert reference in staff.text
    assert "Iraq" in staff.text
    assert staff.last.get("has_protected_content")
    await staff.press(f"1 · {reference}")
    assert staff.sees("nobody has it")


async def test_the_desk_asks_what_for_and_takes_one_search_after_another(office: Machine) -> None:
    staff = await at_desk(office)
    _, reference = await filed(office, 1001, "Амина")
    await staff.press("Find")
    assert staff.sees("What are you looking for?")
    await staff.say("Зулихан")
    assert staff.sees("Nothing was found for: Зулихан")
    await staff.say(reference.lower())
    assert staff.sees("Why: the reference")
    await staff.press("Look for something else")
    await staff.say("🙂")
    assert staff.sees("There is nothing in it to look for.")
    await staff.say("amina 2017 iraq")
    assert staff.sees("Name, in other letters: Амина; the country; the year of birth")


async def test_pages_of_results_and_who_was_seen_stands_in_the_audit_log(office: Machine) -> None:
    staff = await at_desk(office)
    family = office.person(1001)
    await to_menu(family)
    requests = [request.request_id for request in plant(office, family, ["Амина"] * 8)]
    await staff.say("/find Амина")
    assert staff.sees("8 cases found")
    newest_first = requests[::-1]
    assert audited(office, "find") == [None, *newest_first[:6]]
    await staff.press("Next page")
    assert staff.sees("8. Амина")
    assert "First page" in staff.offered
    assert "Next page" not in staff.offered
    assert audited(office, "find")[7:] == [None, *newest_first[6:]]
    await staff.press("First page")
    assert staff.sees("1. Амина")


async def test_what_a_family_withdraws_is_marked_and_what_it_erases_is_gone(office: Machine) -> None:
    staff = await at_desk(office)
    family, _ = await filed(office, 1001, "Амина")
    other, _ = await filed(office, 1002, "Амина")
    await staff.say("/find Амина")
    assert staff.sees("2 cases found")
    await family.say("/mine")
    await family.press("Withdraw this request")
    await family.press("Yes, withdraw it")
    await other.say("/delete_me")
    await other.press("Delete me and my requests")
    await other.press("Yes, delete my requests too")
    assert len(office.homeward.around.names.cases) == 1, "it leaves the memory before anybody searches"
    await staff.say("/find Амина")
    assert staff.sees("1 case found")
    assert staff.sees("withdrawn by the family")


async def test_for_a_family_there_is_no_search(office: Machine) -> None:
    staff = await at_desk(office)
    colleague = await invited(office, staff, 901, "Boris")
    family, _ = await filed(office, 1001, "Амина")
    await colleague.say("/find Амина")
    assert colleague.sees("1 case found")
    again = next(
        each["callback_data"]
        for row in colleague.screen["reply_markup"]["inline_keyboard"]
        for each in row
        if each["text"] == "Look for something else"
    )
    await staff.say("/revoke @Boris")
    await staff.press("Take the role away")
    await colleague.forge(again)
    assert not colleague.sees("What are you looking for?")
    for nobody in (colleague, family):
        await nobody.say("/find Амина")
        await nobody.say("Амина")
        assert not nobody.sees("1 case found")


@pytest.mark.parametrize("part", range(how_many(1_000) // 1_000))
async def test_no_hostile_name_renders_anything_but_our_own_markup(office: Machine, part: int) -> None:
    """Threats 9: every name through the list; the simulator reads the markup as Telegram does."""
    staff = await at_desk(office)
    family = office.person(1001)
    await to_menu(family)
    names = hostile_names(1_000, seed=part)
    years = range(1960, 1990, 3)  # no more of a year than a list shows; near ones are found too
    for number, year in enumerate(years):
        plant(office, family, names[number :: len(years)], birth={"edtf": str(year)}, other_names="Амина")
    seen = 0
    for year in years:
        await staff.say(f"/find {year}")
        seen += looks_right(staff)
        while "Next page" in staff.offered:
            await staff.press("Next page")
            seen += looks_right(staff)
    assert seen == len(names)
    assert office.set_aside() == 0


# Telegram finds these by itself in any plain text; they are no markup.
DETECTED = {"bot_command", "mention", "url", "email", "hashtag"}


def looks_right(staff: Family, *, plus: int = 0) -> int:
    """Hold a page against the markup it may have: a bold name and a code of the reference for each result.

    Args:
        plus: references that stand there without a name.
    """
    message = staff.last
    kinds = [entity["type"] for entity in message.get("entities", [])]
    results = kinds.count("code")
    assert set(kinds) <= {"bold", "code"} | DETECTED
    assert kinds.count("bold") == results + 1 - plus
    opened = 0
    for sign in message["text"]:
        opened += {"\u2068": 1, "\u2069": -1}.get(sign, 0)
        assert opened >= 0
        assert sign not in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u200e"
    assert opened == 0
    assert len(message["text"].encode("utf-16-le")) // 2 <= 4096
    return results


def hostile_names(count: int, seed: int = 4) -> list[str]:
    dice = random.Random(seed)  # noqa: S311 - the same names each time
    pieces = [
        "<b>",
        "</b>",
        "<a href='tg://user?id=1'>",
        "&lt;",
        "&#60;",
        "<code>",
        "\u202e",
        "\u2067",
        "\u2069",
        "\u2069" * 5,
        "\u200f",
        "{name}",
        "{0}",
        "%s",
        "👨\u200d👩\u200d👧",
        "🏳️\u200d🌈" * 20,
        "א",
        "آمنة",
        "Амина",
        "Амина\n",
        "a\u0301" * 10,
        "_*[]()~`>#+-=|{}.!",
        "@everybody",
        "t.me/x",
        "/start",
        "\x00",
        "x" * LONGEST_NAME,
    ]
    return ["".join(dice.choices(pieces, k=dice.randint(1, 6)))[:LONGEST_NAME] for _ in range(count)]


def plant(machine: Machine, family: Family, names: list[str], **more: Any) -> list[Filed]:
    """File a request for each name, as it is and past the checks that a chat would make; the family can open none."""
    keys, now = machine.homeward.around.keys, machine.homeward.clock.now()
    account = account_of(machine, family).id
    filed = []
    with machine.homeward.engine.begin() as connection:
        for name in names:
            person = {"name": name, "birth": UNKNOWN, "country": "IQ", "mother_name": name, **more}
            draft = Draft({"name": name, "relation": "aunt"}, [person])
            filed.append(file(connection, keys, account, "ru", draft, now))
            connection.execute(delete(Access))
    return filed
