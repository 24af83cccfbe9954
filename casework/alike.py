"""Who of another request may be somebody of this one: by their own names first, then by all that is known of both."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice

from sqlalchemy import Connection, select

from casework.entries import CaseEntry, Entry, Naming, open_entries
from casework.finding import Hit, Reason, standing
from casework.fits import closest
from casework.likely import likely
from casework.name_index import NameIndex
from casework.name_keys import Close, Word
from casework.resembling import LIKELY, Evidence, agreement, weighed
from casework.ties import Side, Tied, of_request
from db.gathered import flush
from db.models import Access
from db.sealed import KeyRing

MOST_SUGGESTED = 6


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


def suggestions(index: NameIndex, connection: Connection, keys: KeyRing, request_id: int) -> list[Pair]:
    """Return whom of other requests somebody of this one may be, the likeliest first, at most `MOST_SUGGESTED`.

    What is tied already, also as two different people, is not suggested again.
    """
    return untied(connection, request_id, resembling(index, connection, keys, request_id))


def resembling(index: NameIndex, connection: Connection, keys: KeyRing, request_id: int) -> list[Pair]:
    """Return the likeliest pairs, tied or not: enough of them, also where one more tie is made until they are shown.

    It goes through everybody who is called alike, so it takes its time.
    """
    most = MOST_SUGGESTED + len(of_request(connection, request_id)) + 1
    with index.following(connection, keys) as held:
        case = _open(connection, keys, [request_id]).get(request_id)
        persons = case.persons if case is not None else ()
        found = [(person, each) for person in persons for each in likely(held, request_id, person, most)]
    others = _open(connection, keys, {each.request_id for _, each in found})
    pairs = (
        _pair(case, person, other, other.persons[each.place])
        for person, each in found
        # Those of another connection may be a little older, or newer, than what is held.
        if case is not None and (other := others.get(each.request_id)) and each.place < len(other.persons)
    )
    return [pair for pair in pairs if pair.hit.score >= LIKELY]


def untied(connection: Connection, request_id: int, found: Iterable[Pair]) -> list[Pair]:
    """Return those of these pairs that are to be suggested as things stand now."""
    fresh = islice(_each_once(found, of_request(connection, request_id)), MOST_SUGGESTED)
    return _as_they_stand(connection, request_id, list(fresh))


def beside(connection: Connection, keys: KeyRing, request_id: int, other: int) -> list[Pair]:
    """Return everybody of this request beside everybody of another one, the likeliest first, likely or not."""
    opened = _open(connection, keys, {request_id, other})
    case, wanted = opened.get(request_id), opened.get(other)
    if case is None or wanted is None or other == request_id:
        return []
    pairs = [_pair(case, person, wanted, theirs) for person in case.persons for theirs in wanted.persons]
    shown = [each if each.hit.score >= LIKELY else _unlikely(each) for each in pairs]
    return _as_they_stand(connection, request_id, list(_each_once(shown, ())))


def one_chat(connection: Connection, request_id: int, others: Collection[int]) -> set[int]:
    """Return which of the other requests some account can open that can open this one too: it is one family's."""
    accounts = select(Access.account_id).where(Access.request_id == request_id)
    shared = select(Access.request_id).where(Access.request_id.in_(others), Access.account_id.in_(accounts))
    return set(connection.scalars(shared))


def _open(connection: Connection, keys: KeyRing, request_ids: Collection[int]) -> dict[int, CaseEntry]:
    flush(connection)
    return {case.request_id: case for case in open_entries(connection, keys, request_ids)}


def _pair(case: CaseEntry, person: Entry, other: CaseEntry, theirs: Entry) -> Pair:
    told = agreement(person, theirs, _closest)
    return Pair(case, person, Hit(other, theirs, weighed(told), tuple(_reasons(told))), theirs)


def _unlikely(pair: Pair) -> Pair:
    return replace(pair, hit=replace(pair.hit, score=0.0, reasons=()))


def _closest(word: Word, naming: Naming) -> Close | None:
    return closest(word, naming.words)


def _reasons(told: Iterable[Evidence[Naming]]) -> Iterator[Reason]:
    for each in told:
        if each.match is not None and each.naming is not None:
            yield Reason(each.match, each.naming.of, each.naming.written)
        elif each.match is not None:
            yield Reason(each.match)


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
