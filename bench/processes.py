"""The processes a bench starts: the simulated Telegram and the real bot, which is killed and started again."""

import asyncio
import json
import os
import signal
import sys
import time
from asyncio.subprocess import PIPE, Process
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol

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


class Running(Protocol):
    """A bot, or several that are one to their families (bench/fleet.py)."""

    starts: list[float]

    @property
    def up(self) -> float: ...
    @property
    def fell(self) -> int: ...
    @property
    def process_id(self) -> int: ...
    @property
    def complaints(self) -> Counter[str]: ...
    @property
    def log(self) -> Sequence[str]: ...
    async def start(self) -> None: ...
    async def run_for(self, seconds: float) -> None: ...
    async def kill(self) -> None: ...
    async def stop(self) -> int: ...
    async def close(self) -> None: ...


class Bot:
    """`homeward run`, as often as it takes; forked from a process that has the modules loaded (bench/forked.py).

    Attributes:
        process_id: of the process that runs now, or ran last.
        starts: when each process was started, in seconds of `time.monotonic`.
        fell: how often it ended though nobody killed it.
        complaints: the warnings and errors of its log, counted by what they say.
    """

    def __init__(self, config: Path, environment: Mapping[str, str]) -> None:
        self._arguments = ("run", "--config", str(config))
        self._environment = {**os.environ, "HOMEWARD_LOG__JSON_LINES": "true", **environment}
        self._loaded: Process | None = None
        self._reading: asyncio.Task[None] | None = None
        self.process_id = 0
        self._end: asyncio.Task[int] | None = None
        self._ready = asyncio.Event()
        self._ready_at: float | None = None
        self._up_before = 0.0
        self.starts: list[float] = []
        self.fell = 0
        self.complaints: Counter[str] = Counter()
        self.log: list[str] = []

    @property
    def up(self) -> float:
        """How many seconds it has been ready in all; what families' patience is measured by."""
        return self._up_before + (time.monotonic() - self._ready_at if self._ready_at is not None else 0.0)

    async def start(self) -> None:
        """Start a process and wait until it takes updates.

        Raises:
            NotStarted: it ended, or took longer than a minute.
        """
        loaded = self._loaded or await self._load()
        assert loaded.stdin is not None
        assert loaded.stdout is not None
        self._ready.clear()
        self.starts.append(time.monotonic())
        loaded.stdin.write(json.dumps(self._arguments).encode() + b"\n")
        self.process_id = int(await asyncio.wait_for(loaded.stdout.readline(), _TO_START))
        self._end = asyncio.create_task(_exit_code(loaded.stdout))
        ready = asyncio.create_task(self._ready.wait())
        await asyncio.wait({ready, self._end}, timeout=_TO_START, return_when=asyncio.FIRST_COMPLETED)
        if not ready.done():
            ready.cancel()
            await self.close()
            raise NotStarted(f"the bot did not start; it said {dict(self.complaints)}")

    async def run_for(self, seconds: float) -> None:
        """Let it run; when it ends by itself, count that and start it again."""
        if await self._ended_within(seconds):
            self.fell += 1
            self._is_down()
            await self.start()

    async def kill(self) -> None:
        """`kill -9`: no handler runs, nothing is flushed."""
        self._signal(signal.SIGKILL)
        await self._ended_within(None)
        self._is_down()

    async def stop(self) -> int:
        """SIGTERM; return the exit code."""
        self._signal(signal.SIGTERM)
        if not await self._ended_within(_TO_STOP):
            self._signal(signal.SIGKILL)
        await self._ended_within(None)
        assert self._end is not None
        code = self._end.result()
        await self.close()
        return code

    async def close(self) -> None:
        """Kill it if it runs, and end what it was forked from. May be called again."""
        if self._loaded is None or self._reading is None:
            return
        await self.kill()
        assert self._loaded.stdin is not None
        self._loaded.stdin.close()
        await self._loaded.wait()
        await self._reading
        self._loaded = None

    async def _load(self) -> Process:
        command = (sys.executable, "-m", "bench.forked")
        self._loaded = await asyncio.create_subprocess_exec(
            *command, cwd=ROOT, env=self._environment, stdin=PIPE, stdout=PIPE, stderr=PIPE
        )
        self._reading = asyncio.create_task(self._read(self._loaded))
        return self._loaded

    def _signal(self, number: signal.Signals) -> None:
        if self._end is not None and not self._end.done():
            os.kill(self.process_id, number)

    async def _ended_within(self, seconds: float | None) -> bool:
        if self._end is None:
            return True
        done, _ = await asyncio.wait({self._end}, timeout=seconds)
        return bool(done)

    def _is_down(self) -> None:
        self._up_before, self._ready_at = self.up, None

    async def _read(self, process: Process) -> None:
        """Follow the log to its end: it says when the bot is ready, and what it complains about."""
        assert process.stderr is not None
        async for line in process.stderr:
            self.log.append(f"{time.time():.3f} {self.process_id} {line.decode(errors='replace').strip()}")
            entry = _entry(line)
            if entry.get("event") == "run.started":
                self._ready_at = time.monotonic()
                self._ready.set()
            elif entry.get("level") != "info":
                said = [entry.get(name) for name in ("event", "of", "at", "error", "cause")]
                self.complaints[" ".join(word for word in said if word)] += 1


async def _exit_code(answers: asyncio.StreamReader) -> int:
    return int(await answers.readline())


def _entry(line: bytes) -> dict[str, str]:
    """Return a line of the log; one that is no JSON came from the interpreter."""
    try:
        entry: dict[str, str] = json.loads(line)
    except ValueError:
        return {"level": "error", "event": line.decode(errors="replace").strip()[:120]}
    return entry
