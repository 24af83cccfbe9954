"""Entities that Telegram finds in any text by itself: commands, mentions, hashtags, addresses."""

import re

from simulator.answers import Json
from simulator.text import units

COMMAND = re.compile(r"(?<![\w/<>])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w/<>@])")
MENTION = re.compile(r"(?<!\w)@[A-Za-z][A-Za-z0-9_]{2,31}(?!\w)")
HASHTAG = re.compile(r"(?<!\w)#(?=\w*[^\W\d])\w{1,256}")
EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}(?![\w])")
ADDRESS = r"https?://[^\s<>\"]+"
BARE = r"(?:[\w-]+\.)+(?:com|org|net|info|ru|io|int|de|tj|sy|iq)\b(?:/[^\s<>\"]*)?"
URL = re.compile(rf"(?i)(?<![\w@/])(?:{ADDRESS}|{BARE})")

FINDERS = (
    ("email", EMAIL),
    ("url", URL),
    ("bot_command", COMMAND),
    ("mention", MENTION),
    ("hashtag", HASHTAG),
)
# Inside these nothing else is found.
CLOSED = frozenset({"code", "pre", "text_link", "text_mention", "custom_emoji"})


def with_found(text: str, entities: list[Json]) -> list[Json]:
    """`entities` and those found in the text, in Telegram's order."""
    if not any(mark in text for mark in "/@#."):
        return entities
    taken = [(e["offset"], e["offset"] + e["length"]) for e in entities if e["type"] in CLOSED]
    found: list[Json] = []
    for kind, pattern in FINDERS:
        for match in pattern.finditer(text):
            start = units(text[: match.start()])
            end = start + units(match.group().rstrip(".,;:!?)"))
            if all(end <= begin or start >= stop for begin, stop in taken):
                taken.append((start, end))
                found.append({"type": kind, "offset": start, "length": end - start})
    return sorted([*entities, *found], key=lambda entity: (entity["offset"], -entity["length"]))
