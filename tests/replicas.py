"""Several bots on one database in one process, given updates by dice as a webhook without stickiness gives them."""

import asyncio
import random
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from bot.writer import StorageUnavailable
from db.models import Outbox
from simulator.clock import Clock as WorldClock
from simulator.world import World
from tests.bot.stage import assembled, kill
from tests.machine import BOT_ID, MORNING, Machine, StoryClock
from tests.world_request import WorldRequest

_OPEN = ("todo", "sending")


class SlowLine(WorldRequest):
    """Answers a little later each time, so that what several processes send can overtake."""

    def __init__(self, world: World, dice: random.Random) -> None:
        super().__init__(world)
        self._dice = dice

    async def do_request(self, *arguments: Any, **named: Any) -> tuple[int, bytes]:
        await asyncio.sleep(self._dice.choice((0, 0, 0.002, 0.01)))
        return await super().do_request(*arguments, **named)


class Replicas(Machine):
    """What a story takes for one machine.

    Attributes:
        kills: how many of them were ended in the middle of what they were delivering.
    """

    def __init__(self, world: World, folder: Path, number: int, dice: random.Random) -> None:
        self.world, self._folder, self._number, self._dice = world, folder, number, dice
        self.alive: list[Machine] = []
        self._busy: dict[Machine, int] = {}
        self._settling = asyncio.Lock()
        self._offset = 0
        self.kills = 0

    async def begin(self) -> None:
        while len(self.alive) < self._number:
            line = SlowLine(self.world, self._dice)
            homeward = assembled(self._folder, self.world, clock=StoryClock(self.world.clock), request=line)
            await homeward.start()
            homeward.schedule.stop()
            self.alive.append(Machine(self.world, homeward))
            self.homeward = self.alive[0].homeward  # of any of them: they are alike

    async def end(self) -> None:
        for machine in self.alive:
            await machine.homeward.stop()

    async def settle(self) -> None:
        """Give what waits to any of them, some of it to two at once; then let them deliver."""
        async with self._settling:
            while updates := self.world.take_updates(BOT_ID, self._offset):
                await asyncio.gather(*(self._give(each) for each in updates))
                self._offset = updates[-1]["update_id"] + 1
            await self._deliver()

    async def kill_one(self) -> None:
        """End one in the middle of what it delivers, and start another."""
        victim = self._dice.choice(self.alive)
        self.alive.remove(victim)
        self.homeward = self.alive[0].homeward
        while self._busy.get(victim):  # noqa: ASYNC110 - what is committed is sent by it, until it is killed
            await asyncio.sleep(0)
        await kill(victim)
        self.kills += 1
        await self.begin()

    async def _give(self, update: dict[str, Any]) -> None:
        twice = self._dice.random() < 0.1
        await asyncio.gather(*(self._given(update) for _ in range(1 + twice)))

    async def _given(self, update: dict[str, Any]) -> None:
        while True:
            machine = self._dice.choice(self.alive)
            try:
                with self._kept_busy(machine):
                    await machine.homeward.intake.receive(update)
            except StorageUnavailable:
                await asyncio.sleep(0.01)  # as Telegram does after 503: it gives it again
            else:
                return

    @contextmanager
    def _kept_busy(self, machine: Machine) -> Iterator[None]:
        self._busy[machine] = self._busy.get(machine, 0) + 1
        try:
            yield
        finally:
            self._busy[machine] -= 1

    async def _deliver(self) -> None:
        while True:
            for machine in list(self.alive):
                if machine in self.alive:
                    with self._kept_busy(machine):
                        await self._look(machine)
                        await machine.homeward.outbox.sweep()
            await asyncio.gather(*(machine.homeward.outbox.idle() for machine in list(self.alive)))
            with self.homeward.engine.begin() as connection:
                left = select(func.count()).select_from(Outbox).where(Outbox.state.in_(_OPEN))
                if not connection.scalar(left):
                    return
            self.later(seconds=1)  # who was killed counts as gone after some

    async def _look(self, machine: Machine) -> None:
        """Look after the others, as each does every second."""
        assert machine.homeward.others is not None
        await machine.homeward.others.look()


@asynccontextmanager
async def replicas(folder: Path, number: int, seed: int) -> AsyncIterator[Replicas]:
    together = Replicas(World(WorldClock(MORNING)), folder, number, random.Random(seed))  # noqa: S311 - a story's dice
    try:
        await together.begin()
        yield together
    finally:
        await together.end()
