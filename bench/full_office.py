"""An office with many cases in its database, and one member of the team who works through its screens."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from random import Random
from statistics import median

from sqlalchemy import Connection, func, insert, select, update

from bench.chats import Chat, Chats
from bench.planted import answer_to
from bench.siege import MovedClock, statements
from bot.app import Homeward, build
from bot.config import read_config
from bot.i18n import Locale
from bot.setting_up import write_config
from casework import messages, requests
from casework.drafts import Draft
from casework.messages import Said
from casework.stages import Stage
from db.gathered import gathering
from db.ids import new_id
from db.models import Account, Person, Request
from db.sealed import DataKey, KeyRing, Place

_BOSS = 900
_AT_ONCE = 500  # cases in one transaction
_Wrote = tuple[DataKey, int, Said, datetime]
_WRITES = 5  # of so many requests the family of one waits for an answer
_EACH = 3  # requests of one family: fewer accounts, sooner full
_DAYS = 400  # over which they were filed


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
    chats: Chats
    dice: Random
    references: list[str] = field(default_factory=list)
    _updates: "count[int]" = field(default_factory=lambda: count(1))

    async def open(self) -> Chat:
        """Bring the admin whom the settings name to the desk."""
        boss = Chat(self.chats, self.homeward.intake, _BOSS, self._updates)
        await boss.begin()
        await boss.say("Anna")
        return boss

    def fill(self, cases: int) -> None:
        """File so many requests more, of made-up families in every language, at every stage."""
        for start in range(0, cases, _AT_ONCE):
            with self.homeward.engine.begin() as connection, gathering(connection):
                wrote = self._file(connection, min(_AT_ONCE, cases - start))
            with self.homeward.engine.begin() as connection:
                for each in wrote:
                    messages.receive(connection, *each)
        with self.homeward.engine.begin() as connection:
            _spread(connection, self.dice)

    async def time(self, member: Chat, acts: list[str], times: int) -> dict[str, Timed]:
        """Give each command so many times; `{reference}` and `{name}` in it are made up anew each time."""
        found: dict[str, Timed] = {}
        for act in acts:
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

    def _file(self, connection: Connection, cases: int) -> list[_Wrote]:
        """File requests; return what some of the families write about them."""
        keys, now = self.homeward.around.keys, self.homeward.clock.now()
        locales = list(self.homeward.around.locales)
        wrote = []
        for number in range(cases):
            locale = self.dice.choice(locales)
            if number % _EACH == 0:
                account, key = _account(connection, keys, locale.code, now)
            at = now - timedelta(days=self.dice.randrange(_DAYS), minutes=self.dice.randrange(1440))
            filed = requests.file(connection, keys, account, locale.code, _draft(locale, self.dice), at)
            self.references.append(filed.reference)
            if number % _WRITES == 0:
                wrote.append((key, account, Said("Is there any news?", filed.request_id), at))
        return wrote


def _draft(locale: Locale, dice: Random) -> Draft:
    draft = Draft()
    for _ in range(dice.choice((0, 0, 1, 2))):
        draft.add_person()
    for at in draft.way():
        draft.put(at, answer_to(at.question, locale, dice).value)
    return draft


def _account(connection: Connection, keys: KeyRing, language: str, now: datetime) -> tuple[int, DataKey]:
    account_id = new_id()
    key, wrapped = keys.new_data_key(Place("account", "data_key", account_id))
    row = {"id": account_id, "telegram_key": keys.lookup("telegram", account_id), "data_key": wrapped}
    row |= {"address": key.seal(account_id, Place("account", "address", account_id)), "created_at": now}
    connection.execute(insert(Account), {**row, "language": language})
    return account_id, key


def _spread(connection: Connection, dice: Random) -> None:
    """Let the persons stand anywhere on the way, and half of the cases be taken."""
    stages = [stage.value for stage in Stage if stage not in {Stage.WITHDRAWN, Stage.DECEASED}]
    boss = connection.scalar(select(Account.id).where(Account.role == "admin"))
    for stage in stages:
        some = Person.id % len(stages) == stages.index(stage)
        connection.execute(update(Person).where(some).values(stage=stage))
    connection.execute(
        update(Request)
        .where(Request.id % 2 == 0)
        .values(holder_id=boss, taken_at=func.coalesce(Request.taken_at, Request.created_at))
    )
    connection.execute(
        update(Request).where(Request.id % 7 == dice.randrange(7)).values(asked_at=Request.created_at)
    )


def _somebody(dice: Random) -> str:
    return dice.choice(("Amina", "Ruslan", "Зайнаб", "Малика", "زينب"))


@asynccontextmanager
async def office(folder: Path, seed: int) -> AsyncIterator[Office]:
    """Start the bot in this process on a fresh database in the folder; one admin is named in its settings."""
    config = folder / "config.toml"
    write_config(config, "100200300:made-up-token-for-an-office")
    settings = read_config(config)
    changes = {
        "telegram": settings.telegram.model_copy(update={"messages_per_second": 0}),
        "people": settings.people.model_copy(update={"admins": (_BOSS,)}),
    }
    chats = Chats()
    homeward = build(settings.model_copy(update=changes), MovedClock(), chats)
    await homeward.start()
    homeward.schedule.stop()
    try:
        yield Office(homeward, chats, Random(seed))
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
