"""Takes updates from Telegram over HTTP.

The secret is required; an answer of 200 means that the update's effect is committed.
"""

import hmac
import json

import structlog
from aiohttp import web

from bot.intake import Intake
from bot.writer import StorageUnavailable

log = structlog.get_logger(__name__)

_SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the header's name (Bot API, setWebhook)
_TO_FINISH = 3.0  # seconds granted at a stop to requests under way
_LARGEST_BODY = 1_048_576  # bytes; an update is far smaller


class Webhook:
    """An HTTP server with one route."""

    def __init__(self, intake: Intake, secret: str, path: str) -> None:
        self._intake, self._secret = intake, secret.encode()
        self._application = web.Application(client_max_size=_LARGEST_BODY)
        self._application.router.add_post(path, self._post)
        self._runner = web.AppRunner(self._application, access_log=None, shutdown_timeout=_TO_FINISH)

    async def start(self, listen: str, port: int) -> None:
        await self._runner.setup()
        await web.TCPSite(self._runner, listen, port).start()

    async def stop(self) -> None:
        """Stop listening; requests under way are answered first."""
        await self._runner.cleanup()

    async def _post(self, request: web.Request) -> web.Response:
        given = request.headers.get(_SECRET_HEADER, "").encode(errors="surrogateescape")
        if not hmac.compare_digest(given, self._secret):
            log.warning("webhook.wrong_secret")
            return web.Response(status=403)
        try:
            raw = json.loads(await request.read())
        except (ValueError, RecursionError):
            log.warning("webhook.not_json")
            return web.Response(status=400)
        try:
            await self._intake.receive(raw)
        except StorageUnavailable:
            return web.Response(status=503)  # Telegram delivers it again
        return web.Response()
