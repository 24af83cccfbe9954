"""Telephones of made-up people: what the simulator's person's side shows them, and what they do on it."""

import asyncio
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Self

import aiohttp

Json = dict[str, Any]
_DIRECTION = str.maketrans("", "", "\u2068\u2069\u200e\u200f")


@dataclass(frozen=True)
class Moment:
    """Something in a chat, in the order in which it was there.

    Attributes:
        at: seconds of `time.monotonic`.
        looks: of a new message of the bot, what a person sees of it; empty for what the person did.
        tokens: of a new message of the bot, what its buttons carry unseen: equal in a message sent twice.
        extra: the person pressed once more than needed.
    """

    at: float
    looks: str = ""
    tokens: str = ""
    extra: bool = False


@dataclass
class Telephone:
    """One person's chat with the bot."""

    id: int
    exchange: "Exchange"
    messages: dict[int, Json] = field(default_factory=dict)
    history: list[Moment] = field(default_factory=list)
    diary: list[str] = field(default_factory=list)  # all that happened, in words and with the time of day
    _changes: dict[int, int] = field(default_factory=dict)
    _left: set[int] = field(default_factory=set)  # messages that had buttons
    _stirred: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def screen(self) -> Json | None:
        """The message with buttons that changed last: what moves is what people look at.

        None where one below it has lost its buttons since: nobody goes back up, the next is on its way.
        """
        alive = [number for number in self._changes if buttons_of(self.messages[number])]
        if not alive:
            return None
        newest = max(alive, key=self._changes.__getitem__)
        left = (number for number in self._left if number > newest)
        if any(self._changes[number] > self._changes[newest] for number in left):
            return None
        return self.messages[newest]

    @property
    def changed(self) -> int:
        """When the screen changed last, as a number that grows."""
        screen = self.screen
        return self._changes[screen["message_id"]] if screen is not None else 0

    @property
    def screen_is_buried(self) -> bool:
        """Whether another message with buttons of a screen stands below the one that changed last."""
        screen = self.screen
        return screen is not None and any(
            number > screen["message_id"] and buttons_of(message) for number, message in self.messages.items()
        )

    async def write(self, text: str, *, extra: bool = False) -> None:
        await self._do("text", {"text": text}, extra=extra)

    async def press(self, message: Json, label: str, *, extra: bool = False) -> None:
        """Press a button by the words on it, as far as they are visible; `extra` marks a needless press."""
        button = next(each for each in buttons_of(message) if plain(each["text"]) == plain(label))
        wanted = {"message_id": message["message_id"], "data": button["callback_data"]}
        await self._do("press", wanted, extra=extra)

    async def stirs(self, seconds: float) -> None:
        """Wait until something changes in the chat, or the time is over."""
        self._stirred.clear()
        try:
            await asyncio.wait_for(self._stirred.wait(), seconds)
        except TimeoutError:
            return

    async def _do(self, act: str, body: Json, *, extra: bool = False) -> None:
        self.history.append(Moment(time.monotonic(), extra=extra))
        self.note(f"does {act} {body}{' needlessly' if extra else ''}")
        await self.exchange.post(f"/people/{self.id}/{act}", body)

    def note(self, what: str) -> None:
        self.diary.append(f"{time.time():.3f} {what}")

    def hear(self, event: Json) -> None:
        """Take an event of the simulator that concerns this chat."""
        if event["event"] in {"message", "edited"} and event["message"].get("outgoing"):
            message = event["message"]
            shown = looks_of(message).replace("\n", " ")[:120]
            self.note(f"{event['event']} {message['message_id']} {shown!r} {_tokens_of(message)[:12]!r}")
            if event["event"] == "message":
                self.history.append(Moment(time.monotonic(), looks_of(message), _tokens_of(message)))
            if event["event"] == "edited" and not buttons_of(message):
                self._left.add(message["message_id"])
            self.messages[message["message_id"]] = message
            self._changes[message["message_id"]] = self.exchange.next_change()
            self._stirred.set()


class Exchange:
    """The line to the simulator that all telephones share."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._telephones: dict[int, Telephone] = {}
        self._changes = 0
        self._session: aiohttp.ClientSession | None = None
        self._listening: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession(self._url, connector=aiohttp.TCPConnector(limit=0))
        socket = await self._session.ws_connect("/ws", max_msg_size=0)
        self._listening = asyncio.create_task(self._listen(socket))
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._listening is not None:
            self._listening.cancel()
        if self._session is not None:
            await self._session.close()

    def telephone(self, number: int) -> Telephone:
        return self._telephones.setdefault(number, Telephone(number, self))

    def next_change(self) -> int:
        self._changes += 1
        return self._changes

    async def post(self, path: str, body: Json) -> None:
        assert self._session is not None
        async with self._session.post(path, json=body) as answer:
            answer.raise_for_status()

    async def faults(self) -> list[Json]:
        """Return the failures in force."""
        assert self._session is not None
        async with self._session.get("/control/faults") as answer:
            listed: list[Json] = await answer.json()
            return listed

    async def record(self) -> Json:
        """Return every input with whether it was confirmed, and every message of the bot."""
        assert self._session is not None
        async with self._session.get("/control/record") as answer:
            record: Json = await answer.json()
            return record

    async def _listen(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        async for frame in socket:
            event = json.loads(frame.data)
            telephone = self._telephones.get(event.get("person", 0))
            if telephone is not None:
                telephone.hear(event)


def buttons_of(message: Json) -> list[Json]:
    """Return the buttons of which the bot hears; copying and links stay on the telephone."""
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    return [button for row in rows for button in row if "callback_data" in button]


def words_of(message: Json) -> str:
    return plain(message.get("text") or message.get("caption") or "")


def plain(text: str) -> str:
    """Return a text without the invisible signs of direction."""
    return text.translate(_DIRECTION)


def looks_of(message: Json) -> str:
    """Return all that a person sees of a message: its words and the words on its buttons."""
    return "\n".join([words_of(message), *_each(message, lambda button: plain(button["text"]))])


def _tokens_of(message: Json) -> str:
    return "\n".join(_each(message, lambda button: button["callback_data"]))


def _each(message: Json, of: Callable[[Json], str]) -> list[str]:
    return [of(button) for button in buttons_of(message)]
