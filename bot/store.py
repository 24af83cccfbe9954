"""The hot path's statements: one read before a turn, the writes after it. SQLAlchemy Core; the ORM's unit of
work would cost more than all the rest.

`load` takes the lock on the dialog row first (PostgreSQL: FOR UPDATE; SQLite: BEGIN IMMEDIATE has taken it
already), so
that presses and messages of one person, which Telegram may deliver at the same time, follow one another. On
PostgreSQL that is a statement of its own: of the other tables, one that waited for the lock would still see what was
there before it waited, a role that is gone, say.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import (
    Connection,
    Select,
    Table,
    bindparam,
    func,
    insert,
    literal_column,
    null,
    or_,
    select,
    update,
)

from bot.clock import Clock
from bot.writer import MOST_TOGETHER
from db.gathered import Gathered, write
from db.ids import new_id, start_after
from db.models import Account, Dialog, Outbox, SeenUpdate
from db.prepared import Prepared, moment, write_rows
from db.sealed import DataKey, KeyRing, Place
from db.shared import Lock, is_shared, one_after_another

_account, _dialog, _outbox, _seen = (
    cast("Table", table.__table__) for table in (Account, Dialog, Outbox, SeenUpdate)
)

# A message that came below the live screen out of any turn: a file that is stored by now, news. Only what is newer
# than the screen is looked at, so that a long acquaintance costs no more than a short one.
_newest = _outbox.alias("newest")
_NEWEST = (
    select(func.max(_newest.c.message_id))
    .where(_newest.c.account_id == _account.c.id, _newest.c.id > _dialog.c.screen_id)
    .scalar_subquery()
)
_DELETABLE = timedelta(hours=47)
_FAMILY = "family"  # as in Account.role
_OPEN = _outbox.alias("open")
_OF_PERSON = _OPEN.c.account_id == _account.c.id
# What only matters where other processes deliver too: in whose hands what is on its way to this person is (nobody's, if
# it waits for them), and the newest message, which those of this turn have to come after.
_IN_HANDS = (
    select(func.string_agg(func.coalesce(_OPEN.c.lease_owner, literal_column("''")), literal_column("','")))
    .where(
        _OF_PERSON,
        _OPEN.c.run_id.is_(None),  # a broadcast that waits holds up nobody
        _OPEN.c.state.in_([literal_column("'todo'"), literal_column("'sending'")]),
        # What was tried and put off is on its way too, although a process that stopped has given it back.
        or_(
            _OPEN.c.lease_owner.is_not(None),
            _OPEN.c.due_at <= func.now(),
            _OPEN.c.fence > literal_column("0"),
        ),
    )
    .scalar_subquery()
)
_NEWEST_ROW = select(func.max(_OPEN.c.id)).where(_OF_PERSON).scalar_subquery()


def _wanted(*columns: Any) -> Select[Any]:
    return (
        select(
            _account.c.id,
            _account.c.telegram_key,
            _account.c.data_key,
            _account.c.language,
            _account.c.role,
            _account.c.consent_id,
            _account.c.unreachable_since,
            _account.c.zone,
            _dialog.c.step,
            _dialog.c.state,
            _dialog.c.token,
            _dialog.c.screen_id,
            _dialog.c.updated_at,
            _dialog.c.draft_id,
            _dialog.c.drafted_at,
            _outbox.c.message_id.label("screen_message_id"),
            _NEWEST.label("newest_message_id"),
            *columns,
        )
        .select_from(_account)
        .join(_dialog, _dialog.c.account_id == _account.c.id)
        .outerjoin(_outbox, _outbox.c.id == _dialog.c.screen_id)
        .with_for_update(of=_dialog)
    )


_ALONE = _wanted(null().label("in_hands"), null().label("newest_row"))
_SHARED = _wanted(_IN_HANDS.label("in_hands"), _NEWEST_ROW.label("newest_row"))
_LOCK = (
    select(_dialog.c.account_id)
    .join(_account, _account.c.id == _dialog.c.account_id)
    .with_for_update(of=_dialog)
)
_ONE = _account.c.telegram_key == bindparam("of0")
_MANY = _account.c.telegram_key.in_([bindparam(f"of{at}") for at in range(MOST_TOGETHER)])
_LOAD, _LOAD_SHARED, _LOCK_ONE = (Prepared(each.where(_ONE)) for each in (_ALONE, _SHARED, _LOCK))
# In one order everywhere, so that two processes that lock several dialogs do not wait for each other.
_LOAD_ALL, _LOAD_ALL_SHARED, _LOCK_ALL = (
    Prepared(each.where(_MANY).order_by(_account.c.id)) for each in (_ALONE, _SHARED, _LOCK)
)
_FIND_SEEN = Prepared(select(_seen.c.update_id).where(_seen.c.update_id == bindparam("of0")))
_FIND_ALL_SEEN = Prepared(
    select(_seen.c.update_id).where(
        _seen.c.update_id.in_([bindparam(f"of{at}") for at in range(MOST_TOGETHER)])
    )
)
_KEPT_IN_DIALOG = ("step", "state", "token", "screen_id", "updated_at", "draft_id", "drafted_at")
_SAVE_DIALOG = (
    update(_dialog)
    .where(_dialog.c.account_id == bindparam("of"))
    .values({name: bindparam(name) for name in _KEPT_IN_DIALOG})
)
_SAVE_LANGUAGE = update(_account).where(_account.c.id == bindparam("of")).values(language=bindparam("to"))
_REACHABLE = update(_account).where(_account.c.id == bindparam("of")).values(unreachable_since=None)
_ADD_ACCOUNT, _ADD_DIALOG, _ADD_SEEN = insert(_account), insert(_dialog), insert(_seen)
_ADD_OUTBOX = insert(_outbox)


class AlreadySeen(Exception):
    """This update's effect is committed already."""


