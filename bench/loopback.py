"""A Bot API that costs almost nothing: HTTP/1.1 with keep-alive on a bare `asyncio.Protocol`.

The simulator is the judge of behaviour; this one is for speed. It checks nothing, keeps no chats, and answers
what a bot of the bench asks for. Whoever lives behind it gets every message at the moment it arrives.
"""

import asyncio
import json
import re
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import parse_qsl

HOST = "127.0.0.1"
_BOT = {"id": 100200300, "is_bot": True, "first_name": "Bench", "username": "bench_bot"}
_ME = _BOT | {
    "can_join_groups": False,
    "can_read_all_group_messages": False,
    "supports_inline_queries": False,
    "can_connect_to_business": False,
    "has_main_web_app": False,
}
_PHOTO = [
    {"file_id": "AgACphoto", "file_unique_id": "AQADphoto", "width": 268, "height": 320, "file_size": 9000}
]
_MOST_AT_ONCE = 100  # Bot API, getUpdates: limit
_LENGTH = re.compile(rb"(?i)\r\ncontent-length: *(\d+)")
_TYPE = re.compile(rb"(?i)\r\ncontent-type: *([^\r]*)")
_PART = re.compile(rb'name="(\w+)"\r\n(?:[^\r]+\r\n)*\r\n([^\r]*)\r\n')


@dataclass(slots=True)
class Shown:
    """A message of the bot as it stands in somebody's chat.

    Attributes:
        json: the whole Message, ready to be put into an answer or into the update of a press.
        keyboard: callback data of its buttons, in reading order.
    """

    chat_id: int
    message_id: int
    text: str
    json: str
    keyboard: list[str]


