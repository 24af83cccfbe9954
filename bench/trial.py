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
import sys
import time
from contextlib import suppress
from dataclasses import MISSING, asdict, dataclass, fields, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import uvloop

from bench.contenders import Contender, contender
from bench.loopback import Loopback
from bench.people import Crowd

_TO_START, _TO_STOP = 60.0, 20.0
_SILENCE = 15.0  # seconds without any reaction after which the trial is over
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Load:
    """How many people write at the same time, how, and for how long.

    Attributes:
        round_trip: seconds from the bot to Telegram and back.
        per_second: inputs of all together; 0: each as soon as the bot has reacted.
        stop_at: the input after which everybody stays where they are; 0: nobody does.
        stored: requests that are in the database before; ours only.
        before: where the numbers of people, messages and updates begin, for another trial on the same database.
        messages: to send to as many people, and nobody writes; 0: people write.
    """

    people: int
    warm_up: int
    updates: int
    language: str = "en"
    round_trip: float = 0.0
    per_second: float = 0.0
    stop_at: int = 0
    stored: int = 0
    before: int = 0
    messages: int = 0


@dataclass(frozen=True)
class Outcome:
    """What one trial showed. Times in seconds, memory in MB.

    Attributes:
        cpu: processor time of the bot's process during the measured updates.
        server_busy: share of a core that the loopback server and its people took; near 1 it is they who limit.
        memory: the most the bot ever had resident (VmHWM).
        resident: what it had resident at the end (VmRSS).
        started: seconds from the command to the first question for updates.
        at_rest: what it had resident by then.
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
    resident: float = 0.0
    started: float = 0.0
    at_rest: float = 0.0

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

    def memory(self, which: str) -> float:
        """Return MB: `VmHWM`, the most it had resident, or `VmRSS`, what it has now (proc(5))."""
        return _memory(str(self.pid), which)

    def _read(self) -> tuple[float, float, float]:
        fields = Path(f"/proc/{self.pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        ticks = int(fields[11]) + int(fields[12])  # utime and stime: all threads, user and kernel
        return time.perf_counter(), ticks / _TICKS, time.process_time()


def own_memory() -> float:
    """Return the MB that this process has resident."""
    return _memory("self", "VmRSS")


def _memory(process: str, which: str) -> float:
    status = Path(f"/proc/{process}/status").read_text(encoding="ascii")
    found = re.search(which + r":\s+(\d+) kB", status)
    return int(found[1]) / 1024 if found else 0.0


class BotDied(Exception):
    """The bot's process ended by itself; the text holds the end of what it said."""


async def trial(who: Contender, load: Load, folder: Path) -> Outcome:
    """Run one contender once.

    Raises:
        BotDied: it did not start, or ended on the way.
    """
    crowd = Crowd(
        load.people,
        load.warm_up,
        load.updates,
        load.language,
        lambda: meter.start(),  # noqa: PLW0108 - the meter needs the process, which needs the server, which needs the crowd
        per_second=load.per_second,
        stop_at=load.stop_at,
        before=load.before,
    )
    api = Loopback(crowd.see, load.round_trip, load.before)
    command = who.command(await api.start(), folder, load.stored)
    with (folder / "bot.log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)  # noqa: ASYNC220 - forks once, nothing waits yet
    meter, began = Meter(process.pid), time.perf_counter()
    try:
        await _first_poll(api, process, folder)
        started, at_rest = time.perf_counter() - began, meter.memory("VmRSS")
        meter.start()
        crowd.begin(api)
        await _until_done(crowd, process, folder)
        return replace(_outcome(who, crowd, meter), started=started, at_rest=at_rest)
    finally:
        await asyncio.to_thread(_stop, process)
        await api.stop()


async def sending(who: Contender, load: Load, folder: Path) -> Outcome:
    """Let one contender send; from its last word before it (getMe) to the last message's arrival.

    Raises:
        BotDied: it ended before all had arrived.
    """
    assert who.sends is not None
    arrived = list[float]()
    api = Loopback(lambda _shown: arrived.append(time.perf_counter()))
    command = who.sends(await api.start(), folder, load.messages)
    with (folder / "bot.log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)  # noqa: ASYNC220 - forks once, nothing waits yet
    meter = Meter(process.pid)
    try:
        while len(arrived) < load.messages:
            await asyncio.sleep(0.02)
            if api.met != meter.wall:
                meter.start()
                meter.wall = api.met
            if process.poll() is not None and len(arrived) < load.messages:
                raise BotDied(_last_words(folder))
        seconds, memory = arrived[-1] - api.met, meter.memory("VmRSS")
        busy = meter.since()[2] / (time.perf_counter() - api.met)
        cpu = meter.since()[1]
        return Outcome(who.key, len(arrived), seconds, 0, 0, cpu, memory, busy, 0, {}, memory)
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
        meter.memory("VmHWM"),
        own / seconds,
        crowd.tally.conversations,
        dict(crowd.tally.errors),
        meter.memory("VmRSS"),
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


def in_a_process(key: str, load: Load) -> Outcome:
    """Run one trial in a fresh process, so that no contender inherits the server of another."""
    figures = [f"--{name.replace('_', '-')}={value}" for name, value in asdict(load).items()]
    command = [sys.executable, "-m", "bench.trial", key, *figures]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True)
    return Outcome(**json.loads(done.stdout))


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("who")
    for field in fields(Load):
        needed = field.default is MISSING
        kind = str if field.type in {"str", str} else float if field.type in {"float", float} else int
        parser.add_argument(
            f"--{field.name.replace('_', '-')}",
            type=kind,
            required=needed,
            default=None if needed else field.default,
        )
    asked = vars(parser.parse_args())
    who, load = contender(asked.pop("who")), Load(**asked)
    loop = uvloop.new_event_loop  # the server must not be what a quick bot waits for
    with TemporaryDirectory(prefix="bench-") as folder, asyncio.Runner(loop_factory=loop) as runner:
        outcome = runner.run((sending if load.messages else trial)(who, load, Path(folder)))
    print(json.dumps(asdict(outcome)))


if __name__ == "__main__":
    main()
