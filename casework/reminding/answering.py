"""What people press below a reminder: each press counts as an answer, to all that the message reminded of."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, select, update

from casework.reminding import rows
from casework.reminding.moments import at_wall, on_wall
from casework.reminding.rows import Answer, Habits, Reminder, State
from casework.reminding.rules import Rules
from db.models import Occurrence
from db.models import Reminder as Table

# What "later" offers, by its code: whole days, at the same time of day as now.
LATER = {"tomorrow": timedelta(days=1), "week": timedelta(days=7)}


def of_message(connection: Connection, office: Habits, message_id: int, account_id: int) -> list[Reminder]:
    """Return what a message reminded this account of; [] where it is none, or somebody else's."""
    in_it = select(Occurrence.reminder_id).where(Occurrence.outbox_id == message_id)
    return rows.read(connection, office, Table.id.in_(in_it), Table.account_id == account_id, lock=True)


def one(connection: Connection, office: Habits, reminder_id: int, account_id: int) -> Reminder | None:
    """Return a reminder of this account; None where it is none, or somebody else's."""
    which = (Table.id == reminder_id, Table.account_id == account_id)
    return next(iter(rows.read(connection, office, *which, lock=True)), None)


def answered(
    connection: Connection, reminders: Sequence[Reminder], message_id: int | None, answer: Answer
) -> None:
    """Write down what was pressed: these were heeded."""
    ids = [each.id for each in reminders]
    those: list[ColumnElement[bool]] = [Occurrence.reminder_id.in_(ids)]
    those += [Occurrence.outbox_id == message_id] if message_id is not None else [Occurrence.answer.is_(None)]
    connection.execute(update(Occurrence).where(*those).values(answer=answer.value))
    connection.execute(update(Table).where(Table.id.in_(ids)).values(unheeded=0))


def put_off(connection: Connection, rules: Rules, reminders: Sequence[Reminder], to: datetime) -> datetime:
    """Say these at this moment, or at the end of the quiet hours it lies in; return when the last of them is said."""
    said = to
    for each in reminders:
        due = each.habits.when(rules[each.kind], to)
        rows.change(connection, each.id, of_at=due, due_at=due, state=State.OPEN.value)
        said = max(said, due)
    return said


def days_on(now: datetime, habits: Habits, days: timedelta) -> datetime:
    """Return the same time of day so many days later, by somebody's own clock."""
    return at_wall(on_wall(now, habits.zone).replace(second=0, microsecond=0) + days, habits.zone)


def end(connection: Connection, reminders: Sequence[Reminder], state: State) -> None:
    rows.end(connection, [each.id for each in reminders], state)


def begin_again(connection: Connection, rules: Rules, reminder: Reminder, now: datetime) -> None:
    """Begin one again that was declined: with the next time that is still to come; where there is none, it is done."""
    rule, habits = rules[reminder.kind], reminder.habits
    passed = rule.times.last_until(reminder.since, now, habits.zone)
    onward = rows.gone_on(rule, reminder, max(passed, reminder.number))
    rows.change(connection, reminder.id, **onward, unheeded=0)
