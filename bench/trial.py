"""One trial: a fresh loopback server with its people, one bot process, and what it cost.

Runs as a process of its own (`python -m bench.trial homeward …`) and prints the outcome as JSON. Needs Linux:
the bot's processor time and memory are read from /proc.
"""

import argparse
import asyncio
import json
import os
import re
import subprocess
import time
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.contenders import Contender, contender
from bench.loopback import Loopback
from bench.people import Crowd

_TO_START, _TO_STOP = 60.0, 20.0
_SILENCE = 15.0  # seconds without any reaction after which the trial is over
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Load:
    """How many people write at the same time, and for how long."""

    people: int
    warm_up: int
    updates: int
    language: str = "en"


@dataclass(frozen=True)
class Outcome:
    """What one trial showed. Times in seconds, memory in MB.

    Attributes:
        cpu: processor time of the bot's process during the measured updates.
        server_busy: share of a core that the loopback server and its people took; near 1 it is they who limit.
        memory: the most the bot ever had resident (VmHWM).
    """

    key: str
    updates: int
    seconds: float
    p50: float
    p99: float
    cpu: float
    memory: float
    server_busy: float
    conversations: int
    errors: dict[str, int]

    @property
    def rate(self) -> float:
        return self.updates / self.seconds if self.seconds else 0.0

    @property
    def cpu_per_thousand(self) -> float:
        return 1000 * self.cpu / self.updates if self.updates else 0.0


@dataclass
class Meter:
    """Reads the clock, the bot's processor time and our own."""

    pid: int
    wall: float = 0.0
    cpu: float = 0.0
    own: float = 0.0

    def start(self) -> None:
        self.wall, self.cpu, self.own = self._read()

    def since(self) -> tuple[float, float, float]:
        now = self._read()
        return now[0] - self.wall, now[1] - self.cpu, now[2] - self.own

    def memory(self) -> float:
        status = Path(f"/proc/{self.pid}/status").read_text(encoding="ascii")
        peak = re.search(r"VmHWM:\s+(\d+) kB", status)
        return int(peak[1]) / 1024 if peak else 0.0

    def _read(self) -> tuple[float, float, float]:
        fields = Path(f"/proc/{self.pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        ticks = int(fields[11]) + int(fields[12])  # utime and stime: all threads, user and kernel
        return time.perf_counter(), ticks / _TICKS, time.process_time()


class BotDied(Exception):
    """The bot's process ended by itself; the text holds the end of what it said."""


async def trial(who: Contender, load: Load, folder: Path) -> Outcome:
    """Run one contender once.

    Raises:
        BotDied: it did not start, or ended on the way.
    """
    crowd = Crowd(load.people, load.warm_up, load.updates, load.language, lambda: meter.start())  # noqa: PLW0108 - the meter needs the process, which needs the server, which needs the crowd
    api = Loopback(crowd.see)
    command = who.command(await api.start(), folder)
    with (folder / "bot.log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)  # noqa: ASYNC220 - forks once, nothing waits yet
    meter = Meter(process.pid)
    try:
        await _first_poll(api, process, folder)
        meter.start()
        crowd.begin(api)
        await _until_done(crowd, process, folder)
        return _outcome(who, crowd, meter)
    finally:
        await asyncio.to_thread(_stop, process)
        await api.stop()


async def _first_poll(api: Loopback, process: "subprocess.Popen[bytes]", folder: Path) -> None:
    deadline = time.monotonic() + _TO_START
    while not api.polled.is_set():
        with suppress(TimeoutError):
            await asyncio.wait_for(api.polled.wait(), 0.2)
        if process.poll() is not None or time.monotonic() > deadline:
            raise BotDied(_last_words(folder))


async def _until_done(crowd: Crowd, process: "subprocess.Popen[bytes]", folder: Path) -> None:
    """Wait; when nothing has moved for a while, those who still wait were forgotten."""
    seen, since = -1, time.monotonic()
    while not crowd.done.is_set():
        with suppress(TimeoutError):
            await asyncio.wait_for(crowd.done.wait(), 0.2)
        if process.poll() is not None:
            raise BotDied(_last_words(folder))
        if crowd.reactions != seen:
            seen, since = crowd.reactions, time.monotonic()
        elif time.monotonic() > since + _SILENCE:
            crowd.give_up()


def _outcome(who: Contender, crowd: Crowd, meter: Meter) -> Outcome:
    seconds, cpu, own = meter.since()
    latencies = sorted(crowd.tally.latencies) or [0.0]
    return Outcome(
        who.key,
        len(crowd.tally.latencies),
        seconds,
        latencies[len(latencies) // 2],
        latencies[min(len(latencies) - 1, len(latencies) * 99 // 100)],
        cpu,
        meter.memory(),
        own / seconds,
        crowd.tally.conversations,
        dict(crowd.tally.errors),
    )


def _stop(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    try:
        process.wait(_TO_STOP)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _last_words(folder: Path) -> str:
    return (folder / "bot.log").read_text(encoding="utf-8", errors="replace")[-2000:]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("who")
    parser.add_argument("--people", type=int, required=True)
    parser.add_argument("--warm-up", type=int, required=True)
    parser.add_argument("--updates", type=int, required=True)
    parser.add_argument("--language", default="en")
    asked = parser.parse_args()
    load = Load(asked.people, asked.warm_up, asked.updates, asked.language)
    with TemporaryDirectory(prefix="bench-") as folder:
        outcome = asyncio.run(trial(contender(asked.who), load, Path(folder)))
    print(json.dumps(asdict(outcome)))


if __name__ == "__main__":
    main()
