"""Finding a request by its reference, a name in any script, a birth year or a place; best first, each with its reasons.

What the index (casework/name_index.py) holds is held against the tables once more before it is shown, so that
nothing erased is ever found.
"""

import heapq
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from rapidfuzz.distance import OSA
from sqlalchemy import Connection, select

from casework.entries import CaseEntry, Entry, NameOf, Naming
from casework.fits import LIKENESS, Fit, Fits, Match, fits_of, sites_of, worth_of
from casework.name_index import NameIndex, Who, letters_of
from casework.sought import NameTerm, Sought, Term
from db.models import Request
from db.sealed import KeyRing

MOST_FOUND = 200
Weighed = tuple[float, CaseEntry, Entry]


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


_HALF = 0.5  # so much of what was asked for has to fit
_SOME = 0.25  # so much, where nobody fits half of it
_LIKE_A_REFERENCE, _PART_OF_REFERENCE = 0.7, 0.9
_MISREAD = str.maketrans("ILO", "110")  # letters that no reference has (casework/references.py)


def search(index: NameIndex, connection: Connection, keys: KeyRing, sought: Sought) -> list[Hit]:
    """Return what fits, best first, at most `MOST_FOUND`."""
    with index.lock:
        index.follow(connection, keys)
        hits = [*_by_reference(index, sought), *_by_terms(index, connection, sought.terms)]
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


def _by_terms(index: NameIndex, connection: Connection, terms: tuple[Term, ...]) -> Iterator[Hit]:
    """Give everybody who fits well enough; where names are asked for, one of them has to fit."""
    if not terms:
        return
    sites = sites_of(connection)
    found = [fits_of(index, term, sites) for term in terms]
    worths = [worth_of(index, term, fits) for term, fits in zip(terms, found, strict=True)]
    named = [fits for term, fits in zip(terms, found, strict=True) if isinstance(term, NameTerm)]
    reached = set().union(*named) if named else set.intersection(*(set(fits) for fits in found))
    for score, case, person in _best(_weighed(index, reached, found, worths)):
        reasons = _reasons(_fitting(case, person, found))
        if reasons:
            yield Hit(case, person, score, reasons)


def _weighed(
    index: NameIndex, reached: set[Who], found: list[Fits], worths: list[float]
) -> Iterator[Weighed]:
    """Give each person who fits well enough. Whoever asks counts for everybody of the request."""
    whole = sum(worths)
    for request_id in {request_id for request_id, _ in reached}:
        case, asking = index.cases[request_id], (request_id, None)
        for person in case.persons:
            here = (request_id, person.person_id)
            if here in reached or asking in reached:
                fits = zip(worths, found, strict=True)
                score = sum(worth * _better(each.get(here), each.get(asking)) for worth, each in fits) / whole
                if score >= _SOME:
                    yield score, case, person


def _better(one: Fit | None, other: Fit | None) -> float:
    if one is None:
        return other.score if other is not None else 0.0
    return one.score if other is None or one.score >= other.score else other.score


def _best(weighed: Iterable[Weighed]) -> list[Weighed]:
    """Return as many as are shown, and some more, since several may be of one request.

    Who fits less than half of what was asked for is named only where nobody fits better.
    """
    best = heapq.nlargest(2 * MOST_FOUND, weighed, key=lambda each: (round(each[0], 3), each[1].request_id))
    well = [each for each in best if each[0] >= _HALF]
    return well or best


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
        if known is None or LIKENESS.index(known.match) < LIKENESS.index(fit.match):
            found[fit.naming] = Reason(fit.match, fit.naming.of, fit.naming.written)
    return tuple(found.values())
