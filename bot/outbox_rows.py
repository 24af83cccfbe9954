"""The outbox's statements.

Each is one piece of work for the writer; each result carries the fence of its lease.
"""

from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    Select,
    Table,
    Update,
    and_,
    bindparam,
    exists,
    or_,
    select,
    update,
)

from bot.outgoing import LEASE, Lane, Outgoing, Parting, State, payload_place
from bot.store import address
from casework import erasure
from casework.broadcast_runs import LIVE
from casework.erasure import NO_KEY
from db.gathered import write
from db.models import Account, BroadcastRun, Dialog, Outbox
from db.sealed import KeyRing, Place
from db.shared import is_shared

_OPEN = (State.TODO.value, State.SENDING.value)
MOST_AT_ONCE = 500
_INTO_A_LANE = timedelta(seconds=10)  # from a commit, at most
_table = cast("Table", Outbox.__table__)
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)

_CHANGE = update(_table).where(_table.c.id == bindparam("of"), _table.c.fence == bindparam("with_fence"))
_FINISH = _CHANGE.values(
    state=bindparam("to"),
    message_id=bindparam("as_message"),
    payload=None,
    lease_owner=None,
    lease_until=None,
)
_OURS = _CHANGE.where(_table.c.state.in_(_OPEN))
_KEEP = _CHANGE.values(state=bindparam("to"), lease_owner=None, lease_until=None)


def finished(connection: Connection, row: Outgoing, state: State, message_id: int | None) -> None:
    """Write down how it ended. What has arrived keeps no copy; what has not keeps it for staff to see."""
    statement = _FINISH if state is State.SENT else _KEEP
    values: dict[str, Any] = {"of": row.id, "with_fence": row.fence, "to": state.value}
    if state is State.SENT:
        values["as_message"] = message_id
    write(connection, statement, [values])


def postponed(connection: Connection, row: Outgoing, due: datetime) -> bool:
    """It has surely not left: keep it until `due`, also over a restart. False where another process has it."""
    change = _OURS.values(state=State.TODO.value, due_at=due, lease_until=due + LEASE)
    return _changed(connection, change, row, due + LEASE)


def sending_again(connection: Connection, row: Outgoing, now: datetime) -> bool:
    """It is about to be sent (again). False where another process has it."""
    change = _OURS.values(
        state=State.SENDING.value, attempts=row.attempts, due_at=now, lease_until=now + LEASE
    )
    return _changed(connection, change, row, now + LEASE)


def _changed(connection: Connection, change: Update, row: Outgoing, until: datetime) -> bool:
    done = connection.execute(change, {"of": row.id, "with_fence": row.fence}).rowcount > 0
    if row.leased_until is not None:
        row.leased_until = until
    return done


def renewed(connection: Connection, held: Collection[Outgoing], instance: str, now: datetime) -> set[int]:
    """Hold on to these for longer; return the ids of those that are still in our hands."""
    fences = {row.id: row.fence for row in held}
    until = now + LEASE
    found = connection.execute(
        update(_table)
        .where(_table.c.id.in_(fences), _table.c.lease_owner == instance, _table.c.state.in_(_OPEN))
        .values(lease_until=until)
        .returning(_table.c.id, _table.c.fence)
    ).all()
    ours = {row.id for row in found if row.fence == fences[row.id]}
    for row in held:
        if row.id in ours:
            row.leased_until = until
    return ours


def becomes_screen(connection: Connection, row: Outgoing) -> None:
    """The message that was to be edited is gone: the new one is the live screen from now on."""
    connection.execute(
        update(Dialog)
        .where(Dialog.account_id == row.account_id, Dialog.screen_id < row.id)
        .values(screen_id=row.id)
    )


def unreachable(connection: Connection, row: Outgoing, now: datetime) -> set[int]:
    """The person blocked the bot or is gone: mark them, and stop everything on its way to them.

    Return the ids of what was stopped.
    """
    connection.execute(
        update(Account)
        .where(Account.id == row.account_id, Account.unreachable_since.is_(None), Account.erased_at.is_(None))
        .values(unreachable_since=now)
    )
    stopped = connection.execute(
        update(_table)
        .where(_table.c.account_id == row.account_id, _table.c.state.in_(_OPEN))
        .values(state=State.BLOCKED.value, lease_owner=None, lease_until=None)
        .returning(_table.c.id)
    )
    return set(stopped.scalars())


def moved(connection: Connection, row: Outgoing, chat_id: int, keys: KeyRing) -> None:
    """The account is reached under another id from now on; what waits for it finds the way by that."""
    wrapped = connection.scalars(select(Account.data_key).where(Account.id == row.account_id)).one()
    key = keys.data_key(wrapped, Place("account", "data_key", row.account_id))
    sealed = key.seal(chat_id, Place("account", "address", row.account_id))
    connection.execute(update(Account).where(Account.id == row.account_id).values(address=sealed))


