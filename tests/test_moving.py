"""Everything moves into another database, from SQLite into PostgreSQL say, and what was interrupted goes on."""

import asyncio
import shutil
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import pytest
from sqlalchemy import Executable, delete, select, text, update
from typer.testing import CliRunner

from bot import moving
from bot.__main__ import app
from bot.config import read_config
from bot.moving import CannotMove, move
from bot.running import CannotStart, run_until_stopped
from bot.setting_up import write_config
from db.engine import hold_alone, make_engine
from db.models import Account, Base, Dialog, Setting, Site
from db.shared import Presence
from db.upgrade import HALF_MOVED
from simulator.clock import Clock as WorldClock
from simulator.world import World
from tests.databases import empty_database, only_postgresql
from tests.handlers.paths import to_confirmation
from tests.machine import MORNING, TOKEN, running

WHOLE = {
    "setting",
    "shared_pace",
    "site",
}  # short tables that go in one piece, and are looked at again each time


class Interrupted(Exception):
    """The machine was switched off."""


class LivedIn(NamedTuple):
    folder: Path
    world: World


@pytest.fixture(scope="module")
def lived_in(tmp_path_factory: pytest.TempPathFactory) -> LivedIn:
    """A SQLite in which an office has worked: with rows in every table that somebody wrote something in."""
    folder = tmp_path_factory.mktemp("lived_in")
    world = World(WorldClock(MORNING))
    write_config(folder / "config.toml", TOKEN)  # as it is written: SQLite, whatever else the tests run on

    async def live() -> None:
        async with running(folder, world) as machine:
            for number in range(3):
                family = machine.person(1003 + number)
                await to_confirmation(family, "Amina", "Yusuf")
                await family.say("/talk")
                await family.say("Is there any news?")
            with machine.homeward.engine.begin() as connection:
                old, new = connection.scalars(select(Site.id).order_by(Site.id).limit(2))
                connection.execute(
                    text("UPDATE site SET moved_to_id = :new WHERE id = :old"), {"new": new, "old": old}
                )

    asyncio.run(live())
    return LivedIn(folder, world)


@pytest.fixture
def source(lived_in: LivedIn, tmp_path: Path) -> str:
    shutil.copy(lived_in.folder / "homeward.db", tmp_path / "old.db")
    return f"sqlite:///{tmp_path}/old.db"


@pytest.fixture
def target(tmp_path: Path) -> str:
    return empty_database(tmp_path, "new")


@pytest.fixture(autouse=True)
def _small_portions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(moving, "_PORTION", 8)  # or every table of a story would go in one


def quietly(_table: str, _count: int) -> None: ...


def contents(url: str) -> dict[str, list[str]]:
    engine = make_engine(url)
    with engine.begin() as connection:
        found = {
            table.name: sorted(repr(tuple(row)) for row in connection.execute(select(table)))
            for table in Base.metadata.sorted_tables
        }
    engine.dispose()
    return found


def test_everything_is_there_and_the_source_stays_as_it_was(source: str, target: str) -> None:
    before = contents(source)
    counted = move(source, target, quietly)
    assert counted["request"] == 3
    assert counted["person"] == 6
    assert contents(source) == before
    engine = make_engine(target)
    with engine.begin() as connection:
        assert connection.scalars(select(Site.moved_to_id).where(Site.moved_to_id.is_not(None))).all()
        assert connection.scalar(select(Setting.name).where(Setting.name == HALF_MOVED)) is None
    engine.dispose()


async def test_the_bot_goes_on_in_the_new_one(
    lived_in: LivedIn, source: str, target: str, tmp_path: Path
) -> None:
    move(source, target, quietly)
    config = (lived_in.folder / "config.toml").read_text(encoding="utf-8")
    shutil.copy(lived_in.folder / "config.key", tmp_path)
    (tmp_path / "config.toml").write_text(config.replace("sqlite:///homeward.db", target), encoding="utf-8")
    async with running(tmp_path, lived_in.world) as machine:
        family = machine.person(1003)
        await family.say("/mine")
        assert family.sees("Amina")


