"""`python -m bench.kills`: kill -9 at random moments while families write; then see whether anything is missing.

With `--api-faults` and `--storage-faults` the Bot API fails too, and nothing can be written for moments. With
`--database postgresql` it is a PostgreSQL, and with `--replicas` several bots work on it and one is killed at a time.

The real bot runs as its own process against the simulated Telegram. Families write all the time; the bot is
killed and started again. After the last kill every family finishes what it has begun, the bot is
stopped, and bench/checker.py compares. The exit code is 1 when anything was lost, doubled, left unasked or
repeated more than once for a kill.
"""

import argparse
import asyncio
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from bench.checker import Findings, check
from bench.families import Families
from bench.fleet import Door, Fleet, free_port
from bench.kept import keep
from bench.postgresql import Server, stored
from bench.processes import Bot, Running, Simulator
from bench.relatives import Relative
from bench.storage import File, Service, Storage
from bench.telephones import Exchange, Json
from bench.troubles import Done, Troubles
from bot.config import read_config
from bot.i18n import Locales
from bot.setting_up import write_config
from db.engine import sqlite_path
from db.shared import GONE_AFTER

_TAKES_OVER = GONE_AFTER.total_seconds() + 4.0  # seconds, on a slow machine
_TOKEN = "100200300:made-up-token-for-the-kills"  # noqa: S105 - only the simulator knows it
_SECRET = "made-up-secret-of-the-webhook"  # noqa: S105 - only the simulator knows it


@dataclass(frozen=True)
class Plan:
    """What to do. Times are in seconds after the bot has started.

    Attributes:
        restarts: one failure of the storage in so many is a restart of the server, where there is one. Where one comes
            soon after the other (db/shared.py, SETTLED) nobody can tell that a process is gone, and what a killed one
            had to say waits for the end of the restarts.
    """

    kills: int = 100
    families: int = 50
    webhook: bool = False
    seed: int = 0
    shortest: float = 0.2
    longest: float = 2.5
    api_faults: int = 0
    storage_faults: int = 0
    database: str = "sqlite"
    replicas: int = 1
    keep: Path | None = None
    restarts: int = 12


@dataclass
class Outcome:
    """What was done and what was found."""

    plan: Plan
    relatives: Sequence[Relative]
    record: Json
    findings: Findings
    bot: Running
    troubles: Done
    exit_code: int
    seconds: float

    @property
    def clean(self) -> bool:
        return self.findings.clean and self.exit_code == 0 and self.bot.fell == 0


async def run(plan: Plan, folder: Path) -> Outcome:
    """Do what the plan says; `folder` is empty and holds the database afterwards, where that is a file."""
    with stored(plan.database, write_config(folder / "config.toml", _TOKEN)[0]) as server:
        return await _run(plan, folder / "config.toml", server)


async def _run(plan: Plan, config: Path, server: Server | None) -> Outcome:
    began = time.monotonic()
    simulator, door = Simulator(_TOKEN, plan.seed), Door(Random(plan.seed))
    await simulator.start()
    await door.open()
    bot = _bots(plan, config, simulator.url, door)
    try:
        async with Exchange(simulator.url) as exchange:
            await bot.start()
            locales = Locales(read_config(config).languages.offered)
            families = Families(plan.seed, plan.families, locales, exchange, bot)
            troubles = Troubles(plan.seed, bot, exchange, _storage(plan, config, server, bot))
            between = (plan.shortest, plan.longest)
            await troubles.make(
                plan.kills, plan.api_faults, plan.storage_faults, between, lambda: families.gone
            )
            await families.finish()
            record = await _settled(exchange)
            exit_code = await bot.stop()
    finally:
        await bot.close()
        await door.close()
        await simulator.stop()
    late = _TAKES_OVER if plan.replicas > 1 else 0.0
    findings = check(config, families.relatives, record, bot.starts, troubles.done.doubts, late)
    if plan.keep is not None:
        keep(plan.keep, config, families.relatives, findings, bot)
    seconds = time.monotonic() - began
    return Outcome(plan, families.relatives, record, findings, bot, troubles.done, exit_code, seconds)


def _bots(plan: Plan, config: Path, api_url: str, door: Door) -> Running:
    ports = [free_port() for _ in range(plan.replicas)]
    alone = plan.replicas == 1
    environments = [_environment(plan, api_url, port, port if alone else door.port) for port in ports]
    return Bot(config, environments[0]) if alone else Fleet(config, environments, Random(plan.seed), door)


def _storage(plan: Plan, config: Path, server: Server | None, bot: Running) -> Storage:
    url = read_config(config).database.url
    path = sqlite_path(url)
    return File(path, bot) if path is not None else Service(url, server, plan.restarts)


