"""Messages to people outside of any turn of theirs: what has become of something, reminders, news.

Written in the transaction that causes them, as rows that belong to nobody yet: the outbox's next look takes them, in
order behind what is on its way to the same person (bot/outbox_rows.py). What they say may light up a lock screen: no
name, no place.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from bot.i18n import Locale
from bot.outgoing import Lane, Outgoing
from bot.screen import Screen
from bot.store import add_to_outbox, other, others
from bot.turn import Surroundings

Words = Callable[[Locale], Screen]


def notify(
    connection: Connection,
    around: Surroundings,
    account_id: int,
    words: Words,
    now: datetime,
    *,
    answers: int | None = None,
    about: int | None = None,
    lane: Lane = Lane.CONVERSATION,
) -> int:
    """Tell an account something in its own language; return the id of the outbox row.

    Args:
        words: the message; its buttons have to work from anywhere, since it is no screen of the conversation.
        now: from when on it may leave.
        answers: the person's message that it answers, shown above it if it is still there.
        about: to staff, the request it is about: a reply to the message goes to that request's family.
        lane: bulk for what goes to many; it lets conversations go first, and is held where its fate is unknown.
    """
    who = other(connection, around.keys, account_id)
    content = _content(around.locales.get(who.language), words)
    if answers is not None:
        content["reply_parameters"] = {"message_id": answers, "allow_sending_without_reply": True}
    row = Outgoing.reply(account_id, who.chat_id, "sendMessage", content)
    row.lane, row.request_id = lane, about
    add_to_outbox(connection, [row.as_waiting(who.key, now)])
    return row.id


@dataclass(frozen=True)
class Notice:
    """One message of many.

    Attributes:
        id: of its outbox row, for who has to know it before.
    """

    id: int
    account_id: int
    words: Words
    lane: Lane


def notify_all(
    connection: Connection, around: Surroundings, notices: Sequence[Notice], now: datetime
) -> None:
    """Tell many accounts something, each in its own language: two statements however many they are."""
    whom = others(connection, around.keys, {each.account_id for each in notices}) if notices else {}
    rows = []
    for each in notices:
        who = whom[each.account_id]
        content = _content(around.locales.get(who.language), each.words)
        row = Outgoing.reply(each.account_id, who.chat_id, "sendMessage", content)
        row.id, row.lane = each.id, each.lane
        rows.append(row.as_waiting(who.key, now))
    if rows:
        add_to_outbox(connection, rows)


def _content(locale: Locale, words: Words) -> dict[str, Any]:
    screen = words(locale)
    content: dict[str, Any] = {"text": locale.in_line(screen.text), "parse_mode": "HTML"}
    if screen.rows:
        content["reply_markup"] = screen.keyboard("")
    return content
