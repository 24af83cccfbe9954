# ruff: noqa: PLR2004 - tens, hundreds and thousands are what this module is about
"""Numbers in words, put together: "две тысячи семнадцатый", "twenty seventeen", "سبع وعشرون"."""

from casework.dates.lexicon import Token
from casework.dates.sorts import Sort


def with_spoken_numbers(tokens: list[Token]) -> list[Token]:
    """The same tokens with neighbouring number words made one; a thousand and more is a year."""
    joined: list[Token] = []
    for token in tokens:
        linked = len(joined) > 1 and joined[-1].sort is Sort.AND
        total = _together(joined[-2 if linked else -1], token, linked=linked) if joined else None
        if total is not None:
            del joined[-2 if linked else -1 :]
            token = Token(Sort.NUMBER, total, token.text)  # noqa: PLW2901 - the two have become this one
        joined.append(token)
    return [_year_if_large(token) for token in joined]


def _year_if_large(token: Token) -> Token:
    large = token.sort is Sort.NUMBER and token.value >= 1000
    return Token(Sort.YEAR, token.value, token.text) if large else token


def _together(before: Token, token: Token, *, linked: bool) -> int | None:
    """What two number words make; None if they are two numbers: "семь-восемь" is not fifteen."""
    if {before.sort, token.sort} != {Sort.NUMBER} or before.in_digits or token.in_digits or before.ordinal:
        return None
    a, b = before.value, token.value
    if b in {100, 1000} and 0 < a < 10:
        return a * b
    if a and a % 100 == 0 and b < (1000 if a % 1000 == 0 else 100):
        return a + b
    return _arabic(a, b, linked=linked) if token.text >= "؀" else _european(a, b, linked=linked)


def _european(a: int, b: int, *, linked: bool) -> int | None:
    if not linked and a >= 20 and a % 10 == 0 and 0 < b < 10:
        return a + b
    if not linked and a in {19, 20} and 10 <= b < 100:  # twenty seventeen
        return a * 100 + b
    return None


def _arabic(a: int, b: int, *, linked: bool) -> int | None:
    """Units come first: سبعة عشر is seven-ten, سبع وعشرون seven-and-twenty."""
    unit_first = 0 < a % 100 < 10
    tens = range(20, 100, 10) if linked else range(10, 11)
    return a + b if unit_first and b in tens else None
