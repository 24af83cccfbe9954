"""What is due now: found by one query a kind, said to each person in one message, and never twice.

Everything here is one transaction with the messages themselves. Rows are locked as they are read, so that replicas that
tick together take different ones; an occurrence that is there already is not given again.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, Select, insert, select

from casework.reminding import rows
from casework.reminding.planning import still_so
from casework.reminding.rows import Habits, Reminder, State
from casework.reminding.rules import Kind, Rules
from db.ids import new_id
from db.models import Occurrence
from db.models import Reminder as Table

LATE = timedelta(hours=1)  # after so long, what is said says that it comes late
_LOOK_AGAIN = timedelta(days=1)  # at who cannot be reached


@dataclass(frozen=True)
class Given:
    """A reminder that is to be given now.

    Attributes:
        number: which of its count it is.
        missed: earlier ones for which it stands, after a long stop.
        late: whether it should have been given long ago.
    """

    reminder: Reminder
    number: int
    of_at: datetime
    missed: int
    late: bool

    @property
    def kind(self) -> Kind:
        return self.reminder.kind


@dataclass(frozen=True)
class Message:
    """All that one person is reminded of now.

    Attributes:
        id: of the outbox row that carries it.
    """

    id: int
    account_id: int
    habits: Habits
    given: tuple[Given, ...]

    @property
    def late(self) -> bool:
        return any(each.late for each in self.given)


def due_of(kind: Kind, now: datetime, most: int) -> Select[int]:
    """Return the query that finds who is to be reminded of something of this kind."""
    return (
        select(Table.account_id)
        .where(Table.kind == kind.value, Table.state == State.OPEN.value, Table.due_at <= now)
        .order_by(Table.due_at)
        .limit(most)
    )


def take(connection: Connection, rules: Rules, office: Habits, now: datetime, most: int) -> list[Message]:
    """Return what is to be said now, of at most so many reminders of a kind; [] where nothing is.

    What has no reason any more, and who cannot be reached, is passed over and not due any longer.
    """
    accounts: dict[int, None] = {}
    for kind in rules:
        accounts |= dict.fromkeys(connection.scalars(due_of(kind, now, most)))
    if not accounts:
        return []
    theirs = (Table.account_id.in_(accounts), Table.state == State.OPEN.value, Table.due_at <= now)
    found = still_so(connection, rules, rows.read(connection, office, *theirs, lock=True), now)
    given = [each for each in (_now(connection, rules, row, now) for row in found) if each is not None]
    return _by_account(_not_given_yet(connection, rules, given))


def _now(connection: Connection, rules: Rules, reminder: Reminder, now: datetime) -> Given | None:
    """Return what is to be given of a row that is due; None where it has to wait a little longer."""
    rule, habits = rules[reminder.kind], reminder.habits
    waits = habits.when(rule, now)  # somebody may have changed their quiet hours since it was planned
    if not reminder.reachable or waits > now:
        rows.change(connection, reminder.id, due_at=waits if reminder.reachable else now + _LOOK_AGAIN)
        return None
    last = rule.times.last_until(reminder.since, now, habits.zone)
    number, of_at, missed = max(last, reminder.number + 1), reminder.of_at, 0
    put_off = of_at != rule.times.moment(reminder.since, reminder.number + 1, habits.zone)
    if not put_off and last > reminder.number + 1:
        of_at, missed = (
            rule.times.moment(reminder.since, last, habits.zone) or of_at,
            last - reminder.number - 1,
        )
    return Given(reminder, number, of_at, missed, now - reminder.due_at > LATE)


def _not_given_yet(connection: Connection, rules: Rules, given: Sequence[Given]) -> list[Given]:
    """Leave out what was given before the clock was set back, and go on behind it."""
    ids = [each.reminder.id for each in given]
    there = connection.execute(
        select(Occurrence.reminder_id, Occurrence.of_at).where(
            Occurrence.reminder_id.in_(ids), Occurrence.of_at.in_({each.of_at for each in given})
        )
    ).all()
    known = {(row.reminder_id, row.of_at) for row in there}
    for each in given:
        if (each.reminder.id, each.of_at) in known:
            onward = rows.gone_on(rules[each.kind], each.reminder, each.number)
            rows.change(connection, each.reminder.id, **onward)
    return [each for each in given if (each.reminder.id, each.of_at) not in known]


def _by_account(given: Iterable[Given]) -> list[Message]:
    by_account: dict[int, list[Given]] = {}
    for each in given:
        by_account.setdefault(each.reminder.account_id, []).append(each)
    return [
        Message(new_id(), account_id, theirs[0].reminder.habits, tuple(theirs))
        for account_id, theirs in by_account.items()
    ]


def given(connection: Connection, rules: Rules, messages: Iterable[Message], now: datetime) -> None:
    """Write down that these messages were written, and when the next of each reminder is due."""
    there = []
    for message in messages:
        for each in message.given:
            row = {"id": new_id(), "reminder_id": each.reminder.id, "of_at": each.of_at, "at": now}
            there.append({**row, "missed": each.missed, "outbox_id": message.id, "answer": None})
            onward = rows.gone_on(rules[each.kind], each.reminder, each.number)
            unheeded = each.reminder.unheeded + 1
            rows.change(connection, each.reminder.id, **onward, unheeded=unheeded)
    if there:
        connection.execute(insert(Occurrence), there)
