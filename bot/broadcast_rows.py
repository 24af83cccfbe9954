"""The statements of broadcasts' rows in the outbox. Each is one piece of work for the writer.

A row is leased while it still is `todo`, and becomes `sending` in a commit of its own right before it leaves: what a
dead process had leased goes to the next one, and only what it was just sending is in doubt.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Table, exists, or_, select, update

from bot.outgoing import LEASE, Lane, Outgoing, State
from bot.store import address
from casework.broadcast_runs import Going, Kind
from casework.erasure import NO_KEY
from casework.preferences import QuietHours, quiet_until
from db.models import Account, BroadcastRun, Outbox
from db.sealed import KeyRing, Place

_table = cast("Table", Outbox.__table__)
_run = cast("Table", BroadcastRun.__table__)
_MINE = (
    _table.c.id,
    _table.c.account_id,
    _table.c.dedupe_key,
    _table.c.lane,
    _table.c.fence,
    _table.c.attempts,
    _table.c.message_id,
    _table.c.run_id,
    _table.c.text_id,
)
_WHOSE = (
    Account.address,
    Account.data_key,
    Account.language,
    Account.zone,
    Account.quiet_from,
    Account.quiet_until,
    Account.erased_at,
)
REPEATABLE = (Kind.CORRECT.value, Kind.RECALL.value)  # done twice is done once


@dataclass(frozen=True)
class Content:
    """What a text becomes for the readers of one language: the call without chat and message."""

    method: str
    parameters: dict[str, Any]


Contents = Callable[
    [Connection, Kind, int, str | None], Content
]  # of a run's kind, a text, a reader's language


@dataclass(frozen=True)
class Office:
    """What the office has set for those who have set nothing."""

    zone: ZoneInfo
    quiet: QuietHours


def lease(
    connection: Connection,
    keys: KeyRing,
    contents: Contents,
    office: Office,
    instance: str,
    now: datetime,
    most: int,
) -> tuple[list[Outgoing], bool]:
    """Lease the next rows that are due, urgent runs first; say whether there was anything to look at.

    Ordinary news that comes into somebody's quiet hours waits for their end.
    """
    found = connection.execute(
        select(*_MINE, *_WHOSE, _run.c.kind, _run.c.urgent)
        .join(_run, _run.c.id == _table.c.run_id)
        .join(Account, Account.id == _table.c.account_id)
        .where(
            _run.c.state == Going.RUNNING.value,
            _table.c.state == State.TODO.value,
            _table.c.due_at <= now,
            or_(_table.c.lease_owner.is_(None), _table.c.lease_until < now),
            Account.data_key != NO_KEY,
        )
        .order_by(_run.c.urgent.desc(), _run.c.id, _table.c.due_at, _table.c.id)
        .limit(most)
        .with_for_update(skip_locked=True, of=_table)
    ).all()
    leased: list[Any] = []
    for row in found:
        quiet = None if row.urgent else _quiet_until(row, office, now)
        if quiet is not None:
            connection.execute(update(_table).where(_table.c.id == row.id).values(due_at=quiet))
        else:
            leased.append(row)
    if leased:
        connection.execute(
            update(_table)
            .where(_table.c.id.in_([row.id for row in leased]))
            .values(lease_owner=instance, lease_until=now + LEASE, fence=_table.c.fence + 1)
        )
    return [_outgoing(connection, keys, contents, row) for row in leased], bool(found)


def leaves(connection: Connection, row: Outgoing, now: datetime) -> bool:
    """Write down that it leaves now; False where it shall not any more: paused, stopped, or another process has it."""
    runs = exists().where(_run.c.id == row.run_id, _run.c.state == Going.RUNNING.value)
    mine = (_table.c.id == row.id) & (_table.c.fence == row.fence) & (_table.c.state == State.TODO.value)
    changed = connection.execute(
        update(_table)
        .where(mine, runs)
        .values(
            state=State.SENDING.value, attempts=_table.c.attempts + 1, due_at=now, lease_until=now + LEASE
        )
    )
    return bool(changed.rowcount)


def waits(connection: Connection, row: Outgoing, due: datetime) -> None:
    """It has surely not left, or may be repeated: anybody may take it from `due` on."""
    connection.execute(
        update(_table)
        .where(_table.c.id == row.id, _table.c.fence == row.fence)
        .values(state=State.TODO.value, due_at=due, lease_owner=None, lease_until=None)
    )


def give_back(connection: Connection, ids: list[int], instance: str) -> None:
    """These were leased and have not left: anybody may take them at once."""
    connection.execute(
        update(_table)
        .where(_table.c.id.in_(ids), _table.c.lease_owner == instance, _table.c.state == State.TODO.value)
        .values(lease_owner=None, lease_until=None)
    )


def settle_what_the_dead_left(connection: Connection, instance: str, now: datetime) -> int:
    """Hold what a process that is gone was just sending: nobody knows whether it arrived. Return how many."""
    left = (
        (_table.c.state == State.SENDING.value)
        & (_table.c.lease_until < now)
        & (_table.c.lease_owner.is_distinct_from(instance))
    )
    of = select(_run.c.id).where(_run.c.kind.in_(REPEATABLE))
    free = {"lease_owner": None, "lease_until": None}
    connection.execute(
        update(_table).where(left, _table.c.run_id.in_(of)).values(state=State.TODO.value, **free)
    )
    held = connection.execute(
        update(_table).where(left, _table.c.run_id.is_not(None)).values(state=State.UNCERTAIN.value, **free)
    )
    return held.rowcount


def _quiet_until(row: Any, office: Office, now: datetime) -> datetime | None:
    unset = row.quiet_from is None or row.quiet_until is None
    hours = office.quiet if unset else QuietHours(row.quiet_from, row.quiet_until)
    return quiet_until(hours, ZoneInfo(row.zone) if row.zone else office.zone, now)


def _outgoing(connection: Connection, keys: KeyRing, contents: Contents, row: Any) -> Outgoing:
    key = keys.data_key(row.data_key, Place("account", "data_key", row.account_id))
    content = contents(connection, Kind(row.kind), row.text_id, row.language)
    parameters = dict(content.parameters)
    if row.message_id is not None:
        aimed = [row.message_id] if content.method == "deleteMessages" else row.message_id
        parameters["message_ids" if content.method == "deleteMessages" else "message_id"] = aimed
    return Outgoing(
        row.id,
        row.account_id,
        address(key, row.account_id, row.address),
        row.dedupe_key,
        content.method,
        parameters,
        lane=Lane(row.lane),
        attempts=row.attempts + 1,
        fence=row.fence + 1,
        run_id=row.run_id,
    )
