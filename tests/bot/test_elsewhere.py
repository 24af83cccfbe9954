"""Groups and channels: one sentence, and out. Who blocks the bot, and who no longer does."""

import json
from typing import Any

import pytest

from bot.elsewhere import Blocking, Outside, read_elsewhere
from bot.fields import Unreadable
from bot.i18n import Locales
from db.models import Account, Dialog, Message, SeenUpdate, SetAside
from db.models import Outbox as OutboxRow
from simulator.records import Chat
from tests.bot.stage import account_of, calls, deliver_due, fail, put, rows, states, take_in, waiting_updates
from tests.family import Family
from tests.handlers.paths import to_menu, to_summary
from tests.machine import BOT_ID, Machine
from tests.stored import requests_in, states_in

VILLAGE = -400
NEWS = -1_000_000_000_500
SOMEBODY = 41
NAME = f"made_up_{BOT_ID}_bot"
ENGLISH = "This bot works only in private chats, so it leaves this one."
SENTENCE = f"{Locales(['ru']).get('ru').plain(ENGLISH)}\n{ENGLISH}"


def said_in(machine: Machine, chat_id: int) -> list[str]:
    messages = machine.world.groups[chat_id].messages.values()
    return [each.message["text"] for each in messages if each.outgoing]


def is_in(machine: Machine, chat_id: int) -> bool:
    return BOT_ID in machine.world.groups[chat_id].members


def left(machine: Machine) -> int:
    return sum(entry["answer"]["ok"] for entry in calls(machine, "leaveChat"))


def nothing_is_kept(machine: Machine) -> bool:
    return not any(rows(machine, table) for table in (Account, Dialog, OutboxRow, Message, SetAside))


async def add(machine: Machine, chat_id: int = VILLAGE) -> None:
    machine.world.add_to_group(chat_id, SOMEBODY, title="Canary village")
    await machine.settle()


