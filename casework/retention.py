"""What is kept no longer: warnings, erasing at the expiry, holds. Decided in docs/decisions/0019-retention.md.

Rows decide. A look that dies in the middle has written nothing, and two that look at once find each other's rows.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, exists, insert, select, update

from casework import access, audit, erasure, expiry
from casework.audit import Deed
from casework.erasure import Fate
from casework.events import Happening, note
from casework.expiry import Expiry, Periods
from casework.permissions import Role
from db.models import Access, Account, Dialog, Message, RemovedRequest, Request
from db.sealed import KeyRing, Place

AT_ONCE = 200  # requests that are looked at in one transaction
LONGEST_REASON = 300
WANTED = "family_keeps"  # a kind of event too
_ACCOUNTS_AT_ONCE = 1_000
_LOOKED_AGAIN = timedelta(hours=1)  # what staff were warned of: whether something new has come since
KEPT_LONGER, HELD, HOLD_ENDED = "kept_longer", "held", "hold_ended"  # kinds of events
WARNED, EXPIRED, FORGOTTEN = "expiry_warned", "expired", "forgotten"  # in the audit log, by the program
_Place = tuple[datetime, int]


@dataclass(frozen=True)
class Found:
    """What a look at some requests found.

    Attributes:
        to_warn: nobody was warned of these yet.
        due: these were warned of in time, and are to be erased now.
        last: where the next look begins; none behind the last request.
    """

    to_warn: tuple[Expiry, ...]
    due: tuple[Expiry, ...]
    last: _Place | None


class Why(StrEnum):
    """Why a request was removed that its family did not want removed."""

    EXPIRED = "expired"
    OFFICE = "office"


@dataclass(frozen=True)
class Removed:
    """A request that is not there any more."""

    at: datetime
    why: Why


@dataclass(frozen=True)
class Silent:
    """Somebody without a request from whom nothing was heard for long.

    Attributes:
        draft: the id that a request would have had that was not sent.
        stays: whether the account has requests, so that the draft alone goes.
    """

    account_id: int
    draft: int | None
    stays: bool


@dataclass(frozen=True)
class Hold:
    """Why a request must not be erased, who says so, and whether the family wants it erased."""

    by: int
    reason: str
    erasure_asked_at: datetime | None


def look(connection: Connection, periods: Periods, now: datetime, after: _Place | None = None) -> Found:
    """Look at the next requests whose look is due; all but those that wait for it are put off until the next one."""
    rows = connection.execute(_next(now, after)).all()
    to_warn, due = [], []
    for each in expiry.of(connection, [row.id for row in rows], periods):
        if each.at > now + periods.warned:
            _put_off(connection, each, each.at - periods.warned)
        elif each.warned_at is None:
            to_warn.append(each)
        elif each.erased_from <= now:
            due.append(each)
        else:
            _put_off(connection, each, min(each.erased_from, now + _LOOKED_AGAIN))
    last = (rows[-1].expires_at, rows[-1].id) if len(rows) == AT_ONCE else None
    return Found(tuple(to_warn), tuple(due), last)


def _next(now: datetime, after: _Place | None) -> Any:
    wanted = (
        select(Request.id, Request.expires_at)
        .where(Request.erased_at.is_(None), Request.kept_by_id.is_(None), Request.expires_at <= now)
        .order_by(Request.expires_at, Request.id)
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    if after is None:
        return wanted
    at, request_id = after
    return wanted.where((Request.expires_at > at) | ((Request.expires_at == at) & (Request.id > request_id)))


def _put_off(connection: Connection, found: Expiry, until: datetime) -> None:
    """Nothing is to be done before that; a warning that something new came after is taken back."""
    values = {"expires_at": until, "warned_at": found.warned_at}
    connection.execute(update(Request).where(Request.id == found.request_id).values(values))


def warned(
    connection: Connection, keys: KeyRing, found: Iterable[Expiry], at: datetime, now: datetime
) -> None:
    """Write down that staff are told of these, in the transaction that tells them.

    Args:
        at: when the last of them hears of it, which may be after their night.
    """
    requests = [each.request_id for each in found]
    connection.execute(update(Request).where(Request.id.in_(requests)).values(warned_at=at))
    audit.record_all(connection, keys, [Deed(WARNED, None, each) for each in requests], now)


def forget_warnings(connection: Connection) -> None:
    """The bot was away for long, and nobody could act on a warning: it does not count, and is given again."""
    given = Request.warned_at.is_not(None), Request.erased_at.is_(None)
    connection.execute(update(Request).where(*given).values(warned_at=None, expires_at=Request.created_at))


def expire(connection: Connection, keys: KeyRing, request_id: int, now: datetime) -> list[int]:
    """Erase a request whose time is over; return the accounts that could open it."""
    audit.record(connection, keys, Deed(EXPIRED, None, request_id), now)
    return remove(connection, request_id, Why.EXPIRED, now)


def remove(connection: Connection, request_id: int, why: Why, now: datetime) -> list[int]:
    """Erase a request, not at the family's own wish: they can read that it was. Return the accounts it was open to."""
    accounts = [each.account_id for each in access.holders(connection, request_id)]
    for account_id in accounts:
        erasure.erase_written_about(connection, account_id, request_id, now)
    erasure.erase_request(connection, request_id, now)
    if accounts:
        rows = [
            {"account_id": each, "request_id": request_id, "at": now, "why": why.value} for each in accounts
        ]
        connection.execute(insert(RemovedRequest), rows)
    return accounts


