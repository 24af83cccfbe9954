"""Reading the audit log (casework/audit.py), the newest first: what was done with a case, and what somebody did."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from db.models import Account, Audit


@dataclass(frozen=True)
class Entry:
    """One row of the log.

    Attributes:
        number: the row's, from 1.
        by: the account; none where the program did it by itself.
        subject_id: what else it was done to: another account, a place, an approval.
    """

    number: int
    at: datetime
    by: int | None
    action: str
    request_id: int | None
    subject_id: int | None


@dataclass(frozen=True)
class Trail:
    """Whose rows are wanted: those of a case, or those of a person."""

    request_id: int | None = None
    by: int | None = None


def ahead(connection: Connection) -> int:
    """Return the number that the next row will have: pages that begin before it do not move while they are read."""
    return (connection.scalar(select(func.max(Audit.id))) or 0) + 1


def page(connection: Connection, trail: Trail, count: int, before: int) -> list[Entry]:
    """Return so many rows that are older than the one of this number, the newest first."""
    columns = (Audit.id, Audit.at, Audit.account_id, Audit.action, Audit.request_id, Audit.subject_id)
    wanted = select(*columns).where(Audit.id < before).order_by(Audit.id.desc()).limit(count)
    if trail.request_id is not None:
        wanted = wanted.where(Audit.request_id == trail.request_id)
    if trail.by is not None:
        wanted = wanted.where(Audit.account_id == trail.by)
    return [Entry(*row) for row in connection.execute(wanted).all()]


def is_account(connection: Connection, account_id: int) -> bool:
    """Whether there is, or was, an account of this number."""
    return connection.scalar(select(Account.id).where(Account.id == account_id)) is not None
