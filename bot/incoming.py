"""What came in, as far as handlers need to know: who, what kind, and its words."""

from dataclasses import dataclass
from enum import StrEnum

from telegram import Message, Update

from bot.screen import ANYWHERE


class Kind(StrEnum):
    """The kinds of input a person can give."""

    TEXT = "text"
    COMMAND = "command"
    PRESS = "press"
    EDITED = "edited"
    VOICE = "voice"
    PHOTO = "photo"
    DOCUMENT = "document"
    CONTACT = "contact"
    STICKER = "sticker"
    LOCATION = "location"
    VIDEO_NOTE = "video_note"
    OTHER = "other"


_ATTACHED = (
    Kind.VOICE,
    Kind.PHOTO,
    Kind.DOCUMENT,
    Kind.CONTACT,
    Kind.STICKER,
    Kind.LOCATION,
    Kind.VIDEO_NOTE,
)


@dataclass(frozen=True)
class Incoming:
    """One update of a private chat.

    Attributes:
        update_id: Telegram's number; only good for telling whether it was seen before.
        user_id: who wrote; in a private chat this is the chat's id too.
        kind: what it is.
        text: the words of a message; empty for other kinds.
        command: the command without its slash and bot name, lower case.
        argument: what stands after the command.
        token: of a press: what tells its screen.
        action: of a press: what the button means.
        callback_id: of a press: what answerCallbackQuery needs.
        message_id: the message that was written or whose button was pressed.
        language_hint: Telegram's language code; used for nothing but the first greeting.
    """

    update_id: int
    user_id: int
    kind: Kind
    text: str = ""
    command: str = ""
    argument: str = ""
    token: str = ""
    action: str = ""
    callback_id: str | None = None
    message_id: int | None = None
    language_hint: str | None = None

    @property
    def anywhere(self) -> bool:
        """Whether the pressed button works from any message, however old."""
        return self.kind is Kind.PRESS and self.token == ANYWHERE


def read(update: Update) -> Incoming | None:
    """Return what a person did in a private chat with us; None for every other update."""
    if update.callback_query is not None:
        return _press(update)
    message = update.message or update.edited_message
    if message is None or message.from_user is None or message.chat.type != "private":
        return None
    kind = Kind.EDITED if update.edited_message is not None else _kind(message)
    command, argument = _command(message) if kind is Kind.COMMAND else ("", "")
    return Incoming(
        update.update_id,
        message.from_user.id,
        kind,
        text=message.text or "",
        command=command,
        argument=argument,
        message_id=message.message_id,
        language_hint=message.from_user.language_code,
    )


def _press(update: Update) -> Incoming | None:
    query = update.callback_query
    if query is None or (query.message is not None and query.message.chat.type != "private"):
        return None
    token, _, action = (query.data or "").partition(":")
    return Incoming(
        update.update_id,
        query.from_user.id,
        Kind.PRESS,
        token=token,
        action=action,
        callback_id=query.id,
        message_id=query.message.message_id if query.message else None,
        language_hint=query.from_user.language_code,
    )


def _kind(message: Message) -> Kind:
    if message.text:
        return Kind.COMMAND if message.text.startswith("/") else Kind.TEXT
    return next((kind for kind in _ATTACHED if getattr(message, kind.value)), Kind.OTHER)


def _command(message: Message) -> tuple[str, str]:
    """Split "/start@HomewardBot HW-…" into the command and what stands after it."""
    first, _, argument = (message.text or "").partition(" ")
    return first[1:].partition("@")[0].lower(), argument.strip()
