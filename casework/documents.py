"""The papers that make a request stronger: which there are, and how far each of them is.

The list is domain.md's; what each paper is good for and how to get it stands on an information page.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, delete, insert, or_, select, update

from casework.events import Happening, note
from casework.partial_dates import from_json, months_before, span
from casework.words import N_
from db.ids import new_id
from db.models import Document, Request


class DocumentState(StrEnum):
    """`have` and `missing` is what the family says; the rest is what happened to what they sent."""

    HAVE = "have"
    MISSING = "missing"
    SUBMITTED = "submitted"
    VERIFIED = "verified"
    REJECTED = "rejected"


@dataclass(frozen=True)
class DocumentKind:
    """One kind of paper.

    Attributes:
        good_for: what it is good for.
        how: how a family comes by it.
        of_requester: it is the requester's own: one for the whole request, whoever is asked about.
    """

    code: str
    label: str
    good_for: str
    how: str
    of_requester: bool = False


@dataclass(frozen=True)
class Paper:
    """How far one paper is; no state while the family has said nothing about it."""

    kind: DocumentKind
    state: DocumentState | None = None
    since: datetime | None = None

    @property
    def received(self) -> bool:
        return self.state in {DocumentState.SUBMITTED, DocumentState.VERIFIED}


@dataclass(frozen=True)
class Progress:
    """How many of the papers that are counted have come in."""

    received: int
    counted: int


DOCUMENTS = (
    DocumentKind(
        "birth_certificate",
        N_("Birth certificate"),
        N_("It shows who the person is and who the parents are."),
        N_("If it is lost, the register office where the birth was written down can give it again."),
    ),
    DocumentKind(
        "passport",
        N_("Passport"),
        N_("It shows who the person is and to which country they belong."),
        N_("If there is none any more, an old copy or a photo of its page helps."),
    ),
    DocumentKind(
        "mothers_documents",
        N_("Mother's documents"),
        N_(
            "For a child without papers, the mother's passport or birth certificate shows where the child belongs."
        ),
        N_("Look at home for her passport, birth certificate or insurance card, or for copies of them."),
    ),
    DocumentKind(
        "marriage_certificate",
        N_("Marriage certificate"),
        N_("It connects the names before and after the wedding."),
        N_("A paper from a mosque or from witnesses helps as well, where there was no register office."),
    ),
    DocumentKind(
        "requester_identity",
        N_("Your own identity document"),
        N_("It shows that the request comes from you."),
        N_("The page of your passport with your name is enough."),
        of_requester=True,
    ),
    DocumentKind(
        "proof_of_kinship",
        N_("Proof that you are family"),
        N_("It shows how you and the person are related."),
        N_("Birth and marriage certificates of those between you do this, or a court ruling."),
    ),
    DocumentKind(
        "mothers_consent",
        N_("Mother's consent"),
        N_("If the mother agrees that the child travels without her, this paper says so."),
        N_("Nobody may press her. Only if she wants to, she signs it; staff tell you how."),
    ),
    DocumentKind(
        "court_ruling",
        N_("Court ruling"),
        N_("A court can confirm a birth, a family tie or where a child shall live."),
        N_("The court that decided gives a copy. If there was no court, nothing is missing."),
    ),
    DocumentKind(
        "guardianship",
        N_("Guardianship decision"),
        N_("It says who cares for the child after the journey."),
        N_("The guardianship office where you live decides this. It can wait until staff ask for it."),
    ),
)
KINDS = {kind.code: kind for kind in DOCUMENTS}

# Which papers the progress counts. All are offered; these carry most of the work in most cases (our own choice).
_CHILD = (
    "birth_certificate",
    "mothers_documents",
    "requester_identity",
    "proof_of_kinship",
    "mothers_consent",
)
_ADULT = ("birth_certificate", "passport", "marriage_certificate", "requester_identity", "proof_of_kinship")
_EITHER = ("birth_certificate", "passport", "requester_identity", "proof_of_kinship")
_OF_AGE = 18 * 12  # months

# What may follow what the family says; what staff have found good stays so, whatever comes in beside it.
_SAID_OVER = frozenset({None, DocumentState.HAVE, DocumentState.MISSING, DocumentState.REJECTED})


def counted_for(birth: Any, today: date) -> tuple[DocumentKind, ...]:
    """Return the papers that are counted for a person, by the stored answer to when they were born.

    The age of majority is 18 in the Convention on the Rights of the Child, article 1. Where the age is not known,
    or may be on either side of it, only what helps everybody is counted.
    """
    return tuple(KINDS[code] for code in _codes(birth, today))


def _codes(birth: Any, today: date) -> Sequence[str]:
    if not isinstance(birth, dict) or "edtf" not in birth:  # not known, or told in a voice message
        return _EITHER
    first, last = span(from_json(birth).edtf)
    of_age = months_before(today, _OF_AGE)
    if first > of_age:
        return _CHILD
    return _ADULT if last <= of_age else _EITHER


def of_request(connection: Connection, request_id: int) -> dict[tuple[int, str], Paper]:
    """Return the papers of a request of which anything is known, by person and code (see `paper_of`)."""
    rows = connection.execute(
        select(Document.person_id, Document.kind, Document.state, Document.since).where(
            Document.request_id == request_id
        )
    ).all()
    return {
        (row.person_id, row.kind): Paper(KINDS[row.kind], DocumentState(row.state), row.since) for row in rows
    }


def paper_of(
    papers: dict[tuple[int, str], Paper], request_id: int, person_id: int, kind: DocumentKind
) -> Paper:
    """Return one person's paper of this kind out of the request's; the requester's own counts for everybody."""
    return papers.get((_owner(request_id, person_id, kind.code), kind.code), Paper(kind))


