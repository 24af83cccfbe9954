"""Albums in pieces, out of order, again, and across restarts and kills: one submission each, told right (threat 13)."""

import asyncio
import re
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from random import Random
from typing import Any

import pytest
from sqlalchemy import Row, select

from bench.processes import Bot
from bot.config import Settings, read_config
from bot.setting_up import write_config
from casework.submissions import key_of
from db.blobs import Blobs
from db.engine import make_engine
from db.keys import read_key_file
from db.models import File, Outbox, Submission
from simulator.clock import Clock as WorldClock
from simulator.server import Server
from simulator.world import World
from tests.bot.stage import kill, started
from tests.family import words_of
from tests.handlers.paths import to_menu
from tests.machine import BOT_ID, MORNING, TOKEN, Machine
from tests.sent_files import photo_of_pixels, picture
from tests.submitting import blobs, file_rows, held

ALBUM = 10
COLORS = ("white", "black", "red", "green", "blue", "yellow", "purple", "orange", "pink", "brown")
PEOPLE = (1003, 1004)


def send_albums(world: World) -> None:
    """Let everybody send an album at the same time; its parts lie between those of the others."""
    for color in COLORS:
        for person in PEOPLE:
            world.send_photo(person, picture(color=color), album="album-1")


async def meet(machine: Machine) -> None:
    for each in PEOPLE:
        family = machine.person(each)
        await to_menu(family)
        await family.press("Talk to a person")


@pytest.mark.parametrize("seed", range(8))
async def test_an_album_of_ten_is_one_submission_whatever_happens_on_its_way(
    tmp_path: Path, seed: int
) -> None:
    dice, world = Random(seed), World(WorldClock(MORNING))  # noqa: S311 - no secret hangs on it
    async with started(tmp_path, world) as machine:
        await meet(machine)
        await kill(machine)
    send_albums(world)
    coming = world.take_updates(BOT_ID)
    assert len(coming) == ALBUM * len(PEOPLE)
    again = dice.choices(coming, k=5)
    dice.shuffle(coming)
    coming += again
    while coming:
        piece = [coming.pop() for _ in range(min(len(coming), dice.randint(1, 6)))]
        await take_in_and_be_killed(tmp_path, world, piece, dice)
    async with started(tmp_path, world) as machine:
        machine.later(minutes=10)
        await machine.tick()
        await machine.tick()
        hold_two_albums(machine)
        for person in PEOPLE:
            assert "(10 photos)" in told(world, person)[-1]
            assert len(told(world, person)) <= len(set(told(world, person))) + 1, (
                "each is repeated once at most"
            )
        machine.later(minutes=20)
        await machine.homeward.fetching.sweep()
        assert blobs(machine) == {row.stored_as for row in file_rows(machine)}


async def take_in_and_be_killed(
    folder: Path, world: World, piece: list[dict[str, Any]], dice: Random
) -> None:
    async with started(folder, world) as machine:
        for update in piece:
            await machine.homeward.intake.receive(update)
            for _ in range(dice.randint(0, 20)):
                await asyncio.sleep(0)
        machine.later(seconds=dice.choice([0, 0, 1, 5]))
        if dice.random() < 0.5:
            await machine.homeward.fetching.look()
            await asyncio.sleep(dice.random() / 50)
        await kill(machine)


def hold_two_albums(machine: Machine) -> None:
    with machine.homeward.engine.begin() as connection:
        submissions = connection.execute(select(Submission.id, Submission.tell_at)).all()
        assert [row.tell_at for row in submissions] == [None] * len(PEOPLE)
    files = file_rows(machine)
    assert {row.state for row in files} == {"stored"}
    assert Counter(row.submission_id for row in files) == {row.id: ALBUM for row in submissions}
    assert len({each.content for each in held(machine)}) == ALBUM, "each picture twice, once for each person"


def told(world: World, person: int) -> list[str]:
    return [words_of(each) for each in world.chat(person) if words_of(each).startswith("✓")]


