"""One update, one transaction: what comes twice, what nobody can read, what our own mistakes and a locked
database do to it.
"""

import json
from typing import Any

import pytest

from bot.dialog import OnCommand
from bot.intake import _APOLOGY as APOLOGY
from bot.turn import Turn
from bot.writer import StorageUnavailable
from db.models import Account, Dialog, Message, SeenUpdate, SetAside
from db.models import Outbox as OutboxRow
from db.sealed import Place
from tests.bot.stage import rows, said, states, told, waiting_updates
from tests.databases import impatient, locked
from tests.family import Family
from tests.handlers.paths import to_first_question, to_menu, to_summary
from tests.machine import BOT_ID, Machine
from tests.stored import requests_in, states_in

CANARY = "Хадижат-canary-7291"


def message(update_id: Any, text: Any, person_id: Any = 1003, **more: Any) -> dict[str, Any]:
    """Make the update of a written message by hand."""
    who = {"id": person_id, "is_bot": False, "first_name": "Zainab"}
    chat = {"id": person_id, "type": "private", "first_name": "Zainab"}
    content = {"message_id": 5, "from": who, "chat": chat, "date": 1790000000, "text": text, **more}
    return {"update_id": update_id, "message": content}


def press(data: str, person_id: int) -> dict[str, Any]:
    """Make the update of a pressed button by hand."""
    who = {"id": person_id, "is_bot": False, "first_name": "Zainab"}
    chat = {"id": person_id, "type": "private", "first_name": "Zainab"}
    below = {"message_id": 6, "chat": chat, "date": 1790000000}
    query = {"id": f"query {data}", "from": who, "message": below, "chat_instance": "1", "data": data}
    return {"update_id": sum(data.encode()), "callback_query": query}


def renumbered(raw: Any, number: int) -> Any:
    """Give the update 31 an id of its own."""
    return (
        {**raw, "update_id": 1000 + number} if isinstance(raw, dict) and raw.get("update_id") == 31 else raw
    )


class TestSeenBefore:
    async def test_the_same_update_twice_has_one_effect(self, machine: Machine, family: Family) -> None:
        await to_first_question(family)
        machine.world.write(family.id, "Zainab")
        update = waiting_updates(machine)[-1]
        await machine.take([update, update])
        await machine.take([update])
        assert sum("Who are you" in (each.get("text") or "") for each in family.from_bot) == 1
        assert len(rows(machine, SeenUpdate)) == 5

    async def test_send_my_request_delivered_twice_files_one_request(
        self, machine: Machine, family: Family
    ) -> None:
        await to_summary(family)
        button = next(
            b
            for row in family.last["reply_markup"]["inline_keyboard"]
            for b in row
            if b["text"] == "Send my request"
        )
        machine.world.press(family.id, family.last["message_id"], data=button["callback_data"])
        update = waiting_updates(machine)[-1]
        await machine.take([update, update, update])
        assert len(requests_in(machine)) == 1

    async def test_a_press_on_a_screen_by_somebody_without_an_account_makes_none(
        self, machine: Machine, family: Family
    ) -> None:
        """The account it belonged to is erased; a press that works from anywhere is a way back in."""
        await to_menu(family)
        stranger = machine.person(1100)
        machine.world.write(stranger.id, "hello")
        machine.world.take_updates(BOT_ID, waiting_updates(machine)[-1]["update_id"] + 1)
        for data, accounts in (("abcdef:yes", 1), ("~:menu", 2)):
            await machine.take([press(data, stranger.id)])
            assert len(rows(machine, Account)) == accounts
        assert machine.set_aside() == 0

    async def test_newcomers_who_write_at_once_get_an_account_each(self, machine: Machine) -> None:
        """Whoever pressed before their first word has none yet, and by the press alone gets none."""
        for person in range(1101, 1105):
            machine.person(person)
        batch = [
            press("abcdef:yes", 1104),
            *(message(700 + number, "/start", 1101 + number) for number in range(3)),
            message(710, "Zainab", 1101),
        ]
        await machine.take(batch)
        assert len(rows(machine, Account)) == len(rows(machine, Dialog)) == 3
        assert len(rows(machine, SeenUpdate)) == len(batch)
        assert machine.set_aside() == 0
        await machine.take(batch)
        assert len(rows(machine, Account)) == 3

    async def test_a_newcomers_press_comes_before_their_first_word(self, machine: Machine) -> None:
        machine.person(1105)
        await machine.take([press("abcdef:yes", 1105), message(720, "/start", 1105)])
        assert len(rows(machine, Account)) == 1
        assert machine.set_aside() == 0

    async def test_a_batch_given_again_has_no_second_effect(self, machine: Machine, family: Family) -> None:
        for text in ("/start", "hello", "/help", "/privacy"):
            machine.world.write(family.id, text)
        batch = waiting_updates(machine)
        await machine.take(batch)
        before = len(family.from_bot)
        await machine.take(list(reversed(batch)))
        await machine.take(batch)
        assert len(family.from_bot) == before

    async def test_ids_out_of_order_are_all_handled(self, machine: Machine, family: Family) -> None:
        await to_menu(family)
        for number in (50, 7, 49, 8):
            await machine.take([message(number, f"/start {number}")])
        assert {50, 7, 49, 8} <= {row.update_id for row in rows(machine, SeenUpdate)}
        assert len(family.from_bot) == 5

    async def test_ids_that_restart_after_an_idle_week_are_no_reason_to_pass_somebody_over(
        self, machine: Machine, family: Family
    ) -> None:
        """Bot API, Update: "If there are no new updates for at least a week, then identifier of the next update
        will be chosen randomly instead of sequentially."
        """
        await to_menu(family)
        machine.later(days=8)
        await machine.take([message(3, "/help")])
        assert family.sees("How it works")


