"""Of several processes that share a database exactly one polls: Telegram gives updates to one at a time.

Who polls stands in a row, with a time by which it has to be renewed. When the poller stops another takes over within
seconds, when its process ends however it ends within ten, when its machine vanishes within half a minute.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import partial

import structlog
from sqlalchemy import Connection, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from bot.clock import Clock
from bot.writer import StorageUnavailable, Writer
from db.models import Lease
from db.shared import Missing

log = structlog.get_logger(__name__)

LASTS = timedelta(seconds=20)
RENEWED_AFTER = 5.0  # seconds
_LOOKS_EVERY = 3.0
_MARGIN = timedelta(seconds=2)  # by which the clocks of two machines may differ
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
_POLLING = "polling"


class OnePoller:
    """This process's part in it."""

    def __init__(self, writer: Writer, clock: Clock, instance: str) -> None:
        self._writer, self._clock, self._instance = writer, clock, instance
        self._missing = Missing()
        self._until: datetime | None = None

    async def run(self, poll: Callable[[], Awaitable[None]]) -> None:
        """Poll whenever it is our turn, until cancelled or until polling itself ends with an error."""
        try:
            while True:
                await self._wait_for_our_turn()
                log.info("one_poller.ours")
                await self._as_long_as_ours(poll)
                log.warning("one_poller.lost")
        finally:
            with suppress(StorageUnavailable):
                await asyncio.shield(self._writer.run(partial(give_up, instance=self._instance)))

    async def _wait_for_our_turn(self) -> None:
        while not await self._take():
            await self._clock.sleep(_LOOKS_EVERY)

    async def _as_long_as_ours(self, poll: Callable[[], Awaitable[None]]) -> None:
        polling = asyncio.ensure_future(poll())
        lost = asyncio.create_task(self._until_lost())
        try:
            await asyncio.wait({polling, lost}, return_when=asyncio.FIRST_COMPLETED)
            if polling.done():
                await polling
        finally:
            for task in (polling, lost):
                task.cancel()
            await asyncio.gather(polling, lost, return_exceptions=True)

    async def _until_lost(self) -> None:
        """Renew it in time; return when somebody else has it, or may have it soon."""
        while self._until is not None and self._clock.now() < self._until - _MARGIN:
            await self._clock.sleep(RENEWED_AFTER)
            await self._take()

    async def _take(self) -> bool:
        """Take it or renew it. While the database cannot be asked, it is ours as long as it was."""
        now = self._clock.now()
        try:
            take_it = partial(take, instance=self._instance, now=now, missing=self._missing)
            ours = await self._writer.run(take_it)
        except StorageUnavailable:
            return False
        self._until = now + LASTS if ours else None
        return ours


def take(connection: Connection, instance: str, now: datetime, missing: Missing) -> bool:
    """Take or renew the lease where it is ours, over, or of a process that has ended; whether it is ours now."""
    begun = {"name": _POLLING, "owner": instance, "until": now}
    connection.execute(insert(Lease).values(begun).on_conflict_do_nothing())
    this = Lease.name == _POLLING
    free = or_(Lease.owner == instance, Lease.until < now - _MARGIN)
    change = update(Lease).values(owner=instance, until=now + LASTS)
    if connection.execute(change.where(this, free)).rowcount:
        return True
    owner = connection.scalar(select(Lease.owner).where(this).with_for_update())
    if owner is None or not missing.gone(connection, {owner}, now):
        return False
    connection.execute(change.where(this))
    return True


def give_up(connection: Connection, instance: str) -> None:
    """Somebody else may poll at once."""
    mine = update(Lease).where(Lease.name == _POLLING, Lease.owner == instance)
    connection.execute(mine.values(until=_LONG_AGO))
