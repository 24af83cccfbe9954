"""Telegram's limits, kept by us: about 30 messages a second in all and one a second in a chat, conversation first.

Several processes on one database share the first through a row of it: each takes a few moments at a time, at which it
sends whatever is most urgent by then. A process that is alone keeps it in memory.
"""

import asyncio
from collections import OrderedDict, deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

from bot.clock import Clock
from bot.outgoing import Lane


@dataclass(frozen=True)
class Moments:
    """What a process takes of the limit that several share.

    Attributes:
        taken: when it may send.
        held_until: before this nothing leaves that can wait; Telegram told one of them so.
    """

    taken: list[datetime]
    held_until: datetime


Reserve = Callable[[int, float], Awaitable[Moments]]  # so many moments, so many seconds apart
_TAKEN_AT_ONCE = 4  # moments: of what is taken, a reply of another process has to wait for no more than these
_BURST = 3  # messages in one chat; Bot API FAQ: short bursts over one a second may pass
_REMEMBERED = 10_000  # chats


class Pace:
    """At most so many messages a second in all; conversation first.

    Source of the figure: Bot API FAQ, "about 30 messages per second". Zero means no limit.

    Attributes:
        reserve: takes moments from what all processes share; without it the limit is this process's own.
    """

    def __init__(self, clock: Clock, per_second: float, reserve: Reserve | None = None) -> None:
        self._clock, self.reserve = clock, reserve
        self._gap = 1 / per_second if per_second else 0.0
        self._next = 0.0
        self._taken: deque[datetime] = deque()
        self._waiting: dict[Lane, deque[asyncio.Future[None]]] = {lane: deque() for lane in Lane}
        self._running: asyncio.Task[None] | None = None
        self._held_until: datetime | None = None

    async def turn(self, lane: Lane) -> None:
        """Wait for one's turn."""
        can_wait = lane is not Lane.CONVERSATION
        if can_wait:
            await self._held()
        await self._one_turn(lane)
        while can_wait and self._left():  # meanwhile Telegram told us, or another process, to wait
            await self._held()
            await self._one_turn(lane)

    async def _one_turn(self, lane: Lane) -> None:
        if not self._gap:
            return
        if self._running is None and self.reserve is None and self._clock.monotonic() >= self._next:
            self._next = self._clock.monotonic() + self._gap
            return
        mine: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting[lane].append(mine)
        if self._running is None:
            self._running = asyncio.create_task(self._let_through())
        await mine

    def hold(self, until: datetime) -> None:
        """Let nothing that can wait leave before: Telegram told us to, or cannot be reached."""
        self._held_until = max(until, self._held_until or until)

    @property
    def is_held(self) -> bool:
        """Whether nothing leaves now that can wait."""
        return self._left() > 0

    async def _held(self) -> None:
        while left := self._left():
            await self._clock.sleep(left)

    def _left(self) -> float:
        """Return for how many seconds nothing leaves yet that can wait."""
        if self._held_until is None:
            return 0.0
        return max(0.0, (self._held_until - self._clock.now()).total_seconds())

    async def _let_through(self) -> None:
        while any(self._waiting.values()):
            await self._next_moment()
            # Somebody more urgent may have come while we slept.
            waiting = next((self._waiting[lane] for lane in Lane if self._waiting[lane]), None)
            if waiting is None:
                break
            first = waiting.popleft()
            if not first.done():
                first.set_result(None)
        self._running = None

    async def _next_moment(self) -> None:
        if self.reserve is None:
            await self._clock.sleep(max(0.0, self._next - self._clock.monotonic()))
            self._next = max(self._next, self._clock.monotonic() - self._gap) + self._gap
            return
        if not self._taken:
            wanted = sum(len(waiting) for waiting in self._waiting.values())
            moments = await self.reserve(min(wanted, _TAKEN_AT_ONCE), self._gap)
            self._taken.extend(moments.taken)
            self.hold(moments.held_until)
        left = self._taken.popleft() - self._clock.now()
        await self._clock.sleep(max(0.0, left.total_seconds()))


class ChatPace:
    """At most one message a second in a chat, with short bursts; without a limit in all there is none here either."""

    def __init__(self, clock: Clock, *, limited: bool) -> None:
        self._clock, self._limited = clock, limited
        self._left: OrderedDict[int, tuple[float, float]] = (
            OrderedDict()
        )  # messages free at a moment, the oldest first

    async def turn(self, chat_id: int) -> None:
        """Wait until this chat may get another message; only one waits for a chat at a time (its lane)."""
        if not self._limited:
            return
        free = self._free(chat_id)
        if free < 1:
            await self._clock.sleep(1 - free)
            free = self._free(chat_id)
        self._left[chat_id] = (max(0.0, free - 1), self._clock.monotonic())
        self._left.move_to_end(chat_id)
        while len(self._left) > _REMEMBERED:
            self._left.popitem(last=False)

    def _free(self, chat_id: int) -> float:
        free, since = self._left.get(chat_id, (float(_BURST), 0.0))
        return min(float(_BURST), free + max(0.0, self._clock.monotonic() - since))
