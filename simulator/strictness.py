"""Parameters of a call held against the Bot API's description.

Refusals in the server's words (telegram-bot-api, Client.cpp).
"""

import json
from collections.abc import Mapping
from typing import Any

from simulator import schema
from simulator.answers import Json, Refused, bad_request
from simulator.records import Upload

MISSING = {
    "chat_id": "chat_id is empty",
    "from_chat_id": "chat_id is empty",
    "text": "message text is empty",
    "message_id": "message identifier is not specified",
    "message_ids": "message identifiers are not specified",
    "photo": "there is no photo in the request",
    "document": "there is no document in the request",
    "voice": "there is no voice in the request",
    "video_note": "there is no video note in the request",
    "file_id": "file_id not specified",
    "action": "wrong parameter action in request",
    "callback_query_id": "query is too old and response timeout expired or query ID is invalid",
}
UNREADABLE = {
    "reply_markup": "reply keyboard markup",
    "scope": "BotCommandScope",
    "menu_button": "menu button",
}
# Fields that may be missing although the data requires them: an empty address removes a webhook.
MAY_BE_MISSING = frozenset({"url"})
INLINE_ACTIONS = (
    "url", "callback_data", "web_app", "login_url", "switch_inline_query", "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat", "copy_text", "callback_game", "pay",
)  # fmt: skip
STYLES = frozenset({"danger", "success", "primary"})
MOST_BUTTONS = 100
MOST_CALLBACK_BYTES = 64
MOST_COPIED = 256


def shape_of(method: str) -> schema.Shape:
    """The description of a method, however its name is written; refused with 404 where there is none."""
    shape = schema.methods().get(method.lower())
    if shape is None:
        raise Refused(404, "Not Found")
    return shape


def checked(
    shape: schema.Shape, params: Mapping[str, object], files: Mapping[str, Upload]
) -> tuple[Json, list[str]]:
    """The parameters as typed values, and the names of those unknown here, which Telegram ignores."""
    values: Json = {}
    unknown = []
    for name, raw in params.items():
        field = shape.fields.get(name)
        if field is None:
            unknown.append(name)
        elif raw is not None and raw != "":
            values[name] = _value(field, raw)
    for name in shape.required:
        as_file = name in files and "InputFile" in shape.fields[name].kinds
        if name not in values and not as_file and name not in MAY_BE_MISSING:
            raise bad_request(MISSING.get(name, f'Parameter "{name}" is required'))
    if "reply_markup" in values:
        _check_markup(values["reply_markup"])
    return values, unknown


def _value(field: schema.Field, raw: object) -> Any:
    value = schema.decoded(field, raw)
    if type(value) is str and "String" in field.kinds:
        return value
    found = [words for words in schema.field_problems(field, value) if " is unknown to " not in words]
    if not found:
        return value
    if type(value) is str and isinstance(raw, str) and not _reads_as_json(field, raw):
        raise bad_request(f"Can't parse {UNREADABLE.get(field.name, field.name)} JSON object")
    if field.name == "reply_markup":
        raise bad_request(_markup_words(value, found[0]))
    raise bad_request(f"Can't parse {UNREADABLE.get(field.name, field.name)}: {_server_words(found[0])}")


def _reads_as_json(field: schema.Field, raw: str) -> bool:
    if field.kinds in {("Integer",), ("Boolean",), ("Float",)}:
        return True
    try:
        json.loads(raw)
    except ValueError:
        return False
    return True


def _server_words(problem: str) -> str:
    """`reply_markup.inline_keyboard[0][0].text is missing` → `Can't find field "text"`."""
    path, _, rest = problem.partition(" ")
    name = path.rpartition(".")[2]
    return f'Can\'t find field "{name}"' if rest == "is missing" else f'Field "{name}" {rest}'


def _markup_words(value: object, problem: str) -> str:
    if not isinstance(value, dict):
        return "Object expected as reply markup"
    if problem.count("[") < 2:  # noqa: PLR2004 - a button stands in a row of rows
        return _server_words(problem)
    kind = "inline keyboard button" if "inline_keyboard" in value else "keyboard button"
    return f"Can't parse {kind}: {_server_words(problem)}"


def _check_markup(markup: Json) -> None:
    rows = markup.get("inline_keyboard")
    if rows is None:
        return
    buttons = [button for row in rows for button in row]
    if len(buttons) > MOST_BUTTONS:
        raise bad_request("reply markup is too long")
    for button in buttons:
        _check_inline_button(button)


def _check_inline_button(button: Json) -> None:
    """Rules of an inline button that its types do not say (Bot API, InlineKeyboardButton)."""
    actions = [name for name in INLINE_ACTIONS if button.get(name) not in (None, "", False)]
    if (
        not actions
        and "switch_inline_query" not in button
        and "switch_inline_query_current_chat" not in button
    ):
        raise bad_request(
            "Can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"
        )
    if len(actions) > 1:
        # The server silently keeps one of them; a bot that sends two does not know which.
        raise bad_request("Can't parse inline keyboard button: exactly one action must be specified")
    if not button["text"].strip():
        # The server silently leaves such a button out.
        raise bad_request('Can\'t parse inline keyboard button: Field "text" must be non-empty')
    if button.get("style", "primary") not in STYLES:
        raise bad_request("Can't parse inline keyboard button: invalid button style specified")
    if len(button.get("callback_data", "").encode()) > MOST_CALLBACK_BYTES:
        raise bad_request("BUTTON_DATA_INVALID")
    if "copy_text" in button and not 1 <= len(button["copy_text"]["text"]) <= MOST_COPIED:
        raise bad_request("BUTTON_COPY_TEXT_INVALID")
    if "url" in button and not _is_link(button["url"]):
        raise bad_request(f"inline keyboard button URL '{button['url']}' is invalid: Wrong HTTP URL")


def _is_link(url: str) -> bool:
    scheme, separator, rest = url.partition("://")
    if not separator:
        return "." in url and " " not in url
    return scheme.lower() in {"http", "https", "tg", "ton"} and bool(rest) and " " not in url
