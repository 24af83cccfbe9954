"""Calls of the Bot API on the hot path: plain dicts in, plain dicts out, through python-telegram-bot's
request class and its errors.
"""

import asyncio
import os
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, cast
from urllib.parse import quote

from telegram.error import NetworkError, RetryAfter, TelegramError
from telegram.request import RequestData

from bot.outgoing import Outgoing
from bot.request import BotRequest, Parameters
from bot.uploads import AT_ONCE, RENDERERS, Recipe, Renderer, Upload

# python-telegram-bot's coming default; without it every look at a 429's wait is a warning.
os.environ.setdefault("PTB_TIMEDELTA", "true")

# What these concern stands in their scope (Bot API, BotCommandScope).
_OF_NO_CHAT = frozenset({"setMyCommands", "deleteMyCommands"})
_UPLOAD = 50.0  # seconds for a message with a file; below the lease of its row (bot/outgoing.py)


def seconds_of(error: RetryAfter) -> float:
    """Return how long Telegram asks us to wait."""
    after = error.retry_after
    return after.total_seconds() if isinstance(after, timedelta) else float(after)


@dataclass(frozen=True)
class RemoteFile:
    """Where Telegram keeps a file; its size in bytes where it says so."""

    path: str
    size: int | None


class Api:
    """One bot's methods."""

    def __init__(
        self,
        request: BotRequest,
        api_url: str,
        token: str,
        renderers: Mapping[str, Renderer] = RENDERERS,
    ) -> None:
        self._request, self._renderers = request, renderers
        # One thread: several would only take turns at the interpreter's lock, and at everybody else's cost.
        self._easel = ThreadPoolExecutor(1, "uploads")
        self._base = f"{api_url.rstrip('/')}/bot{token}/"
        self._files = f"{api_url.rstrip('/')}/file/bot{token}/"

    async def call(self, method: str, parameters: dict[str, Any], patience: float | None = None) -> Any:
        """Call a method and return its result.

        Args:
            patience: seconds to wait for the answer, where the usual ones are too few.

        Raises:
            telegram.error.TelegramError: as python-telegram-bot names them; `NeverSent` where no connection
            was made.
        """
        extra = {} if patience is None else {"read_timeout": patience}
        return await self._post(method, Parameters(parameters), **extra)

    async def deliver(self, row: Outgoing) -> int | None:
        """Send one message; return Telegram's id of it where the method gives one."""
        to = {} if row.method in _OF_NO_CHAT else {"chat_id": row.chat_id}
        parameters: dict[str, Any] = {**to, **row.parameters}
        files, patience = None, {}
        if row.draw is not None:
            made = await self._made(row.draw)
            files = {made.parameter: (made.filename, made.content, made.media_type)}
            patience = {"read_timeout": _UPLOAD}
        result = await self._post(row.method, Parameters(parameters, files), **patience)
        return result.get("message_id") if isinstance(result, dict) else None

    async def _made(self, recipe: Recipe) -> Upload:
        name = recipe["render"]
        if name in AT_ONCE:
            return self._renderers[name](recipe)
        return await asyncio.get_running_loop().run_in_executor(self._easel, self._renderers[name], recipe)

    async def find_file(self, file_id: str) -> RemoteFile:
        """Ask where a file can be fetched; the place is good for an hour (Bot API, getFile)."""
        found = await self.call("getFile", {"file_id": file_id})
        path, size = (
            (found.get("file_path"), found.get("file_size")) if isinstance(found, dict) else (None, None)
        )
        if not isinstance(path, str) or not isinstance(size, int | None):
            raise NetworkError("the answer was not Telegram's")
        return RemoteFile(path, size)

    async def download(self, file: RemoteFile, most: int) -> bytes:
        """Fetch a file's bytes, no more than `most`.

        Raises:
            WrongLength: it has more.
            telegram.error.TelegramError: as for calls.
        """
        return await self._request.download(self._files + quote(file.path), most)

    async def _post(self, method: str, parameters: Parameters, **timeouts: float) -> Any:
        try:
            return await self._request.post(self._base + method, cast("RequestData", parameters), **timeouts)
        except TelegramError:
            raise
        except Exception as error:  # noqa: BLE001 - JSON of another shape than Telegram's: whose answer is it?
            raise NetworkError(f"the answer was not Telegram's: {type(error).__name__}") from None
