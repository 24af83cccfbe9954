"""From a settings file to a bot that runs; what is in the way is named before the first update."""

import asyncio
import gc
import os
import shutil
import signal
import socket
import subprocess
import sys
import warnings
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.config import read_config
from bot.i18n import LOCALES
from bot.running import CannotStart, run_until_stopped
from db.engine import hold_alone, make_engine
from db.keys import read_key_file, write_new_key_file
from db.shared import Lock, one_after_another
from db.upgrade import bring_up_to_date
from simulator.faults import Fault
from simulator.server import Server
from tests.cli.command import ROOT
from tests.databases import databases, only_postgresql
from tests.logged import logged
from tests.machine import TOKEN

WEBHOOK = {
    "HOMEWARD_TELEGRAM__MODE": "webhook",
    "HOMEWARD_TELEGRAM__WEBHOOK__SECRET": "hidden-webhook-secret",
}


@pytest.fixture(autouse=True)
def _logged() -> Iterator[None]:
    with logged():
        yield


def why_not(config: Path) -> str:
    """Return the reason why the bot does not start."""
    with warnings.catch_warnings():
        warnings.simplefilter(
            "ignore", ResourceWarning
        )  # a start that fails leaves its lock to the process's end
        with pytest.raises(CannotStart) as refused:
            run_until_stopped(config, None)
        words = str(refused.value)
        del refused
        gc.collect()
    assert TOKEN not in words
    return words


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        (
            "homeward.db",
            b"no database " * 500,
            "config.toml: database.url: this cannot be used as a database",
        ),
        (
            "config.key",
            b"no keys",
            "config.key: this is not a key file, or it is damaged; restore it from your copy",
        ),
        ("config.toml", b"no settings", "config.toml: this is not TOML"),
    ],
)
def test_a_damaged_file_is_named(config: Path, name: str, content: bytes, words: str) -> None:
    path = config.parent / name
    path.write_bytes(content)
    path.chmod(0o600)
    assert words in why_not(config)


def test_a_folder_that_is_not_there_is_named(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOMEWARD_DATABASE__URL", "sqlite:///nowhere/homeward.db")
    assert why_not(config).startswith(
        f"{config}: database.url: {config.parent}/nowhere/homeward.db: No such file or directory. Make the folder"
    )


def test_a_second_bot_on_the_same_database_is_refused(config: Path) -> None:
    with hold_alone(config.parent / "homeward.db"):
        assert "another process works on this database. Stop it first" in why_not(config)


def test_the_keys_of_another_database_are_refused(config: Path) -> None:
    settings = read_config(config)
    engine = make_engine(settings.database.url)
    bring_up_to_date(engine, read_key_file(settings.security.key_file))
    engine.dispose()
    settings.security.key_file.unlink()
    write_new_key_file(settings.security.key_file)
    assert why_not(config) == f"{config}: security.key_file: these are not the keys of this database"


def test_a_broken_information_page_is_named(
    config: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(LOCALES, tmp_path / "locales", ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    page = tmp_path / "locales" / "ar" / "info" / "dna.md"
    page.write_text("No title.\n", encoding="utf-8")
    monkeypatch.setattr("bot.pages.LOCALES", tmp_path / "locales")
    assert why_not(config) == f"{page}:1: does not begin with a title; begin with “# …”"


def test_a_database_of_a_newer_homeward_is_refused(config: Path) -> None:
    settings = read_config(config)
    engine = make_engine(settings.database.url)
    bring_up_to_date(engine, read_key_file(settings.security.key_file))
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'later'"))
    engine.dispose()
    assert why_not(config) == f"{config}: database.url: a newer Homeward has worked here. Run that one"


# The process


@asynccontextmanager
async def bot_on(
    telegram: Server, config: Path, **environment: str
) -> AsyncIterator[asyncio.subprocess.Process]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "run", "--config", str(config),
        cwd=config.parent,
        env={**os.environ, "PYTHONPATH": str(ROOT), "HOMEWARD_TELEGRAM__API_URL": telegram.url, **environment},
        stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        async with asyncio.timeout(30):
            yield process
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


@pytest.mark.process
async def test_the_bot_starts_with_what_init_wrote_and_sigterm_ends_it(config: Path) -> None:
    """Telegram being unwell for a moment at the start is nothing to end for."""
    async with Server() as telegram:
        telegram.world.bot(TOKEN)
        telegram.world.faults.add(Fault("500", methods=("getMe",), count=1))
        telegram.world.faults.add(Fault("500", methods=("deleteWebhook",), count=1))
        telegram.world.write(1003, "/start")
        answered = asyncio.Event()
        telegram.world.listeners.append(lambda event: answered.set() if event["event"] == "message" else None)
        async with bot_on(telegram, config) as process:
            await answered.wait()
            process.send_signal(signal.SIGTERM)
            _, said = await process.communicate()
        assert process.returncode == 0
        assert b"run.stopped" in said
        assert TOKEN.encode() not in said
        assert len(telegram.world.chat(1003)) == 2


@only_postgresql
@pytest.mark.process
async def test_a_database_that_is_held_up_for_a_moment_is_waited_for(config: Path) -> None:
    """Found by the soak: a bot that was started while others held a lock for long ended at once."""
    url = databases().fresh()
    held_up = {"HOMEWARD_DATABASE__URL": url, "HOMEWARD_DATABASE__LOCK_SECONDS": "0.2"}
    async with Server() as telegram:
        telegram.world.bot(TOKEN)
        engine = make_engine(url)
        with engine.connect() as holder:
            one_after_another(holder, Lock.OFFICE)
            async with bot_on(telegram, config, **held_up) as process:
                assert process.stderr is not None
                await process.stderr.readuntil(b"run.database_waits")
                holder.rollback()
                await process.stderr.readuntil(b"run.started")
                process.send_signal(signal.SIGTERM)
                await process.communicate()
        engine.dispose()
        assert process.returncode == 0


@pytest.mark.process
async def test_a_taken_webhook_port_is_named(config: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        async with (
            Server() as telegram,
            bot_on(
                telegram,
                config,
                **WEBHOOK,
                HOMEWARD_TELEGRAM__WEBHOOK__URL="https://bot.example.org/hook",
                HOMEWARD_TELEGRAM__WEBHOOK__PORT=port,
            ) as process,
        ):
            _, said = await process.communicate()
    assert process.returncode == 2
    assert f"[telegram.webhook] listen, port: 127.0.0.1:{port} is taken" in said.decode()
    assert "Traceback" not in said.decode()


@pytest.mark.process
async def test_a_webhook_address_that_telegram_refuses_is_named(config: Path) -> None:
    async with (
        Server() as telegram,
        bot_on(
            telegram,
            config,
            **WEBHOOK,
            HOMEWARD_TELEGRAM__WEBHOOK__URL="ftp://bot.example.org/hook",
            HOMEWARD_TELEGRAM__WEBHOOK__PORT="0",
        ) as process,
    ):
        _, said = await process.communicate()
    assert process.returncode == 2
    assert "Telegram refuses setWebhook: look at [telegram.webhook] url" in said.decode()
    assert "Traceback" not in said.decode()


def test_what_only_some_starts_need_is_loaded_by_them() -> None:
    """A web server, a way to change tables and another database's driver are 30 MB that would be held for good."""
    code = "import sys, bot.running; print(*{each.partition('.')[0] for each in sys.modules})"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)  # noqa: S603
    assert not {"aiohttp", "alembic", "psycopg", "xlsxwriter", "bidi"} & set(done.stdout.split())
