"""The words of all languages as they are looked up: in one folded spelling, and months even when mistyped."""

import unicodedata
from dataclasses import dataclass, replace
from functools import cache, lru_cache

from casework.dates.arabic import ARABIC, DOUBTFUL_MONTHS, DUALS
from casework.dates.chechen import CHECHEN
from casework.dates.english import ENGLISH
from casework.dates.russian import COMPOUNDS, ORDINAL_ENDINGS, ORDINAL_STEMS, RUSSIAN
from casework.dates.sorts import Sort


@dataclass(frozen=True, slots=True)
class Token:
    """A word and what it stands for.

    Attributes:
        text: as folded; for a number in digits the digits themselves, leading zero kept.
        guessed: the word was not spelled so; the nearest month stands for it.
        choices: the other things it may stand for, equally well.
    """

    sort: Sort
    value: int = 0
    text: str = ""
    guessed: bool = False
    choices: tuple["Token", ...] = ()

    @property
    def in_digits(self) -> bool:
        return self.text.isdigit()

    @property
    def ordinal(self) -> bool:
        return self.text in ordinals()


_SAME_LETTER = str.maketrans({
    "ё": "е", "أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ی": "ي", "ة": "ه", "ک": "ك", "ـ": "",
    "'": "", "’": "", "ʼ": "", "`": "", "´": "", "؟": "?", "،": ",", "؛": ",", ";": ",", "(": ",", ")": ",",
    "\n": ",", "٫": ".", "⁄": "/", "∕": "/", "±": "~", "≈": "~",
})  # fmt: skip


@lru_cache(maxsize=4096)
def _folded_letter(letter: str) -> str:
    category = unicodedata.category(letter)
    if category == "Nd":
        return str(unicodedata.digit(letter))
    if category == "Pd":
        return "-"
    return "" if category in {"Mn", "Cf", "Cs"} else letter


def fold(text: str) -> str:
    """One spelling for all: case, width, digits of any script, hamzas, dashes, invisible marks."""
    text = unicodedata.normalize("NFKC", text.replace("½", " half ")).casefold().translate(_SAME_LETTER)
    return "".join(map(_folded_letter, text))


@cache
def lexicon() -> tuple[dict[str, tuple[Token, ...]], int]:
    """Every word and phrase, folded, and the number of words in the longest."""
    known: dict[str, tuple[Token, ...]] = {"decade": (Token(Sort.DECADE),)}
    known |= {word: (Token(Sort.NUMBER, value, word),) for word, value in ordinals().items()}
    for vocabulary in (RUSSIAN, ENGLISH, ARABIC, CHECHEN):
        for sort, entries in vocabulary.items():
            for value, words in (entries if isinstance(entries, dict) else {0: entries}).items():
                known |= {word: (Token(sort, value, word),) for word in map(_phrase, words.split())}
    for phrase, meanings in (COMPOUNDS | DUALS).items():
        known[_phrase(phrase)] = tuple(Token(sort, value, phrase) for sort, value in meanings)
    for word, choices in DOUBTFUL_MONTHS.items():
        first, *others = (Token(sort, value, word) for sort, value in choices)
        known[_phrase(word)] = (replace(first, choices=tuple(others)),)
    return known, max(phrase.count(" ") for phrase in known) + 1


def _phrase(word: str) -> str:
    return fold(word.replace("_", " "))


@cache
def ordinals() -> dict[str, int]:
    return {stem + ending: value for value, stem in ORDINAL_STEMS.items() for ending in ORDINAL_ENDINGS}


# Months one slip of the finger away: a letter too many, too few, wrong, or two exchanged.

_NOT_MISTYPED = frozenset((  # names of people and places one slip away from a month
    "марат", "марет", "мартан", "мартин", "марти", "marat", "maret", "marta", "augusta",
))  # fmt: skip
_SHORTEST_MISTYPED = 5  # below it names come too near: فارس is not مارس
_JUNE, _JULY = 6, 7
MOST_MEANT = 2  # months that one slip may stand for and still be worth a question


def _one_letter_out(word: str) -> set[str]:
    return {word[:at] + word[at + 1 :] for at in range(len(word))}


@cache
def _months_by_slip() -> dict[str, set[tuple[str, int]]]:
    slips: dict[str, set[tuple[str, int]]] = {}
    for word, meaning in lexicon()[0].items():
        if len(word) >= _SHORTEST_MISTYPED - 1 and len(meaning) == 1 and meaning[0].sort is Sort.MONTH:
            for slip in _one_letter_out(word) | {word}:
                slips.setdefault(slip, set()).add((word, meaning[0].value))
    return slips


def _one_slip_apart(typed: str, meant: str) -> bool:
    if typed in _one_letter_out(meant) or meant in _one_letter_out(typed):
        return True
    wrong = [at for at, (a, b) in enumerate(zip(typed, meant, strict=False)) if a != b]
    if len(typed) != len(meant) or not wrong:
        return False
    first, last = wrong[0], wrong[-1]
    return first == last or (
        last == first + 1 and typed[first] == meant[last] and typed[last] == meant[first]
    )


def mistyped_month(typed: str) -> Token | None:
    """The month this may be a slip for, or the two. Not cached: what people type is theirs."""
    if not _SHORTEST_MISTYPED <= len(typed) <= len("сентябрьььь") or typed in _NOT_MISTYPED:
        return None
    nearby = {entry for slip in _one_letter_out(typed) | {typed} for entry in _months_by_slip().get(slip, ())}
    months = {value for word, value in nearby if _one_slip_apart(typed, word)}
    if months & {_JUNE, _JULY}:
        months |= {_JUNE, _JULY}  # too alike in most languages to be told apart by a slip
    found = [Token(Sort.MONTH, month, typed, guessed=True) for month in sorted(months)]
    return replace(found[0], choices=tuple(found[1:])) if 1 <= len(found) <= MOST_MEANT else None
