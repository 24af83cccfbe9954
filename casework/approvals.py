"""What needs two people: one asks for it, another one decides. Nobody decides on what they asked for themselves.

What each kind of it does stands in handlers/staff/approvals.py. Its details are sealed with a key of their own, since
it may be about many requests.
"""

import json
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, func, insert, or_, select, update

from casework import audit
from casework.audit import Deed
from db.ids import new_id
from db.models import Approval as Row
from db.models import Request
from db.sealed import KeyRing, Place


class State(StrEnum):
    OPEN = "open"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"  # taken back, or what it was about had changed


class Outcome(StrEnum):
    """What came of a decision."""

    DONE = "done"
    REFUSED = "refused"
    OWN = "own"  # who asked may not decide
    TOO_LATE = "too_late"  # somebody else has decided
    CHANGED = "changed"  # what it was about is no longer so: nothing was done


@dataclass(frozen=True)
class Asked:
    """What somebody wants done.

    Attributes:
        kind: its code in handlers/staff/approvals.py.
        details: what shall be done, and why; JSON-able, stored sealed.
    """

    kind: str
    by: int
    details: Any
    request_id: int | None = None
    person_id: int | None = None


@dataclass(frozen=True)
class Approval:
    """Something that was asked for, as it stands now."""

    id: int
    asked: Asked
    asked_at: datetime
    state: State
    decided_by: int | None


@dataclass(frozen=True)
class Decided:
    outcome: Outcome
    approval: Approval


def ask(connection: Connection, keys: KeyRing, asked: Asked, now: datetime) -> int | None:
    """Ask for a second person; None where the same is asked for already.

    Of one request or person that is anything of this kind; of many, what has the same details. What is about a request
    is asked for while the request is locked, so that of two who ask at once one does.
    """
    if _asked_already(connection, keys, asked):
        return None
    approval_id = new_id()
    key, wrapped = keys.new_data_key(Place("approval", "data_key", approval_id))
    row: dict[str, Any] = {"id": approval_id, "kind": asked.kind, "asked_by_id": asked.by, "asked_at": now}
    row |= {"request_id": asked.request_id, "person_id": asked.person_id, "state": State.OPEN.value}
    row |= {
        "data_key": wrapped,
        "details": key.seal(asked.details, Place("approval", "details", approval_id)),
    }
    connection.execute(insert(Row), row)
    audit.record(connection, keys, Deed("ask_second", asked.by, asked.request_id, approval_id), now)
    return approval_id


def open_ones(connection: Connection, keys: KeyRing, kinds: Collection[str], by: int) -> list[Approval]:
    """Return what waits for a decision, the oldest first: of these kinds, and what this account asked for."""
    rows = connection.execute(select(Row).where(_waits(kinds, by)).order_by(Row.asked_at, Row.id)).all()
    return [_opened(keys, row) for row in rows]


def count(connection: Connection, kinds: Collection[str], by: int) -> int:
    """Count what waits for a decision of this account."""
    return connection.scalar(select(func.count()).where(_open(kinds), Row.asked_by_id != by)) or 0


def get(connection: Connection, keys: KeyRing, approval_id: int) -> Approval | None:
    """Return what was asked for; None where there is no such thing, or its request is erased."""
    row = connection.execute(select(Row).where(Row.id == approval_id)).one_or_none()
    return _opened(keys, row) if row is not None and row.data_key else None


def decide(
    connection: Connection,
    keys: KeyRing,
    approval_id: int,
    by: int,
    now: datetime,
    *,
    approve: bool,
    carry_out: Callable[[Approval], bool],
) -> Decided | None:
    """Decide on what was asked for; None where there is no such thing. Of two who decide at once the first does.

    Args:
        carry_out: does it, in this transaction; False where what it was about has changed, and then it does nothing.
    """
    approval = _locked(connection, keys, approval_id)
    if approval is None:
        return None
    if approval.state is not State.OPEN:
        return Decided(Outcome.TOO_LATE, approval)
    if approval.asked.by == by:
        return Decided(Outcome.OWN, approval)
    if not approve:
        _close(connection, keys, approval, State.REFUSED, by, now)
        return Decided(Outcome.REFUSED, approval)
    done = carry_out(approval)
    _close(connection, keys, approval, State.APPROVED if done else State.WITHDRAWN, by, now)
    return Decided(Outcome.DONE if done else Outcome.CHANGED, approval)


def take_back(connection: Connection, keys: KeyRing, approval_id: int, by: int, now: datetime) -> bool:
    """Withdraw what one asked for oneself; False where it is another's, or decided."""
    approval = _locked(connection, keys, approval_id)
    if approval is None or approval.state is not State.OPEN or approval.asked.by != by:
        return False
    _close(connection, keys, approval, State.WITHDRAWN, by, now)
    return True


def forget(connection: Connection, request_id: int) -> None:
    """Destroy the keys of everything that was asked for about a request: it is being erased."""
    mine = Row.request_id == request_id
    connection.execute(
        update(Row).where(mine, Row.state == State.OPEN.value).values(state=State.WITHDRAWN.value)
    )
    connection.execute(update(Row).where(mine).values(data_key=b"", details=b""))


def _asked_already(connection: Connection, keys: KeyRing, asked: Asked) -> bool:
    about = [
        column.is_(None) if wanted is None else column == wanted
        for column, wanted in ((Row.request_id, asked.request_id), (Row.person_id, asked.person_id))
    ]
    rows = connection.execute(select(Row).where(_open({asked.kind}), *about)).all()
    details = json.loads(json.dumps(asked.details))  # as they come out of the seal
    return any(asked.request_id is not None or _opened(keys, row).asked.details == details for row in rows)


def _waits(kinds: Collection[str], by: int) -> ColumnElement[bool]:
    return or_(_open(kinds), and_(Row.state == State.OPEN.value, Row.asked_by_id == by))


def _open(kinds: Collection[str]) -> ColumnElement[bool]:
    return and_(Row.state == State.OPEN.value, Row.kind.in_(kinds))


def _locked(connection: Connection, keys: KeyRing, approval_id: int) -> Approval | None:
    """Lock first the request it is about, then itself: whoever erases a request takes them in this order too."""
    about = select(Row.request_id).where(Row.id == approval_id).scalar_subquery()
    connection.execute(select(Request.id).where(Request.id == about).with_for_update())
    row = connection.execute(select(Row).where(Row.id == approval_id).with_for_update()).one_or_none()
    return _opened(keys, row) if row is not None and row.data_key else None


def _close(
    connection: Connection, keys: KeyRing, approval: Approval, state: State, by: int, now: datetime
) -> None:
    values = {"state": state.value, "decided_by_id": by, "decided_at": now}
    connection.execute(update(Row).where(Row.id == approval.id).values(values))
    deed = Deed(f"second_{state}", by, approval.asked.request_id, approval.id)
    audit.record(connection, keys, deed, now)


def _opened(keys: KeyRing, row: Any) -> Approval:
    key = keys.data_key(row.data_key, Place("approval", "data_key", row.id))
    details = key.open(row.details, Place("approval", "details", row.id))
    asked = Asked(row.kind, row.asked_by_id, details, row.request_id, row.person_id)
    return Approval(row.id, asked, row.asked_at, State(row.state), row.decided_by_id)
