"""Telegram as seen from the chats, in the bot's own process: nothing is sent over a wire, everything is overheard.

For questions about what people are told, not about the network: cheap enough for hundreds of thousands of updates.
"""

import asyncio
import json
import time
from collections import defaultdict
from dataclasses import dataclass
from itertools import count
from typing import Any
from urllib.parse import urlsplit

from telegram.request import RequestData

from bench.telephones import plain
from bot.intake import Intake
from bot.request import BotRequest, HttpRequest

_BOT = {"id": 100200300, "is_bot": True, "first_name": "Bench", "username": "bench_bot"}
_SAID = frozenset({"sendMessage", "editMessageText", "sendPhoto"})


@dataclass(frozen=True)
class Heard:
    """Something the bot said: how, the words, the buttons with what each carries, and when."""

    method: str
    message_id: int
    words: str
    buttons: tuple[tuple[str, str], ...]
    at: float

    @property
    def looks(self) -> str:
        """Everything a person can see of it."""
        return "\n".join([self.method, self.words, *(label for label, _ in self.buttons)])


class Chats(BotRequest):
    """Answers the bot's calls at once, and keeps what it said until somebody takes it."""

    def __init__(self) -> None:
        self._heard: dict[int, list[Heard]] = defaultdict(list)
        self._stirred: dict[int, asyncio.Event] = defaultdict(asyncio.Event)
        self._numbers = count(1)

    @property
    def read_timeout(self) -> float:
        return 1.0

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        return HttpRequest.parse_json_payload(payload)

    async def initialize(self) -> None: ...

    async def shutdown(self) -> None: ...

    async def do_request(
        self, url: str, method: str, request_data: RequestData | None = None, *_: Any, **_timeouts: Any
    ) -> tuple[int, bytes]:
        method = urlsplit(url).path.rpartition("/")[2]
        result: Any = _BOT if method == "getMe" else True
        if method in _SAID and request_data is not None:
            result = {"message_id": self._hear(method, request_data.parameters)}
        return 200, json.dumps({"ok": True, "result": result}).encode()

    async def download(self, url: str, most: int) -> bytes:
        raise NotImplementedError("nobody sends files here")

    def take(self, chat_id: int) -> list[Heard]:
        """Return what was said in this chat since the last time."""
        self._stirred.pop(chat_id, None)
        return self._heard.pop(chat_id, [])

    async def wait(self, chat_id: int) -> None:
        """Wait until something is said there that nobody has taken."""
        if not self._heard.get(chat_id):
            await self._stirred[chat_id].wait()

    def _hear(self, method: str, asked: dict[str, Any]) -> int:
        message_id: int = asked.get("message_id") or next(self._numbers)
        rows = (asked.get("reply_markup") or {}).get("inline_keyboard", [])
        buttons = tuple((plain(each["text"]), each.get("callback_data", "")) for row in rows for each in row)
        words = plain(asked.get("text") or asked.get("caption") or "")
        chat_id = int(asked["chat_id"])
        self._heard[chat_id].append(Heard(method, message_id, words, buttons, time.monotonic()))
        self._stirred[chat_id].set()
        return message_id


class Chat:
    """One person's chat with the bot; everybody speaks English here.

    Attributes:
        waits: seconds from each input to the first word of the answer.
        late: what came after an answer's screen, or unasked.
    """

    def __init__(self, chats: Chats, intake: Intake, number: int, updates: "count[int]") -> None:
        self.id, self.waits, self.late = number, list[float](), list[Heard]()
        self._chats, self._intake, self._updates = chats, intake, updates
        self._from = {"id": number, "is_bot": False, "first_name": "Zainab", "language_code": "en"}
        self._screen: Heard | None = None

    @property
    def carried(self) -> tuple[str, ...]:
        """What the buttons of the live screen carry."""
        return tuple(data for _, data in self._screen.buttons) if self._screen is not None else ()

    async def begin(self) -> None:
        """Choose the language; nothing else has happened before."""
        await self.say("/start")
        await self.press("English")

    async def say(self, text: str) -> list[Heard]:
        """Write something; return what the bot says to it."""
        message: dict[str, Any] = self._message(next(self._updates)) | {"from": self._from, "text": text}
        if text.startswith("/"):
            message["entities"] = [
                {"type": "bot_command", "offset": 0, "length": len(text.split(maxsplit=1)[0])}
            ]
        return await self._give({"message": message})

    async def press(self, label: str) -> list[Heard]:
        """Press a button of the live screen."""
        assert self._screen is not None
        data = next(data for words, data in self._screen.buttons if words == label)
        return await self._give(self._tap(self._screen.message_id, data))

    async def forge(self, data: str) -> None:
        """Say that a button was pressed which nobody has shown here, under a message of long ago.

        Nothing need come of it: `heard` says what did.
        """
        await self._intake.receive({"update_id": next(self._updates), **self._tap(1, data)})

    def heard(self) -> list[Heard]:
        """Return what was said here that nobody has waited for."""
        return self._chats.take(self.id)

    def _tap(self, message_id: int, data: str) -> dict[str, Any]:
        number = next(self._updates)
        shown = self._message(message_id) | {"text": "…"}
        query = {"id": str(number), "from": self._from, "message": shown, "data": data, "chat_instance": "1"}
        return {"callback_query": query}

    def _message(self, message_id: int) -> dict[str, Any]:
        chat = {"id": self.id, "first_name": "Zainab", "type": "private"}
        return {"message_id": message_id, "chat": chat, "date": 1_800_000_000}

    async def _give(self, content: dict[str, Any]) -> list[Heard]:
        self.late += self._chats.take(self.id)
        began = time.monotonic()
        await self._intake.receive({"update_id": next(self._updates), **content})
        heard = list[Heard]()
        while not any(each.buttons for each in heard):  # every answer ends with a screen
            await self._chats.wait(self.id)
            heard += self._chats.take(self.id)
        self.waits.append(heard[0].at - began)
        self._screen = next(each for each in reversed(heard) if each.buttons)
        return heard
