"""Ticks.

APScheduler says only when to look; rows in the database say what is due, so a tick too many or too few is
harmless.
"""

import asyncio
from collections.abc import Callable, Coroutine
from datetime import timedelta
from functools import partial
from typing import Any

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from sqlalchemy import Connection, delete, select

from bot.absence import note_alive
from bot.broadcasting import Broadcasting
from bot.clock import Clock
from bot.fetching import Fetching
from bot.intake import cause_of
from bot.keeping import Keeping
from bot.others import Others
from bot.outbox import Outbox
from bot.outgoing import State
from bot.reminding import Reminding
from bot.traces import Traces
from bot.turn import Surroundings
from bot.writer import Writer
from casework import audit
from casework.access import forget_attempts
from db.models import Dialog, SeenUpdate
from db.models import Outbox as OutboxRow

log = structlog.get_logger(__name__)

_SEEN_KEPT = timedelta(
    days=3
)  # Telegram gives an update again for 24 hours at most (Bot API, getting updates)
_TICK = 5  # seconds: a reminder is given within so many of its time
_SENT_KEPT = timedelta(days=30)

Look = Callable[[], Coroutine[Any, Any, None]]


class Schedule:
    """What is looked at regularly."""

    def __init__(
        self,
        outbox: Outbox,
        broadcasting: Broadcasting,
        fetching: Fetching,
        reminding: Reminding,
        keeping: Keeping,
        writer: Writer,
        clock: Clock,
        traces: Traces,
        around: Surroundings,
        others: Others | None = None,
    ) -> None:
        self._outbox, self._writer, self._clock, self._traces = outbox, writer, clock, traces
        self._around = around
        self._ticking = False  # the scheduler's own word for it changes only a moment after it was stopped
        self._looks: dict[str, asyncio.Task[None]] = {}  # those that are under way
        self._first: list[Look] = []
        self._scheduler = AsyncIOScheduler(
            timezone="UTC", job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
        )
        self._every(1, outbox.sweep)
        self._every(1, broadcasting.look)
        self._every(1, fetching.look)
        self._every(_TICK, reminding.look, at_once=True)
        if others is not None:
            self._every(1, others.look)  # GONE_AFTER is reckoned from it (db/shared.py)
        self._every(60, self.live)
        self._every(900, fetching.sweep)
        self._every(3600, self.forget)
        self._every(3600, self.show_head)
        self._every(60, keeping.look)
        self._every(3600, keeping.forget)

    def start(self) -> None:
        self._scheduler.start()
        self._ticking = True
        for look in self._first:
            self._begin(look)

    def stop(self) -> None:
        """End the ticks. May be called twice."""
        if self._ticking:
            self._ticking = False
            self._scheduler.shutdown(wait=False)
            for each in self._looks.values():
                each.cancel()

    async def live(self) -> None:
        """Write down that we are here: by it the next start knows how long nobody was."""
        await self._writer.run(partial(note_alive, now=self._clock.now()), office=True)

    async def forget(self) -> None:
        """Drop what nothing needs any more, and finish what was erased."""
        await self._writer.run(partial(_forget, now=self._clock.now()), office=True)
        await self._outbox.part()
        await self._traces.clear()

    async def show_head(self) -> None:
        """Write into our log how far the audit log goes: whoever keeps it finds an older copy put back."""
        try:
            head = await self._writer.run(partial(audit.head, keys=self._around.keys))
        except ValueError:
            log.error("audit.head_changed")
        else:
            log.info("audit.head", head=str(head))

    def _every(self, seconds: int, look: Look, *, at_once: bool = False) -> None:
        async def tick() -> None:  # the scheduler calls what is no coroutine in another thread
            self._begin(look)

        self._scheduler.add_job(tick, "interval", seconds=seconds, id=look.__qualname__)
        if at_once:
            self._first.append(look)

    def _begin(self, look: Look) -> None:
        """Look, unless the last look goes on still: the next tick looks again."""
        name = look.__qualname__
        if name not in self._looks:
            self._looks[name] = asyncio.create_task(_safely(look))
            self._looks[name].add_done_callback(lambda _: self._looks.pop(name))


async def _safely(look: Look) -> None:
    try:
        await look()
    except Exception as error:  # noqa: BLE001 - the next tick looks again
        log.warning("schedule.tick_failed", of=look.__name__, cause=cause_of(error))


def _forget(connection: Connection, now: Any) -> None:
    connection.execute(delete(SeenUpdate).where(SeenUpdate.at < now - _SEEN_KEPT))
    forget_attempts(connection, now)
    live_screens = select(Dialog.screen_id).where(Dialog.screen_id.is_not(None))
    connection.execute(
        delete(OutboxRow).where(
            OutboxRow.created_at < now - _SENT_KEPT,
            OutboxRow.state == State.SENT.value,
            OutboxRow.id.not_in(live_screens),
        )
    )
