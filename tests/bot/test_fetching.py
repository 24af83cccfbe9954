"""Files on their way in: faults of the network, of the disk and of ourselves; whatever ends the process in between."""

import asyncio
import os
import stat
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text, update

from bot.api import Api, RemoteFile
from bot.fetching import AT_ONCE
from casework import fetches, submissions
from casework.files import Belongs, Purpose
from casework.media import checked
from casework.refusals import SENTENCES, Refusal
from db.models import File
from db.sealed import SealBroken
from simulator.clock import Clock as WorldClock
from simulator.downloads import METHOD as DOWNLOAD
from simulator.faults import Fault
from simulator.world import World
from tests.bot.stage import account_of, calls, fail, kill, put, started
from tests.family import Family
from tests.handlers.paths import to_menu
from tests.machine import MORNING, Machine
from tests.sent_files import PDF, archive, picture
from tests.submitting import blobs, file_rows, folder_of, held, notices, receive
from tests.world_request import WorldRequest

TALK = Belongs(Purpose.TALK)
MEGABYTE = 1024 * 1024


def states(machine: Machine) -> list[str]:
    return [row.state for row in file_rows(machine)]


@pytest.fixture
async def met(family: Family) -> Family:
    await to_menu(family)
    return family


class TestWhatIsKept:
    async def test_the_folder_and_its_files_are_the_owners_only(self, machine: Machine, met: Family) -> None:
        await receive(machine, met, TALK)
        (name,) = blobs(machine)
        folder = folder_of(machine)
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert stat.S_IMODE((folder / name).stat().st_mode) == 0o600
        assert len(name) == 32

    async def test_a_blob_opens_only_in_its_own_row(self, machine: Machine, met: Family) -> None:
        await receive(machine, met, TALK, picture(color="red"))
        await receive(machine, met, TALK, picture(color="blue"))
        first, second = file_rows(machine)
        folder = folder_of(machine)
        (folder / first.stored_as).write_bytes((folder / second.stored_as).read_bytes())
        with pytest.raises(SealBroken):
            held(machine)

    async def test_the_name_and_the_declared_type_count_for_nothing(
        self, machine: Machine, met: Family
    ) -> None:
        await receive(machine, met, TALK, PDF, kind="photo")
        assert [each.media_type for each in held(machine)] == ["application/pdf"]