def test_it_goes_on_after_it_was_interrupted_anywhere(source: str, target: str) -> None:
    """Each try is ended one portion later than the one before; each goes on where the last one stopped."""
    steps: list[tuple[str, int]] = []

    def stop_at_a_new_one(table: str, number: int) -> None:
        if (table, number) not in steps:
            steps.append((table, number))
            raise Interrupted
        assert table in WHOLE, "no portion is copied twice"

    tries = 0
    while tries == 0 or len(steps) >= tries:
        tries += 1
        with suppress(Interrupted):
            assert move(source, target, stop_at_a_new_one)["account"] == 3
    assert tries > 20


def test_a_source_in_use_is_refused(source: str, target: str, tmp_path: Path) -> None:
    with hold_alone(tmp_path / "old.db"), pytest.raises(CannotMove, match="--from: another process"):
        move(source, target, quietly)


def test_a_target_with_something_in_it_is_refused(source: str, target: str) -> None:
    engine = make_engine(target)
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE something (id INTEGER PRIMARY KEY)")
    engine.dispose()
    with pytest.raises(CannotMove, match="not empty"):
        move(source, target, quietly)


def test_half_of_another_move_is_refused(source: str, target: str) -> None:
    def stop(_table: str, _count: int) -> None:
        raise Interrupted

    with pytest.raises(Interrupted):
        move(source, target, stop)
    engine = make_engine(target)
    with engine.begin() as connection:
        connection.execute(update(Setting).where(Setting.name == HALF_MOVED).values(value=b"another"))
    engine.dispose()
    with pytest.raises(CannotMove, match="no half of this move"):
        move(source, target, quietly)


def test_a_whole_copy_is_no_target_again(source: str, target: str) -> None:
    move(source, target, quietly)
    with pytest.raises(CannotMove, match="not empty"):
        move(source, target, quietly)


def test_a_source_that_is_not_there_is_not_made(target: str, tmp_path: Path) -> None:
    with pytest.raises(CannotMove, match="there is no database"):
        move(f"sqlite:///{tmp_path}/nowhere.db", target, quietly)
    assert not (tmp_path / "nowhere.db").exists()


@pytest.mark.parametrize(
    "change", [delete(Dialog), update(Account).values(role="admin")], ids=["gone", "changed"]
)
def test_a_difference_is_noticed(source: str, target: str, change: Executable) -> None:
    """A control: something meddles with the copy while it is made."""

    def meddle(table: str, _count: int) -> None:
        if table == "outbox":
            engine = make_engine(target)
            with engine.begin() as connection:
                connection.execute(change)
            engine.dispose()

    with pytest.raises(CannotMove, match="the two differ"):
        move(source, target, meddle)


def test_the_bot_does_not_start_on_half_a_copy(
    lived_in: LivedIn, source: str, target: str, tmp_path: Path
) -> None:
    def stop(_table: str, _count: int) -> None:
        raise Interrupted

    with pytest.raises(Interrupted):
        move(source, target, stop)
    config = (lived_in.folder / "config.toml").read_text(encoding="utf-8")
    shutil.copy(lived_in.folder / "config.key", tmp_path)
    (tmp_path / "config.toml").write_text(config.replace("sqlite:///homeward.db", target), encoding="utf-8")
    assert read_config(tmp_path / "config.toml").database.url == target
    with pytest.raises(CannotStart, match="move into this database was not ended"):
        run_until_stopped(tmp_path / "config.toml", None)


def test_the_command_says_what_it_did(source: str, target: str) -> None:
    done = CliRunner().invoke(app, ["move-database", "--from", source, "--to", target])
    assert done.exit_code == 0, done.output
    assert "request: 3" in done.output
    again = CliRunner().invoke(app, ["move-database", "--from", source, "--to", target])
    assert again.exit_code == 2
    assert "not empty" in again.output


@only_postgresql
def test_a_running_postgresql_is_refused(source: str, target: str) -> None:
    engine = make_engine(target)
    with Presence(engine, "somebody"), pytest.raises(CannotMove, match="--to: another process"):
        move(source, target, quietly)
    engine.dispose()
