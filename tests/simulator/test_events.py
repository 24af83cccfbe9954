"""What a watcher is told over the WebSocket."""

import asyncio
from typing import Any

import aiohttp

from tests.simulator.conftest import BOT_ID
from tests.simulator.http import Visitor


async def told(socket: aiohttp.ClientWebSocketResponse, *, until: str) -> list[Any]:
    """Events up to the first of a kind."""
    heard: list[Any] = []
    async with asyncio.timeout(5):
        while not heard or heard[-1]["event"] != until:
            heard.append(await socket.receive_json())
    return heard


async def test_hello_and_what_follows() -> None:
    async with Visitor() as visitor, visitor.session.ws_connect("/ws") as socket:
        (hello,) = await told(socket, until="hello")
        assert hello["people"] == []
        assert hello["state"]["bots"][0]["id"] == BOT_ID
        await visitor.post("/people/41/text", {"text": "привет"})
        state, message = await told(socket, until="message")
        assert state["state"]["people"][0]["id"] == 41
        assert (message["person"], message["bot"], message["message"]["text"]) == (41, BOT_ID, "привет")
        await visitor.bot("sendMessage", chat_id=41, text="a", reply_markup={"keyboard": [[{"text": "b"}]]})
        message, call = await told(socket, until="call")
        assert message["message"]["outgoing"] is True
        assert message["message"]["reply_markup"]["keyboard"] == [[{"text": "b"}]]
        assert (call["call"]["method"], call["call"]["answer"]["ok"]) == ("sendMessage", True)
        await visitor.post("/control/clock", {"advance": 60})
        (state,) = await told(socket, until="state")
        assert state["state"]["offset"] == 60


async def test_a_watcher_that_left_is_forgotten() -> None:
    async with Visitor() as visitor:
        before = len(visitor.world.listeners)
        async with visitor.session.ws_connect("/ws") as socket:
            await told(socket, until="hello")
            assert len(visitor.world.listeners) == before + 1
        async with asyncio.timeout(5):
            while len(visitor.world.listeners) > before:  # noqa: ASYNC110 - nobody is told that a watcher left
                await asyncio.sleep(0)
        visitor.world.write(41, "a")
