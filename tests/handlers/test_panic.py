"""Delete this chat now: one tap in the menu, one confirmation, and the chat is empty."""

from pathlib import Path
from typing import Any

import pytest

from db.models import Access, Account, Dialog, Outbox, Person, Request
from simulator.faults import Fault
from tests.bot.stage import calls, kill, put, started, take_in
from tests.databases import only_sqlite
from tests.erased import binary_values, found_again, nothing_opens
from tests.family import Family, buttons_of
from tests.handlers.paths import to_confirmation, to_menu
from tests.handlers.sending import send_file
from tests.handlers.test_delete_me import rows
from tests.handlers.test_linking import kept, to_link
from tests.machine import Machine
from tests.stored import requests_in


async def to_question(family: Family) -> None:
    await family.say("/start")
    await family.press("Delete this chat now")


def deleted(machine: Machine) -> list[list[int]]:
    """Return what each call asked to delete."""
    return [call["params"]["message_ids"] for call in calls(machine, "deleteMessages")]


async def test_one_tap_and_one_confirmation_empty_the_chat(machine: Machine, family: Family) -> None:
    await to_confirmation(family)
    await send_file(family, "voice")
    assert len(family.messages) > 10
    await to_question(family)
    await family.press("Delete everything")
    assert family.messages == []
    (account,) = rows(machine, Account)
    assert (account.data_key, account.address, account.language) == (b"", b"", None)
    assert rows(machine, Outbox) == rows(machine, Dialog) == rows(machine, Access) == []
    assert rows(machine, Request)[0].data_key == b""


async def test_the_question_is_short_and_names_nothing(family: Family) -> None:
    """Somebody may be looking."""
    await to_confirmation(family)
    await to_question(family)
    words = " ".join([family.text, *family.buttons])
    assert len(words) < 300
    for telling in ("Amina", "Iraq", "prison", "camp", "office", "HW-"):
        assert telling not in words


async def test_the_request_can_stay_with_the_office(machine: Machine, family: Family) -> None:
    await to_confirmation(family)
    reference, code = kept(family)
    await to_question(family)
    await family.press("Delete the chat, keep my request")
    assert family.messages == []
    assert requests_in(machine)[0].requester["name"] == "Zainab"
    assert rows(machine, Access) == []
    await to_menu(family)
    await to_link(family, reference, code)
    assert family.sees("Your request has arrived")


async def test_without_a_request_there_is_one_button(family: Family) -> None:
    await to_menu(family)
    await family.press("Delete this chat now")
    assert family.buttons == ["Delete the chat", "← Back", "Talk to a person"]
    await family.press("← Back")
    assert "Delete this chat now" in family.buttons
    await family.press("Delete this chat now")
    await family.press("Delete the chat")
    assert family.messages == []


async def test_what_is_older_than_two_days_is_left_and_nothing_fails_for_it(
    machine: Machine, family: Family
) -> None:
    """Telegram may refuse a whole call for one message that is too old; an edited one counts from when it was sent."""
    await to_confirmation(family)
    await family.say("/settings")
    old = [message["message_id"] for message in family.messages]
    machine.later(hours=47, minutes=30)
    await family.press("Switch news off")
    assert family.last["message_id"] in old
    await to_question(family)
    await family.press("Delete the chat, keep my request")
    assert [message["message_id"] for message in family.messages] == old
    assert {each for ids in deleted(machine) for each in ids}.isdisjoint(old)
    assert rows(machine, Outbox) == []


async def test_a_long_chat_is_deleted_in_several_calls(machine: Machine, family: Family) -> None:
    """Bot API, deleteMessages: 100 at once; the newest go first."""
    await to_menu(family)
    for number in range(60):
        await family.say(f"words {number}")
    await to_question(family)
    await family.press("Delete the chat")
    assert family.messages == []
    assert [len(ids) <= 100 for ids in deleted(machine)] == [True, True]
    ids = [each for some in deleted(machine) for each in some]
    assert ids == sorted(ids, reverse=True)


async def test_a_double_tap_does_it_once_and_writes_nothing_new(machine: Machine, family: Family) -> None:
    await to_confirmation(family)
    await to_question(family)
    data = next(b["callback_data"] for b in buttons_of(family.last) if b["callback_data"].endswith(":all"))
    message = family.last["message_id"]
    for _ in range(2):
        machine.world.press(family.id, message, data=data)
    await machine.settle()
    assert family.messages == []
    assert len(rows(machine, Account)) == 1


