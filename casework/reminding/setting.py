"""What somebody has set: a family wants to be reminded of its request, one of the team of a case; an appointment.

What is written with it is sealed with the request's key, and goes with the request.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Connection, and_, func, or_, select, update

from casework.reminding import rows
from casework.reminding.reasons import REASONS
from casework.reminding.rows import IS_OPEN, Habits, Reminder, State
from casework.reminding.rules import Kind, Rules, Whom
from db.ids import new_id
from db.models import Reminder as Table
from db.models import Request
from db.sealed import DataKey, Place

MOST = 30  # that one account has set and that are still to come
LONGEST = 300  # letters of what is written with it
_LISTS = (Kind.DIGEST.value, Kind.WEEK.value, Kind.IGNORED.value)


class What(StrEnum):
    """What an appointment is for."""

    DNA = "dna"
    OFFICE = "office"
    OTHER = "other"


@dataclass(frozen=True)
class Appointment:
    """An appointment, as staff make it."""

    what: What
    where: str
    moment: datetime


def remind(
    connection: Connection,
    rules: Rules,
    kind: Kind,
    account_id: int,
    about: tuple[int, DataKey | None],
    moment: datetime,
    zone: ZoneInfo,
    now: datetime,
    *,
    text: str = "",
) -> int | None:
    """Remind an account of a request at a moment; return the reminder's id, None where it has set too many.

    Args:
        about: the request, and its key where there is text to seal.
    """
    there = connection.scalar(
        select(func.count()).where(Table.account_id == account_id, Table.kind == kind.value, IS_OPEN)
    )
    if (there or 0) >= MOST:
        return None
    request_id, key = about
    row = _row(rules, kind, account_id, request_id, moment, zone, now)
    row |= {"details": _sealed(key, row["id"], {"text": text}) if key is not None and text else None}
    rows.add(connection, [{**row, "subject_id": row["id"], "by_id": account_id}], now)
    reminder_id: int = row["id"]
    return reminder_id


def appoint(
    connection: Connection,
    rules: Rules,
    about: tuple[int, DataKey],
    accounts: Collection[int],
    appointment: Appointment,
    zone: ZoneInfo,
    by: int,
    now: datetime,
) -> int:
    """Remind every chat that can open a request of an appointment; return the appointment's id.

    Args:
        zone: of the place: its time is said as the clocks there show it.
    """
    (request_id, key), appointment_id, fresh = about, new_id(), []
    details = {"what": appointment.what.value, "where": appointment.where}
    for account_id in accounts:
        row = _row(rules, Kind.APPOINTMENT, account_id, request_id, appointment.moment, zone, now)
        row |= {"subject_id": appointment_id, "details": _sealed(key, row["id"], details), "by_id": by}
        fresh.append(row)
    rows.add(connection, fresh, now)
    return appointment_id


def _row(
    rules: Rules,
    kind: Kind,
    account_id: int,
    request_id: int,
    moment: datetime,
    zone: ZoneInfo,
    now: datetime,
) -> dict[str, Any]:
    """Return the row of a reminder that is set; what of it has passed when it is set is let be."""
    rule = rules[kind]
    number = rule.times.last_until(moment, now, zone)
    of_at = rule.times.moment(moment, number + 1, zone)
    count = {"since": moment, "number": number, "of_at": of_at or moment, "due_at": of_at or moment}
    state = {} if of_at is not None else {"state": State.DONE.value}
    named = {"id": new_id(), "kind": kind.value, "account_id": account_id, "request_id": request_id}
    return {**named, **count, **state, "zone": zone.key}


def _sealed(key: DataKey, reminder_id: int, details: dict[str, str]) -> bytes:
    return key.seal(details, Place("reminder", "details", reminder_id))


def written(key: DataKey, reminder: Reminder) -> dict[str, str]:
    """Return what was written with a reminder, opened with its request's key."""
    if reminder.details is None:
        return {}
    opened: dict[str, str] = key.open(reminder.details, Place("reminder", "details", reminder.id))
    return opened


def to_come(connection: Connection, office: Habits, account_id: int) -> list[Reminder]:
    """Return what an account is still to be reminded of, and what it has declined."""
    mine = and_(Table.account_id == account_id, or_(IS_OPEN, Table.state == State.DECLINED.value))
    return rows.read(connection, office, mine)


def of_case(
    connection: Connection, office: Habits, request_id: int, kinds: Collection[Kind]
) -> list[Reminder]:
    """Return what is to come of a case, one row for each thing, whoever is reminded of it."""
    return _once(rows.read(connection, office, Table.request_id == request_id, IS_OPEN, _of(kinds)))


def of_holder(
    connection: Connection, office: Habits, account_id: int, kinds: Collection[Kind], most: int
) -> list[Reminder]:
    """Return what is to come first for one of the team: what they are reminded of, and the families of their cases."""
    held = select(Request.id).where(Request.holder_id == account_id, Request.erased_at.is_(None))
    own = and_(Table.account_id == account_id, Table.kind.not_in(_LISTS))
    theirs = and_(Table.request_id.in_(held), _of(kinds))
    return _once(rows.read(connection, office, or_(own, theirs), IS_OPEN))[:most]


def _of(kinds: Collection[Kind]) -> ColumnElement[bool]:
    return Table.kind.in_([each.value for each in kinds])


def _once(found: list[Reminder]) -> list[Reminder]:
    first: dict[tuple[Kind, int], Reminder] = {}
    for each in found:
        first.setdefault((each.kind, each.subject_id), each)
    return list(first.values())


def families_kinds(rules: Rules) -> tuple[Kind, ...]:
    """Return the kinds that families are reminded of because of their request."""
    return tuple(each.kind for each in rules.values() if each.whom is Whom.FAMILY)


def get(connection: Connection, office: Habits, reminder_id: int) -> Reminder | None:
    """Return one that is still to come, locked; None where it is none (any more)."""
    return next(iter(rows.read(connection, office, Table.id == reminder_id, IS_OPEN, lock=True)), None)


def appointment_of(
    connection: Connection, office: Habits, account_id: int, appointment_id: int
) -> Reminder | None:
    """Return an appointment of this account, unless it was cancelled."""
    which = and_(
        Table.account_id == account_id,
        Table.kind == Kind.APPOINTMENT.value,
        Table.subject_id == appointment_id,
        Table.state != State.STOPPED.value,
    )
    return next(iter(rows.read(connection, office, which)), None)


def _same(reminder: Reminder) -> ColumnElement[bool]:
    """Find a reminder in every chat that it goes to."""
    return and_(Table.kind == reminder.kind.value, Table.subject_id == reminder.subject_id, IS_OPEN)


def cancel(connection: Connection, reminder: Reminder) -> list[int]:
    """Say nothing more of this to anybody; return the accounts that were to be reminded.

    What has a reason must not come back by it: it was declined, and its family can begin it again under settings.
    """
    state = State.DECLINED if reminder.kind in REASONS else State.STOPPED
    ended = connection.execute(
        update(Table).where(_same(reminder)).values(state=state.value).returning(Table.account_id)
    )
    return list(ended.scalars())


def move(connection: Connection, reminder: Reminder, to: datetime) -> None:
    """Say it at another moment. An appointment itself is moved by cancelling it and making another one."""
    connection.execute(update(Table).where(_same(reminder)).values(of_at=to, due_at=to))
