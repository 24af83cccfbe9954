"""Who works on which case: taken, handed over, given back. Of two who take one at once, one has it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select, update

from casework.events import Happening, note
from casework.permissions import Standing, Whose
from db.models import Request

TAKEN, ASSIGNED, RELEASED = "taken", "assigned", "released"


@dataclass(frozen=True)
class Case:
    """As much of a request as a permission asks about."""

    request_id: int
    holder_id: int | None
    withdrawn: bool
    erased: bool

    @property
    def standing(self) -> Standing:
        if self.erased:
            return Standing.ERASED
        return Standing.WITHDRAWN if self.withdrawn else Standing.OPEN

    def whose(self, account_id: int) -> Whose:
        if self.holder_id is None:
            return Whose.NOBODYS
        return Whose.OWN if self.holder_id == account_id else Whose.ANOTHERS


def lock(connection: Connection, request_id: int) -> Case | None:
    """Lock a request for the rest of the transaction, so that what is decided about it holds; None where it is none."""
    row = connection.execute(
        select(Request.id, Request.holder_id, Request.withdrawn_at, Request.erased_at)
        .where(Request.id == request_id)
        .with_for_update()
    ).one_or_none()
    if row is None:
        return None
    return Case(row.id, row.holder_id, row.withdrawn_at is not None, row.erased_at is not None)


def take(connection: Connection, case: Case, account_id: int, now: datetime) -> None:
    """Give a case that is locked to whoever takes it; it is new no longer."""
    _hold(connection, case, account_id, now)
    note(connection, Happening(case.request_id, TAKEN, by=account_id), now)


def assign(connection: Connection, case: Case, to: int, by: int, now: datetime) -> None:
    """Hand a case over to a colleague."""
    _hold(connection, case, to, now)
    note(connection, Happening(case.request_id, ASSIGNED, by=by), now)


def release(connection: Connection, case: Case, by: int, now: datetime) -> None:
    """Give a case back: it is nobody's."""
    connection.execute(update(Request).where(Request.id == case.request_id).values(holder_id=None))
    note(connection, Happening(case.request_id, RELEASED, by=by), now)


def _hold(connection: Connection, case: Case, account_id: int, now: datetime) -> None:
    first = (
        update(Request).where(Request.id == case.request_id, Request.taken_at.is_(None)).values(taken_at=now)
    )
    connection.execute(first)
    connection.execute(
        update(Request).where(Request.id == case.request_id).values(holder_id=account_id, papers_told_at=None)
    )
