"""The Bot API over HTTP, as a bot's client meets it."""

import json
import time
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
import pytest_asyncio

from simulator.faults import Fault
from simulator.records import Upload
from tests.simulator.conftest import TOKEN
from tests.simulator.http import Visitor


@pytest_asyncio.fixture
async def visitor() -> AsyncIterator[Visitor]:
    async with Visitor() as visitor:
        visitor.world.write(41, "/start")
        yield visitor


async def test_json_form_multipart_and_address_carry_the_same_call(visitor: Visitor) -> None:
    keyboard = {"inline_keyboard": [[{"text": "Да", "callback_data": "y"}]]}
    typed = {"chat_id": 41, "text": "Добро", "reply_markup": keyboard, "protect_content": True}
    text = {"chat_id": "41", "text": "Добро", "reply_markup": json.dumps(keyboard), "protect_content": "true"}
    multipart = aiohttp.MultipartWriter("form-data")
    for name, value in text.items():
        part = multipart.append(value)
        part.set_content_disposition("form-data", name=name)
    address = f"/bot{TOKEN}/sendMessage"
    answers = []
    bodies: list[dict[str, Any]] = [{"json": typed}, {"data": text}, {"data": multipart}, {"params": text}]
    for body in bodies:
        async with visitor.session.post(address, **body) as response:
            assert response.headers["Content-Type"] == "application/json"
            answers.append((await response.json())["result"])
    async with visitor.session.get(address, params=text) as response:
        answers.append((await response.json())["result"])
    assert [answer["message_id"] for answer in answers] == [2, 3, 4, 5, 6]
    for answer in answers:
        assert (answer["text"], answer["reply_markup"], answer["has_protected_content"]) == (
            "Добро",
            keyboard,
            True,
        )


async def test_files_go_up_and_come_down(visitor: Visitor) -> None:
    form = aiohttp.FormData({"chat_id": "41", "document": "attach://f"})
    form.add_field("f", b"\x00\xffbytes", filename="a.bin", content_type="application/octet-stream")
    async with visitor.session.post(f"/bot{TOKEN}/sendDocument", data=form) as response:
        file_id = (await response.json())["result"]["document"]["file_id"]
    path = (await visitor.bot("getFile", file_id=file_id))["result"]["file_path"]
    async with visitor.session.get(f"/file/bot{TOKEN}/{path}") as response:
        assert await response.read() == b"\x00\xffbytes"
    assert await visitor.status("GET", f"/file/bot{TOKEN}/documents/none") == 404
    assert await visitor.status("GET", f"/file/bot9:other/{path}") == 401


async def test_downloads_have_faults_of_their_own(visitor: Visitor) -> None:
    file = visitor.world.keep_file("document", Upload("a.bin", b"bytes" * 1000))
    address = f"/file/bot{TOKEN}/{file.path}"
    kinds: list[Any] = ["429", "500", "garbage", "drop", "outage"]
    for kind in kinds:
        # This client asks a second time by itself where nothing was answered.
        visitor.world.faults.add(Fault(kind, methods=("download",), count=2 if kind == "outage" else 1))
    assert (await visitor.bot("getFile", file_id=file.file_id))["ok"]
    async with visitor.session.get(address) as response:
        assert (response.status, response.headers["Retry-After"]) == (429, "5")
    assert await visitor.status("GET", address) == 500
    async with visitor.session.get(address) as response:
        assert (await response.text()).startswith("<html>")
    with pytest.raises(aiohttp.ClientPayloadError):
        async with visitor.session.get(address) as response:
            await response.read()
    with pytest.raises(aiohttp.ServerDisconnectedError):
        await visitor.status("GET", address)
    async with visitor.session.get(address) as response:
        assert len(await response.read()) == 5000


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        (f"/bot{TOKEN}/sendMesage", 404, "Not Found"),
        ("/botnonsense/getMe", 401, "Unauthorized"),
        ("/bot1:x", 404, "Not Found"),
        (f"/bot{TOKEN}/sendMessage", 400, "Bad Request: chat_id is empty"),
    ],
)
async def test_refusals_keep_their_form(visitor: Visitor, path: str, status: int, words: str) -> None:
    async with visitor.session.post(path, json={}) as response:
        assert response.status == status
        assert await response.json() == {"ok": False, "error_code": status, "description": words}


@pytest.mark.parametrize("body", [b"{", b"[]", b"\xff"])
async def test_a_body_that_is_no_json_object_is_refused(visitor: Visitor, body: bytes) -> None:
    headers = {"Content-Type": "application/json"}
    async with visitor.session.post(f"/bot{TOKEN}/getMe", data=body, headers=headers) as response:
        assert response.status == 400


async def test_429_says_when_to_come_back_in_both_places(visitor: Visitor) -> None:
    visitor.world.faults.add(Fault("429", retry_after=17))
    async with visitor.session.post(f"/bot{TOKEN}/getMe") as response:
        assert (response.status, response.headers["Retry-After"]) == (429, "17")
        assert (await response.json())["parameters"] == {"retry_after": 17}


async def test_a_dropped_answer_is_a_closed_connection_after_the_work(visitor: Visitor) -> None:
    visitor.world.faults.add(Fault("drop", count=1))
    with pytest.raises(aiohttp.ServerDisconnectedError):
        await visitor.bot("sendMessage", chat_id=41, text="a")
    assert visitor.world.chat(41)[-1]["text"] == "a"
    assert (await visitor.bot("getMe"))["ok"] is True


async def test_garbage_and_slow_answers_over_the_wire(visitor: Visitor) -> None:
    visitor.world.faults.add(Fault("garbage", count=1))
    async with visitor.session.post(f"/bot{TOKEN}/getMe") as response:
        assert (await response.text()).startswith("<html>")
    visitor.world.faults.add(Fault("slow", seconds=0.05, count=1))
    before = time.monotonic()
    assert (await visitor.bot("getMe"))["ok"] is True
    assert time.monotonic() - before >= 0.05


async def test_lone_surrogates_and_nul_do_not_stop_it(visitor: Visitor) -> None:
    answer = await visitor.bot("sendMessage", chat_id=41, text="a\x00b")
    assert answer["result"]["text"] == "a b"
    raw = b'{"chat_id":41,"text":"\\ud83d"}'
    headers = {"Content-Type": "application/json"}
    async with visitor.session.post(f"/bot{TOKEN}/sendMessage", data=raw, headers=headers) as response:
        assert response.status == 200