class TestFaultsOfTheNetwork:
    @pytest.mark.parametrize("method", ["getFile", DOWNLOAD])
    @pytest.mark.parametrize("kind", ["500", "502", "drop", "garbage"])
    async def test_it_is_tried_again(self, machine: Machine, met: Family, method: str, kind: Any) -> None:
        fail(machine, kind, method, count=2)
        await receive(machine, met, TALK)
        assert states(machine) == ["waiting"]
        machine.later(seconds=5)
        await machine.tick()
        assert states(machine) == ["waiting"]
        machine.later(seconds=15)
        await machine.tick()
        assert states(machine) == ["stored"]
        assert len(notices(met)) == 1
        assert len(blobs(machine)) == 1

    @pytest.mark.parametrize("method", ["getFile", DOWNLOAD])
    async def test_a_429_is_obeyed_by_every_file_and_over_a_restart(
        self, tmp_path: Path, method: str
    ) -> None:
        world = World(WorldClock(MORNING))
        async with started(tmp_path, world) as machine:
            met = machine.person(1003)
            await to_menu(met)
            fail(machine, "429", method, count=1, retry_after=60)
            await receive(machine, met, TALK)
            await receive(machine, met, TALK)
            assert len(calls(machine, "getFile")) == 1
            machine.later(seconds=50)
            await machine.tick()
            assert states(machine) == ["waiting", "waiting"]
            assert [row.attempts for row in file_rows(machine)] == [0, 0]
            await kill(machine)
        async with started(tmp_path, world) as machine:
            await machine.tick()
            assert states(machine) == ["waiting", "stored"]  # this process has not been told to wait
            machine.later(seconds=10)
            await machine.tick()
            assert states(machine) == ["stored", "stored"]

    async def test_a_pause_keeps_nobody_from_being_told(self, machine: Machine, met: Family) -> None:
        await receive(machine, met, TALK, album="a")
        fail(machine, "429", "getFile", count=1, retry_after=600)
        await receive(machine, met, TALK)
        assert states(machine) == ["stored", "waiting"]
        assert notices(met) == []
        machine.later(seconds=4)
        await machine.tick()
        assert len(notices(met)) == 1

    async def test_a_slow_file_leaves_the_way_free_for_another(self, tmp_path: Path) -> None:
        world = World(WorldClock(MORNING))
        line = SlowFirst(world)
        async with started(tmp_path, world, request=line) as machine:
            met = machine.person(1003)
            await to_menu(met)
            slow = asyncio.create_task(receive(machine, met, TALK))
            await line.reached.wait()
            for _ in range(100):
                await asyncio.sleep(0)
            fast = asyncio.create_task(receive(machine, met, TALK))
            await line.passed.wait()
            line.free.set()
            await asyncio.gather(slow, fast)
            assert states(machine) == ["stored", "stored"]

    async def test_an_outage_uses_up_no_tries(self, machine: Machine, met: Family) -> None:
        machine.world.faults.add(Fault("outage", methods=("getfile",)))
        await receive(machine, met, TALK)
        for _ in range(20):
            machine.later(minutes=1)
            await machine.tick()
        assert states(machine) == ["waiting"]

    async def test_after_about_a_day_it_is_given_up_and_told(self, machine: Machine, met: Family) -> None:
        fail(machine, "500", DOWNLOAD)
        await receive(machine, met, TALK)
        began = machine.homeward.clock.now()
        for _ in range(24 * 30):
            machine.later(minutes=2)
            await machine.tick()
            if states(machine) == ["refused"]:
                break
        assert timedelta(hours=20) < machine.homeward.clock.now() - began <= timedelta(hours=24)
        assert met.sees(SENTENCES[Refusal.GONE])
        assert len(calls(machine, "getFile")) == 11

    async def test_what_telegram_does_not_know_is_asked_for_a_few_times(
        self, machine: Machine, met: Family
    ) -> None:
        fail(machine, "500", "getFile", count=1)
        await receive(machine, met, TALK)
        machine.world.files.clear()
        for _ in range(3):
            machine.later(minutes=2)
            await machine.tick()
        assert states(machine) == ["refused"]
        assert met.sees(SENTENCES[Refusal.GONE])

    async def test_a_refused_token_ends_it_loudly(self, machine: Machine, met: Family) -> None:
        fail(machine, "401", "getFile", count=1)
        await receive(machine, met, TALK)
        assert machine.homeward.outbox.token_refused.is_set()
        assert states(machine) == ["waiting"]

    async def test_what_is_said_to_be_too_big_is_not_fetched(self, machine: Machine, met: Family) -> None:
        await receive(machine, met, TALK, b"\xff\xd8\xff", size=30 * MEGABYTE)
        assert met.sees(SENTENCES[Refusal.TOO_BIG])
        answer = calls(machine, "getFile")[-1]["answer"]
        assert answer["description"] == "Bad Request: file is too big"

    @pytest.mark.parametrize("said", [10, 10**6])
    async def test_what_is_longer_or_shorter_than_said_is_not_what_was_sent(
        self, machine: Machine, met: Family, said: int
    ) -> None:
        await receive(machine, met, TALK, picture(), size=said)
        assert states(machine) == ["waiting"]
        assert blobs(machine) == set()


