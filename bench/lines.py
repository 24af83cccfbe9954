"""The one simulated Telegram, at an address of its own for each bot: so it is known which of them sent what."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any, cast

from simulator.answers import Answer
from simulator.records import Upload
from simulator.server import Server
from simulator.world import World


class Line:
    """The world as one of the bots reaches it.

    Attributes:
        arrived: how many messages came this way, to chats that are counted.
    """

    def __init__(self, world: World, counted: Callable[[int], bool]) -> None:
        self._world, self._counted = world, counted
        self.arrived = 0
        self.url = ""

    def call(
        self,
        token: str,
        method: str,
        params: Mapping[str, object] | None = None,
        files: Mapping[str, Upload] | None = None,
    ) -> Answer:
        answer = self._world.call(token, method, params, files)
        if method == "sendMessage" and answer.ok and self._counted(answer.result["chat"]["id"]):
            self.arrived += 1
        return answer

    def __getattr__(self, name: str) -> Any:
        return getattr(self._world, name)


@asynccontextmanager
async def lines(world: World, number: int, counted: Callable[[int], bool]) -> AsyncIterator[list[Line]]:
    """Open so many."""
    opened = [Line(world, counted) for _ in range(number)]
    async with AsyncExitStack() as servers:
        for line in opened:
            server = await servers.enter_async_context(Server(cast("World", line)))
            line.url = server.url
        yield opened
