"""Simulated people: each writes the next answer as soon as the bot has reacted to the one before.

They read: a press is made with the callback data of a button that was really shown, and a conversation counts
only if it ends with a reference. Who is done makes room for somebody new, so the number of people stays the same.

With a pace they write so many times a second in all, however quickly they are answered: whoever has read an answer
waits for a turn, and where nobody has, somebody new comes. So a bot that falls behind is not spared.
"""

import asyncio
import re
import time
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field

from bench.loopback import Loopback, Shown

_FIRST_ID = 7_000_000_001
_REFERENCE = re.compile(r"\bHW-\w{4}-\w{4}\b")


@dataclass(frozen=True)
class Write:
    text: str


@dataclass(frozen=True)
class Press:
    """The button whose callback data is this, behind whatever the bot puts in front of a colon."""

    action: str


Input = Write | Press


def conversation(language: str) -> tuple[Input, ...]:
    """Return what a family does from the first contact to the sent request, for two persons."""
    return (
        Write("/start"),
        Press(f"language:{language}"),
        Press("file"),
        Press("yes"),
        Write("Zainab"),
        Press("choice:aunt"),
        Write("Amina Test"),
        Write("12.03.2017"),
        Press("choice:IQ"),
        Press("add"),
        Write("Yusuf Test"),
        Write("2015"),
        Press("choice:SY"),
        Press("check"),
        Press("send"),
    )


INPUTS = len(conversation(""))


@dataclass
class Tally:
    """What was seen between the end of the warm-up and the end.

    Attributes:
        latencies: seconds from an input in the queue to the first message that came of it; for the last input, to
        the reference.
        errors: what went wrong, in words, with how often; the warm-up included.
    """

    latencies: list[float] = field(default_factory=list)
    conversations: int = 0
    errors: Counter[str] = field(default_factory=Counter)


@dataclass(slots=True)
class _Person:
    step: int
    asked_at: float


class Crowd:
    """Everybody who writes to one bot.

    `on_warm` is called once, after the warm-up; `done` is set after `updates` further reactions.
    """

    def __init__(
        self,
        size: int,
        warm_up: int,
        updates: int,
        language: str,
        on_warm: Callable[[], None],
        *,
        per_second: float = 0.0,
        stop_at: int = 0,
        before: int = 0,
    ) -> None:
        """Gather them.

        Args:
            per_second: inputs of all together; 0: each as soon as the bot has reacted to the one before.
            stop_at: the input after which everybody stays where they are; 0: nobody does.
            before: how many people have written to this bot already.
        """
        self.size, self.warm_up, self.updates, self._on_warm = size, warm_up, updates, on_warm
        self._gap = 1 / per_second if per_second else 0.0
        self._last_step = stop_at or INPUTS
        self._ready: deque[tuple[int, Shown | None]] = deque()
        self.tally = Tally()
        self.reactions = 0
        self.done = asyncio.Event()
        self._inputs = conversation(language)
        self._people: dict[int, _Person] = {}
        self._next_id = _FIRST_ID + before
        self._api: Loopback | None = None

    def begin(self, api: Loopback) -> None:
        """Everybody says the first word."""
        self._api = api
        for _ in range(self.size):
            self._somebody_new()
        if self._gap:
            self._beat(time.perf_counter())

    def see(self, shown: Shown) -> None:
        """A message has arrived, or has changed, in somebody's chat."""
        person = self._people.get(shown.chat_id)
        if person is None:
            return
        last = person.step == len(self._inputs) - 1
        if last and not _REFERENCE.search(shown.text):
            return  # who has pressed Send waits for the reference
        self._reacted(time.perf_counter() - person.asked_at)
        if last:
            self.tally.conversations += self.reactions > self.warm_up
            self._leave(shown.chat_id)
        else:
            person.step += 1
            if person.step < self._last_step:
                self._turn_of(shown.chat_id, person, shown)

    def give_up(self) -> None:
        """Nobody hears anything any more: whoever waits was forgotten."""
        for person in self._people.values():
            self.tally.errors[f"no answer to input {person.step + 1}"] += 1
        self.done.set()

    def _reacted(self, seconds: float) -> None:
        self.reactions += 1
        if self.reactions > self.warm_up and not self.done.is_set():
            self.tally.latencies.append(seconds)
        if self.reactions == self.warm_up:
            self._on_warm()
        if self.reactions == self.warm_up + self.updates:
            self.done.set()

    def _turn_of(self, chat_id: int, person: _Person, shown: Shown | None) -> None:
        """Write at once; with a pace, when one's turn comes."""
        if self._gap:
            self._ready.append((chat_id, shown))
        else:
            self._do(chat_id, person, shown, time.perf_counter())

    def _beat(self, due: float) -> None:
        """Let the next one write: by the time it should have been, however late we are ourselves."""
        if self.done.is_set():
            return
        while due <= time.perf_counter():
            if not self._ready:
                self._somebody_new()
            chat_id, shown = self._ready.popleft()
            self._do(chat_id, self._people[chat_id], shown, due)
            due += self._gap
        asyncio.get_running_loop().call_later(due - time.perf_counter(), self._beat, due)

    def _do(self, chat_id: int, person: _Person, shown: Shown | None, at: float) -> None:
        if self.done.is_set() or self._api is None:
            return
        person.asked_at = at
        wanted = self._inputs[person.step]
        if isinstance(wanted, Write):
            self._api.write(chat_id, wanted.text)
            return
        data = _button(shown, wanted.action)
        if shown is None or data is None:
            self.tally.errors[f"no button “{wanted.action}” for input {person.step + 1}"] += 1
            self._leave(chat_id)
        else:
            self._api.press(chat_id, shown, data)

    def _leave(self, chat_id: int) -> None:
        del self._people[chat_id]
        self._somebody_new()

    def _somebody_new(self) -> None:
        if self.done.is_set():
            return
        chat_id, self._next_id = self._next_id, self._next_id + 1
        self._people[chat_id] = person = _Person(0, 0.0)
        self._turn_of(chat_id, person, None)


def _button(shown: Shown | None, action: str) -> str | None:
    ending = f":{action}"
    return next(
        (data for data in (shown.keyboard if shown else ()) if data == action or data.endswith(ending)), None
    )
