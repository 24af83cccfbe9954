"""How well somebody fits one thing that is looked for: a word of a name, a year of birth, a country or a place."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import Connection, select

from casework.entries import CaseEntry, Entry, NameOf, Naming
from casework.name_keys import Close, Likeness, Word, closeness, likeness, words_of
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


Sites = Mapping[int, tuple[Word, ...]]

WORTH = {
    NameOf.OWN: 1.0,
    NameOf.OTHER: 0.98,
    NameOf.MOTHER: 0.8,
    NameOf.FATHER: 0.8,
    NameOf.REQUESTER: 0.75,
    NameOf.PLACE: 0.75,
}
THERE, AT_SITE = Fit(1.0, Match.COUNTRY), Fit(WORTH[NameOf.PLACE], Match.SITE)
_BORN_THEN, _BORN_NEAR, _UNKNOWN_BIRTH = Fit(1.0, Match.BIRTH), Fit(0.5, Match.NEAR_BIRTH), Fit(0.3)
_NEAR_YEARS = 1
_SURE_OF_SITE = 0.85
# From the surest: of two words of one name the less sure one counts.
LIKENESS = (Match.SAME_NAME, Match.SIMILAR, Match.OTHER_SCRIPT)
MATCH = dict(zip((Likeness.EXACT, Likeness.SIMILAR, Likeness.OTHER_SCRIPT), LIKENESS, strict=True))


def fit_of(case: CaseEntry, person: Entry | None, term: Term, sites: Sites) -> Fit | None:
    """Return how well a person of a request fits; whoever asks in it where it is nobody. None where not at all."""
    namings = case.requester if person is None else person.namings
    match term:
        case NameTerm(word=word, of=of):
            named = _named(namings, word, of)
            here = person is not None and NameOf.PLACE in of and person.site_id in sites_like(word, sites)
            return AT_SITE if named is None and here else named
        case YearTerm():
            return born(person.years, term.first, term.last) if person is not None else None
        case CountryTerm(country=country, word=word):
            named = _named(namings, word, frozenset(NameOf)) if word is not None else None
            there = person is not None and person.country == country
            return THERE if named is None and there else named


def _named(namings: Iterable[Naming], word: Word, of: frozenset[NameOf]) -> Fit | None:
    best: Fit | None = None
    for naming in namings:
        close = closest(word, naming.words) if naming.of in of else None
        if close is not None:
            score = close.score * WORTH[naming.of]
            if best is None or best.score < score:
                best = Fit(score, MATCH[close.likeness], naming)
    return best


def closest(word: Word, words: Iterable[Word]) -> Close | None:
    """Return how close the closest of these is to a word that is looked for; None where none is."""
    close = (likeness(word, other) for other in words)
    return max((each for each in close if each is not None), key=lambda each: each.score, default=None)


def born(years: tuple[int, int] | None, first: int, last: int) -> Fit | None:
    """Return how well a birth fits a span of years; None where it does not."""
    if years is None:
        return _UNKNOWN_BIRTH
    apart = max(years[0] - last, first - years[1], 0)
    if apart == 0:
        return _BORN_THEN
    return _BORN_NEAR if apart <= _NEAR_YEARS else None


def sites_of(connection: Connection) -> Sites:
    """Return the words of each place that staff list."""
    rows = connection.execute(select(Site.id, Site.name.label("called"))).all()
    return {row.id: tuple(words_of(row.called)) for row in rows}


def sites_like(word: Word, sites: Sites) -> set[int]:
    """Return the places with a word that is surely this one."""
    return {site for site, words in sites.items() if any(_sure(word, each) for each in words)}


def _sure(word: Word, other: Word) -> bool:
    close = closeness(word, other)
    return close is not None and close.score >= _SURE_OF_SITE
