"""The hot path's statements: one read before a turn, the writes after it. SQLAlchemy Core; the ORM's unit of
work would cost more than all the rest.

`load` takes the lock on the dialog row first (PostgreSQL: FOR UPDATE; SQLite: BEGIN IMMEDIATE has taken it
already), so
that presses and messages of one person, which Telegram may deliver at the same time, follow one another.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Connection, Table, bindparam, insert, select, update

from bot.gathered import Gathered, write
from db.ids import new_id
from db.models import Account, Dialog, Outbox, SeenUpdate
from db.sealed import DataKey, KeyRing, Place

_account, _dialog, _outbox, _seen = (
    cast("Table", table.__table__) for table in (Account, Dialog, Outbox, SeenUpdate)
)

_LOAD = (
    select(
        _account.c.id,
        _account.c.data_key,
        _account.c.language,
        _account.c.role,
        _account.c.consent_id,
        _account.c.unreachable_since,
        _dialog.c.step,
        _dialog.c.state,
        _dialog.c.token,
        _dialog.c.screen_id,
        _dialog.c.updated_at,
        _outbox.c.message_id.label("screen_message_id"),
        _seen.c.update_id.label("seen"),
    )
    .select_from(_account)
    .join(_dialog, _dialog.c.account_id == _account.c.id)
    .outerjoin(_outbox, _outbox.c.id == _dialog.c.screen_id)
    .outerjoin(_seen, _seen.c.update_id == bindparam("update_id", type_=_seen.c.update_id.type))
    .where(_account.c.telegram_key == bindparam("telegram_key"))
    .with_for_update(of=_dialog)
)
_SAVE_DIALOG = (
    update(_dialog)
    .where(_dialog.c.account_id == bindparam("of"))
    .values({name: bindparam(name) for name in ("step", "state", "token", "screen_id", "updated_at")})
)
_SAVE_LANGUAGE = update(_account).where(_account.c.id == bindparam("of")).values(language=bindparam("to"))
_REACHABLE = update(_account).where(_account.c.id == bindparam("of")).values(unreachable_since=None)
_ADD_SEEN = insert(_seen)
_ADD_OUTBOX = insert(_outbox)
_FIND_SEEN = select(_seen.c.update_id).where(_seen.c.update_id == bindparam("update_id"))


class AlreadySeen(Exception):
    """This update's effect is committed already."""


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


def load(connection: Connection, keys: KeyRing, user_id: int, update_id: int, now: datetime) -> Loaded:
    """Lock and load the person's dialog; make the account where there is none.

    Raises:
        AlreadySeen: the update was handled before.
    """
    telegram_key = keys.lookup("telegram", user_id)
    gathered = Gathered.of(connection)
    if gathered is not None:
        gathered.first_time(telegram_key, update_id)
    row = connection.execute(_LOAD, {"telegram_key": telegram_key, "update_id": update_id}).one_or_none()
    if row is None:
        mark_seen(connection, update_id, now)
        return _new_account(connection, keys, user_id, telegram_key, now)
    if row.seen is not None:
        raise AlreadySeen
    write(connection, _ADD_SEEN, [{"update_id": update_id, "at": now}])
    key = keys.data_key(row.data_key, Place("account", "data_key", row.id))
    state = key.open(row.state, Place("dialog", "state", row.id)) if row.state is not None else {}
    return Loaded(
        row.id,
        key,
        row.language,
        row.role,
        row.consent_id,
        row.step,
        state,
        row.token,
        row.screen_id,
        row.screen_message_id,
        row.updated_at,
        unreachable=row.unreachable_since is not None,
    )


def mark_seen(connection: Connection, update_id: int, now: datetime) -> None:
    """Write down that this update has had its effect.

    Raises:
        AlreadySeen: it has had it before.
    """
    if connection.execute(_FIND_SEEN, {"update_id": update_id}).first() is not None:
        raise AlreadySeen
    write(connection, _ADD_SEEN, [{"update_id": update_id, "at": now}])


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
    }
    write(connection, _SAVE_DIALOG, [row])


def save_language(connection: Connection, account_id: int, language: str) -> None:
    connection.execute(_SAVE_LANGUAGE, {"of": account_id, "to": language})


def reachable_again(connection: Connection, account_id: int) -> None:
    """Note that the person writes to us again after having blocked us."""
    connection.execute(_REACHABLE, {"of": account_id})


def add_to_outbox(connection: Connection, rows: list[dict[str, Any]]) -> None:
    write(connection, _ADD_OUTBOX, rows)


def address(key: DataKey, account_id: int, sealed: bytes) -> int:
    """Return the chat id an account is reached at."""
    return int(key.open(sealed, Place("account", "address", account_id)))


def _new_account(
    connection: Connection, keys: KeyRing, user_id: int, telegram_key: bytes, now: datetime
) -> Loaded:
    account_id = new_id()
    key, wrapped = keys.new_data_key(Place("account", "data_key", account_id))
    connection.execute(
        insert(_account),
        {
            "id": account_id,
            "telegram_key": telegram_key,
            "data_key": wrapped,
            "address": key.seal(user_id, Place("account", "address", account_id)),
            "created_at": now,
        },
    )
    connection.execute(insert(_dialog), {"account_id": account_id, "step": "", "updated_at": now})
    return Loaded(account_id, key, None, "family", None, "", {}, None, None, None, None)
