"""The rows of reminders: planned, given, put off, answered."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, cast
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Connection, bindparam, delete, insert, literal_column, select, update
from sqlalchemy import Table as CoreTable

from casework.preferences import QuietHours
from casework.reminding.moments import after_quiet
from casework.reminding.reasons import REASONS
from casework.reminding.rules import Kind, Rule
from db.ids import new_id
from db.models import Account, Occurrence
from db.models import Reminder as Table


class State(StrEnum):
    """`open → done | stopped | declined`. What was declined comes back only when its person says so."""

    OPEN = "open"
    DONE = "done"  # answered, or given as often as the rule has it
    STOPPED = "stopped"  # its reason is gone
    DECLINED = "declined"


class Answer(StrEnum):
    """What somebody pressed below a reminder."""

    NOW = "now"
    LATER = "later"
    DONE = "done"
    STOP = "stop"


@dataclass(frozen=True)
class Habits:
    """By which clock somebody lives, and when nothing is to be said to them."""

    zone: ZoneInfo
    quiet: QuietHours

    def of(self, row: Any) -> "Habits":
        """Return those of an account, from its row; where it has chosen none, these of the office."""
        zone = ZoneInfo(row.zone) if row.zone else self.zone
        unset = row.quiet_from is None or row.quiet_until is None
        return Habits(zone, self.quiet if unset else QuietHours(row.quiet_from, row.quiet_until))

    def when(self, rule: Rule, moment: datetime) -> datetime:
        """Return when something that is for this moment can be said."""
        return after_quiet(moment, self.quiet, self.zone) if rule.quiet else moment


HABITS = (Account.zone, Account.quiet_from, Account.quiet_until)


@dataclass(frozen=True)
class Reminder:
    """One row (db/models/reminders.py), with the habits of whom it reminds."""

    id: int
    kind: Kind
    account_id: int
    subject_id: int
    request_id: int | None
    person_id: int | None
    since: datetime
    number: int
    of_at: datetime
    due_at: datetime
    created_at: datetime
    state: State
    unheeded: int
    details: bytes | None
    by_id: int | None
    habits: Habits
    reachable: bool


# Written out, since it stands in the condition of an index (db/models/reminders.py).
IS_OPEN = Table.state == literal_column("'open'")
_COLUMNS = (
    *(Table.id, Table.kind, Table.account_id, Table.subject_id, Table.request_id, Table.person_id),
    *(
        Table.since,
        Table.number,
        Table.of_at,
        Table.due_at,
        Table.created_at,
        Table.zone.label("set_in"),
        Table.state,
    ),
    *(Table.unheeded, Table.details, Table.by_id),
)


def read(
    connection: Connection,
    office: Habits,
    *which: ColumnElement[bool],
    lock: bool = False,
    passing_over: bool = False,
) -> list[Reminder]:
    """Return rows of accounts that are not erased, in the order in which they are due.

    Args:
        passing_over: leave out what somebody else holds just now, instead of waiting for it.
    """
    wanted = (
        select(*_COLUMNS, *HABITS, Account.unreachable_since)
        .join(Account, Account.id == Table.account_id)
        .where(*which, Account.erased_at.is_(None))
        .order_by(Table.due_at, Table.id)
    )
    if lock:
        wanted = wanted.with_for_update(of=Table.__table__, skip_locked=passing_over)
    return [_opened(row, office) for row in connection.execute(wanted).all()]


def _opened(row: Any, office: Habits) -> Reminder:
    kind, habits = Kind(row.kind), office.of(row)
    if kind not in REASONS:  # somebody has set it, by the clock they had then
        habits = Habits(ZoneInfo(row.set_in), habits.quiet)
    return Reminder(
        row.id,
        kind,
        row.account_id,
        row.subject_id,
        row.request_id,
        row.person_id,
        row.since,
        row.number,
        row.of_at,
        row.due_at,
        row.created_at,
        State(row.state),
        row.unheeded,
        row.details,
        row.by_id,
        habits,
        row.unreachable_since is None,
    )


def add(connection: Connection, rows: Sequence[Mapping[str, Any]], now: datetime) -> None:
    """Write new rows that are open; what is not given of a row is unset."""
    empty: dict[str, Any] = dict.fromkeys(("request_id", "person_id", "details", "by_id"))
    begun = {"number": 0, "unheeded": 0, "state": State.OPEN.value, "created_at": now}
    if rows:
        connection.execute(insert(Table), [{"id": new_id(), **empty, **begun, **each} for each in rows])


def begun(rule: Rule, since: datetime, habits: Habits, now: datetime) -> dict[str, Any]:
    """Return the columns of a count that begins anew."""
    number = rule.times.last_until(since, now, habits.zone) if rule.from_now else 0
    first = rule.times.moment(since, number + 1, habits.zone) or since
    due = habits.when(rule, first)
    return {"since": since, "number": number, "of_at": first, "due_at": due, "zone": habits.zone.key}


def gone_on(rule: Rule, reminder: Reminder, number: int) -> dict[str, Any]:
    """Return the columns of a row that has come to this number of its count: the next one, or that it is done."""
    following = rule.times.moment(reminder.since, number + 1, reminder.habits.zone)
    if following is None:
        return {"number": number, "state": State.DONE.value}
    due = reminder.habits.when(rule, following)
    return {"number": number, "of_at": following, "due_at": due, "state": State.OPEN.value}


def change(connection: Connection, reminder_id: int, **columns: Any) -> None:
    connection.execute(update(Table).where(Table.id == reminder_id).values(**columns))


_table = cast("CoreTable", Table.__table__)
_GO_ON = (
    update(_table)
    .where(_table.c.id == bindparam("of"))
    .values({name: bindparam(f"to_{name}") for name in ("number", "of_at", "due_at", "state", "unheeded")})
)


def go_on(connection: Connection, onward: Sequence[tuple[Rule, Reminder, int]], *, said: bool) -> None:
    """Let rows come to this number of their count: one statement however many they are.

    Args:
        said: whether something was said: it is unheeded until somebody answers.
    """
    changes = []
    for rule, each, number in onward:
        now = {"of_at": each.of_at, "due_at": each.due_at, "unheeded": each.unheeded + said}
        columns = {**now, **gone_on(rule, each, number)}
        changes.append({"of": each.id, **{f"to_{name}": value for name, value in columns.items()}})
    if changes:
        connection.execute(_GO_ON, changes)


def end(connection: Connection, ids: Collection[int], state: State) -> None:
    """Nothing more is said of these."""
    if ids:
        connection.execute(update(Table).where(Table.id.in_(ids)).values(state=state.value))


def forget(connection: Connection, *which: ColumnElement[bool]) -> None:
    """Delete reminders with all that is known of them."""
    those = select(Table.id).where(*which)
    connection.execute(delete(Occurrence).where(Occurrence.reminder_id.in_(those)))
    connection.execute(delete(Table).where(*which))
