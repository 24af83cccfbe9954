import io

import pytest
from PIL import Image

from simulator.clock import Clock
from simulator.posting import Impossible
from simulator.records import Upload
from simulator.world import World
from tests.simulator.conftest import MONDAY, TOKEN, Bot


def picture(width: int, height: int) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (width, height), "navy").save(file, "PNG")
    return file.getvalue()


def test_a_message_keeps_text_and_entities_apart(bot: Bot, khadizhat: int) -> None:
    sent = bot("sendMessage", chat_id=khadizhat, text="😀 <b>R-1</b> &lt;3", parse_mode="HTML")
    assert sent["text"] == "😀 R-1 <3"
    assert sent["entities"] == [{"type": "bold", "offset": 3, "length": 3}]
    assert sent["date"] == int(MONDAY.timestamp())
    assert bot.world.chat(khadizhat)[-1] == {**sent, "outgoing": True}


def test_4096_units_are_counted_after_parsing(bot: Bot, khadizhat: int) -> None:
    bot.says(khadizhat, "<b>" + "&lt;" * 4096 + "</b>", parse_mode="HTML")


def test_entities_may_be_given_instead_of_markup(bot: Bot, khadizhat: int) -> None:
    entity = {"type": "italic", "offset": 0, "length": 2}
    assert bot("sendMessage", chat_id=khadizhat, text="ab", entities=[entity])["entities"] == [entity]


def test_a_mention_by_id_names_the_person(bot: Bot, khadizhat: int) -> None:
    text = f'<a href="tg://user?id={khadizhat}">a</a> <a href="tg://user?id=5">b</a>'
    (mention,) = bot("sendMessage", chat_id=khadizhat, text=text, parse_mode="HTML")["entities"]
    assert mention["type"] == "text_mention"
    assert mention["user"]["first_name"] == "Хадижат"


def test_message_ids_grow_per_chat(bot: Bot, khadizhat: int) -> None:
    bot.world.write(42, "/start")
    assert [bot.says(khadizhat, "a"), bot.says(42, "b"), bot.says(khadizhat, "c")] == [2, 2, 3]


def test_a_reply_carries_what_it_replies_to(bot: Bot, khadizhat: int) -> None:
    sent = bot("sendMessage", chat_id=khadizhat, text="b", reply_parameters={"message_id": 1})
    assert sent["reply_to_message"]["text"] == "/start"
    lost = {"message_id": 99, "allow_sending_without_reply": True}
    assert "reply_to_message" not in bot("sendMessage", chat_id=khadizhat, text="b", reply_parameters=lost)


def test_protected_content_says_so(bot: Bot, khadizhat: int) -> None:
    sent = bot("sendMessage", chat_id=khadizhat, text="a", protect_content="true")
    assert sent["has_protected_content"] is True


def test_a_reply_keyboard_is_shown_until_removed(bot: Bot, khadizhat: int) -> None:
    keyboard = {"keyboard": [[{"text": "Share my phone", "request_contact": True}]], "is_persistent": True}
    sent = bot("sendMessage", chat_id=khadizhat, text="a", reply_markup=keyboard)
    assert "reply_markup" not in sent
    assert bot.world.chat(khadizhat)[-1]["reply_markup"] == keyboard
    assert bot.world.screen(khadizhat)["reply_keyboard"] == keyboard
    bot.says(khadizhat, "b", reply_markup={"remove_keyboard": True})
    assert bot.world.screen(khadizhat)["reply_keyboard"] is None


def test_an_uploaded_photo_has_its_true_size(bot: Bot, khadizhat: int) -> None:
    files = {"card": Upload("card.png", picture(1000, 500), "image/png")}
    sent = bot(
        "sendPhoto",
        chat_id=khadizhat,
        photo="attach://card",
        caption="<i>a</i>",
        parse_mode="HTML",
        files=files,
    )
    assert [(size["width"], size["height"]) for size in sent["photo"]] == [(320, 160), (1000, 500)]
    assert (sent["caption"], sent["caption_entities"]) == (
        "a",
        [{"type": "italic", "offset": 0, "length": 1}],
    )
    again = bot("sendPhoto", chat_id=khadizhat, photo=sent["photo"][-1]["file_id"])
    assert again["photo"][-1]["file_unique_id"] == sent["photo"][-1]["file_unique_id"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "file must be non-empty"),
        (b"not a picture", "IMAGE_PROCESS_FAILED"),
        (picture(9000, 2000), "PHOTO_INVALID_DIMENSIONS"),
        (picture(2100, 100), "PHOTO_INVALID_DIMENSIONS"),
    ],
)
def test_photos_that_are_refused(bot: Bot, khadizhat: int, content: bytes, words: str) -> None:
    refusal = bot.refused("sendPhoto", chat_id=khadizhat, files={"photo": Upload("a.png", content)})
    assert refusal == f"Bad Request: {words}"


