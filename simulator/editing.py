"""Methods that change or remove messages, and the answer to a pressed button."""

from simulator.answers import Json, bad_request
from simulator.calls import Call
from simulator.records import Chat, Stored

DELETABLE_SECONDS = 48 * 3600
MOST_DELETED = 100
LONGEST_TOAST = 200
# Telegram gives no figure for how long a press waits for its answer; a quarter of an hour is the simulator's.
QUERY_SECONDS = 15 * 60
NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)
OLD_QUERY = "query is too old and response timeout expired or query ID is invalid"


def edit_message_text(call: Call) -> Json:
    if "text" not in call.params:
        raise bad_request("message text is empty")
    chat, stored = _editable(call)
    content = call.text()
    if "text" not in stored.message:
        raise bad_request("there is no text in the message to edit")
    return _replace(call, chat, stored, content, {"text", "entities", "link_preview_options"})


def edit_message_caption(call: Call) -> Json:
    chat, stored = _editable(call)
    content = call.caption()
    if "text" in stored.message:
        raise bad_request("there is no caption in the message to edit")
    return _replace(call, chat, stored, content, {"caption", "caption_entities"})


def edit_message_reply_markup(call: Call) -> Json:
    chat, stored = _editable(call)
    return _replace(call, chat, stored, {}, set())


def delete_message(call: Call) -> bool:
    chat = call.chat()
    stored = chat.messages.get(call.params["message_id"])
    if stored is None:
        raise bad_request("message to delete not found")
    if call.world.now() - stored.message["date"] > DELETABLE_SECONDS:
        raise bad_request("message can't be deleted for everyone")
    call.world.remove(call.bot, chat, stored.id)
    return True


def delete_messages(call: Call) -> bool:
    """Unlike deleteMessage, those that are not there are passed over (Bot API, deleteMessages).

    What happens to the others where one is too old is not said; the simulator refuses all of them, so that nobody
    relies on the kinder way.
    """
    chat, ids = call.chat(), call.params["message_ids"]
    if len(ids) > MOST_DELETED:
        raise bad_request("too many message identifiers specified")
    there = [message_id for message_id in ids if message_id in chat.messages]
    if any(call.world.now() - chat.messages[each].message["date"] > DELETABLE_SECONDS for each in there):
        raise bad_request("message can't be deleted for everyone")
    for message_id in there:
        call.world.remove(call.bot, chat, message_id)
    return True


def answer_callback_query(call: Call) -> bool:
    """A press can be answered once."""
    world, params = call.world, call.params
    query = world.queries.get(params["callback_query_id"])
    if query is None or query.bot_id != call.bot.id:
        raise bad_request(OLD_QUERY)
    del world.queries[query.id]
    if world.clock.timestamp() - query.asked_at > QUERY_SECONDS:
        raise bad_request(OLD_QUERY)
    text = params.get("text", "")
    if len(text) > LONGEST_TOAST:
        raise bad_request("MESSAGE_TOO_LONG")
    toast = {"text": text, "alert": bool(params.get("show_alert")), "message_id": query.message_id}
    if "url" in params:
        toast["url"] = params["url"]
    if text or "url" in params:
        query.chat.toasts.append({k: toast[k] for k in ("text", "alert")})
    world.tell("toast", person=query.person.id, bot=call.bot.id, callback_query_id=query.id, **toast)
    return True


def _editable(call: Call) -> tuple[Chat, Stored]:
    if "inline_message_id" in call.params:
        raise bad_request("MESSAGE_ID_INVALID")
    for name, words in (
        ("chat_id", "chat_id is empty"),
        ("message_id", "message identifier is not specified"),
    ):
        if name not in call.params:
            raise bad_request(words)
    chat = call.writable_chat()
    stored = chat.messages.get(call.params["message_id"])
    if stored is None:
        raise bad_request("message to edit not found")
    # Bot API: "it is only possible to edit messages without reply_markup or with inline keyboards".
    other_markup = stored.markup is not None and "inline_keyboard" not in stored.markup
    if not stored.outgoing or stored.message["from"]["id"] != call.bot.id or other_markup:
        raise bad_request("message can't be edited")
    return chat, stored


def _replace(call: Call, chat: Chat, stored: Stored, content: Json, parts: set[str]) -> Json:
    """Put new content and keyboard in place of the old; a keyboard that is not sent again is taken away."""
    markup = call.params.get("reply_markup")
    if markup is not None and not any(markup["inline_keyboard"]):
        markup = None
    old = stored.message
    kept = {k: v for k, v in old.items() if k not in {*parts, "reply_markup", "edit_date"}}
    fresh = {**kept, **content, **({"reply_markup": markup} if markup else {})}
    if fresh == {k: v for k, v in old.items() if k != "edit_date"}:
        raise bad_request(NOT_MODIFIED)
    return call.world.replace(call.bot, chat, {**fresh, "edit_date": call.world.now()}, markup).message
