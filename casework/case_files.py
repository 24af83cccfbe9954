"""A case as staff see it: everything about one request in a fixed number of queries, however much there is of it."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, func, select

from casework import checking, documents, dossiers, facts, whereabouts
from casework.caseload import Case
from casework.documents import Paper, Progress
from casework.dossiers import Dossier, Said
from casework.facts import Known
from casework.paper_kinds import counted_for
from casework.stages import Stage
from casework.whereabouts import Word
from db.models import Access, Account, CaseNote, Event, Flight, Message, Person, Request, Site
from db.sealed import KeyRing, Place

_SHOWN_EVENTS = 12


@dataclass(frozen=True)
class PersonFile:
    """One person of a case.

    Attributes:
        site: what the place of the list is called, at which the office thinks them.
        word: the office's own word on where they are; none as long as it goes by the family's.
        flight: what the flight is called that they are on.
        missing: of the papers that are counted for them, those that have not come in; and what the office asks for.
    """

    said: Said
    stage: Stage
    since: datetime
    country: str
    site_id: int | None
    site: str | None
    word: Word | None
    flight_id: int | None
    flight: str | None
    papers: Progress
    missing: tuple[Paper, ...]
    facts: tuple[Known, ...]


@dataclass(frozen=True)
class Entry:
    """One event of the history; what exactly changed, where staff may read it."""

    kind: str
    at: datetime
    person_id: int | None
    by: int | None
    details: Any


@dataclass(frozen=True)
class CaseFile:
    """Everything about one request.

    Attributes:
        families: the accounts that can open it, the earliest first.
        unreachable: whether none of them can be reached.
        last_contact: when the last message went either way.
        unread: messages of the family that nobody of the team has opened.
        waiting_since: since when the family owes an answer.
        kept: whether an admin forbids to erase it.
        warned_at: when staff were told that it expires; none where it does not soon.
        to_check: papers that came and that nobody of the team has said anything about.
    """

    case: Case
    dossier: Dossier
    language: str
    created_at: datetime
    expires_at: datetime
    waiting_since: datetime | None
    unanswered_since: datetime | None
    due_at: datetime | None
    kept: bool
    warned_at: datetime | None
    persons: tuple[PersonFile, ...]
    history: tuple[Entry, ...]
    families: tuple[int, ...]
    unreachable: bool
    last_contact: datetime | None
    unread: int
    notes: int
    to_check: int

    @property
    def request_id(self) -> int:
        return self.case.request_id

    @property
    def reference(self) -> str:
        return self.dossier.reference


def open_case(connection: Connection, keys: KeyRing, request_id: int, today: date) -> CaseFile | None:
    """Open a case; None where there is none, or it is erased. Whoever calls it has asked and audits."""
    dossier = dossiers.open_for_staff(connection, keys, request_id)
    if dossier is None:
        return None
    row = connection.execute(select(Request).where(Request.id == request_id)).one()
    papers = documents.of_request(connection, request_id)
    families, unreachable = _families(connection, request_id)
    last_contact, unread = _contact(connection, request_id)
    return CaseFile(
        Case(request_id, row.holder_id, row.withdrawn_at is not None, erased=False),
        dossier,
        row.language,
        row.created_at,
        row.expires_at,
        row.asked_at,
        row.unanswered_since,
        row.due_at,
        row.kept_by_id is not None,
        row.warned_at,
        _persons(connection, keys, dossier, papers, today),
        _history(connection, keys, dossier),
        families,
        unreachable,
        last_contact,
        unread,
        connection.scalar(select(func.count()).where(CaseNote.request_id == request_id)) or 0,
        checking.to_check(papers.values()),
    )


def _persons(
    connection: Connection, keys: KeyRing, dossier: Dossier, papers: dict[tuple[int, str], Paper], today: date
) -> tuple[PersonFile, ...]:
    words = whereabouts.words_on(connection, dossier.data_key(keys), dossier.request_id)
    rows = connection.execute(
        select(
            Person.id,
            Person.stage,
            Person.stage_since,
            Person.country,
            Person.site_id,
            Site.name.label("site"),
            Person.flight_id,
            Flight.called.label("flight"),
        )
        .outerjoin(Site, Site.id == Person.site_id)
        .outerjoin(Flight, Flight.id == Person.flight_id)
        .where(Person.request_id == dossier.request_id)
    ).all()
    by_id = {row.id: row for row in rows}
    known = facts.of_request(connection, dossier.data_key(keys), dossier.request_id)
    files = []
    for said in dossier.persons:
        row = by_id[said.id]
        counted = counted_for(said.answers.get("birth"), today)
        files.append(
            PersonFile(
                said,
                Stage(row.stage),
                row.stage_since,
                row.country,
                row.site_id,
                row.site,
                words.get(said.id),
                row.flight_id,
                row.flight,
                documents.progress(papers, dossier.request_id, said.id, counted),
                tuple(documents.missing_of(papers, dossier.request_id, said.id, counted)),
                tuple(known.get(said.id, {}).values()),
            )
        )
    return tuple(files)


def _history(connection: Connection, keys: KeyRing, dossier: Dossier) -> tuple[Entry, ...]:
    """Return the newest events, the newest first."""
    rows = connection.execute(
        select(Event.id, Event.kind, Event.at, Event.person_id, Event.account_id, Event.details)
        .where(Event.request_id == dossier.request_id)
        .order_by(Event.at.desc(), Event.id.desc())
        .limit(_SHOWN_EVENTS)
    ).all()
    key = dossier.data_key(keys)
    return tuple(
        Entry(
            row.kind,
            row.at,
            row.person_id,
            row.account_id,
            key.open(row.details, Place("event", "details", row.id)) if row.details is not None else None,
        )
        for row in rows
    )


def _families(connection: Connection, request_id: int) -> tuple[tuple[int, ...], bool]:
    rows = connection.execute(
        select(Access.account_id, Account.unreachable_since)
        .join(Account, Account.id == Access.account_id)
        .where(Access.request_id == request_id)
        .order_by(Access.since)
    ).all()
    return tuple(row.account_id for row in rows), all(row.unreachable_since is not None for row in rows)


def _contact(connection: Connection, request_id: int) -> tuple[datetime | None, int]:
    unread = func.count().filter(Message.direction == "in", Message.read_at.is_(None))
    row = connection.execute(
        select(func.max(Message.at), unread).where(Message.request_id == request_id)
    ).one()
    return row[0], row[1] or 0
