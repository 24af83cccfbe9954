"""The real process: how it starts, how it ends, and what it says while it does."""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from bot.setting_up import write_config
from simulator.clock import Clock as WorldClock
from simulator.faults import Fault
from simulator.server import Server
from simulator.world import World
from tests.bot.test_webhook import free_port
from tests.machine import BOT_ID, MORNING, TOKEN

pytestmark = pytest.mark.process

_SECRET = TOKEN.partition(":")[2]
_TO_STOP = 60.0  # seconds; starting alone takes many on a busy machine
_PLANTED = "Хадижат-Канарейка"


@pytest.fixture
async def telegram() -> AsyncIterator[Server]:
    world = World(WorldClock(MORNING))
    world.bot(TOKEN)
    async with Server(world) as server:
        yield server


def configured(folder: Path, api_url: str, more: str = "") -> Path:
    config, _ = write_config(folder / "config.toml", TOKEN)
    text = config.read_text(encoding="utf-8").replace("https://api.telegram.org", api_url)
    config.write_text(text + more, encoding="utf-8")
    return config


@asynccontextmanager
async def process(config: Path, **environment: str) -> AsyncIterator[Process]:
    """Start `homeward run`; whatever happens, it does not outlive the story."""
    command = [sys.executable, "-m", "bot", "run", "--config", str(config)]
    started = await asyncio.create_subprocess_exec(
        *command,
        stderr=asyncio.subprocess.PIPE,
        env={**os.environ, "HOMEWARD_LOG__LEVEL": "DEBUG", **environment},
    )
    try:
        yield started
    finally:
        if started.returncode is None:
            started.kill()
            await started.communicate()


async def end_of(started: Process, *, ask: bool = False) -> tuple[int, str]:
    """Wait for the end, asked for with SIGTERM or its own; return exit code and what it wrote."""
    if ask:
        started.send_signal(signal.SIGTERM)
    _, written = await asyncio.wait_for(started.communicate(), _TO_STOP)
    assert started.returncode is not None
    assert _SECRET not in written.decode()
    return started.returncode, written.decode()


async def called(server: Server, method: str) -> None:
    """Return once the bot has called this method."""
    happened = asyncio.Event()

    def listen(news: dict[str, Any]) -> None:
        if news["event"] == "call" and news["call"]["method"] == method:
            happened.set()

    server.world.listeners.append(listen)
    await happened.wait()


async def answered(server: Server, text: str) -> None:
    """Write to the bot and return once it has said something."""
    happened = asyncio.Event()

    def listen(news: dict[str, Any]) -> None:
        if news["event"] in {"message", "edited"} and news["message"].get("outgoing"):
            happened.set()

    server.world.listeners.append(listen)
    server.world.write(1003, text)
    await happened.wait()


async def test_sigterm_stops_it_within_ten_seconds(tmp_path: Path, telegram: Server) -> None:
    async with process(configured(tmp_path, telegram.url)) as bot:
        await called(telegram, "getUpdates")
        code, written = await end_of(bot, ask=True)
    assert code == 0
    assert "run.stopped" in written
    assert "Traceback" not in written


async def test_sigterm_while_a_message_waits_loses_nothing(tmp_path: Path, telegram: Server) -> None:
    config = configured(tmp_path, telegram.url)
    telegram.world.faults.add(Fault("429", ("sendMessage",), retry_after=1000))
    async with process(config) as bot:
        telegram.world.write(1003, "/start")
        await called(telegram, "sendMessage")
        assert (await end_of(bot, ask=True))[0] == 0
    telegram.world.faults.clear()
    async with process(config) as bot:
        await called(telegram, "getUpdates")
        assert (await end_of(bot, ask=True))[0] == 0
    assert telegram.world.chat(1003)[1:] == [], "the wait is not over"


async def test_sigterm_stops_it_also_while_telegram_cannot_be_reached(tmp_path: Path) -> None:
    async with process(configured(tmp_path, f"http://127.0.0.1:{free_port()}")) as bot:
        assert bot.stderr is not None
        line = await bot.stderr.readline()
        while b"app.telegram_unreachable" not in line:
            assert line, "it ended"
            line = await bot.stderr.readline()
        code, written = await end_of(bot, ask=True)
    assert code == 0
    assert "Traceback" not in written


async def test_a_second_process_on_the_same_database_is_refused(tmp_path: Path, telegram: Server) -> None:
    config = configured(tmp_path, telegram.url)
    async with process(config) as first:
        await called(telegram, "getUpdates")
        async with process(config) as second:
            code, written = await end_of(second)
        assert code == 2
        assert "another process works on this database" in written
        await answered(telegram, "/start")
        assert (await end_of(first, ask=True))[0] == 0


@pytest.mark.parametrize("method", ["getMe", "sendMessage"])
async def test_a_refused_token_ends_it_loudly(tmp_path: Path, telegram: Server, method: str) -> None:
    telegram.world.faults.add(Fault("401", (method,)))
    telegram.world.write(1003, "/start")
    async with process(configured(tmp_path, telegram.url)) as bot:
        code, written = await end_of(bot)
    assert code == 3
    assert "Telegram does not know this token" in written
    assert "Traceback" not in written


async def test_a_bad_moment_at_the_start_is_waited_out(tmp_path: Path, telegram: Server) -> None:
    for method in ("getMe", "deleteWebhook"):
        telegram.world.faults.add(Fault("502", (method,), count=1))
    async with process(configured(tmp_path, telegram.url)) as bot:
        await answered(telegram, "/start")
        assert (await end_of(bot, ask=True))[0] == 0


async def test_token_and_names_are_in_no_line_at_debug(tmp_path: Path, telegram: Server) -> None:
    telegram.world.meet(1003, first_name=_PLANTED, username="planted_name")
    async with process(configured(tmp_path, telegram.url)) as bot:
        await answered(telegram, "/start")
        for fault in (
            Fault("500", count=1),
            Fault("drop", ("sendMessage",), count=1),
            Fault("garbage", count=1),
        ):
            telegram.world.faults.add(fault)
            await answered(telegram, f"/start {_PLANTED}")
        telegram.world.put_update({"message": {"text": _PLANTED, "chat": {"type": "private"}, "from": {}}})
        await called(telegram, "getUpdates")
        await called(telegram, "getUpdates")
        code, written = await end_of(bot, ask=True)
    assert code == 0
    assert "intake.set_aside" in written
    for word in (_PLANTED, "planted_name", "1003"):
        assert word not in written


async def test_a_webhook_takes_updates_and_stops_as_quickly(tmp_path: Path, telegram: Server) -> None:
    port = free_port()
    settings = {
        "HOMEWARD_TELEGRAM__MODE": "webhook",
        "HOMEWARD_TELEGRAM__WEBHOOK__URL": f"http://127.0.0.1:{port}/telegram",
        "HOMEWARD_TELEGRAM__WEBHOOK__PORT": str(port),
        "HOMEWARD_TELEGRAM__WEBHOOK__SECRET": "a-secret-of-the-tests_1",
    }
    async with process(configured(tmp_path, telegram.url), **settings) as bot:
        await called(telegram, "setWebhook")
        hook = telegram.world.bots[BOT_ID].webhook
        assert hook is not None
        assert hook.secret == "a-secret-of-the-tests_1"
        await answered(telegram, "/start")
        code, written = await end_of(bot, ask=True)
    assert code == 0
    assert "a-secret-of-the-tests_1" not in written