def warned_of(connection: Connection, periods: Periods, request_id: int) -> datetime | None:
    """Return from when on a request is erased if staff were warned of that already; None where they were not."""
    told = select(Request.warned_at).where(Request.id == request_id)
    found = expiry.of(connection, [request_id], periods) if connection.scalar(told) is not None else []
    return next((each.erased_from for each in found if each.warned_at is not None and not each.kept), None)


def keep_for_family(connection: Connection, request_id: int, by: int, now: datetime) -> None:
    """Let the whole time begin anew because the family wants it."""
    note(connection, Happening(request_id, WANTED, by=by), now)
    connection.execute(update(Request).where(Request.id == request_id).values(warned_at=None))


def silent(
    connection: Connection, keys: KeyRing, periods: Periods, now: datetime, after: int
) -> tuple[list[Silent], int | None]:
    """Look through some accounts, from the one behind this id on, for families who are silent: without a request, or
    with one that they began and never sent.

    Who works here stays, and whoever wrote what nobody of the office has opened yet. Return them, and where the next
    look begins; None behind the last account.
    """
    since = now - periods.nobody
    some = select(Account.id).where(Account.id > after).order_by(Account.id).limit(_ACCOUNTS_AT_ONCE)
    accounts = list(connection.scalars(some))
    spoke = (Message.account_id == Account.id) & (
        (Message.at > since) | ((Message.direction == "in") & Message.read_at.is_(None))
    )
    holds = exists().where(Access.account_id == Account.id)
    # Whose request was removed can read for as long that it was.
    removed = (RemovedRequest.account_id == Account.id) & (RemovedRequest.at > since)
    rows = connection.execute(
        select(Account.id, Account.data_key, Dialog.state, holds.label("holds"))
        .join(Dialog, Dialog.account_id == Account.id)
        .where(
            Account.id.in_(accounts),
            Account.role == Role.FAMILY.value,
            Account.erased_at.is_(None),
            Account.created_at <= since,
            Dialog.updated_at <= since,
            holds | ~(exists().where(spoke) | exists().where(removed)),
        )
        .with_for_update(of=Dialog, skip_locked=True)
    ).all()
    found = [Silent(row.id, _draft(keys, row), stays=row.holds) for row in rows]
    found = [each for each in found if each.draft is not None or not each.stays]
    return found, accounts[-1] if len(accounts) == _ACCOUNTS_AT_ONCE else None


