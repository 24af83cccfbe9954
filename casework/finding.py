"""Finding a request by its reference, a name in any script, a birth year or a place; best first, each with its reasons.

What the index (casework/name_index.py) holds is held against the tables once more before it is shown, so that
nothing erased is ever found.
"""

import heapq
import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import NamedTuple

from rapidfuzz.distance import OSA
from sqlalchemy import Connection, select

from casework.entries import CaseEntry, Entry, NameOf, Naming
from casework.name_index import NameIndex, Who, letters_of
from casework.name_keys import Likeness, Word, closeness, words_of
from casework.sought import CountryTerm, NameTerm, Sought, Term, YearTerm
from db.models import Request, Site
from db.sealed import KeyRing

MOST_FOUND = 200


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


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason.

    Attributes:
        of: of a name: whose it is.
        written: of a name: how it is written there; a family's words.
    """

    match: Match
    of: NameOf | None = None
    written: str = ""


@dataclass(frozen=True, slots=True)
class Hit:
    """A request that was found, by the person of it that fits best (none where it names nobody); score from 0 to 1."""

    case: CaseEntry
    person: Entry | None
    score: float
    reasons: tuple[Reason, ...]
    withdrawn: bool = False

    @property
    def request_id(self) -> int:
        return self.case.request_id


class Fit(NamedTuple):
    """How well one person fits one term; without a match where that only counts less against them."""

    score: float
    match: Match | None = None
    naming: Naming | None = None


Fits = dict[Who, Fit]

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
_HALF = 0.5  # so much of what was asked for has to fit
_SURE_OF_SITE = 0.85
_LIKE_A_REFERENCE, _PART_OF_REFERENCE = 0.7, 0.9
_MISREAD = str.maketrans("ILO", "110")  # letters that no reference has (casework/references.py)
# From the surest: of two words of one name the less sure one counts.
_LIKENESS = (Match.SAME_NAME, Match.SIMILAR, Match.OTHER_SCRIPT)
_MATCH = dict(zip((Likeness.EXACT, Likeness.SIMILAR, Likeness.OTHER_SCRIPT), _LIKENESS, strict=True))


def search(index: NameIndex, connection: Connection, keys: KeyRing, sought: Sought) -> list[Hit]:
    """Return what fits, best first, at most `MOST_FOUND`."""
    with index.lock:
        index.follow(connection, keys)
        hits = [*_by_reference(index, sought), *fitting(index, connection, sought.terms)]
    return standing(connection, _best_of_each(hits))


def _best_of_each(hits: Iterable[Hit]) -> list[Hit]:
    """Return the best hit of each request, best first; of equal ones the newest request first."""
    ranked = sorted(hits, key=lambda hit: (-round(hit.score, 3), -hit.request_id))
    once: dict[int, Hit] = {}
    for hit in ranked:
        once.setdefault(hit.request_id, hit)
    return list(once.values())[:MOST_FOUND]


def standing(connection: Connection, hits: list[Hit]) -> list[Hit]:
    """Leave out what is erased by now, and mark what is withdrawn."""
    there = select(Request.id, Request.withdrawn_at).where(
        Request.id.in_([hit.request_id for hit in hits]), Request.erased_at.is_(None)
    )
    withdrawn = {row.id: row.withdrawn_at is not None for row in connection.execute(there)}
    return [
        replace(hit, withdrawn=withdrawn[hit.request_id] or (hit.person is not None and hit.person.withdrawn))
        for hit in hits
        if hit.request_id in withdrawn
    ]


def _by_reference(index: NameIndex, sought: Sought) -> Iterator[Hit]:
    if sought.reference is None:
        yield from _by_part(index, sought.part)
        return
    request_id = index.references.get(letters_of(sought.reference))
    if request_id is not None:
        yield _whole(index.cases[request_id], 1.0, Match.REFERENCE)


def _by_part(index: NameIndex, typed: str) -> Iterator[Hit]:
    part = typed.translate(_MISREAD)
    if not part:
        return
    for letters, request_id in index.references.items():
        score = _PART_OF_REFERENCE if part in letters else OSA.normalized_similarity(part, letters)
        if score >= _LIKE_A_REFERENCE:
            yield _whole(index.cases[request_id], score, Match.LIKE_REFERENCE)


def _whole(case: CaseEntry, score: float, match: Match) -> Hit:
    return Hit(case, next(iter(case.persons), None), score, (Reason(match),))


def fitting(index: NameIndex, connection: Connection, terms: tuple[Term, ...]) -> Iterator[Hit]:
    """Give everybody who fits well enough; where names are asked for, one of them has to fit.

    The index has to be locked, and to have followed.
    """
    if not terms:
        return
    sites = _sites(connection)
    found = [_fits(index, term, sites) for term in terms]
    worths = [_worth(index, term, fits) for term, fits in zip(terms, found, strict=True)]
    named = [fits for term, fits in zip(terms, found, strict=True) if isinstance(term, NameTerm)]
    reached = set().union(*named) if named else set.intersection(*(set(fits) for fits in found))
    for score, case, person in _best(_weighed(index, reached, found, worths)):
        reasons = _reasons(_fitting(case, person, found))
        if reasons:
            yield Hit(case, person, score, reasons)


def _weighed(
    index: NameIndex, reached: set[Who], found: list[Fits], worths: list[float]
) -> Iterator[tuple[float, CaseEntry, Entry]]:
    """Give each person who fits well enough. Whoever asks counts for everybody of the request."""
    whole = sum(worths)
    for request_id in {request_id for request_id, _ in reached}:
        case, asking = index.cases[request_id], (request_id, None)
        for person in case.persons:
            here = (request_id, person.person_id)
            if here in reached or asking in reached:
                fits = zip(worths, found, strict=True)
                score = sum(worth * _better(each.get(here), each.get(asking)) for worth, each in fits) / whole
                if score >= _HALF:
                    yield score, case, person


def _better(one: Fit | None, other: Fit | None) -> float:
    if one is None:
        return other.score if other is not None else 0.0
    return one.score if other is None or one.score >= other.score else other.score


def _best(
    weighed: Iterable[tuple[float, CaseEntry, Entry]],
) -> list[tuple[float, CaseEntry, Entry]]:
    """Return as many as are shown, and some more, since several may be of one request."""
    return heapq.nlargest(2 * MOST_FOUND, weighed, key=lambda each: (round(each[0], 3), each[1].request_id))


def _fitting(case: CaseEntry, person: Entry, found: list[Fits]) -> Iterator[Fit]:
    for fits in found:
        both = (fits.get((case.request_id, person.person_id)), fits.get((case.request_id, None)))
        there = [fit for fit in both if fit is not None]
        if there:
            yield max(there, key=lambda fit: fit.score)


def _reasons(fitting: Iterable[Fit]) -> tuple[Reason, ...]:
    """Say once of a name why it fits, however many of its words were asked for."""
    found: dict[Naming | Match, Reason] = {}
    for fit in fitting:
        if fit.match is None:
            continue
        if fit.naming is None:
            found.setdefault(fit.match, Reason(fit.match))
            continue
        known = found.get(fit.naming)
        if known is None or _LIKENESS.index(known.match) < _LIKENESS.index(fit.match):
            found[fit.naming] = Reason(fit.match, fit.naming.of, fit.naming.written)
    return tuple(found.values())


def _fits(index: NameIndex, term: Term, sites: Mapping[int, tuple[Word, ...]]) -> Fits:
    match term:
        case NameTerm(word=word, of=of):
            named = _named(index, word, of)
            return named if NameOf.PLACE not in of else _at_sites(index, word, sites) | named
        case YearTerm():
            return _where(index, lambda person: _born(person, term))
        case CountryTerm(country=country, word=word):
            found = _where(index, lambda person: _THERE if person.country == country else None)
            return found if word is None else found | _named(index, word, frozenset(NameOf))


def _named(index: NameIndex, word: Word, of: frozenset[NameOf]) -> Fits:
    found: Fits = {}
    for close, who, naming in index.like(word):
        score = close.score * _WORTH[naming.of]
        if naming.of in of and (who not in found or found[who].score < score):
            found[who] = Fit(score, _MATCH[close.likeness], naming)
    return found


def _at_sites(index: NameIndex, word: Word, sites: Mapping[int, tuple[Word, ...]]) -> Fits:
    here = {site for site, words in sites.items() if any(_sure(word, each) for each in words)}
    return _where(index, lambda person: _AT_SITE if person.site_id in here else None) if here else {}


def _sure(word: Word, other: Word) -> bool:
    close = closeness(word, other)
    return close is not None and close.score >= _SURE_OF_SITE


def _born(person: Entry, term: YearTerm) -> Fit | None:
    if person.years is None:
        return _UNKNOWN_BIRTH
    first, last = person.years
    apart = max(first - term.last, term.first - last, 0)
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


def _worth(index: NameIndex, term: Term, found: Fits) -> float:
    """Return how much a term tells: a rare name more than one that many have."""
    match term:
        case NameTerm():
            return 1 + math.log10(1 + len(index.cases) / (1 + len(found)))
        case YearTerm():
            return _YEAR_WORTH
        case CountryTerm():
            return _COUNTRY_WORTH


def _sites(connection: Connection) -> dict[int, tuple[Word, ...]]:
    rows = connection.execute(select(Site.id, Site.name.label("called"))).all()
    return {row.id: tuple(words_of(row.called)) for row in rows}
