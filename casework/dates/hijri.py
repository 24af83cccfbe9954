"""Hijri dates by their shape. "l" is a Hijri year; it becomes what it covers of the Gregorian calendar.

The months are those of Umm al-Qura; the hijridate library knows 1343 to 1500 AH. Sighting the moon moves them
by a day or two from place to place, so that even a full date is only "about" a day.
"""

from datetime import date, timedelta

from casework.dates.answers import Answer, Reason, Refused, Saying, any_of
from casework.dates.gregorian import Rule, through
from casework.dates.lexicon import Token
from casework.dates.sorts import Sort
from casework.partial_dates import DECEMBER, approximate

LUNAR_YEARS = range(1343, 1500)
DAYS = 30


def _first_day(year: int, month: int) -> date:
    from hijridate import Hijri

    return Hijri(year, month, 1).to_gregorian()


def _last_day(year: int, month: int) -> date:
    following = (year, month + 1) if month < DECEMBER else (year + 1, 1)
    return _first_day(*following) - timedelta(days=1)


def _sure(said: Saying, answer: Answer) -> Answer:
    """A bare 1438 may be a slip for a year of our own: only a word of the Hijri calendar settles it."""
    return answer if said.marks & {Sort.LUNAR_ERA, Sort.LUNAR_MONTH} else any_of(answer)


def _covered(said: Saying, first: date, last: date, precision: int) -> Answer:
    if first > said.today:
        return Refused(Reason.FUTURE)
    ends = (end.isoformat()[:precision] for end in (first, min(last, said.today)))
    return _sure(said, through(*(said.dated(end) for end in ends)))


def lunar_year(said: Saying, when: Token) -> Answer:
    return _covered(said, _first_day(when.value, 1), _last_day(when.value, DECEMBER), len("2017"))


def lunar_years(said: Saying, first: Token, last: Token) -> Answer:
    low, high = sorted((first.value, last.value))
    return _covered(said, _first_day(low, 1), _last_day(high, DECEMBER), len("2017"))


def lunar_month(said: Saying, which: Token, when: Token) -> Answer:
    if not 1 <= which.value <= DECEMBER:
        return Refused(Reason.NO_SUCH_DAY)
    first, last = _first_day(when.value, which.value), _last_day(when.value, which.value)
    return _covered(said, first, last, len("2017-03"))


def lunar_day(said: Saying, number: Token, which: Token, when: Token) -> Answer:
    if not 1 <= which.value <= DECEMBER or not 1 <= number.value <= DAYS:
        return Refused(Reason.NO_SUCH_DAY)
    day = _first_day(when.value, which.value) + timedelta(days=number.value - 1)
    if day > said.today:
        return Refused(Reason.FUTURE)
    return _sure(said, said.dated(approximate(day.isoformat())))


def lunar_month_of_our_year(said: Saying, which: Token, when: Token) -> Answer:
    """Ramadan 2017. The Hijri year is shorter: now and then a month comes twice in one of ours."""
    if not said.today.year - 120 <= when.value <= said.today.year:
        return Refused(Reason.FUTURE if when.value > said.today.year else Reason.TOO_OLD)
    nearby = (year for year in range(when.value - 583, when.value - 576) if year in LUNAR_YEARS)
    starts = [year for year in nearby if _first_day(year, which.value).year == when.value]
    found = [lunar_month(said, which, Token(Sort.LUNAR_YEAR, year)) for year in starts]
    if not found:
        return Refused(Reason.TOO_OLD)
    return found[0] if len(found) == 1 else any_of(*found)


LUNAR_DATES: tuple[tuple[str, Rule], ...] = (
    ("l", lunar_year),
    ("l[-/r]l|[bf]l[wt]l", lunar_years),
    ("Hl|n[./-]l", lunar_month),
    ("lH|l[./-]n", lambda said, y, m: lunar_month(said, m, y)),
    ("nHl|n[./-]n[./-]l", lunar_day),
    ("Hnl", lambda said, m, d, y: lunar_day(said, d, m, y)),
    ("lHn|l[./-]n[./-]n", lambda said, y, m, d: lunar_day(said, d, m, y)),
    ("Hy", lunar_month_of_our_year),
    ("yH", lambda said, y, m: lunar_month_of_our_year(said, m, y)),
)
