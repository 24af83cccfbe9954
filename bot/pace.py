"""Telegram's overall limit, kept by us, with two lanes: a reply never waits behind a broadcast."""

import asyncio
from collections import deque

from bot.clock import Clock
from bot.outgoing import Lane


class Pace:
    """At most so many messages a second in all; conversation first.

    Source of the figure: Bot API FAQ, "about 30 messages per second". Zero means no limit.
    """

    def __init__(self, clock: Clock, per_second: float) -> None:
        self._clock = clock
        self._gap = 1 / per_second if per_second else 0.0
        self._next = 0.0
        self._waiting: dict[Lane, deque[asyncio.Future[None]]] = {lane: deque() for lane in Lane}
        self._running: asyncio.Task[None] | None = None

    async def turn(self, lane: Lane) -> None:
        """Wait for one's turn."""
        if not self._gap:
            return
        if self._running is None and self._clock.monotonic() >= self._next:
            self._next = self._clock.monotonic() + self._gap
            return
        mine: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting[lane].append(mine)
        if self._running is None:
            self._running = asyncio.create_task(self._let_through())
        await mine

    async def _let_through(self) -> None:
        while waiting := next((self._waiting[lane] for lane in Lane if self._waiting[lane]), None):
            await self._clock.sleep(max(0.0, self._next - self._clock.monotonic()))
            # Somebody more urgent may have come while we slept.
            waiting = next(self._waiting[lane] for lane in Lane if self._waiting[lane])
            self._next = max(self._next, self._clock.monotonic() - self._gap) + self._gap
            first = waiting.popleft()
            if not first.done():
                first.set_result(None)
        self._running = None
