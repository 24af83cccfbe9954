from typing import TYPE_CHECKING

from simulator.faults import Fault
from simulator.records import Upload
from tests.simulator.conftest import BOT_ID, TOKEN, Bot

if TYPE_CHECKING:
    from simulator.answers import Json


def test_every_call_is_in_the_log(bot: Bot, khadizhat: int) -> None:
    bot.says(khadizhat, "a")
    bot.refused("sendmessage", chat_id=khadizhat)
    bot("sendDocument", chat_id=khadizhat, files={"document": Upload("a.txt", b"abc")})
    sent, refused, filed = bot.world.log.after(0)
    assert (sent["n"], sent["bot_id"], sent["method"]) == (1, BOT_ID, "sendMessage")
    assert sent["params"] == {"chat_id": khadizhat, "text": "a"}
    assert refused["method"] == "sendMessage"
    assert refused["answer"]["ok"] is False
    assert filed["params"]["document"] == {"file": "a.txt", "size": 3}
    assert bot.world.log.after(2) == [filed]
    assert TOKEN not in str(bot.world.log.after(0))


def test_listeners_hear_what_happens(bot: Bot, khadizhat: int) -> None:
    heard: list[Json] = []
    bot.world.listeners.append(heard.append)
    message_id = bot.says(
        khadizhat, "a", reply_markup={"inline_keyboard": [[{"text": "b", "callback_data": "c"}]]}
    )
    query_id = bot.world.press(khadizhat, message_id, label="b")["callback_query_id"]
    bot("answerCallbackQuery", callback_query_id=query_id, text="d")
    bot("editMessageText", chat_id=khadizhat, message_id=message_id, text="e")
    bot("deleteMessage", chat_id=khadizhat, message_id=message_id)
    bot("setMyCommands", commands=[{"command": "help", "description": "f"}])
    bot("sendChatAction", chat_id=khadizhat, action="typing")
    bot.world.meet(43)
    kinds = [event["event"] for event in heard if event["event"] != "call"]
    assert kinds == [
        "message",
        "update",
        "toast",
        "edited",
        "deleted",
        "commands",
        "action",
        "state",
        "state",
    ]


def test_the_record_holds_inputs_and_the_bot_s_messages(bot: Bot, khadizhat: int) -> None:
    bot.says(khadizhat, "a")
    bot("getUpdates", offset=bot.update()["update_id"] + 1)
    record = bot.world.record()
    (entry,) = record["inputs"]
    assert (entry["person"], entry["kind"], entry["text"], entry["confirmed"]) == (
        41,
        "message",
        "/start",
        True,
    )
    assert [message["text"] for message in record["messages"]] == ["a"]


def test_the_record_keeps_what_was_edited_and_deleted(bot: Bot, khadizhat: int) -> None:
    message_id = bot.says(khadizhat, "a")
    bot("editMessageText", chat_id=khadizhat, message_id=message_id, text="b")
    bot("deleteMessage", chat_id=khadizhat, message_id=message_id)
    assert [message["text"] for message in bot.world.record()["messages"]] == ["a", "b"]


def test_people_and_condition_are_listed(bot: Bot, khadizhat: int) -> None:
    bot.world.block(khadizhat)
    (person,) = bot.world.people_listed()
    assert (person["first_name"], person["language_code"], person["blocked"]) == ("Хадижат", "ru", True)
    condition = bot.world.condition()
    assert condition["people"] == [person]
    assert condition["bots"] == [
        {"id": BOT_ID, "username": f"made_up_{BOT_ID}_bot", "pending": 2, "webhook": ""}
    ]


def test_a_reset_forgets_all_but_webhooks_and_commands(bot: Bot, khadizhat: int) -> None:
    commands = [{"command": "help", "description": "a"}]
    bot("setMyCommands", commands=commands)
    bot("setWebhook", url="http://127.0.0.1:9/hook")
    bot.world.faults.add(Fault("500", methods=("sendPhoto",)))
    bot.world.limits.set()
    bot.world.clock.advance(5)
    bot.world.reset()
    assert bot.world.people_listed() == []
    assert bot.world.record() == {"inputs": [], "messages": []}
    assert bot.world.condition()["faults"] == []
    assert bot.world.clock.offset == 0
    assert bot("getWebhookInfo")["url"] == "http://127.0.0.1:9/hook"
    assert bot("getMyCommands") == commands
    assert bot.refused("sendMessage", chat_id=khadizhat, text="a") == "Bad Request: chat not found"