class TestGroups:
    @pytest.mark.parametrize("chat_id", [VILLAGE, NEWS], ids=["group", "supergroup"])
    async def test_put_into_a_group_it_says_one_sentence_and_leaves(
        self, machine: Machine, chat_id: int
    ) -> None:
        await add(machine, chat_id)
        assert said_in(machine, chat_id) == [SENTENCE]
        assert not is_in(machine, chat_id)
        assert nothing_is_kept(machine)

    async def test_put_into_a_channel_too(self, machine: Machine) -> None:
        machine.world.groups[NEWS] = Chat(NEWS, "channel", title="News")
        await add(machine, NEWS)
        assert said_in(machine, NEWS) == [SENTENCE]
        assert not is_in(machine, NEWS)

    async def test_where_the_sentence_fails_it_leaves_all_the_same(self, machine: Machine) -> None:
        machine.world.groups[NEWS] = Chat(NEWS, "channel", title="News")
        fail(machine, "500", "sendMessage", count=1)
        await add(machine, NEWS)
        assert said_in(machine, NEWS) == []
        assert not is_in(machine, NEWS)

    async def test_nothing_of_the_group_is_in_the_database(self, machine: Machine) -> None:
        await add(machine)
        kept = [str(row) for row in rows(machine, SeenUpdate)]
        assert len(kept) == 2  # the update, and the mark
        assert not any(word in each for word in ("400", "41,", "Canary") for each in kept)

    async def test_the_same_update_twice_is_one_sentence(self, machine: Machine) -> None:
        machine.world.add_to_group(VILLAGE, SOMEBODY)
        update = waiting_updates(machine)[-1]
        await machine.take([update, update])
        await machine.together([update, update])
        assert said_in(machine, VILLAGE) == [SENTENCE]
        assert left(machine) == 1

    @pytest.mark.parametrize("turned", [False, True], ids=["in order", "overtaken"])
    async def test_spoken_to_right_after_it_was_added_it_says_no_second_sentence(
        self, machine: Machine, turned: bool
    ) -> None:
        machine.world.add_to_group(VILLAGE, SOMEBODY)
        machine.later(seconds=2)
        machine.world.write_in_group(VILLAGE, SOMEBODY, "/start")
        machine.world.write_in_group(VILLAGE, SOMEBODY, f"and you, @{NAME}?")
        updates = waiting_updates(machine)
        await machine.take(list(reversed(updates)) if turned else updates)
        assert said_in(machine, VILLAGE) == [SENTENCE]
        assert not is_in(machine, VILLAGE)

    async def test_both_at_the_same_moment_are_one_sentence(self, machine: Machine) -> None:
        machine.world.add_to_group(VILLAGE, SOMEBODY)
        machine.world.write_in_group(VILLAGE, SOMEBODY, "/start")
        await machine.together(waiting_updates(machine))
        assert said_in(machine, VILLAGE) == [SENTENCE]

    async def test_added_again_later_it_says_it_again(self, machine: Machine) -> None:
        await add(machine)
        machine.later(hours=1)
        await add(machine)
        assert said_in(machine, VILLAGE) == [SENTENCE, SENTENCE]
        assert not is_in(machine, VILLAGE)

    async def test_two_groups_are_told_each(self, machine: Machine) -> None:
        await add(machine)
        await add(machine, NEWS)
        assert said_in(machine, VILLAGE) == said_in(machine, NEWS) == [SENTENCE]

    @pytest.mark.parametrize(
        ("words", "meant"),
        [
            ("/start", True),
            (f"/start@{NAME} HW-7K3M-9QF2", True),
            (f"/help@{NAME.upper()}", True),
            (f"What do you say, @{NAME}?", True),
            ("/start@other_bot", False),
            ("What do you say?", False),
            (f"@{NAME}2, and you?", False),
            ("/", False),
        ],
    )
    async def test_it_hears_only_what_is_meant_for_it(
        self, machine: Machine, words: str, meant: bool
    ) -> None:
        machine.world.groups[VILLAGE] = Chat(VILLAGE, "group", title="Village", members={BOT_ID})
        machine.world.write_in_group(VILLAGE, SOMEBODY, words)
        await machine.settle()
        assert said_in(machine, VILLAGE) == ([SENTENCE] if meant else [])
        assert is_in(machine, VILLAGE) is not meant
        assert nothing_is_kept(machine)

    async def test_put_out_by_somebody_it_says_nothing(self, machine: Machine) -> None:
        machine.world.groups[VILLAGE] = Chat(VILLAGE, "group", title="Village", members={BOT_ID})
        machine.world.remove_from_group(VILLAGE, SOMEBODY)
        await machine.settle()
        assert calls(machine, "sendMessage") == calls(machine, "leaveChat") == []

    async def test_a_group_that_becomes_a_supergroup_meanwhile_is_told_and_left_there(
        self, machine: Machine
    ) -> None:
        machine.world.add_to_group(VILLAGE, SOMEBODY)
        new = machine.world.upgrade_group(VILLAGE, SOMEBODY)["chat_id"]
        await machine.settle()
        assert said_in(machine, new) == [SENTENCE]
        assert not is_in(machine, new)
        assert nothing_is_kept(machine)

    async def test_made_an_administrator_where_it_still_is_it_only_leaves(self, machine: Machine) -> None:
        await add(machine)
        machine.world.groups[VILLAGE].members.add(BOT_ID)
        await machine.take([membership(900, VILLAGE, "group", "member", "administrator")])
        assert said_in(machine, VILLAGE) == [SENTENCE]
        assert not is_in(machine, VILLAGE)

    async def test_a_family_who_adds_the_bot_to_a_group_goes_on_undisturbed(
        self, machine: Machine, family: Family
    ) -> None:
        await to_summary(family)
        before, shown = states_in(machine), len(family.messages)
        machine.world.add_to_group(VILLAGE, family.id)
        machine.world.write_in_group(VILLAGE, family.id, "/cancel")
        await machine.settle()
        assert states_in(machine) == before
        assert len(family.messages) == shown
        await family.press("Send my request")
        assert len(requests_in(machine)) == 1


