"""What happens after the bot was away for so long that Telegram has thrown messages away.

Telegram keeps updates for 24 hours (Bot API, getting updates). Somebody who was in the middle of a request may have
answered meanwhile, and cannot know that nobody heard it: they are told.
"""

from datetime import datetime, timedelta

from sqlalchemy import Connection, insert, select, update

from bot.i18n import Html, Locale, paragraphs
from bot.notices import Words, notify
from bot.screen import Button, Screen
from bot.turn import Surroundings
from casework import retention
from casework.words import N_
from db.models import Account, Dialog, Setting
from db.sealed import KeyRing, Place

KEPT_BY_TELEGRAM = timedelta(hours=24)
_LAST_SEEN = "alive_at"
_STILL_OPEN = timedelta(days=30)  # who left a draft longer ago than this was hardly writing when we went away
_PORTION = 200  # dialogs opened at once
_AWAY = N_(
    "The bot could not receive messages from {since} until now. What you wrote in that time may be lost."
)
_KEPT = N_("Your earlier answers are kept. Please look where we stopped, and go on from there.")
_MENU = N_("Menu")


def note_alive(connection: Connection, now: datetime) -> None:
    """Write down that the bot hears what is said; done at every tick.

    After a long gap nobody could act on a warning that something will be erased: it is to be given again.
    """
    since = _last_seen(connection)
    if since is not None and now - since > KEPT_BY_TELEGRAM:
        retention.forget_warnings(connection)
    value = now.isoformat().encode()
    done = connection.execute(update(Setting).where(Setting.name == _LAST_SEEN).values(value=value))
    if not done.rowcount:
        connection.execute(insert(Setting), {"name": _LAST_SEEN, "value": value})


def tell_who_was_writing(connection: Connection, around: Surroundings, now: datetime) -> int:
    """After a long absence tell everybody with an open draft; return how many.

    In the transaction that also says that we are back, so that a process which dies in between tells them again
    and nobody hears it twice.
    """
    since = _last_seen(connection)
    told = 0
    if since is not None and now - since > KEPT_BY_TELEGRAM:
        for account_id in _in_the_middle(connection, around.keys, since):
            notify(connection, around, account_id, _words(around, since), now)
            told += 1
    note_alive(connection, now)
    return told


def _last_seen(connection: Connection) -> datetime | None:
    stored = connection.scalar(select(Setting.value).where(Setting.name == _LAST_SEEN).with_for_update())
    return datetime.fromisoformat(stored.decode()) if stored is not None else None


def _in_the_middle(connection: Connection, keys: KeyRing, since: datetime) -> list[int]:
    """Return the accounts whose draft was open when we went away: what dialogs remember is opened here."""
    found: list[int] = []
    last = 0
    while rows := connection.execute(
        select(Account.id, Account.data_key, Dialog.state)
        .join(Dialog, Dialog.account_id == Account.id)
        .where(
            Account.id > last,
            Account.unreachable_since.is_(None),
            Account.erased_at.is_(None),
            Dialog.state.is_not(None),
            Dialog.updated_at > since - _STILL_OPEN,
        )
        .order_by(Account.id)
        .limit(_PORTION)
    ).all():
        last = rows[-1].id
        for row in rows:
            key = keys.data_key(row.data_key, Place("account", "data_key", row.id))
            if "draft" in key.open(row.state, Place("dialog", "state", row.id)):
                found.append(row.id)
    return found


def _words(around: Surroundings, since: datetime) -> Words:
    def words(locale: Locale) -> Screen:
        text: Html = paragraphs(locale.t(_AWAY, since=locale.moment(since, around.zone)), locale.t(_KEPT))
        return Screen(text, [[Button(locale.plain(_MENU), "menu", anywhere=True)]])

    return words