# Shapes of updates that nobody can read: whole, its number, the object inside, and the fields we need.
UNREADABLE: list[Any] = [
    None,
    7,
    "an update",
    [],
    [{"update_id": 1}],
    {},
    {"update_id": None},
    {"update_id": "12"},
    {"update_id": 1.5},
    {"update_id": True},
    {"update_id": 2**70, "message": {}},
    {"update_id": [5]},
    {"message": {"text": CANARY}},
    {"update_id": 31, "message": 5},
    {"update_id": 31, "message": CANARY},
    {"update_id": 31, "message": [CANARY]},
    {"update_id": 31, "message": {"text": CANARY}},
    {"update_id": 31, "callback_query": {"data": CANARY}},
    {"update_id": 31, "callback_query": [1, 2]},
    message(31, "x", chat=7),
    message(31, "x", **{"from": "Zainab"}),
    message(31, 5),
    message(31, {"text": CANARY}),
    message(31, [CANARY]),
    message(31, "x", person_id="1003"),
    message(31, "x", person_id=None),
    message(31, "x", person_id=10.5),
    message(31, "x", message_id="5"),
    json.loads('{"update_id": 31, "message": ' + '{"a":' * 300 + "1" + "}" * 300 + "}"),
]
# Fields that nobody reads may hold anything.
ODD: list[dict[str, Any]] = [
    message(31, "x", date="today"),
    message(31, "x", date=2**62),
    message(31, "x", entities=5),
    message(31, "x", entities=[5]),
    message(31, "x", photo={"a": "b"}),
]


class TestUnreadable:
    async def test_it_is_set_aside_sealed_and_the_next_person_is_answered(
        self, machine: Machine, family: Family
    ) -> None:
        for number, shape in enumerate(UNREADABLE):
            await machine.take([raw := renumbered(shape, number)])
            aside = rows(machine, SetAside)
            assert len(aside) == number + 1, raw
            assert opened(machine, aside[-1]) == raw
            assert CANARY.encode() not in aside[-1].raw
            assert not any(word in aside[-1].cause for word in (CANARY, "Zainab", "1003")), aside[-1].cause
            await family.say("/start")
            assert len(family.from_bot) == number + 1, raw

    async def test_a_field_that_nobody_reads_may_hold_anything(
        self, machine: Machine, family: Family
    ) -> None:
        await to_menu(family)
        before = len(family.from_bot)
        for number, shape in enumerate(ODD):
            await machine.take([renumbered(shape, number)])
            assert len(family.from_bot) == before + number + 1, shape
        assert family.sees("Shall we pass this on to staff?")
        assert rows(machine, SetAside) == []

    async def test_half_a_character_is_no_reason_to_stop(self, machine: Machine, family: Family) -> None:
        await to_menu(family)
        half = message(31, "\ud800 half a character")
        await machine.take([half])
        await family.say("/help")
        assert family.sees("How it works")
        assert [opened(machine, row) for row in rows(machine, SetAside)] in ([], [half])

    async def test_given_again_it_stands_aside_once(self, machine: Machine) -> None:
        broken = {"update_id": 31, "message": {"text": CANARY}}
        await machine.take([broken, broken])
        await machine.take([broken])
        assert len(rows(machine, SetAside)) == 1

    async def test_what_is_nested_too_deeply_to_be_kept_is_counted_all_the_same(
        self, machine: Machine, family: Family
    ) -> None:
        deep: Any = 1
        for _ in range(5000):
            deep = {"a": deep}
        await machine.take([{"update_id": 31, "message": deep}])
        assert opened(machine, rows(machine, SetAside)[0]) == "not kept: RecursionError"
        await family.say("/start")
        assert family.sees("Choose your language")


