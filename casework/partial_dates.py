"""A birth date as well as a family knows it: a day, a month, a year, "about", "one or the other", an age.

Stored as EDTF (Extended Date/Time Format, ISO 8601-2:2019, levels 1 and 2), so that what is not known is not
invented: "2017" is a year and never becomes 1 January. An age is kept as it was said, with the day it was
said on; the dates that follow from it stand beside it.
"""

import re
from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

DECEMBER = 12
SEASONS = range(21, 25)  # EDTF's codes for spring, summer, autumn, winter


@dataclass(frozen=True, slots=True)
class BirthDate:
    """What is known of a birth.

    Attributes:
        edtf: "2017-03-12", "2017-03", "2017", "2017-21" (spring); "~" after any but a season for "about";
            "2014/2016" for between; "[2016,2017]" for one of them.
        age_stated: the age as it was said, an ISO 8601 duration in years and months ("P7Y", "P2Y3M", "P8M"),
            or two of them: "P6Y/P7Y". None when a date was given.
        stated_on: the day the age was said; set exactly when age_stated is.
    """

    edtf: str
    age_stated: str | None = None
    stated_on: date | None = None


class Kind(StrEnum):
    DAY = "day"
    MONTH = "month"
    YEAR = "year"
    SEASON = "season"
    ABOUT_YEAR = "about_year"
    BETWEEN = "between"
    EITHER = "either"
    AGE_YEARS = "age_years"
    AGE_MONTHS = "age_months"
    AGE_YEARS_MONTHS = "age_years_months"


@dataclass(frozen=True, slots=True)
class Spoken:
    """A birth date taken apart, for whoever puts it into words of some language.

    Attributes:
        kind: which of the numbers are set: DAY has year, month, day; SEASON has year and season (1 spring … 4
            winter); the AGE kinds have years and/or months and stated_on; BETWEEN and EITHER have only parts.
        about: the family said "about". Always so for ABOUT_YEAR, which has a word for it in its name.
        parts: the two ends of BETWEEN, the two or more choices of EITHER, each to be spoken in its turn.
    """

    kind: Kind
    about: bool = False
    year: int | None = None
    month: int | None = None
    day: int | None = None
    season: int | None = None
    years: int | None = None
    months: int | None = None
    stated_on: date | None = None
    parts: tuple["Spoken", ...] = ()


def span(edtf: str) -> tuple[date, date]:
    """The first and the last day that an EDTF string of ours allows; "about" does not widen it.

    A season counts as its whole year: hemispheres differ, and "winter 2017" may be January or December.

    Raises:
        ValueError: the string is not one that BirthDate.edtf may hold.
    """
    pieces = [_single_span(piece) for piece in _pieces(edtf)]
    first, last = min(piece[0] for piece in pieces), max(piece[1] for piece in pieces)
    if "/" in edtf and (first != pieces[0][0] or last != pieces[-1][1]):
        raise ValueError("the interval runs backwards")
    return first, last


def approximate(edtf: str) -> str:
    """The same with "about": each end of an interval; seasons and choices are vague enough as they are."""
    if edtf.startswith("["):
        return edtf
    return "/".join(
        piece if piece.endswith("~") or _season(piece) else f"{piece}~" for piece in edtf.split("/")
    )


