"""What came in, as far as handlers need to know: who, what kind, and its words."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, cast

from bot.fields import Fields, Unreadable, number_in, object_in, text_in
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
_MOST_IDS = 2**63  # a column holds no larger number
_MOST_PAGES = 10_000
_FILES = (Kind.VOICE, Kind.PHOTO, Kind.DOCUMENT, Kind.VIDEO_NOTE)


@dataclass(frozen=True)
class Attachment:
    """A file that came with a message, not fetched yet.

    Attributes:
        file_id: what getFile needs; good for this bot only.
        size: bytes as Telegram gives them, before anything was fetched; none where it does not say.
        caption: the words under it.
        media_type: what a document says it is; empty where it does not.
    """

    kind: Kind
    file_id: str
    size: int | None = None
    caption: str = ""
    media_type: str = ""


@dataclass(frozen=True)
class Contact:
    """A telephone number that was shared; `own` where it is the sender's own, by Telegram's word."""

    phone: str
    own: bool


@dataclass(frozen=True)
class Incoming:
    """One update of a private chat.

    Attributes:
        update_id: Telegram's number; only good for telling whether it was seen before.
        user_id: who wrote; in a private chat this is the chat's id too.
        kind: what it is.
        text: the words of a message, or of its changed form; empty for other kinds.
        entities: how the words are formatted, as Telegram tells it (Bot API, MessageEntity).
        command: the command without its slash and bot name, lower case.
        argument: what stands after the command.
        token: of a press: what tells its screen.
        action: of a press: what the button means.
        callback_id: of a press: what answerCallbackQuery needs.
        message_id: the message that was written or whose button was pressed.
        attachment: the photo, document, voice or video note it carries.
        album: what the parts of one album have in common; empty for a message by itself.
        contact: the telephone number it shares.
        answers: the message it is a reply to, in Telegram's sense; none for most.
        forwarded: whether the words are somebody else's: forwarded, or sent through another bot.
    """

    update_id: int
    user_id: int
    kind: Kind
    text: str = ""
    entities: tuple[Fields, ...] = ()
    command: str = ""
    argument: str = ""
    token: str = ""
    action: str = ""
    callback_id: str | None = None
    message_id: int | None = None
    attachment: Attachment | None = None
    album: str = ""
    contact: Contact | None = None
    forwarded: bool = False
    answers: int | None = None

    @property
    def anywhere(self) -> bool:
        """Whether the pressed button works from any message, however old."""
        return self.kind is Kind.PRESS and self.token == ANYWHERE


def id_in(carried: str) -> int | None:
    """Return the id that stands behind a button's colon; None where it is none that a row could have."""
    return _number(carried, below=_MOST_IDS)


def page_in(carried: str) -> int | None:
    """Return the page that a button carries; None where it is none that a list could have."""
    return _number(carried, below=_MOST_PAGES)


def _number(carried: str, below: int) -> int | None:
    number = int(carried) if carried.isascii() and carried.isdecimal() else below
    return number if number < below else None


def read(raw: Any) -> Incoming | None:
    """Return what a person did in a private chat with us; None for every other update.

    Reads only the fields that are used, of the types that the Bot API gives them: the library's own objects
    would hold some two hundred more that nobody looks at (docs/decisions/0003-raw-updates.md).

    Raises:
        Unreadable: a field that we need has another type, or is missing.
    """
    if not isinstance(raw, dict):
        raise Unreadable("update")
    update_id = number_in(raw, "update_id")
    if raw.get("callback_query") is not None:
        return _press(update_id, object_in(raw, "callback_query"))
    for name in ("message", "edited_message"):
        if raw.get(name) is not None:
            return _message(update_id, object_in(raw, name), edited=name == "edited_message")
    return None


def _message(update_id: int, message: Fields, *, edited: bool) -> Incoming | None:
    if not _private(message) or message.get("from") is None:
        return None
    person = object_in(message, "from")
    text = text_in(message, "text")
    forwarded = message.get("forward_origin") is not None or message.get("via_bot") is not None
    kind = Kind.EDITED if edited else _kind(message, text, forwarded=forwarded)
    command, argument = _command(text) if kind is Kind.COMMAND else ("", "")
    return Incoming(
        update_id,
        number_in(person, "id"),
        kind,
        text=text,
        entities=_entities(message),
        command=command,
        argument=argument,
        message_id=number_in(message, "message_id"),
        attachment=_attachment(message, kind),
        album=text_in(message, "media_group_id"),
        contact=_contact(message, person) if kind is Kind.CONTACT else None,
        forwarded=forwarded,
        answers=_answered(message),
    )


def _answered(message: Fields) -> int | None:
    if message.get("reply_to_message") is None:
        return None
    return number_in(object_in(message, "reply_to_message"), "message_id")


def _attachment(message: Fields, kind: Kind) -> Attachment | None:
    if kind not in _FILES:
        return None
    file = _largest(message) if kind is Kind.PHOTO else object_in(message, kind.value)
    size = number_in(file, "file_size") if file.get("file_size") is not None else None
    file_id = text_in(file, "file_id")
    if not file_id:
        raise Unreadable("file_id")
    media_type = text_in(file, "mime_type") if kind is Kind.DOCUMENT else ""
    return Attachment(kind, file_id, size, text_in(message, "caption"), media_type)


def _entities(message: Fields) -> tuple[Fields, ...]:
    """Return what can be read of them: how words look is no reason to lose the words."""
    found = message.get("entities")
    return tuple(each for each in found if isinstance(each, dict)) if isinstance(found, list) else ()


def _largest(message: Fields) -> Fields:
    """Return the largest size of a photo: the Bot API gives them smallest first."""
    sizes = message.get("photo")
    if not isinstance(sizes, list) or not isinstance(sizes[-1], dict):
        raise Unreadable("photo")
    return cast("Fields", sizes[-1])


def _contact(message: Fields, person: Fields) -> Contact:
    contact = object_in(message, "contact")
    return Contact(text_in(contact, "phone_number"), own=contact.get("user_id") == person.get("id"))


def _press(update_id: int, query: Fields) -> Incoming | None:
    message = object_in(query, "message") if query.get("message") is not None else None
    elsewhere = query.get("inline_message_id") is not None  # sent through us into some other chat
    if elsewhere or (message is not None and not _private(message)):
        return None
    token, _, action = text_in(query, "data").partition(":")
    return Incoming(
        update_id,
        number_in(object_in(query, "from"), "id"),
        Kind.PRESS,
        token=token,
        action=action,
        callback_id=text_in(query, "id"),
        message_id=number_in(message, "message_id") if message is not None else None,
    )


def _private(message: Fields) -> bool:
    return text_in(object_in(message, "chat"), "type") == "private"


def _kind(message: Fields, text: str, *, forwarded: bool) -> Kind:
    if text:
        return Kind.COMMAND if text.startswith("/") and not forwarded else Kind.TEXT
    return next((kind for kind in _ATTACHED if message.get(kind.value)), Kind.OTHER)


def _command(text: str) -> tuple[str, str]:
    """Split "/start@HomewardBot HW-…" into the command and what stands after it."""
    first, _, argument = text.partition(" ")
    return first[1:].partition("@")[0].lower(), argument.strip()
