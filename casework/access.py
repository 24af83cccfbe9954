"""Who may open a request: by having filed it, by its receipt code, or by an invitation of somebody who may."""

import hmac
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import Connection, bindparam, delete, func, insert, select, update

from casework import messages
from casework.events import Happening, note
from casework.references import read_receipt_code, read_reference
from db.ids import new_id
from db.models import Access, Account, Invitation, LinkAttempt, Message, Request
from db.prepared import Prepared
from db.sealed import KeyRing, Place

# Guessing is hopeless by the code's length (docs/decisions/0004-receipt-codes.md); these keep it from costing us.
MOST_WRONG_PER_ACCOUNT = 5
MOST_WRONG_OVERALL = 500
MOST_WRONG_IN_A_FLOOD = 3  # by one account, once there are so many: an honest slip stays free
COUNTED_FOR = timedelta(hours=1)
INVITED_FOR = timedelta(days=7)
MOST_ACCOUNTS = 6
_TOKEN_BYTES = 12
# Made once: these answer every guess, and every first word of somebody who follows a link.
_BY_REFERENCE = Prepared(
    select(Request.id, Request.receipt_key).where(Request.reference_key == bindparam("reference_key"))
)
_HELD = Prepared(
    select(Request.id, Request.data_key, Request.details)
    .join(Access, Access.request_id == Request.id)
    .where(Access.account_id == bindparam("account_id"))
)
_RECENT = LinkAttempt.at > bindparam("since")
_OWN_WRONG = select(func.count()).where(LinkAttempt.account_id == bindparam("account_id"), _RECENT)
_ALL_WRONG = select(func.count()).select_from(
    select(LinkAttempt.id).where(_RECENT).limit(MOST_WRONG_OVERALL).subquery()
)


class How(StrEnum):
    FILED = "filed"
    RECEIPT = "receipt"
    INVITED = "invited"


class Refusal(StrEnum):
    NO_MATCH = "no_match"  # the same whether the reference, the code or both are wrong
    TOO_OFTEN = "too_often"
    TOO_MANY_ACCOUNTS = "too_many_accounts"


@dataclass(frozen=True)
class Linked:
    """A request that was opened to an account just now; `others` are the accounts that could open it before."""

    request_id: int
    others: tuple[int, ...]


@dataclass(frozen=True)
class Holder:
    """An account that may open a request."""

    account_id: int
    since: datetime
    how: How


def link(
    connection: Connection, keys: KeyRing, account_id: int, reference: str, receipt_code: str, now: datetime
) -> Linked | Refusal:
    """Open a request to an account that gives its reference and receipt code."""
    if guesses_too_often(connection, account_id, now):
        return Refusal.TOO_OFTEN
    request_id = _matching(connection, keys, reference, receipt_code)
    if request_id is None:
        note_wrong_guess(connection, account_id, now)
        return Refusal.NO_MATCH
    return _open(connection, request_id, account_id, How.RECEIPT, now)


def invite(connection: Connection, keys: KeyRing, request_id: int, account_id: int, now: datetime) -> str:
    """Make an invitation to a request; return the token of its link. It works once, for a week."""
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    row = {"id": new_id(), "request_id": request_id, "account_id": account_id, "used_at": None}
    connection.execute(
        insert(Invitation),
        {**row, "token_key": keys.lookup("invitation", token), "expires_at": now + INVITED_FOR},
    )
    return token


def accept(
    connection: Connection, keys: KeyRing, token: str, account_id: int, now: datetime
) -> Linked | Refusal:
    """Open a request to the account that was invited; the inviter still has to hold it."""
    if guesses_too_often(connection, account_id, now):
        return Refusal.TOO_OFTEN
    found = connection.execute(
        select(Invitation.id, Invitation.request_id)
        .join(
            Access,
            (Access.request_id == Invitation.request_id) & (Access.account_id == Invitation.account_id),
        )
        .where(
            Invitation.token_key == keys.lookup("invitation", token),
            Invitation.used_at.is_(None),
            Invitation.expires_at > now,
        )
        .with_for_update(of=Invitation)
    ).one_or_none()
    if found is None:
        note_wrong_guess(connection, account_id, now)
        return Refusal.NO_MATCH
    connection.execute(update(Invitation).where(Invitation.id == found.id).values(used_at=now))
    return _open(connection, found.request_id, account_id, How.INVITED, now)


def holders(connection: Connection, request_id: int) -> list[Holder]:
    """Return every account that may open the request, the earliest first."""
    rows = connection.execute(
        select(Access.account_id, Access.since, Access.how)
        .where(Access.request_id == request_id)
        .order_by(Access.since, Access.account_id)
    ).all()
    return [Holder(row.account_id, row.since, How(row.how)) for row in rows]


