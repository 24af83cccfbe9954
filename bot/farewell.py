"""One sentence to a group or channel, and out of it. Best effort: nobody there waits for an answer."""

from typing import Any

import structlog
from telegram.error import BadRequest, ChatMigrated, Forbidden, NetworkError, RetryAfter, TelegramError

from bot.api import Api, seconds_of
from bot.clock import Clock
from bot.outgoing import Lane
from bot.pace import Pace
from bot.request import NeverSent

log = structlog.get_logger(__name__)

_MOST_TRIES = 5


class Farewell:
    """Says it once, and leaves; what is not certain to have failed is not said again."""

    def __init__(self, api: Api, clock: Clock, pace: Pace) -> None:
        self._api, self._clock, self._pace = api, clock, pace

    async def say(self, chat_id: int, sentence: str | None) -> None:
        """Say the sentence, if there is one to be said, and leave the chat."""
        if sentence is not None:
            await self._pace.turn(Lane.BULK)  # never before a family
            chat_id = await self._try("sendMessage", chat_id, {"text": sentence})
        await self._try("leaveChat", chat_id, {}, again_in_doubt=True)

    async def _try(
        self, method: str, chat_id: int, parameters: dict[str, Any], *, again_in_doubt: bool = False
    ) -> int:
        """Call it until it is settled or there is no more point; return the chat's id, which may have changed."""
        for tries in range(_MOST_TRIES):
            try:
                await self._api.call(method, {"chat_id": chat_id, **parameters})
            except ChatMigrated as error:
                chat_id = error.new_chat_id
            except RetryAfter as error:
                await self._clock.sleep(seconds_of(error))
            except (BadRequest, Forbidden) as error:  # it may not write there, or is out already
                log.debug("farewell.refused", method=method, error=type(error).__name__)
                break
            except NetworkError as error:
                if not isinstance(error, NeverSent) and not again_in_doubt:
                    break
                await self._clock.sleep(2.0**tries)
            except TelegramError as error:
                log.warning("farewell.failed", method=method, error=type(error).__name__)
                break
            else:
                break
        return chat_id
