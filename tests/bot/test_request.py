"""The way to the Bot API: what left, what may have left, what was refused; and no word of the token in any error."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiohttp import web
from telegram.error import (
    BadRequest,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from bot.api import Api, seconds_of
from bot.outgoing import Outgoing
from bot.request import HttpRequest, NeverSent
from tests.bot.test_webhook import free_port
from tests.machine import TOKEN

_SECRET = TOKEN.partition(":")[2]
Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass
class BotApi:
    """A small real server in Telegram's place."""

    answer: Answer
    url: str = ""
    got: list[Any] = field(default_factory=list)

    async def take(self, request: web.Request) -> web.StreamResponse:
        if request.content_type.startswith("multipart/"):
            form = await request.post()
            self.got.append({name: self._part(value) for name, value in form.items()})
        else:
            self.got.append(await request.json())
        return await self.answer(request)

    @staticmethod
    def _part(value: Any) -> Any:
        if isinstance(value, web.FileField):
            return value.filename, value.content_type, value.file.read()
        return value


async def fine(_request: web.Request) -> web.StreamResponse:
    return web.json_response({"ok": True, "result": {"message_id": 7}})


@pytest.fixture
async def telegram() -> AsyncIterator[BotApi]:
    server, port = BotApi(fine), free_port()
    application = web.Application()
    application.router.add_route("*", "/{rest:.*}", server.take)
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    server.url = f"http://127.0.0.1:{port}"
    yield server
    await runner.cleanup()


@pytest.fixture
async def request_() -> AsyncIterator[HttpRequest]:
    request = HttpRequest(read_timeout=5)
    await request.initialize()
    yield request
    await request.shutdown()


@pytest.fixture
def api(telegram: BotApi, request_: HttpRequest) -> Api:
    return Api(request_, telegram.url, TOKEN)


def without_the_token(error: BaseException) -> None:
    """Neither the error nor anything it came from says the token."""
    seen: BaseException | None = error
    while seen is not None:
        for text in (str(seen), repr(seen), repr(seen.__dict__)):
            assert _SECRET not in text
        seen = seen.__cause__ or (None if seen.__suppress_context__ else seen.__context__)


async def refused(api: Api, kind: type[TelegramError], patience: float | None = None) -> TelegramError:
    with pytest.raises(kind) as caught:
        await api.call("sendMessage", {"chat_id": 1, "text": "x"}, patience)
    assert type(caught.value) is kind
    without_the_token(caught.value)
    return caught.value


async def test_a_call_is_a_json_body(api: Api, telegram: BotApi) -> None:
    markup = {"inline_keyboard": [[{"text": "Да", "callback_data": "x:yes"}]]}
    result = await api.call("sendMessage", {"chat_id": 5, "text": "Здравствуйте", "reply_markup": markup})
    assert result == {"message_id": 7}
    assert telegram.got == [{"chat_id": 5, "text": "Здравствуйте", "reply_markup": markup}]


async def test_a_picture_goes_as_a_form_with_its_bytes(api: Api, telegram: BotApi) -> None:
    draw = {
        "render": "reference",
        "reference": "HW-ABCD-EFGH",
        "link": "https://t.me/SomeBot?start=HW-ABCD-EFGH",
    }
    row = Outgoing(1, 2, 5, "k", "sendPhoto", {"caption": "Ваш номер", "parse_mode": "HTML"}, draw)
    assert await api.deliver(row) == 7
    sent = telegram.got[0]
    filename, kind, content = sent.pop("photo")
    assert sent == {"chat_id": "5", "caption": "Ваш номер", "parse_mode": "HTML"}
    assert (filename, kind, content[:8]) == ("reference.png", "image/png", b"\x89PNG\r\n\x1a\n")


async def test_no_connection_means_never_sent(request_: HttpRequest) -> None:
    await refused(Api(request_, f"http://127.0.0.1:{free_port()}", TOKEN), NeverSent)


async def test_a_name_that_leads_nowhere_means_never_sent(request_: HttpRequest) -> None:
    await refused(Api(request_, "http://no-such-host.invalid", TOKEN), NeverSent)


