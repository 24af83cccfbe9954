"""Times of day as people write them: "22", "22:00", "9.30", "10 вечера", "٨ مساء"."""

import re
import unicodedata

MINUTES_A_DAY = 24 * 60
_NOON = 12
_NIGHT_BEGINS = 8  # "8 ночи" is said of the evening, "4 ночи" of the morning
_TIME = re.compile(r"(?:[^\d]*\s)?(\d{1,2})(?:\s*[:.,٫\s-]\s*(\d{2}))?\s*(?:час\w*|ч|h|uhr)?\.?\s*([^\d\s]*)")
_MORNING = ("am", "утра", "утром", "صباحا", "ص")
_AFTERNOON = ("pm", "дня", "вечера", "вечером", "مساء", "م", "ظهرا")
_NIGHT = ("ночи", "ночью", "ليلا")


def read_time(text: str) -> int | None:
    """Return the minutes since midnight; None where it is not surely a time of day. "24" is midnight."""
    found = _TIME.fullmatch(_folded(text))
    if found is None:
        return None
    hour = _hour(int(found[1]), found[3])
    minute = int(found[2] or 0)
    if hour is None or minute >= 60:  # noqa: PLR2004 - minutes of an hour
        return None
    total = hour * 60 + minute
    return total % MINUTES_A_DAY if total <= MINUTES_A_DAY else None


def _hour(hour: int, word: str) -> int | None:
    if not word:
        return hour
    if hour > _NOON or word not in (*_MORNING, *_AFTERNOON, *_NIGHT):
        return None
    late = word in _AFTERNOON or (word in _NIGHT and _NIGHT_BEGINS <= hour < _NOON)
    return hour % _NOON + (_NOON if late else 0)


def _folded(text: str) -> str:
    """Fold case and vowel signs; digits of any script are read as they are."""
    decomposed = unicodedata.normalize("NFKD", text.casefold().strip())
    return "".join(sign for sign in decomposed if unicodedata.category(sign) not in {"Mn", "Cf"})
