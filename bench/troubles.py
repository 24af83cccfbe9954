"""What goes wrong while families write: kills, failures of the Bot API, and of the storage (bench/storage.py)."""

import sys
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any

from bench.processes import Running
from bench.storage import Storage
from bench.telephones import Exchange

_TALKING = ("sendMessage", "editMessageText", "sendPhoto")
_ASIDE = ("answerCallbackQuery", "deleteMessage", "editMessageReplyMarkup")


@dataclass(frozen=True)
class Failure:
    """A failure of the Bot API, as the simulator is asked for it.

    Attributes:
        most: calls in a row that it may hit. Where Telegram refuses work whose fate the bot cannot know, it is one:
            a message in doubt is sent again once, and a second failure at once would rightly leave it in doubt.
        visible: it may show a message twice: the work was done, and its answer was lost.
    """

    kind: str
    methods: tuple[str, ...]
    most: int
    more: dict[str, Any] = field(default_factory=dict)
    visible: bool = False


FAILURES = (
    Failure("429", _TALKING, 8, {"retry_after": 1}),
    Failure("429", (*_ASIDE, "getUpdates"), 8, {"retry_after": 1}),
    Failure("500", ("getUpdates",), 8),
    Failure("502", ("getUpdates",), 8),
    Failure("garbage", ("getUpdates",), 8),
    Failure("drop", ("getUpdates",), 8),
    Failure("slow", (), 8, {"seconds": 0.3}),
    Failure("500", _ASIDE, 8),
    Failure("drop", _TALKING, 1, visible=True),
    Failure("500", _TALKING, 1),
    Failure("502", _TALKING, 1),
)
_LOOKS_EVERY = 0.05
_TOLD_EVERY = 60.0  # seconds
_LASTS = 0.8  # seconds; a failure that has met nothing by then is lifted


@dataclass
class Done:
    """What was done, counted."""

    api: Counter[str] = field(default_factory=Counter)
    storage: Counter[str] = field(default_factory=Counter)
    doubts: int = 0  # answers lost after the work was done: each may show a message twice


class Troubles:
    """Makes trouble of each kind until there was as much as was asked for."""

    def __init__(self, seed: int, bot: Running, exchange: Exchange, storage: Storage | None) -> None:
        self._dice, self._bot, self._exchange, self._storage = Random(seed), bot, exchange, storage
        self.done = Done()

    async def make(
        self,
        kills: int,
        api_faults: int,
        storage_faults: int,
        pause: tuple[float, float],
        gone: Callable[[], bool],
    ) -> None:
        """Mix them: each kind comes in proportion to what of it is still to come.

        Args:
            pause: seconds that the bot runs between two troubles, from and to.
            gone: whether nobody writes any more, and so nothing can go wrong.
        """
        ways: dict[str, Callable[[], Awaitable[int]]] = {
            "kill": self._kill,
            "api": self._fail,
            "storage": self._break_storage,
        }
        left = {"kill": kills, "api": api_faults, "storage": storage_faults if self._storage else 0}
        told = time.monotonic()
        while any(number > 0 for number in left.values()) and not gone():
            if time.monotonic() > told + _TOLD_EVERY:
                told = time.monotonic()
                print(f"still to come: {left}", file=sys.stderr, flush=True)
            await self._bot.run_for(self._dice.uniform(*pause))
            waiting = [kind for kind, number in left.items() if number > 0]
            chosen = self._dice.choices(waiting, [left[kind] ** 0.5 for kind in waiting])[0]
            left[chosen] -= await ways[chosen]()

    async def _kill(self) -> int:
        await self._bot.kill()
        await self._bot.start()
        return 1

    async def _fail(self) -> int:
        """Let calls fail for a moment; return how many did."""
        failure = self._dice.choice(FAILURES)
        count = self._dice.randint(1, failure.most)
        asked = {"kind": failure.kind, "methods": failure.methods, "count": count, **failure.more}
        await self._exchange.post("/control/faults", asked)
        left, until = count, time.monotonic() + _LASTS
        while left and time.monotonic() < until:
            await self._bot.run_for(_LOOKS_EVERY)
            left = sum(int(each["count"]) for each in await self._exchange.faults())
        await self._exchange.post("/control/faults", {"kind": "none"})
        struck = count - left
        self.done.api[failure.kind] += struck
        self.done.doubts += struck if failure.visible else 0
        return struck

    async def _break_storage(self) -> int:
        assert self._storage is not None
        self.done.storage[await self._storage.fail(self._dice)] += 1
        return 1
