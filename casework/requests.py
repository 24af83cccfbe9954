"""Filing a request, and reading one's own."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, func, insert, select

from casework import due
from casework.drafts import Draft
from casework.errors import NothingToSend, TooMany
from casework.events import STAGE, Happening, for_families, note
from casework.places import site_of
from casework.references import new_receipt_code, new_reference
from casework.stages import Stage
from casework.transitions import overdue_at
from db.gathered import write
from db.models import Access, Event, Person, Request
from db.prepared import Prepared
from db.sealed import DataKey, KeyRing, Place

_BEFORE_FILING = Prepared(
    select(
        select(func.count())
        .where(Access.account_id == bindparam("account_id"))
        .scalar_subquery()
        .label("held"),
        due.IN_FORCE.scalar_subquery().label("limits"),
    )
)
_NAMED = Prepared(select(Request.id).where(Request.reference_key == bindparam("reference_key")))
_ADD_REQUEST, _ADD_PERSON, _ADD_ACCESS = (insert(table) for table in (Request, Person, Access))

MOST_PER_ACCOUNT = 20
_FILED = "filed"  # how an account came to its own requests (casework/access.py)
_OF_ONESELF = ("name", "region", "phone", "hours")
RECEIVED, REQUEST_WITHDRAWN, PERSON_WITHDRAWN = "received", "withdrawn", "person_withdrawn"  # kinds of events


@dataclass(frozen=True)
class Filed:
    """What the family gets when a request is filed. The receipt code exists in readable form only here."""

    request_id: int
    reference: str
    receipt_code: str
    persons: int


@dataclass(frozen=True)
class PersonCard:
    person_id: int
    name: str
    stage: Stage
    since: datetime


@dataclass(frozen=True)
class TimelineEntry:
    """One event that a family may read of.

    Attributes:
        person_id: whom it is about; none where it is about several, or the whole request.
    """

    kind: str
    at: datetime
    person_id: int | None


@dataclass(frozen=True)
class Card:
    """A request as its family sees it."""

    request_id: int
    reference: str
    created_at: datetime
    persons: tuple[PersonCard, ...]
    timeline: tuple[TimelineEntry, ...]


def file(
    connection: Connection, keys: KeyRing, account_id: int, language: str, draft: Draft, now: datetime
) -> Filed:
    """Turn a complete draft into a request; everything or nothing, in the caller's transaction.

    Raises:
        NothingToSend: an answer is missing.
        TooMany: the account holds `MOST_PER_ACCOUNT` requests already.
    """
    if draft.first_open() is not None:
        raise NothingToSend
    before = _BEFORE_FILING.run(connection, {"account_id": account_id, "name": due.NAME}).one()
    if before.held >= MOST_PER_ACCOUNT:
        raise TooMany
    request_id, receipt_code = draft.request_id, new_receipt_code()
    reference = unused_reference(connection, keys)
    key, wrapped = keys.new_data_key(Place("request", "data_key", request_id))
    details = {"reference": reference, "requester": draft.requester, "entries": draft.entries}
    row = {
        "id": request_id,
        "reference_key": keys.lookup("reference", reference),
        "receipt_key": keys.lookup("receipt", f"{reference}:{receipt_code}"),
        "data_key": wrapped,
        "details": key.seal(details, Place("request", "details", request_id)),
        "language": language,
        "created_at": now,
        "expires_at": now,
        "due_at": overdue_at(Stage.RECEIVED, now, due.read(before.limits)),
    }
    write(connection, _ADD_REQUEST, [row])
    _put_persons(connection, key, request_id, draft, now)
    _link(connection, account_id, request_id, now)
    note(connection, Happening(request_id, RECEIVED, by=account_id), now, with_request=True)
    return Filed(request_id, reference, receipt_code, len(draft.persons))


def unused_reference(connection: Connection, keys: KeyRing, draw: Callable[[], str] = new_reference) -> str:
    """Return a reference that no request has: with a million of them one in 34,000 that are drawn is taken."""
    while True:
        drawn = draw()
        if _NAMED.run(connection, {"reference_key": keys.lookup("reference", drawn)}).first() is None:
            return drawn


def is_filed(connection: Connection, request_id: int) -> bool:
    """Whether this is a request; False where it is a draft, or erased."""
    there = Request.id == request_id, Request.erased_at.is_(None)
    return connection.scalar(select(Request.id).where(*there)) is not None


def cards_of(connection: Connection, keys: KeyRing, account_id: int) -> list[Card]:
    """Return every request this account may open, newest first: three queries however many they are."""
    linked = select(Access.request_id).where(Access.account_id == account_id)
    requests = connection.execute(
        select(Request.id, Request.data_key, Request.details, Request.created_at)
        .where(Request.id.in_(linked))
        .order_by(Request.created_at.desc(), Request.id.desc())
    ).all()
    persons = connection.execute(
        select(Person.id, Person.request_id, Person.stage, Person.stage_since, Person.details)
        .where(Person.request_id.in_(linked))
        .order_by(Person.position)
    ).all()
    events = connection.execute(
        select(Event.request_id, Event.person_id, Event.kind, Event.at)
        .where(Event.request_id.in_(linked))
        .order_by(Event.at, Event.id)
    ).all()
    withdrawn = _withdrawn(events)
    cards = []
    for request in requests:
        key = keys.data_key(request.data_key, Place("request", "data_key", request.id))
        cards.append(
            Card(
                request.id,
                key.open(request.details, Place("request", "details", request.id))["reference"],
                request.created_at,
                tuple(
                    _person_card(key, person, withdrawn.get(person.id))
                    for person in persons
                    if person.request_id == request.id
                ),
                tuple(
                    TimelineEntry(event.kind, event.at, event.person_id)
                    for event in events
                    if event.request_id == request.id and for_families(event.kind)
                ),
            )
        )
    return cards


_NEWEST_FILED = Prepared(
    select(Request.id, Request.data_key, Request.details)
    .join(Access, Access.request_id == Request.id)
    .where(
        Access.account_id == bindparam("account_id"),
        Access.how == bindparam("how"),
        Request.erased_at.is_(None),
    )
    .order_by(Request.created_at.desc(), Request.id.desc())  # of twenty at most
)


def requester_before(connection: Connection, keys: KeyRing, account_id: int) -> dict[str, Any]:
    """Return what the account said of itself in the newest request it filed; what was given is not asked again.

    Who they are to the persons is left out: that may be another thing each time. So is what was told in a voice
    message, which belongs to its request.
    """
    row = _NEWEST_FILED.run(connection, {"account_id": account_id, "how": _FILED}).first()
    if row is None:
        return {}
    key = keys.data_key(row.data_key, Place("request", "data_key", row.id))
    said = key.open(row.details, Place("request", "details", row.id))["requester"]
    return {what: said[what] for what in _OF_ONESELF if isinstance(said.get(what), str)}


def _withdrawn(events: Iterable[Any]) -> dict[int, datetime]:
    """Return since when persons are withdrawn; those whom staff took up again are so no longer."""
    since: dict[int, datetime] = {}
    for event in events:
        if event.kind == PERSON_WITHDRAWN:
            since[event.person_id] = event.at
        elif event.kind.startswith(STAGE):
            since.pop(event.person_id, None)
    return since


def _put_persons(connection: Connection, key: DataKey, request_id: int, draft: Draft, now: datetime) -> None:
    rows: list[dict[str, Any]] = []
    for position, (person_id, answers) in enumerate(
        zip(draft.person_ids, draft.persons, strict=True), start=1
    ):
        rows.append(
            {
                "id": person_id,
                "request_id": request_id,
                "position": position,
                "stage": Stage.RECEIVED,
                "stage_since": now,
                "country": answers["country"],
                "site_id": site_of(answers),
                "details": key.seal(answers, Place("person", "details", person_id)),
            }
        )
    write(connection, _ADD_PERSON, rows)


def _link(connection: Connection, account_id: int, request_id: int, now: datetime) -> None:
    row = {"account_id": account_id, "request_id": request_id, "since": now}
    write(connection, _ADD_ACCESS, [row])


def _person_card(key: DataKey, row: Any, withdrawn_at: datetime | None) -> PersonCard:
    details = key.open(row.details, Place("person", "details", row.id))
    name = details["name"]  # a voice message where somebody could not write it
    known = name if isinstance(name, str) else ""
    if row.stage == Stage.DECEASED and withdrawn_at is not None:
        # The family withdrew them: that they are not shown like the others would tell what staff have to tell.
        return PersonCard(row.id, known, Stage.WITHDRAWN, withdrawn_at)
    return PersonCard(row.id, known, Stage(row.stage), row.stage_since)