def partings(connection: Connection, keys: KeyRing) -> list[tuple[int, Parting]]:
    """Return the erased accounts whose address was kept for their last messages, each with the chat it leads to."""
    found = connection.execute(
        select(Account.id, Account.data_key, Account.address).where(
            Account.erased_at.is_not(None), Account.data_key != NO_KEY
        )
    ).all()
    leaving = []
    for row in found:
        key = keys.data_key(row.data_key, Place("account", "data_key", row.id))
        leaving.append((address(key, row.id, row.address), Parting(row.id)))
    return leaving


def forget_address(connection: Connection, account_id: int) -> None:
    """Forget an erased account's address, unless a message is still on its way in another process."""
    open_ones = select(_table.c.id).where(_table.c.account_id == account_id, _table.c.state.in_(_OPEN))
    if connection.execute(open_ones.limit(1)).first() is None:
        erasure.forget_address(connection, account_id)


def message_of(connection: Connection, row_id: int) -> int | None:
    """Return the message a row became, where another process has sent it."""
    return connection.scalar(select(_table.c.message_id).where(_table.c.id == row_id))


def still_waiting(connection: Connection, ids: Collection[int]) -> set[int]:
    """Return which of these nobody has taken yet."""
    free = _table.c.id.in_(ids) & (_table.c.state == State.TODO.value) & _table.c.lease_owner.is_(None)
    return set(connection.scalars(select(_table.c.id).where(free)))


def holders(connection: Connection, instance: str) -> set[str]:
    """Return the other processes that hold anything."""
    held = select(_table.c.lease_owner).where(_held_by_others(instance)).distinct()
    talk = connection.scalars(held.where(_table.c.run_id.is_(None)))
    runs = select(BroadcastRun.id).where(BroadcastRun.state.in_(LIVE))
    return {*talk, *connection.scalars(held.where(_table.c.run_id.in_(runs)))}


def end_leases_of(connection: Connection, ended: Collection[str], instance: str) -> None:
    """Let go of what processes hold that have ended."""
    theirs = _held_by_others(instance) & _table.c.lease_owner.in_(ended)
    connection.execute(update(_table).where(theirs).values(lease_until=_LONG_AGO))


def _held_by_others(instance: str) -> ColumnElement[bool]:
    return and_(_table.c.state.in_(_OPEN), _table.c.lease_owner != instance, _table.c.lease_until > _LONG_AGO)


def own_since_long(connection: Connection, instance: str, now: datetime) -> set[int]:
    """Return what we hold, but for what was leased a moment ago."""
    ours = select(_table.c.id).where(
        _table.c.state.in_(_OPEN),
        _table.c.run_id.is_(None),
        _table.c.lease_owner == instance,
        _table.c.lease_until > _LONG_AGO,
        _table.c.lease_until < now + LEASE - _INTO_A_LANE,
    )
    return set(connection.scalars(ours))


def let_go(connection: Connection, ids: Collection[int], instance: str) -> None:
    """Let whoever looks first take these."""
    ours = _table.c.id.in_(ids) & (_table.c.lease_owner == instance) & _table.c.state.in_(_OPEN)
    connection.execute(update(_table).where(ours).values(lease_until=_LONG_AGO))


def end_leases_of_others(connection: Connection, instance: str) -> None:
    """Nobody else is alive: every lease but our own is over."""
    connection.execute(
        update(_table)
        .where(_table.c.state.in_(_OPEN), _table.c.lease_owner.is_not(None), _table.c.lease_owner != instance)
        .values(lease_until=_LONG_AGO)
    )


def give_back(connection: Connection, ids: list[int], instance: str) -> None:
    """These have not left and we stop: anybody may take them at once."""
    connection.execute(
        update(_table)
        .where(_table.c.id.in_(ids), _table.c.lease_owner == instance)
        .values(state=State.TODO.value, lease_owner=None, lease_until=None)
    )


def _due(over: ColumnElement[bool]) -> Select[Any]:
    """Make the statement once: a second passes between two looks, and making it took longer than the look."""
    return (
        select(_table, Account.address, Account.data_key, Account.erased_at)
        .join(Account, Account.id == _table.c.account_id)
        .where(
            _table.c.state.in_(_OPEN),
            _table.c.run_id.is_(None),  # those of broadcasts: bot/broadcast_rows.py
            _table.c.due_at <= bindparam("now"),
            Account.data_key != NO_KEY,
            or_(_table.c.lease_owner.is_(None), over),
            ~_waits_behind_another(),
        )
        .order_by(_table.c.id)
        .limit(bindparam("most"))
        .with_for_update(skip_locked=True, of=_table)
    )


