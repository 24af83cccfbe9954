"""What somebody has sent, to list, send back, remove and erase. How it came in: casework/files.py.

Removing destroys the keys of the files at once, so that neither folder nor backup can be read; the blobs themselves
are swept away a little later (bot/fetching.py).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, not_, or_, select, update

from casework import documents
from casework.access import How
from casework.events import Happening, note
from casework.files import Belongs, Purpose, State
from casework.paper_kinds import KINDS
from casework.refusals import Refusal
from db.models import Access, File, Message, Request, Submission
from db.sealed import DataKey, KeyRing, Place, SealBroken

_OWNERS = (
    How.FILED.value,
    How.RECEIPT.value,
)  # whoever was invited may remove only what they sent themselves

_REPLACES = "replaces."
_OWN = (
    Submission.purpose != Purpose.REPLY.value
)  # what staff send belongs to the conversation, not to who sent it


@dataclass(frozen=True)
class SubmittedFile:
    """One file.

    Attributes:
        kind: photo, document, voice or video_note.
        message_id: the message it came in.
        media_type: what the bytes were found to be, once stored.
        size: bytes, once stored.
        refused_for: why it was not kept.
    """

    file_id: int
    kind: str
    state: State
    caption: str
    message_id: int | None
    created_at: datetime
    media_type: str | None
    size: int | None
    refused_for: Refusal | None


@dataclass(frozen=True)
class Submitted:
    """One file or an album."""

    submission_id: int
    account_id: int
    request_id: int | None
    person_id: int | None
    purpose: str
    place: str | None
    created_at: datetime
    files: tuple[SubmittedFile, ...]

    @property
    def count(self) -> int:
        return len(self.files)

    @property
    def states(self) -> set[State]:
        return {file.state for file in self.files}

    @property
    def stored(self) -> list[SubmittedFile]:
        return [file for file in self.files if file.state is State.STORED]


def of_request(connection: Connection, keys: KeyRing, request_id: int) -> list[Submitted]:
    """Return what was sent for a request or a draft, whoever sent it, the oldest first; nothing that was removed."""
    return _read(connection, keys, Submission.request_id == request_id)


def of_account(
    connection: Connection, keys: KeyRing, account_id: int, request_id: int | None = None
) -> list[Submitted]:
    """Return all that an account has sent, or only for this request or draft, the oldest first; nothing that was
    removed.
    """
    mine = and_(Submission.account_id == account_id, _OWN)
    if request_id is not None:
        mine = and_(mine, Submission.request_id == request_id)
    return _read(connection, keys, mine)


def of_message(connection: Connection, keys: KeyRing, submission_id: int) -> Submitted | None:
    """Return what came with a message, whoever sent it; whoever calls it has found the message first."""
    return next(iter(_read(connection, keys, Submission.id == submission_id)), None)


def from_office(connection: Connection, keys: KeyRing, account_id: int) -> list[Submitted]:
    """Return the files that the office sent to an account, the oldest first."""
    return _read(connection, keys, Submission.id.in_(_sent_to(Message.account_id == account_id)))


def _sent_to(which: ColumnElement[bool]) -> Any:
    return select(Message.submission_id).where(
        which, Message.direction == "out", Message.submission_id.is_not(None)
    )


def arriving(connection: Connection, request_id: int) -> frozenset[tuple[int | None, str]]:
    """Return person and purpose of what was sent for a request or a draft and is not stored yet."""
    rows = connection.execute(
        select(Submission.person_id, Submission.purpose)
        .join(File, File.submission_id == Submission.id)
        .where(Submission.request_id == request_id, File.state == State.WAITING.value)
        .distinct()
    ).all()
    return frozenset((row.person_id, row.purpose) for row in rows)


def has_sent(connection: Connection, account_id: int, about: Belongs) -> bool:
    """Whether an account has sent something for this purpose that it has not removed."""
    found = select(Submission.id).where(
        Submission.account_id == account_id,
        Submission.request_id == about.request_id,
        Submission.person_id.is_not_distinct_from(about.person_id),
        Submission.purpose == about.purpose,
        Submission.removed_at.is_(None),
    )
    return connection.scalar(found.limit(1)) is not None


def has_any(connection: Connection, account_id: int, request_id: int | None = None) -> bool:
    """Whether an account has sent anything, or for this request or draft, that it has not removed."""
    found = select(Submission.id).where(
        Submission.account_id == account_id, Submission.removed_at.is_(None), _OWN
    )
    if request_id is not None:
        found = found.where(Submission.request_id == request_id)
    return connection.scalar(found.limit(1)) is not None


def replacing(submission_id: int) -> str:
    """Return the place (see `Belongs`) of what shall replace this submission once it is stored."""
    return f"{_REPLACES}{submission_id}"


def take_over(connection: Connection, submission_id: int, now: datetime) -> None:
    """Of a submission that is stored: remove the one that it replaces, if it is the same sender's and for the same."""
    new = connection.execute(select(Submission).where(Submission.id == submission_id)).one()
    if new.place is None or not new.place.startswith(_REPLACES):
        return
    old = connection.scalar(
        select(Submission.id).where(
            Submission.id == int(new.place.removeprefix(_REPLACES)),
            Submission.account_id == new.account_id,
            Submission.request_id == new.request_id,
            Submission.person_id.is_not_distinct_from(new.person_id),
            Submission.purpose == new.purpose,
        )
    )
    if old is not None:
        remove(connection, old, new.account_id, now)


