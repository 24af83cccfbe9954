"""Reasons → rows: what has a reason gets a row, what counts from another moment by now begins anew."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, or_, select, update

from casework.reminding.reasons import REASONS
from casework.reminding.rows import HABITS, Habits, Reminder, State, add, begun, end
from casework.reminding.rules import Kind, Rule, Rules
from db.models import Account
from db.models import Reminder as Table


def plan(
    connection: Connection, rules: Rules, office: Habits, now: datetime, requests: Collection[int] = ()
) -> None:
    """Write a row for every reason that has none.

    Args:
        requests: the portion of all requests that is looked through now.
    """
    for kind, reason in REASONS.items():
        if reason.in_portions and not requests:
            continue
        portion = requests if reason.in_portions else None
        _plan(connection, rules, kind, office, now, portion)


def _plan(
    connection: Connection,
    rules: Rules,
    kind: Kind,
    office: Habits,
    now: datetime,
    requests: Collection[int] | None,
) -> None:
    found = REASONS[kind].find(rules, now).subquery()
    same = and_(
        Table.kind == kind.value,
        Table.account_id == found.c.account_id,
        Table.subject_id == found.c.subject_id,
    )
    other = and_(Table.since != found.c.since, Table.state != State.DECLINED.value)
    wanted = (
        select(found, *HABITS, Table.id.label("row_id"))
        .join(Account, Account.id == found.c.account_id)
        .outerjoin(Table, same)
        .where(Account.erased_at.is_(None), or_(Table.id.is_(None), other))
    )
    if requests is not None:
        wanted = wanted.where(found.c.request_id.in_(requests))
    fresh = []
    for row in connection.execute(wanted).all():
        count = begun(rules[kind], row.since, office.of(row))
        if row.row_id is None:
            fresh.append({"kind": kind.value, **_subject(row), **count})
        else:
            _begin_anew(connection, row.row_id, count)
    add(connection, fresh, now)


def _subject(row: Any) -> dict[str, Any]:
    return {each: getattr(row, each) for each in ("account_id", "subject_id", "request_id", "person_id")}


def _begin_anew(connection: Connection, reminder_id: int, count: dict[str, Any]) -> None:
    columns = {**count, "state": State.OPEN.value, "unheeded": 0}
    connection.execute(update(Table).where(Table.id == reminder_id).values(**columns))


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
        held += rows if kind not in REASONS else _look_again(connection, rules, rules[kind], rows, now)
    return held


def _look_again(
    connection: Connection, rules: Rules, rule: Rule, rows: list[Reminder], now: datetime
) -> list[Reminder]:
    found = REASONS[rule.kind].find(rules, now).subquery()
    subjects = {each.subject_id for each in rows}
    reasons = connection.execute(
        select(found.c.account_id, found.c.subject_id, found.c.since).where(found.c.subject_id.in_(subjects))
    ).all()
    since = {(row.account_id, row.subject_id): row.since for row in reasons}
    held, gone = [], []
    for each in rows:
        now_since = since.get((each.account_id, each.subject_id))
        if now_since is None:
            gone.append(each.id)
        elif now_since != each.since:
            _begin_anew(connection, each.id, begun(rule, now_since, each.habits))
        else:
            held.append(each)
    end(connection, gone, State.STOPPED)
    return held
