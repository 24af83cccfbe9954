"""How far each paper of a request is: what the family says of it, what came of what they sent.

Which papers there are: casework/paper_kinds.py. What staff say of them: casework/checking.py.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, delete, insert, or_, select, update

from casework import asking
from casework.events import Happening, note
from casework.paper_kinds import DOCUMENTS, KINDS, DocumentKind
from db.ids import new_id
from db.models import Document, Request
from db.sealed import DataKey


class DocumentState(StrEnum):
    """`have` and `missing` is what the family says; the rest is what happened to what they sent."""

    HAVE = "have"
    MISSING = "missing"
    SUBMITTED = "submitted"
    VERIFIED = "verified"
    REJECTED = "rejected"


@dataclass(frozen=True)
class Paper:
    """How far one paper is; no state while the family has said nothing about it.

    Attributes:
        asked_at: since when the office asks for it.
        checked_at: when staff found it good or not, the last time.
        more_at: since when there is more of it than staff found good.
        rejected_for: why it cannot be used, a code of casework/rejections.py; until another one has come.
        document_id: its row; 0 while there is none.
    """

    kind: DocumentKind
    state: DocumentState | None = None
    since: datetime | None = None
    asked_at: datetime | None = None
    checked_at: datetime | None = None
    more_at: datetime | None = None
    rejected_for: str | None = None
    document_id: int = 0

    @property
    def received(self) -> bool:
        return self.state in {DocumentState.SUBMITTED, DocumentState.VERIFIED}

    @property
    def asked(self) -> bool:
        return self.asked_at is not None

    @property
    def to_check(self) -> bool:
        """Whether something has come that staff have not said anything about."""
        return self.state is DocumentState.SUBMITTED or self.more_at is not None


@dataclass(frozen=True)
class Progress:
    """How many of the papers that are counted have come in."""

    received: int
    counted: int


_OF_A_PAPER = (
    *(Document.id, Document.kind, Document.state, Document.since),
    *(Document.asked_at, Document.checked_at, Document.more_at, Document.rejected_for),
)

# What may follow what the family says; what staff have found good stays so, whatever comes in beside it.
_SAID_OVER = frozenset({None, DocumentState.HAVE, DocumentState.MISSING, DocumentState.REJECTED})
# What answers what the office asked for, and ends what it said of the one before.
_ANSWERS = frozenset({DocumentState.MISSING, DocumentState.SUBMITTED, DocumentState.VERIFIED})
UNSAID = "unsaid"  # stands as the state of a paper that is known only because the office asks for it
ANSWERED: dict[str, Any] = {"asked_at": None, "rejected_for": None, "remark": None, "more_at": None}


def of_request(connection: Connection, request_id: int) -> dict[tuple[int, str], Paper]:
    """Return the papers of a request of which anything is known, by person and code (see `paper_of`)."""
    rows = connection.execute(
        select(*_OF_A_PAPER, Document.person_id).where(Document.request_id == request_id)
    ).all()
    return {(row.person_id, row.kind): _paper(row) for row in rows}


def _paper(row: Any) -> Paper:
    times = (row.since, row.asked_at, row.checked_at, row.more_at)
    return Paper(KINDS[row.kind], _state(row.state), *times, row.rejected_for, row.id)


def _state(stored: str | None) -> DocumentState | None:
    return DocumentState(stored) if stored not in {None, UNSAID} else None


def place_of(connection: Connection, document_id: int) -> tuple[int, int | None, DocumentKind] | None:
    """Return which request's, whose (none: the requester's own) and what kind of paper a row is; None for no row."""
    row = connection.execute(
        select(Document.request_id, Document.person_id, Document.kind).where(Document.id == document_id)
    ).one_or_none()
    if row is None:
        return None
    kind = KINDS[row.kind]
    return row.request_id, None if kind.of_requester else row.person_id, kind


def paper_of(
    papers: dict[tuple[int, str], Paper], request_id: int, person_id: int, kind: DocumentKind
) -> Paper:
    """Return one person's paper of this kind out of the request's; the requester's own counts for everybody."""
    return papers.get((owner_of(request_id, person_id, kind.code), kind.code), Paper(kind))


def progress(
    papers: dict[tuple[int, str], Paper], request_id: int, person_id: int, counted: Sequence[DocumentKind]
) -> Progress:
    """Count those of the counted papers that have come in."""
    received = sum(paper_of(papers, request_id, person_id, kind).received for kind in counted)
    return Progress(received, len(counted))