def one(connection: Connection, keys: KeyRing, submission_id: int, account_id: int) -> Submitted | None:
    """Return one submission of this account; None where it is removed, unknown or somebody else's."""
    mine = and_(Submission.id == submission_id, Submission.account_id == account_id)
    return next(iter(_read(connection, keys, mine)), None)


def remove(connection: Connection, submission_id: int, account_id: int, now: datetime) -> bool:
    """Remove a submission for good; False where it is gone already, or not this account's to remove.

    It belongs to whoever sent it, and to whoever holds the request it was sent for.
    """
    held = select(Access.request_id).where(Access.account_id == account_id, Access.how.in_(_OWNERS))
    found = connection.execute(
        select(Submission.request_id, Submission.person_id, Submission.purpose)
        .where(
            Submission.id == submission_id,
            Submission.removed_at.is_(None),
            or_(Submission.account_id == account_id, Submission.request_id.in_(held)),
        )
        .with_for_update()
    ).one_or_none()
    if found is None:
        return False
    _destroy(connection, Submission.id == submission_id, now)
    if found.request_id is not None:
        _tell_the_case(connection, found, account_id, now)
    return True


def _tell_the_case(connection: Connection, removed: Any, account_id: int, now: datetime) -> None:
    """Write it on the history; a paper of which nothing is left goes back to "the family has it"."""
    request_id, code = removed.request_id, removed.purpose
    if connection.scalar(select(Request.id).where(Request.id == request_id)) is not None:
        note(connection, Happening(request_id, "file_removed", by=account_id), now)
    if code not in KINDS:
        return
    same = [Submission.request_id == request_id, Submission.purpose == code, Submission.removed_at.is_(None)]
    if not KINDS[code].of_requester:
        same.append(Submission.person_id == removed.person_id)
    left = connection.scalar(
        select(File.id)
        .join(Submission, Submission.id == File.submission_id)
        .where(*same, File.state == State.STORED.value)
        .limit(1)
    )
    if left is None:
        documents.taken_back(connection, request_id, removed.person_id, code, now, by=account_id)


def erase(
    connection: Connection,
    now: datetime,
    *,
    request_id: int | None = None,
    person_id: int | None = None,
    account_id: int | None = None,
) -> None:
    """Erase files for good, and what is known of the papers they were, without a word on any history.

    Args:
        request_id: all that was sent for this request or draft.
        person_id: all that was sent for this person of a request or draft.
        account_id: all that this account has sent to staff, or for what was never filed.
    """
    if request_id is not None:
        _destroy(connection, Submission.request_id == request_id, now)
        documents.forget(connection, request_id=request_id)
    if person_id is not None:
        _destroy(connection, Submission.person_id == person_id, now)
        documents.forget(connection, person_id=person_id)
    if account_id is not None:
        its_own = or_(
            Submission.request_id.is_(None),
            Submission.request_id.not_in(select(Request.id)),
            Submission.purpose == Purpose.TALK.value,
        )
        _destroy(connection, and_(Submission.account_id == account_id, its_own, _OWN), now)


def erase_letters(connection: Connection, messages: ColumnElement[bool], now: datetime) -> None:
    """Erase the files that the office sent with these messages, but for those that others were sent as well.

    Before the messages themselves are deleted.
    """
    others = _sent_to(not_(messages))
    _destroy(connection, and_(Submission.id.in_(_sent_to(messages)), Submission.id.not_in(others)), now)


def _destroy(connection: Connection, which: ColumnElement[bool], now: datetime) -> None:
    of_these = select(Submission.id).where(which, Submission.removed_at.is_(None))
    connection.execute(
        update(File)
        .where(File.submission_id.in_(of_these))
        .values(
            state=State.REMOVED.value,
            data_key=None,
            details=None,
            stored_as=None,
            lease_owner=None,
            lease_until=None,
        )
    )
    connection.execute(
        update(Submission).where(which, Submission.removed_at.is_(None)).values(removed_at=now, tell_at=None)
    )


def _read(connection: Connection, keys: KeyRing, which: ColumnElement[bool]) -> list[Submitted]:
    rows = connection.execute(
        select(Submission).where(which, Submission.removed_at.is_(None)).order_by(Submission.id)
    ).all()
    files = connection.execute(
        select(File)
        .join(Submission, Submission.id == File.submission_id)
        .where(which, File.state != State.REMOVED.value)
        .order_by(File.id)
    ).all()
    return [_submitted(keys, row, [file for file in files if file.submission_id == row.id]) for row in rows]


def _submitted(keys: KeyRing, row: Any, files: Iterable[Any]) -> Submitted:
    opened = sorted((opened_file(keys, file) for file in files), key=lambda file: file.message_id or 0)
    about = (row.id, row.account_id, row.request_id, row.person_id, row.purpose, row.place, row.created_at)
    return Submitted(*about, tuple(opened))


def opened_file(keys: KeyRing, row: Any) -> SubmittedFile:
    """Open a file's row; of one that was tampered with, what stands beside the seal."""
    try:
        details = key_of(keys, row.id, row.data_key).open(row.details, Place("file", "details", row.id))
    except SealBroken:
        details = {"caption": "", "message_id": None}
    return SubmittedFile(
        row.id,
        row.kind,
        State(row.state),
        details["caption"],
        details["message_id"],
        row.created_at,
        row.media_type,
        row.size,
        Refusal(row.refused_for) if row.refused_for else None,
    )


def key_of(keys: KeyRing, file_id: int, wrapped: bytes) -> DataKey:
    """Return the key of a file's row."""
    return keys.data_key(wrapped, Place("file", "data_key", file_id))
