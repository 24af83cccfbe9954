"""What staff say of papers: found good, sent back with a reason, asked for. And what they look at to say so.

Whoever decides says what they saw. Where it has changed since, by a colleague or by the family, nothing is done.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from casework import asking, documents, submissions
from casework.documents import ANSWERED, UNSAID, DocumentState, Paper, note_of, owner_of
from casework.events import Happening
from casework.files import State
from casework.paper_kinds import DOCUMENTS, KINDS, DocumentKind
from casework.rejections import Rejection
from casework.submissions import Submitted, SubmittedFile
from db.ids import new_id
from db.models import Document, Event, Request
from db.sealed import DataKey, KeyRing, Place

VERIFIED, REJECTED, ASKED, UNASKED = "paper_verified.", "paper_rejected.", "paper_asked.", "paper_unasked."


@dataclass(frozen=True)
class Held:
    """One paper as the office holds it: how far it is, and what was sent of it, the oldest first.

    Attributes:
        person_id: whose it is; none for the requester's own.
    """

    paper: Paper
    request_id: int
    person_id: int | None
    sent: tuple[Submitted, ...]

    @property
    def kind(self) -> DocumentKind:
        return self.paper.kind

    @property
    def stored(self) -> list[SubmittedFile]:
        return [file for each in self.sent for file in each.stored]

    @property
    def fresh(self) -> list[SubmittedFile]:
        """Return what came in since staff looked at it last, if they ever did."""
        before = self.paper.checked_at
        return [] if before is None else [file for file in self.stored if file.created_at > before]

    @property
    def arrives(self) -> bool:
        """Whether something was sent that is not stored yet."""
        return any(State.WAITING in each.states for each in self.sent)

    @property
    def known(self) -> bool:
        """Whether anything was said or sent, or is asked for."""
        return bool(self.sent) or self.paper.state is not None or self.paper.asked

    @property
    def seen(self) -> str:
        """Return what tells whether it has changed: hold the one that was shown against the one there is."""
        paper = self.paper
        stored = [each.file_id for each in self.stored]
        return repr([paper.state and paper.state.value, str(paper.since), str(paper.asked_at), stored])

    @property
    def may_be_rejected(self) -> bool:
        return bool(self.stored) and self.paper.state in _DECIDABLE

    @property
    def may_be_found_good(self) -> bool:
        good = self.paper.state is DocumentState.VERIFIED and not self.paper.to_check
        return self.may_be_rejected and not good

    @property
    def may_be_asked(self) -> bool:
        """What has come is looked at before it is asked for again."""
        return not self.paper.asked and not self.paper.to_check


_DECIDABLE = frozenset({DocumentState.SUBMITTED, DocumentState.VERIFIED, DocumentState.REJECTED})


def of_person(connection: Connection, keys: KeyRing, request_id: int, person_id: int) -> list[Held]:
    """Return every paper of a person, and the requester's own: those that wait to be checked or that are asked for
    stand first.
    """
    papers = documents.of_request(connection, request_id)
    sent = submissions.of_request(connection, keys, request_id)
    held = [_held(papers, sent, request_id, person_id, kind) for kind in DOCUMENTS]
    return sorted(held, key=lambda each: (not each.paper.to_check, not each.paper.asked, not each.known))


def _held(
    papers: dict[tuple[int, str], Paper],
    sent: Sequence[Submitted],
    request_id: int,
    person_id: int,
    kind: DocumentKind,
) -> Held:
    whose = None if kind.of_requester else person_id
    paper = documents.paper_of(papers, request_id, person_id, kind)
    of_it = tuple(
        each
        for each in sent
        if each.purpose == kind.code and (kind.of_requester or each.person_id == person_id)
    )
    return Held(paper, request_id, whose, of_it)


def others(connection: Connection, keys: KeyRing, request_id: int) -> list[Submitted]:
    """Return what was sent for a request and is no paper: portraits, voices, messages; the newest first."""
    found = submissions.of_request(connection, keys, request_id)
    return [each for each in reversed(found) if each.purpose not in KINDS]


def to_check(papers: Iterable[Paper]) -> int:
    """Count the papers that wait for somebody to look at them."""
    return sum(each.to_check for each in papers)


def to_check_of_each(connection: Connection, request_id: int, persons: Iterable[int]) -> dict[int, int]:
    """Count them for each person of a request; the requester's own counts for everybody."""
    papers = documents.of_request(connection, request_id)
    return {
        person: to_check(paper for (owner, _), paper in papers.items() if owner in {person, request_id})
        for person in persons
    }


