"""aiogram 3 with so many messages to as many people: all at once, over the hundred connections of its session."""

import asyncio
import sys

import uvloop

from bench.peers import words
from bench.peers.aiogram_conversation import make_bot


async def send(api_url: str, count: int) -> None:
    bot = make_bot(api_url)
    text = words.CLOSED.format(day="today")
    await bot.me()  # from here on it is measured
    await asyncio.gather(*(bot.send_message(number, text) for number in range(1, count + 1)))
    await bot.session.close()


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(send(sys.argv[1], int(sys.argv[2])))
