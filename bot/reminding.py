"""Reminders at each tick: what is due is looked for, and said (casework/reminding).

The tick only looks; rows say what is due. So it may come twice, late, or at the same time in another process.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import Connection, select

from bot.clock import Clock
from bot.i18n import Locale
from bot.notices import Notice, notify_all
from bot.outgoing import Lane
from bot.screen import Screen
from bot.turn import Surroundings
from bot.writer import Writer
from casework.reminding import planning, ticking
from casework.reminding.reasons import Look
from casework.reminding.rows import Habits
from casework.reminding.ticking import Message
from db.models import Request

Words = Callable[[Locale, Message], Screen]

_PLANNED_EVERY = timedelta(minutes=1)
_PORTION = (
    500  # reminders of a kind that are given in one transaction: conversations go on between two of them
)
_REQUESTS = 200  # that are looked through at a time
_ROWS = 500  # of each kind that are planned at a time


class Reminding:
    """Plans reminders and gives those that are due."""

    def __init__(self, writer: Writer, around: Surroundings, clock: Clock, words: Words) -> None:
        """Put it together.

        Args:
            words: says what somebody is reminded of.
        """
        self._writer, self._around, self._clock, self._words = writer, around, clock, words
        self._office = Habits(around.zone, around.quiet)
        self._looked: datetime | None = None
        self._planned: datetime | None = None
        self._behind = 0  # the request up to which all were looked through

    async def look(self) -> None:
        """Plan what has a reason now and then, also where the clock was set; give what is due."""
        now = self._clock.now()
        if self._looked is None or now < self._looked - _PLANNED_EVERY:
            await self._writer.run(partial(self._set_back, now=now), office=True)
        self._looked = now
        if self._planned is None or abs(now - self._planned) >= _PLANNED_EVERY:
            await self._writer.run(partial(self._plan, now=now), office=True)
            self._planned = now
        while await self._writer.run(partial(self._give, now=now), office=True):
            pass

    def _set_back(self, connection: Connection, now: datetime) -> None:
        ticking.set_back(connection, self._around.rules, self._office, now)

    def _plan(self, connection: Connection, now: datetime) -> None:
        portion = list(
            connection.scalars(
                select(Request.id)
                .where(Request.id > self._behind, Request.erased_at.is_(None))
                .order_by(Request.id)
                .limit(_REQUESTS)
            )
        )
        self._behind = portion[-1] if len(portion) == _REQUESTS else 0
        planning.plan(connection, self._office, Look(self._around.rules, now, portion), _ROWS)

    def _give(self, connection: Connection, now: datetime) -> bool:
        rules, keys = self._around.rules, self._around.keys
        taken = ticking.take(connection, keys, rules, self._office, now, _PORTION)
        notify_all(connection, self._around, [self._notice(each) for each in taken.messages], now)
        ticking.given(connection, rules, taken.messages, now)
        return taken.found

    def _notice(self, message: Message) -> Notice:
        certain = any(each.rule.certain for each in message.given)
        lane = Lane.CONVERSATION if certain else Lane.BULK

        def words(locale: Locale) -> Screen:
            return self._words(locale, message)

        return Notice(message.id, message.account_id, words, lane)