class TestDelivery:
    async def test_families_are_answered_while_a_group_cannot_be_told(
        self, machine: Machine, family: Family
    ) -> None:
        fail(machine, "429", "leaveChat", retry_after=3600, count=3)
        machine.world.add_to_group(VILLAGE, SOMEBODY)
        machine.world.write(family.id, "/start")
        await take_in(machine)
        await machine.homeward.outbox.idle()
        assert family.sees("Choose your language")
        assert not is_in(machine, VILLAGE)

    async def test_a_sentence_that_may_have_arrived_is_not_said_again(self, machine: Machine) -> None:
        fail(machine, "drop", "sendMessage", count=1)
        fail(machine, "drop", "leaveChat", count=1)
        await add(machine)
        assert said_in(machine, VILLAGE) == [SENTENCE]
        assert not is_in(machine, VILLAGE)

    async def test_an_outage_delays_the_leaving_only(self, machine: Machine) -> None:
        fail(machine, "502", "leaveChat", count=2)
        await add(machine)
        assert said_in(machine, VILLAGE) == [SENTENCE]
        assert not is_in(machine, VILLAGE)

    async def test_where_leaving_is_refused_for_ever_it_gives_up(self, machine: Machine) -> None:
        fail(machine, "500", "leaveChat")
        await add(machine)
        assert len(calls(machine, "leaveChat")) == 5
        assert states(machine) == []


