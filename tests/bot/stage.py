"""What the machine's own stories need beyond tests/machine.py: a clock that waits, a line that fails, a look at
the rows, and a process that dies.
"""

import asyncio
import heapq
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from http import HTTPStatus
from itertools import count
from pathlib import Path
from typing import Any

from sqlalchemy import Row, insert, select
from sqlalchemy.orm import DeclarativeBase
from telegram.request import RequestData

from bot.app import Homeward, build
from bot.clock import Clock
from bot.config import read_config
from bot.outgoing import Lane, Outgoing
from bot.request import BotRequest, NeverSent
from bot.setting_up import write_config
from db.ids import new_id
from db.models import Account
from db.models import Outbox as OutboxRow
from db.sealed import Place
from db.shared import GONE_AFTER
from simulator.clock import Clock as WorldClock
from simulator.faults import Fault
from simulator.world import World
from tests.databases import lay_database, old_enough
from tests.family import Family
from tests.machine import BOT_ID, MORNING, TOKEN, Machine, StoryClock
from tests.world_request import WorldRequest


class HeldClock(StoryClock):
    """The world's time; whoever waits goes on only when the story lets the time pass."""

    def __init__(self, world: WorldClock) -> None:
        super().__init__(world)
        self._order = count()
        self._asleep: list[tuple[float, int, asyncio.Future[None]]] = []
        self._new = asyncio.Event()

    async def sleep(self, seconds: float) -> None:
        mine: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._asleep, (self.monotonic() + seconds, next(self._order), mine))
        self._new.set()
        await mine

    async def somebody_waits(self) -> float:
        """Return once somebody waits: for how many seconds the first of them still does."""
        while not (waiting := [due for due, _, each in self._asleep if not each.done()]):
            self._new.clear()
            await self._new.wait()
        return round(min(waiting) - self.monotonic(), 3)

    def pass_by(self, seconds: float) -> None:
        """Let the time pass; whoever is due by then goes on."""
        self._world.advance(seconds)
        while self._asleep and self._asleep[0][0] <= self.monotonic() + 1e-6:
            _, _, sleeper = heapq.heappop(self._asleep)
            if not sleeper.done():
                sleeper.set_result(None)


class Line(WorldRequest):
    """A line to Telegram that can be cut (nothing leaves) or go silent (messages arrive, no answer
    comes back).
    """

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self.cut = False
        self.silent = False
        self.unanswered = asyncio.Event()
        self._repaired = asyncio.Event()

    def repair(self) -> None:
        self.cut = self.silent = False
        self._repaired.set()

    async def do_request(
        self, url: str, method: str, request_data: RequestData | None = None, *rest: Any, **timeouts: Any
    ) -> tuple[int, bytes]:
        if self.cut:
            raise NeverSent("no connection")
        answer = await super().do_request(url, method, request_data)
        if self.silent and url.rpartition("/")[2].startswith(("send", "edit")):
            self.unanswered.set()
            await self._repaired.wait()
        return answer


class LongPoll(Line):
    """A line on which an empty getUpdates is held back until there is something, as on Telegram's."""

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self._news = asyncio.Event()
        world.listeners.append(lambda news: self._news.set() if news["event"] == "update" else None)

    async def do_request(
        self, url: str, method: str, request_data: RequestData | None = None, *rest: Any, **timeouts: Any
    ) -> tuple[int, bytes]:
        while True:
            self._news.clear()
            status, answer = await super().do_request(url, method, request_data)
            if status != HTTPStatus.OK or not url.endswith("/getUpdates") or json.loads(answer)["result"]:
                return status, answer
            await self._news.wait()


@asynccontextmanager
async def started(
    folder: Path,
    world: World | None = None,
    *,
    clock: Clock | None = None,
    request: BotRequest | None = None,
    **telegram: Any,
) -> AsyncIterator[Machine]:
    """Start the bot as tests/machine.py does, with another clock or another line."""
    world = world or World(WorldClock(MORNING))
    homeward = assembled(folder, world, clock=clock, request=request, **telegram)
    await homeward.start()
    homeward.schedule.stop()
    machine = Machine(world, homeward)
    await _miss_the_killed(machine)
    try:
        yield machine
    finally:
        if machine not in _KILLED:
            await homeward.stop()


def assembled(
    folder: Path,
    world: World,
    *,
    clock: Clock | None = None,
    request: BotRequest | None = None,
    **telegram: Any,
) -> Homeward:
    """Put the bot together on this folder without starting it."""
    config = folder / "config.toml"
    if not config.exists():
        write_config(config, TOKEN)
        lay_database(folder)
    settings = read_config(config)
    changes = {"messages_per_second": 0, **telegram}
    settings = settings.model_copy(update={"telegram": settings.telegram.model_copy(update=changes)})
    return build(settings, clock or StoryClock(world.clock), request or WorldRequest(world))


