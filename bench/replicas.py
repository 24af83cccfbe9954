"""Bots that share a database, each a process of its own, with its own way to the one simulated Telegram."""

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack
from pathlib import Path
from random import Random
from typing import Any, Self, cast

from bench.processes import Bot
from simulator.answers import Answer, Json
from simulator.records import Upload
from simulator.server import Server
from simulator.world import World


class Line:
    """The simulated Telegram as one of the bots reaches it.

    Attributes:
        arrived: how many messages came this way, to chats that are counted.
    """

    def __init__(self, world: World, counts: Callable[[int], bool]) -> None:
        self._world, self._counts = world, counts
        self.arrived = 0

    def call(
        self,
        token: str,
        method: str,
        params: Mapping[str, object] | None = None,
        files: Mapping[str, Upload] | None = None,
    ) -> Answer:
        answer = self._world.call(token, method, params, files)
        if method == "sendMessage" and answer.ok and self._counts(_chat(answer.result)):
            self.arrived += 1
        return answer

    def __getattr__(self, name: str) -> Any:
        return getattr(self._world, name)


class Replicas:
    """One or several `homeward run` on one database.

    Attributes:
        kills: how many of them were killed.
    """

    def __init__(
        self,
        world: World,
        config: Path,
        environment: Mapping[str, str],
        number: int,
        counts: Callable[[int], bool],
    ) -> None:
        self._config, self._environment = config, environment
        self._lines = [Line(world, counts) for _ in range(number)]
        self.bots: list[Bot] = []
        self.kills = 0
        self._open = AsyncExitStack()

    async def __aenter__(self) -> Self:
        """Start all of them."""
        try:
            for line in self._lines:
                server = await self._open.enter_async_context(Server(cast("World", line)))
                environment = {**self._environment, "HOMEWARD_TELEGRAM__API_URL": server.url}
                self.bots.append(Bot(self._config, environment))
                self._open.push_async_callback(self.bots[-1].close)
            await asyncio.gather(*(each.start() for each in self.bots))
        except BaseException:
            await self._open.aclose()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._open.aclose()

    async def run_for(self, seconds: float) -> None:
        await asyncio.gather(*(each.run_for(seconds) for each in self.bots))

    async def kill_one(self, dice: Random) -> None:
        """`kill -9` one of them and start it again; the others go on meanwhile."""
        victim = dice.choice(self.bots)
        await victim.kill()
        self.kills += 1
        await victim.start()

    async def stop(self) -> None:
        await asyncio.gather(*(each.stop() for each in self.bots))

    @property
    def arrived(self) -> list[int]:
        """How many of the messages that are counted each of them has sent."""
        return [line.arrived for line in self._lines]

    @property
    def complaints(self) -> Counter[str]:
        return sum((each.complaints for each in self.bots), Counter())


def _chat(message: Json) -> int:
    chat: int = message["chat"]["id"]
    return chat
