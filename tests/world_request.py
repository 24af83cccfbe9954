"""The outermost edge of the tests: a request class that talks to the simulator's world in this process,
without a socket.
"""

import json
from typing import Any
from urllib.parse import urlsplit

from telegram.error import NetworkError
from telegram.request import BaseRequest, RequestData

from bot.request import HttpRequest
from simulator.records import Upload
from simulator.world import World


class WorldRequest(BaseRequest):
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


def _uploads(data: RequestData | None) -> dict[str, Upload]:
    if data is None or not data.contains_files:
        return {}
    return {
        name: Upload(filename, content if isinstance(content, bytes) else content.read(), mime)
        for name, (filename, content, mime) in (data.multipart_data or {}).items()
    }