class Loopback:
    """One bot's Telegram.

    `on_message` is told of every sendMessage and editMessageText, after its answer is on the way. `round_trip`:
    seconds that a call is on its way to us and its answer on the way back, half of it each. `before`: how many updates
    and messages there have been.
    """

    def __init__(self, on_message: Callable[[Shown], None], round_trip: float = 0.0, before: int = 0) -> None:
        self.on_message, self.one_way = on_message, round_trip / 2
        self.polled = asyncio.Event()
        self.met = 0.0  # when the bot asked last who it is
        self._updates: deque[tuple[int, str]] = deque()  # given, but not confirmed, or not given yet
        self._last_update = before
        self._last_message = before
        self._poll: tuple[Connection, int, asyncio.TimerHandle] | None = None
        self._server: asyncio.Server | None = None
        self._connections: set[Connection] = set()

    async def start(self) -> str:
        """Listen; return the URL to give to a bot."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: Connection(self), HOST, 0)
        return f"http://{HOST}:{self._server.sockets[0].getsockname()[1]}"

    async def stop(self) -> None:
        if self._server is not None:
            self._server.close()
        for connection in list(self._connections):
            connection.close()

    def write(self, person: int, text: str) -> None:
        """Put a written message into the queue."""
        message: dict[str, Any] = {
            "message_id": self._next_message(),
            "from": _person(person),
            "chat": _chat(person),
            "date": int(time.time()),
            "text": text,
        }
        if text.startswith("/"):
            message["entities"] = [{"type": "bot_command", "offset": 0, "length": len(text)}]
        self._queue(f'"message":{json.dumps(message)}')

    def press(self, person: int, shown: Shown, data: str) -> None:
        """Put the press of a button into the queue."""
        query = f'"id":"{self._last_update + 1}","from":{json.dumps(_person(person))},"message":{shown.json}'
        self._queue(f'"callback_query":{{{query},"chat_instance":"1","data":{json.dumps(data)}}}')

    def _queue(self, content: str) -> None:
        self._last_update += 1
        self._updates.append((self._last_update, f'{{"update_id":{self._last_update},{content}}}'))
        if self._poll is not None and len(self._updates) == 1:
            asyncio.get_running_loop().call_soon(self._give)  # so that what comes in one moment goes together

    def take(self, connection: "Connection", method: str, asked: dict[str, Any]) -> None:
        """Answer one call."""
        match method:
            case "getUpdates":
                self._confirm(int(asked.get("offset") or 0))
                self._wait(connection, asked)
            case "sendMessage":
                self._show(connection, asked, self._next_message())
            case "editMessageText":
                self._show(connection, asked, int(asked["message_id"]))
            case "sendPhoto":
                message = {
                    "message_id": self._next_message(),
                    "from": _BOT,
                    "chat": _chat(int(asked["chat_id"])),
                }
                connection.answer(json.dumps(message | {"date": int(time.time()), "photo": _PHOTO}))
            case "getMe":
                self.met = time.perf_counter()
                connection.answer(json.dumps(_ME))
            case _:  # answerCallbackQuery, editMessageReplyMarkup, setMyCommands, deleteWebhook …
                connection.answer("true")

    def forget(self, connection: "Connection") -> None:
        """The bot has closed this connection."""
        self._connections.discard(connection)
        if self._poll is not None and self._poll[0] is connection:
            self._end_poll()

    def know(self, connection: "Connection") -> None:
        self._connections.add(connection)

    def _confirm(self, offset: int) -> None:
        while self._updates and self._updates[0][0] < offset:
            self._updates.popleft()

    def _wait(self, connection: "Connection", asked: dict[str, Any]) -> None:
        """Answer a poll at once where something waits, otherwise when something comes or its time is over."""
        self.polled.set()
        if self._poll is not None:
            self._end_poll()
        patience = float(asked.get("timeout") or 0)
        timer = asyncio.get_running_loop().call_later(patience, self._give)
        self._poll = (connection, min(int(asked.get("limit") or _MOST_AT_ONCE), _MOST_AT_ONCE), timer)
        if self._updates:
            self._give()

    def _give(self) -> None:
        if self._poll is None:
            return
        connection, limit, _ = self._poll
        self._end_poll()
        given = [self._updates[number][1] for number in range(min(limit, len(self._updates)))]
        connection.answer(f"[{','.join(given)}]")

    def _end_poll(self) -> None:
        if self._poll is not None:
            self._poll[2].cancel()
        self._poll = None

    def _show(self, connection: "Connection", asked: dict[str, Any], message_id: int) -> None:
        chat_id, markup = int(asked["chat_id"]), asked.get("reply_markup")
        if isinstance(markup, str):
            markup = json.loads(markup)
        message = {
            "message_id": message_id,
            "from": _BOT,
            "chat": _chat(chat_id),
            "date": int(time.time()),
            "text": asked["text"],
        }
        rows = markup["inline_keyboard"] if markup else []
        whole = json.dumps(message | ({"reply_markup": markup} if markup else {}))
        connection.answer(whole)
        keyboard = [button["callback_data"] for row in rows for button in row if "callback_data" in button]
        self.on_message(Shown(chat_id, message_id, asked["text"], whole, keyboard))

    def _next_message(self) -> int:
        self._last_message += 1
        return self._last_message


class Connection(asyncio.Protocol):
    """One keep-alive connection of the bot."""

    def __init__(self, api: Loopback) -> None:
        self._api = api
        self._buffer = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop's are none in name
        self._api.know(self)

    def connection_lost(self, _error: Exception | None) -> None:
        self._transport = None
        self._api.forget(self)

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while (end := self._buffer.find(b"\r\n\r\n")) >= 0:
            head = self._buffer[: end + 2]
            length = _LENGTH.search(head)
            whole = end + 4 + (int(length[1]) if length else 0)
            if len(self._buffer) < whole:
                return
            body, self._buffer = self._buffer[end + 4 : whole], self._buffer[whole:]
            method = head.split(b" ", 2)[1].rpartition(b"/")[2].decode()
            if self._api.one_way:
                self._later(self._api.take, self, method, _parameters(head, body))
            else:
                self._api.take(self, method, _parameters(head, body))

    def answer(self, result: str) -> None:
        if self._transport is not None:
            body = f'{{"ok":true,"result":{result}}}'.encode()
            head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(
                body
            )
            if self._api.one_way:
                self._later(self._write, head + body)
            else:
                self._write(head + body)

    def _later(self, call: Callable[..., None], *given: Any) -> None:
        asyncio.get_running_loop().call_later(self._api.one_way, call, *given)

    def _write(self, answer: bytes) -> None:
        if self._transport is not None:
            self._transport.write(answer)

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()


def _parameters(head: bytes, body: bytes) -> dict[str, Any]:
    """Read a body in any of the three forms that the Bot API takes."""
    found = _TYPE.search(head)
    kind = found[1] if found and body else b""
    if kind.startswith(b"application/json"):
        parameters: dict[str, Any] = json.loads(body)
        return parameters
    if kind.startswith(b"multipart/"):
        return {name.decode(): value.decode(errors="replace") for name, value in _PART.findall(body)}
    return dict(parse_qsl(body.decode()))


def _person(person: int) -> dict[str, Any]:
    return {"id": person, "is_bot": False, "first_name": "Zainab", "language_code": "en"}


def _chat(person: int) -> dict[str, Any]:
    return {"id": person, "first_name": "Zainab", "type": "private"}