_KILLED: list[Machine] = []


async def kill(machine: Machine) -> None:
    """End the bot as `kill -9` would: what is under way stops where it stands, nothing is given back."""
    old_enough()
    _KILLED.append(machine)
    homeward = machine.homeward
    tasks = [*homeward.outbox._tasks, *homeward.fetching._tasks]
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    await asyncio.to_thread(homeward.fetching._bench.shutdown, cancel_futures=True)
    await homeward.writer.stop()
    homeward.engine.dispose()
    if homeward._hold is not None:
        homeward._hold.close()


async def _miss_the_killed(machine: Machine) -> None:
    """Let the time pass until those who were killed on this database count as gone: on PostgreSQL not at once."""
    others, place = machine.homeward.others, machine.homeward.settings.database.url
    if others is not None and any(each.homeward.settings.database.url == place for each in _KILLED):
        await others.look()
        machine.later(seconds=GONE_AFTER.total_seconds())
        await others.look()


async def take_in(machine: Machine) -> None:
    """Take every waiting update in and confirm it, without waiting for the answers to be delivered."""
    for update in (waiting := machine.world.take_updates(BOT_ID)):
        await machine.homeward.intake.receive(update)
    if waiting:
        machine.world.take_updates(BOT_ID, waiting[-1]["update_id"] + 1)


def waiting_updates(machine: Machine) -> list[dict[str, Any]]:
    """Return the updates that are not confirmed, as getUpdates would give them."""
    return machine.world.take_updates(BOT_ID)


def rows(machine: Machine, table: type[DeclarativeBase]) -> list[Row[Any]]:
    """Return the table's rows, oldest first."""
    (key,) = table.__table__.primary_key
    engine = machine.homeward.engine
    with engine.begin() as connection:
        found = list(connection.execute(select(table.__table__).order_by(key)).all())
    if not machine.homeward.writer._thread.is_alive():
        engine.dispose()  # a bot that was stopped closes no connection any more
    return found


def states(machine: Machine) -> list[str]:
    return [row.state for row in rows(machine, OutboxRow)]


def account_of(machine: Machine, person: Family) -> Row[Any]:
    """Return the person's account row."""
    telegram_key = machine.homeward.around.keys.lookup("telegram", person.id)
    with machine.homeward.engine.begin() as connection:
        return connection.execute(select(Account.__table__).where(Account.telegram_key == telegram_key)).one()


def put(machine: Machine, person: Family, text: str, lane: Lane = Lane.BULK) -> int:
    """Write a message into the outbox that belongs to nobody yet, as a broadcast will; return its row's id."""
    return write(machine, person, "sendMessage", {"text": text}, lane=lane)


def write(
    machine: Machine,
    person: Family,
    method: str,
    parameters: dict[str, Any],
    draw: dict[str, str] | None = None,
    lane: Lane = Lane.BULK,
) -> int:
    """Write an outbox row that belongs to nobody yet; return its id."""
    account = account_of(machine, person)
    key = machine.homeward.around.keys.data_key(account.data_key, Place("account", "data_key", account.id))
    row = Outgoing(new_id(), account.id, person.id, str(new_id()), method, parameters, draw, lane)
    columns = row.as_columns(key, "", machine.homeward.clock.now())
    columns |= {"state": "todo", "attempts": 0, "fence": 0, "lease_owner": None, "lease_until": None}
    with machine.homeward.engine.begin() as connection:
        connection.execute(insert(OutboxRow), columns)
    return row.id


def told(machine: Machine, event: str) -> asyncio.Event:
    """Return what is set as soon as the simulated Telegram tells of such an event ("message", "edited", …)."""
    heard = asyncio.Event()

    def listen(news: dict[str, Any]) -> None:
        if news["event"] == event and news.get("message", {}).get("outgoing", True):
            heard.set()

    machine.world.listeners.append(listen)
    return heard


async def deliver_due(machine: Machine) -> None:
    """Sweep, as the tick of every second does, and deliver what was found."""
    await machine.homeward.outbox.sweep()
    await machine.homeward.outbox.idle()


def said(person: Family) -> list[str]:
    """Return the first line of each message the bot has sent to this person."""
    return [message.get("text", "").partition("\n")[0] for message in person.from_bot]


def calls(machine: Machine, method: str) -> list[dict[str, Any]]:
    """Return the calls of a method, oldest first, as Telegram has seen them."""
    return [entry for entry in machine.world.log.entries if entry["method"] == method]


def fail(machine: Machine, kind: Any, *methods: str, **how: Any) -> None:
    """Make the simulated Telegram fail; without methods, at whatever sends or edits a message."""
    meant = methods or ("sendMessage", "editMessageText", "sendPhoto")
    machine.world.faults.add(Fault(kind, methods=meant, **how))
