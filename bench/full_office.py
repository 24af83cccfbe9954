"""An office with many cases in its database, and one member of the team who works through its screens."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from pathlib import Path
from random import Random
from statistics import median

from bench.chats import Chat, Chats
from bench.filling import Filling
from bench.siege import MovedClock, statements
from bot.app import Homeward, build
from bot.config import read_config
from bot.setting_up import write_config

_BOSS = 900


@dataclass
class Timed:
    """One screen: seconds from the update to its answer, and how many statements each cost."""

    seconds: list[float] = field(default_factory=list)
    statements: list[int] = field(default_factory=list)

    @property
    def milliseconds(self) -> float:
        return median(self.seconds) * 1000


@dataclass
class Office:
    """A running bot whose database can be filled."""

    homeward: Homeward
    clock: MovedClock
    chats: Chats
    dice: Random
    references: list[str] = field(default_factory=list)
    _updates: "count[int]" = field(default_factory=lambda: count(1))
    _filling: Filling = field(init=False)

    def __post_init__(self) -> None:
        around = self.homeward.around
        self._filling = Filling(around.keys, around.locales, self.dice)

    async def open(self, *, again: bool = False) -> Chat:
        """Bring the admin whom the settings name to the desk; `again`: they have been there before."""
        boss = Chat(self.chats, self.homeward.intake, _BOSS, self._updates)
        if again:
            await boss.say("/start")
            return boss
        await boss.begin()
        await boss.say("Anna")
        return boss

    def fill(self, cases: int) -> None:
        """File so many requests more, of made-up families in every language, at every stage."""
        filled = self._filling.fill(self.homeward.engine, cases, self.homeward.clock.now())
        self.references += filled

    async def time(self, member: Chat, acts: list[str], times: int) -> dict[str, Timed]:
        """Give each command so many times; `{reference}` and `{name}` in it are made up anew each time.

        An hour passes before each of them: who opens very many cases within one is looked at more closely, which costs
        a statement that has nothing to do with how many cases there are.
        """
        found: dict[str, Timed] = {}
        for act in acts:
            self.clock.moved += timedelta(hours=1)
            timed = found.setdefault(act, Timed())
            for _ in range(times):
                line = act.format(reference=self.dice.choice(self.references), name=_somebody(self.dice))
                await self.homeward.outbox.idle()
                with statements(self.homeward.engine) as run:
                    began = time.perf_counter()
                    await member.say(line)
                    timed.seconds.append(time.perf_counter() - began)
                    await self.homeward.outbox.idle()
                timed.statements.append(len(run))
        return found


def _somebody(dice: Random) -> str:
    return dice.choice(("Amina", "Ruslan", "Зайнаб", "Малика", "زينب"))


@asynccontextmanager
async def office(folder: Path, seed: int, before: int = 0) -> AsyncIterator[Office]:
    """Start the bot in this process on the database in the folder, which is made where there is none; one admin is
    named in its settings. `before`: how many updates it has had.
    """
    config = folder / "config.toml"
    if not config.exists():
        write_config(config, "100200300:made-up-token-for-an-office")
    settings = read_config(config)
    changes = {
        "telegram": settings.telegram.model_copy(update={"messages_per_second": 0}),
        "people": settings.people.model_copy(update={"admins": (_BOSS,)}),
    }
    chats = Chats()
    clock = MovedClock()
    homeward = build(settings.model_copy(update=changes), clock, chats)
    await homeward.start()
    homeward.schedule.stop()
    try:
        yield Office(homeward, clock, chats, Random(seed), _updates=count(before + 1))
    finally:
        await homeward.stop()


ACTS: list[str] = [
    "/desk",
    "/stats",
    "/places",
    "/flights",
    "/queue",
    "/queue overdue",
    "/queue waiting",
    "/messages",
    "/case {reference}",
    "/note {reference}",
    "/find {name}",
    "/find {reference}",
]