def _draft(keys: KeyRing, row: Any) -> int | None:
    if row.state is None:
        return None
    key = keys.data_key(row.data_key, Place("account", "data_key", row.id))
    draft = key.open(row.state, Place("dialog", "state", row.id)).get("draft")
    found: int | None = draft.get("request_id") if draft is not None else None
    return found


def forget(connection: Connection, keys: KeyRing, who: Silent, now: datetime) -> None:
    """Erase who has no request and was silent for long, as if they had asked for it; of others what was never sent."""
    if who.stays:
        erasure.erase_draft(connection, who.account_id, who.draft, now)
        return
    erasure.erase_account(connection, who.account_id, Fate.OFFICE, now, draft=who.draft)
    audit.record(connection, keys, Deed(FORGOTTEN, None, subject_id=who.account_id), now)


def removed_from(connection: Connection, account_id: int) -> list[Removed]:
    """Return the requests of this account that were removed, the newest first."""
    wanted = select(RemovedRequest.at, RemovedRequest.why).where(RemovedRequest.account_id == account_id)
    rows = connection.execute(wanted.order_by(RemovedRequest.at.desc())).all()
    return [Removed(row.at, Why(row.why)) for row in rows]


def keep_longer(
    connection: Connection, keys: KeyRing, request_id: int, by: int, reason: str, now: datetime
) -> None:
    """Let the whole time begin anew: that an admin says so is itself something that happened."""
    _note(
        connection,
        keys,
        request_id,
        Happening(request_id, KEPT_LONGER, by=by, details={"reason": reason}),
        now,
    )
    audit.record(connection, keys, Deed(KEPT_LONGER, by, request_id), now)
    connection.execute(update(Request).where(Request.id == request_id).values(warned_at=None))


def hold(connection: Connection, keys: KeyRing, request_id: int, by: int, reason: str, now: datetime) -> bool:
    """Forbid to erase a request; False where somebody does already."""
    if hold_on(connection, keys, request_id) is not None:
        return False
    key = _key(connection, keys, request_id)
    sealed = key.seal(reason, Place("request", "kept_for", request_id))
    values = {"kept_by_id": by, "kept_for": sealed, "warned_at": None}
    connection.execute(update(Request).where(Request.id == request_id).values(values))
    note(connection, Happening(request_id, HELD, by=by, details={"reason": reason}), now, key)
    audit.record(connection, keys, Deed(HELD, by, request_id), now)
    return True


def hold_on(connection: Connection, keys: KeyRing, request_id: int) -> Hold | None:
    """Return the hold on a request; None where there is none, or it is erased."""
    row = connection.execute(
        select(Request.kept_by_id, Request.kept_for, Request.erasure_asked_at, Request.data_key).where(
            Request.id == request_id, Request.kept_by_id.is_not(None), Request.erased_at.is_(None)
        )
    ).one_or_none()
    if row is None:
        return None
    key = keys.data_key(row.data_key, Place("request", "data_key", request_id))
    return Hold(
        row.kept_by_id, key.open(row.kept_for, Place("request", "kept_for", request_id)), row.erasure_asked_at
    )


def end_hold(connection: Connection, keys: KeyRing, request_id: int, by: int, now: datetime) -> bool:
    """Allow to erase a request again. What its family wanted erased meanwhile is erased with that; True where it is."""
    found = hold_on(connection, keys, request_id)
    if found is None:
        return False
    connection.execute(update(Request).where(Request.id == request_id).values(kept_by_id=None, kept_for=None))
    note(connection, Happening(request_id, HOLD_ENDED, by=by), now)
    audit.record(connection, keys, Deed(HOLD_ENDED, by, request_id), now)
    if found.erasure_asked_at is None:
        return False
    erasure.erase_request(connection, request_id, now)
    return True


def _note(connection: Connection, keys: KeyRing, request_id: int, what: Happening, now: datetime) -> None:
    note(connection, what, now, _key(connection, keys, request_id))


def _key(connection: Connection, keys: KeyRing, request_id: int) -> Any:
    wrapped = connection.scalars(select(Request.data_key).where(Request.id == request_id)).one()
    return keys.data_key(wrapped, Place("request", "data_key", request_id))