async def test_what_still_waits_for_the_chat_does_not_come_into_it(machine: Machine, family: Family) -> None:
    await to_confirmation(family)
    await to_question(family)
    data = next(b["callback_data"] for b in buttons_of(family.last) if b["callback_data"].endswith(":all"))
    put(machine, family, "news for everybody")
    machine.world.press(family.id, family.last["message_id"], data=data)
    await machine.settle()
    await machine.homeward.outbox.sweep()
    await machine.homeward.outbox.idle()
    assert family.messages == []


async def test_two_holders_the_other_keeps_the_request(machine: Machine, family: Family) -> None:
    await to_confirmation(family)
    phone = machine.person(1010)
    await to_menu(phone)
    await to_link(phone, *kept(family))
    seen = len(phone.messages)
    await to_question(family)
    assert "Delete everything" not in family.buttons
    await family.press("Delete the chat")
    assert family.messages == []
    assert len(phone.messages) == seen
    await phone.say("/mine")
    assert phone.sees("Amina Alieva")
    assert {person.stage for person in rows(machine, Person)} == {"received"}


@pytest.mark.parametrize("kind", ["429", "500", "drop"])
async def test_the_chat_is_emptied_although_telegram_stumbles(
    machine: Machine, family: Family, kind: Any
) -> None:
    await to_confirmation(family)
    await to_question(family)
    machine.world.faults.add(Fault(kind, methods=("deleteMessages",), count=3))
    await family.press("Delete everything")
    assert family.messages == []
    assert rows(machine, Account)[0].address == b""


async def test_a_kill_in_between_loses_neither_the_deleting_nor_the_forgetting(tmp_path: Path) -> None:
    """The address is kept until the chat is empty, and not a moment longer; all else is erased at once."""
    async with started(tmp_path) as machine:
        family, world = machine.person(1003), machine.world
        await to_confirmation(family)
        await to_question(family)
        own = binary_values(machine)
        data = next(
            b["callback_data"] for b in buttons_of(family.last) if b["callback_data"].endswith(":all")
        )
        world.press(family.id, family.last["message_id"], data=data)
        world.faults.add(Fault("outage"))
        await take_in(machine)
        await kill(machine)
        assert family.messages != []
    world.faults.clear()
    account = {place: value for place, value in own.items() if place[:2] in KEPT_FOR_THE_WAY}
    async with started(tmp_path, world) as machine:
        machine.later(minutes=5)
        await machine.homeward.outbox.sweep()
        await machine.homeward.outbox.idle()
        assert Family(machine, 1003, "en").messages == []
        assert rows(machine, Account)[0].data_key == rows(machine, Account)[0].address == b""
        assert rows(machine, Outbox) == []
        assert account
        assert found_again(tmp_path, own) == []
        nothing_opens(machine, own)


KEPT_FOR_THE_WAY = {("account", "data_key"), ("account", "address")}


@only_sqlite  # PostgreSQL's log and old rows: docs/decisions/0017-postgresql.md
async def test_until_the_chat_is_empty_only_key_and_address_are_kept(tmp_path: Path) -> None:
    async with started(tmp_path) as machine:
        family, world = machine.person(1003), machine.world
        await to_confirmation(family)
        await to_question(family)
        own = binary_values(machine)
        data = next(
            b["callback_data"] for b in buttons_of(family.last) if b["callback_data"].endswith(":all")
        )
        world.press(family.id, family.last["message_id"], data=data)
        world.faults.add(Fault("outage"))
        await take_in(machine)
        await kill(machine)
    assert {place[:2] for place in found_again(tmp_path, own)} == KEPT_FOR_THE_WAY


async def test_somebody_who_blocks_the_bot_is_forgotten_all_the_same(
    machine: Machine, family: Family
) -> None:
    await to_confirmation(family)
    await to_question(family)
    data = next(b["callback_data"] for b in buttons_of(family.last) if b["callback_data"].endswith(":all"))
    machine.world.press(family.id, family.last["message_id"], data=data)
    machine.world.block(family.id)
    await machine.settle()
    assert rows(machine, Account)[0].address == b""
    assert rows(machine, Outbox) == []


async def test_a_screen_too_old_to_go_asks_for_nothing_any_more(machine: Machine, family: Family) -> None:
    """Telegram leaves what is older than 48 hours; its buttons belonged to somebody who is forgotten by then."""
    await to_menu(family)
    machine.later(days=3)
    await family.press("Delete this chat now")
    await family.press("Delete the chat")
    assert family.sees("Older messages stay until you delete them.")
    assert family.buttons == []
    await family.say("/start")
    assert family.live_keyboards == 1
