import pytest

from simulator.answers import Json
from simulator.records import Upload
from tests.simulator.conftest import Bot

OLD_QUERY = "Bad Request: query is too old and response timeout expired or query ID is invalid"
NOT_MODIFIED = (
    "Bad Request: message is not modified: specified new message content and reply markup "
    "are exactly the same as a current content and reply markup of the message"
)
KEYBOARD: Json = {"inline_keyboard": [[{"text": "Yes", "callback_data": "y"}]]}


def test_an_edit_takes_the_old_one_s_place(bot: Bot, khadizhat: int) -> None:
    message_id = bot.says(khadizhat, "a", reply_markup=KEYBOARD)
    edited = bot(
        "editMessageText", chat_id=khadizhat, message_id=message_id, text="<b>b</b>", parse_mode="HTML"
    )
    assert (edited["text"], edited["edit_date"]) == ("b", edited["date"])
    shown = bot.world.chat(khadizhat)[-1]
    assert shown == {**edited, "outgoing": True}
    assert "reply_markup" not in shown, "a keyboard that is not sent again is gone"


def test_nothing_new_is_refused(bot: Bot, khadizhat: int) -> None:
    message_id = bot.says(khadizhat, "a", reply_markup=KEYBOARD)
    same: Json = {"chat_id": khadizhat, "message_id": message_id, "reply_markup": KEYBOARD}
    assert bot.refused("editMessageText", text="a", **same) == NOT_MODIFIED
    assert bot.refused("editMessageReplyMarkup", **same) == NOT_MODIFIED
    bot("editMessageText", text="b", **same)
    assert bot.refused("editMessageText", text="b", **same) == NOT_MODIFIED


def test_a_keyboard_can_be_changed_and_taken_away_alone(bot: Bot, khadizhat: int) -> None:
    message_id = bot.says(khadizhat, "a", reply_markup=KEYBOARD)
    where: Json = {"chat_id": khadizhat, "message_id": message_id}
    other = {"inline_keyboard": [[{"text": "No", "callback_data": "n"}]]}
    assert bot("editMessageReplyMarkup", reply_markup=other, **where)["reply_markup"] == other
    assert "reply_markup" not in bot("editMessageReplyMarkup", **where)
    assert (
        bot.refused("editMessageReplyMarkup", reply_markup={"inline_keyboard": []}, **where) == NOT_MODIFIED
    )


def test_answers_given_before_an_edit_stay_as_they_were(bot: Bot, khadizhat: int) -> None:
    sent = bot("sendMessage", chat_id=khadizhat, text="a")
    bot("editMessageText", chat_id=khadizhat, message_id=sent["message_id"], text="b")
    assert sent["text"] == "a"


@pytest.mark.parametrize(
    "markup", [{"keyboard": [[{"text": "a"}]]}, {"remove_keyboard": True}, {"force_reply": True}]
)
def test_messages_with_other_keyboards_cannot_be_edited(bot: Bot, khadizhat: int, markup: Json) -> None:
    message_id = bot.says(khadizhat, "a", reply_markup=markup)
    refusal = bot.refused("editMessageText", chat_id=khadizhat, message_id=message_id, text="b")
    assert refusal == "Bad Request: message can't be edited"


def test_a_person_s_words_cannot_be_edited(bot: Bot, khadizhat: int) -> None:
    refusal = bot.refused("editMessageText", chat_id=khadizhat, message_id=1, text="b")
    assert refusal == "Bad Request: message can't be edited"
    refusal = bot.refused("editMessageText", chat_id=khadizhat, message_id=9, text="b")
    assert refusal == "Bad Request: message to edit not found"


def test_text_and_caption_are_edited_by_their_own_methods(bot: Bot, khadizhat: int) -> None:
    sent = bot("sendDocument", chat_id=khadizhat, caption="a", files={"document": Upload("a.txt", b"a")})
    where: Json = {"chat_id": khadizhat, "message_id": sent["message_id"]}
    assert bot("editMessageCaption", caption="b", **where)["caption"] == "b"
    assert "caption" not in bot("editMessageCaption", **where)
    refusal = bot.refused("editMessageText", text="b", **where)
    assert refusal == "Bad Request: there is no text in the message to edit"
    where["message_id"] = bot.says(khadizhat, "a")
    refusal = bot.refused("editMessageCaption", caption="b", **where)
    assert refusal == "Bad Request: there is no caption in the message to edit"


def test_deleted_messages_are_gone_from_the_chat(bot: Bot, khadizhat: int) -> None:
    first, second, third = (bot.says(khadizhat, text) for text in "abc")
    assert bot("deleteMessage", chat_id=khadizhat, message_id=first) is True
    refusal = bot.refused("deleteMessage", chat_id=khadizhat, message_id=first)
    assert refusal == "Bad Request: message to delete not found"
    assert bot("deleteMessages", chat_id=khadizhat, message_ids=[first, second, third]) is True
    assert [message["text"] for message in bot.world.chat(khadizhat)] == ["/start"]


def test_after_two_days_a_message_stays(bot: Bot, khadizhat: int) -> None:
    message_id = bot.says(khadizhat, "a")
    bot.world.clock.advance(48 * 3600 + 1)
    refusal = bot.refused("deleteMessage", chat_id=khadizhat, message_id=message_id)
    assert refusal == "Bad Request: message can't be deleted for everyone"


def test_a_press_is_answered_once(bot: Bot, khadizhat: int) -> None:
    message_id = bot.says(khadizhat, "a", reply_markup=KEYBOARD)
    query_id = bot.world.press(khadizhat, message_id, label="Yes")["callback_query_id"]
    assert bot.update()["callback_query"]["id"] == query_id
    assert bot("answerCallbackQuery", callback_query_id=query_id, text="Saved", show_alert="true") is True
    assert bot.world.screen(khadizhat)["toasts"] == [{"text": "Saved", "alert": True}]
    assert bot.refused("answerCallbackQuery", callback_query_id=query_id) == OLD_QUERY


def test_an_answer_that_is_late_long_or_another_bot_s_is_refused(bot: Bot, khadizhat: int) -> None:
    message_id = bot.says(khadizhat, "a", reply_markup=KEYBOARD)
    query_id = bot.world.press(khadizhat, message_id, "y")["callback_query_id"]
    assert Bot(bot.world, "8:x").refused("answerCallbackQuery", callback_query_id=query_id) == OLD_QUERY
    bot.world.clock.advance(16 * 60)
    assert bot.refused("answerCallbackQuery", callback_query_id=query_id) == OLD_QUERY
    query_id = bot.world.press(khadizhat, message_id, "y")["callback_query_id"]
    refusal = bot.refused("answerCallbackQuery", callback_query_id=query_id, text="a" * 201)
    assert refusal == "Bad Request: MESSAGE_TOO_LONG"
