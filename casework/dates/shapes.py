"""From tokens to a reading: what shapes an answer is kept, the rule of that shape is found and applied."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import lru_cache

from casework.dates.ages import AGES, maybe_a_year
from casework.dates.answers import Answer, Reason, Refused, Saying, any_of
from casework.dates.gregorian import DATES, Rule
from casework.dates.hijri import LUNAR_DATES
from casework.dates.lexicon import Token
from casework.dates.sorts import Sort
from casework.partial_dates import BirthDate, span

# The letters of a shape whose tokens its rule is given, in their order.
NUMBERS = frozenset(Sort(letter) for letter in "nylzMHSE")
_RULES: tuple[tuple[re.Pattern[str], Rule], ...] = tuple(
    (re.compile(letters), rule) for letters, rule in (*AGES, *DATES, *LUNAR_DATES)
)
_SUPERFLUOUS = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?<![nhz])[guY](?=[yl])|(?<=[yl])[guY]",  # the year 2017
        r"O(?=[MH])|(?<=[MH])O",  # the month of March
        r"-(?![nyMzl])|(?<![nyYgOMzl])-|(?<=n)-(?=[MH])|(?<=[MH])-(?=[nyl])",
        r"[./](?![nyl])|(?<![nylO])[./]",
        r"^[-,wr./]+|[-,wr./]+$",
    )
)


def shaped(tokens: list[Token], today: date) -> list[Token]:
    """Only what shapes an answer: "the year", "the month of", dashes and dots beside words taken out."""
    tokens = [
        _years_if_age(token, before, today) for before, token in zip([None, *tokens], tokens, strict=False)
    ]
    for pattern in _SUPERFLUOUS:
        gone = {at for match in pattern.finditer(shape(tokens)) for at in range(*match.span())}
        tokens = [token for at, token in enumerate(tokens) if at not in gone]
    return tokens


def shape(tokens: list[Token]) -> str:
    return "".join(token.sort for token in tokens)


def _years_if_age(token: Token, before: Token | None, today: date) -> Token:
    """Год after a number it agrees with is an age (1 год, 3 года, 42 года), unless 22 may be 2022 or 82 be 1982."""
    if (
        token.sort is not Sort.YEAR_OR_YEARS
        or before is None
        or before.sort is not Sort.NUMBER
        or before.ordinal
    ):
        return token
    number = before.value
    if before.in_digits and maybe_a_year(before, today):
        return token
    teens, unit = number // 10 % 10 == 1, number % 10
    agrees = {"год": unit == 1 and not teens, "года": unit in range(2, 5) and not teens, "г": True}
    return replace(token, sort=Sort.YEARS) if agrees.get(token.text) else token


def read(said: Saying, tokens: list[Token]) -> Answer:
    """Whole if there is a rule for it, else in parts; a month of two meanings is read both ways."""
    for at, token in enumerate(tokens):
        if token.choices:
            ways = (replace(token, choices=()), *token.choices)
            return any_of(*(read(said, [*tokens[:at], way, *tokens[at + 1 :]]) for way in ways))
    without_commas = [token for token in tokens if token.sort is not Sort.COMMA]
    return _rule_applied(said, tokens) or _rule_applied(said, without_commas) or _read_parts(said, tokens)


def _rule_applied(said: Saying, tokens: list[Token]) -> Answer | None:
    rule = _rule_for(shape(tokens))
    return rule(said, *(token for token in tokens if token.sort in NUMBERS)) if rule else None


@lru_cache(maxsize=1024)
def _rule_for(letters: str) -> Rule | None:
    return next((rule for pattern, rule in _RULES if pattern.fullmatch(letters)), None)


def _read_parts(said: Saying, tokens: list[Token]) -> Answer:
    """A date with an age beside it ("2019 г.р., 7 лет"), or several dates: each is offered."""
    for left, right in _halves(tokens):
        first, second = _rule_applied(said, left), _rule_applied(said, right)
        if isinstance(first, BirthDate) and isinstance(second, BirthDate):
            return _agreeing(first, second)
    return Refused(Reason.NOT_A_DATE)


def _halves(tokens: list[Token]) -> Iterator[tuple[list[Token], list[Token]]]:
    """Cut at commas first, then before or after any age with its unit."""
    for at, token in enumerate(tokens):
        if token.sort in {Sort.COMMA, Sort.AND}:
            yield tokens[:at], tokens[at + 1 :]
    for at in range(1, len(tokens)):
        if (
            tokens[at - 1].sort in {Sort.YEARS, Sort.MONTHS, Sort.YEAR_OR_YEARS}
            or tokens[-1].sort is Sort.YEARS
        ):
            yield tokens[:at], tokens[at:]


def _agreeing(first: BirthDate, second: BirthDate) -> Answer:
    """The date, if the age beside it fits; else both, for the person to choose."""
    dates = [birth for birth in (first, second) if birth.age_stated is None]
    (low, high), (start, end) = span(first.edtf), span(second.edtf)
    return dates[0] if len(dates) == 1 and low <= end and start <= high else any_of(first, second)
