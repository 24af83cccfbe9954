"""Ages by their shape: "nY" is a number of years, "nYnO" years and months. An age is kept as it was said."""

import re
from datetime import date, timedelta

from casework.dates.answers import Answer, Reason, Refused, Saying, any_of
from casework.dates.gregorian import CENTURY, Rule, through, year
from casework.dates.lexicon import Token
from casework.dates.sorts import Sort
from casework.partial_dates import BirthDate, aged, approximate, months_before, span

OLDEST = 120  # years; the longest life on record is 122
MONTHS = 12
HALF = 6  # months
RARE = 60  # years: a bare 85 is more likely 1985 than an age, and is asked back

_ONE = frozenset(("год", "годик", "годика", "year", "yr", "سنه", "عام", "месяц", "month", "شهر"))


def age(said: Saying, years: int, months: int = 0, *, upto: tuple[int, int] | None = None) -> Answer:
    """So old today; upto = (years, months) is the other end of a range and must not be younger."""
    lower = (years, months)
    if max(_in_months(lower), _in_months(upto or lower)) > OLDEST * MONTHS:
        return Refused(Reason.TOO_OLD)
    found = aged(lower, said.today, upper=upto)
    if Sort.ABOUT not in said.marks:
        return found
    return BirthDate(approximate(found.edtf), found.age_stated, found.stated_on)


def _in_months(years_and_months: tuple[int, int]) -> int:
    return years_and_months[0] * MONTHS + years_and_months[1]


def roughly(said: Saying, years: int, months: int) -> Answer:
    """Halves: whoever says one and a half counts no months."""
    return age(Saying(said.today, said.marks | {Sort.ABOUT}, said.words), years, months)


def bare(said: Saying, number: Token) -> Answer:
    """7 and 34 are ages. 17 is one too, or else 2017, and 85 or else 1985: both are asked back."""
    as_age, as_year = age(said, number.value), year(said, number)
    if Sort.BORN in said.marks:
        return any_of(as_year)
    if Sort.AGE in said.marks or not number.in_digits or not maybe_a_year(number, said.today):
        return as_age
    return any_of(as_age, as_year) if number.value < RARE else any_of(as_year, as_age)


def maybe_a_year(number: Token, today: date) -> bool:
    """Two digits that somebody may mean as a year of birth: 10 to now, or 60 to 99."""
    return len(number.text) == len("17") and (number.value <= today.year % CENTURY or number.value >= RARE)


def year_or_years(said: Saying, number: Token) -> Answer:
    """17 год, седьмой год: the year 2017; or an age; or, counted from birth, the year of life she is in."""
    as_age = age(said, number.value)
    running = age(said, max(number.value - 1, 0))
    if number.ordinal or (Sort.AGE in said.marks and "год" in said.words and number.value % 10 != 1):
        return any_of(running, as_age)
    if Sort.AGE in said.marks or not number.in_digits:
        return as_age
    if len(number.text) == 1:
        return any_of(as_age, running, year(said, number))
    return any_of(year(said, number), as_age)


def years_before_number(said: Saying, number: Token) -> Answer:
    """Лет семь is "about seven"; in Arabic and English the word in front makes it a calendar year."""
    if "лет" in said.words:
        return roughly(said, number.value, 0)
    if _is_one(number):  # سنة واحدة
        return age(said, 1)
    return any_of(year(said, number), age(said, number.value))


def one_year(said: Saying) -> Answer:
    return age(said, 1) if said.words & _ONE else Refused(Reason.NOT_A_DATE)


def one_month(said: Saying) -> Answer:
    return age(said, 0, 1) if said.words & _ONE else Refused(Reason.NOT_A_DATE)


def less_than_one(said: Saying, tokens: list[Token]) -> Answer | None:
    """Less than a year, or than a month: born within it. Of any other number it says too little."""
    number = next((token.value for token in tokens if token.sort is Sort.NUMBER), 1)
    letters = "".join(token.sort for token in tokens)
    if (
        number != 1
        or not re.fullmatch("n?[YgO]|[YgO]n", letters)
        or not said.words & (_ONE | {"года", "месяца"})
    ):
        return None
    if Sort.MONTHS not in letters:
        return age(said, 0)
    first = months_before(said.today, 1) + timedelta(days=1)
    return BirthDate(f"{first}/{said.today}")


def months_before_number(said: Saying, number: Token) -> Answer:
    """Месяца три is "about three"; شهر واحد is one month; "the third month" lacks its year."""
    if said.words & {"месяца", "месяцев"}:
        return roughly(said, 0, number.value)
    return age(said, 0, 1) if _is_one(number) else Refused(Reason.NO_YEAR)


