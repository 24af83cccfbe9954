"""The outermost edge of the tests: a request class that talks to the simulator's world in this process,
without a socket.
"""

import json
from http import HTTPStatus
from typing import Any
from urllib.parse import unquote, urlsplit

from telegram.error import BadRequest, InvalidToken, NetworkError, RetryAfter
from telegram.request import RequestData

from bot.request import BotRequest, HttpRequest, WrongLength
from simulator.downloads import download
from simulator.records import Upload
from simulator.world import World


class WorldRequest(BotRequest):
    """Takes the calls of one bot to the world, as bot/request.py takes them to Telegram."""

    def __init__(self, world: World) -> None:
        self.world = world

    @property
    def read_timeout(self) -> float:
        return 1.0

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        return HttpRequest.parse_json_payload(payload)

    async def initialize(self) -> None: ...

    async def shutdown(self) -> None: ...

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = None,
        write_timeout: Any = None,
        connect_timeout: Any = None,
        pool_timeout: Any = None,
    ) -> tuple[int, bytes]:
        _, bot, name = urlsplit(url).path.split("/")
        # Through JSON and back, as over the wire: nothing may be shared between the two sides.
        parameters = json.loads(json.dumps(request_data.parameters if request_data else {}))
        answer = self.world.call(bot.removeprefix("bot"), name, parameters, _uploads(request_data))
        if answer.dropped:
            raise NetworkError("ServerDisconnectedError")
        return answer.status, answer.payload()

    async def download(self, url: str, most: int) -> bytes:
        _, _, bot, path = unquote(urlsplit(url).path).split("/", 3)
        found = download(self.world, bot.removeprefix("bot"), path)
        if found.dropped:
            raise NetworkError("ServerDisconnectedError")
        if found.retry_after is not None:
            raise RetryAfter(found.retry_after)
        if found.status == HTTPStatus.UNAUTHORIZED:
            raise InvalidToken
        if found.status != HTTPStatus.OK:
            kind = NetworkError if found.status >= HTTPStatus.INTERNAL_SERVER_ERROR else BadRequest
            raise kind(f"status {found.status}")
        if len(found.content) > most:
            raise WrongLength("more bytes than were announced")
        return found.content


def _uploads(data: RequestData | None) -> dict[str, Upload]:
    if data is None or not data.contains_files:
        return {}
    return {
        name: Upload(filename, content if isinstance(content, bytes) else content.read(), mime)
        for name, (filename, content, mime) in (data.multipart_data or {}).items()
    }
