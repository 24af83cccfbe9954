"""Reasons → rows: what has a reason gets a row, what counts from another moment by now begins anew."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, or_, select, update

from casework.reminding.reasons import REASONS, Look
from casework.reminding.rows import (
    HABITS,
    IS_OPEN,
    Habits,
    Reminder,
    State,
    add,
    begun,
    change,
    end,
    gone_on,
    read,
)
from casework.reminding.rules import Kind, Rule, Rules
from db.models import Account
from db.models import Reminder as Table


def plan(connection: Connection, office: Habits, look: Look, most: int | None = None) -> None:
    """Write a row for every reason that has none; of those that any request may have, for the requests looked at.

    Args:
        most: rows of each kind; the others wait for the next time. Where very many have a reason at once, as in a
            database that came from elsewhere, everybody else would have to wait for them.
    """
    for kind, reason in REASONS.items():
        if kind in look.rules and (look.requests or not reason.in_portions):
            _plan(connection, look.rules[kind], office, look, most)


def let_be(connection: Connection, office: Habits, look: Look) -> None:
    """Count on from now, without a word, what has become due: for an office that has reminded of it elsewhere."""
    plan(connection, office, look)
    due = read(connection, office, IS_OPEN, Table.due_at <= look.now, lock=True)
    for each in due:
        number = look.rules[each.kind].times.last_until(each.since, look.now, each.habits.zone)
        change(connection, each.id, **gone_on(look.rules[each.kind], each, number))


def _plan(connection: Connection, rule: Rule, office: Habits, look: Look, most: int | None) -> None:
    found = REASONS[rule.kind].find(look)
    same = and_(
        Table.kind == rule.kind.value,
        Table.account_id == found.c.account_id,
        Table.subject_id == found.c.subject_id,
    )
    other = and_(Table.since != found.c.since, Table.state != State.DECLINED.value)
    wanted = (
        select(found, *HABITS, Table.id.label("row_id"))
        .join(Account, Account.id == found.c.account_id)
        .outerjoin(Table, same)
        .where(Account.erased_at.is_(None), or_(Table.id.is_(None), other))
        .limit(most)
    )
    fresh = []
    for row in connection.execute(wanted).all():
        count = begun(rule, row.since, office.of(row), look.now)
        if row.row_id is None:
            fresh.append({"kind": rule.kind.value, **_subject(row), **count})
        else:
            _begin_anew(connection, row.row_id, count)
    add(connection, fresh, look.now)


def _subject(row: Any) -> dict[str, Any]:
    return {each: getattr(row, each) for each in ("account_id", "subject_id", "request_id", "person_id")}


def _begin_anew(connection: Connection, reminder_id: int, count: dict[str, Any]) -> None:
    """Count from another moment, unless somebody has declined it meanwhile."""
    columns = {**count, "state": State.OPEN.value, "unheeded": 0}
    wanted = and_(Table.id == reminder_id, Table.state != State.DECLINED.value)
    connection.execute(update(Table).where(wanted).values(**columns))


def still_so(
    connection: Connection, rules: Rules, reminders: Collection[Reminder], now: datetime
) -> list[Reminder]:
    """Look up the reasons of these rows again: end those that have none any more, begin those anew that count from
    another moment by now; return the others.
    """
    by_kind: dict[Kind, list[Reminder]] = {}
    for each in reminders:
        by_kind.setdefault(each.kind, []).append(each)
    held = []
    for kind, rows in by_kind.items():
        held += rows if kind not in REASONS else _look_again(connection, rules, rows, now)
    return held


def _look_again(connection: Connection, rules: Rules, rows: list[Reminder], now: datetime) -> list[Reminder]:
    rule = rules[rows[0].kind]
    requests = {each.request_id for each in rows if each.request_id is not None}
    found = REASONS[rule.kind].find(Look(rules, now, requests))
    subjects = {each.subject_id for each in rows}
    reasons = connection.execute(
        select(found.c.account_id, found.c.subject_id, found.c.since).where(found.c.subject_id.in_(subjects))
    ).all()
    since = {(row.account_id, row.subject_id): row.since for row in reasons}
    held, gone = [], []
    for each in rows:
        counted = since.get((each.account_id, each.subject_id))
        if counted is None:
            gone.append(each.id)
        elif counted != each.since:
            _begin_anew(connection, each.id, begun(rule, counted, each.habits, now))
        else:
            held.append(each)
    end(connection, gone, State.STOPPED)
    return held
