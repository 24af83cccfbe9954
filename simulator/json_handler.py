"""What every route that speaks plain JSON has in common."""

import json
from typing import Any

from tornado.web import HTTPError, RequestHandler

from simulator.answers import Json, Refused
from simulator.posting import Impossible
from simulator.world import World


class JsonHandler(RequestHandler):
    """JSON in, JSON out; whatever cannot be done is said as `{"error": …}`."""

    def initialize(self, world: World) -> None:
        self.world = world

    def reply(self, value: object) -> None:
        self.set_header("Content-Type", "application/json")
        self.finish(json.dumps(value, ensure_ascii=False))

    def body(self) -> Json:
        """The JSON body, or nothing; 400 where it is something else."""
        try:
            value: Any = json.loads(self.request.body or b"{}")
        except ValueError as error:
            raise HTTPError(400, reason="the body is not JSON") from error
        if not isinstance(value, dict):
            raise HTTPError(400, reason="the body is not a JSON object")
        return value

    @property
    def bot_id(self) -> int | None:
        return int(self.get_query_argument("bot")) if self.get_query_argument("bot", "") else None

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        error = kwargs["exc_info"][1] if "exc_info" in kwargs else None
        status, words = _explained(error, status_code, self._reason)
        self.set_status(status)
        self.reply({"error": words})

    def log_exception(self, typ: Any, value: Any, tb: Any) -> None:
        if not isinstance(value, Impossible | LookupError | ValueError | TypeError | Refused):
            super().log_exception(typ, value, tb)


def _explained(error: BaseException | None, status: int, reason: str) -> tuple[int, str]:
    match error:
        case Impossible():
            return 409, str(error)
        case KeyError():
            return 400, f"{error.args[0]} is missing or unknown"
        case LookupError():
            return 404, str(error)
        case Refused():
            return error.status, error.description
        case ValueError() | TypeError():
            return 400, str(error)
        case _:
            return status, reason
