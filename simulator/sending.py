"""Methods that put a message into a chat, and the marks beside it (typing)."""

from typing import Any

from simulator import media
from simulator.answers import Json, bad_request
from simulator.calls import Call
from simulator.records import Chat, Stored, Upload

ACTIONS = frozenset(
    [
        "typing",
        "upload_photo",
        "record_video",
        "upload_video",
        "record_voice",
        "upload_voice",
        "upload_document",
        "choose_sticker",
        "find_location",
        "record_video_note",
        "upload_video_note",
    ]
)
# Parts of a Message that a copy does not carry over.
OF_THE_MESSAGE = frozenset(
    [
        "message_id",
        "from",
        "chat",
        "date",
        "edit_date",
        "reply_markup",
        "forward_origin",
        "reply_to_message",
        "media_group_id",
        "has_protected_content",
        "effect_id",
    ]
)


def send_message(call: Call) -> Json:
    chat, content = call.writable_chat(), call.text()
    if "link_preview_options" in call.params:
        content["link_preview_options"] = call.params["link_preview_options"]
    return _put(call, chat, content).message


def send_photo(call: Call) -> Json:
    return _send_file(call, "photo")


def send_document(call: Call) -> Json:
    return _send_file(call, "document")


def send_voice(call: Call) -> Json:
    return _send_file(call, "voice")


def send_video_note(call: Call) -> Json:
    return _send_file(call, "video_note")


def copy_message(call: Call) -> Json:
    source = call.world.chat_of(call.bot, call.params["from_chat_id"])
    original = source.messages.get(call.params["message_id"])
    chat = call.writable_chat()
    if original is None:
        raise bad_request("message to copy not found")
    content = {k: v for k, v in original.message.items() if k not in OF_THE_MESSAGE}
    if "text" not in content and "caption" in call.params:
        content = {k: v for k, v in content.items() if not k.startswith("caption")} | call.caption()
    return {"message_id": _put(call, chat, content).id}


def send_chat_action(call: Call) -> bool:
    chat = call.writable_chat()
    if call.params["action"] not in ACTIONS:
        raise bad_request("wrong parameter action in request")
    call.world.tell("action", person=chat.id, bot=call.bot.id, action=call.params["action"])
    return True


def _send_file(call: Call, kind: str) -> Json:
    chat = call.writable_chat()
    return _put(call, chat, {**_file(call, kind), **call.caption()}).message


def _file(call: Call, kind: str) -> Json:
    """A file from the call's own body, or one that Telegram already has."""
    given: Any = call.params.get(kind, f"attach://{kind}")
    upload: Upload | None = call.files.get(given.removeprefix("attach://"))
    if upload is not None:
        if not upload.content:
            raise bad_request("file must be non-empty")
        return media.content(call.world, kind, upload, strict=True)
    if given.startswith("attach://"):
        raise bad_request(f"there is no {kind} in the request")
    return media.again(call.world, kind, given)


def _put(call: Call, chat: Chat, content: Json) -> Stored:
    call.world.limits.spend(call.bot.id, chat.id, call.world.clock.timestamp())
    params = call.params
    if "reply_parameters" in params:
        content |= _reply(chat, params["reply_parameters"])
    if params.get("protect_content"):
        content["has_protected_content"] = True
    if "message_effect_id" in params:
        content["effect_id"] = params["message_effect_id"]
    if params.get("has_spoiler"):
        content["has_media_spoiler"] = True
    markup = params.get("reply_markup")
    stored = call.world.say(call.bot, chat, content, by=call.bot.user(), markup=markup)
    _show_keyboard(chat, markup)
    return stored


def _reply(chat: Chat, asked: Json) -> Json:
    quoted = chat.messages.get(asked["message_id"])
    if quoted is None:
        if asked.get("allow_sending_without_reply"):
            return {}
        raise bad_request("message to be replied not found")
    return {"reply_to_message": {k: v for k, v in quoted.message.items() if k != "reply_to_message"}}


def _show_keyboard(chat: Chat, markup: Json | None) -> None:
    if markup is None or "inline_keyboard" in markup:
        return
    chat.reply_keyboard = None if "remove_keyboard" in markup else markup
