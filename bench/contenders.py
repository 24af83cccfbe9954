"""The contenders: how each is started, and what it promises about what people wrote."""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bench.peers import homeward


@dataclass(frozen=True)
class Contender:
    """One way of writing a bot.

    Attributes:
        command: what to run for this API and this empty folder.
        promise: what is left of what people wrote when the process is killed.
    """

    key: str
    name: str
    promise: str
    command: Callable[[str, Path], list[str]]


def _homeward(api_url: str, folder: Path) -> list[str]:
    config = homeward.configure(api_url, folder)
    return [sys.executable, "-m", "bot", "run", "--config", str(config)]


def _pickle(api_url: str, folder: Path) -> list[str]:
    return [sys.executable, "-m", "bench.peers.ptb_pickle", api_url, str(folder)]


def _tuned(api_url: str, _folder: Path) -> list[str]:
    return [sys.executable, "-m", "bench.peers.ptb_tuned", api_url]


CONTENDERS = (
    Contender("homeward", "Homeward", "durable: committed before it is confirmed, sealed", _homeward),
    Contender("ptb-pickle", "PTB + PicklePersistence", "not durable: written once a minute", _pickle),
    Contender("ptb-tuned", "PTB tuned, 8 at once", "not durable: memory only", _tuned),
)
OURS = CONTENDERS[0]


def contender(key: str) -> Contender:
    return next(each for each in CONTENDERS if each.key == key)
