"""Every call the bot makes holds against the Bot API's own description, and so does what it is answered."""

from bot.introduction import introduce
from bot.polling import ALLOWED_UPDATES
from handlers import COMMANDS
from simulator import schema
from tests.bot.stage import calls, fail, put
from tests.family import Family
from tests.handlers.paths import to_confirmation, to_first_question, to_summary
from tests.held import call_log_problems
from tests.machine import Machine
from tests.spoken import foreign_to, words_in


async def test_the_whole_way_of_a_family(machine: Machine, family: Family) -> None:
    await to_confirmation(family, "Amina", "Yusuf")
    for text in (
        "/mine",
        "hello",
        "/talk",
        "a word",
        "/help",
        "/privacy",
        "/settings",
        "/cancel",
        "/nothing",
    ):
        await family.say(text)
    methods = {entry["method"] for entry in machine.world.log.entries}
    assert {
        "sendMessage",
        "editMessageText",
        "editMessageReplyMarkup",
        "answerCallbackQuery",
        "sendPhoto",
    } <= methods
    assert call_log_problems(machine.world) == []


async def test_the_introduction(machine: Machine) -> None:
    await introduce(machine.homeward.api, machine.homeward.around.locales)
    told = calls(machine, "setMyCommands")
    assert [call["params"].get("language_code") for call in told] == [None, "ru", "ce", "ar", "en"]
    for call in told:
        assert [each["command"] for each in call["params"]["commands"]] == [name for name, _ in COMMANDS]
        assert all(1 <= len(each["description"]) <= 256 for each in call["params"]["commands"])
        described = " ".join(each["description"] for each in call["params"]["commands"])
        assert foreign_to(call["params"].get("language_code", "en"), set(words_in(described))) == set()
        assert schema.call_problems("setMyCommands", call["params"]) == []
    assert calls(machine, "setChatMenuButton")[0]["answer"]["ok"] is True


async def test_decoration_that_fails_stops_nothing(machine: Machine, family: Family) -> None:
    fail(machine, "500", "setMyCommands")
    await introduce(machine.homeward.api, machine.homeward.around.locales)
    await family.say("/start")
    assert len(family.from_bot) == 1


async def test_stale_and_forged_presses(machine: Machine, family: Family) -> None:
    await to_first_question(family)
    for data in ("", ":", "~:", "~:menu:extra", "x" * 64, "☂", "~:mine"):
        await family.forge(data)
    await to_summary(machine.person(1004))
    assert call_log_problems(machine.world) == []


async def test_every_press_is_answered_once(machine: Machine, family: Family) -> None:
    await to_confirmation(family)
    presses = [each for each in machine.world.inputs if each.kind == "callback_query"]
    assert len(calls(machine, "answerCallbackQuery")) == len(presses)


async def test_also_what_is_repeated_and_recovered(machine: Machine, family: Family) -> None:
    await family.say("/start")
    for kind in ("429", "drop", "500"):
        fail(machine, kind, count=1)
        await family.say("/start")
    put(machine, family, "a word to all")
    await machine.homeward.outbox.sweep()
    await machine.homeward.outbox.idle()
    assert call_log_problems(machine.world) == []


def test_what_we_ask_for_is_known_to_telegram() -> None:
    assert set(ALLOWED_UPDATES) <= set(schema.types()["Update"].fields)
