"""Understands how people give a birth date or an age: Russian, English, Arabic, Chechen, in any mixture.

A grammar of our own tables, by choice: general date parsers guess, and dateparser reads a Chechen month as a
wrong year without a word. Here what is not understood whole is asked back with the readings it may have, and
what is understood is echoed by the caller (see spoken), so that it can be corrected.
"""

import re
from dataclasses import replace
from datetime import date

from casework.dates.ages import MONTHS, OLDEST, age, age_and_year, less_than_one
from casework.dates.answers import Answer, DontKnow, Reason, Refused, Saying, Unsure, any_of
from casework.dates.hijri import LUNAR_YEARS
from casework.dates.lexicon import Token
from casework.dates.numerals import with_spoken_numbers
from casework.dates.shapes import NUMBERS, read, shape, shaped
from casework.dates.sorts import Sort
from casework.dates.tokens import tokens_of
from casework.partial_dates import (
    BirthDate,
    Kind,
    Spoken,
    from_json,
    months_before,
    parse_stored,
    span,
    spoken,
    to_json,
)

__all__ = [
    "BirthDate",
    "DontKnow",
    "Kind",
    "Reason",
    "Refused",
    "Spoken",
    "Unsure",
    "from_json",
    "parse_stored",
    "says_dont_know",
    "spoken",
    "to_json",
    "understand",
]

LONGEST = 120  # characters; an answer, not a letter
MOST_WORDS = 16
FIRST_YEAR = 1000  # in four digits; 0017 is no year
MOST_UNKNOWN = 3  # words beyond our tables round a date that is still worth a question

_ANY_DAY = date(2000, 1, 1)  # for what depends on none

_MARKS = frozenset(Sort(letter) for letter in "~<vkpaB?e!")  # from Sort.ABOUT on


def understand(text: str, *, today: date, language: str) -> BirthDate | Unsure | Refused | DontKnow:
    """What was typed as a birth date, a part of one, or an age. Never raises.

    Takes about 0.1 ms; the first call reads the tables, some 5 ms more.

    Args:
        text: as typed; refused as TOO_LONG beyond 120 characters.
        today: the day where the person is; an age is reckoned from it.
        language: of the interface, and only a hint: Chechen "я" is "or", Russian "я" is "I".
    """
    if len(text) > LONGEST:
        return Refused(Reason.TOO_LONG)
    return _understood(tokens_of(text, language), today)


def says_dont_know(text: str, *, language: str) -> bool:
    """Whether somebody says "I don't know", to whatever question: one list of the ways to say so serves all."""
    if len(text) > LONGEST:
        return False
    tokens = tokens_of(text, language)
    said = any(token.sort is Sort.DONT_KNOW for token in tokens)
    return said and isinstance(_understood(tokens, _ANY_DAY), DontKnow)


def _understood(found: list[Token], today: date) -> BirthDate | Unsure | Refused | DontKnow:
    tokens = [_in_our_years(token, today) for token in with_spoken_numbers(found)]
    marks = frozenset(token.sort for token in tokens if token.sort in _MARKS)
    core = [
        token for at, token in enumerate(tokens) if token.sort not in _MARKS or _parts_numbers(tokens, at)
    ]
    unknown = sum(token.sort is Sort.UNKNOWN for token in tokens)
    doubles = sum(bool(token.choices) for token in tokens)
    if unknown > MOST_UNKNOWN or len(core) > MOST_WORDS or doubles > 1:
        return Refused(Reason.NOT_A_DATE)
    if Sort.DONT_KNOW in marks:
        if not any(token.sort in NUMBERS for token in core):
            return DontKnow()
        marks |= {Sort.ABOUT}
    return _plausible(_answer(core, marks, today), today)


def _parts_numbers(tokens: list[Token], at: int) -> bool:
    """A word nobody knows between two numbers: 12 … 2017 is not December 2017."""
    around = {token.sort for token in (*tokens[max(at - 1, 0) : at], *tokens[at + 1 : at + 2])}
    return tokens[at].sort is Sort.UNKNOWN and at > 0 and around == {Sort.NUMBER, Sort.YEAR}


