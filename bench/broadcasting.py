"""`python -m bench.broadcasting`: a broadcast to ten thousand families in four languages, Telegram's limits enforced.

The real bot runs as its own process against the simulated Telegram, which answers 429 to whatever goes over 30 messages
a second or one a second in a chat; with `--replicas` it is several processes on one PostgreSQL. Some families write
meanwhile. With `--kills` one of the bots is killed and started again at random moments. At the end the chats are held
against the rows: everybody once, but for what is uncertain. The exit code is 1 where that does not hold, where a 429
was our own fault, where one of several bots sent nothing, or (without kills) where it was too slow.
"""

import argparse
import asyncio
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from bench.broadcast_office import FIRST, Office
from bench.fleet import Fleet
from bench.lines import lines
from bench.postgresql import stored
from bot.setting_up import write_config
from simulator.limits import Limits
from simulator.world import World

_TOKEN = "100200300:made-up-token-for-broadcasting"  # noqa: S105 - only the simulator knows it
_TALKERS = 1_000  # the first one's Telegram id
_ENOUGH = 29 / 30  # of the limit, on average
_SOON = 1.5  # seconds for a reply, of 99 in 100


@dataclass(frozen=True)
class Plan:
    """What to do.

    Attributes:
        per_second: what the simulated Telegram lets through in all, and what our settings say.
        talkers: families who write meanwhile, each waiting for its answer.
        database: as bench/postgresql.py takes it.
        replicas: bots at a time; more than one need a PostgreSQL.
        between: seconds from the moment the bot is up to the next kill, at least and at most.
    """

    recipients: int = 10_000
    per_second: float = 30.0
    talkers: int = 20
    kills: int = 0
    between: tuple[float, float] = (2.0, 10.0)
    seed: int = 0
    database: str = "sqlite"
    replicas: int = 1


class Counting(Limits):
    """Telegram's limits, and how often somebody ran into them."""

    refused = 0

    def spend(self, bot_id: int, chat_id: int, now: float) -> None:
        try:
            super().spend(bot_id, chat_id, now)
        except Exception:
            type(self).refused += 1
            raise


@dataclass
class Heard:
    """What arrived: when each message of the bot came, and how long families waited for an answer."""

    arrivals: list[float] = field(default_factory=list)
    to_families: Counter[int] = field(default_factory=Counter)
    waits: list[float] = field(default_factory=list)
    to_families_between: tuple[float, float] = (0.0, 0.0)


@dataclass
class Outcome:
    plan: Plan
    heard: Heard
    states: Counter[str]
    twice: int
    missing: int
    not_held: int
    refused: int
    seconds: float
    going: str
    bots: Fleet
    by_each: list[int]

    @property
    def rate(self) -> float:
        """Messages a second to everybody, from the first one of the broadcast to its last."""
        first, last = self.heard.to_families_between
        meanwhile = sum(first <= each <= last for each in self.heard.arrivals)
        return (meanwhile - 1) / (last - first) if last > first else 0.0

    @property
    def slowest(self) -> float:
        """Return what 99 of 100 replies were quicker than."""
        waits = sorted(self.heard.waits)
        return waits[min(len(waits) - 1, round(len(waits) * 0.99))] if waits else 0.0

    @property
    def once_each(self) -> bool:
        """Everybody exactly once, but for those of whom nobody knows: those at most once."""
        together = sum(self.states.values())
        return (
            not (self.twice or self.not_held) and together == self.plan.recipients and self.going == "ended"
        )

    @property
    def good(self) -> bool:
        fast = self.plan.kills > 0 or (self.rate >= self.plan.per_second * _ENOUGH and self.slowest < _SOON)
        return self.once_each and fast and self.refused == 0 and all(self.by_each)


async def run(plan: Plan, folder: Path) -> Outcome:
    """Do what the plan says; `folder` is empty and holds the database afterwards, where that is a file."""
    with stored(plan.database, write_config(folder / "config.toml", _TOKEN)[0]):
        return await _run(plan, folder / "config.toml")


async def _run(plan: Plan, config: Path) -> Outcome:
    world = World(seed=plan.seed)
    world.bot(_TOKEN)
    Counting.refused = 0
    world.limits = Counting()
    world.limits.set(on=True, overall=plan.per_second, per_chat=1.0)
    office = Office.of(config)
    writer = office.fill(world, plan.recipients)
    heard = Heard()
    _listen(world, heard, plan)
    async with lines(world, plan.replicas, lambda chat: chat >= FIRST) as opened:
        dice = Random(plan.seed)
        bots = Fleet(config, [_environment(plan, line.url) for line in opened], dice)
        try:
            await bots.start()
            began = time.monotonic()
            broadcast_id = await asyncio.to_thread(office.begin, writer)
            talking = [asyncio.create_task(_talk(world, _TALKERS + n, heard)) for n in range(plan.talkers)]
            await _until_done(office, broadcast_id, bots, plan, dice)
            for each in talking:
                each.cancel()
            await asyncio.gather(*talking, return_exceptions=True)
            seconds = time.monotonic() - began
            await bots.stop()
        finally:
            await bots.close()
    by_each = [line.arrived for line in opened]
    return _held_against_the_rows(office, heard, plan, seconds, bots, by_each)


