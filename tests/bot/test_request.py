"""The way to the Bot API: what left, what may have left, what was refused; and no word of the token in any error."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
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

from bot.api import Api, RemoteFile, seconds_of
from bot.outgoing import Outgoing
from bot.request import HttpRequest, NeverSent, WrongLength
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
        elif request.method == "POST":
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


@pytest.mark.parametrize(
    ("answer", "read"),
    [
        (b'{"ok":true,"result":{"message_id":7,"from":{"id":1},"text":"\\ud800"}}', {"message_id": 7}),
        (b'{"ok": true, "result": {"message_id": 8}}', {"message_id": 8}),
        (b'{"ok":true,"result":{"message_id":"9"}}', {"message_id": "9"}),
        (b'{"ok":true,"result":{"chat":{"id":1},"message_id":7}}', {"chat": {"id": 1}, "message_id": 7}),
        (b'{"ok":true,"result":[{"update_id":5}]}', [{"update_id": 5}]),
        (b'{"ok":true,"result":true}', True),
    ],
)
def test_of_a_sent_message_its_id_alone_is_read(answer: bytes, read: Any) -> None:
    assert HttpRequest.parse_json_payload(answer)["result"] == read


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


class TestDownloads:
    """Files, of which no more is read than they may have."""

    @staticmethod
    def sends(content: bytes, status: int = 200, **headers: str) -> Answer:
        async def answer(_request: web.Request) -> web.StreamResponse:
            return web.Response(body=content, status=status, headers={"Retry-After": "41", **headers})

        return answer

    @staticmethod
    async def refused(api: Api, kind: type[TelegramError], most: int = 1000) -> TelegramError:
        with pytest.raises(kind) as caught:
            await api.download(RemoteFile("documents/file 1.pdf", None), most)
        assert type(caught.value) is kind
        without_the_token(caught.value)
        return caught.value

    async def test_a_file_comes_whole(self, api: Api, telegram: BotApi) -> None:
        content = bytes(range(256)) * 8_000
        telegram.answer = self.sends(content)
        assert await api.download(RemoteFile("documents/file 1.pdf", None), len(content)) == content
        telegram.answer = self.sends(b"")
        assert await api.download(RemoteFile("documents/file_2.pdf", None), 5) == b""

    async def test_what_never_ends_is_left(self, api: Api, telegram: BotApi) -> None:
        sent = 0

        async def endless(request: web.Request) -> web.StreamResponse:
            nonlocal sent
            answer = web.StreamResponse()
            await answer.prepare(request)
            while sent < 200 * 1024 * 1024:
                await answer.write(bytes(64 * 1024))
                sent += 64 * 1024
            return answer

        telegram.answer = endless
        await self.refused(api, WrongLength, most=1024 * 1024)
        assert sent < 50 * 1024 * 1024

    async def test_a_byte_more_is_too_much(self, api: Api, telegram: BotApi) -> None:
        telegram.answer = self.sends(b"x" * 1001)
        await self.refused(api, WrongLength)

    @pytest.mark.parametrize(
        ("status", "kind"),
        [(401, InvalidToken), (404, BadRequest), (429, RetryAfter), (500, NetworkError), (302, NetworkError)],
    )
    async def test_what_is_answered_instead_is_told_apart(
        self, api: Api, telegram: BotApi, status: int, kind: type[TelegramError]
    ) -> None:
        telegram.answer = self.sends(b'{"ok":false}', status)
        error = await self.refused(api, kind)
        if isinstance(error, RetryAfter):
            assert seconds_of(error) == 41

    async def test_a_429_that_does_not_say_how_long_still_waits(self, api: Api, telegram: BotApi) -> None:
        telegram.answer = self.sends(b"", 429, **{"Retry-After": "soon"})
        error = await self.refused(api, RetryAfter)
        assert isinstance(error, RetryAfter)
        assert seconds_of(error) == 30

    async def test_a_line_that_breaks_in_the_middle(self, api: Api, telegram: BotApi) -> None:
        async def half(request: web.Request) -> web.StreamResponse:
            answer = web.StreamResponse(headers={"Content-Length": "1000"})
            await answer.prepare(request)
            await answer.write(b"x" * 500)
            assert request.transport is not None
            request.transport.abort()
            return answer

        telegram.answer = half
        await self.refused(api, NetworkError)

    async def test_what_trickles_is_given_up(
        self, api: Api, telegram: BotApi, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("bot.request._DOWNLOAD", timedelta(seconds=0.2))
        never = asyncio.Event()

        async def trickle(request: web.Request) -> web.StreamResponse:
            answer = web.StreamResponse()
            await answer.prepare(request)
            await answer.write(b"x")
            await never.wait()
            return answer

        telegram.answer = trickle
        await self.refused(api, TimedOut)
        never.set()

    async def test_no_connection_means_never_sent(self, request_: HttpRequest) -> None:
        await self.refused(Api(request_, f"http://127.0.0.1:{free_port()}", TOKEN), NeverSent)

    @pytest.mark.parametrize(
        "result", [None, [], "x", {}, {"file_path": 5}, {"file_path": "a", "file_size": "b"}]
    )
    async def test_a_place_that_is_none_is_no_place(self, api: Api, telegram: BotApi, result: Any) -> None:
        async def answer(_request: web.Request) -> web.StreamResponse:
            return web.json_response({"ok": True, "result": result})

        telegram.answer = answer
        with pytest.raises(NetworkError):
            await api.find_file("id")
