"""Finding a request by its reference, a name in any script, a birth year or a place; best first, each with its reasons.

Who fits best is told by the index (casework/name_index.py); why they fit, by the sealed rows, which are opened again.
What is found is held against the tables once more before it is shown, so that nothing erased is ever found.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

from sqlalchemy import Connection, select

from casework.entries import CaseEntry, Entry, NameOf, Naming, open_entries
from casework.fits import LIKENESS, Fit, Match, Sites, fit_of, sites_of
from casework.held_names import HeldNames
from casework.looking_up import request_of
from casework.name_index import NameIndex
from casework.ranking import Ranking
from casework.sought import Sought, Term
from casework.told import told
from db.gathered import flush
from db.models import Request
from db.sealed import KeyRing

MOST_FOUND = 200
_MISREAD = str.maketrans("ILO", "110")  # letters that no reference has (casework/references.py)


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


class _Found(NamedTuple):
    """What is found by numbers: a request, and why; for its terms where nothing is said."""

    score: float
    request_id: int
    place: int = 0  # of the person, from 0
    match: Match | None = None


def search(index: NameIndex, connection: Connection, keys: KeyRing, sought: Sought) -> list[Hit]:
    """Return what fits, best first, at most `MOST_FOUND`."""
    flush(connection)
    sites = sites_of(connection) if sought.terms else {}
    if sought.reference is not None:  # it needs no index
        found = list(_by_reference(connection, keys, sought.reference))
    else:
        with index.following(connection, keys) as held:
            found = _best_of_each([*_by_part(held, sought.part), *_by_terms(held, sought.terms, sites)])
    cases = {
        case.request_id: case for case in open_entries(connection, keys, [each.request_id for each in found])
    }
    there = (each for each in found if each.request_id in cases)
    hits = (_hit(cases[each.request_id], each, sought.terms, sites) for each in there)
    return standing(connection, [hit for hit in hits if hit is not None])


def _best_of_each(found: Iterable[_Found]) -> list[_Found]:
    """Return the best of each request, best first; of equal ones the newest request first."""
    ranked = sorted(found, key=lambda each: (-round(each.score, 3), -each.request_id))
    once: dict[int, _Found] = {}
    for each in ranked:
        once.setdefault(each.request_id, each)
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


def _by_reference(connection: Connection, keys: KeyRing, reference: str) -> Iterator[_Found]:
    request_id = request_of(connection, keys, reference)
    if request_id is not None:
        yield _Found(1.0, request_id, match=Match.REFERENCE)


def _by_part(held: HeldNames, typed: str) -> Iterator[_Found]:
    part = typed.translate(_MISREAD)
    for number, score in held.references.like(part) if part else ():
        yield _Found(score, held.request_ids[number], match=Match.LIKE_REFERENCE)


def _by_terms(held: HeldNames, terms: tuple[Term, ...], sites: Sites) -> Iterator[_Found]:
    """Give everybody who fits well enough; where names are asked for, one of them has to fit.

    Twice as many as are shown, since several may be of one request.
    """
    ranking = Ranking(held, told(held, terms, sites), 2 * MOST_FOUND)
    for each in ranking.best() if terms else ():
        yield _Found(each.score, each.request_id, each.place)


def _hit(case: CaseEntry, found: _Found, terms: tuple[Term, ...], sites: Sites) -> Hit | None:
    """Say why it was found. None where nothing is a reason, such as a birth of which nothing is known."""
    person = case.persons[found.place] if found.place < len(case.persons) else None
    if found.match is not None:
        return Hit(case, person, found.score, (Reason(found.match),))
    reasons = _reasons(_fitting(case, person, terms, sites))
    return Hit(case, person, found.score, reasons) if reasons else None


def _fitting(case: CaseEntry, person: Entry | None, terms: Iterable[Term], sites: Sites) -> Iterator[Fit]:
    for term in terms:
        both = [fit_of(case, each, term, sites) for each in (person, None)]
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