def _is_one(number: Token) -> bool:
    return number.value == 1 and not number.in_digits and not number.ordinal


def years_between(said: Saying, low: Token, high: Token) -> Answer:
    return _between(said, (low.value, 0), (high.value, 0))


def months_between(said: Saying, low: Token, high: Token) -> Answer:
    return _between(said, (0, low.value), (0, high.value))


def _between(said: Saying, low: tuple[int, int], high: tuple[int, int]) -> Answer:
    if low < high:
        return age(said, *low, upto=high)
    return any_of(age(said, *high), age(said, *low))


def two_numbers(said: Saying, low: Token, high: Token) -> Answer:
    """6-7 without a unit is a range of ages only where something says so; 15-16 may be years."""
    as_ages = years_between(said, low, high)
    if Sort.AGE in said.marks:
        return as_ages
    both_years = maybe_a_year(low, said.today) and maybe_a_year(high, said.today)
    return any_of(as_ages, through(year(said, low), year(said, high))) if both_years else any_of(as_ages)


def side_by_side(said: Saying, low: Token, high: Token) -> Answer:
    """Семь восемь лет is a range; anything but neighbours may be two children."""
    if high.value == low.value + 1:
        return years_between(said, low, high)
    return two_ages(said, low, high)


def two_ages(said: Saying, one: Token, other: Token) -> Answer:
    return any_of(age(said, one.value), age(said, other.value))


def age_and_year(said: Saying, number: Token, when: Token) -> Answer:
    """7 лет, 2019: the year, if one so old today can be born in it; else perhaps the age was of that year."""
    now, born = age(said, number.value), year(said, when)
    if Sort.THEN not in said.marks and isinstance(now, BirthDate) and isinstance(born, BirthDate):
        (first, last), (start, end) = span(now.edtf), span(born.edtf)
        return born if first <= end and start <= last else any_of(_so_old_in(number, when), born, now)
    return any_of(_so_old_in(number, when))


def _so_old_in(number: Token, when: Token) -> Answer:
    return BirthDate(f"{when.value - number.value - 1:04}/{when.value - number.value:04}")


def days_old(said: Saying, days: int) -> Answer:
    """A newborn: the month follows from it, roughly, and is asked back."""
    if days > OLDEST * 365:
        return Refused(Reason.TOO_OLD)
    return any_of(BirthDate(f"{(said.today - timedelta(days=days)).isoformat()[:7]}~"))


AGES: tuple[tuple[str, Rule], ...] = (
    ("n", bare),
    ("ng", year_or_years),
    ("nY", lambda said, n: age(said, n.value)),
    ("Yn", years_before_number),
    ("[Yg]", one_year),
    ("O", one_month),
    ("On", months_before_number),
    ("nO", lambda said, n: age(said, 0, n.value)),
    ("n[Yg]w?nO", lambda said, y, m: age(said, y.value, m.value)),
    ("n[Yg]w?O", lambda said, y: age(said, y.value, 1)),
    ("[Yg]w?nO", lambda said, m: age(said, 1, m.value)),
    ("[Yg]w?O", lambda said: age(said, 1, 1)),
    ("z[Yg]?|nw?h[Yg]?|n[Yg]w?h", lambda said, n: roughly(said, n.value, HALF)),
    ("[Yg]w?h", lambda said: roughly(said, 1, HALF)),
    ("h[Yg]", lambda said: roughly(said, 0, HALF)),
    ("zO|nw?hO|nOw?h", lambda said, n: roughly(said, 0, n.value)),
    ("n[-r]n[Yg]|n[Yg][-r]n[Yg]|bnwn[Yg]|fntn[Yg]|Yn[-r]?n", years_between),
    ("n[-r]nO|nO[-r]nO|bnwnO|fntnO", months_between),
    ("n[Yg],?y", age_and_year),
    ("y,?n[Yg]", lambda said, y, n: age_and_year(said, n, y)),
    ("n[-r]n", two_numbers),
    ("nn[Yg]", side_by_side),
    ("n[w,]n[Yg]|n[Yg][w,]n[Yg]", two_ages),
    ("n[w,]n", two_ages),
    ("nW", lambda said, n: days_old(said, n.value * 7)),
    ("W", lambda said: days_old(said, 7)),
    ("Wn", lambda said, n: days_old(said, n.value * 7)),
    ("Tn", lambda said, n: days_old(said, n.value)),
    ("nT", lambda said, n: days_old(said, n.value)),
)
