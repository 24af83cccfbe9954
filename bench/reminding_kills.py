"""`python -m bench.reminding_kills`: kill -9 around the ticks at which reminders are given; then count what was given.

The real bot runs as its own process against the simulated Telegram, while reminders fall due all the time. After the
last kill it gives what is left. Each reminder has to be given exactly once: one occurrence, in one message of the
outbox. A message whose fate a kill left open may stand in the chat twice, at most once for each kill.

With `--database postgresql` it is a PostgreSQL, and with `--replicas` several bots tick on it and one is killed at a
time.
"""

import argparse
import asyncio
import json
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any
from urllib.request import Request as HttpRequest
from urllib.request import urlopen

from sqlalchemy import Connection, Engine, func, insert, select

from bench.fleet import Fleet
from bench.postgresql import stored
from bench.processes import Bot, Running, Simulator
from bot.config import read_config
from bot.setting_up import write_config
from casework.reminding.rules import Kind
from db.engine import make_engine
from db.ids import new_id
from db.keys import read_key_file
from db.models import Account, Dialog, Occurrence, Outbox, Reminder
from db.sealed import KeyRing, Place
from db.upgrade import bring_up_to_date

_TOKEN = "100200300:made-up-token-for-the-kills"  # noqa: S105 - only the simulator knows it
_FIRST = 7000
_SOON = 3.0  # seconds
_PATIENCE = 60.0  # seconds for what is left after the last kill


@dataclass(frozen=True)
class Plan:
    """What to do. Times are in seconds after the bot has started."""

    kills: int = 100
    people: int = 40
    reminders: int = 2000
    seed: int = 0
    shortest: float = 0.1
    longest: float = 1.2
    database: str = "sqlite"
    replicas: int = 1

    def of_kill(self, number: int) -> int:
        """Return how many reminders fall due around this kill, from 0."""
        return self.reminders // self.kills + (number < self.reminders % self.kills)


@dataclass
class Outcome:
    """What was found, a line for each fault."""

    given: int
    shown: int
    states: Counter[str]
    faults: list[str] = field(default_factory=list)


async def run(plan: Plan, folder: Path) -> Outcome:
    """Do what the plan says; `folder` is empty and holds the database afterwards, where that is a file."""
    config = write_config(folder / "config.toml", _TOKEN)[0]
    with stored(plan.database, config):
        return await _run(plan, config)


async def _run(plan: Plan, config: Path) -> Outcome:
    simulator = Simulator(_TOKEN, plan.seed)
    await simulator.start()
    bot = _bots(plan, config, simulator.url)
    settings, dice = read_config(config), Random(plan.seed)
    engine, keys = make_engine(settings.database.url), read_key_file(settings.security.key_file)
    try:
        bring_up_to_date(engine, keys)
        _introduce(simulator.url, plan.people)
        with engine.begin() as connection:
            accounts = _fill(connection, keys, plan)
        await bot.start()
        for number in range(plan.kills):
            with engine.begin() as connection:
                _set(connection, accounts, plan.of_kill(number), dice)
            await bot.run_for(dice.uniform(plan.shortest, plan.longest))
            await bot.kill()
            await bot.start()
        await _all_given(engine, plan.reminders)
        await bot.stop()
        shown = await asyncio.to_thread(_shown, simulator.url, plan.people)
    finally:
        await bot.close()
        await simulator.stop()
    outcome = _check(engine, plan, shown)
    engine.dispose()
    return outcome


def _bots(plan: Plan, config: Path, url: str) -> Running:
    environment = {"HOMEWARD_TELEGRAM__API_URL": url, "HOMEWARD_TELEGRAM__MESSAGES_PER_SECOND": "0"}
    if plan.replicas == 1:
        return Bot(config, environment)
    return Fleet(config, [environment] * plan.replicas, Random(plan.seed))


def _introduce(url: str, people: int) -> None:
    """Let the simulated Telegram know whom is written to: each has written first, as Telegram wants it."""
    for number in range(people):
        body = json.dumps({"first_name": "Zainab", "language_code": "en"}).encode()
        _tell(f"{url}/people/{_FIRST + number}", body, "PUT")
        _tell(f"{url}/people/{_FIRST + number}/text", json.dumps({"text": "/start"}).encode(), "POST")


def _tell(address: str, body: bytes, method: str) -> None:
    urlopen(HttpRequest(address, body, method=method), timeout=10).close()  # noqa: S310 - our own simulator