@pytest.mark.parametrize("seed", range(4))
async def test_every_order_without_faults_is_told_once(tmp_path: Path, seed: int) -> None:
    world = World(WorldClock(MORNING))
    async with started(tmp_path, world) as machine:
        await meet(machine)
        send_albums(world)
        coming = world.take_updates(BOT_ID)
        Random(seed).shuffle(coming)  # noqa: S311 - no secret hangs on it
        await machine.together(coming[:10])
        await machine.together(coming[10:])
        machine.later(seconds=4)
        await machine.tick()
        hold_two_albums(machine)
        for person in PEOPLE:
            (notice,) = told(world, person)
            assert "(10 photos)" in notice


class Killed:
    """The real bot against the simulator over HTTP; `kill -9` while pictures are on their way."""

    def __init__(self, world: World, bot: Bot, settings: Settings) -> None:
        self.world, self.bot, self.settings = world, bot, settings

    async def until(self, person: int, words: str) -> None:
        pattern = re.compile(words)
        while not any(pattern.search(words_of(each)) for each in self.world.chat(person)):
            await self.bot.run_for(0.1)

    async def press(self, person: int, label: str) -> None:
        for message in reversed(self.world.chat(person)):
            rows = message.get("reply_markup", {}).get("inline_keyboard", [])
            if any(button["text"] == label for row in rows for button in row):
                self.world.press(person, message["message_id"], label=label)
                return
        raise AssertionError(label)


@asynccontextmanager
async def over_http(folder: Path) -> AsyncIterator[Killed]:
    config = write_config(folder / "config.toml", TOKEN)[0]
    world = World()
    async with Server(world) as server:
        environment = {
            "HOMEWARD_TELEGRAM__API_URL": server.url,
            "HOMEWARD_TELEGRAM__MESSAGES_PER_SECOND": "0",
        }
        bot = Bot(config, environment)
        await bot.start()
        try:
            yield Killed(world, bot, read_config(config))
        finally:
            await bot.close()


@pytest.mark.process
async def test_kill_9_while_albums_come_in(tmp_path: Path) -> None:
    dice, people = Random(3), range(1001, 1005)  # noqa: S311 - no secret hangs on it
    sent = photo_of_pixels((1280, 960))
    async with over_http(tmp_path) as story:
        world, bot = story.world, story.bot
        for person in people:
            world.write(person, "/start")
            await story.until(person, "Choose your language")
            await story.press(person, "English")
            await story.until(person, "What would you like to do")
            await story.press(person, "Talk to a person")
            await story.until(person, "Write to the office")
        for number in range(ALBUM):
            for person in people:
                world.send_photo(person, sent + bytes([number]), album=f"album of {person}")
            if number % 2:
                await bot.run_for(dice.uniform(0.05, 0.6))
                await bot.kill()
                await bot.start()
        for person in people:
            await asyncio.wait_for(story.until(person, r"\(10 photos\)"), 120)
        assert await bot.stop() == 0
        assert bot.fell == 0
        for person in people:
            told_here = Counter(told(world, person))
            assert "(10 photos)" in told(world, person)[-1]
            assert sum(told_here.values()) - len(told_here) <= len(bot.starts) - 1, "a repeat a kill at most"
    nothing_is_half(story.settings, len(people))


def nothing_is_half(settings: Settings, albums: int) -> None:
    """Every album is one submission, every file opens, and every blob without a row is one that a kill left."""
    keys, store = read_key_file(settings.security.key_file), Blobs(settings.files.folder)
    engine = make_engine(settings.database.url)
    with engine.begin() as connection:
        files: list[Row[Any]] = list(connection.execute(select(File.__table__)).all())
        submissions = connection.scalars(select(Submission.id)).all()
        assert connection.scalars(select(Outbox.state).distinct()).all() == ["sent"]
    engine.dispose()
    assert len(submissions) == albums
    assert Counter(row.submission_id for row in files) == dict.fromkeys(submissions, ALBUM)
    for row in files:
        assert row.state == "stored"
        content = store.read(key_of(keys, row.id, row.data_key), row.id, row.stored_as)
        assert (content[:2], len(content)) == (b"\xff\xd8", row.size)
    left = {path.name for path in settings.files.folder.iterdir()} - {row.stored_as for row in files}
    assert len(left) <= 2 * ALBUM