class Nobody(Exception):
    """Somebody without an account presses a button of a screen: an account that is erased by now had it."""


@dataclass
class Loaded:
    """Everything a turn starts from."""

    account_id: int
    key: DataKey
    language: str | None
    role: str
    consent_id: int | None
    step: str
    state: dict[str, Any]
    token: str | None
    screen_id: int | None
    screen_message_id: int | None
    updated_at: datetime | None
    unreachable: bool = False
    zone: str | None = None
    newest_message_id: int | None = None
    draft_id: int | None = None
    drafted_at: datetime | None = None
    in_hands: frozenset[str] = frozenset()

    def is_served_by_others(self, instance: str) -> bool:
        """Whether something to this person has not left yet, and not by this process: what is said now comes after."""
        return not self.in_hands <= {instance}


@dataclass(frozen=True)
class Came:
    """What came in, as far as this table is concerned.

    Attributes:
        message_id: of a message that the person wrote; none of a button's.
        of_a_screen: whether it is a press of a button that belongs to a screen.
    """

    user_id: int
    update_id: int
    message_id: int | None = None
    of_a_screen: bool = False


@dataclass(frozen=True)
class About:
    """What a turn will read first; `newcomer` is who writes, where they get an account if they have none."""

    telegram_key: bytes
    update_id: int
    newcomer: int | None = None


@dataclass(frozen=True)
class _Foreseen:
    """What the turns of one transaction need, read in two queries for all of them.

    Attributes:
        dialogs: the row of each person who has one, and what was made for newcomers.
    """

    dialogs: dict[bytes, Any]
    people: frozenset[bytes]
    seen: frozenset[int]


def foresee(connection: Connection, turns: list[About], keys: KeyRing, clock: Clock) -> None:
    """Lock and read the dialogs of several turns at once, and make those of newcomers; `load` finds them.

    Where staff are among them, from here on no other process runs a turn of staff: the office's rules look at many rows
    and count on nobody changing them meanwhile, as nobody can on SQLite.
    """
    people = frozenset(turn.telegram_key for turn in turns)
    dialogs = {row.telegram_key: row for row in _dialog_rows(connection, sorted(people))}
    updates = _named([turn.update_id for turn in turns])
    seen = frozenset(_FIND_ALL_SEEN.run(connection, updates).scalars())
    gathered = Gathered.of(connection)
    if gathered is None:
        return
    newcomers: dict[bytes, int | None] = {}
    for turn in turns:
        if turn.telegram_key not in dialogs and turn.update_id not in seen:
            newcomers.setdefault(turn.telegram_key, turn.newcomer)
    welcome = {key: user_id for key, user_id in newcomers.items() if user_id is not None}
    dialogs |= _new_accounts(connection, keys, welcome, clock.now())
    gathered.foreseen = _Foreseen(dialogs, people, seen)


def _dialog_rows(connection: Connection, people: list[bytes]) -> list[Any]:
    named = _named(people)
    if not is_shared(connection):
        return list(_LOAD_ALL.run(connection, named))
    _LOCK_ALL.run(connection, named)
    found = list(_LOAD_ALL_SHARED.run(connection, named))
    if any(row.role != _FAMILY for row in found):
        one_after_another(connection, Lock.OFFICE)
    return found


