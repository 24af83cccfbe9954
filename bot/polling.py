"""Asks Telegram for updates and confirms them only after their effect is committed.

The next `getUpdates` carries the offset that confirms the last batch, so a process that dies at any moment is
given everything again that it had not committed.
Answers to people are not waited for: the outbox holds them.
"""

import asyncio
from typing import Any

import structlog
from telegram.error import Conflict, InvalidToken, NetworkError, RetryAfter, TelegramError

from bot.api import Api, seconds_of
from bot.clock import Clock
from bot.intake import Intake
from bot.writer import StorageUnavailable

log = structlog.get_logger(__name__)

ALLOWED_UPDATES = ["message", "edited_message", "callback_query", "my_chat_member"]
_LONG_POLL = 25  # seconds Telegram holds an empty answer back
_MARGIN = 10.0
_LONGEST_WAIT = 5.0  # seconds: so soon after an outage families are heard again
_FOR_ANOTHER = 30.0  # each try of ours would interrupt the other poller


class TokenRefused(Exception):
    """Telegram does not know this token (any more): nothing can go on."""


class Polling:
    """One poller."""

    def __init__(self, api: Api, intake: Intake, clock: Clock) -> None:
        self._api, self._intake, self._clock = api, intake, clock

    async def run(self) -> None:
        """Poll until cancelled.

        Raises:
            TokenRefused: the token was revoked or is wrong.
        """
        offset: int | None = None
        wait = 1.0
        while True:
            try:
                updates = await self._ask(offset)
                offset = await self._take(updates, offset)
                wait = 1.0
            except InvalidToken:
                raise TokenRefused from None
            except RetryAfter as error:
                await self._clock.sleep(seconds_of(error))
            except (TelegramError, StorageUnavailable) as error:
                log.warning("polling.waits", error=type(error).__name__, seconds=wait)
                if isinstance(error, Conflict):
                    log.error(
                        "polling.second_poller",
                        mend="another process uses this token; stop it, or use another token",
                    )
                await self._clock.sleep(wait)
                wait = min(wait * 2, _FOR_ANOTHER if isinstance(error, Conflict) else _LONGEST_WAIT)

    async def _ask(self, offset: int | None) -> list[Any]:
        parameters: dict[str, Any] = {"timeout": _LONG_POLL, "allowed_updates": ALLOWED_UPDATES}
        if offset is not None:
            parameters["offset"] = offset
        updates = await self._api.call("getUpdates", parameters, patience=_LONG_POLL + _MARGIN)
        if not isinstance(updates, list):
            raise NetworkError("the answer was not Telegram's")
        return updates

    async def _take(self, updates: list[Any], offset: int | None) -> int | None:
        """Handle a batch together; return the offset that confirms it.

        A person's updates keep their order: each is queued for the writer in the order of the list.

        Raises:
            StorageUnavailable: at least one was not kept; none is confirmed, and those that were kept are
            recognised when they come again.
        """
        results = await asyncio.gather(
            *(self._intake.receive(raw) for raw in updates), return_exceptions=True
        )
        for result in results:
            if isinstance(result, BaseException):
                raise result
        # The last in the list, not the largest: ids may restart at random after an idle week.
        ids = [
            raw["update_id"]
            for raw in updates
            if isinstance(raw, dict) and isinstance(raw.get("update_id"), int)
        ]
        if updates and not ids:
            await self._clock.sleep(1.0)  # nothing can be confirmed, and the same would be asked for at once
        return ids[-1] + 1 if ids else offset
