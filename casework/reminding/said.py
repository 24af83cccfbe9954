"""When somebody wants to be reminded, as they write it: "завтра в 10", "غدا الساعة 10", "2026-12-01 10:00".

Whatever can mean two things is asked back. Nothing is guessed, and no word is passed over.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from enum import Enum
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from casework.dates.lexicon import fold, lexicon
from casework.dates.sorts import Sort
from casework.dates.tokens import PALOCHKA
from casework.reminding import moment_words as words
from casework.reminding.heard import Heard, Problem, Understood
from casework.reminding.moment_words import Part, Unit
from casework.reminding.moments import on_wall
from casework.reminding.settling import settled

_LONGEST = 100  # letters of what can be a moment
_DAY_HOURS = 24
_TWO, _THREE = 2, 3
_YEAR_DIGITS = 4
_RAW = re.compile(r"\d+(?:[.:/-]\d+)+|\d+|[^\W\d_]+(?:-[^\W\d_]+)*|\S")
_PALOCHKA = re.compile(r"(?<=[бкпхцтчг])[1il|](?=[а-я])|(?<!\w)[1il|](?=[уа])")


class _Sort(Enum):
    DAY, WEEKDAY, PART, MARKER, SPAN, UNIT, TWO, MONTH, NUMBER, DIGITS, NOISE = range(11)


_Token = tuple[_Sort, Any] | None
_ONCE = {_Sort.WEEKDAY: "weekday", _Sort.PART: "part", _Sort.MONTH: "month"}


def understand(text: str, now: datetime, zone: ZoneInfo) -> Understood:
    """Return the moment that is meant, in UTC.

    Args:
        zone: of whom it was written by.
    """
    if len(text) > _LONGEST:
        return Problem.NOT_READ
    tokens = list(_tokens(text))
    heard = _hear(tokens, on_wall(now, zone).date())
    return settled(heard, now, zone) if heard is not None else Problem.NOT_READ


def split(text: str, now: datetime, zone: ZoneInfo) -> tuple[Understood, str]:
    """Split "tomorrow at 10 call the family" into the moment and the rest: the moment is as many words as make one."""
    parts = text.split()
    best: Understood = Problem.NOT_READ
    for count in range(min(len(parts), 8), 0, -1):
        found = understand(" ".join(parts[:count]), now, zone)
        if found is not Problem.NOT_READ:
            bare = count > 1 and parts[count - 1].isdecimal() and count < len(parts)
            if bare and fold(parts[count - 2]) not in _phrases_of(words.MARKERS):
                continue  # "tomorrow 10 boxes": the number may belong to what follows
            return found, " ".join(parts[count:])
    return best, text


def _phrases_of(listed: str) -> set[str]:
    return {fold(each.replace("_", " ")) for each in listed.split()}


@cache
def _vocabulary() -> Mapping[str, tuple[_Sort, Any]]:
    known: dict[str, tuple[_Sort, Any]] = {}
    for word, meanings in lexicon()[0].items():
        if len(meanings) == 1 and meanings[0].sort is Sort.MONTH:
            known[word] = (_Sort.MONTH, meanings[0].value)
        elif len(meanings) == 1 and meanings[0].sort is Sort.NUMBER:
            known[word] = (_Sort.NUMBER, meanings[0].value)
    tables: list[tuple[_Sort, Mapping[Any, str]]] = [
        (_Sort.NOISE, {None: words.NOISE}),
        (_Sort.NUMBER, {1: words.ONE}),
        (_Sort.UNIT, words.UNITS),
        (_Sort.TWO, words.DUALS),
        (_Sort.MARKER, {None: words.MARKERS}),
        (_Sort.SPAN, {None: words.SPANS}),
        (_Sort.PART, words.PARTS),
        (_Sort.WEEKDAY, words.WEEKDAYS),
        (_Sort.DAY, words.DAYS),
    ]
    for sort, table in tables:
        for value, listed in table.items():
            known |= dict.fromkeys(_phrases_of(listed), (sort, value))
    return known


def _tokens(text: str) -> Iterator[_Token]:
    """Yield what each word or phrase is; None for one that is nothing."""
    known = _vocabulary()
    raws = _RAW.findall(_PALOCHKA.sub(PALOCHKA, fold(text)))
    at = 0
    while at < len(raws):
        for length in (3, 2, 1):
            phrase = " ".join(raws[at : at + length])
            if len(raws) >= at + length and phrase in known:
                yield known[phrase]
                break
        else:
            length = 1
            yield (_Sort.DIGITS, raws[at]) if raws[at][0].isdigit() else None
        at += length


def _hear(tokens: list[_Token], today: date) -> Heard | None:
    """Take the words in their order; None where one of them has no place."""
    heard, at = Heard(), 0
    while at < len(tokens):
        token = tokens[at]
        taken = _taken(heard, *token, tokens[at + 1 : at + 3], today) if token is not None else None
        if taken is None:
            return None
        at += taken
    return heard if _dated(heard, today) else None


def _taken(heard: Heard, sort: _Sort, value: Any, following: list[_Token], today: date) -> int | None:
    """Take one word, with those after it that belong to it; return how many that were."""
    if sort is _Sort.DAY:
        return _one_day(heard, today + timedelta(days=value))
    if sort in _ONCE:
        free = getattr(heard, _ONCE[sort]) is None
        setattr(heard, _ONCE[sort], value)
        return 1 if free else None
    if sort is _Sort.NUMBER:
        heard.numbers.append(value)
    if sort in {_Sort.NUMBER, _Sort.NOISE}:
        return 1
    takers = {_Sort.SPAN: _span, _Sort.MARKER: _after_marker}
    if sort in takers:
        return takers[sort](heard, following)
    return _digits(heard, value) if sort is _Sort.DIGITS else None


def _one_day(heard: Heard, day: date) -> int | None:
    if heard.day is not None:
        return None
    heard.day = day
    return 1


def _span(heard: Heard, following: list[_Token]) -> int | None:
    """Take "in three days", "через неделю", "بعد يومين"; return how many words that were."""
    match following:
        case [(_Sort.TWO, Unit() as unit), *_]:
            heard.span = (2, unit)
            return 2
        case [(_Sort.UNIT, Unit() as unit), *_]:
            heard.span = (1, unit)
            return 2
        case [(_Sort.NUMBER | _Sort.DIGITS, number), (_Sort.UNIT, Unit() as unit)] if str(number).isdecimal():
            heard.span = (int(number), unit)
            return 3
        case [(_Sort.NUMBER | _Sort.DIGITS, number), (_Sort.PART, Part.AFTERNOON)] if str(number).isdecimal():
            heard.span = (int(number), Unit.DAY)  # "3 дня": by itself the word is a part of the day
            return 3
    return None


def _after_marker(heard: Heard, following: list[_Token]) -> int | None:
    """Take the time that follows "at"; before anything else it says nothing by itself ("в среду")."""
    if not following or following[0] is None:
        return None
    sort, value = following[0]
    if sort in {_Sort.NUMBER, _Sort.DIGITS}:
        pieces = re.split(r"[.:]", str(value))
        return 2 if len(pieces) <= _TWO and _time(heard, *pieces) else None  # hours and minutes
    return 1 if sort in {_Sort.WEEKDAY, _Sort.MARKER, _Sort.PART, _Sort.NOISE} else None


def _time(heard: Heard, hour: str, minute: str = "") -> bool:
    fits = (
        heard.hour is None
        and hour.isdecimal()
        and (not minute or (len(minute) == _TWO and minute.isdecimal()))
    )
    if not fits or int(hour) > _DAY_HOURS or (minute and int(minute) > 59):  # noqa: PLR2004 - minutes
        return False
    heard.hour, heard.minute = int(hour), int(minute) if minute else None
    if len(hour) == _TWO and hour[0] == "0" and not minute:  # "05" is no afternoon
        heard.minute = 0
    return True


def _digits(heard: Heard, text: str) -> int | None:
    """Take digits: a date, a time with a colon, or a number whose meaning follows from the others."""
    pieces = re.split(r"[.:/-]", text)
    if ":" in text:
        return 1 if len(pieces) == _TWO and _time(heard, *pieces) else None  # hours and minutes
    if len(pieces) == 1:
        heard.numbers.append(int(text)) if len(text) <= _YEAR_DIGITS else None
        return 1 if len(text) <= _YEAR_DIGITS else None
    numbers = [int(each) for each in pieces]
    if len(pieces) == _THREE and len(pieces[0]) == _YEAR_DIGITS:  # 2026-12-01
        year, month, day = numbers
    elif len(pieces) == _THREE:  # day first: the rule here (experience 3)
        day, month, year = numbers
        year += 2000 if len(pieces[2]) == _TWO else 0
    elif heard.day is None and numbers[1] in range(1, 13):
        heard.short_year = True
        day, month, year = *numbers, 0
    else:
        return 1 if "." in text and _time(heard, *pieces) else None
    return _date(heard, year, month, day)


def _date(heard: Heard, year: int, month: int, day: int) -> int | None:
    """Keep a date that there is; without a year its year is found when all is heard."""
    try:
        return _one_day(heard, date(year or 2000, month, day))  # 2000 has a 29 February
    except ValueError:
        return None


def _dated(heard: Heard, today: date) -> bool:
    """Find out what the bare numbers are: "1 декабря 2026 10", "tomorrow 10"."""
    if heard.month is not None:
        days = [each for each in heard.numbers if each <= 31][:1]  # noqa: PLR2004 - the longest month
        if not days:
            return False
        heard.numbers.remove(days[0])
        years = [each for each in heard.numbers if each >= today.year - 100]
        heard.short_year = not years
        heard.numbers = [each for each in heard.numbers if each not in years]
        if len(years) > 1 or _date(heard, years[0] if years else 0, heard.month, days[0]) is None:
            return False
    if len(heard.numbers) == 1 and _time(heard, str(heard.numbers[0])):
        heard.numbers = []
    return not heard.numbers
