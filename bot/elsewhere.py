"""What happens outside of conversations: the bot is put into a group or channel, or a person blocks it.

The bot works in private chats only. Elsewhere it says one sentence and leaves. No account is made there, and nothing
is kept of a group but a mark that it has been told, under a number that only our key can derive.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, cast

from sqlalchemy import Connection, Table, bindparam, text, update

from bot.fields import Fields, Unreadable, number_in, object_in, text_in
from bot.store import mark_seen
from db.models import Account, SeenUpdate
from db.sealed import KeyRing

_OUTSIDE = frozenset({"group", "supergroup", "channel"})
_COMMAND = re.compile(r"/\w+(?:@(?P<to>\w+))?(?!\S)")
_GONE = frozenset({"left", "kicked"})
_LEAST_ID = -(2**63)
_FURTHEST = 2**33  # seconds; the year 2242, so that every date can be kept
_account, _seen = (cast("Table", table.__table__) for table in (Account, SeenUpdate))
# The same words for SQLite and PostgreSQL.
_MARK = text("INSERT INTO seen_update (update_id, at) VALUES (:mark, :at) ON CONFLICT DO NOTHING").bindparams(
    bindparam("at", type_=_seen.c.at.type)
)


@dataclass(frozen=True)
class Outside:
    """The bot is in a group or channel.

    Attributes:
        at: when it was added or spoken to, by Telegram's clock.
        added: whether it has just been added; otherwise somebody spoke to it, or changed its rights.
    """

    update_id: int
    chat_id: int
    at: datetime
    added: bool


@dataclass(frozen=True)
class Blocking:
    """A person has blocked the bot, or no longer does."""

    update_id: int
    user_id: int
    blocked: bool


def read_elsewhere(raw: Fields, username: str) -> Outside | Blocking | None:
    """Return what concerns us in an update that is no conversation; None where nothing does.

    Channel posts, what a channel forwards into its group by itself, inline queries, and whatever people
    say in a group to one another change nothing.

    Args:
        username: the bot's own, as it is spoken to in a group.

    Raises:
        Unreadable: a field that we need has another type, or is missing.
    """
    update_id = number_in(raw, "update_id")
    if raw.get("my_chat_member") is not None:
        return _membership(update_id, object_in(raw, "my_chat_member"))
    if raw.get("message") is None:
        return None
    message = object_in(raw, "message")
    chat = object_in(message, "chat")
    if text_in(chat, "type") not in _OUTSIDE or not _spoken_to(message, username):
        return None
    return Outside(update_id, number_in(chat, "id", _LEAST_ID), _moment(message), added=False)


def _membership(update_id: int, change: Fields) -> Outside | Blocking | None:
    chat, now = object_in(change, "chat"), object_in(change, "new_chat_member")
    here = text_in(now, "status") not in _GONE and now.get("is_member") is not False
    kind = text_in(chat, "type")
    if kind == "private":
        return Blocking(update_id, number_in(chat, "id"), blocked=not here)
    if kind not in _OUTSIDE or not here:
        return None
    before = object_in(change, "old_chat_member")
    added = text_in(before, "status") in _GONE or before.get("is_member") is False
    return Outside(update_id, number_in(chat, "id", _LEAST_ID), _moment(change), added)


def _spoken_to(message: Fields, username: str) -> bool:
    """Whether a message in a group is meant for the bot: a command, to it or to nobody, or its name."""
    words = message.get("text") or message.get("caption")
    if not isinstance(words, str) or not words or message.get("is_automatic_forward"):
        return False
    command = _COMMAND.match(words)
    if command is not None:
        return (command["to"] or username).casefold() == username.casefold()
    return re.search(rf"@{re.escape(username)}(?!\w)", words, re.IGNORECASE) is not None


def _moment(fields: Fields) -> datetime:
    seconds = number_in(fields, "date")
    if seconds > _FURTHEST:
        raise Unreadable("date")
    return datetime.fromtimestamp(seconds, UTC)


def sentence_is_due(connection: Connection, keys: KeyRing, found: Outside, now: datetime) -> bool:
    """Whether the group has not been told yet since the bot was added; from now on it has.

    Updates may overtake each other: whoever speaks to the bot right after adding it may be heard first.

    Raises:
        AlreadySeen: the update was handled before.
    """
    mark_seen(connection, found.update_id, now)
    # Telegram's own ids are positive.
    mark = -1 - int.from_bytes(keys.lookup("outside", str(found.chat_id))[:7])
    if connection.execute(_MARK, {"mark": mark, "at": found.at}).rowcount:
        return True
    again = update(_seen).where(_seen.c.update_id == mark, _seen.c.at < found.at).values(at=found.at)
    return found.added and bool(connection.execute(again).rowcount)


def note_blocking(connection: Connection, keys: KeyRing, found: Blocking, now: datetime) -> None:
    """Mark the person's account, if there is one, as one that can or cannot be reached.

    Raises:
        AlreadySeen: the update was handled before.
    """
    mark_seen(connection, found.update_id, now)
    account = update(_account).where(_account.c.telegram_key == keys.lookup("telegram", found.user_id))
    values: dict[str, Any] = {"unreachable_since": now if found.blocked else None}
    if found.blocked:
        account = account.where(_account.c.unreachable_since.is_(None))
    connection.execute(account.values(values))
