"""`GET /ws`: everything that happens, as it happens, to whoever watches."""

import json

from tornado.websocket import WebSocketClosedError, WebSocketHandler

from simulator.answers import Json
from simulator.world import World

# What the page is told; "update" and "webhook" are the server's own.
SHOWN = frozenset({"message", "edited", "deleted", "toast", "commands", "action", "call"})


class Events(WebSocketHandler):
    def initialize(self, world: World) -> None:
        self.world = world

    def open(self, *_: str, **__: str) -> None:
        self.world.listeners.append(self._hear)
        people, state = self.world.people_listed(), self.world.condition()
        self._send({"event": "hello", "people": people, "state": state})

    def on_message(self, message: str | bytes) -> None:
        """Nothing is taken this way."""

    def on_close(self) -> None:
        if self._hear in self.world.listeners:
            self.world.listeners.remove(self._hear)

    def _hear(self, event: Json) -> None:
        if event["event"] == "state":
            self._send({**event, "state": self.world.condition()})
        elif event["event"] in SHOWN:
            self._send(event)

    def _send(self, event: Json) -> None:
        try:
            self.write_message(json.dumps(event, ensure_ascii=False))
        except WebSocketClosedError:
            self.on_close()
