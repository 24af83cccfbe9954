"""A running machine, the families who use it, and the strangers who guess at their requests.

They guess references with codes, invitations, and what buttons carry: those of others' screens, and those that work
from any message, with the numbers that the requests really have in the database.
"""

import asyncio
import re
import secrets
import string
import time
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import count, groupby
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import Engine, event, func, select

from bench.chats import Chat, Chats, Heard
from bench.guessed import BUTTON, NOTHING, Figures, group_of
from bot.app import Homeward, build
from bot.clock import SystemClock
from bot.config import read_config
from bot.dialog import OnPress
from bot.screen import ANYWHERE
from bot.setting_up import write_config
from casework.access import MOST_WRONG_PER_ACCOUNT
from casework.references import ALPHABET, new_receipt_code, new_reference
from db.ids import new_id
from db.models import Access, LinkAttempt, Request
from handlers import routes

TRIES = 10  # of each account in each hour
_VICTIMS = 20
_AT_ONCE = 64
_CODE = re.compile(r"\w{4}-\w{4}-\w{4}-\w{4}")
_REFERENCE = re.compile(r"HW-\w{4}-\w{4}(?!-)")
_INVITATION = re.compile(r"start=(i-[\w-]+)")
_NO_MATCH = "Reference and code do not belong together, or the invitation is no longer good."
_TOO_OFTEN = "This was tried too often."
_OPENED = "The request is open in this chat now."
_OF_SCREENS = ("open:0", "send", "more:1", "yes", "case:1")
_FROM_ANYWHERE = [route.action for route in routes() if isinstance(route, OnPress)]


class MovedClock(SystemClock):
    """The machine's time, moved on by hours that nobody has to wait for."""

    moved = timedelta()

    def now(self) -> datetime:
        return super().now() + self.moved


@dataclass(frozen=True)
class Filed:
    """A request as its family wrote it down.

    Attributes:
        carried: what the buttons of its family's screens carry.
        id: its number in the database, which is told to nobody.
    """

    reference: str
    code: str
    carried: tuple[str, ...] = ()
    id: int = 0


@dataclass(frozen=True)
class Forged:
    """A press of a button that nobody has shown there."""

    data: str


Guess = Callable[[Random], tuple[str | Forged, ...]]


def kinds_of_guesses(requests: list[Filed], spent: list[str]) -> dict[str, Guess]:
    """Return what strangers try, by kind; each makes the lines that are written one after the other."""

    def near(dice: Random) -> tuple[str, ...]:
        mine = dice.choice(requests)
        other = ALPHABET[(ALPHABET.index(mine.code[-1]) + dice.randint(1, 31)) % len(ALPHABET)]
        return f"/start {mine.reference}", mine.code[:-1] + other

    def of_another(dice: Random) -> tuple[str, ...]:
        one, another = dice.sample(requests, 2)
        return f"/start {one.reference}", another.code

    return {
        "pair: there, code guessed": lambda dice: (
            f"/start {dice.choice(requests).reference}",
            new_receipt_code(),
        ),
        "pair: there, one letter of the code wrong": near,
        "pair: there, the code of another request": of_another,
        "pair: missing, code guessed": lambda _: (f"/start {new_reference()}", new_receipt_code()),
        "pair: missing, the code of a request": lambda dice: (
            f"/start {new_reference()}",
            dice.choice(requests).code,
        ),
        "button: of a family's screen": lambda dice: (Forged(dice.choice(dice.choice(requests).carried)),),
        "button: its screen guessed": lambda dice: (Forged(f"{_token(dice)}:{dice.choice(_OF_SCREENS)}"),),
        "button: anywhere, of a request that is there": lambda dice: (
            _anywhere(dice, dice.choice(requests).id),
        ),
        "button: anywhere, guessed": lambda dice: (_anywhere(dice, new_id()),),
        "invitation: guessed": lambda _: (f"/start i-{secrets.token_urlsafe(12)}",),
        "invitation: spent": lambda dice: (f"/start {dice.choice(spent)}",),
    }


def groups(kinds: Iterable[str]) -> list[list[str]]:
    """Return the kinds of pairs, of buttons and of invitations, so that each of the three is guessed equally often."""
    return [list(some) for _, some in groupby(sorted(kinds), group_of)]


def _token(dice: Random) -> str:
    return "".join(dice.choices(string.ascii_letters + string.digits + "_-", k=6))


