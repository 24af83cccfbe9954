"""The regular look at what is kept too long: staff are warned, it is erased, and whose it was can read that it was.

What is due stands in rows (casework/retention.py). A warning that nobody could be given is none.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import datetime
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy import Connection

from bot.clock import Clock
from bot.i18n import Locale
from bot.notices import Words, notify
from bot.screen import Button, Screen
from bot.traces import Traces
from bot.turn import Surroundings
from bot.writer import Writer
from casework import access, retention, team
from casework.expiry import Expiry
from casework.permissions import Role
from casework.preferences import preferences_of
from casework.reminding.moments import after_quiet
from casework.words import N_

log = structlog.get_logger(__name__)

_SEE = N_("See which")
_DECIDE = N_("There is something to decide about one of your requests.")
_OPEN = N_("Open the request")
_CHANGED = N_("Something has changed in one of your requests.")
_MINE = N_("My requests")


class Keeping:
    """Looks, portion by portion, each in a transaction of its own: turns go on in between."""

    def __init__(self, writer: Writer, clock: Clock, around: Surroundings, traces: Traces) -> None:
        self._writer, self._clock, self._around, self._traces = writer, clock, around, traces

    async def look(self) -> None:
        """Warn of what is about to expire, and erase what has expired and was warned of in time."""
        await self._end(requests=await self._through(_look))

    async def forget(self) -> None:
        """Erase who was silent for long, and what was begun and never sent."""
        await self._end(people=await self._through(_forget))

    async def _end(self, **erased: int) -> None:
        if any(erased.values()):
            log.info("keeping.erased", **erased)
            await self._traces.clear()

    async def _through(self, portion: Callable[..., tuple[int, Any]]) -> int:
        """Go on from portion to portion; return how much was erased in all."""
        erased, after = 0, None
        while True:
            work = partial(portion, around=self._around, now=self._clock.now(), after=after)
            some, after = await self._writer.run(work, office=True)
            erased += some
            if after is None:
                return erased


def _look(connection: Connection, around: Surroundings, now: datetime, after: Any) -> tuple[int, Any]:
    found = retention.look(connection, around.periods, now, after)
    _warn(connection, around, found.to_warn, now)
    for each in found.due:
        families = access.reachable(connection, [each.request_id])
        retention.expire(connection, around.keys, each.request_id, now)
        for account_id in families:
            _tell(connection, around, account_id, _notice(_CHANGED, _MINE, "mine"), now)
    return len(found.due), found.last


def _forget(connection: Connection, around: Surroundings, now: datetime, after: Any) -> tuple[int, Any]:
    found, last = retention.silent(connection, around.keys, around.periods, now, after or 0)
    for each in found:
        retention.forget(connection, around.keys, each, now)
    return len(found), last


def _warn(connection: Connection, around: Surroundings, found: Iterable[Expiry], now: datetime) -> None:
    """Tell whoever has a case, or the admins where nobody has it or who has it cannot be reached; ask its family."""
    people = team.reachable(connection)
    admins = [each for each, role in people.items() if role is Role.ADMIN]
    told: Counter[int] = Counter()
    given: list[Expiry] = []
    for each in found:
        to = [each.holder_id] if each.holder_id in people else admins
        told.update(account_id for account_id in to if account_id is not None)
        given += [each] if to else []
    if not given:
        return
    heard = [_tell(connection, around, each, _soon(number), now) for each, number in told.items()]
    retention.warned(connection, around.keys, given, max(heard), now)
    for account_id, requests in access.reachable(connection, [each.request_id for each in given]).items():
        words = _notice(_DECIDE, _OPEN, f"card:{requests[0]}")
        _tell(connection, around, account_id, words, now)


def _tell(
    connection: Connection, around: Surroundings, account_id: int, words: Words, now: datetime
) -> datetime:
    """Say it at once, or at the end of somebody's quiet hours; return when."""
    chosen = preferences_of(connection, account_id)
    zone = ZoneInfo(chosen.zone) if chosen.zone else around.zone
    at = after_quiet(now, chosen.quiet or around.quiet, zone)
    notify(connection, around, account_id, words, at)
    return at


def _soon(number: int) -> Words:
    def words(locale: Locale) -> Screen:
        text = locale.plural(
            "{n} case will be erased, because nothing new comes. Please look at it.",
            "{n} cases will be erased, because nothing new comes. Please look at them.",
            number,
        )
        return Screen(text, [[Button(locale.plain(_SEE), "expiring", anywhere=True)]])

    return words


def _notice(sentence: str, label: str, action: str) -> Words:
    """Make a neutral sentence with a button: what it is about is read after a tap."""

    def words(locale: Locale) -> Screen:
        return Screen(locale.t(sentence), [[Button(locale.plain(label), action, anywhere=True)]])

    return words
