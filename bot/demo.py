"""`homeward demo`: the simulator and the real bot as two processes, talking over HTTP.

Nothing here is special-cased in the bot: it runs with an ordinary settings file whose `api_url` is the
simulator. When the bot ends, by a fault or because
somebody pressed "kill the bot" on the page, it is started again, as a service manager would.
"""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import IO
from urllib.request import Request, urlopen

import typer

from bot.config_problems import PREFIX
from bot.made_up_cases import EVERYBODY, OFFICE
from bot.setting_up import write_config

_TOKEN = "100200300:offline-demo-without-a-secret"  # noqa: S105 - only the simulator knows it
_HOST = "127.0.0.1"
_PATIENCE = 20.0  # seconds for the simulator to answer
_REST = 0.5  # seconds before a bot that ended is started again
_TO_STOP = 10.0


class DemoProblem(Exception):
    """The demo cannot run; the text says why and the mend."""


class Demo:
    """Two processes and what keeps them running."""

    def __init__(self, port: int, folder: Path) -> None:
        self.port, self.folder = port, folder
        self.clock_file = folder / "clock"
        self.simulator: subprocess.Popen[str] | None = None
        self.bot: subprocess.Popen[bytes] | None = None
        self.wanted = True  # whether the bot should be running
        self.ending = threading.Event()

    def start(self) -> None:
        """Start both.

        Raises:
            DemoProblem: the port is taken, or the simulator does not answer.
        """
        _free(self.port)
        self.folder.mkdir(parents=True, exist_ok=True)
        _fresh(self.folder)
        self.simulator = subprocess.Popen(  # noqa: S603 - our own module
            [
                sys.executable,
                "-m",
                "simulator",
                "--port",
                str(self.port),
                "--clock-file",
                str(self.clock_file),
                "--token",
                _TOKEN,
                "--demo",
            ],
            stdout=subprocess.PIPE,
            text=True,
        )
        self._open_office()
        _answers(self.port)
        self._introduce()
        self.start_bot()

    def _open_office(self) -> None:
        """Write settings and keys, and fill the database with made-up cases."""
        config = write_config(self.folder / "config.toml", _TOKEN)[0]
        text = config.read_text(encoding="utf-8")
        text = text.replace("https://api.telegram.org", f"http://{_HOST}:{self.port}")
        text = text.replace("admins = []", f"admins = [{OFFICE[0].id}]")
        # The same time twice: whoever tries it at night and lets a day pass sees what comes then.
        text = text.replace('quiet_until = "08:00"', 'quiet_until = "22:00"')
        config.write_text(text, encoding="utf-8")
        command = [sys.executable, "-m", "bot.made_up_office", str(config)]
        subprocess.run(command, check=True, env=_without_settings())  # noqa: S603 - our own module

    def _introduce(self) -> None:
        """Let the simulated Telegram know the office and the families of its cases: what is written to them arrives."""
        for each in EVERYBODY:
            about = {"first_name": each.first_name, "language_code": each.language, "started": True}
            address = f"http://{_HOST}:{self.port}/people/{each.id}"
            body = json.dumps(about).encode()
            urlopen(Request(address, body, method="PUT"), timeout=_PATIENCE).close()

    def start_bot(self) -> None:
        command = [sys.executable, "-m", "bot", "run", "--config", str(self.folder / "config.toml")]
        command += ["--clock-file", str(self.clock_file)]
        with (self.folder / "bot.log").open("ab") as log:
            self.bot = subprocess.Popen(command, stderr=log, env=_without_settings())  # noqa: S603 - our own module

    def watch(self) -> None:
        """Do what the page asks, and start the bot again when it ended, until the demo ends."""
        if self.simulator is None or self.simulator.stdout is None:
            return
        threading.Thread(target=self._obey, args=(self.simulator.stdout,), daemon=True).start()
        while not self.ending.wait(_REST):
            if self.simulator.poll() is not None:
                raise DemoProblem("the simulator ended; its words stand above")
            if self.wanted and self.bot is not None and self.bot.poll() is not None:
                self.start_bot()

    def stop(self) -> None:
        """End both processes."""
        self.ending.set()
        self.wanted = False
        for process in (self.bot, self.simulator):
            if process is not None and process.poll() is None:
                process.send_signal(signal.SIGTERM)
        for process in (self.bot, self.simulator):
            if process is not None:
                try:
                    process.wait(_TO_STOP)
                except subprocess.TimeoutExpired:
                    process.kill()

    def _obey(self, lines: IO[str]) -> None:
        for line in lines:
            if line.strip() == "bot kill" and self.bot is not None:
                self.wanted = False
                self.bot.kill()
            elif line.strip() == "bot start":
                self.wanted = True
            elif line.strip() == "bot reset" and self.bot is not None:
                self._begin_again(self.bot)

    def _begin_again(self, bot: "subprocess.Popen[bytes]") -> None:
        """The simulated Telegram has forgotten everything: so does the office."""
        self.wanted = False
        bot.kill()
        bot.wait()
        _fresh(self.folder)
        self._open_office()
        self._introduce()
        self.wanted = True


def run_demo(port: int, folder: Path) -> None:
    """Run until Ctrl-C.

    Raises:
        DemoProblem: it cannot start.
    """
    demo = Demo(port, folder)
    signal.signal(signal.SIGTERM, lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
    try:
        demo.start()
        typer.echo(f"Homeward's demo: http://{_HOST}:{port}   (made-up people, no network; Ctrl-C ends it)")
        demo.watch()
    except KeyboardInterrupt:
        typer.echo("The demo ends.")
    finally:
        demo.stop()


def _without_settings() -> dict[str, str]:
    """Return the environment without Homeward's settings: those of a real bot would lead to its data."""
    return {name: value for name, value in os.environ.items() if not name.upper().startswith(PREFIX)}


def _free(port: int) -> None:
    with socket.socket() as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((_HOST, port))
        except OSError:
            raise DemoProblem(
                f"port {port} is taken. Choose another one: make demo PORT={port + 1}"
            ) from None


def _fresh(folder: Path) -> None:
    """Begin with an empty database: the simulated chats begin empty too."""
    for name in (
        "config.toml",
        "config.key",
        "homeward.db",
        "homeward.db-wal",
        "homeward.db-shm",
        "homeward.db.lock",
        "clock",
    ):
        (folder / name).unlink(missing_ok=True)
    shutil.rmtree(folder / "files", ignore_errors=True)


def _answers(port: int) -> None:
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline:
        try:
            with urlopen(f"http://{_HOST}:{port}/health", timeout=1):
                return
        except OSError:
            time.sleep(0.05)
    raise DemoProblem("the simulator did not answer in time")
