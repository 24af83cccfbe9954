"""The other processes that share our database: they learn that we are there; we take over from those that end."""

import asyncio

import structlog

from bot.fetching import Fetching
from bot.outbox import Outbox
from bot.traces import Traces
from db.shared import Presence

log = structlog.get_logger(__name__)


class Others:
    """Looked after every few seconds."""

    def __init__(self, presence: Presence, outbox: Outbox, fetching: Fetching, traces: Traces) -> None:
        self._presence, self._outbox, self._fetching, self._traces = presence, outbox, fetching, traces

    async def look(self) -> None:
        """Show that we are there, hear what was erased, take up what those leave that have ended."""
        if not await asyncio.to_thread(self._presence.keep):
            log.warning("others.we_were_cut_off")
        if await asyncio.to_thread(self._presence.has_heard_of_erasing):
            await self._traces.forget()
        await self._outbox.take_over()
        await self._fetching.take_over()
