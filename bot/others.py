"""The other processes that share our database: they learn that we are there; we take over from those that end."""

import asyncio

import structlog
from sqlalchemy import Connection

from bot import outbox_rows
from bot.clock import Clock
from bot.fetching import Fetching
from bot.outbox import Outbox
from bot.traces import Traces
from bot.writer import Writer
from casework import fetches
from db.shared import Missing, Presence

log = structlog.get_logger(__name__)


class Others:
    """Looked after every second."""

    def __init__(
        self,
        presence: Presence,
        instance: str,
        writer: Writer,
        clock: Clock,
        outbox: Outbox,
        fetching: Fetching,
        traces: Traces,
    ) -> None:
        self._presence, self._instance, self._missing = presence, instance, Missing()
        self._writer, self._clock = writer, clock
        self._outbox, self._fetching, self._traces = outbox, fetching, traces

    async def look(self) -> None:
        """Show that we are there, hear what was erased, take up what those leave that have ended."""
        kept = await self._keep_our_place()
        if await asyncio.to_thread(self._presence.has_heard_of_erasing) or not kept:  # then we were deaf
            await self._traces.forget()
        ended = await self._writer.run(self._end_leases, office=True)
        if await self._outbox.let_go_of_lost() or ended:
            await self._outbox.sweep()
            self._fetching.nudge()

    async def _keep_our_place(self) -> bool:
        """Where we had lost it we may count as gone, and what we hold may be in other hands."""
        kept = False
        try:
            kept = await asyncio.to_thread(self._presence.keep)
        finally:
            if not kept:
                log.warning("others.we_were_cut_off")
                self._outbox.doubt()
        return kept

    def _end_leases(self, connection: Connection) -> bool:
        """Let go of what those hold that have ended; whether there are any."""
        instance, now = self._instance, self._clock.now()
        holders = outbox_rows.holders(connection, instance) | fetches.holders(connection, instance)
        ended = self._missing.gone(connection, holders, now)
        if ended:
            outbox_rows.end_leases_of(connection, ended, instance)
            fetches.end_leases_of(connection, ended)
        return bool(ended)
