"""Updates over HTTP: nobody without the secret, and 200 only for what is committed."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import aiohttp
import pytest

from bot.webhook import Webhook
from db.models import Account, SeenUpdate, SetAside
from tests.bot.stage import rows, waiting_updates
from tests.databases import impatient, locked
from tests.machine import Machine

SECRET = "a-secret-of-the-tests_1"
_HEADER = "X-Telegram-Bot-Api-Secret-Token"


@dataclass
class Post:
    """The side that posts."""

    url: str
    session: aiohttp.ClientSession
    webhook: Webhook

    async def __call__(self, body: bytes | Any, secret: str | None = SECRET) -> int:
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        headers = {} if secret is None else {_HEADER: secret}
        async with self.session.post(self.url, data=BytesIO(data), headers=headers) as answer:
            return answer.status


def free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        port: int = trial.getsockname()[1]
        return port


@pytest.fixture
async def post(machine: Machine) -> AsyncIterator[Post]:
    webhook, port = Webhook(machine.homeward.intake, SECRET, "/telegram"), free_port()
    await webhook.start("127.0.0.1", port)
    async with aiohttp.ClientSession() as session:
        yield Post(f"http://127.0.0.1:{port}/telegram", session, webhook)
    await webhook.stop()


def an_update(machine: Machine, text: str = "/start") -> Any:
    machine.world.write(1003, text)
    return waiting_updates(machine)[-1]


async def test_an_update_with_the_secret_is_committed_when_200_comes_back(
    machine: Machine, post: Post
) -> None:
    update = an_update(machine)
    assert await post(update) == 200
    assert [row.update_id for row in rows(machine, SeenUpdate)] == [update["update_id"]]
    await machine.homeward.outbox.idle()
    assert len(machine.person(1003).from_bot) == 1


@pytest.mark.parametrize(
    "secret", [None, "", "wrong", SECRET.upper(), SECRET + "x", SECRET[:-1], "секрет", "\udcff\udcfe"]
)
async def test_without_the_right_secret_nothing_happens(
    machine: Machine, post: Post, secret: str | None
) -> None:
    if secret == "\udcff\udcfe":
        assert await raw_status(post, b"\xff\xfe", json.dumps(an_update(machine)).encode()) == 403
    else:
        assert await post(an_update(machine), secret) == 403
    for table in (Account, SeenUpdate, SetAside):
        assert rows(machine, table) == []


async def raw_status(post: Post, secret: bytes, body: bytes) -> int:
    """Post with a header of raw bytes, which a well-behaved client would not send."""
    port = int(post.url.rpartition(":")[2].partition("/")[0])
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    head = b"POST /telegram HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: %d\r\n" % len(body)
    writer.write(head + _HEADER.encode() + b": " + secret + b"\r\n\r\n" + body)
    await writer.drain()
    status = int((await reader.readline()).split()[1])
    writer.close()
    await writer.wait_closed()
    return status


@pytest.mark.parametrize("body", [b"", b"{", b"\xff\xfe\x00", b"[" * 100_000, b"<html>", b'{"update_id": 1'])
async def test_what_is_not_json_is_refused(machine: Machine, post: Post, body: bytes) -> None:
    assert await post(body) == 400
    assert rows(machine, SetAside) == []


@pytest.mark.parametrize("body", [None, 5, [], "x", {}, {"update_id": 1, "message": 5}])
async def test_json_that_is_no_update_is_set_aside_and_not_asked_for_again(
    machine: Machine, post: Post, body: Any
) -> None:
    assert await post(body) == 200
    assert len(rows(machine, SetAside)) in {0, 1}
    assert await post(an_update(machine)) == 200


async def test_a_huge_body_is_refused(machine: Machine, post: Post) -> None:
    assert await post(b'{"update_id": 1, "a": "' + b"x" * 1_100_000 + b'"}') == 413
    assert rows(machine, SetAside) == []


async def test_when_nothing_could_be_kept_telegram_is_to_come_again(machine: Machine, post: Post) -> None:
    impatient(machine.homeward.engine)
    update = an_update(machine)
    with locked(machine.homeward.engine):
        assert await post(update) == 503
    assert rows(machine, SeenUpdate) == []
    assert await post(update) == 200
    assert await post(update) == 200
    await machine.homeward.outbox.idle()
    assert len(machine.person(1003).from_bot) == 1


async def test_other_ways_in_are_closed(post: Post) -> None:
    for method in ("GET", "PUT", "DELETE"):
        async with post.session.request(method, post.url) as answer:
            assert answer.status == 405
    async with post.session.post(post.url + "/other") as answer:
        assert answer.status == 404


async def test_many_at_once_each_have_their_effect(machine: Machine, post: Post) -> None:
    for number in range(40):
        machine.world.write(2000 + number, "/start")
    assert set(await asyncio.gather(*(post(update) for update in waiting_updates(machine)))) == {200}
    assert len(rows(machine, Account)) == 40


async def test_somebody_who_dawdles_does_not_hold_up_the_stop(post: Post) -> None:
    """A body that never ends; the stop waits for seconds, not for a minute."""
    port = int(post.url.rpartition(":")[2].partition("/")[0])
    _, writer = await asyncio.open_connection("127.0.0.1", port)
    head = f"POST /telegram HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n{_HEADER}: {SECRET}\r\n\r\n"
    writer.write(head.encode() + b"{")
    await writer.drain()
    async with asyncio.timeout(8):
        await post.webhook.stop()
    writer.close()
