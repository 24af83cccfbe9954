"""Finding a request by its reference, a name in any script, a birth year or a place; best first, each with its reasons.

What the index (casework/name_index.py) holds is held against the tables once more before it is shown, so that
nothing erased is ever found.
"""

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from rapidfuzz.distance import OSA
from sqlalchemy import Connection, select

from casework.entries import CaseEntry, Entry, NameOf
from casework.name_index import NameIndex, Who, letters_of
from casework.name_keys import Word, closeness, words_of
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


@dataclass(frozen=True, slots=True)
class Fit:
    """How well one person fits one term; without a reason where that only counts less against them."""

    score: float
    reason: Reason | None = None


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
_UNKNOWN_BIRTH = Fit(0.3)
_NEAR_YEARS = 1
_HALF = 0.5  # so much of what was asked for has to fit
_SURE_OF_SITE = 0.85
_LIKE_A_REFERENCE, _PART_OF_REFERENCE = 0.7, 0.9
_MISREAD = str.maketrans("ILO", "110")  # letters that no reference has (casework/references.py)
# From the surest: of two words of one name the less sure one counts.
_LIKENESS = (Match.SAME_NAME, Match.SIMILAR, Match.OTHER_SCRIPT)


def search(index: NameIndex, connection: Connection, keys: KeyRing, sought: Sought) -> list[Hit]:
    """Return what fits, best first, at most `MOST_FOUND`."""
    with index.lock:
        index.follow(connection, keys)
        hits = [*_by_reference(index, sought), *_by_terms(index, connection, sought.terms)]
    return _standing(connection, _best_of_each(hits))


def _best_of_each(hits: Iterable[Hit]) -> list[Hit]:
    """Return the best hit of each request, best first; of equal ones the newest request first."""
    ranked = sorted(hits, key=lambda hit: (-round(hit.score, 3), -hit.request_id))
    once: dict[int, Hit] = {}
    for hit in ranked:
        once.setdefault(hit.request_id, hit)
    return list(once.values())[:MOST_FOUND]


def _standing(connection: Connection, hits: list[Hit]) -> list[Hit]:
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


def _by_terms(index: NameIndex, connection: Connection, terms: tuple[Term, ...]) -> Iterator[Hit]:
    """Weigh every person that fits the names, or all of the rest where no name was asked for."""
    if not terms:
        return
    sites = _sites(connection)
    found = [_fits(index, term, sites) for term in terms]
    named = [each for term, each in zip(terms, found, strict=True) if isinstance(term, NameTerm)]
    reached = set().union(*named) if named else set.intersection(*(set(each) for each in found))
    worths = [_worth(index, term, each) for term, each in zip(terms, found, strict=True)]
    for request_id in {request_id for request_id, _ in reached}:
        case = index.cases[request_id]
        for person in case.persons:
            if not reached.isdisjoint({(request_id, person.person_id), (request_id, None)}):
                yield from _weigh(case, person, terms, found, worths)


def _weigh(
    case: CaseEntry, person: Entry, terms: tuple[Term, ...], found: list[Fits], worths: list[float]
) -> Iterator[Hit]:
    """Give the person as a hit if they fit well enough; who asks for them counts for each of a request."""
    here, asking = (case.request_id, person.person_id), (case.request_id, None)
    best = [_better(each.get(here), each.get(asking)) for each in found]
    fitting = sum(worth * fit.score for worth, fit in zip(worths, best, strict=True))
    names = [(term, fit) for term, fit in zip(terms, best, strict=True) if isinstance(term, NameTerm)]
    score = fitting / sum(worths)
    fits_a_name = not names or any(fit.reason for _, fit in names)
    reasons = _reasons(fit.reason for fit in best if fit.reason is not None)
    if score >= _HALF and fits_a_name and reasons:
        yield Hit(case, person, score, reasons)


_NO_FIT = Fit(0.0)


def _better(one: Fit | None, other: Fit | None) -> Fit:
    return max(one or _NO_FIT, other or _NO_FIT, key=lambda fit: fit.score)


def _reasons(reasons: Iterable[Reason]) -> tuple[Reason, ...]:
    """Say once of a name why it fits, however many of its words were asked for."""
    found: dict[tuple[NameOf | Match, str], Reason] = {}
    for reason in reasons:
        about = (reason.of or reason.match, reason.written)
        known = found.get(about, reason)
        surer = known.of is None or _LIKENESS.index(known.match) >= _LIKENESS.index(reason.match)
        found[about] = known if surer else reason
    return tuple(found.values())


def _fits(index: NameIndex, term: Term, sites: Mapping[int, tuple[Word, ...]]) -> Fits:
    match term:
        case NameTerm(word=word, of=of):
            named = _named(index, word, of)
            return named if NameOf.PLACE not in of else _at_sites(index, word, sites) | named
        case YearTerm():
            return _where(index, lambda person: _born(person, term))
        case CountryTerm(country=country, word=word):
            there = Fit(1.0, Reason(Match.COUNTRY))
            found = _where(index, lambda person: there if person.country == country else None)
            return found if word is None else found | _named(index, word, frozenset(NameOf))


def _named(index: NameIndex, word: Word, of: frozenset[NameOf]) -> Fits:
    found: Fits = {}
    for close, who, naming in index.like(word):
        score = close.score * _WORTH[naming.of]
        if naming.of in of and (who not in found or found[who].score < score):
            found[who] = Fit(score, Reason(Match(close.likeness.value), naming.of, naming.written))
    return found


def _at_sites(index: NameIndex, word: Word, sites: Mapping[int, tuple[Word, ...]]) -> Fits:
    here = {site for site, words in sites.items() if any(_sure(word, each) for each in words)}
    there = Fit(_WORTH[NameOf.PLACE], Reason(Match.SITE))
    return _where(index, lambda person: there if person.site_id in here else None) if here else {}


def _sure(word: Word, other: Word) -> bool:
    close = closeness(word, other)
    return close is not None and close.score >= _SURE_OF_SITE


def _born(person: Entry, term: YearTerm) -> Fit | None:
    if person.years is None:
        return _UNKNOWN_BIRTH
    first, last = person.years
    apart = max(first - term.last, term.first - last, 0)
    if apart == 0:
        return Fit(1.0, Reason(Match.BIRTH))
    return Fit(0.5, Reason(Match.NEAR_BIRTH)) if apart <= _NEAR_YEARS else None


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
