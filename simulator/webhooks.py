"""Delivers updates to a bot's webhook.

In order within a chat, several chats at once, again until it is taken.
"""

import asyncio
import json
from collections import deque
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from simulator.answers import Json
from simulator.records import Bot, Webhook
from simulator.updates import Waiting
from simulator.world import World

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the header's name
ANSWER_SECONDS = 60.0
LONGEST_RETRY = 60.0
TAKEN = range(200, 300)


@dataclass(slots=True)
class Route:
    """The deliveries to one bot's webhook; `lanes` hold the updates that have to keep their order."""

    bot: Bot
    webhook: Webhook
    slots: asyncio.Semaphore
    lanes: dict[str, deque[Waiting]] = field(default_factory=dict)
    tasks: set[asyncio.Task[None]] = field(default_factory=set)


class Courier:
    """Watches the world for updates and webhooks.

    `first_retry` is in seconds; each further wait is twice as long, up to a minute.
    """

    def __init__(self, world: World, *, first_retry: float = 1.0) -> None:
        self._world = world
        self._first_retry = first_retry
        self._routes: dict[int, Route] = {}
        self._client: aiohttp.ClientSession | None = None
        world.listeners.append(self._hear)

    async def stop(self) -> None:
        self._world.listeners.remove(self._hear)
        tasks = [task for bot_id in tuple(self._routes) for task in self._close(bot_id)]
        await asyncio.gather(*tasks, return_exceptions=True)
        if self._client is not None:
            await self._client.close()

    def _hear(self, event: Json) -> None:
        if event["event"] == "update" and event["bot"] in self._routes:
            self._enqueue(self._routes[event["bot"]], event["entry"])
        elif event["event"] == "webhook":
            self._close(event["bot"])
            self._open(self._world.bots[event["bot"]])

    def _open(self, bot: Bot) -> None:
        if bot.webhook is None:
            return
        route = Route(bot, bot.webhook, asyncio.Semaphore(bot.webhook.max_connections))
        self._routes[bot.id] = route
        for entry in bot.queue.waiting:
            self._enqueue(route, entry)

    def _close(self, bot_id: int) -> set[asyncio.Task[None]]:
        route = self._routes.pop(bot_id, None)
        if route is None:
            return set()
        for task in route.tasks:
            task.cancel()
        return route.tasks

    def _enqueue(self, route: Route, entry: Waiting) -> None:
        name = lane(entry.update)
        if name in route.lanes:
            route.lanes[name].append(entry)
            return
        route.lanes[name] = deque([entry])
        task = asyncio.get_running_loop().create_task(self._work_off(route, name))
        route.tasks.add(task)
        task.add_done_callback(route.tasks.discard)

    async def _work_off(self, route: Route, name: str) -> None:
        waiting = route.lanes[name]
        while waiting:
            await self._deliver(route, waiting[0])
            waiting.popleft()
        del route.lanes[name]

    async def _deliver(self, route: Route, entry: Waiting) -> None:
        pause = self._first_retry
        route.bot.queue.forget_stale(self._world.clock.timestamp())
        while entry in route.bot.queue.waiting:
            async with route.slots:
                taken = await self._post(route, entry)
            if taken:
                route.bot.queue.confirm(entry)
                self._world.tell("delivered", bot=route.bot.id, update_id=entry.update_id)
                return
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_RETRY)

    async def _post(self, route: Route, entry: Waiting) -> bool:
        """One attempt; True where the webhook took the update."""
        if self._client is None:
            self._client = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=ANSWER_SECONDS))
        headers = {SECRET_HEADER: route.webhook.secret} if route.webhook.secret else {}
        entry.given = True
        try:
            async with self._client.post(route.webhook.url, json=entry.update, headers=headers) as response:
                body = await response.read()
                status = response.status
        except (aiohttp.ClientError, TimeoutError) as error:
            self._complain(route, f"Connection failed: {type(error).__name__}")
            return False
        if status not in TAKEN:
            self._complain(route, f"Wrong response from the webhook: {status} {response.reason}")
            return False
        self._do_what_it_says(route, body)
        return True

    def _complain(self, route: Route, words: str) -> None:
        route.webhook.last_error_date = self._world.now()
        route.webhook.last_error_message = words
        self._world.tell("undelivered", bot=route.bot.id)

    def _do_what_it_says(self, route: Route, body: bytes) -> None:
        """A webhook may answer with a call (Bot API, "Making requests when getting updates").

        Its outcome stays unknown to it.
        """
        try:
            said: Any = json.loads(body or b"null")
        except ValueError:
            return
        if isinstance(said, dict) and isinstance(said.get("method"), str):
            self._world.call(route.bot.token, said.pop("method"), said)


def lane(update: Json) -> str:
    """What keeps its order: messages of a chat, and presses of a person.

    The two overtake each other, as on Telegram.
    """
    for kind, content in update.items():
        if isinstance(content, dict):
            if "chat" in content and kind != "callback_query":
                group = "member" if kind.endswith("chat_member") else "message"
                return f"{group}:{content['chat'].get('id') if isinstance(content['chat'], dict) else ''}"
            sender = content.get("from")
            return f"{kind}:{sender.get('id') if isinstance(sender, dict) else ''}"
    return "other"
