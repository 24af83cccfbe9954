"""Erasing an account, and the requests that only it can open. What is decided here: docs/decisions/0009-erasing.md.

What is left is a tombstone: ids, times and codes from fixed lists. Keys are destroyed, so that what is sealed with them
cannot be opened in a backup's files either, and what they sealed is emptied.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection, and_, delete, func, or_, select, update

from casework import approvals, asking, messages, submissions
from casework.events import Happening, note
from casework.questions import UNKNOWN
from casework.reminding import rows
from db.gathered import flush
from db.models import (
    Access,
    Account,
    CaseNote,
    Consent,
    Dialog,
    Document,
    Event,
    Fact,
    Invitation,
    Message,
    Outbox,
    Person,
    Reminder,
    RemovedRequest,
    Request,
    SeenUpdate,
    SetAside,
    Submission,
    Tie,
)
from db.randomness import random_bytes

NO_KEY = b""  # stands where a wrapped key was; nothing opens with it
_NOTHING = b""
_LOOKUP_BYTES = 32


class Fate(StrEnum):
    """What becomes of the requests that only this account can open."""

    OFFICE = "office"  # they stay; reference and receipt code still open them
    ERASED = "erased"


@dataclass(frozen=True)
class Holdings:
    """The requests an account can open: alone, or with others, with whom they stay in any case."""

    sole: tuple[int, ...]
    shared: tuple[int, ...]


def holdings(connection: Connection, account_id: int) -> Holdings:
    mine = select(Access.request_id).where(Access.account_id == account_id)
    rows = connection.execute(
        select(Access.request_id, func.count().label("holders"))
        .where(Access.request_id.in_(mine))
        .group_by(Access.request_id)
        .order_by(Access.request_id)
    ).all()
    sole = tuple(row.request_id for row in rows if row.holders == 1)
    return Holdings(sole, tuple(row.request_id for row in rows if row.holders > 1))


def erase_account(
    connection: Connection,
    account_id: int,
    fate: Fate,
    now: datetime,
    *,
    draft: int | None = None,
    keep_address: bool = False,
) -> None:
    """Erase an account; the person who writes again is a new one.

    Args:
        fate: of the requests that nobody else can open.
        draft: the id a request would have had that was not sent (casework/drafts.py).
        keep_address: leave key and address until the last messages are out; `forget_address` ends that.
    """
    flush(connection)  # what this transaction has yet to write must not come after what is erased
    _lock_requests(connection, account_id)
    held = holdings(connection, account_id)
    if fate is Fate.ERASED:
        for request_id in held.sole:
            _erase_or_wait(connection, request_id, now)
    if draft is not None:
        _erase_papers(connection, draft, now)
    _erase_what_was_written(connection, account_id, now)
    _unlink(connection, account_id)
    if not held.shared and (fate is Fate.ERASED or not held.sole):
        # Of what was agreed to nothing is left; otherwise the record stays with what it was the reason for.
        connection.execute(delete(Consent).where(Consent.account_id == account_id))
    _leave_tombstone(connection, account_id, now, keep_address=keep_address)


def erase_draft(connection: Connection, account_id: int, draft: int | None, now: datetime) -> None:
    """Erase a request that was begun and never sent; the person begins at the menu again."""
    flush(connection)
    if draft is not None:
        _erase_papers(connection, draft, now)
    nowhere = {"step": "", "state": None, "token": None}
    connection.execute(update(Dialog).where(Dialog.account_id == account_id).values(**nowhere))


def forget_address(connection: Connection, account_id: int) -> None:
    """Destroy the key and the address that were kept for the last messages, and these with them."""
    connection.execute(delete(Outbox).where(Outbox.account_id == account_id))
    connection.execute(
        update(Account)
        .where(Account.id == account_id, Account.erased_at.is_not(None))
        .values(data_key=NO_KEY, address=_NOTHING)
    )


def erase_request(connection: Connection, request_id: int, now: datetime) -> None:
    """Erase a request with everything in it; its reference and receipt code lead nowhere from now on."""
    flush(connection)
    fresh = {"reference_key": random_bytes(_LOOKUP_BYTES), "receipt_key": random_bytes(_LOOKUP_BYTES)}
    connection.execute(
        update(Request)
        .where(Request.id == request_id)
        .values(
            **fresh,
            data_key=NO_KEY,
            details=_NOTHING,
            language="",
            erased_at=now,
            kept_by_id=None,
            kept_for=None,
        )
    )
    connection.execute(
        update(Person)
        .where(Person.request_id == request_id)
        .values(details=_NOTHING, country=UNKNOWN, site_id=None, flight_id=None)
    )
    connection.execute(update(Event).where(Event.request_id == request_id).values(details=None))
    for table in (Access, CaseNote, Fact, Invitation):
        connection.execute(delete(table).where(table.request_id == request_id))
    connection.execute(
        delete(Tie).where(or_(Tie.request_id == request_id, Tie.other_request_id == request_id))
    )
    # What somebody else wrote about it, who could open it once, is in their own thread; they are asked nothing more.
    messages.unask(connection, request_id)
    connection.execute(update(Message).where(Message.request_id == request_id).values(request_id=None))
    approvals.forget(connection, request_id)
    rows.forget(connection, Reminder.request_id == request_id)
    _erase_papers(connection, request_id, now)
    # By this every process's memory of names (casework/name_index.py) learns of it.
    note(connection, Happening(request_id, "erased"), now)


def erase_requests(connection: Connection, account_id: int, requests: Iterable[int], now: datetime) -> None:
    """Erase requests of an account that stays, with what it wrote about them; those on hold as soon as that ends."""
    for request_id in requests:
        erase_written_about(connection, account_id, request_id, now)
        _erase_or_wait(connection, request_id, now)


def on_hold(connection: Connection, requests: Collection[int]) -> list[int]:
    """Return those of these requests that an admin forbids to erase (casework/retention.py)."""
    kept = Request.id.in_(requests), Request.kept_by_id.is_not(None), Request.erased_at.is_(None)
    return list(connection.scalars(select(Request.id).where(*kept).order_by(Request.id)))


def _erase_or_wait(connection: Connection, request_id: int, now: datetime) -> None:
    """Erase a request as its family wants; on hold it waits for that to end, and is open to nobody of theirs."""
    held = select(Request.kept_by_id).where(Request.id == request_id).with_for_update()
    if connection.scalar(held) is None:
        erase_request(connection, request_id, now)
        return
    values = {"erasure_asked_at": now, "receipt_key": random_bytes(_LOOKUP_BYTES)}
    connection.execute(update(Request).where(Request.id == request_id).values(values))
    messages.unask(connection, request_id)
    rows.forget(connection, Reminder.request_id == request_id)
    for table in (Access, Invitation):
        connection.execute(delete(table).where(table.request_id == request_id))
    note(connection, Happening(request_id, "erasure_asked"), now)


def erase_written_about(connection: Connection, account_id: int, request_id: int, now: datetime) -> None:
    """Erase what an account that stays wrote about a request, and what quotes it where it never arrived."""
    _erase_messages(connection, account_id, now, request_id)
    _erase_set_aside(connection, account_id)
    # What never arrived is kept for staff to see, and may quote answers.
    connection.execute(
        update(Outbox)
        .where(Outbox.account_id == account_id, Outbox.state.in_(("uncertain", "blocked", "dead")))
        .values(payload=None)
    )


def _lock_requests(connection: Connection, account_id: int) -> None:
    """Let nobody be given a request that is found to have no other holder."""
    mine = select(Access.request_id).where(Access.account_id == account_id)
    connection.execute(
        select(Request.id).where(Request.id.in_(mine)).order_by(Request.id).with_for_update()
    ).all()


def _erase_papers(connection: Connection, request_id: int, now: datetime) -> None:
    connection.execute(delete(Document).where(Document.request_id == request_id))
    submissions.erase(connection, now, request_id=request_id)
    connection.execute(
        update(Submission).where(Submission.request_id == request_id).values(album_key=None, place=None)
    )


def _erase_what_was_written(connection: Connection, account_id: int, now: datetime) -> None:
    """Erase the thread with the office and its files, updates set aside, and messages on their way."""
    _erase_messages(connection, account_id, now)
    submissions.erase(connection, now, account_id=account_id)
    # What was sent for a request that stays belongs to it; nobody is to be told of it any more.
    connection.execute(
        update(Submission).where(Submission.account_id == account_id).values(album_key=None, tell_at=None)
    )
    _erase_set_aside(connection, account_id)
    connection.execute(delete(Outbox).where(Outbox.account_id == account_id))
    rows.forget(connection, Reminder.account_id == account_id)
    connection.execute(
        update(SeenUpdate).where(SeenUpdate.account_id == account_id).values(account_id=None, message_id=None)
    )


def _erase_messages(
    connection: Connection, account_id: int, now: datetime, request_id: int | None = None
) -> None:
    """Erase an account's thread, or what of it is about a request. What others wait for stays as it is."""
    those = Message.account_id == account_id
    if request_id is not None:
        those = and_(those, Message.request_id == request_id)
    about = connection.scalars(select(Message.request_id).where(those).distinct()).all()
    submissions.erase_letters(connection, those, now)
    connection.execute(delete(Message).where(those))
    for each in about:
        if each is not None:
            messages.reckon(connection, each)
            asking.answered(connection, each)


def _erase_set_aside(connection: Connection, account_id: int) -> None:
    sender = select(Account.telegram_key).where(Account.id == account_id).scalar_subquery()
    connection.execute(delete(SetAside).where(SetAside.telegram_key == sender))


def _unlink(connection: Connection, account_id: int) -> None:
    """Take away what the account can open, and where it stands. Wrong guesses are counted on: they name nobody."""
    for table in (Access, Invitation, RemovedRequest, Dialog):
        connection.execute(delete(table).where(table.account_id == account_id))


def _leave_tombstone(connection: Connection, account_id: int, now: datetime, *, keep_address: bool) -> None:
    gone = {} if keep_address else {"data_key": NO_KEY, "address": _NOTHING}
    unset = dict.fromkeys(
        ("language", "consent_id", "unreachable_since", "zone", "quiet_from", "quiet_until")
    )
    connection.execute(
        update(Account)
        .where(Account.id == account_id)
        .values(
            telegram_key=random_bytes(_LOOKUP_BYTES),
            role="family",
            news=True,
            urgent_news=True,
            erased_at=now,
            **unset,
            **gone,
        )
    )
