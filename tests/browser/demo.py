"""Starts the demo as `make demo` does, and opens its page."""

import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO
from urllib.request import urlopen

from playwright.sync_api import Browser, sync_playwright

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
_TO_STOP = 20


def chromium() -> str | None:
    """Return the path of the browser, if the machine has one."""
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


def required() -> bool:
    """Whether a missing browser is a failure, as it is on the test machine."""
    return os.environ.get("HOMEWARD_BROWSER") == "required"


@contextmanager
def running_demo(folder: Path) -> Iterator[str]:
    """Run the demo on a free port; yield its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "bot", "demo", "--port", str(port), "--folder", str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield _address(process.stdout)
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(_TO_STOP)


def _address(lines: IO[str] | None) -> str:
    for line in lines or ():
        if "http://" in line:
            return "http://" + line.partition("http://")[2].split()[0]
    raise AssertionError("the demo did not start")


@contextmanager
def opened_browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        try:
            yield browser
        finally:
            browser.close()


def slow_down(folder: Path, address: str, per_second: float) -> None:
    """Let the bot send fewer messages a second, as its settings say it, so that there is time to look at them."""
    config = folder / "config.toml"
    before, after = "messages_per_second = 30\n", f"messages_per_second = {per_second}\n"
    settings = config.read_text(encoding="utf-8")
    assert before in settings
    config.write_text(settings.replace(before, after), encoding="utf-8")
    kill_the_bot(address)


def kill_the_bot(address: str) -> None:
    """kill -9 of the bot process, and its start again, as the page's two buttons do."""
    for action in ("kill", "start"):
        body = f'{{"action":"{action}"}}'.encode()
        with urlopen(f"{address}/control/bot", data=body, timeout=5) as answer:
            assert answer.status == 200
