"""python-telegram-bot's request class on reqwest: JSON bodies, and errors that name no URL.

Measured: the stock HTTP stack is most of a bot's CPU time, and this one works outside the interpreter's lock
(docs/decisions/0002-http-client.md). Three things are told apart because the outbox must know them: the request
never left (`NeverSent`), it may have arrived (`TimedOut`, `NetworkError`), Telegram said no (the rest).
"""

import json
import re
from abc import abstractmethod
from datetime import timedelta
from http import HTTPStatus
from typing import Any

from pydantic_core import from_json, to_json  # pydantic's own, several times as fast as the standard one
from pyreqwest.client import Client, ClientBuilder
from pyreqwest.exceptions import PoolTimeoutError, PyreqwestError, RequestError, RequestTimeoutError
from pyreqwest.multipart import FormBuilder, PartBuilder
from pyreqwest.request import RequestBuilder
from pyreqwest.response import Response
from telegram.error import BadRequest, InvalidToken, NetworkError, RetryAfter, TimedOut
from telegram.request import BaseRequest, RequestData

_TIMEOUT = 20.0  # seconds to wait for an answer
_DOWNLOAD = timedelta(seconds=120)  # for a whole file
_UNTOLD_WAIT = 30  # seconds, where a 429 does not say how long
_CONNECT = timedelta(seconds=5)
_KEPT_OPEN = timedelta(seconds=50)  # Telegram closes what is idle for longer
# A call takes a connection for as long as Telegram is away: at 50 ms there and back 64 of them held a thousand people
# back while the processor was idle (`python -m bench --scenes far`).
_CONNECTIONS = 160
# How the answer with a sent message begins. Nothing else of it is read, and reading it took as long as writing the
# message; what looks different is read as a whole.
_SENT = re.compile(rb'\{"ok": ?true, ?"result": ?\{"message_id": ?(\d{1,18})[,}]')
# hyper's word for a connection that was not made. The library's class names do not tell: its ConnectError is also a
# connection that broke under a request, which may have arrived. What we do not recognise counts as that.
_NOT_CONNECTED = "client error (Connect)"


class NeverSent(NetworkError):
    """No connection could be made: Telegram has certainly not seen this request."""


class WrongLength(NetworkError):
    """A file has more or fewer bytes than it should; nothing of it was kept."""


class BotRequest(BaseRequest):
    """What the bot asks of its line beyond python-telegram-bot's base: files of which no more is read than fits."""

    @abstractmethod
    async def download(self, url: str, most: int) -> bytes:
        """Fetch a file of at most `most` bytes, within two minutes.

        Raises:
            WrongLength: it has more.
            telegram.error.TelegramError: what else went wrong, as for calls.
        """


class HttpRequest(BotRequest):
    """Talks to the Bot API. Its own messages hold no URL: the URL holds the token."""

    def __init__(self, read_timeout: float = _TIMEOUT) -> None:
        self._read_timeout = read_timeout
        self._client: Client | None = None

    @property
    def read_timeout(self) -> float:
        return self._read_timeout

    async def initialize(self) -> None:
        if self._client is None:
            builder = ClientBuilder().http1_only().max_connections(_CONNECTIONS).connect_timeout(_CONNECT)
            # A pool that is full is no failure: what waits for its turn may wait as long as for an answer.
            waits = timedelta(seconds=self._read_timeout)
            self._client = builder.pool_idle_timeout(_KEPT_OPEN).pool_timeout(waits).build()

    async def shutdown(self) -> None:
        if self._client is not None:
            await self._client.close()
            self._client = None

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """Read an answer.

        Raises:
            NetworkError: it is not JSON. Unlike the stock class this one does not log the answer, which may
            be personal.
        """
        sent = _SENT.match(payload)
        if sent is not None:
            return {"ok": True, "result": {"message_id": int(sent[1])}}
        try:
            answer = from_json(payload, cache_strings="keys")  # the others may be personal
        except ValueError:
            answer = _with_halves_of_characters(payload)
        if not isinstance(answer, dict):
            raise NetworkError("the answer was not readable") from None
        return answer

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,
        write_timeout: Any = BaseRequest.DEFAULT_NONE,  # noqa: ARG002 - the base's signature
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,  # noqa: ARG002
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,  # noqa: ARG002
    ) -> tuple[int, bytes]:
        if self._client is None:
            raise RuntimeError("initialize() comes first")
        seconds = self._read_timeout if read_timeout is BaseRequest.DEFAULT_NONE else read_timeout
        try:
            request = self._client.request(method, url).timeout(timedelta(seconds=seconds))
            answer = await _with_body(request, request_data).build().send()
            return answer.status, bytes(await answer.bytes())
        except PyreqwestError as error:
            raise _told_apart(error) from None

    async def download(self, url: str, most: int) -> bytes:
        if self._client is None:
            raise RuntimeError("initialize() comes first")
        try:
            async with self._client.get(url).timeout(_DOWNLOAD).build_streamed() as answer:
                _look_at_status(answer)
                return await _up_to(most, answer)
        except PyreqwestError as error:
            raise _told_apart(error) from None


