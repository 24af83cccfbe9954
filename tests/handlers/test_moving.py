"""Stages: moved along the table, told to the family in plain words, never for a death."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.family import Family
from tests.handlers.desk import BOSS, at_desk, invited, reference_in
from tests.handlers.paths import to_confirmation
from tests.machine import Machine, running

NEWS = "There is news about your request."


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Machine]:
    async with running(tmp_path, admins=(BOSS,)) as machine:
        yield machine


async def filed(machine: Machine, person_id: int, *names: str, language: str = "en") -> tuple[Family, str]:
    family = machine.person(person_id, language)
    await to_confirmation(family, *names, language=family.language_name)
    return family, reference_in(family)


async def take(staff: Family, reference: str) -> None:
    await staff.say(f"/case {reference}")
    await staff.press("Take it")


async def forward(staff: Family, *stages: str) -> None:
    """Move the one person of the case on the screen along these stages."""
    for stage in stages:
        await staff.press("Stage")
        await staff.press(stage)
        await staff.press("Yes, change the stage")


def news_of(family: Family) -> int:
    return sum(NEWS in message.get("text", "") for message in family.from_bot)


TO_PERMISSION = (
    *("Being read", "Registered", "Located", "Identity check"),
    *("Kinship check", "Papers", "Exit permission"),
)


async def test_a_step_forward_is_confirmed_told_and_read_on_the_card(office: Machine) -> None:
    admin = await at_desk(office)
    family, reference = await filed(office, 1001, "Amina Alieva")
    await take(admin, reference)
    await admin.press("Stage")
    assert admin.offered == ["Being read", "Another stage", "← Back", "Desk"]
    await admin.press("Being read")
    assert admin.sees("Arrived at the office → Being read")
    assert admin.sees("Staff are reading your request")
    await admin.press("Yes, change the stage")
    assert admin.sees("The stage is now: Being read")
    assert family.sees(NEWS)
    assert "Amina" not in family.text
    await family.press("See the news")
    assert family.sees("Staff are reading your request")
    assert "22 November 2026: Staff are reading your request" in family.text


async def test_a_family_reads_the_news_in_its_own_language(office: Machine) -> None:
    admin = await at_desk(office)
    family, reference = await filed(office, 1002, "Амина Алиева", language="ru")
    await take(admin, reference)
    await admin.press("Stage")
    await admin.press("Being read")
    ours = office.homeward.around.locales.get("ru").plain("Staff are reading your request")
    assert ours in admin.text
    await admin.press("Yes, change the stage")
    assert family.sees(NEWS)
    assert NEWS not in family.text
    await family.press("See the news")
    assert ours in family.text


async def test_moving_back_asks_why_and_only_the_team_reads_it(office: Machine) -> None:
    admin = await at_desk(office)
    family, reference = await filed(office, 1001, "Amina Alieva")
    await take(admin, reference)
    await forward(admin, "Being read", "Registered")
    await admin.press("Stage")
    await admin.press("Another stage")
    await admin.press("On hold")
    assert admin.sees("Why? Write it in one message.")
    await admin.say("x" * 501)
    assert admin.sees("A reason may have 500 letters at most.")
    await admin.say("The ministry is <b>closed</b>")
    assert "Reason: The ministry is <b>closed</b>" in admin.text
    await admin.press("Yes, change the stage")
    assert "Registered → On hold · The ministry is <b>closed</b> · Anna" in admin.text
    await family.say("/mine")
    assert family.sees("The request is waiting")
    assert not any("ministry" in message.get("text", "") for message in family.from_bot)


async def test_of_several_persons_one_is_moved_and_the_timeline_says_which(office: Machine) -> None:
    admin = await at_desk(office)
    family, reference = await filed(office, 1001, "Amina Alieva", "Yusuf Aliev")
    await take(admin, reference)
    await admin.press("Stage")
    await admin.press("Yusuf Aliev")
    await admin.press("Being read")
    await admin.press("Yes, change the stage")
    await family.press("See the news")
    assert "Yusuf Aliev: Staff are reading your request" in family.text
    assert "Amina Alieva: Staff" not in family.text


async def test_a_travel_list_needs_a_second_person_who_sees_what_will_happen(office: Machine) -> None:
    admin = await at_desk(office)
    colleague = await invited(office, admin, 901, "Boris")
    family, reference = await filed(office, 1001, "Amina Alieva")
    await take(admin, reference)
    await forward(admin, *TO_PERMISSION)
    told = news_of(family)
    await admin.press("Stage")
    await admin.press("On a list")
    await admin.press("Ask a second person")
    assert admin.sees("A second person has to approve it.")
    assert news_of(family) == told
    assert colleague.sees("A colleague asks for a second person.")
    await colleague.press("Approvals")
    await colleague.press("1. Change of a stage")
    assert "Amina Alieva" in colleague.text
    assert colleague.sees("Exit permission → On a list")
    assert colleague.sees("The person is on a travel list")
    await colleague.press("Approve")
    assert colleague.sees("Approved, and done.")
    assert admin.sees("What you asked for was approved and done.")
    assert news_of(family) == told + 1
    await family.press("See the news")
    assert family.sees("The person is on a travel list")


async def test_a_death_is_never_told_by_the_bot(office: Machine) -> None:
    admin = await at_desk(office)
    colleague = await invited(office, admin, 901, "Boris")
    family, reference = await filed(office, 1001, "Amina Alieva")
    await take(admin, reference)
    heard = len(family.from_bot)
    await admin.press("Stage")
    await admin.press("Another stage")
    await admin.press("Deceased")
    await admin.say("Told by the hospital")
    assert admin.sees("The bot never tells of a death.")
    await admin.press("Ask a second person")
    await colleague.press("Approvals")
    await colleague.press("1. Change of a stage")
    assert colleague.sees("The bot never tells of a death.")
    await colleague.press("Approve")
    assert colleague.sees("Approved, and done.")
    assert len(family.from_bot) == heard
    await family.say("/mine")
    assert family.sees("The office is looking into this request")
    happened = family.text.split("What has happened")[1]
    assert happened.split() == ["22", "November", "2026:", "the", "request", "arrived"]
    await family.say("/my_data")
    await family.press("Yes, send it to me here")
    given = " ".join(str(message) for message in family.from_bot[heard:])
    assert "deceased" not in given.lower()
    assert "hospital" not in given


async def test_who_moves_somebody_that_was_moved_meanwhile_is_told_who_did(office: Machine) -> None:
    admin = await at_desk(office)
    colleague = await invited(office, admin, 901, "Boris")
    _, reference = await filed(office, 1001, "Amina Alieva")
    await take(colleague, reference)
    await colleague.press("Stage")
    await colleague.press("Being read")
    await admin.say(f"/case {reference}")
    await admin.press("Take it over")
    await forward(admin, "Being read")
    await admin.say(f"/assign {reference} @Boris")
    await colleague.press("Yes, change the stage")
    assert colleague.sees("Anna has moved this person meanwhile. The stage is now: Being read")
    assert "Registered" not in colleague.text


async def test_two_telephones_confirm_at_once_and_one_move_happens(office: Machine) -> None:
    admin = await at_desk(office)
    family, reference = await filed(office, 1001, "Amina Alieva")
    await take(admin, reference)
    await admin.press("Stage")
    await admin.press("Being read")
    screen = admin.last
    for _ in range(2):
        office.world.press(admin.id, screen["message_id"], label="Yes, change the stage")
    await office.together(office.world.take_updates(100200300, 0))
    assert news_of(family) == 1


async def test_a_case_of_another_offers_no_stage_and_a_forged_press_moves_nobody(office: Machine) -> None:
    admin = await at_desk(office)
    colleague = await invited(office, admin, 901, "Boris")
    family, reference = await filed(office, 1001, "Amina Alieva")
    await take(admin, reference)
    await colleague.say(f"/case {reference}")
    assert "Stage" not in colleague.offered
    await colleague.say(f"/stage {reference}")
    assert colleague.sees("Anna works on this case.")
    await admin.press("Stage")
    token = admin.last["reply_markup"]["inline_keyboard"][0][0]["callback_data"].split(":")[0]
    await admin.forge(f"{token}:to:flight_scheduled")
    await admin.forge(f"{token}:sure:flight_scheduled")
    assert news_of(family) == 0


async def test_whoever_left_the_bot_is_not_written_to_and_another_relative_is(office: Machine) -> None:
    admin = await at_desk(office)
    family, reference = await filed(office, 1001, "Amina Alieva")
    stranger = office.person(1009, "en")
    await stranger.say("/start")
    await stranger.press("English")
    await take(admin, reference)
    await forward(admin, "Being read")
    assert news_of(family) == 1
    assert news_of(stranger) == 0
    card = next(
        b
        for m in family.from_bot
        for r in m.get("reply_markup", {}).get("inline_keyboard", [])
        for b in r
        if b["text"] == "See the news"
    )
    await stranger.forge(card["callback_data"])
    assert stranger.sees("This chat holds no request yet.")