def missing_of(
    papers: dict[tuple[int, str], Paper], request_id: int, person_id: int, counted: Sequence[DocumentKind]
) -> list[Paper]:
    """Return every paper that the office asks for, and the counted ones that have not come in and of which the family
    has not said that there are none.
    """
    all_of_them = [paper_of(papers, request_id, person_id, kind) for kind in DOCUMENTS]
    asked = [each for each in all_of_them if each.asked]
    rest = [paper_of(papers, request_id, person_id, kind) for kind in counted]
    return [*asked, *(each for each in rest if not each.asked and _is_missing(each))]


def _is_missing(paper: Paper) -> bool:
    return not paper.received and paper.state is not DocumentState.MISSING


def set_state(
    connection: Connection,
    request_id: int,
    person_id: int | None,
    code: str,
    state: DocumentState,
    now: datetime,
    *,
    by: int | None = None,
) -> bool:
    """Write down how far a paper is; of a request that is filed, on its history too. False if it is so already,
    or if the family says something of a paper that is with the office.

    Args:
        person_id: whose paper; none for the requester's own.
        code: of `DOCUMENTS`.
        by: the account that says so.
    """
    owner = owner_of(request_id, person_id, code)
    here = (Document.person_id == owner) & (Document.kind == code)
    before = connection.execute(select(Document.state, Document.asked_at).where(here)).one_or_none()
    if before is None:
        row = {"id": new_id(), "request_id": request_id, "person_id": owner, "kind": code}
        connection.execute(insert(Document), {**row, "state": state.value, "since": now})
    elif _may_follow(_state(before.state), state, asked=before.asked_at is not None):
        ended = ANSWERED if state in _ANSWERS else {}
        connection.execute(update(Document).where(here).values(state=state.value, since=now, **ended))
        asking.answered(connection, request_id)
    else:
        return False
    note_of(connection, Happening(request_id, f"paper_{state}.{code}", person_id, by), now)
    return True


def submitted(
    connection: Connection, request_id: int, person_id: int | None, code: str, now: datetime
) -> bool:
    """A file of this paper is safely stored. What staff have found good stays so, and they see that there is more."""
    if set_state(connection, request_id, person_id, code, DocumentState.SUBMITTED, now):
        return True
    here = (Document.person_id == owner_of(request_id, person_id, code)) & (Document.kind == code)
    good = here & (Document.state == DocumentState.VERIFIED.value)
    more = connection.execute(
        update(Document).where(good, Document.more_at.is_(None)).values(more_at=now, asked_at=None)
    )
    if not more.rowcount:
        return False
    asking.answered(connection, request_id)
    note_of(connection, Happening(request_id, f"paper_{DocumentState.SUBMITTED}.{code}", person_id), now)
    return True


def taken_back(
    connection: Connection, request_id: int, person_id: int | None, code: str, now: datetime, *, by: int
) -> None:
    """The family has removed the last file of a paper that was only received: they have it, it is not with us."""
    here = (Document.person_id == owner_of(request_id, person_id, code)) & (Document.kind == code)
    held = here & (Document.state == DocumentState.SUBMITTED.value)
    changed = connection.execute(
        update(Document).where(held).values(state=DocumentState.HAVE.value, since=now)
    )
    if changed.rowcount:
        note_of(connection, Happening(request_id, f"paper_removed.{code}", person_id, by), now)


def forget(connection: Connection, *, request_id: int | None = None, person_id: int | None = None) -> None:
    """Delete what is known of the papers of a draft that goes, or of one of its persons."""
    those = [Document.request_id == request_id] if request_id is not None else []
    those += [Document.person_id == person_id] if person_id is not None else []
    connection.execute(delete(Document).where(or_(*those)))


def _may_follow(known: DocumentState | None, state: DocumentState, *, asked: bool) -> bool:
    if known is state:
        return asked and state is DocumentState.MISSING  # an answer also where it was said before
    if state in {DocumentState.HAVE, DocumentState.MISSING}:
        return known in _SAID_OVER
    return not (state is DocumentState.SUBMITTED and known is DocumentState.VERIFIED)


def owner_of(request_id: int, person_id: int | None, code: str) -> int:
    """Return what stands in Document.person_id: for the requester's own papers the request itself."""
    return request_id if person_id is None or KINDS[code].of_requester else person_id


def note_of(connection: Connection, what: Happening, now: datetime, key: DataKey | None = None) -> None:
    """Write what happened to a paper on the history of its request; a draft has none yet."""
    if KINDS[what.kind.partition(".")[2]].of_requester:
        what = replace(what, person_id=None)
    if connection.scalar(select(Request.id).where(Request.id == what.request_id)) is not None:
        note(connection, what, now, key)
