"""aiogram 3 with its memory storage, on uvloop: the quickest way that its documentation offers. It keeps nothing."""

import sys
from typing import Any

from aiogram import Dispatcher
from aiogram.fsm.storage.memory import MemoryStorage

from bench.peers import aiogram_conversation


def main(api_url: str) -> None:
    requests: dict[str, dict[str, Any]] = {}

    async def keep(reference: str, record: dict[str, Any]) -> None:
        requests[reference] = record

    dispatcher = Dispatcher(storage=MemoryStorage())
    dispatcher.include_router(aiogram_conversation.family)
    dispatcher.run_polling(aiogram_conversation.make_bot(api_url), keep=keep)


if __name__ == "__main__":
    main(sys.argv[1])
