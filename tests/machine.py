"""The whole bot in one process with a simulated Telegram: what every story is played on."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from bot.app import Homeward, build
from bot.config import read_config
from bot.setting_up import write_config
from db.models import SetAside
from simulator.clock import Clock as WorldClock
from simulator.world import World
from tests.databases import lay_database
from tests.family import Family
from tests.world_request import WorldRequest

TOKEN = "100200300:made-up-token-for-tests"
BOT_ID = 100200300
MORNING = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


class StoryClock:
    """The world's time, which stands still until a story moves it. Waiting moves it at once."""

    def __init__(self, world: WorldClock) -> None:
        self._world = world

    def now(self) -> datetime:
        return self._world.now()

    def monotonic(self) -> float:
        return self._world.timestamp()

    async def sleep(self, seconds: float) -> None:
        self._world.advance(seconds)


class Machine:
    """A running bot, its Telegram, and the people who write to it."""

    def __init__(self, world: World, homeward: Homeward) -> None:
        self.world, self.homeward = world, homeward

    def person(self, person_id: int, language: str = "en", name: str = "Zainab") -> Family:
        self.world.meet(person_id, first_name=name, language_code=language)
        return Family(self, person_id, language)

    async def settle(self) -> None:
        """Let the bot take everything that waits, and deliver everything that follows from it."""
        offset = 0
        while updates := self.world.take_updates(BOT_ID, offset):
            await self.take(updates)
            offset = updates[-1]["update_id"] + 1
        await self.tick()

    async def take(self, updates: list[dict[str, Any]]) -> None:
        for update in updates:
            await self.homeward.intake.receive(update)
        await self.homeward.outbox.idle()

    async def tick(self) -> None:
        """Fetch, tell and deliver all that is due now."""
        await self.homeward.fetching.look()
        await self.homeward.fetching.idle()
        await self.homeward.outbox.idle()
        await self.homeward.broadcasting.look()
        await self.homeward.broadcasting.idle()
        await self.homeward.outbox.idle()

    async def remind(self) -> None:
        """Look for reminders that are due, as the tick of every few seconds does, and deliver them."""
        await self.homeward.reminding.look()
        await self.homeward.outbox.sweep()
        await self.homeward.outbox.idle()

    async def together(self, updates: list[dict[str, Any]]) -> None:
        """Give these at the same time, as Telegram may."""
        await asyncio.gather(*(self.homeward.intake.receive(update) for update in updates))
        await self.homeward.outbox.idle()

    def set_aside(self) -> int:
        """Count the updates that could not be handled."""
        with self.homeward.engine.begin() as connection:
            return connection.scalar(select(func.count()).select_from(SetAside)) or 0

    def later(self, **span: float) -> None:
        self.world.clock.advance(timedelta(**span).total_seconds())


@asynccontextmanager
async def running(
    folder: Path, world: World | None = None, *, admins: tuple[int, ...] = (), **changes: Any
) -> AsyncIterator[Machine]:
    """Start the bot on a fresh (or the folder's) database; `changes` are environment-style overrides of
    single settings under [telegram].
    """
    world = world or World(WorldClock(MORNING))
    config = folder / "config.toml"
    if not config.exists():
        write_config(config, TOKEN)
        lay_database(folder)
    settings = read_config(config)
    settings = settings.model_copy(
        update={
            "telegram": settings.telegram.model_copy(update={"messages_per_second": 0, **changes}),
            "people": settings.people.model_copy(update={"admins": admins}),
        }
    )
    homeward = build(settings, StoryClock(world.clock), WorldRequest(world))
    await homeward.start()
    homeward.schedule.stop()
    try:
        yield Machine(world, homeward)
    finally:
        await homeward.stop()
