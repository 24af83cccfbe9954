"""Several bots on one database: by webhook behind one door, by polling with one of them in turn at Telegram."""

import asyncio
import socket
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from random import Random

from bench.processes import Bot

_LOOKS_EVERY = 0.05  # seconds


class Door:
    """One address for all of them: each connection goes to any of those that are up, as at a load balancer."""

    def __init__(self, dice: Random) -> None:
        self._dice = dice
        self._server: asyncio.Server | None = None
        self.port = 0
        self.behind: list[int] = []  # the ports of those that are up

    async def open(self) -> None:
        self._server = await asyncio.start_server(self._let_through, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]

    async def close(self) -> None:
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()

    async def _let_through(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Carry both directions to their ends; a caller who finds nobody up is hung up on, and calls again."""
        with suppress(OSError, IndexError):
            inside, out = await asyncio.open_connection("127.0.0.1", self._dice.choice(self.behind))
            await asyncio.gather(_carry(reader, out), _carry(inside, writer))
        writer.close()


async def _carry(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    try:
        while piece := await source.read(65536):
            target.write(piece)
            await target.drain()
    finally:
        target.close()


class Fleet:
    """So many bots with the same settings; to families and troubles they are one.

    Attributes:
        starts: when the first was started, and when each kill was: from then on something may be repeated.
    """

    def __init__(
        self, config: Path, environments: Sequence[Mapping[str, str]], dice: Random, door: Door | None = None
    ) -> None:
        self._bots = [Bot(config, each) for each in environments]
        self._ports = [int(each.get("HOMEWARD_TELEGRAM__WEBHOOK__PORT", 0)) for each in environments]
        self._door, self._dice = door, dice
        self._down: set[int] = set()
        self._victim = 0
        self.starts: list[float] = []

    async def start(self) -> None:
        """Start those that are down; wait until they take updates."""
        if not self.starts:
            self._down = set(range(len(self._bots)))
            self.starts.append(time.monotonic())
        for number in sorted(self._down):
            await self._bots[number].start()
            self._answers(number)

    async def kill(self) -> None:
        """`kill -9` one of them; the others go on."""
        self._victim = self._dice.randrange(len(self._bots))
        self._down.add(self._victim)
        self._set_door()
        self.starts.append(time.monotonic())
        await self._bots[self._victim].kill()

    async def run_for(self, seconds: float) -> None:
        """Let them run; whichever ends by itself is counted and started again."""
        await asyncio.gather(*(bot.run_for(seconds) for bot in self._bots))

    async def stop(self) -> int:
        """End them one after the other; return the worst exit code."""
        return max([await bot.stop() for bot in self._bots], key=abs)

    async def close(self) -> None:
        for bot in self._bots:
            await bot.close()

    @property
    def up(self) -> float:
        """Seconds that all of them together were ready, on average: what families' patience is measured by."""
        return sum(bot.up for bot in self._bots) / len(self._bots)

    @property
    def fell(self) -> int:
        return sum(bot.fell for bot in self._bots)

    @property
    def process_id(self) -> int:
        return self._dice.choice(self._bots).process_id

    @property
    def complaints(self) -> Counter[str]:
        return sum((bot.complaints for bot in self._bots), Counter())

    @property
    def log(self) -> list[str]:
        return sorted(line for bot in self._bots for line in bot.log)

    def _answers(self, number: int) -> None:
        self._down.discard(number)
        self._set_door()

    def _set_door(self) -> None:
        if self._door is not None:
            self._door.behind = [port for number, port in enumerate(self._ports) if number not in self._down]


def free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        port: int = trial.getsockname()[1]
        return port
