"""Planted canaries in what people send: in no log, no file on the disk, no temporary file (threats 1, 14 and 17)."""

import io
import logging
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot import logs
from bot.dialog import OnCommand
from bot.stored_files import way_back
from bot.turn import Turn
from casework import submissions
from simulator.downloads import METHOD as DOWNLOAD
from simulator.records import Upload
from tests.bot.stage import account_of, fail
from tests.databases import lay_open
from tests.family import Family
from tests.handlers.paths import to_menu
from tests.logged import logged
from tests.machine import TOKEN, Machine, running
from tests.sent_files import PDF, picture, video, voice
from tests.submitting import blobs, file_rows, held
from tests.traces import found_below, found_in

CANARIES: dict[str, str | int] = {
    "caption": "Это моя внучка Зарема",
    "camera's words": "Canary of the camera",
    "words in a PDF": "Canarieva Zulaikha 1931",
    "words in a voice": "Canary sings in Opus",
    "words in a video": "Canary at 43.3178",
    "file name": "svidetelstvo-kanareevoy.pdf",
    "words of a refused file": "Canary in a page",
    "album": "998877665544332211",
    "token": TOKEN.partition(":")[2],
}
HOLD_THE_TOKEN = ("config.toml",)  # for its owner only; `homeward init` says so


def sent() -> list[tuple[str, Upload]]:
    written = PDF.replace(b"endobj", b"% " + str(CANARIES["words in a PDF"]).encode() + b"\nendobj")
    page = f"<html>{CANARIES['words of a refused file']}</html>".encode()
    name = str(CANARIES["file name"])
    return [
        ("photo", Upload(name, picture(words=str(CANARIES["camera's words"])), "image/jpeg")),
        ("document", Upload(name, picture("PNG", words=str(CANARIES["camera's words"])), "image/png")),
        ("document", Upload(name, written, "application/pdf")),
        ("voice", Upload(name, voice(words=str(CANARIES["words in a voice"])), "audio/ogg")),
        ("video_note", Upload(name, video(words=str(CANARIES["words in a video"])), "video/mp4")),
        ("document", Upload(name, page, "application/pdf")),
        ("photo", Upload(name, picture(words=str(CANARIES["camera's words"]))[:300], "image/jpeg")),
    ]


@pytest.fixture
def log_lines() -> Iterator[io.StringIO]:
    """Everything that is logged, with our own level and every library's at DEBUG."""
    with logged() as stream:
        logs.set_up("DEBUG", as_json=False)
        logging.getLogger().setLevel(logging.DEBUG)
        yield stream


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of temporary files, for this story alone."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    monkeypatch.setenv("TMPDIR", str(folder))
    return folder


async def send_everything(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> Family:
    """Send each kind once as it should be and once with every fault on its way; get all of it back."""
    machine.homeward.application.add_handler(OnCommand("give", give_back), group=-1)
    family = machine.person(1003)
    await to_menu(family)
    await family.press("Talk to a person")
    for kind, upload in sent():
        album = str(CANARIES["album"]) if kind == "photo" else ""
        machine.world.send_file(family.id, kind, upload, caption=str(CANARIES["caption"]), album=album)
        await machine.settle()
    for fault in ("429", "500", "drop", "garbage", "outage"):
        fail(machine, fault, "getFile", DOWNLOAD, count=2)
        machine.world.send_file(family.id, *sent()[2], caption=str(CANARIES["caption"]))
        await machine.settle()
        machine.later(minutes=2)
        await machine.tick()
    await with_a_mistake_of_ours(machine, family, monkeypatch)
    machine.later(minutes=5)
    await machine.tick()
    await family.say("/give")
    await family.press("Delete it from this chat")
    return family


async def with_a_mistake_of_ours(machine: Machine, family: Family, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(content: bytes) -> None:
        raise ValueError(f"cannot read {content!r} {CANARIES['words in a PDF']}")

    with monkeypatch.context() as patched:
        patched.setattr("bot.fetching.checked", broken)
        machine.world.send_file(family.id, *sent()[2])
        await machine.settle()


def names_in(folder: Path) -> list[str]:
    return [path.name for path in folder.rglob("*")]


def give_back(turn: Turn) -> None:
    for each in submissions.of_account(turn.connection, turn.keys, turn.account_id):
        for file in each.stored:
            turn.upload(*way_back(file))


async def test_no_log_line_holds_a_canary(
    tmp_path: Path, log_lines: io.StringIO, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(tmp_path) as machine:
        await send_everything(machine, monkeypatch)
        remote = {f"file {number}": id_ for number, id_ in enumerate(machine.world.files)}
        logging.getLogger("PIL.TiffImagePlugin").debug("tag: Artist - value: %s", CANARIES["camera's words"])
    said = log_lines.getvalue().encode()
    assert found_in(said, {**CANARIES, **remote}) == []
    for event in (b"fetching.failed", b"fetching.refused", b"library"):
        assert event in said
    assert found_in(caplog.text.encode(), {"control": CANARIES["camera's words"]})


async def test_no_file_on_the_disk_holds_a_canary(
    tmp_path: Path, temporary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(tmp_path) as machine:
        await send_everything(machine, monkeypatch)
        remote = {f"file {number}": id_ for number, id_ in enumerate(machine.world.files)}
        assert len(blobs(machine)) >= 10
        assert lay_open(machine.homeward.engine, tmp_path)
        assert found_below(tmp_path, {**CANARIES, **remote}, but=HOLD_THE_TOKEN) == []
        # The control: opened with their keys, the files do hold what may stay in them.
        opened = b"".join(each.content for each in held(machine))
        kept = {"words in a PDF", "words in a voice"}
        assert {line.partition(" (")[0] for line in found_in(opened, CANARIES)} == kept
        states = [row.state for row in file_rows(machine)]
    assert found_below(tmp_path, {**CANARIES, **remote}, but=HOLD_THE_TOKEN) == []
    assert names_in(temporary) == []
    assert set(states) == {"stored", "refused"}


async def test_what_is_removed_cannot_be_opened_with_the_keys_that_remain(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(tmp_path) as machine:
        family = await send_everything(machine, monkeypatch)
        account = account_of(machine, family).id
        with machine.homeward.engine.begin() as connection:
            submissions.erase(connection, machine.homeward.clock.now(), account_id=account)
        rows = {(row.data_key, row.details, row.stored_as) for row in file_rows(machine)}
        assert rows == {(None, None, None)}
        assert len(blobs(machine)) >= 10, "their bytes are still there, and nothing can open them"
        machine.later(minutes=16)
        await machine.homeward.fetching.sweep()
        assert blobs(machine) == set()
