"""From what was typed to words with a meaning: digits of any script, phrases, suffixes, slips."""

import re
from collections.abc import Iterator

from casework.dates.lexicon import Token, fold, lexicon, mistyped_month
from casework.dates.sorts import Sort

PALOCHKA = "\N{CYRILLIC SMALL LETTER PALOCHKA}"

_PALOCHKA = re.compile(r"(?<=[бкпхц])[1il|](?=[а-я])|(?<=рх)[1il|]|(?<!\w)[1il|](?=ай)")  # no key for Ӏ
_DOT_OF_A_WORD = re.compile(r"(?<=[^\W\d_])\.|(?<=[^\W\d_])/(?=[^\W\d_])")
_AND_A_HALF = re.compile(r"(?<![\d.,/-])(\d{1,2})(?:,5(?![\d.,/])|\.5(?=\s*[^\W\d_]))")  # 7,5 лет
_RUNNING_YEAR = re.compile(r"(?<!\d)(\d)-?й(?=\s+год(?![^\W\d_]))")  # 8-й год: seven, going on eight
_TYPED_SUFFIX = re.compile(
    r"(?<=\d)-?(?:го|ое|ый|ого|му|ми|ти|чу|st|nd|rd|th)(?![^\W\d_])|(?<=\d)-[йеям](?![^\W\d_])"
)
_DECADE = re.compile(r"(?<![\d.])(\d{3}0|[5-9]0)-?(?:х|е|ые|s)(?![^\W\d_])")
_ROMAN_MONTH = re.compile(r"(\d{1,2}\s?[./ -]\s?)(i{1,3}|iv|vi{0,3}|ix|xi{0,2})(\s?[./ -]\s?\d{2,4})(?!\d)")
_ROMAN = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii")
_RAW = re.compile(r"\d+|[^\W\d_]+(?:-[^\W\d_]+)*|[^\s]")
_SIGNS = {
    "-": Sort.DASH,
    ".": Sort.DOT,
    "/": Sort.SLASH,
    ",": Sort.COMMA,
    "~": Sort.ABOUT,
    "?": Sort.ABOUT,
    "<": Sort.LOOSE,
    ">": Sort.LOOSE,
}
_ARABIC_PREFIXES = ("وال", "بال", "ال", "و", "ب", "ل", "ف")


def tokens_of(text: str, language: str) -> list[Token]:
    """The words of an answer in order, noise left out."""
    folded = _DOT_OF_A_WORD.sub(" ", _ROMAN_MONTH.sub(_month_in_roman, _PALOCHKA.sub(PALOCHKA, fold(text))))
    folded = _RUNNING_YEAR.sub(r"пошел \1", folded)
    folded = _TYPED_SUFFIX.sub(" ", _DECADE.sub(r" \1 decade ", _AND_A_HALF.sub(r"\1 half ", folded)))
    either = Token(Sort.OR) if language == "ce" else Token(Sort.NOISE)
    found = (either if token.text == "я" else token for token in _phrases(_RAW.findall(folded)))
    return [token for token in found if token.sort is not Sort.NOISE]


def _month_in_roman(match: re.Match[str]) -> str:
    return f"{match[1]}{_ROMAN.index(match[2]) + 1}{match[3]}"


def _phrases(raws: list[str]) -> Iterator[Token]:
    known_phrases, longest = lexicon()
    words = [part for raw in raws for part in ([raw] if raw in known_phrases else _split_hyphen(raw))]
    at = 0
    while at < len(words):
        for length in range(min(longest, len(words) - at), 0, -1):
            known = known_phrases.get(" ".join(words[at : at + length]))
            if known is not None:
                yield from known
                break
        else:
            length = 1
            yield from _single(words[at])
        at += length


def _split_hyphen(raw: str) -> list[str]:
    return raw.split("-") if len(raw) > 1 else [raw]


def _single(raw: str) -> Iterator[Token]:
    if raw.isdigit():
        yield from _digits(raw)
    elif raw in _SIGNS:
        yield Token(_SIGNS[raw])
    elif raw.isalpha():
        yield from _inflected(raw)
    elif raw in ":+%#@$€=&":
        yield Token(Sort.UNKNOWN, text=raw)


_A_YEAR, _A_DATE, _SHORT_DATE, _AN_AGE = 4, 8, 6, 3  # how many digits


def _digits(raw: str) -> Iterator[Token]:
    if len(raw) == _A_YEAR:
        yield Token(Sort.YEAR, int(raw), raw)
    elif len(raw) <= _AN_AGE:
        yield Token(Sort.NUMBER, int(raw), raw)
    elif len(raw) == _A_DATE:
        year_last = raw[4:6] in {"19", "20"}  # no month begins so
        yield from _dotted((raw[:2], raw[2:4], raw[4:]) if year_last else (raw[:4], raw[4:6], raw[6:]))
    elif len(raw) == _SHORT_DATE:
        yield Token(Sort.UNKNOWN, text=raw)  # no separators and two-digit years: always asked back
        yield from _dotted((raw[:2], raw[2:4], raw[4:]))
    else:
        yield Token(Sort.OTHER_NUMBER, text=raw)


def _dotted(parts: tuple[str, ...]) -> Iterator[Token]:
    for number, part in enumerate(parts):
        if number:
            yield Token(Sort.DOT)
        yield from _digits(part)


def _inflected(raw: str) -> Iterator[Token]:
    """A word no table has: with an Arabic prefix taken off, or the month it was meant to be."""
    known, _ = lexicon()
    for prefix in _ARABIC_PREFIXES:
        rest = known.get(raw.removeprefix(prefix)) if raw.startswith(prefix) else None
        if rest is not None:
            if prefix.startswith("و"):
                yield Token(Sort.AND)
            yield from rest
            return
    yield mistyped_month(raw) or Token(Sort.UNKNOWN, text=raw)
