"""Two requests about one person: the same family twice, or two families who must never learn of each other.

A tie stands between two persons. Of what is written for it, nothing is a family's to read: the kinds of events below
are the team's alone, and the stage `competing_claim` says to each family what the office says of every matter that it
speaks about in person.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from itertools import islice

from sqlalchemy import ColumnElement, Connection, and_, delete, insert, or_, select

from casework import audit, moves
from casework.audit import Deed
from casework.entries import CaseEntry, Entry, NameOf
from casework.events import Happening, note
from casework.finding import Hit, fitting, standing
from casework.moves import Move
from casework.name_index import NameIndex
from casework.permissions import Action
from casework.questions import UNKNOWN
from casework.sought import CountryTerm, NameTerm, Term, YearTerm
from casework.stages import Stage
from casework.transitions import transition
from db.ids import new_id
from db.models import Access, Person, Request, Tie
from db.sealed import KeyRing

MOST_SUGGESTED = 6
Pair = tuple[Entry, Hit]  # somebody of this request, and whom of another they may be
_LIKELY = 0.6
_OWN_NAMES = frozenset({NameOf.OWN, NameOf.OTHER})
_PARENTS = (NameOf.MOTHER, NameOf.FATHER)


class Kind(StrEnum):
    DUPLICATE = "duplicate"  # the same family has asked twice
    COMPETING = "competing"  # two families ask for one person
    DIFFERENT = "different"  # they only look alike: not to be suggested again


_SIDES = 2
_STAGES = {Kind.DUPLICATE: Stage.DUPLICATE, Kind.COMPETING: Stage.COMPETING_CLAIM}
_MOVED = {Kind.DUPLICATE: 1, Kind.COMPETING: 2}  # how many of the two, the one first on whose card it was set


@dataclass(frozen=True)
class Side:
    """One end of a tie; its reference is the reason that the other side's history gives to staff."""

    request_id: int
    person_id: int
    reference: str = ""


@dataclass(frozen=True)
class Tied:
    """A tie, as seen from one of its two requests."""

    id: int
    kind: Kind
    own: Side
    other: Side
    by: int
    at: datetime


@dataclass(frozen=True)
class Suggestion:
    """Somebody of another request who may be this person.

    Attributes:
        one_chat: whether some account can open both requests: then it is one family.
    """

    person: Entry
    hit: Hit
    one_chat: bool


def tie(
    connection: Connection, keys: KeyRing, own: Side, other: Side, kind: Kind, by: int, now: datetime
) -> tuple[int, ...] | None:
    """Tie two persons, or change what ties them; None where one of them is not there (any more).

    Of a duplicate, `own` is the one that work ends on; it goes on in the other request. Whoever calls this has made
    sure that it is the same family, since the family reads that it has asked before. Nobody is moved to a stage that
    the table (casework/transitions.py) does not allow from where they stand.

    Returns:
        The requests whose families are to be told that there is news.
    """
    if own.request_id == other.request_id or not _lock(connection, own, other):
        return None
    connection.execute(delete(Tie).where(_between(own, other)))
    first, second = sorted((own, other), key=lambda side: side.person_id)
    row = {"id": new_id(), "request_id": first.request_id, "person_id": first.person_id}
    row |= {"other_request_id": second.request_id, "other_person_id": second.person_id}
    connection.execute(insert(Tie), {**row, "kind": kind.value, "account_id": by, "at": now})
    _note(connection, keys, own, other, f"tied_{kind}", by, now)
    told: list[int] = []
    for side, opposite in ((own, other), (other, own))[: _MOVED.get(kind, 0)]:
        what = Move(_STAGES[kind], by, opposite.reference)
        told += _move(connection, keys, side, what, now)
    return tuple(told)


def lift(connection: Connection, keys: KeyRing, request_id: int, tie_id: int, by: int, now: datetime) -> bool:
    """Take a tie of this request away; False where there is none. The stages stay until somebody moves them."""
    tied = next((each for each in of_request(connection, request_id) if each.id == tie_id), None)
    if tied is None:
        return False
    connection.execute(delete(Tie).where(Tie.id == tie_id))
    _note(connection, keys, tied.own, tied.other, "untied", by, now)
    return True


def of_request(connection: Connection, request_id: int) -> list[Tied]:
    """Return the ties of a request, the oldest first."""
    rows = connection.execute(
        select(Tie.__table__)
        .where(or_(Tie.request_id == request_id, Tie.other_request_id == request_id))
        .order_by(Tie.at, Tie.id)
    ).all()
    found = []
    for row in rows:
        sides = Side(row.request_id, row.person_id), Side(row.other_request_id, row.other_person_id)
        own, other = sides if row.request_id == request_id else sides[::-1]
        found.append(Tied(row.id, Kind(row.kind), own, other, row.account_id, row.at))
    return found


def one_chat(connection: Connection, request_id: int, others: Collection[int]) -> set[int]:
    """Return which of the other requests some account can open that can open this one too: it is one family's."""
    accounts = select(Access.account_id).where(Access.request_id == request_id)
    shared = select(Access.request_id).where(Access.request_id.in_(others), Access.account_id.in_(accounts))
    return set(connection.scalars(shared))


