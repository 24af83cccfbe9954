"""How well everybody fits one thing that is looked for: a word of a name, a year of birth, a country or a place."""

import math
from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import Connection, select

from casework.entries import Entry, NameOf, Naming
from casework.name_index import NameIndex, Who
from casework.name_keys import Likeness, Word, closeness, words_of
from casework.sought import CountryTerm, NameTerm, Term, YearTerm
from db.models import Site


class Match(StrEnum):
    """Why a request was found."""

    REFERENCE = "reference"
    LIKE_REFERENCE = "like_reference"
    SAME_NAME = "exact"
    SIMILAR = "similar"
    OTHER_SCRIPT = "other_script"
    BIRTH = "birth"
    NEAR_BIRTH = "near_birth"
    COUNTRY = "country"
    SITE = "site"


class Fit(NamedTuple):
    """How well one person fits one term; without a match where that only counts less against them."""

    score: float
    match: Match | None = None
    naming: Naming | None = None


Fits = dict[Who, Fit]
Sites = Mapping[int, tuple[Word, ...]]

_WORTH = {
    NameOf.OWN: 1.0,
    NameOf.OTHER: 0.98,
    NameOf.MOTHER: 0.8,
    NameOf.FATHER: 0.8,
    NameOf.REQUESTER: 0.75,
    NameOf.PLACE: 0.75,
}
_YEAR_WORTH, _COUNTRY_WORTH = 0.6, 0.4
_BORN_THEN, _BORN_NEAR, _UNKNOWN_BIRTH = Fit(1.0, Match.BIRTH), Fit(0.5, Match.NEAR_BIRTH), Fit(0.3)
_THERE, _AT_SITE = Fit(1.0, Match.COUNTRY), Fit(_WORTH[NameOf.PLACE], Match.SITE)
_NEAR_YEARS = 1
_SURE_OF_SITE = 0.85
# From the surest: of two words of one name the less sure one counts.
LIKENESS = (Match.SAME_NAME, Match.SIMILAR, Match.OTHER_SCRIPT)
MATCH = dict(zip((Likeness.EXACT, Likeness.SIMILAR, Likeness.OTHER_SCRIPT), LIKENESS, strict=True))


def fits_of(index: NameIndex, term: Term, sites: Sites) -> Fits:
    """Return everybody who fits a term at all; of a request, who asks for it too."""
    match term:
        case NameTerm(word=word, of=of):
            named = _named(index, word, of)
            return named if NameOf.PLACE not in of else _at_sites(index, word, sites) | named
        case YearTerm():
            return _where(index, lambda person: born(person.years, term.first, term.last))
        case CountryTerm(country=country, word=word):
            found = _where(index, lambda person: _THERE if person.country == country else None)
            return found if word is None else found | _named(index, word, frozenset(NameOf))


def _named(index: NameIndex, word: Word, of: frozenset[NameOf]) -> Fits:
    found: Fits = {}
    for close, who, naming in index.like(word):
        score = close.score * _WORTH[naming.of]
        if naming.of in of and (who not in found or found[who].score < score):
            found[who] = Fit(score, MATCH[close.likeness], naming)
    return found


def _at_sites(index: NameIndex, word: Word, sites: Sites) -> Fits:
    here = {site for site, words in sites.items() if any(_sure(word, each) for each in words)}
    return _where(index, lambda person: _AT_SITE if person.site_id in here else None) if here else {}


def _sure(word: Word, other: Word) -> bool:
    close = closeness(word, other)
    return close is not None and close.score >= _SURE_OF_SITE


def born(years: tuple[int, int] | None, first: int, last: int) -> Fit | None:
    """Return how well a birth fits a span of years; None where it does not."""
    if years is None:
        return _UNKNOWN_BIRTH
    apart = max(years[0] - last, first - years[1], 0)
    if apart == 0:
        return _BORN_THEN
    return _BORN_NEAR if apart <= _NEAR_YEARS else None


def _where(index: NameIndex, fits: Callable[[Entry], Fit | None]) -> Fits:
    return {
        (case.request_id, person.person_id): fit
        for case in index.cases.values()
        for person in case.persons
        if (fit := fits(person)) is not None
    }


def worth_of(index: NameIndex, term: Term, found: Fits) -> float:
    """Return how much a term tells: a rare name more than one that many have."""
    match term:
        case NameTerm():
            return 1 + math.log10(1 + len(index.cases) / (1 + len(found)))
        case YearTerm():
            return _YEAR_WORTH
        case CountryTerm():
            return _COUNTRY_WORTH


def sites_of(connection: Connection) -> Sites:
    """Return the words of each place that staff list."""
    rows = connection.execute(select(Site.id, Site.name.label("called"))).all()
    return {row.id: tuple(words_of(row.called)) for row in rows}