def _named(values: Sequence[Any]) -> dict[str, Any]:
    """Return these values by the names in the statements for many: always as many, so that each is compiled once."""
    return {f"of{at}": value for at, value in enumerate(values)} | {
        f"of{at}": values[-1] for at in range(len(values), MOST_TOGETHER)
    }


def load(connection: Connection, keys: KeyRing, came: Came, now: datetime) -> Loaded:
    """Lock and load the person's dialog; make the account where there is none.

    Raises:
        AlreadySeen: the update was handled before.
        Nobody: there is no account, and this update is no reason to make one. It is marked as handled.
    """
    telegram_key = keys.lookup("telegram", came.user_id)
    row = _dialog_row(connection, About(telegram_key, came.update_id))
    if row is None and not came.of_a_screen:
        row = _new_accounts(connection, keys, {telegram_key: came.user_id}, now)[telegram_key]
    if row is None or isinstance(row, Loaded):
        _add_seen(connection, came.update_id, now, row.account_id if row else None, came.message_id)
        if row is None:
            raise Nobody
        return row
    _add_seen(connection, came.update_id, now, row.id, came.message_id)
    if row.newest_row is not None:
        start_after(row.newest_row)  # another process gave it its id, and its clock may be ahead of ours
    return _loaded(keys, row)


def _loaded(keys: KeyRing, row: Any) -> Loaded:
    """Open what was read (`_wanted`). Asking the row for each column by its name took a twentieth of a turn."""
    account_id, _telegram_key, data_key, language, role, consent_id, unreachable_since, zone, *rest = row
    step, sealed, token, screen_id, updated_at, draft_id, drafted_at, screen_message_id, *rest = rest
    newest_message_id, in_hands, _newest_row = rest
    key = keys.data_key(data_key, Place("account", "data_key", account_id))
    return Loaded(
        account_id,
        key,
        language,
        role,
        consent_id,
        step,
        key.open(sealed, Place("dialog", "state", account_id)) if sealed is not None else {},
        token,
        screen_id,
        screen_message_id,
        moment(updated_at),
        unreachable=unreachable_since is not None,
        zone=zone,
        newest_message_id=newest_message_id,
        draft_id=draft_id,
        drafted_at=moment(drafted_at),
        in_hands=frozenset(in_hands.split(",")) if in_hands is not None else frozenset(),
    )


def _dialog_row(connection: Connection, about: About) -> Any:
    """Return the person's row, from what was read ahead if nothing of it has changed in this transaction since."""
    gathered = Gathered.of(connection)
    first = gathered is not None and gathered.first_time(about.telegram_key, about.update_id)
    foreseen = gathered.foreseen if gathered is not None and first else None
    if isinstance(foreseen, _Foreseen) and about.telegram_key in foreseen.people:
        if about.update_id in foreseen.seen:
            raise AlreadySeen
        return foreseen.dialogs.get(about.telegram_key)
    # The lock first: what is looked for next may be what its holder just wrote.
    row = _locked_row(connection, {"of0": about.telegram_key})
    if _FIND_SEEN.run(connection, {"of0": about.update_id}).first() is not None:
        raise AlreadySeen
    return row


def _locked_row(connection: Connection, named: dict[str, bytes]) -> Any:
    if not is_shared(connection):
        return _LOAD.run(connection, named).one_or_none()
    _LOCK_ONE.run(connection, named)
    row = _LOAD_SHARED.run(connection, named).one_or_none()
    if row is not None and row.role != _FAMILY:
        one_after_another(connection, Lock.OFFICE)
    return row


def mark_seen(connection: Connection, update_id: int, now: datetime) -> None:
    """Write down that this update has had its effect.

    Raises:
        AlreadySeen: it has had it before.
    """
    if _FIND_SEEN.run(connection, {"of0": update_id}).first() is not None:
        raise AlreadySeen
    _add_seen(connection, update_id, now, None, None)


def _add_seen(
    connection: Connection, update_id: int, now: datetime, account_id: int | None, message_id: int | None
) -> None:
    row = {"update_id": update_id, "at": now, "account_id": account_id, "message_id": message_id}
    write(connection, _ADD_SEEN, [row])


def save_dialog(connection: Connection, loaded: Loaded, now: datetime) -> None:
    """Write the dialog row back."""
    sealed = (
        loaded.key.seal(loaded.state, Place("dialog", "state", loaded.account_id)) if loaded.state else None
    )
    row = {
        "of": loaded.account_id,
        "step": loaded.step,
        "state": sealed,
        "token": loaded.token,
        "screen_id": loaded.screen_id,
        "updated_at": now,
        "draft_id": loaded.draft_id,
        "drafted_at": loaded.drafted_at,
    }
    write(connection, _SAVE_DIALOG, [row])


