"""The hourly look at what is kept too long: staff are warned, it is erased, and whose it was can read that it was.

What is due stands in rows (casework/retention.py). A warning that nobody could be given is none.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from functools import partial
from typing import Any

import structlog
from sqlalchemy import Connection

from bot.clock import Clock
from bot.i18n import Html, Locale
from bot.notices import Words, notify
from bot.screen import Button, Screen
from bot.traces import Traces
from bot.turn import Surroundings
from bot.writer import Writer
from casework import access, retention, team
from casework.expiry import Expiry
from casework.permissions import Role
from casework.words import N_

log = structlog.get_logger(__name__)

_SEE = N_("See which")
_CHANGED = N_("Something has changed in one of your requests.")
_MINE = N_("My requests")


class Keeping:
    """Looks, portion by portion, each in a transaction of its own: turns go on in between."""

    def __init__(self, writer: Writer, clock: Clock, around: Surroundings, traces: Traces) -> None:
        self._writer, self._clock, self._around, self._traces = writer, clock, around, traces

    async def look(self) -> None:
        """Warn of what is about to expire, and erase what has expired and was warned of in time."""
        erased, after = 0, None
        while True:
            work = partial(_look, around=self._around, now=self._clock.now(), after=after)
            some, after = await self._writer.run(work)
            erased += some
            if after is None:
                break
        if erased:
            log.info("keeping.erased", requests=erased)
            await self._traces.clear()


def _look(
    connection: Connection, around: Surroundings, now: datetime, after: Any
) -> tuple[int, tuple[datetime, int] | None]:
    found = retention.look(connection, around.periods, now, after)
    _warn(connection, around, found.to_warn, now)
    for each in found.due:
        families = access.reachable(connection, [each.request_id])
        retention.expire(connection, around.keys, each.request_id, now)
        for account_id in families:
            notify(connection, around, account_id, _removed, now)
    return len(found.due), found.last


def _warn(connection: Connection, around: Surroundings, found: Iterable[Expiry], now: datetime) -> None:
    """Tell whoever has a case, or the admins where nobody has it or who has it cannot be reached."""
    people = team.reachable(connection)
    admins = [each for each, role in people.items() if role is Role.ADMIN]
    told: defaultdict[int, int] = defaultdict(int)
    given: list[Expiry] = []
    for each in found:
        to = [each.holder_id] if each.holder_id in people else admins
        for account_id in to:
            if account_id is not None:
                told[account_id] += 1
        given += [each] if to else []
    for account_id, number in told.items():
        notify(connection, around, account_id, _soon(number), now)
    if given:
        retention.warned(connection, around.keys, given, now)


def _soon(number: int) -> Words:
    def words(locale: Locale) -> Screen:
        text = locale.plural(
            "{n} case will be erased, because nothing new comes. Please look at it.",
            "{n} cases will be erased, because nothing new comes. Please look at them.",
            number,
        )
        return Screen(text, [[Button(locale.plain(_SEE), "expiring", anywhere=True)]])

    return words


def _removed(locale: Locale) -> Screen:
    text: Html = locale.t(_CHANGED)
    return Screen(text, [[Button(locale.plain(_MINE), "mine", anywhere=True)]])
