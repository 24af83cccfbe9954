"""getUpdates that waits: one poller per bot, and the older one gives way."""

import asyncio
from collections.abc import Mapping

from simulator.answers import Answer, Json, conflict
from simulator.records import Upload
from simulator.world import World

LONGEST_POLL = 50.0
OTHER_POLLER = "terminated by other getUpdates request; make sure that only one bot instance is running"
WEBHOOK_SET = "terminated by setWebhook request"


class Pollers:
    """The calls that wait for updates, by bot."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._waiting: dict[int, asyncio.Future[str]] = {}
        world.listeners.append(self._hear)

    async def poll(self, token: str, params: Mapping[str, object], files: Mapping[str, Upload]) -> Answer:
        """Answer as soon as there is an update, at the latest after `timeout` seconds (50 at most)."""
        loop = asyncio.get_running_loop()
        number = token.partition(":")[0]
        bot_id = int(number) if number.isdecimal() else 0
        answer = self._world.call(token, "getUpdates", params, files)
        if answer.ok:
            self._end(bot_id, OTHER_POLLER)
        deadline = loop.time() + _timeout(params)
        while answer.ok and not answer.result and loop.time() < deadline:
            news = await self._news(bot_id, deadline - loop.time())
            if news in {OTHER_POLLER, WEBHOOK_SET}:
                return conflict(news).answer()
            if news:
                # The offset has been confirmed already; what came since is handed out as it is.
                answer = self._world.call(token, "getUpdates", params, files)
        return answer

    async def _news(self, bot_id: int, seconds: float) -> str:
        """What ended the wait: "update", the words of a conflict, or nothing."""
        waiting: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._waiting[bot_id] = waiting
        try:
            return await asyncio.wait_for(waiting, seconds)
        except TimeoutError:
            return ""
        finally:
            if self._waiting.get(bot_id) is waiting:
                del self._waiting[bot_id]

    def _hear(self, event: Json) -> None:
        if event["event"] == "update":
            self._end(event["bot"], "update")
        elif event["event"] == "webhook":
            self._end(event["bot"], WEBHOOK_SET)

    def _end(self, bot_id: int, why: str) -> None:
        waiting = self._waiting.pop(bot_id, None)
        if waiting is not None and not waiting.done():
            waiting.set_result(why)


def _timeout(params: Mapping[str, object]) -> float:
    try:
        return min(float(str(params.get("timeout", 0))), LONGEST_POLL)
    except ValueError:
        return 0.0
