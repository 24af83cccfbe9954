"""A person's side and the controls over HTTP (docs/simulator.md)."""

from collections.abc import AsyncIterator

import aiohttp
import pytest
import pytest_asyncio

from simulator.world import World
from tests.simulator.conftest import BOT_ID
from tests.simulator.http import Visitor


@pytest_asyncio.fixture
async def visitor() -> AsyncIterator[Visitor]:
    async with Visitor() as visitor:
        yield visitor


async def test_a_person_is_made_written_and_read(visitor: Visitor) -> None:
    async with visitor.session.put(
        "/people/41", json={"first_name": "Хадижат", "language_code": "ru"}
    ) as response:
        assert (await response.json())["first_name"] == "Хадижат"
    sent = await visitor.post("/people/41/text", {"text": "/start"})
    assert sent == {"message_id": 1, "update_id": visitor.world.bots[BOT_ID].queue.waiting[0].update_id}
    keyboard = {"inline_keyboard": [[{"text": "Да", "callback_data": "y"}]]}
    await visitor.bot("sendMessage", chat_id=41, text="a", reply_markup=keyboard)
    screen = await visitor.get("/people/41/chat")
    assert [(m["text"], m.get("outgoing", False)) for m in screen["messages"]] == [
        ("/start", False),
        ("a", True),
    ]
    assert set(screen) == {"messages", "commands", "toasts", "menu_button", "reply_keyboard"}
    pressed = await visitor.post("/people/41/press", {"message_id": 2, "label": "Да"})
    assert set(pressed) == {"callback_query_id", "update_id"}
    (person,) = await visitor.get("/people")
    assert (person["id"], person["language_code"], person["blocked"]) == (41, "ru", False)


@pytest.mark.parametrize(
    ("act", "body", "kind"),
    [
        ("contact", {"phone_number": "+79280000000", "first_name": "A"}, "contact"),
        ("location", {"latitude": 43.3, "longitude": 45.7}, "location"),
        ("sticker", {}, "sticker"),
        ("forward", {"text": "a", "from_name": "B"}, "forward_origin"),
    ],
)
async def test_other_kinds_of_message(visitor: Visitor, act: str, body: object, kind: str) -> None:
    await visitor.post(f"/people/41/{act}", body)
    assert kind in visitor.world.chat(41)[-1]


async def test_an_uploaded_file_can_be_shown_but_not_run(visitor: Visitor) -> None:
    form = aiohttp.FormData({"caption": "a", "album": "7"})
    form.add_field("file", b"<script>", filename="a.html", content_type="text/html")
    async with visitor.session.post("/people/41/document", data=form) as response:
        assert response.status == 200
    message = visitor.world.chat(41)[-1]
    assert (message["caption"], message["media_group_id"]) == ("a", "7")
    async with visitor.session.get(f"/files/{message['document']['file_id']}") as response:
        assert await response.read() == b"<script>"
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["Content-Security-Policy"] == "sandbox"


@pytest.mark.parametrize(
    ("path", "body", "status", "words"),
    [
        ("/people/41/text", {}, 400, "text is missing or unknown"),
        ("/people/41/text", {"text": " "}, 409, "an empty message cannot be sent"),
        ("/people/41/press", {"message_id": 1, "label": "x"}, 409, "the message has no button 'x'"),
        ("/people/41/dance", {}, 404, "Not Found"),
        ("/people/0/text", {"text": "a"}, 404, "a person's id is a positive integer, not 0"),
        ("/people/41/photo", {}, 400, "the body has no file"),
        ("/groups/-5/text", {"person": 1, "text": "a"}, 400, "-5 is missing or unknown"),
        ("/control/faults", {"kind": "teapot"}, 400, "kind is one of"),
        ("/control/limits", {"per_chat": 0}, 400, "overall and per_chat are numbers above 0"),
        ("/control/clock", {}, 400, "advance is missing or unknown"),
        ("/control/bot", {"action": "kill"}, 404, "nobody runs the bot from here"),
        ("/control/bot", {"action": "dance"}, 400, "action is kill or start"),
    ],
)
async def test_what_cannot_be_done_is_explained(
    visitor: Visitor, path: str, body: object, status: int, words: str
) -> None:
    async with visitor.session.post(path, json=body) as response:
        assert response.status == status
        assert (await response.json())["error"].startswith(words)


async def test_blocking_and_groups(visitor: Visitor) -> None:
    await visitor.post("/people/41/text", {"text": "a"})
    await visitor.post("/people/41/block")
    assert await visitor.status("POST", "/people/41/text", {"text": "b"}) == 409
    await visitor.post("/people/41/unblock")
    await visitor.post("/groups/-5/add", {"person": 41, "title": "Staff"})
    await visitor.post("/groups/-5/text", {"person": 41, "text": "c"})
    assert [m["text"] for m in (await visitor.get("/groups/-5/chat"))["messages"]] == ["c"]


async def test_another_bot_is_named_in_the_address(visitor: Visitor) -> None:
    visitor.world.bot("9:x")
    await visitor.post("/people/41/text?bot=9", {"text": "to nine"})
    assert (await visitor.get("/people/41/chat"))["messages"] == []
    assert len((await visitor.get("/people/41/chat?bot=9"))["messages"]) == 1


async def test_without_a_bot_people_wait_but_the_page_can_be_read() -> None:
    async with Visitor() as visitor:
        visitor.world.bots.clear()
        assert await visitor.get("/people") == []
        assert await visitor.status("POST", "/people/41/text", {"text": "a"}) == 404


def test_the_world_needs_no_server() -> None:
    assert World().call("1:x", "getMe").ok
