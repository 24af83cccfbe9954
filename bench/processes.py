"""The processes a bench starts: the simulated Telegram and the real bot, which is killed and started again."""

import asyncio
import json
import os
import sys
import time
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
_TO_START = 60.0  # seconds; a machine under load imports slowly
_TO_STOP = 20.0


class NotStarted(Exception):
    """A process did not come up; the text holds its last words."""


class Simulator:
    """`python -m simulator` on a free port."""

    def __init__(self, token: str, seed: int) -> None:
        self._arguments = ("--port", "0", "--token", token, "--seed", str(seed))
        self._process: Process | None = None
        self.url = ""

    async def start(self) -> None:
        command = (sys.executable, "-m", "simulator", *self._arguments)
        self._process = await asyncio.create_subprocess_exec(*command, cwd=ROOT, stdout=PIPE)
        assert self._process.stdout is not None
        line = await asyncio.wait_for(self._process.stdout.readline(), _TO_START)
        self.url = line.decode().strip().rpartition(" ")[2]
        if not self.url.startswith("http"):
            raise NotStarted(f"the simulator said {line!r}")

    async def stop(self) -> None:
        if self._process is not None and self._process.returncode is None:
            self._process.terminate()
            await self._process.wait()


class Bot:
    """`python -m bot run`, as often as it takes.

    Attributes:
        starts: when each process was started, in seconds of `time.monotonic`.
        fell: how often it ended though nobody killed it.
        complaints: the warnings and errors of its log, counted by what they say.
    """

    def __init__(self, config: Path, environment: Mapping[str, str]) -> None:
        self._command = (sys.executable, "-m", "bot", "run", "--config", str(config))
        self._environment = {**os.environ, "HOMEWARD_LOG__JSON_LINES": "true", **environment}
        self._process: Process | None = None
        self._reading: asyncio.Task[None] | None = None
        self._ready = asyncio.Event()
        self._ready_at: float | None = None
        self._up_before = 0.0
        self.starts: list[float] = []
        self.fell = 0
        self.complaints: Counter[str] = Counter()

    @property
    def up(self) -> float:
        """How many seconds it has been ready in all; what families' patience is measured by."""
        return self._up_before + (time.monotonic() - self._ready_at if self._ready_at is not None else 0.0)

    async def start(self) -> None:
        """Start a process and wait until it takes updates.

        Raises:
            NotStarted: it ended, or took longer than a minute.
        """
        self._ready.clear()
        self.starts.append(time.monotonic())
        self._process = await asyncio.create_subprocess_exec(
            *self._command, cwd=ROOT, env=self._environment, stdout=DEVNULL, stderr=PIPE
        )
        self._reading = asyncio.create_task(self._read(self._process))
        ready = asyncio.create_task(self._ready.wait())
        await asyncio.wait({ready, self._reading}, timeout=_TO_START, return_when=asyncio.FIRST_COMPLETED)
        if not ready.done():
            ready.cancel()
            raise NotStarted(f"the bot did not start; it said {dict(self.complaints)}")

    async def run_for(self, seconds: float) -> None:
        """Let it run; when it ends by itself, count that and start it again."""
        assert self._process is not None
        try:
            await asyncio.wait_for(self._process.wait(), seconds)
        except TimeoutError:
            return
        self.fell += 1
        await self._ended()
        await self.start()

    async def kill(self) -> None:
        """`kill -9`: no handler runs, nothing is flushed."""
        if self._process is not None and self._process.returncode is None:
            self._process.kill()
        await self._ended()

    async def stop(self) -> int:
        """SIGTERM; return the exit code."""
        assert self._process is not None
        if self._process.returncode is None:
            self._process.terminate()
        try:
            await asyncio.wait_for(self._process.wait(), _TO_STOP)
        except TimeoutError:
            self._process.kill()
        await self._ended()
        return self._process.returncode or 0

    async def _ended(self) -> None:
        self._up_before, self._ready_at = self.up, None
        if self._process is not None and self._reading is not None:
            await self._process.wait()
            await self._reading

    async def _read(self, process: Process) -> None:
        """Follow the log to its end: it says when the bot is ready, and what it complains about."""
        assert process.stderr is not None
        async for line in process.stderr:
            entry = _entry(line)
            if entry.get("event") == "run.started":
                self._ready_at = time.monotonic()
                self._ready.set()
            elif entry.get("level") != "info":
                said = [entry.get(name) for name in ("event", "of", "at", "error", "cause")]
                self.complaints[" ".join(word for word in said if word)] += 1


def _entry(line: bytes) -> dict[str, str]:
    """Return a line of the log; one that is no JSON came from the interpreter."""
    try:
        entry: dict[str, str] = json.loads(line)
    except ValueError:
        return {"level": "error", "event": line.decode(errors="replace").strip()[:120]}
    return entry
