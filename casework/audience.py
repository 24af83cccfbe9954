"""Whom a broadcast goes to: filters as a table, combined with "and" and "not", and counted before anything is written.

Each filter finds accounts; several values of one filter mean any of them. Who cannot be reached, or has said no to
such news, is counted apart and gets nothing. Urgent and ordinary news are two consents (casework/preferences.py).
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Self

from sqlalchemy import ColumnElement, Connection, Select, or_, select

from casework import counted
from casework.counted import WRITTEN
from casework.documents import DocumentState
from casework.groups import living
from casework.paper_kinds import KINDS
from casework.permissions import Role
from casework.questions import UNKNOWN
from casework.references import read_reference
from casework.stages import Stage
from casework.words import N_
from db.gathered import flush
from db.models import Access, Account, Document, Person, Request, Site
from db.sealed import KeyRing

MOST_REFERENCES = 500
NO_LANGUAGE = "none"  # stands for those who have not chosen one yet; they read the installation's first
ANY = "any"
_AT_ONCE = 500  # ids in one statement
_MISSING = (DocumentState.MISSING.value, DocumentState.REJECTED.value)

Accounts = set[int]
Find = Callable[[Connection, KeyRing, Sequence[str]], Accounts]
Offer = Callable[[Connection, KeyRing], list[str]]


@dataclass(frozen=True)
class Filter:
    """One way to choose people.

    Attributes:
        offer: the values that lead to anybody now; empty where there is nothing to choose.
        find: the accounts of any of these values, erased ones not among them.
        typed: its values are written, not chosen.
    """

    code: str
    words: str
    offer: Offer
    find: Find
    typed: bool = False


@dataclass(frozen=True)
class Term:
    """A filter with its values; `without` leaves out who it finds."""

    filter: str
    values: tuple[str, ...] = ()
    without: bool = False


@dataclass(frozen=True)
class Audience:
    """Everybody whom all terms let in."""

    terms: tuple[Term, ...] = ()

    @classmethod
    def from_json(cls, stored: Iterable[Any]) -> Self:
        return cls(tuple(Term(code, tuple(values), without) for code, values, without in stored))

    def to_json(self) -> list[Any]:
        return [[each.filter, list(each.values), each.without] for each in self.terms]


@dataclass(frozen=True)
class Count:
    """Who would get a broadcast, by language; and who of the audience would not."""

    languages: dict[str, int]
    unreachable: int
    said_no: int

    @property
    def reached(self) -> int:
        return sum(self.languages.values())


@dataclass(frozen=True)
class Recipient:
    account_id: int
    language: str  # a code, or `NO_LANGUAGE`


def everybody(connection: Connection, keys: KeyRing, audience: Audience) -> Accounts:
    """Return the accounts of an audience. Nobody where it only leaves out, or says nothing."""
    flush(connection)
    found: Accounts | None = None
    for term in audience.terms:
        if not term.without:
            some = BY_CODE[term.filter].find(connection, keys, term.values)
            found = some if found is None else found & some
    for term in audience.terms if found else ():
        if term.without and found:
            found -= BY_CODE[term.filter].find(connection, keys, term.values)
    return found or set()


def count(connection: Connection, keys: KeyRing, audience: Audience, *, urgent: bool) -> Count:
    """Count who would get it, the largest language first."""
    languages: Counter[str] = Counter()
    unreachable = said_no = 0
    for row in _accounts(connection, everybody(connection, keys, audience)):
        if row.unreachable_since is not None:
            unreachable += 1
        elif not (row.urgent_news if urgent else row.news):
            said_no += 1
        else:
            languages[row.language or NO_LANGUAGE] += 1
    return Count(dict(languages.most_common()), unreachable, said_no)


def recipients(connection: Connection, keys: KeyRing, audience: Audience, *, urgent: bool) -> list[Recipient]:
    """Return who gets it, as things stand at this moment."""
    return [
        Recipient(row.id, row.language or NO_LANGUAGE)
        for row in _accounts(connection, everybody(connection, keys, audience))
        if row.unreachable_since is None and (row.urgent_news if urgent else row.news)
    ]


def read_references(text: str) -> tuple[list[str], list[str]]:
    """Split what somebody wrote into references in their usual form, and what is none."""
    read = {each: read_reference(each) for each in text.replace(",", " ").replace(";", " ").split()}
    good = dict.fromkeys(each for each in read.values() if each is not None)
    return list(good), [each for each, reference in read.items() if reference is None]


def _accounts(connection: Connection, ids: Collection[int]) -> Iterable[Any]:
    ordered = sorted(ids)
    for start in range(0, len(ordered), _AT_ONCE):
        yield from connection.execute(
            select(Account.id, Account.language, Account.unreachable_since, Account.news, Account.urgent_news)
            .where(Account.id.in_(ordered[start : start + _AT_ONCE]), Account.erased_at.is_(None))
            .order_by(Account.id)
        ).all()


def _of_accounts(which: Callable[[Sequence[str]], ColumnElement[bool]]) -> Find:
    def find(connection: Connection, _keys: KeyRing, values: Sequence[str]) -> Accounts:
        return set(connection.scalars(select(Account.id).where(which(values), Account.erased_at.is_(None))))

    return find


def _of_persons(which: Callable[[Sequence[str]], ColumnElement[bool]]) -> Find:
    """Find who may open a request with such a person."""

    def find(connection: Connection, _keys: KeyRing, values: Sequence[str]) -> Accounts:
        return set(connection.scalars(_opening().join(Person).where(which(values))))

    return find


def _opening() -> Select[Any]:
    """Select the accounts that may open requests on which work goes on."""
    return (
        select(Access.account_id)
        .join(Account, Account.id == Access.account_id)
        .join(Request, Request.id == Access.request_id)
        .where(living(), Account.erased_at.is_(None))
        .distinct()
    )


def _who_open(connection: Connection, requests: Collection[int]) -> Accounts:
    ids, found = sorted(requests), set[int]()
    for start in range(0, len(ids), _AT_ONCE):
        found.update(
            connection.scalars(_opening().where(Access.request_id.in_(ids[start : start + _AT_ONCE])))
        )
    return found


def _in_region(connection: Connection, keys: KeyRing, values: Sequence[str]) -> Accounts:
    return _who_open(connection, counted.requests_in(connection, keys, values))


def _named(connection: Connection, keys: KeyRing, values: Sequence[str]) -> Accounts:
    known = [keys.lookup("reference", each) for each in values]
    return _who_open(
        connection, list(connection.scalars(select(Request.id).where(Request.reference_key.in_(known))))
    )


def _with_missing(connection: Connection, _keys: KeyRing, values: Sequence[str]) -> Accounts:
    """Find who may open a request with a paper that is missing, was sent back, or is asked for."""
    lacking = or_(Document.state.in_(_MISSING), Document.asked_at.is_not(None))
    kinds = [] if ANY in values else [Document.kind.in_(values)]
    return _who_open(
        connection, list(connection.scalars(select(Document.request_id).where(lacking, *kinds).distinct()))
    )


def _languages(connection: Connection, _keys: KeyRing) -> list[str]:
    found = connection.scalars(select(Account.language).where(Account.erased_at.is_(None)).distinct())
    return sorted((each or NO_LANGUAGE for each in found), key=lambda each: (each == NO_LANGUAGE, each))


def _regions(connection: Connection, keys: KeyRing) -> list[str]:
    with counted.following(connection, keys) as held:
        named = counted.regions(held.regions, 1)
    return [each.removeprefix(WRITTEN) for each in named if each.startswith(WRITTEN)]


def _in_use(column: Any) -> Offer:
    def offer(connection: Connection, _keys: KeyRing) -> list[str]:
        found = connection.scalars(
            select(column).join(Request, Request.id == Person.request_id).where(living()).distinct()
        )
        return sorted(
            (str(each) for each in found if each is not None), key=lambda each: (each == UNKNOWN, each)
        )

    return offer


def _stages(connection: Connection, keys: KeyRing) -> list[str]:
    used = _in_use(Person.stage)(connection, keys)
    return [stage.value for stage in Stage if stage.value in used]


def _sites(connection: Connection, _keys: KeyRing) -> list[str]:
    rows = connection.execute(
        select(Site.id, Site.name)
        .join(Person, Person.site_id == Site.id)
        .join(Request, Request.id == Person.request_id)
        .where(living())
        .distinct()
        .order_by(Site.name)
    )
    return [str(row.id) for row in rows]


def _nothing(_connection: Connection, _keys: KeyRing) -> list[str]:
    return []


def _everyone(_values: Sequence[str]) -> ColumnElement[bool]:
    return Account.erased_at.is_(None)


def _by_language(values: Sequence[str]) -> ColumnElement[bool]:
    chosen = Account.language.in_(values)
    return or_(chosen, Account.language.is_(None)) if NO_LANGUAGE in values else chosen


# In this order. A new way to choose people: a line here, and what its values are called in
# handlers/staff/audience_words.py.
FILTERS = (
    Filter("everyone", N_("Everybody"), _nothing, _of_accounts(_everyone)),
    Filter("language", N_("Language"), _languages, _of_accounts(_by_language)),
    Filter("region", N_("Where the family lives"), _regions, _in_region),
    Filter(
        "country",
        N_("Country of the person"),
        _in_use(Person.country),
        _of_persons(Person.country.in_),
    ),
    Filter(
        "place",
        N_("Place of the person"),
        _sites,
        _of_persons(lambda values: Person.site_id.in_([int(each) for each in values])),
    ),
    Filter("stage", N_("Stage"), _stages, _of_persons(Person.stage.in_)),
    Filter("papers", N_("Missing papers"), lambda *_: [ANY, *KINDS], _with_missing),
    Filter(
        "role",
        N_("Families or the team"),
        lambda *_: [each.value for each in Role],
        _of_accounts(Account.role.in_),
    ),
    Filter("references", N_("A list of references"), _nothing, _named, typed=True),
)
BY_CODE = {each.code: each for each in FILTERS}