class TestOurOwnMistakes:
    @pytest.fixture
    def raising(self, machine: Machine) -> None:
        """Install a command that writes something, says something, and then fails."""

        def answer(turn: Turn) -> None:
            turn.choose_language("ar")
            turn.state["half"] = CANARY
            turn.say(turn.t("Half-made"))
            raise LookupError(CANARY)

        machine.homeward.application.handlers[0].insert(0, OnCommand("broken", answer))

    @pytest.mark.usefixtures("raising")
    async def test_nothing_half_made_is_committed_and_the_person_hears_of_it(
        self, machine: Machine, family: Family
    ) -> None:
        await to_first_question(family)
        before = states_in(machine)
        await family.say(f"/broken {CANARY}")
        assert states_in(machine) == before
        assert rows(machine, Account)[0].language == "en"
        assert "Half-made" not in said(family)
        assert family.sees(APOLOGY)
        aside = rows(machine, SetAside)
        assert len(aside) == 1
        assert aside[0].cause.startswith("LookupError at test_intake.py:")
        assert CANARY not in aside[0].cause
        assert opened(machine, aside[0])["message"]["text"] == f"/broken {CANARY}"

    @pytest.mark.usefixtures("raising")
    @pytest.mark.parametrize(
        ("language", "own_name"), [("ru", "Русский"), ("ce", "Нохчийн"), ("ar", "العربية")]
    )
    async def test_the_apology_is_in_their_language(
        self, machine: Machine, language: str, own_name: str
    ) -> None:
        person = machine.person(1005, language)
        await to_menu(person, own_name)
        await person.say("/broken")
        assert person.sees(APOLOGY)
        assert not person.text.startswith("Something")

    @pytest.mark.usefixtures("raising")
    async def test_the_next_answer_of_the_same_person_is_taken(self, family: Family) -> None:
        await to_first_question(family)
        await family.say("/broken")
        await family.say("Zainab")
        assert family.sees("Who are you to the people you are asking about?")

    @pytest.mark.usefixtures("raising")
    async def test_the_same_update_again_is_neither_kept_nor_apologised_for_again(
        self, machine: Machine, family: Family
    ) -> None:
        await to_menu(family)
        machine.world.write(family.id, "/broken")
        update = waiting_updates(machine)[-1]
        await machine.take([update, update])
        assert len(rows(machine, SetAside)) == 1
        assert sum(APOLOGY in (m.get("text") or "") for m in family.from_bot) == 1

    @pytest.mark.usefixtures("raising")
    async def test_one_failing_update_in_a_batch_harms_no_other(self, machine: Machine) -> None:
        people = [machine.person(2000 + number) for number in range(6)]
        for number, person in enumerate(people):
            machine.world.write(person.id, "/broken" if number == 3 else "/start")
        updates = waiting_updates(machine)
        assert await machine.homeward.polling._take(updates, None) == updates[-1]["update_id"] + 1
        await machine.homeward.outbox.idle()
        answered = [person.sees("Choose your language") for person in people]
        assert answered == [True, True, True, False, True, True]


