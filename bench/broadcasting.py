"""`python -m bench.broadcasting`: a broadcast to ten thousand families in four languages, Telegram's limits enforced.

The real bot runs as its own process against the simulated Telegram, which answers 429 to whatever goes over 30 messages
a second or one a second in a chat. Some families write meanwhile. With `--kills` the bot is killed and started again
at random moments. At the end the chats are held against the rows: everybody once, but for what is uncertain. The exit
code is 1 where that does not hold, where a 429 was our own fault, or (without kills) where it was too slow.
"""

import argparse
import asyncio
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import Connection, func, insert, select

from bench.processes import Bot
from bot.config import read_config
from bot.setting_up import write_config
from casework import broadcasts, places
from casework.audience import Audience, Term
from casework.broadcasts import State, Words
from casework.permissions import Role
from db.engine import make_engine
from db.ids import new_id
from db.keys import read_key_file
from db.models import Account, BroadcastRun, Dialog, Outbox
from db.sealed import KeyRing, Place
from db.upgrade import bring_up_to_date
from simulator.limits import Limits
from simulator.server import Server
from simulator.world import World

_TOKEN = "100200300:made-up-token-for-broadcasting"  # noqa: S105 - only the simulator knows it
_BOT_ID = 100200300
_WRITER, _FIRST, _TALKERS = 900, 100_000, 1_000  # Telegram ids
_TEXTS = {
    "ru": "Приём писем продолжается. Адрес прежний.",
    "ce": "Кехаташ схьаоьцуш ду. Адрес цхьаъ ю.",
    "ar": "ما زلنا نستقبل الرسائل. العنوان كما هو.",
    "en": "Letters are still taken in. The address is the same.",
}
_AT_ONCE = 1000
_ENOUGH = 29 / 30  # of the limit, on average
_SOON = 1.5  # seconds for a reply, of 99 in 100


@dataclass(frozen=True)
class Plan:
    """What to do.

    Attributes:
        per_second: what the simulated Telegram lets through in all, and what our settings say.
        talkers: families who write meanwhile, each waiting for its answer.
        between: seconds from the moment the bot is up to the next kill, at least and at most.
    """

    recipients: int = 10_000
    per_second: float = 30.0
    talkers: int = 20
    kills: int = 0
    between: tuple[float, float] = (2.0, 10.0)
    seed: int = 0


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
    bot: Bot

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
        return self.once_each and fast and self.refused == 0


async def run(plan: Plan, folder: Path) -> Outcome:
    """Do what the plan says; `folder` is empty and holds the database afterwards."""
    config = write_config(folder / "config.toml", _TOKEN)[0]
    world = World(seed=plan.seed)
    world.bot(_TOKEN)
    Counting.refused = 0
    world.limits = Counting()
    world.limits.set(on=True, overall=plan.per_second, per_chat=1.0)
    broadcast_id = _fill(config, world, plan)
    heard = Heard()
    dice = Random(plan.seed)
    async with Server(world) as server:
        _listen(world, heard, plan)
        bot = Bot(config, _environment(plan, server.url))
        began = time.monotonic()
        try:
            await bot.start()
            talking = [asyncio.create_task(_talk(world, _TALKERS + n, heard)) for n in range(plan.talkers)]
            await _until_done(config, broadcast_id, bot, plan, dice)
            for each in talking:
                each.cancel()
            await asyncio.gather(*talking, return_exceptions=True)
            seconds = time.monotonic() - began
            await bot.stop()
        finally:
            await bot.close()
    return _held_against_the_rows(config, heard, plan, seconds, bot)


def _environment(plan: Plan, url: str) -> dict[str, str]:
    return {
        "HOMEWARD_TELEGRAM__API_URL": url,
        "HOMEWARD_TELEGRAM__MESSAGES_PER_SECOND": str(plan.per_second),
        "HOMEWARD_REMINDERS__QUIET_FROM": "00:00",  # it is measured at any hour
        "HOMEWARD_REMINDERS__QUIET_UNTIL": "00:00",
    }


def _fill(config: Path, world: World, plan: Plan) -> int:
    """Make the families and a broadcast to all of them whose time has come; return its id."""
    settings = read_config(config)
    keys = read_key_file(settings.security.key_file)
    engine = make_engine(settings.database.url)
    bring_up_to_date(engine, keys)
    now = datetime.now(UTC)
    languages = list(_TEXTS)
    with engine.begin() as connection:
        places.plant(connection)
        writer = _account(keys, _WRITER, "en", now, Role.ADMIN)
        _insert(connection, [writer])
    for start in range(0, plan.recipients, _AT_ONCE):
        numbers = range(start, min(start + _AT_ONCE, plan.recipients))
        rows = [_account(keys, _FIRST + n, languages[n % len(languages)], now) for n in numbers]
        with engine.begin() as connection:
            _insert(connection, rows)
    for person in (_WRITER, *(_FIRST + n for n in range(plan.recipients))):
        world.meet(person)
        world.private_chat(world.bots[_BOT_ID], world.people[person]).started = True
    with engine.begin() as connection:
        broadcast_id = broadcasts.begin(connection, keys, writer["id"], now)
        made = broadcasts.get(connection, keys, broadcast_id)
        assert made is not None
        made.details.audience = Audience((Term("role", (Role.FAMILY.value,)),))
        made.state, made.due_at = State.SCHEDULED, now
        broadcasts.save(connection, keys, made)
        for language, text in _TEXTS.items():
            broadcasts.write(connection, keys, broadcast_id, language, Words(text), now)
    engine.dispose()
    return broadcast_id


