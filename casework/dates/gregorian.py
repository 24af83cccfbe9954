"""Calendar dates by their shape: "nMy" is a day, a month by name and a year. Day-first is the rule.

Two digits stand for the latest such year that is not to come: 17 is 2017 and 85 is 1985, since nobody asked
for here is a hundred. Where that or the order of the numbers is in doubt, the reading is asked back.
"""

from collections.abc import Callable
from datetime import date

from casework.dates.answers import Answer, Reason, Refused, Saying, any_of
from casework.dates.lexicon import Token
from casework.dates.sorts import Sort
from casework.partial_dates import DECEMBER, SEASONS, BirthDate, approximate, span

Rule = Callable[..., Answer]

LONGEST_MONTH = 31
WINTER = 4
CENTURY = 100


def year_of(said: Saying, token: Token) -> int:
    """A year of four digits as it is; one or two digits as the latest such year that is not to come."""
    if token.sort is not Sort.NUMBER or token.value >= CENTURY:
        return token.value
    this_century = said.today.year - said.today.year % CENTURY + token.value
    return this_century if this_century <= said.today.year else this_century - CENTURY


def year(said: Saying, when: Token) -> Answer:
    return said.dated(f"{year_of(said, when):04}")


def month(said: Saying, which: Token, when: Token) -> Answer:
    if not 1 <= which.value <= DECEMBER:
        return Refused(Reason.NO_SUCH_DAY)
    return said.dated(f"{year_of(said, when):04}-{which.value:02}")


def day(said: Saying, number: Token, which: Token, when: Token) -> Answer:
    """Day-first; 03.25.2017, which only month-first can be, is asked back."""
    found = _exact(said, year_of(said, when), which.value, number.value)
    if len(when.text) == 1 and not isinstance(found, Refused):  # 1/2/3
        return any_of(found)
    if which.sort is Sort.NUMBER and isinstance(found, Refused):
        found = any_of(found, _exact(said, year_of(said, when), number.value, which.value))
    if when.sort is Sort.NUMBER and isinstance(found, BirthDate) and span(found.edtf)[0] > said.today:
        return any_of(_exact(said, year_of(said, when) - CENTURY, which.value, number.value))
    return found


def _exact(said: Saying, year_: int, month_: int, day_: int) -> Answer:
    try:
        return said.dated(date(year_, month_, day_).isoformat())
    except ValueError:
        return Refused(Reason.NO_SUCH_DAY)


def dashed_day(said: Saying, first: Token, which: Token, last: Token) -> Answer:
    """12-03-17: Russian has the day first, ISO the year."""
    european, iso = day(said, first, which, last), day(said, last, which, first)
    if european == iso or (isinstance(european, BirthDate) and first.value > said.today.year % CENTURY):
        return european
    return any_of(european, iso)


def month_and_number(said: Saying, which: Token, number: Token) -> Answer:
    """Март 17: the 17th of a year not said, or 2017? Март 85 can only be a year."""
    found = month(said, which, number)
    return found if number.value > LONGEST_MONTH else any_of(found)


def month_and_short_year(said: Saying, which: Token, number: Token) -> Answer:
    """05.17 can only be May 2017, though few write so; 12.03 is a day without its year."""
    return Refused(Reason.NO_YEAR) if number.value <= DECEMBER else any_of(month(said, which, number))


def year_and_number(said: Saying, when: Token, number: Token) -> Answer:
    """2017-03 is a month and 2015-16 are two years; 2011-12 may be either."""
    later = when.value - when.value % CENTURY + number.value
    as_month = month(said, number, when)
    if later <= when.value or len(number.text) == 1:
        return as_month
    as_years = between(said, when, Token(Sort.YEAR, later))
    return as_years if isinstance(as_month, Refused) else any_of(as_years, as_month)


def between(said: Saying, first: Token, last: Token) -> Answer:
    return through(year(said, first), year(said, last))


def through(first: Answer, last: Answer) -> Answer:
    """From one to the other; the wrong way round is asked back."""
    if not isinstance(first, BirthDate) or not isinstance(last, BirthDate):
        return any_of(first, last)
    if first == last:
        return first
    low, high = sorted((first.edtf, last.edtf))
    found = BirthDate(f"{low}/{high}")
    return found if low == first.edtf else any_of(found)


def one_of(*answers: Answer) -> Answer:
    """One of a set, as EDTF has it in order and none twice. "About" is in the choice already."""
    pieces = sorted({answer.edtf.rstrip("~") for answer in answers if isinstance(answer, BirthDate)})
    refused = next((answer for answer in answers if not isinstance(answer, BirthDate)), None)
    if refused is not None:
        return refused
    return BirthDate(pieces[0] if len(pieces) == 1 else f"[{','.join(pieces)}]")


def either_day(said: Saying, *numbers: Token) -> Answer:
    """Two whole dates joined by "or": one of the two; offered where one of them is in doubt itself."""
    found = day(said, *numbers[:3]), day(said, *numbers[3:])
    return one_of(*found) if all(isinstance(each, BirthDate) for each in found) else any_of(*found)