class TestStorage:
    @pytest.fixture(autouse=True)
    def _impatient(self, machine: Machine) -> None:
        impatient(machine.homeward.engine)

    async def test_nothing_is_confirmed_and_given_again_it_has_its_effect_once(
        self, machine: Machine, family: Family
    ) -> None:
        await to_first_question(family)
        machine.world.write(family.id, "Zainab")
        update = waiting_updates(machine)[-1]
        with locked(machine.homeward.engine), pytest.raises(StorageUnavailable):
            await machine.homeward.intake.receive(update)
        assert family.sees("What should we call you?")
        await machine.take([update])
        assert family.sees("Who are you to the people you are asking about?")
        await machine.take([update])
        assert len(set(states(machine))) == 1
        assert rows(machine, SetAside) == []

    async def test_also_what_nobody_can_read_waits_for_the_storage(self, machine: Machine) -> None:
        with locked(machine.homeward.engine), pytest.raises(StorageUnavailable):
            await machine.homeward.intake.receive({"update_id": 31, "message": 5})
        assert rows(machine, SetAside) == []

    async def test_a_message_whose_fate_cannot_be_written_down_is_not_sent_again(
        self, machine: Machine, family: Family
    ) -> None:
        """The lock comes between the sending and the writing down."""
        await to_menu(family)
        machine.world.write(family.id, "/help")
        shown = told(machine, "message")
        await machine.homeward.intake.receive(waiting_updates(machine)[-1])
        with locked(machine.homeward.engine):
            await shown.wait()
        await machine.homeward.outbox.idle()
        assert set(states(machine)) == {"sent"}
        assert sum("How it works" in (m.get("text") or "") for m in family.from_bot) == 1


class TestNotForUs:
    """Updates of groups, channels and others change nothing."""

    @pytest.mark.parametrize(
        "update",
        [
            message(31, "/start", chat={"id": -100123, "type": "supergroup", "title": "Village"}),
            message(31, "/start", chat={"id": -100123, "type": "group", "title": "Village"}),
            message(
                31,
                "/start",
                chat={"id": -100123, "type": "supergroup", "title": "Village"},
                sender_chat={"id": -100123, "type": "supergroup", "title": "Village"},
                **{
                    "from": {
                        "id": 1087968824,
                        "is_bot": True,
                        "first_name": "Group",
                        "username": "GroupAnonymousBot",
                    }
                },
            ),
            {
                "update_id": 31,
                "channel_post": {
                    "message_id": 5,
                    "chat": {"id": -100123, "type": "channel", "title": "News"},
                    "date": 1790000000,
                    "text": "/start",
                },
            },
            {
                "update_id": 31,
                "edited_channel_post": {
                    "message_id": 5,
                    "chat": {"id": -100123, "type": "channel", "title": "News"},
                    "date": 1790000000,
                    "text": "/start",
                },
            },
            {"update_id": 31, "poll_answer": {"poll_id": "1", "option_ids": [], "user": {"id": 9}}},
            {"update_id": 31, "kind_of_next_year": {"text": "/start"}},
            {"update_id": 31},
        ],
        ids="+".join,
    )
    async def test_they_make_no_account_and_get_no_answer(
        self, machine: Machine, update: dict[str, Any]
    ) -> None:
        await machine.take([update])
        for table in (Account, Dialog, OutboxRow, Message, SetAside):
            assert rows(machine, table) == []

    async def test_a_button_pressed_in_a_group_does_nothing(self, machine: Machine, family: Family) -> None:
        await to_menu(family)
        before = states_in(machine)
        group = {
            "message_id": 9,
            "chat": {"id": -100123, "type": "supergroup", "title": "V"},
            "date": 1790000000,
        }
        who = {"id": family.id, "is_bot": False, "first_name": "Zainab"}
        press = {"id": "77", "from": who, "chat_instance": "1", "data": "~:mine", "message": group}
        await machine.take([{"update_id": 900, "callback_query": press}])
        assert states_in(machine) == before
        assert family.sees("What would you like to do?")

    async def test_a_block_is_no_message(self, machine: Machine, family: Family) -> None:
        await to_menu(family)
        machine.world.block(family.id)
        await machine.settle()
        assert machine.world.inputs[-1].kind == "my_chat_member"
        assert rows(machine, SetAside) == []


def opened(machine: Machine, row: Any) -> Any:
    """Open an update that was set aside, as whoever mends the cause will."""
    keys = machine.homeward.around.keys
    key = keys.data_key(row.data_key, Place("set_aside", "data_key", row.id))
    return key.open(row.raw, Place("set_aside", "raw", row.id))