def months_before(day: date, months: int) -> date:
    """The same day of the month so many months earlier, or that month's last day if it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def aged(lower: tuple[int, int], stated_on: date, *, upper: tuple[int, int] | None = None) -> BirthDate:
    """Somebody who on that day is lower = (years, months) old, or between lower and upper.

    Whole years mean "seven, not yet eight"; where months are given, so many months and not yet one more.
    Ages beyond about 1,900 years leave the calendar: callers check first.
    """
    eldest = upper or lower
    reach = 1 if eldest[1] else 12
    earliest = months_before(stated_on, eldest[0] * 12 + eldest[1] + reach) + timedelta(days=1)
    latest = months_before(stated_on, lower[0] * 12 + lower[1])
    stated = _duration(*lower) if upper is None else f"{_duration(*lower)}/{_duration(*upper)}"
    return BirthDate(f"{earliest}/{latest}", stated, stated_on)


def spoken(birth: BirthDate) -> Spoken:
    about = "~" in birth.edtf
    if birth.age_stated:
        ages = [_spoken_age(age, birth.stated_on, about) for age in birth.age_stated.split("/")]
        return ages[0] if len(ages) == 1 else Spoken(Kind.BETWEEN, about, parts=tuple(ages))
    parts = tuple(_spoken_piece(piece) for piece in _pieces(birth.edtf))
    if len(parts) == 1:
        return parts[0]
    return Spoken(Kind.EITHER if birth.edtf.startswith("[") else Kind.BETWEEN, about, parts=parts)


def to_json(birth: BirthDate) -> dict[str, str]:
    """A small dictionary of plain strings: "edtf", and for an age "age" and "on"."""
    if birth.age_stated is None or birth.stated_on is None:
        return {"edtf": birth.edtf}
    return {"edtf": birth.edtf, "age": birth.age_stated, "on": birth.stated_on.isoformat()}


def from_json(stored: Mapping[str, str]) -> BirthDate:
    """What to_json gave.

    Raises:
        ValueError: it is not something to_json gives.
        KeyError: "edtf" is missing.
    """
    return parse_stored(stored["edtf"], stored.get("age"), stored.get("on"))


def parse_stored(edtf: str, age_stated: str | None = None, stated_on: str | None = None) -> BirthDate:
    """A BirthDate from its stored strings, checked.

    Raises:
        ValueError: one of them is malformed, or an age came without its day.
    """
    span(edtf)
    if (age_stated is None) != (stated_on is None):
        raise ValueError("an age and the day it was said belong together")
    if age_stated is None or stated_on is None:
        return BirthDate(edtf)
    for age in age_stated.split("/"):
        _years_and_months(age)
    return BirthDate(edtf, age_stated, date.fromisoformat(stated_on))


_SINGLE = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?(~?)", re.ASCII)
_DURATION = re.compile(r"P(?=\d)(?:(\d{1,4})Y)?(?:(\d{1,4})M)?", re.ASCII)


def _pieces(edtf: str) -> list[str]:
    if edtf.startswith("[") and edtf.endswith("]"):
        return edtf[1:-1].split(",")
    ends = edtf.split("/")
    if len(ends) > 2:  # noqa: PLR2004 - an interval has two ends
        raise ValueError("an interval has two ends")
    return ends


def _numbers(piece: str) -> tuple[int, int, int, bool]:
    """Year, month or season code, day, about; 0 where nothing is said."""
    found = _SINGLE.fullmatch(piece)
    if found is None:
        raise ValueError("not a date in EDTF as it is stored here")
    return int(found[1]), int(found[2] or 0), int(found[3] or 0), bool(found[4])


def _season(piece: str) -> bool:
    year, month, day, _ = _numbers(piece)
    return bool(year) and month in SEASONS and not day


def _single_span(piece: str) -> tuple[date, date]:
    year, month, day, _ = _numbers(piece)
    if day:
        return date(year, month, day), date(year, month, day)
    if len(piece.rstrip("~")) == len("2017") or _season(piece):
        return date(year, 1, 1), date(year, DECEMBER, 31)
    if not 1 <= month <= DECEMBER:
        raise ValueError("no such month")
    return date(year, month, 1), date(year, month, monthrange(year, month)[1])


def _spoken_piece(piece: str) -> Spoken:
    year, month, day, about = _numbers(piece)
    if day:
        return Spoken(Kind.DAY, about, year, month, day)
    if _season(piece):
        return Spoken(Kind.SEASON, about, year, season=SEASONS.index(month) + 1)
    if month:
        return Spoken(Kind.MONTH, about, year, month)
    return Spoken(Kind.ABOUT_YEAR if about else Kind.YEAR, about, year)


def _spoken_age(duration: str, stated_on: date | None, about: bool) -> Spoken:
    years, months = _years_and_months(duration)
    kind = Kind.AGE_MONTHS
    if years is not None:
        kind = Kind.AGE_YEARS if months is None else Kind.AGE_YEARS_MONTHS
    return Spoken(kind, about, years=years, months=months, stated_on=stated_on)


def _duration(years: int, months: int) -> str:
    """ISO 8601 in the units people used: under a year is P0Y, eight months P8M."""
    if not months:
        return f"P{years}Y"
    return f"P{years}Y{months}M" if years else f"P{months}M"


def _years_and_months(duration: str) -> tuple[int | None, int | None]:
    found = _DURATION.fullmatch(duration)
    if found is None:
        raise ValueError("not an age in years and months")
    years, months = found.groups()
    return (None if years is None else int(years)), (None if months is None else int(months))
