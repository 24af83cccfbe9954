"""What is due now: found by one query a kind, said to each person in one message, and never twice.

Everything here is one transaction with the messages themselves. Rows are locked as they are read; one that somebody
else holds, since its person is just answering, is left to the next look. An occurrence that is there already is not
given again.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Select, insert, select

from casework.reminding import contents, rows
from casework.reminding.planning import still_so
from casework.reminding.rows import IS_OPEN, Habits, Reminder, State
from casework.reminding.rules import Done, Kind, Rule, Rules
from db.ids import new_id
from db.models import Occurrence
from db.models import Reminder as Table
from db.sealed import KeyRing

LATE = timedelta(hours=1)  # after so long, what is said says that it comes late
_LOOK_AGAIN = timedelta(days=1)  # at who cannot be reached


@dataclass(frozen=True)
class Given:
    """A reminder that is to be given now.

    Attributes:
        rule: its line of the table.
        number: which of its count it is.
        missed: earlier ones for which it stands, after a long stop.
        late: whether it should have been given long ago.
        following: when it is for the next time; none: this is the last.
        about: what there is to say of it (contents.py).
    """

    rule: Rule
    reminder: Reminder
    number: int
    of_at: datetime
    missed: int
    late: bool
    following: datetime | None = None
    about: Any = None

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
        """Whether its reader is to know that it comes late: a list is of now, whenever that is."""
        return any(each.late and each.rule.done is not Done.NOT_ASKED for each in self.given)


@dataclass(frozen=True)
class Taken:
    """What one look has found.

    Attributes:
        found: whether anything was due, be there something to say of it or not: there may be more.
    """

    found: bool
    messages: Sequence[Message] = ()


def due_of(kind: Kind, now: datetime, most: int) -> Select[int]:
    """Return the query that finds who is to be reminded of something of this kind."""
    return (
        select(Table.account_id)
        .where(Table.kind == kind.value, IS_OPEN, Table.due_at <= now)
        .order_by(Table.due_at)
        .limit(most)
    )


def take(
    connection: Connection, keys: KeyRing, rules: Rules, office: Habits, now: datetime, most: int
) -> Taken:
    """Return what is to be said now, of at most so many reminders of a kind.

    What has no reason any more, of which there is nothing to say, and who cannot be reached, is passed over and not due
    any longer.
    """
    accounts: dict[int, None] = {}
    for kind in rules:
        accounts |= dict.fromkeys(connection.scalars(due_of(kind, now, most)))
    if not accounts:
        return Taken(found=False)
    theirs = (Table.account_id.in_(accounts), IS_OPEN, Table.due_at <= now)
    found = rows.read(connection, office, *theirs, lock=True, passing_over=True)
    held = still_so(connection, rules, found, now)
    given = [each for each in (_now(connection, rules, row, now) for row in held) if each is not None]
    fresh = _not_given_yet(connection, rules, given)
    return Taken(bool(found), _by_account(_worth_saying(connection, keys, rules, fresh, now)))


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
    following = rule.times.moment(reminder.since, number + 1, habits.zone)
    known = max(reminder.due_at, reminder.created_at)  # what nobody could have said earlier is not late
    return Given(rule, reminder, number, of_at, missed, now - known > LATE, following)


def _not_given_yet(connection: Connection, rules: Rules, given: Sequence[Given]) -> list[Given]:
    """Leave out what was given before the clock was set back, and go on behind it."""
    ids = [each.reminder.id for each in given]
    there = connection.execute(
        select(Occurrence.reminder_id, Occurrence.of_at).where(
            Occurrence.reminder_id.in_(ids), Occurrence.of_at.in_({each.of_at for each in given})
        )
    ).all()
    known = {(row.reminder_id, row.of_at) for row in there}
    again = [each for each in given if (each.reminder.id, each.of_at) in known]
    rows.go_on(connection, [(rules[each.kind], each.reminder, each.number) for each in again], said=False)
    return [each for each in given if (each.reminder.id, each.of_at) not in known]


def _worth_saying(
    connection: Connection, keys: KeyRing, rules: Rules, given: Sequence[Given], now: datetime
) -> list[Given]:
    """Add what each is about; of those that are about nothing now, go on to the next time."""
    about = contents.of(connection, keys, rules, [each.reminder for each in given], now)
    nothing = [each for each in given if each.reminder.id not in about]
    rows.go_on(connection, [(rules[each.kind], each.reminder, each.number) for each in nothing], said=False)
    return [replace(each, about=about[each.reminder.id]) for each in given if each.reminder.id in about]


def _by_account(given: Iterable[Given]) -> list[Message]:
    order = list(Kind)
    by_account: dict[int, list[Given]] = {}
    for each in given:
        by_account.setdefault(each.reminder.account_id, []).append(each)
    return [
        Message(
            new_id(),
            account_id,
            theirs[0].reminder.habits,
            tuple(sorted(theirs, key=lambda each: order.index(each.kind))),
        )
        for account_id, theirs in by_account.items()
    ]


def given(connection: Connection, rules: Rules, messages: Iterable[Message], now: datetime) -> None:
    """Write down that these messages were written, and when the next of each reminder is due."""
    all_of_them = [(message, each) for message in messages for each in message.given]
    if not all_of_them:
        return
    there = [
        {
            "id": new_id(),
            "reminder_id": each.reminder.id,
            "of_at": each.of_at,
            "at": now,
            "missed": each.missed,
            "outbox_id": message.id,
        }
        for message, each in all_of_them
    ]
    connection.execute(insert(Occurrence), there)
    onward = [(rules[each.kind], each.reminder, each.number) for _, each in all_of_them]
    rows.go_on(connection, onward, said=True)


def set_back(connection: Connection, rules: Rules, office: Habits, now: datetime) -> None:
    """The clock was set back: what was counted ahead meanwhile, or held back over a night that has not come yet, is due
    in its own time again. What was given meanwhile is not given again: when its time comes, it is passed over.

    Looks through all that is held back over a night: for when a clock was wrong, not for every look.
    """
    ahead = select(Occurrence.reminder_id).where(Occurrence.at > now)
    ended = (State.STOPPED.value, State.DECLINED.value)
    for each in rows.read(connection, office, Table.id.in_(ahead), Table.state.not_in(ended), lock=True):
        number = rules[each.kind].times.last_until(each.since, now, each.habits.zone)
        if number < each.number:
            rows.change(connection, each.id, **rows.gone_on(rules[each.kind], each, number))
    held_back = (IS_OPEN, Table.due_at > now, Table.of_at != Table.due_at)
    for each in rows.read(connection, office, *held_back, lock=True):
        due = each.habits.when(rules[each.kind], each.of_at)
        if due < each.due_at:
            rows.change(connection, each.id, due_at=due)