def remarks(connection: Connection, key: DataKey, request_id: int) -> dict[int, str]:
    """Return what staff added to why papers of a request cannot be used, by the papers' rows.

    Args:
        key: the request's.
    """
    rows = connection.execute(
        select(Document.id, Document.remark).where(
            Document.request_id == request_id, Document.remark.is_not(None)
        )
    ).all()
    return {row.id: key.open(row.remark, Place("document", "remark", row.id)) for row in rows}


def decided_by(connection: Connection, held: Held) -> int | None:
    """Return who of the office made it stand as it does; None where it was not the office."""
    kinds = [f"{each}{held.kind.code}" for each in (VERIFIED, REJECTED, ASKED)]
    since = {held.paper.since, held.paper.asked_at} - {None}
    found: int | None = connection.scalar(
        select(Event.account_id)
        .where(
            Event.request_id == held.request_id,
            Event.person_id.is_not_distinct_from(held.person_id),
            Event.kind.in_(kinds),
            Event.at.in_(since),
        )
        .order_by(Event.id.desc())
        .limit(1)
    )
    return found


def verify(connection: Connection, held: Held, by: int, now: datetime) -> bool:
    """Find a paper good. False where it has changed since it was read: then nothing is done."""
    if not _decide(connection, held, {**ANSWERED, "state": DocumentState.VERIFIED.value}, now):
        return False
    _note(connection, held, VERIFIED, by, now)
    asking.answered(connection, held.request_id)
    return True


def reject(
    connection: Connection, key: DataKey, held: Held, why: Rejection, remark: str, by: int, now: datetime
) -> bool:
    """Send a paper back: the family reads why, and is asked for it again. False as in `verify`.

    Args:
        key: the request's.
        remark: in the words of staff, what is wrong; may be empty where the reason says it.
    """
    place = Place("document", "remark", held.paper.document_id)
    said = {"rejected_for": why.code, "remark": key.seal(remark, place) if remark else None}
    change = {"state": DocumentState.REJECTED.value, "asked_at": now, "more_at": None, **said}
    if not _decide(connection, held, change, now):
        return False
    _note(connection, held, REJECTED, by, now, key, {"reason": why.code, "remark": remark})
    asking.asked(connection, held.request_id, now)
    return True


def ask(connection: Connection, held: Held, by: int, now: datetime) -> int:
    """Ask the family for a paper; return its row."""
    document_id = held.paper.document_id or new_id()
    if held.paper.document_id:
        connection.execute(update(Document).where(Document.id == document_id).values(asked_at=now))
    else:
        row: dict[str, Any] = {"id": document_id, "request_id": held.request_id, "kind": held.kind.code}
        row["person_id"] = owner_of(held.request_id, held.person_id, held.kind.code)
        connection.execute(insert(Document), {**row, "state": UNSAID, "since": now, "asked_at": now})
    _note(connection, held, ASKED, by, now)
    asking.asked(connection, held.request_id, now)
    return document_id


def ask_no_more(connection: Connection, held: Held, by: int, now: datetime) -> None:
    """It is not needed any more."""
    here = Document.id == held.paper.document_id
    connection.execute(update(Document).where(here).values(asked_at=None))
    _note(connection, held, UNASKED, by, now)
    asking.answered(connection, held.request_id)


def _decide(connection: Connection, held: Held, change: dict[str, Any], now: datetime) -> bool:
    known = held.paper.state
    as_it_was = (
        Document.id == held.paper.document_id,
        Document.state == (known.value if known is not None else UNSAID),
        Document.since == held.paper.since,
    )
    changed = connection.execute(
        update(Document).where(*as_it_was).values(since=now, checked_at=now, **change)
    )
    return changed.rowcount > 0


def _note(
    connection: Connection,
    held: Held,
    what: str,
    by: int,
    now: datetime,
    key: DataKey | None = None,
    details: Any = None,
) -> None:
    kind = f"{what}{held.kind.code}"
    note_of(connection, Happening(held.request_id, kind, held.person_id, by, details), now, key)


def holder_to_tell(connection: Connection, request_id: int, now: datetime) -> int | None:
    """Return who works on a request and is to be told of its papers; None once they were told, until they look."""
    told = connection.execute(
        update(Request)
        .where(Request.id == request_id, Request.holder_id.is_not(None), Request.papers_told_at.is_(None))
        .values(papers_told_at=now)
        .returning(Request.holder_id)
    ).one_or_none()
    return told.holder_id if told is not None else None


def looked(connection: Connection, request_id: int) -> None:
    """Whoever works on a request has looked at its papers: of what comes from now on they are told again."""
    connection.execute(
        update(Request)
        .where(Request.id == request_id, Request.papers_told_at.is_not(None))
        .values(papers_told_at=None)
    )
