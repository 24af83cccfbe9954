import pytest

from simulator.posting import Impossible
from simulator.records import Upload
from simulator.world import World
from tests.simulator.conftest import Bot


def test_what_a_person_writes_reaches_the_bot_in_telegram_s_form(bot: Bot) -> None:
    bot.world.meet(41, first_name="Хадижат", last_name="А", username="kh", language_code="ru")
    answer = bot.world.write(41, "/start link-1")
    (update,) = bot("getUpdates")
    user = {"id": 41, "is_bot": False, "first_name": "Хадижат", "last_name": "А", "username": "kh"}
    assert update == {
        "update_id": answer["update_id"],
        "message": {
            "message_id": answer["message_id"],
            "from": {**user, "language_code": "ru"},
            "chat": {
                "id": 41,
                "type": "private",
                "first_name": "Хадижат",
                "last_name": "А",
                "username": "kh",
            },
            "date": bot.world.now(),
            "text": "/start link-1",
            "entities": [{"type": "bot_command", "offset": 0, "length": 6}],
        },
    }


def test_nobody_writes_before_there_is_a_bot() -> None:
    with pytest.raises(LookupError, match="no bot has called yet"):
        World().write(1, "a")


def test_a_long_text_goes_as_several_messages(bot: Bot) -> None:
    bot.world.write(1, "😀" * 2049)
    assert [message["text"] for message in bot.world.chat(1)] == ["😀" * 2048, "😀"]


def test_blank_messages_are_not_sent(bot: Bot) -> None:
    with pytest.raises(Impossible):
        bot.world.write(1, " \n")
    assert len(bot.world.bots[700001].queue.waiting) == 0


def test_an_edited_message_comes_as_such(bot: Bot, khadizhat: int) -> None:
    sent = bot.world.write(khadizhat, "Zarema 2017", reply_to=1)
    bot.world.clock.advance(60)
    bot.world.edit(khadizhat, sent["message_id"], "Zarema 2018")
    edited = bot.update()["edited_message"]
    assert (edited["text"], edited["edit_date"] - edited["date"]) == ("Zarema 2018", 60)
    assert edited["reply_to_message"]["text"] == "/start"
    with pytest.raises(Impossible):
        bot.world.edit(khadizhat, bot.says(khadizhat, "a"), "b")


def test_a_pressed_button_comes_with_its_message(bot: Bot, khadizhat: int) -> None:
    keyboard = {
        "inline_keyboard": [[{"text": "Back", "callback_data": "b"}, {"text": "Да", "callback_data": "y"}]]
    }
    message_id = bot.says(khadizhat, "a", reply_markup=keyboard)
    answer = bot.world.press(khadizhat, message_id, label="Да")
    query = bot.update()["callback_query"]
    assert (query["id"], query["data"]) == (answer["callback_query_id"], "y")
    assert query["message"]["reply_markup"] == keyboard
    with pytest.raises(Impossible):
        bot.world.press(khadizhat, message_id, label="Нет")


def test_presses_can_be_forged_and_stale(bot: Bot, khadizhat: int) -> None:
    message_id = bot.says(khadizhat, "a")
    bot.world.press(khadizhat, message_id, "forged")
    assert bot.update()["callback_query"]["data"] == "forged"
    bot("deleteMessage", chat_id=khadizhat, message_id=message_id)
    bot.world.press(khadizhat, message_id, "stale")
    gone = bot.update()["callback_query"]["message"]
    assert (gone["message_id"], gone["date"], gone.get("text")) == (message_id, 0, None)


def test_links_and_copy_buttons_stay_with_the_person(bot: Bot, khadizhat: int) -> None:
    buttons = [
        {"text": "Copy", "copy_text": {"text": "R-1"}},
        {"text": "Open", "url": "https://example.org"},
    ]
    message_id = bot.says(khadizhat, "a", reply_markup={"inline_keyboard": [buttons]})
    before = len(bot("getUpdates"))
    assert bot.world.press(khadizhat, message_id, label="Copy") == {"copied": "R-1"}
    assert bot.world.press(khadizhat, message_id, label="Open") == {"url": "https://example.org"}
    assert len(bot("getUpdates")) == before


def test_the_reply_keyboard_sends_its_label_contact_or_place(bot: Bot, khadizhat: int) -> None:
    rows = [
        [{"text": "Menu"}],
        [{"text": "My phone", "request_contact": True}, {"text": "Here", "request_location": True}],
    ]
    bot.says(khadizhat, "a", reply_markup={"keyboard": rows})
    bot.world.tap(khadizhat, "Menu")
    assert bot.update()["message"]["text"] == "Menu"
    bot.world.tap(khadizhat, "My phone")
    assert bot.update()["message"]["contact"]["user_id"] == khadizhat
    bot.world.tap(khadizhat, "Here")
    assert "location" in bot.update()["message"]
    with pytest.raises(Impossible):
        bot.world.tap(khadizhat, "Elsewhere")


@pytest.mark.parametrize("kind", ["photo", "document", "voice", "video_note"])
def test_files_come_with_caption_and_album(bot: Bot, khadizhat: int, kind: str) -> None:
    upload = Upload("a.bin", b"bytes", "application/octet-stream")
    bot.world.send_file(khadizhat, kind, upload, caption="Она", album="7")
    message = bot.update()["message"]
    assert (message["caption"], message["media_group_id"]) == ("Она", "7")
    file = message[kind][-1] if kind == "photo" else message[kind]
    assert bot("getFile", file_id=file["file_id"])["file_size"] == 5


def test_a_file_s_name_cannot_lead_elsewhere(bot: Bot, khadizhat: int) -> None:
    bot.world.send_file(khadizhat, "document", Upload("a./../../etc/passwd", b"a"))
    file_id = bot.update()["message"]["document"]["file_id"]
    assert ".." not in bot("getFile", file_id=file_id)["file_path"]


def test_a_file_over_20_megabytes_cannot_be_fetched(bot: Bot, khadizhat: int) -> None:
    bot.world.send_file(khadizhat, "document", Upload("film.mp4", b"", size=20 * 1024 * 1024 + 1))
    file_id = bot.update()["message"]["document"]["file_id"]
    assert bot.refused("getFile", file_id=file_id) == "Bad Request: file is too big"


def test_the_other_kinds_of_message(bot: Bot, khadizhat: int) -> None:
    bot.world.send_contact(khadizhat, "+79280000000", "Сестра", own=False)
    assert "user_id" not in bot.update()["message"]["contact"]
    bot.world.send_sticker(khadizhat)
    assert "sticker" in bot.update()["message"]
    bot.world.forward(khadizhat, "Весть", "Somebody")
    assert bot.update()["message"]["forward_origin"]["sender_user_name"] == "Somebody"


def test_two_bots_have_their_own_chats_with_a_person(bot: Bot, khadizhat: int) -> None:
    other = Bot(bot.world, "8:x")
    bot.world.write(khadizhat, "to the other", bot_id=8)
    assert [u["message"]["text"] for u in other("getUpdates")] == ["to the other"]
    assert [m["text"] for m in bot.world.chat(khadizhat)] == ["/start"]
