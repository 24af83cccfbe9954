"""Telegram's overall limit where several processes send: they take their turns from one row.

The row says until when the way is taken. A reply takes the next free moment, and waits for it; a message of the bulk
lane takes only a moment that is free now, so that no reply of any process waits behind more than one of them.
"""

import asyncio

import structlog
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from bot.clock import Clock
from bot.outgoing import Lane
from bot.pace import Pace

log = structlog.get_logger(__name__)

_AGAIN = 1.0  # seconds, while the database cannot be asked
# By the server's clock, which is one for all. What is lost when the server falls is a few turns.
_QUICKLY = text("SET LOCAL synchronous_commit = off")
_BEGIN = text(
    "INSERT INTO lease (name, owner, until) VALUES ('sending', '', clock_timestamp()) ON CONFLICT DO NOTHING"
)
_NEXT = text(
    "UPDATE lease SET until = greatest(until, clock_timestamp()) + make_interval(secs => :gap) WHERE name = 'sending' "
    "RETURNING extract(epoch FROM until - clock_timestamp())::float8 - :gap"
)
_FREE_NOW = text(
    "UPDATE lease SET until = CASE WHEN until <= clock_timestamp() "
    "THEN clock_timestamp() + make_interval(secs => :gap) ELSE until END WHERE name = 'sending' "
    "RETURNING extract(epoch FROM until - clock_timestamp())::float8 - :gap"
)


class SharedPace(Pace):
    """At most so many messages a second of all processes together."""

    def __init__(self, clock: Clock, per_second: float, engine: Engine) -> None:
        super().__init__(clock, per_second)
        self._engine, self._begun = engine, False

    async def turn(self, lane: Lane) -> None:
        """Wait for one's turn."""
        if not self._gap:
            return
        mine: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting[lane].append(mine)
        if self._running is None:
            self._running = asyncio.create_task(self._let_through())
        await mine

    async def _let_through(self) -> None:
        while lane := next((lane for lane in Lane if self._waiting[lane]), None):
            wait = await self._ask(lane)
            if lane is Lane.CONVERSATION or wait <= 0:
                await self._clock.sleep(max(0.0, wait))
                # Somebody more urgent may have come while we slept.
                first = next(self._waiting[each] for each in Lane if self._waiting[each]).popleft()
                if not first.done():
                    first.set_result(None)
            else:
                await self._clock.sleep(wait)
        self._running = None

    async def _ask(self, lane: Lane) -> float:
        """Return in how many seconds the turn is; of the bulk lane only one that is now is taken."""
        while True:
            try:
                return await asyncio.to_thread(self._take, lane)
            except DBAPIError as error:
                log.warning("pace.storage_unavailable", error=type(error.orig).__name__)
                await self._clock.sleep(_AGAIN)

    def _take(self, lane: Lane) -> float:
        with self._engine.begin() as connection:
            connection.execute(_QUICKLY)
            if not self._begun:
                connection.execute(_BEGIN)
                self._begun = True
            wanted = _NEXT if lane is Lane.CONVERSATION else _FREE_NOW
            return float(connection.scalar(wanted, {"gap": self._gap}) or 0.0)
