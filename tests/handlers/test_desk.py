"""The office's side: who gets in, what waits, and who works on what."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.family import Family, buttons_of
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


async def test_the_settings_make_the_first_admin_and_a_link_makes_staff(office: Machine) -> None:
    admin = await at_desk(office)
    colleague = await invited(office, admin, 901, "Boris")
    assert admin.sees("Somebody joined the team by a link")
    await admin.say("/team")
    assert "Anna · admin" in admin.text
    assert "Boris · staff" in admin.text
    await colleague.say("/team")
    assert "Invite staff" not in colleague.offered


async def test_a_family_does_not_learn_that_there_are_commands_of_staff(office: Machine) -> None:
    family = office.person(1001)
    await to_menu(family)
    await family.say("/queue")
    known = family.text
    await family.say("/nonsense")
    assert family.text == known


async def test_take_a_case_from_the_queue_and_the_second_is_told_who_has_it(office: Machine) -> None:
    admin = await at_desk(office)
    colleague = await invited(office, admin, 901, "Boris")
    _, reference = await filed(office, 1001, "Amina Alieva", "Yusuf")
    await admin.say(f"/case {reference}")
    assert admin.sees("nobody has it")
    await colleague.say("/start")
    assert "New: 1" in colleague.offered
    await colleague.press("New: 1")
    assert "Amina" not in colleague.text
    await colleague.press(reference)
    assert "Amina Alieva" in colleague.text
    await colleague.press("Take it")
    assert colleague.sees("with you")
    await admin.press("Take it")
    assert admin.sees("Boris works on this case")
    assert "Take it over" in admin.offered


async def test_everything_that_was_said_stands_behind_a_tap(office: Machine) -> None:
    admin = await at_desk(office)
    _, reference = await filed(office, 1001, "Amina Alieva")
    await admin.say(f"/case {reference}")
    assert "2017" not in admin.text
    assert "Zainab" not in admin.text
    await admin.press("Show everything")
    await admin.press("Amina Alieva")
    assert "2017" in admin.text
    await admin.press("← Back")
    await admin.press("Show everything")
    await admin.press("The requester and the family")
    assert "Zainab" in admin.text


async def test_who_was_staff_can_do_nothing_with_what_is_on_the_screen(office: Machine) -> None:
    admin = await at_desk(office)
    colleague = await invited(office, admin, 901, "Boris")
    _, reference = await filed(office, 1001)
    await colleague.say(f"/case {reference}")
    card = colleague.last
    data = next(b["callback_data"] for b in buttons_of(card) if b["text"] == "Take it")
    await admin.say("/revoke @Boris")
    await admin.press("Take the role away")
    assert admin.sees("Boris does not belong to the team any more.")
    assert colleague.sees("You do not belong to the team any more.")
    assert not any("Amina" in message.get("text", "") for message in colleague.messages)
    await colleague.forge(data)
    await colleague.say(f"/case {reference}")
    assert not any("Amina" in message.get("text", "") for message in colleague.messages)
    await admin.say(f"/case {reference}")
    assert admin.sees("nobody has it")


async def test_a_wrong_letter_in_a_reference_is_caught_and_the_right_one_offered(office: Machine) -> None:
    admin = await at_desk(office)
    _, reference = await filed(office, 1001)
    wrong = reference[:-1] + ("A" if reference[-1] != "A" else "B")
    await admin.say(f"/case {wrong}")
    assert admin.sees("There is no such reference")
    assert reference in admin.text
    await admin.say("/case")
    assert admin.sees("Write it like this: /case HW-7K3M-9QF2")
    await admin.say("/quee")
    assert admin.sees("Did you mean /queue new?")


async def test_the_list_of_commands_is_each_ones_own_and_in_their_language(office: Machine) -> None:
    """Experience 18: commands are set per scope and language; scopes are decoration."""
    admin = await at_desk(office)
    colleague = await invited(office, admin, 901, "Boris")

    def listed(person: Family) -> dict[str, str]:
        return {each["command"]: each["description"] for each in office.world.screen(person.id)["commands"]}

    assert "invite" in listed(admin)
    assert "invite" not in listed(colleague)
    assert listed(colleague)["queue"] == "Which cases wait"
    await colleague.say("/language")
    await colleague.press("Русский")
    colleague.language = "ru"
    await colleague.say("/desk")
    assert listed(colleague)["queue"] == "Какие заявки ждут"
    await admin.say("/revoke @Boris")
    await admin.press("Take the role away")
    assert "queue" not in listed(colleague)