class TestOthers:
    """What changes nothing, and is answered nowhere."""

    @pytest.mark.parametrize(
        "update",
        [
            {"channel_post": {"message_id": 5, "chat": {"id": NEWS, "type": "channel"}, "text": "/start"}},
            {"edited_channel_post": {"message_id": 5, "chat": {"id": NEWS, "type": "channel"}, "text": "/a"}},
            {"inline_query": {"id": "1", "from": {"id": SOMEBODY}, "query": NAME, "offset": ""}},
            {"chosen_inline_result": {"result_id": "1", "from": {"id": SOMEBODY}, "query": "x"}},
            {
                "message": {
                    "message_id": 5, "date": 1790000000, "text": "/start", "is_automatic_forward": True,
                    "chat": {"id": VILLAGE, "type": "supergroup"},
                    "sender_chat": {"id": NEWS, "type": "channel", "title": "News"},
                    "from": {"id": 777000, "is_bot": False, "first_name": "Telegram"},
                }
            },
            {
                "edited_message": {
                    "message_id": 5, "date": 1790000000, "text": "/start",
                    "chat": {"id": VILLAGE, "type": "supergroup"}, "from": {"id": SOMEBODY},
                }
            },
            {
                "callback_query": {
                    "id": "7", "from": {"id": SOMEBODY}, "inline_message_id": "x", "data": "~:mine",
                    "chat_instance": "1",
                }
            },
            {
                "message": {
                    "message_id": 5, "date": 1790000000, "text": [NAME],
                    "chat": {"id": VILLAGE, "type": "group"}, "from": {"id": SOMEBODY},
                }
            },
        ],
        ids="+".join,
    )  # fmt: skip
    async def test_it_changes_nothing(self, machine: Machine, update: dict[str, Any]) -> None:
        await machine.take([{"update_id": 31, **update}])
        assert nothing_is_kept(machine)
        assert calls(machine, "sendMessage") == calls(machine, "leaveChat") == []

    async def test_an_anonymous_administrator_speaks_for_the_group_and_gets_no_account(
        self, machine: Machine
    ) -> None:
        machine.world.groups[VILLAGE] = Chat(VILLAGE, "group", title="Village", members={BOT_ID})
        sender = {"id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}
        chat = {"id": VILLAGE, "type": "group", "title": "Village"}
        content = {"message_id": 5, "from": sender, "sender_chat": chat, "chat": chat, "date": 1790000000}
        await machine.take([{"update_id": 31, "message": {**content, "text": "/start"}}])
        assert said_in(machine, VILLAGE) == [SENTENCE]
        assert nothing_is_kept(machine)


def membership(update_id: int, chat_id: int, kind: str, before: str, after: str) -> dict[str, Any]:
    """Make the update of a changed membership by hand."""
    bot = {"id": BOT_ID, "is_bot": True, "first_name": "Bot"}
    change = {
        "chat": {"id": chat_id, "type": kind},
        "from": {"id": SOMEBODY, "is_bot": False, "first_name": "Somebody"},
        "date": 1790000000,
        "old_chat_member": {"user": bot, "status": before},
        "new_chat_member": {"user": bot, "status": after},
    }
    return {"update_id": update_id, "my_chat_member": change}


class TestReading:
    @pytest.mark.parametrize(
        ("before", "after", "added"),
        [
            ({"status": "left"}, {"status": "member"}, True),
            ({"status": "kicked"}, {"status": "administrator"}, True),
            ({"status": "restricted", "is_member": False}, {"status": "member"}, True),
            ({"status": "member"}, {"status": "restricted", "is_member": True}, False),
            ({"status": "member"}, {"status": "restricted", "is_member": False}, None),
            ({"status": "member"}, {"status": "left"}, None),
            ({"status": "administrator"}, {"status": "kicked"}, None),
        ],
    )
    def test_a_changed_membership(
        self, before: dict[str, Any], after: dict[str, Any], added: bool | None
    ) -> None:
        raw = membership(7, VILLAGE, "supergroup", "", "")
        raw["my_chat_member"] |= {"old_chat_member": before, "new_chat_member": after}
        found = read_elsewhere(raw, NAME)
        assert found is None if added is None else isinstance(found, Outside) and found.added is added

    def test_a_block(self) -> None:
        assert read_elsewhere(membership(7, 41, "private", "member", "kicked"), NAME) == Blocking(7, 41, True)
        assert read_elsewhere(membership(7, 41, "private", "kicked", "member"), NAME) == Blocking(
            7, 41, False
        )

    @pytest.mark.parametrize("field", ["chat", "new_chat_member", "old_chat_member", "date"])
    @pytest.mark.parametrize("value", [None, 2**70, "x", [], {"id": "x", "type": 5, "status": 5}])
    async def test_what_nobody_can_read_is_set_aside(
        self, machine: Machine, family: Family, field: str, value: Any
    ) -> None:
        raw = json.loads(json.dumps(membership(7, VILLAGE, "group", "left", "member")))
        raw["my_chat_member"][field] = value
        with pytest.raises(Unreadable):
            read_elsewhere(raw, NAME)
        await machine.take([raw])
        assert len(rows(machine, SetAside)) == 1
        await family.say("/start")
        assert family.sees("Choose your language")


class TestBlocking:
    async def test_who_blocks_the_bot_is_unreachable_at_once_and_reachable_again_afterwards(
        self, machine: Machine, family: Family
    ) -> None:
        """Threats 11: marked at once, not only when a message fails."""
        await to_menu(family)
        before, shown = states_in(machine), len(calls(machine, "sendMessage"))
        machine.world.block(family.id)
        await machine.settle()
        assert account_of(machine, family).unreachable_since == machine.homeward.clock.now()
        machine.later(hours=1)
        machine.world.unblock(family.id)
        await machine.settle()
        assert account_of(machine, family).unreachable_since is None
        assert states_in(machine) == before
        assert len(calls(machine, "sendMessage")) == shown

    async def test_a_message_that_then_fails_keeps_the_time_of_the_block(
        self, machine: Machine, family: Family
    ) -> None:
        await to_menu(family)
        machine.world.block(family.id)
        await machine.settle()
        since = machine.homeward.clock.now()
        machine.later(hours=1)
        put(machine, family, "a word to all")
        await deliver_due(machine)
        assert account_of(machine, family).unreachable_since == since
        assert states(machine)[-1] == "blocked"

    async def test_a_block_that_comes_again_late_does_not_undo_what_followed(
        self, machine: Machine, family: Family
    ) -> None:
        await to_menu(family)
        machine.world.block(family.id)
        machine.world.unblock(family.id)
        updates = waiting_updates(machine)
        await machine.take(updates)
        await machine.take(updates[:1])
        assert account_of(machine, family).unreachable_since is None

    async def test_who_comes_back_and_writes_is_reachable(self, machine: Machine, family: Family) -> None:
        await to_menu(family)
        machine.world.block(family.id)
        machine.world.unblock(family.id)
        machine.world.write(family.id, "/start")
        await machine.together(waiting_updates(machine))
        assert account_of(machine, family).unreachable_since is None
        assert family.sees("What would you like to do?")

    async def test_a_stranger_who_blocks_gets_no_account(self, machine: Machine) -> None:
        await machine.take([membership(7, 41, "private", "member", "kicked")])
        assert nothing_is_kept(machine)
