"""Delivery to a real receiver over HTTP."""

import asyncio
import contextlib
import itertools
from collections.abc import AsyncIterator
from typing import Any

import pytest_asyncio
from aiohttp import web
from aiohttp.test_utils import TestServer

from simulator.answers import Json
from simulator.webhooks import lane
from tests.simulator.conftest import BOT_ID, TOKEN, Bot
from tests.simulator.http import Visitor


class Receiver:
    """A bot's webhook: keeps what comes, and answers as it is told."""

    def __init__(self) -> None:
        self.came: asyncio.Queue[web.Request] = asyncio.Queue()
        self.updates: list[Any] = []
        self.answers: list[int] = []
        self.says: object = None
        self.gate = asyncio.Event()
        self.gate.set()
        application = web.Application()
        application.router.add_post("/hook", self._take)
        self.server = TestServer(application)

    async def _take(self, request: web.Request) -> web.Response:
        self.updates.append(await request.json())
        self.came.put_nowait(request)
        await self.gate.wait()
        status = self.answers.pop(0) if self.answers else 200
        return web.json_response(self.says, status=status)

    @property
    def url(self) -> str:
        return str(self.server.make_url("/hook"))

    async def next(self) -> web.Request:
        async with asyncio.timeout(5):
            return await self.came.get()


@pytest_asyncio.fixture
async def receiver() -> AsyncIterator[Receiver]:
    receiver = Receiver()
    async with receiver.server:
        yield receiver


@pytest_asyncio.fixture
async def visitor() -> AsyncIterator[Visitor]:
    async with Visitor() as visitor:
        yield visitor


@contextlib.asynccontextmanager
async def until(visitor: Visitor, event: str, count: int = 1) -> AsyncIterator[None]:
    """Leaves when the world has told of so many such events since entering."""
    told: asyncio.Queue[None] = asyncio.Queue()

    def hear(heard: Json) -> None:
        if heard["event"] == event:
            told.put_nowait(None)

    visitor.world.listeners.append(hear)
    yield
    async with asyncio.timeout(5):
        for _ in range(count):
            await told.get()
    visitor.world.listeners.remove(hear)


async def test_an_update_comes_with_the_secret_and_is_confirmed(visitor: Visitor, receiver: Receiver) -> None:
    visitor.world.call(TOKEN, "setWebhook", {"url": receiver.url, "secret_token": "made-up_secret"})
    async with until(visitor, "delivered"):
        update_id = visitor.world.write(41, "/start")["update_id"]
    request = await receiver.next()
    assert request.headers["X-Telegram-Bot-Api-Secret-Token"] == "made-up_secret"
    assert request.headers["Content-Type"] == "application/json"
    assert visitor.world.bots[BOT_ID].queue.confirmed == {update_id}
    assert [update["update_id"] for update in receiver.updates] == [update_id]


async def test_what_waited_before_the_webhook_comes_too(visitor: Visitor, receiver: Receiver) -> None:
    visitor.world.write(41, "a")
    visitor.world.call(TOKEN, "setWebhook", {"url": receiver.url})
    request = await receiver.next()
    assert "X-Telegram-Bot-Api-Secret-Token" not in request.headers


async def test_a_refused_update_comes_again_until_it_is_taken(visitor: Visitor, receiver: Receiver) -> None:
    receiver.answers = [500, 403, 302]
    visitor.world.call(TOKEN, "setWebhook", {"url": receiver.url})
    async with until(visitor, "delivered"):
        visitor.world.write(41, "a")
    assert len(receiver.updates) == 4
    assert len({update["update_id"] for update in receiver.updates}) == 1
    info = Bot(visitor.world)("getWebhookInfo")
    assert info["last_error_message"] == "Wrong response from the webhook: 302 Found"
    assert info["pending_update_count"] == 0


async def test_nobody_there_is_written_down_and_tried_again(visitor: Visitor, receiver: Receiver) -> None:
    await receiver.server.start_server()
    url = receiver.url
    await receiver.server.close()
    visitor.world.call(TOKEN, "setWebhook", {"url": url})
    async with until(visitor, "undelivered", count=2):
        visitor.world.write(41, "a")
    info = Bot(visitor.world)("getWebhookInfo")
    assert info["last_error_message"].startswith("Connection failed")
    assert info["pending_update_count"] == 1


async def test_one_chat_s_messages_keep_their_order_and_hold_up_no_other(
    visitor: Visitor, receiver: Receiver
) -> None:
    visitor.world.call(TOKEN, "setWebhook", {"url": receiver.url})
    receiver.gate.clear()
    for person, text in itertools.product((41, 42), "abc"):
        visitor.world.write(person, text)
    for _ in range(2):
        await receiver.next()
    assert [(u["message"]["from"]["id"], u["message"]["text"]) for u in receiver.updates] == [
        (41, "a"),
        (42, "a"),
    ]
    async with until(visitor, "delivered", count=6):
        receiver.gate.set()
    for person in (41, 42):
        texts = [u["message"]["text"] for u in receiver.updates if u["message"]["from"]["id"] == person]
        assert texts == ["a", "b", "c"]


async def test_no_more_connections_than_asked_for(visitor: Visitor, receiver: Receiver) -> None:
    visitor.world.call(TOKEN, "setWebhook", {"url": receiver.url, "max_connections": 2})
    receiver.gate.clear()
    for person in range(1, 6):
        visitor.world.write(person, "a")
    for _ in range(2):
        await receiver.next()
    assert len(receiver.updates) == 2
    async with until(visitor, "delivered", count=5):
        receiver.gate.set()


async def test_deleting_the_webhook_stops_delivery(visitor: Visitor, receiver: Receiver) -> None:
    receiver.answers = [500] * 1000
    visitor.world.call(TOKEN, "setWebhook", {"url": receiver.url})
    visitor.world.write(41, "a")
    await receiver.next()
    visitor.world.call(TOKEN, "deleteWebhook")
    assert [u["message"]["text"] for u in (await visitor.bot("getUpdates"))["result"]] == ["a"]


async def test_the_answer_may_be_a_call(visitor: Visitor, receiver: Receiver) -> None:
    receiver.says = {"method": "sendMessage", "chat_id": 41, "text": "at once"}
    visitor.world.call(TOKEN, "setWebhook", {"url": receiver.url})
    async with until(visitor, "delivered"):
        visitor.world.write(41, "a")
    assert visitor.world.chat(41)[-1]["text"] == "at once"


def test_messages_and_presses_of_one_person_are_in_different_lanes() -> None:
    chat = {"id": 5, "type": "private"}
    message = {"message_id": 1, "chat": chat, "from": {"id": 5}}
    assert lane({"update_id": 1, "message": message}) == lane({"update_id": 2, "edited_message": message})
    press = {"id": "1", "from": {"id": 5}, "message": message}
    assert lane({"update_id": 3, "callback_query": press}) != lane({"update_id": 1, "message": message})
    assert lane({"update_id": 4, "message": "nonsense"}) == "other"