def _environment(plan: Plan, url: str) -> dict[str, str]:
    return {
        "HOMEWARD_TELEGRAM__API_URL": url,
        "HOMEWARD_TELEGRAM__MESSAGES_PER_SECOND": str(plan.per_second),
        "HOMEWARD_REMINDERS__QUIET_FROM": "00:00",  # it is measured at any hour
        "HOMEWARD_REMINDERS__QUIET_UNTIL": "00:00",
    }


def _listen(world: World, heard: Heard, plan: Plan) -> None:
    def hear(news: dict[str, Any]) -> None:
        if news["event"] != "message" or not news["message"].get("outgoing"):
            return
        person = news["person"]
        heard.arrivals.append(time.monotonic())
        if FIRST <= person < FIRST + plan.recipients:
            heard.to_families[person] += 1
            first = heard.to_families_between[0] or heard.arrivals[-1]
            heard.to_families_between = (first, heard.arrivals[-1])

    world.listeners.append(hear)


async def _talk(world: World, person: int, heard: Heard) -> None:
    """Write, wait for the answer, write again: a family in the middle of a conversation."""
    answered = asyncio.Event()

    def hear(news: dict[str, Any]) -> None:
        mine = news.get("person") == person and news.get("event") in {"message", "edited"}
        if mine and news["message"].get("outgoing"):
            answered.set()

    world.meet(person)
    world.listeners.append(hear)
    await asyncio.sleep(person % 20 / 4)
    for words in _words():
        answered.clear()
        began = time.monotonic()
        world.write(person, words)
        await answered.wait()
        heard.waits.append(time.monotonic() - began)
        await asyncio.sleep(5)


def _words() -> Iterator[str]:
    yield "/start"
    while True:
        yield from ("/help", "/settings", "/privacy")


async def _until_done(office: Office, broadcast_id: int, bots: Fleet, plan: Plan, dice: Random) -> None:
    """Let it run to its end, and kill one of them meanwhile as often as the plan says."""
    for _ in range(plan.kills):
        await bots.run_for(dice.uniform(*plan.between))
        await bots.kill()
        await bots.start()
    while not await asyncio.to_thread(office.ended, broadcast_id):
        await bots.run_for(0.5)


def _held_against_the_rows(
    office: Office, heard: Heard, plan: Plan, seconds: float, bots: Fleet, by_each: list[int]
) -> Outcome:
    """Compare what arrived with what the rows say of it."""
    of, going = office.rows(plan.recipients)
    office.engine.dispose()
    got = {person: heard.to_families[person] for person in of}
    return Outcome(
        plan,
        heard,
        Counter(of.values()),
        twice=sum(number > 1 for number in got.values()),
        missing=sum(not number for number in got.values()),
        not_held=sum((of[each] == "sent") != (got[each] == 1) and of[each] != "uncertain" for each in of),
        refused=Counting.refused,
        seconds=seconds,
        going=going,
        bots=bots,
        by_each=by_each,
    )


def table(outcome: Outcome) -> str:
    """Return what is printed at the end."""
    plan, heard = outcome.plan, outcome.heard
    rows = {
        "recipients": plan.recipients,
        "the limit": f"{plan.per_second:g} a second in all, 1 a second in a chat",
        "stored in": plan.database if plan.database == "sqlite" else "postgresql",
        "bots at a time": plan.replicas,
        "kills": plan.kills,
        "rows": ", ".join(f"{number} {state}" for state, number in outcome.states.items()),
        "got it twice": outcome.twice,
        "did not get it": outcome.missing,
        "the rows say otherwise": outcome.not_held,
        "the run": outcome.going,
        "sent by each": ", ".join(str(number) for number in outcome.by_each),
        "messages a second": f"{outcome.rate:.2f}, over {outcome.seconds:.0f} seconds",
        "429": outcome.refused,
        "replies meanwhile": f"{len(heard.waits)}, 99 of 100 within {outcome.slowest:.2f} s",
        "its log": ", ".join(f"{n} {event}" for event, n in outcome.bots.complaints.items()) or "quiet",
    }
    return "\n".join(f"{name:<26}{value}" for name, value in rows.items())


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.broadcasting", description=__doc__)
    parser.add_argument("--recipients", type=int, default=10_000)
    parser.add_argument("--per-second", type=float, default=30.0, help="what Telegram lets through")
    parser.add_argument("--talkers", type=int, default=20, help="families who write meanwhile")
    parser.add_argument("--kills", type=int, default=0)
    parser.add_argument(
        "--between", type=float, nargs=2, default=(2.0, 10.0), help="seconds from kill to kill"
    )
    parser.add_argument(
        "--database", default="sqlite", help="sqlite, postgresql (starts one), or the URL of one"
    )
    parser.add_argument(
        "--replicas", type=int, default=1, help="bots at a time; more than one need PostgreSQL"
    )
    parser.add_argument("--seed", type=int, default=int(time.time()) % 100_000)
    said = parser.parse_args()
    between = (said.between[0], said.between[1])
    dice = (said.kills, between, said.seed)
    plan = Plan(said.recipients, said.per_second, said.talkers, *dice, said.database, said.replicas)
    print(f"{plan.recipients} recipients, {plan.kills} kills, seed {plan.seed}", flush=True)
    with tempfile.TemporaryDirectory(prefix="broadcasting-") as folder:
        outcome = asyncio.run(run(plan, Path(folder)))
    print(table(outcome))
    return 0 if outcome.good else 1


if __name__ == "__main__":
    sys.exit(main())