def reachable(connection: Connection, requests: Collection[int]) -> dict[int, list[int]]:
    """Return the accounts that can be told something about these requests, each with those it may open: one query."""
    rows = connection.execute(
        select(Access.account_id, Access.request_id)
        .join(Account, Account.id == Access.account_id)
        .where(
            Access.request_id.in_(requests),
            Account.erased_at.is_(None),
            Account.unreachable_since.is_(None),
        )
        .order_by(Access.since, Access.account_id)
    ).all()
    found: dict[int, list[int]] = {}
    for row in rows:
        found.setdefault(row.account_id, []).append(row.request_id)
    return found


def languages(connection: Connection, requests: Collection[int]) -> list[str]:
    """Return the languages that those who may open these requests have chosen."""
    return list(
        connection.scalars(
            select(Account.language)
            .join(Access, Access.account_id == Account.id)
            .where(Access.request_id.in_(requests), Account.language.is_not(None))
            .distinct()
            .order_by(Account.language)
        )
    )


def opens(connection: Connection, account_id: int, request_id: int) -> bool:
    """Whether the account may open this request."""
    here = (Access.account_id == account_id) & (Access.request_id == request_id)
    return connection.scalar(select(Access.request_id).where(here)) is not None


def cut(connection: Connection, request_id: int, account_id: int, by: int, now: datetime) -> bool:
    """Close a request to an account again; False where it was not open to it. Open invitations end too."""
    gone = connection.execute(
        delete(Access).where(Access.request_id == request_id, Access.account_id == account_id)
    )
    if not gone.rowcount:
        return False
    connection.execute(
        update(Invitation)
        .where(Invitation.request_id == request_id, Invitation.used_at.is_(None))
        .values(expires_at=now)
    )
    # Whoever cannot open it any more is not asked about it either.
    messages.unask(connection, request_id, Message.account_id == account_id)
    note(connection, Happening(request_id, "access_cut", by=by), now)
    return True


def _matching(connection: Connection, keys: KeyRing, reference: str, receipt_code: str) -> int | None:
    """Return the request that both belong to; the same is compared whether or not there is one."""
    named, code = read_reference(reference) or "", read_receipt_code(receipt_code) or ""
    row = _BY_REFERENCE.run(connection, {"reference_key": keys.lookup("reference", named)}).one_or_none()
    given = keys.lookup("receipt", f"{named}:{code}")
    expected = row.receipt_key if row is not None else bytes(len(given))
    return row.id if hmac.compare_digest(given, expected) and row is not None else None


def _open(
    connection: Connection, request_id: int, account_id: int, how: How, now: datetime
) -> Linked | Refusal:
    there = select(Request.id).where(Request.id == request_id, Request.erased_at.is_(None)).with_for_update()
    if connection.scalar(there) is None:  # erased meanwhile, by the one account that could open it
        return Refusal.NO_MATCH
    others = tuple(holder.account_id for holder in holders(connection, request_id))
    if account_id in others:
        return Linked(request_id, ())
    if len(others) >= MOST_ACCOUNTS:
        return Refusal.TOO_MANY_ACCOUNTS
    row = {"account_id": account_id, "request_id": request_id, "since": now, "how": how.value}
    connection.execute(insert(Access), row)
    note(connection, Happening(request_id, f"access_{how.value}", by=account_id), now)
    return Linked(request_id, others)


def forget_attempts(connection: Connection, now: datetime) -> None:
    """Drop the wrong guesses that count no more."""
    connection.execute(delete(LinkAttempt).where(LinkAttempt.at <= now - COUNTED_FOR))


def note_wrong_guess(connection: Connection, account_id: int, now: datetime) -> None:
    """Count a wrong guess, of a reference, an invitation or a broadcast's code."""
    connection.execute(insert(LinkAttempt), {"id": new_id(), "account_id": account_id, "at": now})


def guesses_too_often(connection: Connection, account_id: int, now: datetime) -> bool:
    """Whether this account has to wait.

    A limit on all accounts together would be a means to lock honest families out: strangers could use it up. So a
    flood only shortens what one account may mistype.
    """
    since = {"since": now - COUNTED_FOR}
    own = connection.scalar(_OWN_WRONG, {"account_id": account_id, **since}) or 0
    if own < MOST_WRONG_IN_A_FLOOD or own >= MOST_WRONG_PER_ACCOUNT:
        return own >= MOST_WRONG_PER_ACCOUNT
    return connection.scalar(_ALL_WRONG, since) == MOST_WRONG_OVERALL


def references_of(connection: Connection, keys: KeyRing, account_id: int) -> set[str]:
    """Return the references of every request the account may open."""
    found = set[str]()
    for each in _HELD.run(connection, {"account_id": account_id}):
        key = keys.data_key(each.data_key, Place("request", "data_key", each.id))
        found.add(key.open(each.details, Place("request", "details", each.id))["reference"])
    return found


def opened_last(connection: Connection, account_id: int) -> int:
    """Return the request of this account that was opened to another one last; 0 where there is none."""
    own = select(Access.request_id).where(Access.account_id == account_id)
    found = connection.scalar(
        select(Access.request_id)
        .where(Access.request_id.in_(own), Access.account_id != account_id)
        .order_by(Access.since.desc())
        .limit(1)
    )
    return found or 0
