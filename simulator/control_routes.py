"""The controls over HTTP: faults, limits, the clock, the log (docs/simulator.md)."""

from collections.abc import Callable

from tornado.web import HTTPError

from simulator.faults import Fault
from simulator.json_handler import JsonHandler
from simulator.world import World

OnBot = Callable[[str], None]


class FaultControl(JsonHandler):
    def get(self) -> None:
        self.reply(self.world.faults.listed())

    def post(self) -> None:
        body = self.body()
        if body.get("kind") == "none":
            self.world.faults.clear()
        else:
            self.world.faults.add(Fault(**{**body, "methods": tuple(body.get("methods") or ())}))
        self.world.tell("state")
        self.reply(self.world.faults.listed())


class LimitControl(JsonHandler):
    def get(self) -> None:
        self.reply(self.world.limits.listed())

    def post(self) -> None:
        self.world.limits.set(**self.body())
        self.world.tell("state")
        self.reply(self.world.limits.listed())


class ClockControl(JsonHandler):
    def get(self) -> None:
        clock = self.world.clock
        self.reply({"offset": clock.offset, "now": clock.now().isoformat()})

    def post(self) -> None:
        body = self.body()
        if body.get("reset"):
            self.world.clock.reset()
        else:
            self.world.clock.advance(float(body["advance"]))
        self.world.tell("state")
        self.get()


class ResetControl(JsonHandler):
    """Whoever runs the bot is told: it may want to begin again too."""

    def initialize(self, world: World, on_bot: OnBot | None = None) -> None:
        super().initialize(world)
        self.on_bot = on_bot

    def post(self) -> None:
        self.world.reset()
        self.world.tell("state")
        if self.on_bot is not None:
            self.on_bot("reset")
        self.reply({})


class BotControl(JsonHandler):
    """Passed on to whoever runs the bot; 404 where nobody does."""

    def initialize(self, world: World, on_bot: OnBot | None = None) -> None:
        super().initialize(world)
        self.on_bot = on_bot

    def post(self) -> None:
        action = self.body().get("action")
        if action not in {"kill", "start"}:
            raise HTTPError(400, reason="action is kill or start")
        if self.on_bot is None:
            raise HTTPError(404, reason="nobody runs the bot from here")
        self.on_bot(action)
        self.reply({})


class LogControl(JsonHandler):
    def get(self) -> None:
        self.reply(self.world.log.after(int(self.get_query_argument("after", "0"))))


class RecordControl(JsonHandler):
    def get(self) -> None:
        self.reply(self.world.record())


class Health(JsonHandler):
    def get(self) -> None:
        self.reply({"ok": True})