def test_documents_and_voices_are_kept_and_can_be_fetched(bot: Bot, khadizhat: int) -> None:
    pdf = Upload("справка.pdf", b"%PDF-1.7", "application/pdf")
    sent = bot("sendDocument", chat_id=khadizhat, files={"document": pdf})
    assert (sent["document"]["file_name"], sent["document"]["file_size"]) == ("справка.pdf", 8)
    file = bot("getFile", file_id=sent["document"]["file_id"])
    assert file["file_path"].endswith(".pdf")
    assert bot.world.files[file["file_id"]].upload.content == b"%PDF-1.7"
    voice = bot("sendVoice", chat_id=khadizhat, files={"voice": Upload("a.ogg", b"OggS", "audio/ogg")})
    assert voice["voice"]["mime_type"] == "audio/ogg"
    refusal = bot.refused("sendPhoto", chat_id=khadizhat, photo=file["file_id"])
    assert refusal == "Bad Request: can't use file of type Document as Photo"


def test_captions_have_a_shorter_limit(bot: Bot, khadizhat: int) -> None:
    files = {"document": Upload("a.txt", b"a")}
    bot("sendDocument", chat_id=khadizhat, caption="😀" * 512, files=files)
    refusal = bot.refused("sendDocument", chat_id=khadizhat, caption="😀" * 512 + "a", files=files)
    assert refusal == "Bad Request: message caption is too long"


def test_a_copy_leaves_out_where_it_came_from(bot: Bot, khadizhat: int) -> None:
    bot.world.write(42, "/start")
    original = bot.world.forward(khadizhat, "Весть", "Somebody")
    copied = bot("copyMessage", chat_id=42, from_chat_id=khadizhat, message_id=original["message_id"])
    shown = bot.world.chat(42)[-1]
    assert (shown["message_id"], shown["text"]) == (copied["message_id"], "Весть")
    assert "forward_origin" not in shown
    refusal = bot.refused("copyMessage", chat_id=42, from_chat_id=khadizhat, message_id=77)
    assert refusal == "Bad Request: message to copy not found"


def test_nobody_is_written_to_who_did_not_begin(bot: Bot) -> None:
    bot.world.meet(50)
    refusal = bot.refused("sendMessage", chat_id=50, text="a")
    assert refusal == "Forbidden: bot can't initiate conversation with a user"


def test_who_has_blocked_the_bot_is_out_of_reach_until_unblocked(bot: Bot, khadizhat: int) -> None:
    bot.world.block(khadizhat)
    change = bot.update()["my_chat_member"]
    assert (change["old_chat_member"]["status"], change["new_chat_member"]["status"]) == ("member", "kicked")
    assert bot.refused("sendMessage", chat_id=khadizhat, text="a") == "Forbidden: bot was blocked by the user"
    assert bot.refused("sendChatAction", chat_id=khadizhat, action="typing").startswith("Forbidden")
    with pytest.raises(Impossible):
        bot.world.write(khadizhat, "a")
    bot.world.unblock(khadizhat)
    assert bot.update()["my_chat_member"]["new_chat_member"]["status"] == "member"
    bot.says(khadizhat, "a")


def test_a_deleted_account_is_out_of_reach(bot: Bot, khadizhat: int) -> None:
    bot.world.deactivate(khadizhat)
    assert bot.refused("sendMessage", chat_id=khadizhat, text="a") == "Forbidden: user is deactivated"


def test_the_same_seed_and_events_give_the_same_ids() -> None:
    def story(seed: int) -> object:
        world = World(Clock(MONDAY), seed)
        bot = Bot(world)
        world.write(1, "a")
        message_id = bot.says(
            1, "b", reply_markup={"inline_keyboard": [[{"text": "c", "callback_data": "d"}]]}
        )
        photo = world.send_photo(1, b"not a picture")
        return world.press(1, message_id, label="c"), photo, world.call(TOKEN, "getUpdates").body

    assert story(1) == story(1)
    assert story(1) != story(2)