def suggestions(
    index: NameIndex, connection: Connection, keys: KeyRing, request_id: int, other: int | None = None
) -> list[Suggestion]:
    """Return whom of other requests somebody of this one may be, the likeliest first, at most `MOST_SUGGESTED`.

    What is tied already, also as two different people, is not suggested again.

    Args:
        other: look in this request alone, and name everybody in it, likely or not, tied or not.
    """
    with index.lock:
        index.follow(connection, keys)
        case = index.cases.get(request_id)
        if case is None:
            return []
        found = [(person, hit) for person in case.persons for hit in _alike(index, connection, person)]
        if other is not None:
            found = list(_all_of(index.cases.get(other), case, found))
    known = of_request(connection, request_id) if other is None else []
    chosen = islice(_each_once(found, request_id, known), MOST_SUGGESTED)
    return _as_they_stand(connection, request_id, list(chosen))


def _alike(index: NameIndex, connection: Connection, person: Entry) -> Iterator[Hit]:
    """Give everybody whose own names are like one of this person's, unless the rest speaks against it."""
    told = list(_told(person))
    for naming in person.namings:
        if naming.of in _OWN_NAMES:
            names = [NameTerm(word, _OWN_NAMES) for word in naming.words]
            for hit in fitting(index, connection, (*names, *told)):
                by_name = any(reason.of in _OWN_NAMES for reason in hit.reasons)
                if by_name and hit.score >= _LIKELY:
                    yield hit


def _told(person: Entry) -> Iterator[Term]:
    """Give what else is known of a person by which somebody can be known again."""
    for naming in person.namings:
        if naming.of in _PARENTS:
            yield from (NameTerm(word, frozenset({naming.of})) for word in naming.words)
    if person.years is not None:
        yield YearTerm(*person.years)
    if person.country != UNKNOWN:
        yield CountryTerm(person.country)


def _all_of(wanted: CaseEntry | None, case: CaseEntry, found: Sequence[Pair]) -> Iterator[Pair]:
    """Give each person of the wanted request beside each of this one, likely or not."""
    if wanted is None:
        return
    for own in case.persons:
        for theirs in wanted.persons:
            fits = (hit for person, hit in found if person is own and hit.person is theirs)
            yield own, next(fits, Hit(wanted, theirs, 0.0, ()))


def _each_once(found: Iterable[Pair], request_id: int, known: Iterable[Tied]) -> Iterator[Pair]:
    """Give the pairs that nothing is known of yet, the likeliest first."""
    given = {frozenset((each.own.person_id, each.other.person_id)) for each in known}
    for own, hit in sorted(found, key=lambda pair: -pair[1].score):
        if hit.person is not None and hit.request_id != request_id:
            pair = frozenset((own.person_id, hit.person.person_id))
            if pair not in given:
                given.add(pair)
                yield own, hit


def _as_they_stand(connection: Connection, request_id: int, found: Sequence[Pair]) -> list[Suggestion]:
    hits = {hit.request_id: hit for hit in standing(connection, [hit for _, hit in found])}
    shared = one_chat(connection, request_id, hits.keys())
    return [
        Suggestion(person, replace(hit, withdrawn=hits[hit.request_id].withdrawn), hit.request_id in shared)
        for person, hit in found
        if hit.request_id in hits
    ]


def _lock(connection: Connection, own: Side, other: Side) -> bool:
    """Lock both requests, always in one order; False where a person does not belong there, or it is erased."""
    there = connection.execute(
        select(Request.id)
        .where(Request.id.in_((own.request_id, other.request_id)), Request.erased_at.is_(None))
        .order_by(Request.id)
        .with_for_update()
    ).all()
    which = (Person.request_id == own.request_id, Person.id == own.person_id)
    both = or_(and_(*which), and_(Person.request_id == other.request_id, Person.id == other.person_id))
    persons = connection.execute(select(Person.id).where(both)).all()
    return len(there) == len(persons) == _SIDES


def _between(own: Side, other: Side) -> ColumnElement[bool]:
    first, second = sorted((own.person_id, other.person_id))
    return and_(Tie.person_id == first, Tie.other_person_id == second)


def _note(
    connection: Connection, keys: KeyRing, own: Side, other: Side, kind: str, by: int, now: datetime
) -> None:
    """Write it on both histories, which say nothing of each other, and into the audit log, which does."""
    for side in (own, other):
        note(connection, Happening(side.request_id, kind, side.person_id, by), now)
    deed = Deed(Action.TIE, by, other.request_id, own.request_id)
    audit.record(connection, keys, deed, now)


def _move(connection: Connection, keys: KeyRing, side: Side, what: Move, now: datetime) -> tuple[int, ...]:
    stand = moves.stand_of(connection, side.person_id)
    if stand is None or transition(stand.stage, what.to) is None:
        return ()
    return moves.move(connection, keys, {side.person_id: stand.stage}, what, now).told
