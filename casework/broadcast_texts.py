"""What a text of a broadcast may be: how long, formatted by what, and the signs that would be read as they stand."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from casework.broadcasts import Words

# Bot API, MessageEntity. What Telegram finds by itself need not be kept; what names somebody's account is not taken.
KEPT = frozenset(
    {
        *("bold", "italic", "underline", "strikethrough", "spoiler", "code", "pre"),
        *("text_link", "blockquote", "expandable_blockquote"),
    }
)
FOUND_AGAIN = frozenset(
    {"url", "email", "mention", "hashtag", "cashtag", "bot_command", "phone_number", "bank_card_number"}
)
_FIELDS = ("type", "offset", "length", "url", "language")
_LINK = re.compile(r"(?i)https?://[^\s/]+\.[^\s]+|tg://\S+")
# Signs of formatting that Telegram did not take for formatting, and places where somebody hopes for a name.
_SIGNS = re.compile(
    r"</?(?:b|strong|i|em|u|s|a|br|p|div|span|code|pre|blockquote)\b[^>]*>|\*\*|__|\[[^\]\n]+\]\(\S+?\)|\{\w*\}|%\w?s\b"
)
_MOST_SHOWN = 5


class Problem(StrEnum):
    EMPTY = "empty"
    TOO_LONG = "too_long"
    SIGNS = "signs"
    LINK = "link"
    KIND = "kind"


@dataclass(frozen=True)
class Found:
    """Something to mend.

    Attributes:
        what: the signs, links or kinds it is about.
        over: units too many.
    """

    problem: Problem
    what: tuple[str, ...] = ()
    over: int = 0


def units(text: str) -> int:
    """Count as Telegram does (Bot API, MessageEntity: UTF-16 code units)."""
    return len(text.encode("utf-16-le")) // 2


def taken(text: str, entities: Iterable[dict[str, Any]]) -> Words:
    """Return what somebody typed without what Telegram finds by itself again."""
    kept = [
        {name: each[name] for name in _FIELDS if name in each}
        for each in entities
        if each.get("type") not in FOUND_AGAIN
    ]
    return Words(text, tuple(kept))


def problems_of(words: Words, room: int) -> list[Found]:
    """Return what has to be mended before a text can be taken; nothing where it is good."""
    found = []
    if not words.text.strip():
        found.append(Found(Problem.EMPTY))
    if (over := units(words.text) - room) > 0:
        found.append(Found(Problem.TOO_LONG, over=over))
    if signs := tuple(dict.fromkeys(_SIGNS.findall(words.text)))[:_MOST_SHOWN]:
        found.append(Found(Problem.SIGNS, signs))
    links = [str(each.get("url", "")) for each in words.entities if each.get("type") == "text_link"]
    if bad := tuple(each for each in links if not _LINK.fullmatch(each))[:_MOST_SHOWN]:
        found.append(Found(Problem.LINK, bad))
    kinds = {str(each.get("type")) for each in words.entities} - KEPT
    if kinds or not all(_fits(each, units(words.text)) for each in words.entities):
        found.append(Found(Problem.KIND, tuple(sorted(kinds))))
    return found


def read_link(text: str) -> str | None:
    """Return an address for the button; None where it is none that Telegram takes."""
    written = text.strip()
    if "://" not in written and "." in written and " " not in written:
        written = f"https://{written}"
    return written if re.fullmatch(r"(?i)https?://[^\s/]+\.[^\s]+", written) else None


def _fits(entity: dict[str, Any], length: int) -> bool:
    offset, size = entity.get("offset"), entity.get("length")
    return isinstance(offset, int) and isinstance(size, int) and 0 <= offset < offset + size <= length
