"""Calls that Telegram refuses, in its words."""

import json

import pytest

from simulator import schema
from simulator.answers import Json
from simulator.records import Upload
from tests.simulator.conftest import TOKEN, Bot

OLD_QUERY = "query is too old and response timeout expired or query ID is invalid"


def inline(**button: object) -> str:
    return json.dumps({"inline_keyboard": [[button]]})


def test_an_unknown_method_is_404(bot: Bot) -> None:
    assert bot.world.call(TOKEN, "sendMesage", {}).body == {
        "ok": False,
        "error_code": 404,
        "description": "Not Found",
    }


@pytest.mark.parametrize("token", ["", "abc", "abc:def", "123456", "123456:", "-1:abc", "١٢:abc"])
def test_a_malformed_token_is_401(bot: Bot, token: str) -> None:
    answer = bot.world.call(token, "getMe", {})
    assert (answer.status, answer.body["description"]) == (401, "Unauthorized")


def test_another_secret_for_the_same_bot_is_401(bot: Bot) -> None:
    assert bot.world.call("700001:other", "getMe", {}).status == 401


def test_a_method_s_name_may_be_written_in_any_case(bot: Bot) -> None:
    assert bot("GETME")["is_bot"] is True


def test_what_the_simulator_does_not_do_is_said_in_its_own_words(bot: Bot) -> None:
    assert bot.refused("sendPoll") == "Not Implemented: the simulator does not do sendPoll"


@pytest.mark.parametrize(
    ("params", "words"),
    [
        ({"text": "a"}, "chat_id is empty"),
        ({"chat_id": 41}, "message text is empty"),
        ({"chat_id": 41, "text": ""}, "message text is empty"),
        ({"chat_id": 41, "text": " \n "}, "text must be non-empty"),
        ({"chat_id": 41, "text": "<b></b>", "parse_mode": "HTML"}, "text must be non-empty"),
        ({"chat_id": 41, "text": "a" * 4097}, "message is too long"),
        ({"chat_id": 41, "text": "😀" * 2049}, "message is too long"),
        ({"chat_id": 41, "text": "a" * 32769}, "text is too long"),
        ({"chat_id": 999, "text": "a"}, "chat not found"),
        ({"chat_id": "@nobody", "text": "a"}, "chat not found"),
        ({"chat_id": 41, "text": "a", "parse_mode": "BBCode"}, "unsupported parse_mode"),
        ({"chat_id": 41, "text": "<x>", "parse_mode": "HTML"},
         'can\'t parse entities: Unsupported start tag "x" at byte offset 0'),
        ({"chat_id": 41, "text": "<b>a", "parse_mode": "html"},
         'can\'t parse entities: Can\'t find end tag corresponding to start tag "b"'),
        ({"chat_id": 41, "text": "a", "protect_content": "perhaps"},
         'can\'t parse protect_content: Field "protect_content" must be of type Boolean'),
        ({"chat_id": 41, "text": "a", "reply_parameters": "{"}, "can't parse reply_parameters JSON object"),
        ({"chat_id": 41, "text": "a", "reply_parameters": "{}"},
         'can\'t parse reply_parameters: Can\'t find field "message_id"'),
        ({"chat_id": 41, "text": "a", "reply_parameters": {"message_id": 99}},
         "message to be replied not found"),
    ],
)  # fmt: skip
def test_messages_that_are_refused(bot: Bot, khadizhat: int, params: Json, words: str) -> None:
    assert khadizhat == 41
    assert bot.refused("sendMessage", **params) == f"Bad Request: {words}"


