"""python-telegram-bot's request class on aiohttp: one session, JSON bodies, and errors that name no URL.

Measured: the stock HTTP stack is most of a bot's CPU time (docs/decisions/0002-http-client.md). Three things
are told apart because the outbox must
know them: the request never left (`NeverSent`), it may have arrived (`TimedOut`, `NetworkError`), Telegram
said no (the rest).
"""

import json
from typing import Any

import aiohttp
from pydantic_core import to_json  # pydantic's own, several times as fast as the standard one
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData

_TIMEOUT = 20.0  # seconds to wait for an answer
_CONNECT = 5.0
_CONNECTIONS = 64


_JSON = {"Content-Type": "application/json"}


class NeverSent(NetworkError):
    """No connection could be made: Telegram has certainly not seen this request."""


class AiohttpRequest(BaseRequest):
    """Talks to the Bot API. Its own messages hold no URL: the URL holds the token."""

    def __init__(self, read_timeout: float = _TIMEOUT) -> None:
        self._read_timeout = read_timeout
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float:
        return self._read_timeout

    async def initialize(self) -> None:
        if self._session is None or self._session.closed:
            connector = aiohttp.TCPConnector(limit=_CONNECTIONS, keepalive_timeout=50)
            # No cookies, no compression, no headers that Telegram does not read: each costs on every call.
            self._session = aiohttp.ClientSession(
                connector=connector,
                cookie_jar=aiohttp.DummyCookieJar(),
                auto_decompress=False,
                skip_auto_headers=("Accept", "Accept-Encoding", "User-Agent"),
            )

    async def shutdown(self) -> None:
        if self._session is not None:
            await self._session.close()

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """Read an answer.

        Raises:
            NetworkError: it is not JSON. Unlike the stock class this one does not log the answer, which may
            be personal.
        """
        try:
            answer = json.loads(payload)
        except (ValueError, RecursionError):
            answer = None
        if not isinstance(answer, dict):
            raise NetworkError("the answer was not readable") from None
        return answer

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,
        write_timeout: Any = BaseRequest.DEFAULT_NONE,  # noqa: ARG002
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,  # noqa: ARG002
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,  # noqa: ARG002
    ) -> tuple[int, bytes]:
        if self._session is None:
            raise RuntimeError("initialize() comes first")
        total = self._read_timeout if read_timeout is BaseRequest.DEFAULT_NONE else read_timeout
        timeout = aiohttp.ClientTimeout(total=total, sock_connect=_CONNECT)
        try:
            async with self._session.request(method, url, timeout=timeout, **_body(request_data)) as answer:
                return answer.status, await answer.read()
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError):
            raise NeverSent("no connection") from None
        except TimeoutError:
            raise TimedOut from None
        except aiohttp.ClientError as error:
            raise NetworkError(type(error).__name__) from None


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


def _body(data: RequestData | None) -> dict[str, Any]:
    if data is None:
        return {}
    if not data.contains_files:
        return {"data": to_json(data.parameters), "headers": _JSON}
    form = aiohttp.FormData()
    for name, value in data.json_parameters.items():
        form.add_field(name, value)
    for name, (filename, content, mime) in (data.multipart_data or {}).items():
        form.add_field(name, content, filename=filename, content_type=mime)
    return {"data": form}
