"""What somebody looks for: the words typed after /find, taken apart into names, years, countries and references."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

from casework.countries import country_of
from casework.entries import NameOf
from casework.name_keys import Word, words_of
from casework.references import read_reference

LONGEST = 200  # characters of what is typed that are looked at
MOST_WORDS = 12
ANY_NAME = frozenset(NameOf)
_EARLIEST_YEAR = 1900
_LONGEST_COUNTRY = 4  # words
_DAY = re.compile(r"\b\d{1,2}[./-]\d{1,2}[./-](\d{4})\b")
_YEARS = re.compile(r"\b(\d{4})(?:\s*[-–—/]\s*(\d{4}))?\b")
_REFERENCE = re.compile(r"(?P<prefix>HW[- ]?)?(?P<first>[0-9A-Z]{3,5})(?:[- ]?(?P<second>[0-9A-Z]{3,5}))?")


@dataclass(frozen=True, slots=True)
class NameTerm:
    """A word that may be of a name, and whose name it may be."""

    word: Word
    of: frozenset[NameOf] = ANY_NAME


@dataclass(frozen=True, slots=True)
class YearTerm:
    """When somebody was born, from one year to another."""

    first: int
    last: int


@dataclass(frozen=True, slots=True)
class CountryTerm:
    """Where somebody is. A word that is a country may be a name all the same."""

    country: str
    word: Word | None = None


Term = NameTerm | YearTerm | CountryTerm


@dataclass(frozen=True)
class Sought:
    """What is looked for.

    Attributes:
        reference: the whole of one, its check letter right.
        part: letters that may be a part of one, or one mistyped; empty where they cannot be.
    """

    reference: str | None = None
    part: str = ""
    terms: tuple[Term, ...] = field(default=())

    @property
    def anything(self) -> bool:
        return self.reference is not None or bool(self.part) or bool(self.terms)


def read_sought(text: str) -> Sought:
    """Take what was typed apart; what means nothing to a search is passed over."""
    plain = _digits(text[:LONGEST])
    reference = read_reference(plain)
    if reference is not None:
        return Sought(reference)
    years, rest = _take_years(plain)
    return Sought(None, _part_of_reference(plain), (*islice(_words(rest), MOST_WORDS), *years))


def _digits(text: str) -> str:
    """Write Arabic and Persian digits as ours."""
    return "".join(
        str(unicodedata.decimal(sign)) if unicodedata.category(sign) == "Nd" else sign for sign in text
    )


def _take_years(text: str) -> tuple[list[YearTerm], str]:
    """Return the years in it as one span, and what is left; of a day only its year counts."""
    found: list[int] = []

    def take(*years: str | None) -> str:
        found.extend(int(year) for year in years if year and int(year) >= _EARLIEST_YEAR)
        return " "

    text = _DAY.sub(lambda day: take(day[1]), text)
    text = _YEARS.sub(lambda years: take(years[1], years[2]), text)
    return [YearTerm(min(found), max(found))] if found else [], text


def _words(text: str) -> Iterator[Term]:
    pieces = text.split()[:MOST_WORDS]
    at = 0
    while at < len(pieces):
        for length in range(min(_LONGEST_COUNTRY, len(pieces) - at), 0, -1):
            phrase = " ".join(pieces[at : at + length])
            country = country_of(phrase)
            if country is not None:
                words = words_of(phrase)
                yield CountryTerm(country, words[0] if len(words) == 1 else None)
                at += length
                break
        else:
            yield from (NameTerm(word) for word in words_of(pieces[at]))
            at += 1


def _part_of_reference(text: str) -> str:
    """Return the letters of what looks like a reference, or a group of one: it begins like one or holds a digit."""
    found = _REFERENCE.fullmatch(text.strip().upper())
    if found is None or not (found["prefix"] or any(map(str.isdigit, text))):
        return ""
    return f"{found['first']}{found['second'] or ''}"
