"""What somebody forwards, sends through another bot, or shares as a contact tells nothing of who they are."""

from typing import Any

import pytest

from tests.family import Family
from tests.handlers.paths import to_confirmation, to_first_question, to_menu, to_summary
from tests.handlers.sending import UPLOADS
from tests.handlers.test_linking import kept
from tests.handlers.test_talking import threads
from tests.machine import BOT_ID, Machine
from tests.sent_files import picture
from tests.stored import messages_in, requests_in, states_in, submissions_in

NOT_OURS = (
    "A forwarded message is not taken as your answer; to show it to staff, "
    "press “Talk to a person” and forward it there."
)
ORIGINS: dict[str, dict[str, Any]] = {
    "hidden": {"forward_origin": {"type": "hidden_user", "sender_user_name": "Somebody", "date": 1790000000}},
    "user": {
        "forward_origin": {
            "type": "user",
            "sender_user": {"id": 77, "is_bot": False, "first_name": "Somebody"},
            "date": 1790000000,
        }
    },
    "channel": {
        "forward_origin": {
            "type": "channel",
            "chat": {"id": -1_000_000_000_500, "type": "channel", "title": "News"},
            "message_id": 9,
            "date": 1790000000,
        }
    },
    "through another bot": {"via_bot": {"id": 99, "is_bot": True, "first_name": "Other"}},
}


async def give(family: Family, **more: Any) -> None:
    """Let the newest message of the person come in as one that has these fields as well."""
    world = family.machine.world
    (*_, update) = world.take_updates(BOT_ID)
    world.take_updates(BOT_ID, update["update_id"] + 1)
    await family.machine.take([{**update, "message": {**update["message"], **more}}])


async def forward(family: Family, text: str, **origin: Any) -> None:
    family.machine.world.write(family.id, text)
    await give(family, **(origin or ORIGINS["hidden"]))


@pytest.mark.parametrize("origin", ORIGINS.values(), ids=ORIGINS)
async def test_no_question_takes_it_as_an_answer(
    machine: Machine, family: Family, origin: dict[str, Any]
) -> None:
    await to_first_question(family)
    await forward(family, "Zainab", **origin)
    assert family.sees(NOT_OURS)
    assert family.sees("What should we call you?")
    assert states_in(machine)[0]["draft"]["requester"] == {}
    await family.say("Zainab")
    await family.press("Aunt")
    for text, own in (("Amina", "Amina Alieva"), ("2017", "2018"), ("Iraq", "Syria")):
        before = states_in(machine)[0]["draft"]
        await forward(family, text, **origin)
        assert family.sees(NOT_OURS)
        assert states_in(machine)[0]["draft"] == before
        assert family.live_keyboards == 1
        await family.say(own)
    await family.press("No, check my answers")
    await family.press("Send my request")
    (filed,) = requests_in(machine)
    assert (filed.requester["name"], filed.persons[0]["name"]) == ("Zainab", "Amina Alieva")


async def test_which_of_several_is_not_chosen_by_it(family: Family) -> None:
    await to_first_question(family)
    await family.say("Zainab")
    await family.press("Aunt")
    await family.say("Amina")
    await family.say("17")
    await forward(family, "2017")
    assert family.sees(NOT_OURS)
    assert family.sees("Which of these do you mean?")


async def test_reference_and_receipt_code_are_not_taken_from_it(machine: Machine, family: Family) -> None:
    await to_confirmation(family)
    reference, code = kept(family)
    stranger = machine.person(1009)
    await to_menu(stranger)
    await stranger.press("My requests")
    await stranger.press("Open a request sent from another phone")
    await forward(stranger, reference)
    assert stranger.sees(NOT_OURS)
    assert stranger.sees("Write the reference of the request, for example HW-7K3M-9QF2.")
    await stranger.say(reference)
    await forward(stranger, code)
    assert stranger.sees(NOT_OURS)
    assert not stranger.sees("The request is open in this chat now.")
    await stranger.say(code)
    assert stranger.sees("The request is open in this chat now.")


@pytest.mark.parametrize("command", ["/start HW-7K3M-9QF2", "/start i-abcdefgh", "/cancel", "/settings"])
async def test_a_forwarded_command_is_no_command(machine: Machine, family: Family, command: str) -> None:
    await to_summary(family)
    before = states_in(machine)
    await forward(family, command)
    assert states_in(machine) == before
    assert family.sees(NOT_OURS)
    assert family.sees("Check your answers")


async def test_as_the_very_first_message_it_is_answered_as_any_other(family: Family) -> None:
    await forward(family, "/start i-abcdefgh")
    assert family.sees("Choose your language")
    await family.press("English")
    assert family.sees("What would you like to do?")


async def test_at_a_screen_that_asks_nothing_it_is_said_too(family: Family) -> None:
    await to_summary(family)
    await forward(family, "Amina is well")
    assert family.sees(NOT_OURS)
    assert family.sees("Check your answers")
    assert family.live_keyboards == 1


async def test_staff_can_be_shown_it_marked_as_what_it_is(machine: Machine, family: Family) -> None:
    await to_menu(family)
    await family.press("Talk to a person")
    await forward(family, "/list of Friday", **ORIGINS["channel"])
    await family.say("Is this from you?")
    assert [(each.text, each.forwarded) for each in threads(machine)] == [
        ("/list of Friday", True),
        ("Is this from you?", False),
    ]


async def test_out_of_the_blue_it_is_offered_to_staff(machine: Machine, family: Family) -> None:
    await to_menu(family)
    await forward(family, "They are moved on Friday")
    assert family.sees("Shall we pass this on to staff?")
    assert messages_in(machine) == []
    await family.press("Yes, pass it on")
    (written,) = threads(machine)
    assert written.forwarded


@pytest.mark.parametrize("kind", ["voice", "photo", "document", "video_note"])
async def test_a_forwarded_file_is_no_answer_either(machine: Machine, family: Family, kind: str) -> None:
    await to_first_question(family)
    before = states_in(machine)
    send_unsettled(family, kind)
    await give(family, **ORIGINS["hidden"])
    assert family.sees(NOT_OURS)
    assert states_in(machine) == before
    assert submissions_in(machine) == []


async def test_of_a_forwarded_album_it_is_said_once(machine: Machine, family: Family) -> None:
    await to_first_question(family)
    heard = len(family.from_bot)
    for _ in range(3):
        machine.world.send_photo(family.id, picture(), album="album-1")
        await give(family, **ORIGINS["hidden"])
    assert len(family.from_bot) == heard + 1
    assert submissions_in(machine) == []


@pytest.mark.parametrize("own", [True, False], ids=["own", "somebody's"])
async def test_a_contact_is_nobodys_name_and_opens_nothing(
    machine: Machine, family: Family, own: bool
) -> None:
    await to_first_question(family)
    before = states_in(machine)
    machine.world.send_contact(family.id, "+79000000000", "Zainab", own=own)
    await machine.settle()
    assert states_in(machine) == before
    assert family.sees("What should we call you?")
    await family.say("/mine")
    await family.press("Open a request sent from another phone")
    machine.world.send_contact(family.id, "+79000000000", "HW-7K3M-9QF2", own=own)
    await machine.settle()
    assert family.sees("Write the reference of the request, for example HW-7K3M-9QF2.")


def send_unsettled(family: Family, kind: str) -> None:
    """Send a file that has not come in yet."""
    world = family.machine.world
    if kind == "photo":
        world.send_photo(family.id, picture())
    else:
        world.send_file(family.id, kind, UPLOADS[kind])
