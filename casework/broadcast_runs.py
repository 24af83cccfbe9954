"""A broadcast on its way: sending it, correcting it in every chat, taking it back out of them.

A run's recipients are frozen at its start. Their rows in the outbox are made from that in parts, so that ten
thousand of them never keep the writer from anybody's turn; whoever comes after a kill goes on where it stopped.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, exists, func, insert, select, update

from casework import audience, broadcasts
from casework.broadcasts import LEFT_OUT, Broadcast, State
from db.gathered import flush
from db.ids import new_id
from db.models import BroadcastRun as Row
from db.models import BroadcastText, Outbox
from db.sealed import KeyRing, Place

RECALLABLE = timedelta(hours=47)  # Bot API, deleteMessage: 48 hours; one is left for the way
FILLED_AT_ONCE = 500  # rows of one transaction
OPEN = ("todo", "sending")  # states of rows whose fate is not known yet (bot/outgoing.py)
ARRIVED, UNCERTAIN, CANCELLED = "sent", "uncertain", "cancelled"


class Kind(StrEnum):
    SEND = "send"
    AGAIN = "again"  # to those of whom it is uncertain (casework/broadcast_again.py)
    CORRECT = "correct"
    RECALL = "recall"


SENDING = (Kind.SEND.value, Kind.AGAIN.value)  # what puts a message into a chat


class Going(StrEnum):
    """How a run stands."""

    RUNNING = "running"
    PAUSED = "paused"
    ENDED = "ended"
    CANCELLED = "cancelled"


LIVE = (Going.RUNNING.value, Going.PAUSED.value)


@dataclass(frozen=True)
class Run:
    """One run as it stands.

    Attributes:
        counts: its rows by their state; once it has ended, as it was then.
    """

    id: int
    broadcast_id: int
    kind: Kind
    going: Going
    urgent: bool
    account_id: int
    total: int
    filled: int
    progress_id: int | None
    at: datetime
    ended_at: datetime | None
    counts: dict[str, int]

    @property
    def sent(self) -> int:
        return self.counts.get(ARRIVED, 0)

    @property
    def unreachable(self) -> int:
        """Those who cannot be reached, and those whom Telegram refused for another reason."""
        return self.counts.get("blocked", 0) + self.counts.get("dead", 0)

    @property
    def uncertain(self) -> int:
        return self.counts.get(UNCERTAIN, 0)

    @property
    def cancelled(self) -> int:
        return self.counts.get(CANCELLED, 0)

    @property
    def gone(self) -> int:
        """Those whose account was erased meanwhile, and their row with it."""
        return self.filled - sum(self.counts.values())

    @property
    def left(self) -> int:
        unmade = self.total - self.filled if self.going.value in LIVE else 0
        return unmade + sum(self.counts.get(each, 0) for each in OPEN)


def start(
    connection: Connection, keys: KeyRing, broadcast: Broadcast, by: int, first_language: str, now: datetime
) -> int | None:
    """Freeze the audience and start sending; None where nobody would get it. What is undecided gets nothing."""
    written = broadcasts.texts(connection, keys, broadcast.id)
    found = audience.recipients(connection, keys, broadcast.details.audience, urgent=broadcast.urgent)
    frozen = []
    for each in found:
        reads = broadcasts.reads(each.language, written, broadcast.details.instead, first_language)
        if reads is not None and reads != LEFT_OUT:
            frozen.append((each.account_id, written[reads].id, None))
    if not frozen:
        return None
    broadcast.state, broadcast.started_at, broadcast.due_at = State.STARTED, now, None
    broadcasts.save(connection, keys, broadcast)
    return begin(connection, keys, broadcast, Kind.SEND, by, frozen, now)


def recallable(connection: Connection, broadcast_id: int, now: datetime) -> int:
    """Count the messages that Telegram still lets us delete."""
    return len(_arrived(connection, broadcast_id, since=now - RECALLABLE))


def is_recalled(connection: Connection, broadcast_id: int) -> bool:
    """Whether it is being deleted now."""
    return any(each.kind is Kind.RECALL for each in live(connection, broadcast_id))


def recall(connection: Connection, keys: KeyRing, broadcast: Broadcast, by: int, now: datetime) -> int | None:
    """Stop what is still being sent, and begin to delete what has arrived; None where nothing can be deleted."""
    for each in live(connection, broadcast.id):
        cancel(connection, each.id, now)
    frozen = [
        (row.account_id, row.text_id, row.message_id)
        for row in _arrived(connection, broadcast.id, since=now - RECALLABLE)
    ]
    return begin(connection, keys, broadcast, Kind.RECALL, by, frozen, now) if frozen else None


def correct(
    connection: Connection, keys: KeyRing, broadcast: Broadcast, by: int, now: datetime
) -> int | None:
    """Put the corrected words into every chat that got the others; what has not left yet leaves corrected.

    Return None where nothing has arrived in these languages.
    """
    frozen: list[tuple[int, int, int | None]] = []
    for language, words in broadcast.details.correction.items():
        old = _versions(connection, broadcast.id, language)
        fresh = broadcasts.add_version(connection, keys, broadcast.id, language, words, len(old), now)
        to_go = (Outbox.text_id.in_(old)) & (Outbox.state == "todo") & Outbox.message_id.is_(None)
        connection.execute(update(Outbox).where(to_go).values(text_id=fresh))
        frozen += [
            (row.account_id, fresh, row.message_id)
            for row in _arrived(connection, broadcast.id)
            if row.text_id in old
        ]
    broadcast.details.correction = {}
    broadcasts.save(connection, keys, broadcast)
    return begin(connection, keys, broadcast, Kind.CORRECT, by, frozen, now) if frozen else None


def correctable(connection: Connection, broadcast: Broadcast) -> int:
    """Count the chats in which the correction would replace words."""
    old = [
        each
        for language in broadcast.details.correction
        for each in _versions(connection, broadcast.id, language)
    ]
    return sum(row.text_id in old for row in _arrived(connection, broadcast.id))


def fill(connection: Connection, keys: KeyRing, run_id: int, now: datetime) -> bool:
    """Make the next rows of a run; False once there is nothing more to make."""
    row = connection.execute(select(Row).where(Row.id == run_id).with_for_update()).one_or_none()
    if row is None or row.frozen is None or row.state not in LIVE:
        return False
    key = broadcasts.key_of(connection, keys, row.broadcast_id)
    frozen = key.open(row.frozen, Place("broadcast_run", "frozen", run_id))
    some = frozen[row.filled : row.filled + FILLED_AT_ONCE]
    connection.execute(insert(Outbox), [_outbox_row(row, each, now) for each in some])
    filled = row.filled + len(some)
    done = filled >= len(frozen)
    values: dict[str, Any] = {"filled": filled, **({"frozen": None} if done else {})}
    connection.execute(update(Row).where(Row.id == run_id).values(**values))
    return not done


def unfilled(connection: Connection) -> list[int]:
    """Return the runs of which rows are still to be made, the urgent ones first."""
    return list(
        connection.scalars(
            select(Row.id)
            .where(Row.frozen.is_not(None), Row.state.in_(LIVE))
            .order_by(Row.urgent.desc(), Row.id)
        )
    )


def pause(connection: Connection, run_id: int) -> bool:
    """Let nothing more of it leave; False where it does not run."""
    return _turn(connection, run_id, Going.RUNNING, Going.PAUSED)


def resume(connection: Connection, run_id: int) -> bool:
    """Go on; False where it is not paused."""
    return _turn(connection, run_id, Going.PAUSED, Going.RUNNING)


def cancel(connection: Connection, run_id: int, now: datetime) -> bool:
    """Let nothing more of it leave, for good; False where it has ended."""
    changed = connection.execute(
        update(Row)
        .where(Row.id == run_id, Row.state.in_(LIVE))
        .values(state=Going.CANCELLED.value, frozen=None, ended_at=now)
    )
    if not changed.rowcount:
        return False
    waiting = (Outbox.run_id == run_id) & (Outbox.state == "todo")
    connection.execute(update(Outbox).where(waiting).values(state=CANCELLED, lease_owner=None))
    return True


def end_those_that_are_done(connection: Connection, now: datetime) -> list[Run]:
    """End every run whose last row has found its fate, and return them. Those cancelled are done once counted."""
    undecided = exists().where(Outbox.run_id == Row.id, Outbox.state.in_(OPEN))
    done = select(Row).where(
        Row.counts.is_(None),
        Row.frozen.is_(None),
        Row.state.in_((Going.RUNNING.value, Going.CANCELLED.value)),
        ~undecided,
    )
    ended = []
    for row in connection.execute(done.with_for_update()).all():
        counts = _counts(connection, row.id)
        going = Going.ENDED if row.state == Going.RUNNING.value else Going.CANCELLED
        values = {"state": going.value, "counts": json.dumps(counts), "ended_at": now}
        connection.execute(update(Row).where(Row.id == row.id).values(**values))
        ended += _runs(connection, Row.id == row.id)
    return ended


def get(connection: Connection, run_id: int) -> Run | None:
    return next(iter(_runs(connection, Row.id == run_id)), None)


def live(connection: Connection, broadcast_id: int | None = None) -> list[Run]:
    """Return the runs that have not ended."""
    which: list[ColumnElement[bool]] = [Row.state.in_(LIVE)]
    which += [Row.broadcast_id == broadcast_id] if broadcast_id is not None else []
    return _runs(connection, *which)


def of_broadcast(connection: Connection, broadcast_id: int) -> list[Run]:
    """Return every run of a broadcast, the first one first."""
    return _runs(connection, Row.broadcast_id == broadcast_id)


def shows_progress(connection: Connection, run_id: int, outbox_id: int) -> None:
    """Remember in which message it is shown how far a run is."""
    connection.execute(update(Row).where(Row.id == run_id).values(progress_id=outbox_id))


def not_reached(connection: Connection, broadcast_id: int) -> list[tuple[int, str]]:
    """Return the accounts that a broadcast was meant for and may not have reached, with the state of the newest row."""
    rows = connection.execute(
        select(Outbox.account_id, Outbox.state)
        .join(Row, Row.id == Outbox.run_id)
        .where(
            Row.broadcast_id == broadcast_id,
            Row.kind.in_(SENDING),
            Outbox.state.in_(("blocked", "dead", UNCERTAIN, CANCELLED)),
            Outbox.account_id.not_in(reached(broadcast_id)),
        )
        .order_by(Outbox.id)
    ).all()
    newest = {row.account_id: row.state for row in rows}
    return sorted(newest.items(), key=lambda each: (each[1], each[0]))


def reached(broadcast_id: int) -> Select[int]:
    """Select the accounts of whom it is known that they got it."""
    return (
        select(Outbox.account_id)
        .join(Row, Row.id == Outbox.run_id)
        .where(Row.broadcast_id == broadcast_id, Row.kind.in_(SENDING), Outbox.state == ARRIVED)
    )


def begin(
    connection: Connection,
    keys: KeyRing,
    broadcast: Broadcast,
    kind: Kind,
    by: int,
    frozen: Sequence[tuple[int, int, int | None]],
    now: datetime,
) -> int:
    run_id = new_id()
    key = broadcasts.key_of(connection, keys, broadcast.id)
    row: dict[str, Any] = {"id": run_id, "broadcast_id": broadcast.id, "kind": kind.value, "account_id": by}
    row |= {"state": Going.RUNNING.value, "total": len(frozen), "filled": 0, "at": now}
    row |= {"frozen": key.seal(frozen, Place("broadcast_run", "frozen", run_id))}
    # Taking back and putting right is never kept for the morning: nothing of it lights up a telephone.
    row |= {"urgent": broadcast.urgent or kind.value not in SENDING}
    connection.execute(insert(Row), row)
    return run_id


def _outbox_row(run: Any, frozen: Sequence[Any], now: datetime) -> dict[str, Any]:
    account_id, text_id, message_id = frozen
    return {
        "id": new_id(),
        "account_id": account_id,
        "dedupe_key": f"{run.id:x}:{account_id:x}",
        "lane": "urgent" if run.urgent else "bulk",
        "state": "todo",
        "payload": None,
        "attempts": 0,
        "due_at": now,
        "fence": 0,
        "message_id": message_id,
        "run_id": run.id,
        "text_id": text_id,
        "created_at": now,
    }


def _arrived(connection: Connection, broadcast_id: int, since: datetime | None = None) -> list[Any]:
    """Return the rows whose message stands in a chat as far as we know; `due_at` is when it left.

    Args:
        since: only those that left after this moment.
    """
    flush(connection)
    newer = [Outbox.due_at > since] if since is not None else []
    return list(
        connection.execute(
            select(Outbox.account_id, Outbox.text_id, Outbox.message_id)
            .join(Row, Row.id == Outbox.run_id)
            .where(
                Row.broadcast_id == broadcast_id,
                Row.kind.in_(SENDING),
                Outbox.state == ARRIVED,
                Outbox.message_id.is_not(None),
                *newer,
            )
            .order_by(Outbox.id)
        )
    )


def _versions(connection: Connection, broadcast_id: int, language: str) -> list[int]:
    return list(
        connection.scalars(
            select(BroadcastText.id).where(
                BroadcastText.broadcast_id == broadcast_id, BroadcastText.language == language
            )
        )
    )


def _turn(connection: Connection, run_id: int, before: Going, after: Going) -> bool:
    here = (Row.id == run_id) & (Row.state == before.value)
    return bool(connection.execute(update(Row).where(here).values(state=after.value)).rowcount)


def _counts(connection: Connection, run_id: int) -> dict[str, int]:
    flush(connection)
    rows = connection.execute(
        select(Outbox.state, func.count()).where(Outbox.run_id == run_id).group_by(Outbox.state)
    )
    return {row[0]: row[1] for row in rows}


def _runs(connection: Connection, *which: Any) -> list[Run]:
    rows = connection.execute(select(Row).where(*which).order_by(Row.id)).all()
    return [
        Run(
            row.id,
            row.broadcast_id,
            Kind(row.kind),
            Going(row.state),
            row.urgent,
            row.account_id,
            row.total,
            row.filled,
            row.progress_id,
            row.at,
            row.ended_at,
            json.loads(row.counts) if row.counts else _counts(connection, row.id),
        )
        for row in rows
    ]