def season(said: Saying, which: Token, when: Token) -> Answer:
    return said.dated(f"{year_of(said, when):04}-{SEASONS[which.value - 1]}")


def winter_across(said: Saying, which: Token, first: Token, last: Token) -> Answer:
    """Winter 2016-17; no other season spans two years."""
    low, high = first.value, year_of(said, last)
    if which.value != WINTER or high != low + 1:
        return any_of(season(said, which, first), season(said, which, last))
    return said.dated(f"{low:04}-{DECEMBER}/{high:04}-02")


def part_of_year(said: Saying, which: Token, when: Token) -> Answer:
    """Early, middle and late are thirds of a year, and never sharp ones."""
    first = (which.value - 1) * 4 + 1
    ends = [date(when.value, number, 1) for number in (first, first + 3)]
    if ends[0] > said.today:
        return Refused(Reason.FUTURE)
    return BirthDate(approximate("/".join(f"{min(end, said.today).isoformat()[:7]}" for end in ends)))


def decade(said: Saying, first: Token) -> Answer:
    start = first.value if first.sort is Sort.YEAR else 1900 + first.value
    last = max(start, min(start + 9, said.today.year))
    return through(said.dated(f"{start:04}"), said.dated(f"{last:04}"))


def no_year(*_: object) -> Answer:
    return Refused(Reason.NO_YEAR)


DATES: tuple[tuple[str, Rule], ...] = (
    ("y|nu", year),
    ("My|Mn[gu]|n[./-]y|On[YgO/]*y", month),
    ("yM", lambda said, y, m: month(said, m, y)),
    ("Mn", month_and_number),
    ("yn", lambda said, y, n: any_of(month(said, n, y))),
    ("n[O/]?y", lambda said, n, y: any_of(month(said, n, y))),
    ("y[./-]n", year_and_number),
    ("nMy|nMn[gu]?|nOny|n[./-]?n[./-]?y|n[./]n[./]n[gu]?", day),
    ("Mny", lambda said, m, d, y: day(said, d, m, y)),
    ("yMn", lambda said, y, m, d: day(said, d, m, y)),
    ("y[./-]?n[./-]?n", lambda said, y, m, d: day(said, d, m, y)),
    ("nnn", lambda said, d, m, y: any_of(day(said, d, m, y))),
    ("Mnn", lambda said, m, d, y: any_of(day(said, d, m, y))),
    ("n-n-n", dashed_day),
    ("n[./]n", month_and_short_year),
    ("n?M|E?[SR]|EM|n?H|Hn", no_year),
    ("y[-/t]y|fyty|byty|by[-w]y", between),
    ("y(?:[,r]y)*ry", lambda said, *years: one_of(*(year(said, y) for y in years))),
    ("yrn", lambda said, a, b: any_of(year(said, a), year(said, b))),
    ("y(?:[,w]?y)+", lambda said, *years: any_of(*(year(said, y) for y in years))),
    ("MrMy", lambda said, a, b, y: one_of(month(said, a, y), month(said, b, y))),
    ("MyrMy", lambda said, a, y, b, z: one_of(month(said, a, y), month(said, b, z))),
    ("f?M[-t]?My|bMwMy", lambda said, a, b, y: through(month(said, a, y), month(said, b, y))),
    ("f?My[-t]My|bMywMy", lambda said, a, y, b, z: through(month(said, a, y), month(said, b, z))),
    ("Myry", lambda said, m, y, z: one_of(month(said, m, y), month(said, m, z))),
    ("nMyry", lambda said, d, m, y, z: one_of(day(said, d, m, y), day(said, d, m, z))),
    ("nMyrnMy|n[./-]n[./-]yrn[./-]n[./-]y", either_day),
    ("nMrnMy", lambda said, d, m, e, n, y: one_of(day(said, d, m, y), day(said, e, n, y))),
    ("nrnMy", lambda said, a, b, m, y: one_of(day(said, a, m, y), day(said, b, m, y))),
    ("n-nMy|fntnMy|bnwnMy", lambda said, a, b, m, y: through(day(said, a, m, y), day(said, b, m, y))),
    ("S[yn]u?", season),
    ("yS", lambda said, y, s: season(said, s, y)),
    ("Sy[-/][yn]", winter_across),
    ("Ey", part_of_year),
    ("EMy", lambda said, _, m, y: month(said, m, y)),
    ("ESy", lambda said, _, s, y: season(said, s, y)),
    ("[yn]D[gu]?", decade),
    ("E[yn]D[gu]?", lambda said, _, first: decade(said, first)),
    ("n!y", lambda said, _, y: any_of(year(said, y))),
    ("y!n", lambda said, y, _: any_of(year(said, y))),
    ("Oy|yO", lambda said, y: any_of(year(said, y))),  # a month whose name is not known here
)
