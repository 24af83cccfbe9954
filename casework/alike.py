"""Who of another request may be somebody of this one: by their own names first, then by all that is known of both."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice
from typing import NamedTuple

from sqlalchemy import Connection, select

from casework.entries import CaseEntry, Entry, NameOf, Naming
from casework.finding import Hit, Reason, standing
from casework.fits import LIKENESS, MATCH, Fit, Match, born
from casework.name_index import NameIndex, Who
from casework.name_keys import Close, Word
from casework.questions import UNKNOWN
from casework.ties import Side, Tied, of_request
from db.models import Access
from db.sealed import KeyRing

MOST_SUGGESTED = 6
_SAME_NAME = 0.75  # how close two names have to be for anything else to be looked at
_LIKELY = 0.6
# What it says that something is the same, or is not.
_NAME_WORTH, _WORD_WORTH, _BIRTH_WORTH, _COUNTRY_WORTH = 3.0, 2.0, 1.5, 0.5
_MUCH = 6.0  # of that is a whole name, a birth and a parent
_SURE_OF_LITTLE = 0.7
_OWN_NAMES = frozenset({NameOf.OWN, NameOf.OTHER})
_PARENTS = (NameOf.MOTHER, NameOf.FATHER)


@dataclass(frozen=True)
class Pair:
    """Somebody of a case, and somebody of another request who may be the same person.

    Attributes:
        hit: the other one, how well they fit and why.
        one_chat: whether some account can open both requests: then it is one family.
    """

    case: CaseEntry
    person: Entry
    hit: Hit
    theirs: Entry
    one_chat: bool = False

    @property
    def own(self) -> Side:
        return Side(self.case.request_id, self.person.person_id, self.case.reference)

    @property
    def other(self) -> Side:
        return Side(self.hit.request_id, self.theirs.person_id, self.hit.case.reference)


class Evidence(NamedTuple):
    """How well two persons agree in one thing, and what it is worth."""

    worth: float
    score: float
    reason: Reason | None = None


def suggestions(index: NameIndex, connection: Connection, keys: KeyRing, request_id: int) -> list[Pair]:
    """Return whom of other requests somebody of this one may be, the likeliest first, at most `MOST_SUGGESTED`.

    What is tied already, also as two different people, is not suggested again.
    """
    with index.lock:
        index.follow(connection, keys)
        case = index.cases.get(request_id)
        found = list(_alike(index, case)) if case is not None else []
    untied = _each_once(found, of_request(connection, request_id))
    return _as_they_stand(connection, request_id, list(islice(untied, MOST_SUGGESTED)))


def beside(
    index: NameIndex, connection: Connection, keys: KeyRing, request_id: int, other: int
) -> list[Pair]:
    """Return everybody of this request beside everybody of another one, the likeliest first, likely or not."""
    with index.lock:
        index.follow(connection, keys)
        case, wanted = index.cases.get(request_id), index.cases.get(other)
        if case is None or wanted is None or other == request_id:
            return []
        found = [each for each in _alike(index, case) if each.hit.case is wanted]
        rest = [
            Pair(case, person, Hit(wanted, theirs, 0.0, ()), theirs)
            for person in case.persons
            for theirs in wanted.persons
        ]
    return _as_they_stand(connection, request_id, list(_each_once([*found, *rest], ())))


def one_chat(connection: Connection, request_id: int, others: Collection[int]) -> set[int]:
    """Return which of the other requests some account can open that can open this one too: it is one family's."""
    accounts = select(Access.account_id).where(Access.request_id == request_id)
    shared = select(Access.request_id).where(Access.request_id.in_(others), Access.account_id.in_(accounts))
    return set(connection.scalars(shared))


def _alike(index: NameIndex, case: CaseEntry) -> Iterator[Pair]:
    """Give everybody whose own names are like somebody's of this case, unless the rest speaks against it."""
    for person in case.persons:
        names = _called_like(index, person, _OWN_NAMES)
        parents = {of: _called_like(index, person, frozenset({of})) for of in _PARENTS}
        for who, evidence in names.items():
            theirs = index.person(who)
            if who[0] == case.request_id or theirs is None:
                continue
            told = [evidence, *_told(person, theirs, {of: found.get(who) for of, found in parents.items()})]
            score = _weighed(told)
            if score >= _LIKELY:
                reasons = tuple(each.reason for each in told if each.reason is not None)
                yield Pair(case, person, Hit(index.cases[who[0]], theirs, score, reasons), theirs)