def _with_halves_of_characters(payload: bytes) -> Any:
    """Read what only the standard library reads, or return None: one such update must not hold up all of them."""
    try:
        return json.loads(payload)
    except (ValueError, RecursionError):
        return None


def _look_at_status(answer: Response) -> None:
    """Raise the error that a call with this status would raise; what the server says with it is not read."""
    match answer.status:
        case HTTPStatus.OK:
            return
        case HTTPStatus.UNAUTHORIZED:
            raise InvalidToken
        case HTTPStatus.TOO_MANY_REQUESTS:
            told = answer.get_header("retry-after") or ""
            raise RetryAfter(int(told) if told.isdecimal() else _UNTOLD_WAIT)
        case status if HTTPStatus.BAD_REQUEST <= status < HTTPStatus.INTERNAL_SERVER_ERROR:
            raise BadRequest(f"status {status}")
        case status:
            raise NetworkError(f"status {status}")


async def _up_to(most: int, answer: Response) -> bytes:
    """Read the answer piece by piece, and no further than it may go."""
    content = bytearray()
    while (piece := await answer.body_reader.read_chunk()) is not None:
        if len(content) + len(piece) > most:
            raise WrongLength("more bytes than were announced")
        content += piece
    return bytes(content)


def _told_apart(error: PyreqwestError) -> NetworkError:
    """Return our error for the library's, whose text holds the URL and so the token."""
    causes = (error.details.get("causes") or []) if isinstance(error, RequestError) else []
    if isinstance(error, PoolTimeoutError) or any(cause["message"] == _NOT_CONNECTED for cause in causes):
        return NeverSent("no connection")
    return TimedOut() if isinstance(error, RequestTimeoutError) else NetworkError(type(error).__name__)


class Parameters:
    """A call's parameters with the attributes that request classes read of `telegram.request.RequestData`.

    That class cannot be built outside the library except through objects that nobody reads on the way out;
    this one holds a plain dict.
    """

    def __init__(
        self, parameters: dict[str, Any], files: dict[str, tuple[str, bytes, str]] | None = None
    ) -> None:
        self.parameters = parameters
        self.multipart_data = files
        self.contains_files = bool(files)

    @property
    def json_parameters(self) -> dict[str, str]:
        """Each value as text, as a form needs it."""
        return {
            name: value if isinstance(value, str) else json.dumps(value)
            for name, value in self.parameters.items()
        }


def _with_body(request: RequestBuilder, data: RequestData | None) -> RequestBuilder:
    if data is None:
        return request
    if not data.contains_files:
        return request.header("content-type", "application/json").body_bytes(to_json(data.parameters))
    form = FormBuilder()
    for name, value in data.json_parameters.items():
        form = form.text(name, value)
    for name, (filename, content, mime) in (data.multipart_data or {}).items():
        body = content if isinstance(content, bytes) else content.read()
        form = form.part(name, PartBuilder.from_bytes(body).file_name(filename).mime(mime))
    return request.multipart(form)