def _account(
    keys: KeyRing, person: int, language: str, now: datetime, role: Role = Role.FAMILY
) -> dict[str, Any]:
    account_id = new_id()
    key, wrapped = keys.new_data_key(Place("account", "data_key", account_id))
    return {
        "id": account_id,
        "telegram_key": keys.lookup("telegram", person),
        "data_key": wrapped,
        "address": key.seal(person, Place("account", "address", account_id)),
        "language": language,
        "role": role.value,
        "created_at": now,
    }


def _insert(connection: Connection, accounts: Sequence[dict[str, Any]]) -> None:
    connection.execute(insert(Account), list(accounts))
    dialogs = [{"account_id": each["id"], "step": "", "updated_at": each["created_at"]} for each in accounts]
    connection.execute(insert(Dialog), dialogs)


def _listen(world: World, heard: Heard, plan: Plan) -> None:
    def hear(news: dict[str, Any]) -> None:
        if news["event"] != "message" or not news["message"].get("outgoing"):
            return
        person = news["person"]
        heard.arrivals.append(time.monotonic())
        if _FIRST <= person < _FIRST + plan.recipients:
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


def _words() -> Any:
    yield "/start"
    while True:
        yield from ("/help", "/settings", "/privacy")


async def _until_done(config: Path, broadcast_id: int, bot: Bot, plan: Plan, dice: Random) -> None:
    """Let it run to its end, and kill it meanwhile as often as the plan says."""
    engine = make_engine(read_config(config).database.url)
    killed = 0
    try:
        while True:
            if killed < plan.kills:
                await bot.run_for(dice.uniform(*plan.between))
                await bot.kill()
                killed += 1
                await bot.start()
            else:
                await bot.run_for(0.5)
            if killed >= plan.kills and await asyncio.to_thread(_ended, engine, broadcast_id):
                return
    finally:
        engine.dispose()


def _ended(engine: Any, broadcast_id: int) -> bool:
    with engine.begin() as connection:
        states = connection.scalars(
            select(BroadcastRun.state).where(BroadcastRun.broadcast_id == broadcast_id)
        ).all()
    return bool(states) and all(state == "ended" for state in states)


def _held_against_the_rows(config: Path, heard: Heard, plan: Plan, seconds: float, bot: Bot) -> Outcome:
    """Compare what arrived with what the rows say of it."""
    settings = read_config(config)
    keys = read_key_file(settings.security.key_file)
    engine = make_engine(settings.database.url)
    with engine.begin() as connection:
        rows = connection.execute(
            select(Account.telegram_key, Outbox.state)
            .join(Outbox, Outbox.account_id == Account.id)
            .where(Outbox.run_id.is_not(None))
        ).all()
        going = connection.scalar(select(func.max(BroadcastRun.state)))
    engine.dispose()
    state = {row.telegram_key: row.state for row in rows}
    people = [_FIRST + number for number in range(plan.recipients)]
    got = {person: heard.to_families[person] for person in people}
    of = {person: state.get(keys.lookup("telegram", person), "none") for person in people}
    return Outcome(
        plan,
        heard,
        Counter(of.values()),
        twice=sum(number > 1 for number in got.values()),
        missing=sum(not number for number in got.values()),
        not_held=sum((of[each] == "sent") != (got[each] == 1) and of[each] != "uncertain" for each in people),
        refused=Counting.refused,
        seconds=seconds,
        going=str(going),
        bot=bot,
    )


def table(outcome: Outcome) -> str:
    """Return what is printed at the end."""
    plan, heard = outcome.plan, outcome.heard
    rows = {
        "recipients": plan.recipients,
        "the limit": f"{plan.per_second:g} a second in all, 1 a second in a chat",
        "kills": plan.kills,
        "rows": ", ".join(f"{number} {state}" for state, number in outcome.states.items()),
        "got it twice": outcome.twice,
        "did not get it": outcome.missing,
        "the rows say otherwise": outcome.not_held,
        "the run": outcome.going,
        "messages a second": f"{outcome.rate:.2f}, over {outcome.seconds:.0f} seconds",
        "429": outcome.refused,
        "replies meanwhile": f"{len(heard.waits)}, 99 of 100 within {outcome.slowest:.2f} s",
        "its log": ", ".join(f"{n} {event}" for event, n in outcome.bot.complaints.items()) or "quiet",
    }
    return "\n".join(f"{name:<26}{value}" for name, value in rows.items())


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.broadcasting", description=__doc__)
    parser.add_argument("--recipients", type=int, default=10_000)
    parser.add_argument("--per-second", type=float, default=30.0, help="what Telegram lets through")
    parser.add_argument("--talkers", type=int, default=20, help="families who write meanwhile")
    parser.add_argument("--kills", type=int, default=0)
    parser.add_argument("--seed", type=int, default=int(time.time()) % 100_000)
    said = parser.parse_args()
    plan = Plan(said.recipients, said.per_second, said.talkers, said.kills, seed=said.seed)
    print(f"{plan.recipients} recipients, {plan.kills} kills, seed {plan.seed}", flush=True)
    with tempfile.TemporaryDirectory(prefix="broadcasting-") as folder:
        outcome = asyncio.run(run(plan, Path(folder)))
    print(table(outcome))
    return 0 if outcome.good else 1


if __name__ == "__main__":
    sys.exit(main())