def save_language(connection: Connection, account_id: int, language: str) -> None:
    write(connection, _SAVE_LANGUAGE, [{"of": account_id, "to": language}])


def reachable_again(connection: Connection, account_id: int) -> None:
    """Note that the person writes to us again after having blocked us."""
    connection.execute(_REACHABLE, {"of": account_id})


def add_to_outbox(connection: Connection, rows: list[dict[str, Any]]) -> None:
    write(connection, _ADD_OUTBOX, rows)


def deletable_messages(connection: Connection, account_id: int, now: datetime) -> set[int]:
    """Return the ids of the messages in the person's chat that can still be deleted: ours, and their own.

    Bot API, deleteMessage: only if it was sent less than 48 hours ago; one hour is left for the way. An edited
    message counts from when it was sent first.
    """
    since = now - _DELETABLE
    ours = (
        select(_outbox.c.message_id)
        .where(_outbox.c.account_id == account_id, _outbox.c.message_id.is_not(None))
        .group_by(_outbox.c.message_id)
        .having(func.min(_outbox.c.created_at) > since)
    )
    own = select(_seen.c.message_id).where(
        _seen.c.at > since, _seen.c.account_id == account_id, _seen.c.message_id.is_not(None)
    )
    return {*connection.scalars(ours), *connection.scalars(own)}


def deletable_of_rows(
    connection: Connection, account_id: int, rows: Collection[int], now: datetime
) -> list[int]:
    """Return the ids of the messages that these rows sent and that can still be deleted, as above."""
    sent = select(_outbox.c.message_id).where(
        _outbox.c.id.in_(rows),
        _outbox.c.account_id == account_id,
        _outbox.c.message_id.is_not(None),
        _outbox.c.created_at > now - _DELETABLE,
    )
    return list(connection.scalars(sent.order_by(_outbox.c.message_id)))


def request_of_message(connection: Connection, account_id: int, message_id: int) -> int | None:
    """Return the request that a message in this chat is about, as it is now: an edit may have made it another's."""
    here = (_outbox.c.account_id == account_id) & (_outbox.c.message_id == message_id)
    about = connection.execute(
        select(_outbox.c.id, _outbox.c.request_id)
        .where(here, _outbox.c.request_id.is_not(None))
        .order_by(_outbox.c.id.desc())
        .limit(1)
    ).one_or_none()
    if about is None:
        return None
    later = select(_outbox.c.id).where(here, _outbox.c.id > about.id)
    return None if connection.scalar(later.limit(1)) is not None else int(about.request_id)


def address(key: DataKey, account_id: int, sealed: bytes) -> int:
    """Return the chat id an account is reached at."""
    return int(key.open(sealed, Place("account", "address", account_id)))


@dataclass(frozen=True)
class Other:
    """Somebody else whom a turn tells something."""

    key: DataKey
    chat_id: int
    language: str | None


def other(connection: Connection, keys: KeyRing, account_id: int) -> Other:
    """Load an account that is not the turn's own."""
    return others(connection, keys, [account_id])[account_id]


def others(connection: Connection, keys: KeyRing, accounts: Collection[int]) -> dict[int, Other]:
    """Load accounts that are not the turn's own: one query."""
    rows = connection.execute(
        select(_account.c.id, _account.c.data_key, _account.c.address, _account.c.language).where(
            _account.c.id.in_(accounts)
        )
    ).all()
    found = {}
    for row in rows:
        key = keys.data_key(row.data_key, Place("account", "data_key", row.id))
        found[row.id] = Other(key, address(key, row.id, row.address), row.language)
    return found


def _new_accounts(
    connection: Connection, keys: KeyRing, people: Mapping[bytes, int], now: datetime
) -> dict[bytes, Loaded]:
    """Make the accounts and dialogs of these people, by their lookup keys; two statements however many they are."""
    if not people:
        return {}
    made, rows = {}, []
    for telegram_key, user_id in people.items():
        account_id = new_id()
        key, wrapped = keys.new_data_key(Place("account", "data_key", account_id))
        made[telegram_key] = Loaded(account_id, key, None, _FAMILY, None, "", {}, None, None, None, None)
        rows.append(
            {
                "id": account_id,
                "telegram_key": telegram_key,
                "data_key": wrapped,
                "address": key.seal(user_id, Place("account", "address", account_id)),
                "created_at": now,
            }
        )
    write_rows(connection, _ADD_ACCOUNT, rows)
    dialogs = [{"account_id": each.account_id, "step": "", "updated_at": now} for each in made.values()]
    write_rows(connection, _ADD_DIALOG, dialogs)
    return made
