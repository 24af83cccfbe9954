"""getUpdates that waits."""

import asyncio
import time
from collections.abc import AsyncIterator
from typing import Any

import pytest_asyncio

from tests.simulator.conftest import BOT_ID, TOKEN
from tests.simulator.http import Visitor

CONFLICT = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"


@pytest_asyncio.fixture
async def visitor() -> AsyncIterator[Visitor]:
    async with Visitor() as visitor:
        yield visitor


async def waiting_poll(visitor: Visitor, **params: object) -> asyncio.Task[Any]:
    """A poll that has reached the simulator and waits there."""
    reached: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def hear(event: dict[str, Any]) -> None:
        if event["event"] == "call" and event["call"]["method"] == "getUpdates":
            visitor.world.listeners.remove(hear)
            reached.set_result(None)

    visitor.world.listeners.append(hear)
    poll = asyncio.create_task(visitor.bot("getUpdates", timeout=50, **params))
    await reached
    return poll


async def test_a_poll_ends_as_soon_as_somebody_writes(visitor: Visitor) -> None:
    poll = await waiting_poll(visitor)
    visitor.world.write(41, "/start")
    answer = await poll
    assert [update["message"]["text"] for update in answer["result"]] == ["/start"]


async def test_a_poll_of_another_bot_goes_on(visitor: Visitor) -> None:
    poll = await waiting_poll(visitor)
    visitor.world.bot("9:other")
    visitor.world.write(41, "elsewhere", bot_id=9)
    visitor.world.write(41, "here", bot_id=BOT_ID)
    assert [update["message"]["text"] for update in (await poll)["result"]] == ["here"]


async def test_a_poll_without_news_ends_empty(visitor: Visitor) -> None:
    before = time.monotonic()
    assert await visitor.bot("getUpdates", timeout=0) == {"ok": True, "result": []}
    assert time.monotonic() - before < 1
    assert await visitor.bot("getUpdates", timeout=1) == {"ok": True, "result": []}
    assert time.monotonic() - before >= 1


async def test_the_older_of_two_pollers_gives_way(visitor: Visitor) -> None:
    older = await waiting_poll(visitor)
    newer = await waiting_poll(visitor)
    assert await older == {"ok": False, "error_code": 409, "description": CONFLICT}
    visitor.world.write(41, "a")
    assert len((await newer)["result"]) == 1


async def test_a_stranger_with_a_wrong_token_disturbs_nobody(visitor: Visitor) -> None:
    poll = await waiting_poll(visitor)
    assert await visitor.status("POST", f"/bot{BOT_ID}:wrong/getUpdates") == 401
    visitor.world.write(41, "a")
    assert (await poll)["ok"] is True


async def test_setting_a_webhook_ends_the_poll(visitor: Visitor) -> None:
    poll = await waiting_poll(visitor)
    visitor.world.call(TOKEN, "setWebhook", {"url": "http://127.0.0.1:9/hook"})
    answer = await poll
    assert answer["description"] == "Conflict: terminated by setWebhook request"


async def test_a_poller_that_went_away_takes_nothing_with_it(visitor: Visitor) -> None:
    poll = await waiting_poll(visitor)
    poll.cancel()
    await asyncio.wait([poll])
    visitor.world.write(41, "a")
    answer = await visitor.bot("getUpdates")
    assert [update["message"]["text"] for update in answer["result"]] == ["a"]