@pytest.mark.parametrize(
    ("markup", "words"),
    [
        ("{", "can't parse reply keyboard markup JSON object"),
        ("[]", "object expected as reply markup"),
        (inline(text="a"),
         "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"),
        (inline(callback_data="a"), 'can\'t parse inline keyboard button: Can\'t find field "text"'),
        (inline(text=5, callback_data="a"),
         'can\'t parse inline keyboard button: Field "text" must be of type String'),
        (inline(text="a", callback_data="b", url="https://example.org"),
         "can't parse inline keyboard button: exactly one action must be specified"),
        (inline(text="a", callback_data="ж" * 33), "BUTTON_DATA_INVALID"),
        (inline(text="a", copy_text={"text": ""}), "BUTTON_COPY_TEXT_INVALID"),
        (inline(text="a", copy_text={"text": "a" * 257}), "BUTTON_COPY_TEXT_INVALID"),
        (inline(text="a", copy_text="b"),
         'can\'t parse inline keyboard button: Field "copy_text" must be of type CopyTextButton'),
        (inline(text="a", callback_data="b", style="purple"),
         "can't parse inline keyboard button: invalid button style specified"),
        (inline(text="a", url="no link"), "inline keyboard button URL 'no link' is invalid: Wrong HTTP URL"),
        (inline(text=" ", callback_data="b"),
         'can\'t parse inline keyboard button: Field "text" must be non-empty'),
        (json.dumps({"inline_keyboard": [[{"text": "a", "callback_data": "b"}] * 101]}),
         "reply markup is too long"),
    ],
)  # fmt: skip
def test_keyboards_that_are_refused(bot: Bot, khadizhat: int, markup: str, words: str) -> None:
    refusal = bot.refused("sendMessage", chat_id=khadizhat, text="a", reply_markup=markup)
    assert refusal == f"Bad Request: {words}"


@pytest.mark.parametrize(
    "button",
    [
        {"callback_data": "a" * 64},
        {"callback_data": "a", "style": "danger"},
        {"url": "https://example.org/a"},
        {"url": "tg://user?id=5"},
        {"copy_text": {"text": "R-2026-0001"}},
        {"switch_inline_query": ""},
    ],
)
def test_buttons_that_are_taken(bot: Bot, khadizhat: int, button: Json) -> None:
    bot.says(khadizhat, "a", reply_markup=inline(text="b", **button))


def test_parameters_that_the_method_does_not_know_are_ignored_and_noted(bot: Bot, khadizhat: int) -> None:
    bot.says(khadizhat, "a", parse_modus="HTML")
    entry = bot.world.log.after(0)[-1]
    assert entry["unknown"] == ["parse_modus"]
    assert schema.call_problems(entry["method"], entry["params"]) == [
        "sendMessage has no parameter parse_modus"
    ]


@pytest.mark.parametrize(
    ("method", "params", "words"),
    [
        ("sendPhoto", {"chat_id": 41}, "there is no photo in the request"),
        ("sendDocument", {"chat_id": 41}, "there is no document in the request"),
        ("sendVoice", {"chat_id": 41}, "there is no voice in the request"),
        ("sendPhoto", {"chat_id": 41, "photo": "attach://lost"}, "there is no photo in the request"),
        ("sendPhoto", {"chat_id": 41, "photo": "nonsense"}, "wrong file identifier/HTTP URL specified"),
        ("deleteMessage", {"chat_id": 41}, "message identifier is not specified"),
        ("deleteMessages", {"chat_id": 41}, "message identifiers are not specified"),
        ("getFile", {}, "file_id not specified"),
        ("answerCallbackQuery", {}, OLD_QUERY),
        ("getFile", {"file_id": "x"}, "wrong file_id or the file is temporarily unavailable"),
        ("sendChatAction", {"chat_id": 41}, "wrong parameter action in request"),
        ("sendChatAction", {"chat_id": 41, "action": "singing"}, "wrong parameter action in request"),
        ("setMyName", {"language_code": "english"}, "LANG_CODE_INVALID"),
        ("setMyCommands", {}, 'parameter "commands" is required'),
        ("setMyCommands", {"commands": "["}, "can't parse commands JSON object"),
        ("editMessageText", {"chat_id": 41, "message_id": 1}, "message text is empty"),
        ("editMessageText", {"chat_id": 41, "text": "a"}, "message identifier is not specified"),
        ("editMessageText", {"message_id": 1, "text": "a"}, "chat_id is empty"),
    ],
)
def test_what_is_missing_is_named(bot: Bot, khadizhat: int, method: str, params: Json, words: str) -> None:
    assert khadizhat == 41
    assert bot.refused(method, **params) == f"Bad Request: {words}"


def test_a_file_in_the_place_of_text_is_no_text(bot: Bot, khadizhat: int) -> None:
    files = {"text": Upload("a.txt", b"a")}
    refusal = bot.refused("sendMessage", chat_id=khadizhat, files=files)
    assert refusal == "Bad Request: message text is empty"
