import pytest

from simulator import schema
from simulator.answers import Json

USER: Json = {"id": 5, "is_bot": False, "first_name": "Аминат"}
CHAT: Json = {"id": 5, "type": "private"}
MESSAGE: Json = {"message_id": 1, "date": 0, "chat": CHAT}


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("User", USER),
        ("Message", MESSAGE),
        ("Array of Message", [MESSAGE, MESSAGE]),
        ("MaybeInaccessibleMessage", MESSAGE),
        ("ChatMember", {"status": "kicked", "user": USER, "until_date": 0}),
        ("MessageOrigin", {"type": "hidden_user", "date": 1, "sender_user_name": "Z"}),
        ("BotCommandScope", {"type": "chat", "chat_id": 5}),
        ("Float", 1),
    ],
)
def test_what_fits_has_no_problems(kind: str, value: object) -> None:
    assert schema.problems(kind, value) == []


@pytest.mark.parametrize(
    ("kind", "value", "words"),
    [
        ("User", {**USER, "id": "5"}, "User.id must be of type Integer"),
        ("User", {**USER, "id": True}, "User.id must be of type Integer"),
        ("User", {"id": 5, "is_bot": False}, "User.first_name is missing"),
        ("User", {**USER, "nickname": "A"}, "User.nickname is unknown to User"),
        ("Message", {**MESSAGE, "chat": 5}, "Message.chat must be of type Chat"),
        ("Array of User", [USER, {}], "Array of User[1].id is missing"),
        ("Array of User", USER, "Array of User must be of type Array"),
        ("MenuButton", {"type": "commmands"}, 'MenuButton.type must be "commands"'),
        ("BotCommandScope", {"type": "chat"}, "BotCommandScope.chat_id is missing"),
    ],
)
def test_what_does_not_fit_is_named_with_its_path(kind: str, value: object, words: str) -> None:
    assert words in schema.problems(kind, value)


def test_a_call_s_values_may_be_typed_or_text() -> None:
    assert schema.call_problems("sendMessage", {"chat_id": "5", "text": "a", "protect_content": "true"}) == []
    assert schema.call_problems("sendMessage", {"chat_id": 5, "text": "a", "protect_content": True}) == []
    keyboard = '{"inline_keyboard":[[{"text":"a","callback_data":"b"}]]}'
    assert schema.call_problems("sendmessage", {"chat_id": 5, "text": "a", "reply_markup": keyboard}) == []


def test_a_call_s_mistakes_are_all_named() -> None:
    found = schema.call_problems(
        "sendMessage", {"text": "a", "parse_modus": "HTML", "message_thread_id": "x"}
    )
    assert found == [
        "chat_id is missing",
        "sendMessage has no parameter parse_modus",
        "message_thread_id must be of type Integer",
    ]
    keyboard = {"inline_keyboard": [[{"text": "a", "calback_data": "b"}]]}
    found = schema.call_problems("sendMessage", {"chat_id": 5, "text": "a", "reply_markup": keyboard})
    assert found == ["reply_markup.inline_keyboard[0][0].calback_data is unknown to InlineKeyboardButton"]
    assert schema.call_problems("sendMesage", {}) == ["sendMesage is not a method of the Bot API"]


def test_a_method_s_result_is_held_against_what_it_returns() -> None:
    assert schema.answer_problems("sendMessage", MESSAGE) == []
    assert schema.answer_problems("editMessageText", True) == []
    assert schema.answer_problems("deleteMessage", MESSAGE) == ["deleteMessage must be of type Boolean"]


def test_every_type_named_in_the_data_is_known() -> None:
    known = {*schema.types(), *schema.PLAIN}
    for shape in (*schema.methods().values(), *schema.types().values()):
        kinds = [kind for field in shape.fields.values() for kind in field.kinds]
        for kind in (*kinds, *shape.subtypes, *shape.returns):
            assert kind.replace(schema.ARRAY, "") in known