def _called_like(index: NameIndex, person: Entry, of: frozenset[NameOf]) -> dict[Who, Evidence]:
    """Return who has a name like one of this person's. A short form of a name is like the whole."""
    best: dict[Who, Evidence] = {}
    for naming in person.namings:
        if naming.of in of:
            for (who, theirs), close in _like(index, naming.words, of).items():
                fewest = min(len(naming.words), len(theirs.words))
                score = min(1.0, sum(each.score for each in close) / fewest)
                if score >= _SAME_NAME and (who not in best or best[who].score < score):
                    least_sure = max((MATCH[each.likeness] for each in close), key=LIKENESS.index)
                    weight = _NAME_WORTH if fewest > 1 else _WORD_WORTH
                    best[who] = Evidence(weight, score, Reason(least_sure, theirs.of, theirs.written))
    return best


def _like(
    index: NameIndex, words: Iterable[Word], of: frozenset[NameOf]
) -> dict[tuple[Who, Naming], list[Close]]:
    """Return for each name that has words like these the closest to each."""
    found: dict[tuple[Who, Naming], list[Close]] = defaultdict(list)
    for word in words:
        closest: dict[tuple[Who, Naming], Close] = {}
        for close, who, naming in index.like(word):
            if naming.of in of:
                known = closest.get((who, naming))
                closest[who, naming] = close if known is None or known.score < close.score else known
        for key, close in closest.items():
            found[key].append(close)
    return found


def _told(own: Entry, theirs: Entry, parents: Mapping[NameOf, Evidence | None]) -> Iterator[Evidence]:
    """Weigh what else is known of both; what is known of one alone speaks neither for nor against."""
    for of, evidence in parents.items():
        if evidence is not None:
            yield evidence
        elif _has(own, of) and _has(theirs, of):
            yield Evidence(_WORD_WORTH, 0.0)
    if own.years is not None and theirs.years is not None:
        fit = born(theirs.years, *own.years)
        yield (
            Evidence(_BIRTH_WORTH, fit.score, _reason(fit))
            if fit is not None
            else Evidence(_BIRTH_WORTH, 0.0)
        )
    if UNKNOWN not in {own.country, theirs.country}:
        same = own.country == theirs.country
        yield Evidence(_COUNTRY_WORTH, float(same), Reason(Match.COUNTRY) if same else None)


def _reason(fit: Fit) -> Reason | None:
    return Reason(fit.match) if fit.match is not None else None


def _has(person: Entry, of: NameOf) -> bool:
    return any(naming.of is of for naming in person.namings)


def _weighed(told: Collection[Evidence]) -> float:
    """Return how likely it is one person, from 0 to 1; the more is known of both, the surer."""
    whole = sum(each.worth for each in told)
    fitting = sum(each.worth * each.score for each in told) / whole
    return fitting * (_SURE_OF_LITTLE + (1 - _SURE_OF_LITTLE) * min(1.0, whole / _MUCH))


def _each_once(found: Iterable[Pair], known: Iterable[Tied]) -> Iterator[Pair]:
    """Give the pairs that nothing is known of yet, the likeliest first."""
    given = {frozenset((each.own.person_id, each.other.person_id)) for each in known}
    for each in sorted(found, key=lambda pair: -pair.hit.score):
        pair = frozenset((each.person.person_id, each.theirs.person_id))
        if pair not in given:
            given.add(pair)
            yield each


def _as_they_stand(connection: Connection, request_id: int, found: list[Pair]) -> list[Pair]:
    """Leave out what is erased by now; say what is withdrawn, and what is one family's."""
    there = {hit.request_id: hit for hit in standing(connection, [each.hit for each in found])}
    shared = one_chat(connection, request_id, there.keys())
    return [
        replace(
            each,
            hit=replace(each.hit, withdrawn=there[each.hit.request_id].withdrawn),
            one_chat=each.hit.request_id in shared,
        )
        for each in found
        if each.hit.request_id in there
    ]
