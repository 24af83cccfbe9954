"""The contenders: how each is started, and what it promises about what people wrote."""

import atexit
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bench import ours
from bench.postgresql import Server, name_database, text_of


class PeersMissing(Exception):
    """The environment of the peers is not there; the text says how to make it."""


@dataclass(frozen=True)
class Contender:
    """One way of writing a bot.

    Attributes:
        command: what to run for this API and this empty folder; how many requests are stored before.
        sends: what to run for this API, this empty folder and so many messages.
        promise: what is left of what people wrote when the process is killed.
    """

    key: str
    name: str
    promise: str
    command: Callable[[str, Path, int], list[str]]
    sends: Callable[[str, Path, int], list[str]] | None = None


_OURS = "Homeward on PostgreSQL" if os.environ.get("HOMEWARD_DATABASE__URL") else "Homeward"
# aiogram asks for an older pydantic than ours: its peers live in an environment of their own (`make bench` makes it).
_PEERS = Path(__file__).resolve().parent.parent / ".venv-peers" / "bin" / "python"


def _homeward(api_url: str, folder: Path, stored: int) -> list[str]:
    config = ours.configure(api_url, folder)
    if stored:
        ours.fill(config, stored)
    return [sys.executable, "-m", "bot", "run", "--config", str(config)]


def _homeward_on_postgresql(api_url: str, folder: Path, _stored: int) -> list[str]:
    """Start a server that waits for its disk as one should; it ends with this process."""
    server = Server(hurried=False)
    atexit.register(server.close)
    config = ours.configure(api_url, folder)
    name_database(config, text_of(server.url))
    return [sys.executable, "-m", "bot", "run", "--config", str(config)]


def _pickle(api_url: str, folder: Path, _stored: int) -> list[str]:
    return [sys.executable, "-m", "bench.peers.ptb_pickle", api_url, str(folder)]


def _tuned(api_url: str, _folder: Path, _stored: int) -> list[str]:
    return [sys.executable, "-m", "bench.peers.ptb_tuned", api_url]


def _aiogram_memory(api_url: str, _folder: Path, _stored: int) -> list[str]:
    return [_peers(), "-m", "bench.peers.aiogram_memory", api_url]


def _aiogram_sqlite(api_url: str, folder: Path, _stored: int) -> list[str]:
    return [_peers(), "-m", "bench.peers.aiogram_sqlite", api_url, str(folder)]


def _homeward_sends(api_url: str, folder: Path, messages: int) -> list[str]:
    return [sys.executable, "-m", "bench.sender", str(ours.configure(api_url, folder)), str(messages)]


def _aiogram_sends(api_url: str, _folder: Path, messages: int) -> list[str]:
    return [_peers(), "-m", "bench.peers.aiogram_sending", api_url, str(messages)]


def _peers() -> str:
    if not _PEERS.exists():
        raise PeersMissing("the bench's peers are not installed; run: make peers")
    return str(_PEERS)


CONTENDERS = (
    Contender(
        "homeward",
        "Homeward",
        "durable: committed before it is confirmed, sealed",
        _homeward,
        _homeward_sends,
    ),
    Contender(
        "homeward-postgresql",
        "Homeward on PostgreSQL",
        "durable: committed before it is confirmed, sealed",
        _homeward_on_postgresql,
    ),
    Contender("ptb-pickle", "PTB + PicklePersistence", "not durable: written once a minute", _pickle),
    Contender("ptb-tuned", "PTB tuned, 8 at once", "not durable: memory only", _tuned),
    Contender(
        "aiogram-memory", "aiogram, memory", "not durable: memory only", _aiogram_memory, _aiogram_sends
    ),
    Contender(
        "aiogram-sqlite", "aiogram, SQLite", "half durable: confirmed before it is handled", _aiogram_sqlite
    ),
)
OURS = CONTENDERS[0]


def contender(key: str) -> Contender:
    return next(each for each in CONTENDERS if each.key == key)
