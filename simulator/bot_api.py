"""The Bot API over HTTP: `/bot<token>/<method>` and `/file/bot<token>/<path>`."""

import asyncio
import json
from http import HTTPStatus
from typing import Any

from tornado.web import RequestHandler

from simulator.answers import Answer, bad_request
from simulator.downloads import download
from simulator.polling import Pollers
from simulator.records import Upload
from simulator.world import World

Parameters = dict[str, object]
Files = dict[str, Upload]


class BotApi(RequestHandler):
    """JSON, form-encoded and multipart bodies, and parameters in the address."""

    def initialize(self, world: World, pollers: Pollers) -> None:
        self.world = world
        self.pollers = pollers

    async def get(self, token: str, method: str) -> None:
        await self.post(token, method)

    async def post(self, token: str, method: str) -> None:
        try:
            params, files = self._parameters()
        except ValueError:
            self._write(bad_request("can't parse request body as JSON object").answer())
            return
        if method.lower() == "getupdates":
            answer = await self.pollers.poll(token, params, files)
        else:
            answer = self.world.call(token, method, params, files)
        if answer.delay:
            await asyncio.sleep(answer.delay)
        if answer.dropped:
            self.detach().close()
            return
        self._write(answer)

    def _parameters(self) -> tuple[Parameters, Files]:
        # The server takes all values of a name; the last one counts.
        params: Parameters = {
            name: values[-1].decode("utf-8", "surrogatepass")
            for name, values in self.request.arguments.items()
        }
        if self.request.headers.get("Content-Type", "").startswith("application/json") and self.request.body:
            body: Any = json.loads(self.request.body)
            if not isinstance(body, dict):
                raise ValueError("a JSON body must be an object")
            params |= body
        files: Files = {
            name: Upload(sent[-1]["filename"], sent[-1]["body"], sent[-1]["content_type"])
            for name, sent in self.request.files.items()
        }
        return params, files

    def _write(self, answer: Answer) -> None:
        self.set_status(answer.status)
        self.set_header("Content-Type", "application/json" if answer.raw is None else "text/html")
        parameters = answer.body.get("parameters", {})
        if "retry_after" in parameters:
            self.set_header("Retry-After", str(parameters["retry_after"]))
        self.finish(answer.payload())

    def compute_etag(self) -> None:
        """No etag: hashing each answer costs time that a bot's client has no use for."""


class NotFound(RequestHandler):
    """Any other address."""

    def prepare(self) -> None:
        refuse(self, 404, "Not Found")


class BotFile(RequestHandler):
    def initialize(self, world: World) -> None:
        self.world = world

    async def get(self, token: str, path: str) -> None:
        found = download(self.world, token, path)
        if found.delay:
            await asyncio.sleep(found.delay)
        if found.dropped and not found.content:
            self.detach().close()
            return
        if found.status != HTTPStatus.OK:
            if found.retry_after is not None:
                self.set_header("Retry-After", str(found.retry_after))
            refuse(self, found.status, HTTPStatus(found.status).phrase)
            return
        self.set_header("Content-Type", "application/octet-stream")
        if found.dropped:
            await self._half(found.content)
        else:
            self.finish(found.content)

    async def _half(self, content: bytes) -> None:
        """Promise the whole, give a part, and close the line."""
        self.set_header("Content-Length", str(2 * len(content) + 1))
        self.write(content)
        await self.flush()
        self.detach().close()


def refuse(handler: RequestHandler, status: int, words: str) -> None:
    """A refusal in the Bot API's form."""
    handler.set_status(status)
    handler.finish({"ok": False, "error_code": status, "description": words})