class TestLimits:
    async def test_our_own_limit_holds_before_and_during_the_download(
        self, machine: Machine, met: Family, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        machine.homeward.fetching._largest = 1000
        await receive(machine, met, TALK, PDF + b" " * 1000)
        assert met.sees(SENTENCES[Refusal.TOO_BIG])
        monkeypatch.setattr("bot.api.Api.find_file", size_untold)
        await receive(machine, met, TALK, PDF + b" " * 1000)
        assert states(machine) == ["refused", "refused"]

    async def test_no_more_than_two_are_in_memory(self, tmp_path: Path) -> None:
        world = World(WorldClock(MORNING))
        line = Crowded(world)
        async with started(tmp_path, world, request=line) as machine:
            met = machine.person(1003)
            await to_menu(met)
            fail(machine, "429", "getFile", count=1, retry_after=5)
            for _ in range(8):
                await receive(machine, met, TALK)
            machine.later(seconds=6)
            await machine.tick()
            assert states(machine) == ["stored"] * 8
        assert line.most == AT_ONCE

    async def test_one_account_cannot_fill_the_folder(
        self, machine: Machine, met: Family, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(fetches, "MOST_FILES", 2)
        for _ in range(3):
            await receive(machine, met, TALK)
        assert states(machine) == ["stored", "stored", "refused"]
        assert met.sees(SENTENCES[Refusal.TOO_MANY])
        other = machine.person(1004)
        await to_menu(other)
        await receive(machine, other, TALK)
        assert states(machine)[-1] == "stored"
        monkeypatch.setattr(fetches, "MOST_FILES", 500)
        monkeypatch.setattr(fetches, "MOST_BYTES", 10)
        await receive(machine, other, TALK)
        assert states(machine)[-1] == "refused"


class Crowded(WorldRequest):
    """Counts how many downloads are under way; the first waits for a second one."""

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self.now = self.most = 0
        self._two = asyncio.Event()

    async def download(self, url: str, most: int) -> bytes:
        self.now += 1
        self.most = max(self.most, self.now)
        if self.now == AT_ONCE:
            self._two.set()
        await self._two.wait()
        for _ in range(50):
            await asyncio.sleep(0)
        content = await super().download(url, most)
        self.now -= 1
        return content


class TestOurOwnFaults:
    async def test_a_disk_that_is_full_is_waited_for(
        self, machine: Machine, met: Family, logged: StringIO, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def full(*_: object) -> None:
            raise OSError(28, "No space left on device")

        with monkeypatch.context() as patched:
            patched.setattr("os.fsync", full)
            await receive(machine, met, TALK)
            for _ in range(30):
                machine.later(minutes=6)
                await machine.tick()
            assert states(machine) == ["waiting"]
            assert blobs(machine) == set()
        assert "fetching.not_written" in logged.getvalue()
        machine.later(minutes=6)
        await machine.tick()
        assert states(machine) == ["stored"]

    async def test_a_mistake_of_ours_holds_up_nobody(
        self, machine: Machine, met: Family, logged: StringIO, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def broken(_: bytes) -> None:
            raise ZeroDivisionError("Zainab")

        with monkeypatch.context() as patched:
            patched.setattr("bot.fetching.checked", broken)
            await receive(machine, met, TALK)
        await receive(machine, met, TALK)
        assert states(machine) == ["waiting", "stored"]
        assert "ZeroDivisionError" in logged.getvalue()
        assert "Zainab" not in logged.getvalue()
        machine.later(seconds=6)
        await machine.tick()
        assert states(machine) == ["stored", "stored"]

    async def test_a_row_nobody_can_open_is_refused_and_holds_up_nobody(
        self, machine: Machine, met: Family
    ) -> None:
        fail(machine, "500", "getFile", count=1)
        await receive(machine, met, TALK)
        with machine.homeward.engine.begin() as connection:
            connection.execute(update(File).values(data_key=b"\x00\x01nonsense"))
        machine.later(minutes=1)
        await receive(machine, met, TALK)
        assert states(machine) == ["refused", "stored"]

    async def test_while_the_database_cannot_be_written_nothing_is_lost(
        self, machine: Machine, met: Family
    ) -> None:
        fail(machine, "500", "getFile", count=1)
        await receive(machine, met, TALK)
        machine.later(minutes=1)
        with machine.homeward.engine.begin() as connection:
            connection.execute(text("ALTER TABLE file RENAME TO gone"))
        await machine.tick()
        with machine.homeward.engine.begin() as connection:
            connection.execute(text("ALTER TABLE gone RENAME TO file"))
        await machine.tick()
        assert states(machine) == ["stored"]


class SlowFirst(WorldRequest):
    """A line on which the first download waits until it is set free; `passed` tells that another has overtaken it."""

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self.reached, self.passed, self.free = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def download(self, url: str, most: int) -> bytes:
        if not self.reached.is_set():
            self.reached.set()
            await self.free.wait()
        else:
            self.passed.set()
        return await super().download(url, most)


class Stuck(WorldRequest):
    """A line on which a download never ends."""

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self.reached = asyncio.Event()

    async def download(self, url: str, most: int) -> bytes:
        self.reached.set()
        await asyncio.Event().wait()
        return b""


class TestAKill:
    """`kill -9` at any moment: the row waits or is stored whole, and what no row names goes away."""

    async def killed_at(self, reached: asyncio.Event, folder: Path, line: WorldRequest) -> None:
        """Let a file come in, and end the process when this point is reached."""
        async with started(folder, line.world, request=line) as machine:
            met = machine.person(1003)
            await to_menu(met)
            coming = asyncio.create_task(receive(machine, met, TALK))
            await reached.wait()
            coming.cancel()
            await kill(machine)

    async def test_during_the_download(self, tmp_path: Path) -> None:
        line = Stuck(World(WorldClock(MORNING)))
        await self.killed_at(line.reached, tmp_path, line)
        async with started(tmp_path, line.world) as machine:
            await machine.tick()
            assert states(machine) == ["stored"]
            assert [row.attempts for row in file_rows(machine)] == [2]
            assert len(notices(machine.person(1003))) == 1

    async def test_between_the_blob_and_the_row(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        world, reached = World(WorldClock(MORNING)), asyncio.Event()

        async def never(*_: object) -> None:
            reached.set()
            await asyncio.Event().wait()

        with monkeypatch.context() as patched:
            patched.setattr("bot.fetching.Fetching._keep", never)
            await self.killed_at(reached, tmp_path, WorldRequest(world))
        assert len(list((tmp_path / "files").iterdir())) == 1
        async with started(tmp_path, world) as machine:
            await machine.tick()
            assert states(machine) == ["stored"]
            assert len(blobs(machine)) == 2
            await machine.homeward.fetching.sweep()
            assert len(blobs(machine)) == 2, "not before every lease is over"
            machine.later(minutes=16)
            await machine.homeward.fetching.sweep()
            assert blobs(machine) == {file_rows(machine)[0].stored_as}
            assert held(machine)[0].content

    async def test_while_the_blob_is_being_written(self, machine: Machine, met: Family) -> None:
        await receive(machine, met, TALK)
        whole = blobs(machine)
        part, stranger = folder_of(machine) / f"{'a' * 32}.part", folder_of(machine) / "somebody-elses.txt"
        for path in (part, stranger):
            path.write_bytes(b"half of it")
            os.utime(path, (0, 0))
        await machine.homeward.fetching.sweep()
        assert blobs(machine) == whole | {stranger.name}
        stranger.unlink()

    async def test_between_the_row_and_the_message(self, tmp_path: Path) -> None:
        """It is told once: the message is a row of the transaction that marks it told."""
        world = World(WorldClock(MORNING))
        async with started(tmp_path, world) as machine:
            met = machine.person(1003)
            await to_menu(met)
            machine.homeward.outbox._stopping = True  # nothing leaves any more
            await receive(machine, met, TALK)
            assert states(machine) == ["stored"]
            assert notices(met) == []
            await kill(machine)
        async with started(tmp_path, world) as machine:
            await machine.homeward.outbox.idle()
            await machine.tick()
            assert len(notices(machine.person(1003))) == 1

    async def test_a_file_that_ends_every_process_is_given_up(self, tmp_path: Path) -> None:
        line = Stuck(World(WorldClock(MORNING)))
        await self.killed_at(line.reached, tmp_path, line)
        for _ in range(10):
            async with started(tmp_path, line.world, request=(again := Stuck(line.world))) as machine:
                await again.reached.wait()
                await kill(machine)
        async with started(tmp_path, line.world) as machine:
            await machine.tick()
            assert states(machine) == ["refused"]
            assert len(notices(machine.person(1003))) == 1

    async def test_an_orderly_stop_gives_back_what_is_under_way(self, tmp_path: Path) -> None:
        line = Stuck(World(WorldClock(MORNING)))
        async with started(tmp_path, line.world, request=line) as machine:
            met = machine.person(1003)
            await to_menu(met)
            coming = asyncio.create_task(receive(machine, met, TALK))
            await line.reached.wait()
        coming.cancel()
        async with started(tmp_path, line.world) as machine:
            await machine.tick()
            assert [(row.state, row.attempts) for row in file_rows(machine)] == [("stored", 1)]

    async def test_a_file_removed_while_it_comes_leaves_nothing(
        self, machine: Machine, met: Family, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        account = account_of(machine, met).id

        def meanwhile(content: bytes) -> object:
            with machine.homeward.engine.begin() as connection:
                submissions.erase(connection, machine.homeward.clock.now(), account_id=account)
            return checked(content)

        monkeypatch.setattr("bot.fetching.checked", meanwhile)
        await receive(machine, met, TALK)
        assert states(machine) == ["removed"]
        assert blobs(machine) == set()
        assert notices(met) == []


async def test_a_message_that_cannot_be_made_holds_up_no_other(
    machine: Machine, met: Family, logged: StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    await receive(machine, met, Belongs("a purpose of another version"))
    assert met.sees("✓ What you sent is stored safely (1 file).", message=met.last)
    heard = len(met.from_bot)

    def broken(*_: object) -> None:
        raise ZeroDivisionError("Zainab")

    with monkeypatch.context() as patched:
        patched.setattr(machine.homeward.fetching, "_tell", broken)
        await receive(machine, met, TALK)
    assert len(met.from_bot) == heard
    assert "ZeroDivisionError" in logged.getvalue()
    await receive(machine, met, TALK)
    assert len(met.from_bot) == heard + 1


async def test_two_processes_do_not_fetch_the_same_file(machine: Machine, met: Family) -> None:
    """On PostgreSQL; here the two take from one database in turn."""
    fail(machine, "429", "getFile", count=1, retry_after=5)
    await receive(machine, met, TALK)
    await receive(machine, met, TALK, archive())
    keys, now = machine.homeward.around.keys, machine.homeward.clock.now() + timedelta(seconds=6)
    with machine.homeward.engine.begin() as connection:
        ours = fetches.take(connection, keys, "one", set(), now)
        theirs = fetches.take(connection, keys, "two", set(), now)
        assert ours is not None
        assert theirs is not None
        assert ours.file_id != theirs.file_id
        assert fetches.take(connection, keys, "three", set(), now) is None
        later = now + fetches.LEASE + timedelta(seconds=1)
        assert fetches.take(connection, keys, "one", {ours.file_id, theirs.file_id}, later) is None
        again = fetches.take(connection, keys, "two", {theirs.file_id}, later)
        assert again is not None
        assert again.file_id == ours.file_id
        assert not fetches.keep(connection, ours, fetches.Kept("a" * 32, "image/png", 1), later)
        assert fetches.keep(connection, again, fetches.Kept("b" * 32, "image/png", 1), later)


async def test_a_message_to_all_waits_behind_nothing_of_this(machine: Machine, met: Family) -> None:
    put(machine, met, "a word to all")
    await receive(machine, met, TALK)
    await machine.homeward.outbox.sweep()
    await machine.homeward.outbox.idle()
    assert "a word to all" in [message.get("text") for message in met.from_bot]
    assert len(notices(met)) == 1


async def size_untold(api: Api, file_id: str) -> RemoteFile:
    found = await api.call("getFile", {"file_id": file_id})
    return RemoteFile(found["file_path"], None)
