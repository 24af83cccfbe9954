"""Moments as staff write them, "12.05 10:30" or "tomorrow 9:00", in a zone: not past, and shown by its clocks."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from casework.times import read_time

FURTHEST = timedelta(days=366)
_HALF_A_YEAR = timedelta(days=183)
_DAYS = {
    "": 0,
    "today": 0,
    "сегодня": 0,
    "اليوم": 0,
    "tomorrow": 1,
    "завтра": 1,
    "غدا": 1,
}
_DAY_FIRST = re.compile(r"(\d{1,2})[./](\d{1,2})(?:[./](\d{4}))?")
_YEAR_FIRST = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")


class Wrong(StrEnum):
    UNREADABLE = "unreadable"
    NO_SUCH_DAY = "no_such_day"
    PAST = "past"
    FAR = "far"
    GAP = "gap"  # the clocks are put forward over it


@dataclass(frozen=True)
class Moment:
    """What was understood.

    Attributes:
        at: in UTC; where nothing is wrong.
        exists: for a time that no clock shows, the first one after it that one does, in the zone.
    """

    at: datetime | None = None
    amiss: Wrong | None = None
    exists: datetime | None = None


def read_moment(text: str, zone: ZoneInfo, now: datetime) -> Moment:
    """Read a day and a time by the clocks of a zone. A time that comes twice in a night is its first."""
    day_words, _, time_words = _plain(text).rpartition(" ")
    minutes = read_time(time_words) if re.search(r"\d[:.]\d\d$", time_words) else None
    if minutes is None:
        return Moment(amiss=Wrong.UNREADABLE)
    today = now.astimezone(zone).date()
    try:
        day = _day(day_words.strip(), today)
    except ValueError:
        return Moment(amiss=Wrong.NO_SUCH_DAY)
    if day is None:
        return Moment(amiss=Wrong.UNREADABLE)
    return _checked(datetime.combine(day, time(minutes // 60, minutes % 60), zone), now)


def _checked(local: datetime, now: datetime) -> Moment:
    at = local.astimezone(UTC)
    shown = at.astimezone(local.tzinfo)
    if shown.replace(tzinfo=None) != local.replace(tzinfo=None):
        return Moment(amiss=Wrong.GAP, exists=shown)
    if at <= now:
        return Moment(amiss=Wrong.PAST)
    return Moment(amiss=Wrong.FAR) if at > now + FURTHEST else Moment(at)


def _day(words: str, today: date) -> date | None:
    if words in _DAYS:
        return today + timedelta(days=_DAYS[words])
    if found := _YEAR_FIRST.fullmatch(words):
        year, month, day = map(int, found.groups())
        return date(year, month, day)
    if found := _DAY_FIRST.fullmatch(words):
        day, month = int(found[1]), int(found[2])
        if found[3]:
            return date(int(found[3]), month, day)
        this = date(today.year, month, day)
        # In December somebody means next January, and in March not the February that has just been.
        return date(today.year + 1, month, day) if today - this > _HALF_A_YEAR else this
    return None


def _plain(text: str) -> str:
    """Fold case, vowel signs and the digits of any script."""
    signs = unicodedata.normalize("NFKD", " ".join(text.casefold().replace(",", " ").split()))
    kept = (sign for sign in signs if unicodedata.category(sign) not in {"Mn", "Cf"})
    return "".join(
        str(unicodedata.digit(sign)) if unicodedata.category(sign) == "Nd" else sign for sign in kept
    )
