"""The simulator over HTTP, on 127.0.0.1 only."""

from pathlib import Path
from typing import Any, Self

from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets
from tornado.web import Application, RequestHandler, StaticFileHandler

from simulator import control_routes, people_routes
from simulator.bot_api import BotApi, BotFile, NotFound
from simulator.control_routes import OnBot
from simulator.events import Events
from simulator.polling import Pollers
from simulator.webhooks import Courier
from simulator.world import World

PAGE = Path(__file__).parent / "page"
LARGEST_BODY = 60 * 1024 * 1024


def application(world: World, pollers: Pollers, on_bot: OnBot | None = None) -> Application:
    """All routes. `on_bot` is told "kill", "start" or "reset" when the page asks for it."""
    here: dict[str, Any] = {"world": world}
    return Application(
        [
            (r"/bot([^/]+)/([A-Za-z]+)", BotApi, {**here, "pollers": pollers}),
            (r"/file/bot([^/]+)/(.+)", BotFile, here),
            (r"/people", people_routes.People, here),
            (r"/people/(\d+)", people_routes.OnePerson, here),
            (r"/people/(\d+)/chat", people_routes.Screen, here),
            (r"/people/(\d+)/(\w+)", people_routes.Act, here),
            (r"/groups/(-\d+)/(\w+)", people_routes.GroupAct, here),
            (r"/files/(\w+)", people_routes.WorldFile, here),
            (r"/updates", people_routes.RawUpdate, here),
            (r"/ws", Events, here),
            (r"/control/faults", control_routes.FaultControl, here),
            (r"/control/limits", control_routes.LimitControl, here),
            (r"/control/clock", control_routes.ClockControl, here),
            (r"/control/reset", control_routes.ResetControl, {**here, "on_bot": on_bot}),
            (r"/control/bot", control_routes.BotControl, {**here, "on_bot": on_bot}),
            (r"/control/log", control_routes.LogControl, here),
            (r"/control/record", control_routes.RecordControl, here),
            (r"/health", control_routes.Health, here),
            (r"/(?:page/)?()", StaticFileHandler, {"path": PAGE, "default_filename": "index.html"}),
            (
                r"/(?:page/)?([\w.-]+\.(?:html|js|css|svg|png|ico|json|woff2))",
                StaticFileHandler,
                {"path": PAGE},
            ),
        ],
        # Tornado would write every address, and with it the bot's token, to the log.
        log_function=_silent,
        default_handler_class=NotFound,
    )


class Server:
    """A running simulator.

    `async with Server(world) as server:` listens on a free port, known from `server.url`.
    """

    def __init__(
        self,
        world: World | None = None,
        *,
        port: int = 0,
        on_bot: OnBot | None = None,
        first_retry: float = 1.0,
    ) -> None:
        self.world = world or World()
        self._courier = Courier(self.world, first_retry=first_retry)
        routes = application(self.world, Pollers(self.world), on_bot)
        self._http = HTTPServer(routes, max_buffer_size=LARGEST_BODY, max_body_size=LARGEST_BODY)
        self._port = port
        self.url = ""

    async def start(self) -> None:
        sockets = bind_sockets(self._port, "127.0.0.1")
        self._http.add_sockets(sockets)
        self.url = f"http://127.0.0.1:{sockets[0].getsockname()[1]}"

    async def stop(self) -> None:
        self._http.stop()
        await self._courier.stop()
        await self._http.close_all_connections()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()


def _silent(_handler: RequestHandler) -> None:
    pass
