"""python-telegram-bot, tuned: eight updates at once, eight connections, nothing written to disk.

A ConversationHandler remembers a person's state only when the handler has returned, and somebody who answers
quickly is then asked with the old one: python-telegram-bot warns of it and advises against concurrency. Who
wants both keeps each person's updates in order, with the library's own seam for it: an update processor.
"""

import asyncio
import sys
import warnings
from collections.abc import Awaitable
from typing import Any

from telegram import Update
from telegram.ext import Application, BaseUpdateProcessor
from telegram.warnings import PTBUserWarning

from bench.peers import TOKEN, ptb_conversation

_AT_ONCE = 8


class InOrder(BaseUpdateProcessor):
    """Several people at once, each person's updates one after the other."""

    def __init__(self, at_once: int) -> None:
        super().__init__(at_once)
        self._last: dict[int, asyncio.Lock] = {}

    async def do_process_update(self, update: object, coroutine: Awaitable[Any]) -> None:
        assert isinstance(update, Update)
        person = update.effective_user.id if update.effective_user else 0
        async with self._last.setdefault(person, asyncio.Lock()):
            await coroutine

    async def initialize(self) -> None:
        pass

    async def shutdown(self) -> None:
        pass


def main(api_url: str) -> None:
    warnings.filterwarnings("ignore", category=PTBUserWarning)  # InOrder is the answer to its warning
    builder = Application.builder().token(TOKEN).base_url(f"{api_url}/bot")
    application = builder.concurrent_updates(InOrder(_AT_ONCE)).connection_pool_size(_AT_ONCE).build()
    application.add_handler(ptb_conversation.handler(persistent=False))
    application.run_polling(allowed_updates=Update.ALL_TYPES)


if __name__ == "__main__":
    main(sys.argv[1])