def progress(
    papers: dict[tuple[int, str], Paper], request_id: int, person_id: int, counted: Sequence[DocumentKind]
) -> Progress:
    """Count those of the counted papers that have come in."""
    received = sum(paper_of(papers, request_id, person_id, kind).received for kind in counted)
    return Progress(received, len(counted))


def missing_of(
    papers: dict[tuple[int, str], Paper], request_id: int, person_id: int, counted: Sequence[DocumentKind]
) -> list[Paper]:
    """Return the counted papers that have not come in and of which the family has not said that there are none."""
    all_of_them = [paper_of(papers, request_id, person_id, kind) for kind in counted]
    return [each for each in all_of_them if not each.received and each.state is not DocumentState.MISSING]


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
    owner = _owner(request_id, person_id, code)
    here = (Document.person_id == owner) & (Document.kind == code)
    before = connection.scalar(select(Document.state).where(here))
    if not _may_follow(before, state):
        return False
    if before is None:
        row = {"id": new_id(), "request_id": request_id, "person_id": owner, "kind": code}
        connection.execute(insert(Document), {**row, "state": state.value, "since": now})
    else:
        connection.execute(update(Document).where(here).values(state=state.value, since=now))
    _note(connection, request_id, None if KINDS[code].of_requester else person_id, f"{state}.{code}", by, now)
    return True


def submitted(
    connection: Connection, request_id: int, person_id: int | None, code: str, now: datetime
) -> bool:
    """A file of this paper is safely stored. What staff have found good stays so."""
    return set_state(connection, request_id, person_id, code, DocumentState.SUBMITTED, now)


def taken_back(
    connection: Connection, request_id: int, person_id: int | None, code: str, now: datetime, *, by: int
) -> None:
    """The family has removed the last file of a paper that was only received: they have it, it is not with us."""
    here = (Document.person_id == _owner(request_id, person_id, code)) & (Document.kind == code)
    held = here & (Document.state == DocumentState.SUBMITTED.value)
    changed = connection.execute(
        update(Document).where(held).values(state=DocumentState.HAVE.value, since=now)
    )
    if changed.rowcount:
        _note(
            connection,
            request_id,
            None if KINDS[code].of_requester else person_id,
            f"removed.{code}",
            by,
            now,
        )


def forget(connection: Connection, *, request_id: int | None = None, person_id: int | None = None) -> None:
    """Delete what is known of the papers of a draft that goes, or of one of its persons."""
    those = [Document.request_id == request_id] if request_id is not None else []
    those += [Document.person_id == person_id] if person_id is not None else []
    connection.execute(delete(Document).where(or_(*those)))


def _may_follow(before: str | None, state: DocumentState) -> bool:
    known = DocumentState(before) if before is not None else None
    if known is state:
        return False
    if state in {DocumentState.HAVE, DocumentState.MISSING}:
        return known in _SAID_OVER
    return not (state is DocumentState.SUBMITTED and known is DocumentState.VERIFIED)


def _owner(request_id: int, person_id: int | None, code: str) -> int:
    """Return what stands in Document.person_id: for the requester's own papers the request itself."""
    return request_id if person_id is None or KINDS[code].of_requester else person_id


def _note(
    connection: Connection, request_id: int, person_id: int | None, what: str, by: int | None, now: datetime
) -> None:
    """Write a change on the history of a request; a draft has none yet."""
    if connection.scalar(select(Request.id).where(Request.id == request_id)) is not None:
        note(connection, Happening(request_id, f"paper_{what}", person_id, by), now)