def _environment(plan: Plan, api_url: str, port: int, called: int) -> dict[str, str]:
    """Return the settings that differ from a fresh config file; Telegram calls at a port of its own or at the door."""
    environment = {"API_URL": api_url, "MESSAGES_PER_SECOND": "0"}  # our own pace is not what is measured
    if plan.webhook:
        environment |= {
            "MODE": "webhook",
            "WEBHOOK__URL": f"http://127.0.0.1:{called}/hook",
            "WEBHOOK__PORT": str(port),
            "WEBHOOK__SECRET": _SECRET,
        }
    return {f"HOMEWARD_TELEGRAM__{key}": value for key, value in environment.items()}


async def _settled(exchange: Exchange) -> Json:
    """Return the record once every input is confirmed; after five seconds as it is."""
    deadline = time.monotonic() + 5
    while True:
        record = await exchange.record()
        if time.monotonic() > deadline or all(each["confirmed"] for each in record["inputs"]):
            return record
        await asyncio.sleep(0.2)


def table(outcome: Outcome) -> str:
    """Return what is printed at the end."""
    plan, findings, bot = outcome.plan, outcome.findings, outcome.bot
    found = findings.violations
    rows = {
        "updates by": "webhook" if plan.webhook else "polling",
        "stored in": plan.database if plan.database == "sqlite" else "postgresql",
        "bots at a time": plan.replicas,
        "seed": plan.seed,
        "kills": plan.kills,
        "failures of the API": _counted(outcome.troubles.api),
        "failures of storage": _counted(outcome.troubles.storage),
        "families": f"{plan.families} at a time, {len(outcome.relatives)} in all",
        "requests filed": findings.requests,
        "updates confirmed": findings.confirmed,
        "messages sent": ", ".join(f"{number} {state}" for state, number in findings.outbox.items()),
        "lost": len(found["lost"]),
        "doubled": len(found["doubled"]),
        "not shown, but sent": len(found["false"]),
        "out of order": f"{len(found['disordered'])} of {findings.order_looked_at} messages and edits looked at",
        "unasked": len(found["unasked"]),
        "stuck": len(found["stuck"]),
        "left unsettled": len(found["unsettled"]),
        "repeats": f"{findings.repeats}, at most {findings.most_repeats} a kill and chat",
        "pressed a copy": sum(relative.pressed_again for relative in outcome.relatives),
        "asked for the menu": sum(relative.asked_for_menu for relative in outcome.relatives),
        "screens above a copy": sum(relative.buried for relative in outcome.relatives),
        "bot restarts": f"{len(bot.starts) - 1}, {bot.fell} by itself; it ended with {outcome.exit_code}",
        "its log": ", ".join(f"{number} {event}" for event, number in bot.complaints.items()) or "quiet",
        "seconds": round(outcome.seconds),
    }
    lines = [f"{name:<22}{value}" for name, value in rows.items()]
    lines += [f"{kind}: {line}" for kind, each in found.items() for line in each[:20]]
    return "\n".join(lines)


def _counted(done: Counter[str]) -> str:
    return (
        f"{done.total()}: {', '.join(f'{number} {kind}' for kind, number in done.items())}"
        if done
        else "none"
    )


def _plan() -> Plan:
    parser = argparse.ArgumentParser(prog="python -m bench.kills", description=__doc__)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--families", type=int, default=50, help="how many write at the same time")
    parser.add_argument("--webhook", action="store_true", help="updates come by webhook, not by polling")
    parser.add_argument(
        "--database", default="sqlite", help="sqlite, postgresql (starts one), or the URL of one"
    )
    parser.add_argument(
        "--replicas", type=int, default=1, help="bots at a time; more than one need PostgreSQL"
    )
    parser.add_argument("--seed", type=int, default=None, help="the dice of kills and people")
    parser.add_argument(
        "--seconds-between",
        nargs=2,
        type=float,
        default=(0.2, 2.5),
        metavar=("A", "B"),
        dest="between",
        help="how long the bot runs before it is killed again, once it has started",
    )
    parser.add_argument("--api-faults", type=int, default=0, help="calls of the Bot API that fail")
    parser.add_argument(
        "--storage-faults", type=int, default=0, help="moments in which nothing can be written"
    )
    parser.add_argument(
        "--keep", type=Path, metavar="FOLDER", help="write there what chats with a finding were like"
    )
    said = parser.parse_args()
    seed = said.seed if said.seed is not None else int(time.time()) % 100_000
    shortest, longest = said.between
    people = (said.kills, said.families, said.webhook, seed)
    faults = (said.api_faults, said.storage_faults)
    return Plan(*people, shortest, longest, *faults, said.database, said.replicas, said.keep)


def main() -> int:
    plan = _plan()
    print(f"{plan.families} families, {plan.kills} kills, seed {plan.seed}", flush=True)
    with tempfile.TemporaryDirectory(prefix="kills-") as folder:
        outcome = asyncio.run(run(plan, Path(folder)))
    print(table(outcome))
    return 0 if outcome.clean else 1


if __name__ == "__main__":
    sys.exit(main())
