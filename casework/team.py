"""The team: who is staff, who is admin, and how somebody becomes it or ceases to be it.

The first admins stand in the config. Everybody else comes by a link that works once, for a short while, and is stored
as a keyed hash. A role is read at each turn, so taking it away works at once.
"""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, insert, select, update

from casework import audit
from casework.audit import Deed
from casework.permissions import Role
from casework.reminding import rows as reminders
from db.gathered import flush
from db.ids import new_id
from db.models import Account, Dialog, Reminder, Request, TeamInvitation
from db.sealed import DataKey, KeyRing, Place

INVITED_FOR = timedelta(hours=48)
LONGEST_NAME = 40
_TOKEN_BYTES = 16
LINK_PREFIX = "team-"  # begins the argument of the link, so that it is told from a family's invitation
NAMELESS = "–"


@dataclass(frozen=True)
class Member:
    """One of the team, by the name colleagues know."""

    account_id: int
    role: Role
    called: str
    since: datetime | None


def invite(connection: Connection, keys: KeyRing, role: Role, by: int, now: datetime) -> str:
    """Make a link's token by which one person gets this role. It works once, for `INVITED_FOR`."""
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    row: dict[str, Any] = {"id": new_id(), "role": role.value, "account_id": by, "used_at": None}
    row |= {"token_key": keys.lookup("team", token), "expires_at": now + INVITED_FOR}
    connection.execute(insert(TeamInvitation), row)
    audit.record(connection, keys, Deed(f"invite_{role}", by), now)
    return token


def accept(connection: Connection, keys: KeyRing, token: str, account_id: int, now: datetime) -> Role | None:
    """Give the account the role it was invited to; None where the link is none, used up or too old.

    Who invited has to be an admin still. Nobody loses a higher role by it.
    """
    found = connection.execute(
        select(TeamInvitation.id, TeamInvitation.role)
        .join(Account, Account.id == TeamInvitation.account_id)
        .where(
            TeamInvitation.token_key == keys.lookup("team", token),
            TeamInvitation.used_at.is_(None),
            TeamInvitation.expires_at > now,
            Account.role == Role.ADMIN.value,
        )
        .with_for_update(of=TeamInvitation)
    ).one_or_none()
    if found is None:
        return None
    connection.execute(update(TeamInvitation).where(TeamInvitation.id == found.id).values(used_at=now))
    before = role_of(connection, account_id)
    role = Role(found.role) if before is not Role.ADMIN else before
    _give(connection, account_id, role)
    audit.record(connection, keys, Deed(f"joined_{role}", account_id, subject_id=account_id), now)
    return role


def appoint(connection: Connection, keys: KeyRing, account_id: int, now: datetime) -> None:
    """Make somebody an admin because the config names them."""
    _give(connection, account_id, Role.ADMIN)
    audit.record(connection, keys, Deed("appointed_admin", None, subject_id=account_id), now)


def revoke(connection: Connection, keys: KeyRing, account_id: int, by: int, now: datetime) -> bool:
    """Take somebody's role away. What they had on the screen belongs to no dialog any more; their cases are nobody's.

    False where they have none.
    """
    if role_of(connection, account_id) is Role.FAMILY:
        return False
    flush(connection)
    _give(connection, account_id, Role.FAMILY)
    connection.execute(update(Account).where(Account.id == account_id).values(staff_name=None))
    connection.execute(update(Request).where(Request.holder_id == account_id).values(holder_id=None))
    connection.execute(
        update(Dialog)
        .where(Dialog.account_id == account_id)
        .values(step="", state=None, token=None, draft_id=None, drafted_at=None)
    )
    connection.execute(
        update(TeamInvitation)
        .where(TeamInvitation.account_id == account_id, TeamInvitation.used_at.is_(None))
        .values(expires_at=now)
    )
    reminders.forget(connection, Reminder.account_id == account_id)
    audit.record(connection, keys, Deed("revoke", by, subject_id=account_id), now)
    return True


def role_of(connection: Connection, account_id: int) -> Role:
    return Role(connection.scalars(select(Account.role).where(Account.id == account_id)).one())


def members(connection: Connection, keys: KeyRing) -> list[Member]:
    """Return the team, admins first."""
    rows = connection.execute(
        select(Account.id, Account.role, Account.staff_name, Account.data_key, Account.created_at)
        .where(Account.role.in_((Role.STAFF.value, Role.ADMIN.value)))
        .order_by(Account.role, Account.created_at)
    ).all()
    return [
        Member(row.id, Role(row.role), _opened(keys, row.id, row.data_key, row.staff_name), row.created_at)
        for row in rows
    ]


def names(connection: Connection, keys: KeyRing) -> dict[int, str]:
    """Return what colleagues call each of the team, by account."""
    return {each.account_id: each.called for each in members(connection, keys)}


def named(connection: Connection, keys: KeyRing, account_id: int, telegram_ids: Iterable[int]) -> bool:
    """Whether the account is one of these Telegram ids'; the config names admins by them."""
    key = connection.scalar(select(Account.telegram_key).where(Account.id == account_id))
    return key in {keys.lookup("telegram", each) for each in telegram_ids}


def admins(connection: Connection) -> list[int]:
    return list(connection.scalars(select(Account.id).where(Account.role == Role.ADMIN.value)))


def reachable(connection: Connection) -> dict[int, Role]:
    """Return those of the team who can be told something, with their roles."""
    rows = connection.execute(
        select(Account.id, Account.role).where(
            Account.role.in_((Role.STAFF.value, Role.ADMIN.value)), Account.unreachable_since.is_(None)
        )
    ).all()
    return {row.id: Role(row.role) for row in rows}


def name_of(connection: Connection, keys: KeyRing, account_id: int) -> str:
    """Return what colleagues call somebody; a dash where they are staff no longer."""
    row = connection.execute(
        select(Account.staff_name, Account.data_key).where(Account.id == account_id)
    ).one_or_none()
    return _opened(keys, account_id, row.data_key, row.staff_name) if row is not None else NAMELESS


def call(connection: Connection, key: DataKey, account_id: int, name: str) -> None:
    """Write down what colleagues shall call somebody."""
    sealed = key.seal(name[:LONGEST_NAME], Place("account", "staff_name", account_id))
    connection.execute(update(Account).where(Account.id == account_id).values(staff_name=sealed))


def _opened(keys: KeyRing, account_id: int, wrapped: bytes, sealed: bytes | None) -> str:
    if sealed is None:
        return NAMELESS
    key = keys.data_key(wrapped, Place("account", "data_key", account_id))
    name: str = key.open(sealed, Place("account", "staff_name", account_id))
    return name


def _give(connection: Connection, account_id: int, role: Role) -> None:
    connection.execute(update(Account).where(Account.id == account_id).values(role=role.value))