def _fill(connection: Connection, keys: KeyRing, plan: Plan) -> list[int]:
    """Put people there; return their accounts."""
    now, accounts = datetime.now(UTC), []
    for number in range(plan.people):
        account_id = new_id()
        key, wrapped = keys.new_data_key(Place("account", "data_key", account_id))
        address = key.seal(_FIRST + number, Place("account", "address", account_id))
        row = {
            "id": account_id,
            "telegram_key": keys.lookup("telegram", _FIRST + number),
            "data_key": wrapped,
        }
        connection.execute(insert(Account), {**row, "address": address, "language": "en", "created_at": now})
        dialog = {"account_id": account_id, "step": "home", "updated_at": now}
        connection.execute(insert(Dialog), dialog)
        accounts.append(account_id)
    return accounts


def _set(connection: Connection, accounts: Sequence[int], number: int, dice: Random) -> None:
    """Put so many reminders there that fall due within seconds: before the next kill, and while nobody is up."""
    now = datetime.now(UTC)
    moments = [now + timedelta(seconds=dice.uniform(0, _SOON)) for _ in range(number)]
    rows = [_reminder(dice.choice(accounts), each, now) for each in moments]
    connection.execute(insert(Reminder), rows) if rows else None


def _reminder(account_id: int, at: datetime, now: datetime) -> dict[str, Any]:
    reminder_id = new_id()
    row = {"id": reminder_id, "subject_id": reminder_id, "kind": Kind.OWN.value, "account_id": account_id}
    row |= {"since": at, "of_at": at, "due_at": at, "zone": "Europe/Moscow", "created_at": now}
    return {**row, "number": 0, "state": "open", "unheeded": 0}


async def _all_given(engine: Engine, reminders: int) -> None:
    """Wait until every reminder was given and every message has left."""
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline:
        with engine.connect() as connection:
            given = connection.scalar(select(func.count()).select_from(Occurrence))
            waiting = select(func.count()).where(Outbox.state.in_(("todo", "sending")))
            if given == reminders and not connection.scalar(waiting):
                return
        await asyncio.sleep(0.2)


def _shown(url: str, people: int) -> int:
    """Count the messages of the bot in all chats."""
    count = 0
    for number in range(people):
        with urlopen(f"{url}/people/{_FIRST + number}/chat", timeout=10) as answer:  # noqa: S310
            count += sum(bool(each.get("outgoing")) for each in json.load(answer)["messages"])
    return count


def _check(engine: Engine, plan: Plan, shown: int) -> Outcome:
    with engine.connect() as connection:
        given = Counter(connection.scalars(select(Occurrence.reminder_id)))
        reminders = connection.execute(select(Reminder.id, Reminder.state)).all()
        messages = set(connection.scalars(select(Occurrence.outbox_id)))
        states = {row.id: row.state for row in connection.execute(select(Outbox.id, Outbox.state))}
    outcome = Outcome(given.total(), shown, Counter(states.values()))
    outcome.faults += [f"{row.id} was given {given[row.id]} times" for row in reminders if given[row.id] != 1]
    outcome.faults += [f"{row.id} is {row.state}" for row in reminders if row.state != "done"]
    outcome.faults += [f"message {each} is not in the outbox" for each in messages - set(states)]
    others = len(set(states) - messages)  # the menu, once for each
    outcome.faults += [f"{others} messages remind of nothing"] if others != plan.people else []
    outcome.faults += [f"a message is {state}" for each, state in states.items() if state != "sent"]
    if not 0 <= shown - len(states) <= plan.kills * plan.people:
        outcome.faults.append(f"{len(states)} messages, {shown} in the chats")
    return outcome


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.reminding_kills", description=__doc__)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--reminders", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--database", default="sqlite", help="sqlite, postgresql (starts one), or the URL of one"
    )
    parser.add_argument(
        "--replicas", type=int, default=1, help="bots at a time; more than one need PostgreSQL"
    )
    said = parser.parse_args()
    plan = Plan(
        said.kills,
        reminders=said.reminders,
        seed=said.seed,
        database=said.database,
        replicas=said.replicas,
    )
    with tempfile.TemporaryDirectory(prefix="kills-") as folder:
        outcome = asyncio.run(run(plan, Path(folder)))
    where = f"{plan.replicas} at a time on {'sqlite' if plan.database == 'sqlite' else 'postgresql'}"
    print(f"{plan.kills} kills, {where}, {plan.reminders} reminders, seed {plan.seed}: {outcome.given} given")
    print(f"messages: {dict(outcome.states)}; {outcome.shown} in the chats")
    print("\n".join(outcome.faults[:20]) or "each reminder was given once")
    return 1 if outcome.faults else 0


if __name__ == "__main__":
    sys.exit(main())