def _in_our_years(token: Token, today: date) -> Token:
    """Last year is 2025; 1438 is a Hijri year."""
    if token.sort is Sort.RELATIVE_YEAR:
        return Token(Sort.YEAR, today.year - token.value)
    if token.sort is Sort.YEAR and token.value in LUNAR_YEARS:
        return replace(token, sort=Sort.LUNAR_YEAR)
    if token.sort is Sort.YEAR and token.value < FIRST_YEAR:
        return replace(token, sort=Sort.OTHER_NUMBER)
    return token


def _answer(core: list[Token], marks: frozenset[Sort], today: date) -> Answer:
    """The reading of the core, made a question by any word that leaves a doubt."""
    if (
        core
        and core[0].sort in {Sort.FROM, Sort.TO}
        and not {Sort.FROM, Sort.TO} & {t.sort for t in core[1:]}
    ):
        marks |= (
            {Sort.LOOSE, Sort.LESS} if core[0].sort is Sort.TO else {Sort.LOOSE}
        )  # "since 2015", "up to 7"
        core = core[1:]
    marks |= {Sort.LUNAR_MONTH} & {token.sort for token in core}
    said = Saying(today, marks, frozenset(token.text for token in core))
    tokens = shaped(core, today)
    if Sort.THEN in marks:
        return _age_then(said, tokens)
    if Sort.SOON in marks:
        return _soon(said, tokens)
    if Sort.LESS in marks and (baby := less_than_one(said, tokens)) is not None:
        return baby
    if {Sort.LOOSE, Sort.LESS} & marks:
        return any_of(read(replace(said, marks=marks | {Sort.ABOUT}), tokens))
    slips = sum(token.guessed for token in tokens)
    doubt = Sort.UNKNOWN in marks or (slips and len(tokens) < len("nMy"))
    found = read(said, tokens)
    return any_of(found) if doubt else found


def _soon(said: Saying, tokens: list[Token]) -> Answer:
    """Скоро 8, "turning 8": seven still, or eight already."""
    if not re.fullmatch("n[Yg]?M?", shape(tokens)):
        return any_of(read(said, tokens))
    years = tokens[0].value
    return any_of(age(said, max(years - 1, 0)), age(said, years))


def _age_then(said: Saying, tokens: list[Token]) -> Answer:
    """She was 2 in 2016: born in 2013 or 2014. Without that year an age at another time says nothing."""
    sorts = {token.sort for token in tokens}
    if Sort.NUMBER in sorts and (Sort.MONTHS in sorts or not sorts & {Sort.YEAR, Sort.MONTH}):
        return Refused(Reason.AGE_THEN)
    if sorts & {Sort.YEARS, Sort.YEAR_OR_YEARS}:  # "2 года в марте 2016": the month changes nothing
        tokens = [token for token in tokens if token.sort is not Sort.MONTH]
    if re.fullmatch("n,?y|y,?n", shape(tokens)):
        number, when = sorted(
            (token for token in tokens if token.sort is not Sort.COMMA), key=lambda t: t.sort
        )
        return age_and_year(said, number, when)
    return any_of(read(said, tokens))


def _plausible(answer: Answer, today: date) -> Answer:
    """Nobody is born after today, nor more than 120 years before."""
    if isinstance(answer, Refused):
        return answer
    candidates = answer.candidates if isinstance(answer, Unsure) else (answer,)
    reasons = [_implausible(birth, today) for birth in candidates]
    kept = tuple(birth for birth, reason in zip(candidates, reasons, strict=True) if reason is None)
    if not kept:
        return Refused(next(reason for reason in reasons if reason))
    return Unsure(kept) if isinstance(answer, Unsure) else answer


def _implausible(birth: BirthDate, today: date) -> Reason | None:
    pieces = re.split(r"[/,]", birth.edtf.strip("[]"))
    if any(span(piece)[0] > today for piece in pieces):
        return Reason.FUTURE
    if span(birth.edtf)[1] < months_before(today, OLDEST * MONTHS):
        return Reason.TOO_OLD
    return None
