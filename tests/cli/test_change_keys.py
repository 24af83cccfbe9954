"""`homeward change-keys`: every data key is wrapped anew, wherever it is interrupted (threat 21)."""

from pathlib import Path

import pytest
from sqlalchemy import select, update
from typer.testing import CliRunner, Result

from bot.__main__ import app
from bot.changing_keys import change, tables
from casework.files import Belongs, Purpose
from db.keys import KeysOnDisk, read_key_file
from db.models import Base, Request
from db.sealed import KeyRing, Place, SealBroken
from simulator.clock import Clock as WorldClock
from simulator.world import World
from tests.handlers.desk import BOSS, at_desk, reference_in
from tests.handlers.paths import to_confirmation
from tests.machine import MORNING, Machine, running
from tests.submitting import receive

WHO = "Amina Alieva"


def changed(folder: Path) -> Result:
    return CliRunner().invoke(app, ["change-keys", "--config", str(folder / "config.toml")])


async def a_day(machine: Machine) -> str:
    """Let a family file, send a picture and write, and staff look; return the reference."""
    family = machine.person(1003)
    await to_confirmation(family, WHO)
    reference = reference_in(family)
    await receive(machine, family, Belongs(Purpose.TALK))
    staff = await at_desk(machine)
    await staff.say(f"/case {reference}")
    await staff.say("/export")
    return reference


def opened(machine: Machine, keys: KeyRing) -> int:
    """Unwrap every data key there is; return how many there are."""
    count = 0
    with machine.homeward.engine.begin() as connection:
        for table in tables():
            for row in connection.execute(select(table.c.id, table.c.data_key)).all():
                if row.data_key:
                    keys.data_key(row.data_key, Place(table.name, "data_key", row.id))
                    count += 1
    return count


async def test_a_fresh_key_opens_everything_and_the_old_one_nothing(tmp_path: Path) -> None:
    world = World(WorldClock(MORNING))
    async with running(tmp_path, world, admins=(BOSS,)) as machine:
        reference = await a_day(machine)
        before = opened(machine, read_key_file(tmp_path / "config.key"))
        assert before >= 3
    old = read_key_file(tmp_path / "config.key")
    done = changed(tmp_path)
    assert done.exit_code == 0, done.output
    assert f"Wrapped anew: {before} keys." in done.output
    assert list(KeysOnDisk.read(tmp_path / "config.key").wrapping) == [2]
    async with running(tmp_path, world, admins=(BOSS,)) as machine:
        assert opened(machine, machine.homeward.around.keys) == before
        with pytest.raises(SealBroken):
            opened(machine, old)
        staff = machine.person(BOSS)
        await staff.say(f"/case {reference}")
        assert staff.sees(WHO)


@pytest.mark.parametrize("at", ["account", "request"])
async def test_wherever_it_is_interrupted_the_bot_runs_and_it_goes_on(tmp_path: Path, at: str) -> None:
    world = World(WorldClock(MORNING))

    def stop(table: str, _count: int) -> None:
        if table == at:
            raise KeyboardInterrupt

    async with running(tmp_path, world, admins=(BOSS,)) as machine:
        await a_day(machine)
    with pytest.raises(KeyboardInterrupt):
        change(tmp_path / "config.toml", stop)
    halfway = KeysOnDisk.read(tmp_path / "config.key")
    assert (list(halfway.wrapping), halfway.current) == ([1, 2], 2)
    async with running(tmp_path, world, admins=(BOSS,)) as machine:
        assert opened(machine, machine.homeward.around.keys) >= 3
        await to_confirmation(machine.person(1004), "Malika Alieva")
    assert changed(tmp_path).exit_code == 0
    assert KeysOnDisk.read(tmp_path / "config.key") == halfway.only_the_current()
    async with running(tmp_path, world, admins=(BOSS,)) as machine:
        assert opened(machine, machine.homeward.around.keys) >= 5


async def test_it_does_nothing_beside_a_bot_that_runs(tmp_path: Path) -> None:
    async with running(tmp_path):
        before = (tmp_path / "config.key").read_text()
        refused = changed(tmp_path)
        assert (refused.exit_code, "Stop it first" in refused.output) == (2, True)
        assert (tmp_path / "config.key").read_text() == before


async def test_a_row_that_cannot_be_opened_keeps_the_older_keys(tmp_path: Path) -> None:
    async with running(tmp_path) as machine:
        await to_confirmation(machine.person(1003), WHO)
        with machine.homeward.engine.begin() as connection:
            connection.execute(update(Request).values(data_key=b"\x00\x01" + bytes(60)))
    refused = changed(tmp_path)
    assert refused.exit_code == 2
    assert "a row of request cannot be opened" in refused.output
    assert list(KeysOnDisk.read(tmp_path / "config.key").wrapping) == [1, 2]


def test_every_data_key_stands_under_the_id_of_its_row() -> None:
    assert {each.name for each in tables()} == {
        each.name
        for each in Base.metadata.sorted_tables
        if "data_key" in each.c and list(each.primary_key) == [each.c.id]
    }
