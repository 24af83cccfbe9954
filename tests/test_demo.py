"""`homeward demo` as people run it: three processes, one page, and an end that leaves nothing behind
(experience 25).
"""

import asyncio
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from tests.cli.command import ROOT, homeward
from tests.family import buttons_of, words_of

pytestmark = pytest.mark.process

PERSON = 1003
PATIENCE = 60  # seconds for a whole story, on a busy machine


class Page:
    """What the chat page does: acts over HTTP, and hears of everything over its socket."""

    def __init__(self, session: aiohttp.ClientSession, events: aiohttp.ClientWebSocketResponse) -> None:
        self.session, self.events = session, events
        self.last: dict[str, Any] = {}

    async def post(self, path: str, **body: object) -> None:
        async with self.session.post(path, json=body) as answer:
            assert answer.status == 200, await answer.text()

    async def say(self, text: str, *, sees: str) -> None:
        await self.post(f"/people/{PERSON}/text", text=text)
        await self.until(sees)

    async def press(self, label: str, *, sees: str) -> None:
        assert label in {button["text"] for button in buttons_of(self.last)}
        await self.post(f"/people/{PERSON}/press", message_id=self.last["message_id"], label=label)
        await self.until(sees)

    async def until(self, words: str) -> None:
        """Wait until the bot says this, in a new message or in place of an old one."""
        async for event in self.events:
            news = event.json()
            if news["event"] in {"message", "edited"} and news["message"].get("outgoing"):
                self.last = news["message"]
                if words in words_of(self.last):
                    return
        raise AssertionError(f"nobody said {words!r}")


class Running:
    """A demo that runs, and its processes."""

    def __init__(self, process: asyncio.subprocess.Process, page: Page) -> None:
        self.process, self.page = process, page

    @property
    def children(self) -> dict[str, int]:
        """The ids of the simulator and of the bot, by the name of their module."""
        pid = self.process.pid
        ids = [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
        return {Path(f"/proc/{each}/cmdline").read_bytes().split(b"\0")[2].decode(): each for each in ids}

    async def ended_by(self, end: Callable[[], None]) -> tuple[int | None, str]:
        """End it so; return its exit code and last words once all three processes are gone."""
        processes = [self.process.pid, *self.children.values()]
        assert len(processes) == 3
        end()
        assert self.process.stdout is not None
        words = (await self.process.stdout.read()).decode()
        code = await self.process.wait()
        assert [each for each in processes if lives(each)] == []
        return code, words


def lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


@contextmanager
def ctrl_c_ends() -> Iterator[None]:
    """As a terminal starts programs: who runs the tests in the background of a script has Ctrl-C ignored, and so
    would every process they start.
    """
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


@asynccontextmanager
async def demo(folder: Path, **environment: str) -> AsyncIterator[Running]:
    with ctrl_c_ends():
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", "demo", "--port", str(free_port()), "--folder", str(folder),
            cwd=ROOT,
            env={**os.environ, **environment},
            stdout=asyncio.subprocess.PIPE,
            start_new_session=True,  # a process group of its own, as a terminal gives it
        )  # fmt: skip
    assert process.stdout is not None
    try:
        async with asyncio.timeout(PATIENCE):
            first = (await process.stdout.readline()).decode()
            assert first.startswith("Homeward's demo: http://127.0.0.1:")
            address = first.split()[2]
            async with aiohttp.ClientSession(address) as session, session.ws_connect("/ws") as events:
                yield Running(process, Page(session, events))
    finally:
        if process.returncode is None:
            process.terminate()
            await process.wait()


async def test_a_family_files_while_the_bot_is_killed_twice_and_ctrl_c_ends_everything(
    tmp_path: Path,
) -> None:
    async with demo(tmp_path) as running:
        page = running.page
        await page.post("/people/1003/text", text="/start")
        await page.until("Choose your language")
        await page.press("English", sees="What would you like to do?")
        await page.press("File a request", sees="your agreement")
        await page.press("I agree", sees="What should we call you?")

        await page.post("/control/bot", action="kill")
        await page.post("/people/1003/text", text="Zainab")  # said while nobody listens
        await page.post("/control/bot", action="start")
        await page.until("Who are you to the people you are asking about?")
        await page.press("Aunt", sees="name")

        before = running.children["bot"]
        os.kill(before, signal.SIGKILL)
        await page.say("Amina Alieva", sees="born")
        assert running.children["bot"] != before
        await page.say("2017", sees="country")
        await page.say("Iraq", sees="somebody else")
        await page.press("No, check my answers", sees="Check your answers")
        await page.press("Send my request", sees="HW-")

        code, words = await running.ended_by(lambda: os.killpg(running.process.pid, signal.SIGINT))
        assert (code, words) == (0, "The demo ends.\n")


async def test_a_reset_begins_everything_again(tmp_path: Path) -> None:
    async with demo(tmp_path) as running:
        page = running.page
        await page.say("/start", sees="Choose your language")
        await page.press("English", sees="What would you like to do?")
        before = (tmp_path / "config.key").read_bytes()
        await page.post("/control/reset")
        await page.say("/start", sees="Choose your language")
        assert (tmp_path / "config.key").read_bytes() != before
        await running.ended_by(lambda: running.process.send_signal(signal.SIGTERM))


async def test_sigterm_ends_everything_and_a_real_bot_s_settings_are_left_alone(tmp_path: Path) -> None:
    """Somebody who runs a real bot here may have its settings in the environment: the demo must not touch its data."""
    real = {
        "HOMEWARD_DATABASE__URL": f"sqlite:///{tmp_path}/real.db",
        "HOMEWARD_TELEGRAM__TOKEN": "42:the-token-of-a-real-bot",
        "HOMEWARD_SECURITY__KEY_FILE": f"{tmp_path}/real.key",
    }
    async with demo(tmp_path / "demo", **real) as running:
        await running.page.say("/start", sees="Choose your language")
        code, words = await running.ended_by(lambda: running.process.send_signal(signal.SIGTERM))
        assert (code, words) == (0, "The demo ends.\n")
    assert os.listdir(tmp_path) == ["demo"]  # noqa: PTH208 - a name or two, nothing to wait for
    said = (tmp_path / "demo" / "bot.log").read_text(encoding="utf-8")
    assert "run.stopped" in said
    assert "Traceback" not in said


def test_a_taken_port_is_named_with_the_mend(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        ended = homeward("demo", "--port", str(port), "--folder", str(tmp_path / "demo"), folder=tmp_path)
    assert ended.returncode == 2
    assert ended.stderr == f"port {port} is taken. Choose another one: make demo PORT={port + 1}\n"
    assert not (tmp_path / "demo").exists()