def _waits_behind_another() -> ColumnElement[bool]:
    """Whether an earlier message to the same person waits for its time, or is in another process's hands.

    One that was never tried only waits for its day, and nobody waits for it.
    """
    earlier = _table.alias()
    now: BindParameter[datetime] = bindparam("now")
    return exists().where(
        earlier.c.account_id == _table.c.account_id,
        earlier.c.id < _table.c.id,
        earlier.c.state.in_(_OPEN),
        earlier.c.run_id.is_(None),  # a broadcast that waits for the morning holds up nobody
        earlier.c.lease_owner.is_distinct_from(bindparam("instance")),
        or_(and_(earlier.c.due_at > now, earlier.c.fence > 0), earlier.c.lease_until >= now),
    )


_OVER = _table.c.lease_until < bindparam("now")
_DUE_SHARED = _due(_OVER)
_DUE = _due(_OVER & (_table.c.lease_owner != bindparam("instance")))


def take_put_off(connection: Connection, keys: KeyRing, instance: str, now: datetime) -> list[Outgoing]:
    """Lease what an earlier process tried and had to put off, oldest first, where nobody else is alive.

    It keeps its time, but has to be in its lane before: what is said to the person meanwhile must not overtake it.
    What stood behind it has not left.
    """
    put_off = (
        select(_table, Account.address, Account.data_key, Account.erased_at)
        .join(Account, Account.id == _table.c.account_id)
        .where(
            _table.c.state == State.TODO.value,
            _table.c.run_id.is_(None),
            _table.c.due_at > now,
            _table.c.fence > 0,
            Account.data_key != NO_KEY,
        )
        .order_by(_table.c.id)
    )
    taken = []
    for found in connection.execute(put_off).all():
        mine = {"lease_owner": instance, "lease_until": found.due_at + LEASE, "fence": found.fence + 1}
        connection.execute(update(_table).where(_table.c.id == found.id).values(**mine))
        behind = (_table.c.account_id == found.account_id) & (_table.c.id > found.id)
        sending = _table.c.run_id.is_(None) & (_table.c.state == State.SENDING.value)
        connection.execute(update(_table).where(behind, sending).values(state=State.TODO.value))
        row = _opened(keys, found)
        row.not_before = found.due_at
        taken.append(row)
    return taken


def take_due(
    connection: Connection, keys: KeyRing, instance: str, now: datetime, most: int = MOST_AT_ONCE
) -> list[Outgoing]:
    """Lease the rows that are due and whose lease, if any, is over; oldest first.

    Our own are in our lanes (where several processes deliver, as long as their lease goes on: one that is over was
    committed without a word, and never came into a lane). Nothing overtakes an earlier message to the same person. A
    person's first row found in `sending` may have arrived already: a reply is sent once more, anything else is held as
    `uncertain`. Those behind it have not left: one leaves when the fate of the one before is written down.
    """
    statement = _DUE_SHARED if is_shared(connection) else _DUE
    found = connection.execute(statement, {"now": now, "instance": instance, "most": most}).all()
    taken: list[Outgoing] = []
    people: set[int] = set()
    for each in found:
        in_doubt = each.state == State.SENDING.value and each.account_id not in people
        people.add(each.account_id)
        row = _leased(connection, keys, each, instance, now, in_doubt=in_doubt)
        taken += [row] if row is not None else []
    return taken


def _leased(
    connection: Connection, keys: KeyRing, found: Any, instance: str, now: datetime, *, in_doubt: bool
) -> Outgoing | None:
    held = in_doubt and found.lane != Lane.CONVERSATION.value
    change: dict[str, Any] = {"state": State.UNCERTAIN.value, "lease_owner": None, "lease_until": None}
    if not held:
        change = {"state": State.SENDING.value, "lease_owner": instance, "lease_until": now + LEASE}
        change |= {"fence": found.fence + 1}
    connection.execute(update(_table).where(_table.c.id == found.id).values(**change))
    if held:
        return None
    row = _opened(keys, found)
    row.leased_until = now + LEASE if is_shared(connection) else None
    return row


def _opened(keys: KeyRing, found: Any) -> Outgoing:
    """Open a row for another process to send: its tries begin anew, since a death is no sign of an arrival."""
    key = keys.data_key(found.data_key, Place("account", "data_key", found.account_id))
    payload = key.open(found.payload, payload_place(found.id))
    return Outgoing(
        found.id,
        found.account_id,
        address(key, found.account_id, found.address),
        found.dedupe_key,
        payload["method"],
        payload["parameters"],
        payload["draw"],
        Lane(found.lane),
        fence=found.fence + 1,
        to_erased=found.erased_at is not None,
    )
