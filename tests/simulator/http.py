"""A running simulator and somebody who talks to it over HTTP."""

from types import TracebackType
from typing import Any, Self

import aiohttp

from simulator.clock import Clock
from simulator.control_routes import OnBot
from simulator.server import Server
from simulator.world import World
from tests.simulator.conftest import MONDAY, TOKEN


class Visitor:
    """Talks to a simulator of its own; `world` is what stands behind it."""

    def __init__(self, *, on_bot: OnBot | None = None, first_retry: float = 0.01) -> None:
        self.world = World(Clock(MONDAY), seed=7)
        self.world.bot(TOKEN)
        self.server = Server(self.world, on_bot=on_bot, first_retry=first_retry)

    async def __aenter__(self) -> Self:
        await self.server.start()
        self.session = aiohttp.ClientSession(self.server.url)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.session.close()
        await self.server.stop()

    async def get(self, path: str) -> Any:
        async with self.session.get(path) as response:
            return await response.json()

    async def post(self, path: str, body: object | None = None) -> Any:
        async with self.session.post(path, json=body or {}) as response:
            return await response.json()

    async def status(self, method: str, path: str, body: object | None = None) -> int:
        async with self.session.request(method, path, json=body) as response:
            return response.status

    async def bot(self, method: str, **params: object) -> Any:
        return await self.post(f"/bot{TOKEN}/{method}", params)
