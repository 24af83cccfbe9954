"""Drives broadcasts: starts what is due, makes their rows in parts, lets them leave at Telegram's pace, shows how far.

Each row waits for its turn here, not in the lane of its chat, so that whatever a person is answered meanwhile goes
first. What is on the network, and what becomes of it, is the outbox's (bot/outbox.py, bot/delivery.py).
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

import structlog
from sqlalchemy import Connection

from bot import broadcast_rows as rows
from bot import shared_pace
from bot.beside import Beside
from bot.broadcast_rows import Contents, Office
from bot.clock import Clock
from bot.intake import cause_of
from bot.outbox import Outbox
from bot.outgoing import Lane, Outgoing
from bot.pace import Pace
from bot.turn import Surroundings
from bot.writer import StorageUnavailable, Writer
from casework import broadcast_runs as runs
from casework.broadcast_runs import Run

log = structlog.get_logger(__name__)

_AT_ONCE = 60  # rows leased together: two seconds of Telegram's limit
_BETWEEN = 3.0  # seconds between two looks at how far a run is


@dataclass(frozen=True)
class Words:
    """What the office's side says of a broadcast; handlers/staff gives it.

    Attributes:
        contents: what a text becomes for the readers of one language.
        start_due: starts the broadcasts whose time has come.
        progress: the call by which a run's message shows how far it is now, and how many a second; None where there is
            no message yet.
        report: writes the messages that tell how a run went.
    """

    contents: Callable[[Surroundings], Contents]
    start_due: Callable[[Connection, Surroundings, datetime], None]
    progress: Callable[[Connection, Surroundings, Run, float], tuple[str, dict[str, Any]] | None]
    report: Callable[[Connection, Surroundings, Run, datetime], None]


class Broadcasting:
    """One driver a process; those of several processes share the rows and the pace."""

    def __init__(
        self,
        writer: Writer,
        beside: Beside,
        outbox: Outbox,
        clock: Clock,
        pace: Pace,
        around: Surroundings,
        words: Words,
    ) -> None:
        self._writer, self._beside = writer, beside
        self._outbox, self._clock, self._pace = outbox, clock, pace
        self._around, self._words = around, words
        self._contents = words.contents(around)
        self._office = Office(around.zone, around.quiet)
        self._drive: asyncio.Task[None] | None = None
        self._waiting: list[Outgoing] = []
        self._stopping = False
        self._told_at = 0.0
        self._telling: asyncio.Task[None] | None = None
        self._shown: dict[
            int, tuple[float, int]
        ] = {}  # by run: when it was shown, and how many were done by then

    async def recover(self) -> None:
        """Take up what an earlier process left."""
        await self._settle()

    async def look(self) -> None:
        """Start on what is due; returns at once. The tick of every second."""
        if self._drive is None or self._drive.done():
            self._drive = asyncio.create_task(self._work())

    async def idle(self) -> None:
        """Wait until nothing more can leave now."""
        for task in (self._drive, self._telling):
            if task is not None:
                await task
        await self._outbox.idle()
        await self._end()

    async def stop(self) -> None:
        """Give back what has not left."""
        self._stopping = True
        tasks = [task for task in (self._drive, self._telling) if task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self._waiting:
            ids = [row.id for row in self._waiting]
            await self._writer.run(partial(rows.give_back, ids=ids, instance=self._around.instance))

    async def _work(self) -> None:
        try:
            await self._settle()
            await self._beside.run(self._writer, self._start_due, office=True)
            await self._fill()
            await self._send()
            await self._end()
        except StorageUnavailable:
            log.warning("broadcasting.storage_unavailable")  # the next tick goes on
        except Exception as error:  # noqa: BLE001 - the next tick looks again
            log.error("broadcasting.failed", cause=cause_of(error))

    async def _settle(self) -> None:
        """Hear how long Telegram told any process to wait; hold what those that have ended were just sending."""
        self._pace.hold(await self._writer.run(shared_pace.held_until))
        held = await self._writer.run(
            partial(rows.settle_what_the_dead_left, instance=self._around.instance, now=self._clock.now())
        )
        if held:
            log.warning("broadcasting.uncertain", count=held)

    async def _fill(self) -> None:
        """Make the rows of new runs, a part at a time: turns that wait go between."""
        for run_id in await self._writer.run(runs.unfilled):
            fill = partial(runs.fill, keys=self._around.keys, run_id=run_id, now=self._clock.now())
            more = True
            while more:
                more = await self._writer.run(fill, office=True)

    async def _send(self) -> None:
        """Lease some rows and let each leave when its turn has come, until nothing is due; the next ones are leased
        meanwhile, so that no turn is lost.
        """
        self._waiting, looked = await self._lease()
        while looked and not self._stopping:
            ahead = asyncio.create_task(self._lease())
            try:
                while self._waiting:
                    await self._outbox.room()
                    await self._pace.turn(self._waiting[0].lane)
                    self._outbox.send(self._waiting.pop(0))
                    self._tell_now_and_then()
            finally:
                more, looked = await asyncio.shield(ahead)
                self._waiting += more

    async def _lease(self) -> tuple[list[Outgoing], bool]:
        return await self._writer.run(
            partial(
                rows.lease,
                keys=self._around.keys,
                contents=self._contents,
                office=self._office,
                instance=self._around.instance,
                now=self._clock.now(),
                most=_AT_ONCE,
            )
        )

    def _tell_now_and_then(self) -> None:
        """Show how far the runs are, in a task of its own: nothing waits for it."""
        now = self._clock.monotonic()
        if now - self._told_at >= _BETWEEN and (self._telling is None or self._telling.done()):
            self._told_at = now
            self._telling = asyncio.create_task(self._show_progress())

    async def _show_progress(self) -> None:
        with suppress(StorageUnavailable):  # it is shown the next time
            for run in await self._writer.run(runs.live):
                await self._show(run.id)

    async def _show(self, run_id: int) -> None:
        """Show in its message how far a run is; what is lost of this is shown the next time.

        It is looked up when its turn has come: it may have been paused, or ended, while this waited.
        """
        await self._pace.turn(Lane.CONVERSATION)
        call = await self._writer.run(partial(self._progress, run_id=run_id, now=self._clock.monotonic()))
        if call is not None:
            await self._outbox.courtesy(*call)

    def _progress(self, connection: Connection, run_id: int, now: float) -> tuple[str, dict[str, Any]] | None:
        run = runs.get(connection, run_id)
        if run is None:
            return None
        done = run.total - run.left
        since, before = self._shown.get(run.id, (now, done))
        self._shown[run.id] = (now, done)
        rate = (done - before) / (now - since) if now > since else 0.0
        return self._words.progress(connection, self._around, run, rate)

    async def _end(self) -> None:
        """End the runs that are done and report them, in one transaction."""
        ended = await self._writer.run(partial(self._ended, now=self._clock.now()), office=True)
        if ended and self._telling is not None:
            await asyncio.wait([self._telling])  # or it would stand over the last word
        for run in ended:
            await self._show(run.id)
            self._shown.pop(run.id, None)
        await self._outbox.sweep()

    def _start_due(self, connection: Connection) -> None:
        self._words.start_due(connection, self._around, self._clock.now())

    def _ended(self, connection: Connection, now: datetime) -> list[Run]:
        ended = runs.end_those_that_are_done(connection, now)
        for run in ended:
            self._words.report(connection, self._around, run, now)
        return ended