def _anywhere(dice: Random, number: int) -> Forged:
    return Forged(f"{ANYWHERE}:{dice.choice(_FROM_ANYWHERE)}:{number}")


class Siege:
    """One running machine, its families, and those who guess."""

    def __init__(self, homeward: Homeward, chats: Chats, clock: MovedClock, dice: Random) -> None:
        self.homeward, self.figures = homeward, Figures()
        self._chats, self._clock, self._dice = chats, clock, dice
        self._people, self._updates = count(7_000_000_001), count(1)
        self._secrets = list[str]()

    async def run(self, guesses: int, hours: int) -> Figures:
        began = time.monotonic()
        requests, spent = await self._prepare()
        kinds = kinds_of_guesses(requests, spent)
        self._secrets = [each.reference for each in requests] + [each.code for each in requests]
        for kind, guess in kinds.items():
            if not kind.startswith(BUTTON):
                self.figures.work[kind] = await self._work_of(guess)
        strangers = await self._strangers(max(guesses // (TRIES * hours), 1))
        await self._families(requests, "before")
        held = self._count(Access)
        for _ in range(hours):
            await self._clock_moves()
            await self._an_hour(strangers, kinds, requests)
        self.figures.most_rows = len(strangers) * MOST_WRONG_PER_ACCOUNT
        self.figures.late = sum(len(each.late) for each in strangers)
        self.figures.opened = self._count(Access) - held - self.figures.families["opened, by families"]
        self.figures.seconds = time.monotonic() - began
        return self.figures

    async def _an_hour(self, strangers: list[Chat], kinds: dict[str, Guess], requests: list[Filed]) -> None:
        """Let everybody guess; families come when the limit on all accounts together is long passed."""
        for _ in range(TRIES // 2):
            await self._wave(strangers, kinds)
        meanwhile = asyncio.create_task(self._families(requests, "meanwhile"))
        for _ in range(TRIES - TRIES // 2):
            await self._wave(strangers, kinds)
        await meanwhile
        self.figures.rows = max(self.figures.rows, self._count(LinkAttempt))

    async def _wave(self, strangers: list[Chat], kinds: dict[str, Guess]) -> None:
        for start in range(0, len(strangers), _AT_ONCE):
            await asyncio.gather(*(self._try(each, kinds) for each in strangers[start : start + _AT_ONCE]))

    async def _try(self, stranger: Chat, kinds: dict[str, Guess]) -> None:
        kind = self._dice.choice(self._dice.choice(groups(kinds)))
        heard = [each for act in kinds[kind](self._dice) for each in await self._do(stranger, act)]
        self.figures.guesses += 1
        if kind.startswith(BUTTON):
            self.figures.told += any(secret in each.words for secret in self._secrets for each in heard)
            self.figures.answers[kind, NOTHING] += 1
        else:
            self.figures.answers[kind, _answer(heard)] += 1
            self.figures.looks.setdefault(kind, set()).add(_looks(heard))

    async def _do(self, stranger: Chat, act: str | Forged) -> list[Heard]:
        if isinstance(act, str):
            return await stranger.say(act)
        await stranger.forge(act.data)
        await self.homeward.outbox.idle()
        return stranger.heard()

    async def _clock_moves(self) -> None:
        self._clock.moved += timedelta(hours=1, seconds=1)
        await self.homeward.schedule.forget()

    # The people

    def _person(self) -> Chat:
        return Chat(self._chats, self.homeward.intake, next(self._people), self._updates)

    async def _strangers(self, number: int) -> list[Chat]:
        strangers = [self._person() for _ in range(number)]
        for start in range(0, number, _AT_ONCE):
            await asyncio.gather(*(each.begin() for each in strangers[start : start + _AT_ONCE]))
        return strangers

    async def _prepare(self) -> tuple[list[Filed], list[str]]:
        """File the requests that are guessed at, and spend an invitation of each."""
        requests, spent = [], list[str]()
        for _ in range(_VICTIMS):
            family, guest = self._person(), self._person()
            filed = await file(family)
            invitation = await invite(family)
            await guest.begin()
            _must(_OPENED, await guest.say(f"/start {invitation}"))
            requests.append(replace(filed, carried=family.carried, id=self._id_of(filed)))
            spent.append(invitation)
        return requests, spent

    async def _families(self, requests: list[Filed], when: str) -> None:
        """Three families want in and a fourth files a request; note how long each answer took them."""
        by_code, clumsy, guest, filing = (self._person() for _ in range(4))
        newest = await file(filing)
        invitation = await invite(filing)
        await by_code.begin()
        await clumsy.begin()
        await guest.begin()
        inside = {
            "with the code": await _link(by_code, newest.reference, newest.code),
            "after two wrong codes": await _mistype(clumsy, newest),
            "invited": _holds(_OPENED, await guest.say(f"/start {invitation}")),
        }
        for who, opened in inside.items():
            self.figures.families[f"{who}, {when}" if opened else f"{who}, {when}: not let in"] += 1
        if when == "meanwhile":
            self.figures.families["opened, by families"] += sum(inside.values()) + 1  # and the one that filed
        self.figures.families[f"filed, {when}"] += newest.reference not in {
            each.reference for each in requests
        }
        people = (by_code, clumsy, guest, filing)
        self.figures.waits.setdefault(when, []).extend(wait for each in people for wait in each.waits)

    # What is measured

    async def _work_of(self, guess: Guess) -> list[str]:
        """Return the statements that a guess of somebody who has not guessed before costs."""
        stranger = self._person()
        await stranger.begin()
        await self.homeward.outbox.idle()
        with statements(self.homeward.engine) as found:
            for line in guess(self._dice):
                assert isinstance(line, str)
                await stranger.say(line)
                await self.homeward.outbox.idle()  # or the next line might share its transaction
        return found

    def _id_of(self, filed: Filed) -> int:
        known = self.homeward.around.keys.lookup("reference", filed.reference)
        with self.homeward.engine.begin() as connection:
            return connection.scalar(select(Request.id).where(Request.reference_key == known)) or 0

    def _count(self, table: Any) -> int:
        with self.homeward.engine.begin() as connection:
            return connection.scalar(select(func.count()).select_from(table)) or 0


async def file(family: Chat) -> Filed:
    """Send a request for one person; return what is written down of it."""
    await family.begin()
    for act, words in (
        (family.press, "File a request"),
        (family.press, "I agree"),
        (family.say, "Zainab"),
        (family.press, "Grandmother"),
        (family.say, "Amina Alieva"),
        (family.say, "2017"),
        (family.press, "Iraq"),
        (family.press, "No, check my answers"),
    ):
        await act(words)
    said = " ".join(each.words for each in await family.press("Send my request"))
    reference, code = _REFERENCE.search(said), _CODE.search(said)
    assert reference is not None, said
    assert code is not None, said
    return Filed(reference[0], code[0])


async def invite(family: Chat) -> str:
    await family.say("/mine")
    await family.press("Who can open this request")
    found = _INVITATION.search(" ".join(each.words for each in await family.press("Invite a relative")))
    assert found is not None
    return found[1]


async def _link(family: Chat, reference: str, code: str) -> bool:
    await family.say(f"/start {reference}")
    return _holds(_OPENED, await family.say(code))


async def _mistype(family: Chat, filed: Filed) -> bool:
    """Write the code wrong twice, and right the third time."""
    for _ in range(2):
        await _link(family, filed.reference, new_receipt_code())
    return await _link(family, filed.reference, filed.code)


def _answer(heard: list[Heard]) -> str:
    said = heard[-1].words
    if said.startswith(_NO_MATCH):
        return "no match"
    return "too often" if said.startswith(_TOO_OFTEN) else said


def _looks(heard: list[Heard]) -> str:
    return _REFERENCE.sub("HW-…", "\n\n".join(each.looks for each in heard))


def _holds(sentence: str, heard: list[Heard]) -> bool:
    return any(sentence in each.words for each in heard)


def _must(sentence: str, heard: list[Heard]) -> None:
    assert _holds(sentence, heard), [each.words for each in heard]


@contextmanager
def statements(engine: Engine) -> Iterator[list[str]]:
    """Write down the statements that are run meanwhile, without their values."""
    found: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        found.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(engine, "before_cursor_execute", note)


@asynccontextmanager
async def siege(folder: Path, seed: int) -> AsyncIterator[Siege]:
    """Start the bot in this process on a fresh database in the folder."""
    config = folder / "config.toml"
    write_config(config, "100200300:made-up-token-for-guessing")
    settings = read_config(config)
    unhurried = settings.telegram.model_copy(update={"messages_per_second": 0})
    chats, clock = Chats(), MovedClock()
    homeward = build(settings.model_copy(update={"telegram": unhurried}), clock, chats)
    await homeward.start()
    homeward.schedule.stop()
    try:
        yield Siege(homeward, chats, clock, Random(seed))
    finally:
        await homeward.stop()