async def test_a_dropped_answer_may_have_arrived(api: Api, telegram: BotApi) -> None:
    async def drop(request: web.Request) -> web.StreamResponse:
        assert request.transport is not None
        request.transport.abort()
        return web.Response()

    telegram.answer = drop
    error = await refused(api, NetworkError)
    assert not isinstance(error, NeverSent)
    assert len(telegram.got) == 1, "it is not repeated behind our back"


async def test_an_answer_that_ends_in_the_middle_may_have_arrived(api: Api, telegram: BotApi) -> None:
    async def half(request: web.Request) -> web.StreamResponse:
        answer = web.StreamResponse(headers={"Content-Length": "1000"})
        await answer.prepare(request)
        await answer.write(b'{"ok":true,')
        assert request.transport is not None
        request.transport.abort()
        return answer

    telegram.answer = half
    await refused(api, NetworkError)


async def test_an_answer_that_does_not_come_in_time(api: Api, telegram: BotApi) -> None:
    never = asyncio.Event()

    async def slow(_request: web.Request) -> web.StreamResponse:
        await never.wait()
        return web.Response()

    telegram.answer = slow
    await refused(api, TimedOut, patience=0.05)
    never.set()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>nginx</html>",
        b"\xff",
        b"[]",
        b"null",
        b"{}",
        b'{"ok":true}',
        b"[" * 100_000,
        b'{"result": NaN',
    ],
    ids=lambda body: repr(body[:20]),
)
async def test_garbage_is_a_network_error(api: Api, telegram: BotApi, body: bytes) -> None:
    async def garbage(_request: web.Request) -> web.StreamResponse:
        return web.Response(body=body)

    telegram.answer = garbage
    await refused(api, NetworkError)


@pytest.mark.parametrize(
    ("status", "said", "kind"),
    [
        (400, "Bad Request: chat not found", BadRequest),
        (401, "Unauthorized", InvalidToken),
        (403, "Forbidden: bot was blocked by the user", Forbidden),
        (500, "Internal Server Error", NetworkError),
        (502, "Bad Gateway", NetworkError),
    ],
)
async def test_what_telegram_says_is_told_apart(
    api: Api, telegram: BotApi, status: int, said: str, kind: type[TelegramError]
) -> None:
    async def refuse(_request: web.Request) -> web.StreamResponse:
        body = {"ok": False, "error_code": status, "description": said}
        return web.json_response(body, status=status)

    telegram.answer = refuse
    assert (await refused(api, kind)).message.lower().endswith(said.removeprefix("Bad Request: ").lower())


@pytest.mark.parametrize("parameters", ["x", 5, [], {"retry_after": "soon"}, {"retry_after": None}])
async def test_an_odd_refusal_is_still_an_error_of_telegrams(
    api: Api, telegram: BotApi, parameters: Any
) -> None:
    async def refuse(_request: web.Request) -> web.StreamResponse:
        body = {"ok": False, "error_code": 429, "description": "Too Many Requests", "parameters": parameters}
        return web.json_response(body, status=429)

    telegram.answer = refuse
    with pytest.raises(TelegramError) as caught:
        await api.call("getMe", {})
    without_the_token(caught.value)


async def test_too_many_requests_says_for_how_long(api: Api, telegram: BotApi) -> None:
    async def refuse(_request: web.Request) -> web.StreamResponse:
        body = {"ok": False, "error_code": 429, "description": "Too Many", "parameters": {"retry_after": 41}}
        return web.json_response(body, status=429)

    telegram.answer = refuse
    error = await refused(api, RetryAfter)
    assert isinstance(error, RetryAfter)
    assert seconds_of(error) == 41.0


async def test_before_the_start_nothing_is_sent(telegram: BotApi) -> None:
    with pytest.raises(TelegramError) as caught:
        await Api(HttpRequest(), telegram.url, TOKEN).call("getMe", {})
    without_the_token(caught.value)
    assert telegram.got == []
