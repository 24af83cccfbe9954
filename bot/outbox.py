"""Delivers committed messages: knows what is to be sent to whom, and in which order.

Per person one at a time: the next message leaves only when the fate of the one before is written down
(bot/delivery.py). So a `kill -9` leaves at most one message per chat of which nobody knows whether it arrived.
"""

import asyncio
from collections import deque
from collections.abc import Coroutine, Sequence
from contextlib import suppress
from functools import partial
from itertools import count
from typing import Any, TypeVar

import structlog
from sqlalchemy import Connection
from telegram.error import TelegramError

from bot import outbox_rows as rows
from bot.api import Api
from bot.clock import Clock
from bot.delivery import Delivery
from bot.farewell import Farewell
from bot.outgoing import LEASE, Courtesy, Outgoing, Parting, Settled
from bot.pace import ChatPace, Pace
from bot.traces import Traces
from bot.writer import StorageUnavailable, Writer
from db.sealed import KeyRing

log = structlog.get_logger(__name__)
T = TypeVar("T")
_Item = Outgoing | Courtesy | Parting

_TO_FINISH = 5.0  # seconds granted at a stop to what is under way
_MOST_IN_HANDS = 5_000  # rows in our lanes: the rest waits for whoever is free
# Of broadcasts under way: so many may be uncertain after an outage, and replies find a line to Telegram besides them
# (bot/request.py). Enough for Telegram's limit as long as it answers within a second.
_MOST_OF_BROADCASTS = 40
_LOOKS, _LOOKS_AGAIN = 4, 0.03  # seconds: twice as long after each look


class Outbox:
    """Sends rows; knows one lane per chat."""

    def __init__(
        self,
        writer: Writer,
        api: Api,
        clock: Clock,
        pace: Pace,
        keys: KeyRing,
        instance: str,
        traces: Traces,
        chat_pace: ChatPace,
    ) -> None:
        self._writer, self._api, self._clock = writer, api, clock
        self._keys, self._instance, self._traces = keys, instance, traces
        self._delivery = Delivery(writer, api, clock, pace, chat_pace, keys, instance, self._drop)
        self._farewell = Farewell(api, clock, pace)
        self._lanes: dict[int, deque[_Item]] = {}
        self._runners: dict[int, asyncio.Task[None]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._stopping = False

    @property
    def token_refused(self) -> asyncio.Event:
        """Set once Telegram does not take our token."""
        return self._delivery.token_refused

    def take(self, settled: Settled) -> None:
        """Start on what a committed turn leaves to do. Returns at once."""
        if settled.callback_id is not None:
            self._spawn(self._answer_press(settled.callback_id, settled.toast))
        own = [row for row in settled.outgoing if row.chat_id == settled.chat_id]
        if settled.parting is not None:
            self._stop_what_waits(settled.chat_id)
        leaving = [settled.parting] if settled.parting is not None else []
        # What is said now may have to come after what others deliver; then the old keyboard stays until it is out.
        behind = settled.courtesies if settled.waiting and not own else []
        self._queue(settled.chat_id, [*own, *(settled.courtesies if not behind else ()), *leaving])
        for row in settled.outgoing:
            if row.chat_id != settled.chat_id:
                self._queue(row.chat_id, [row])
        if settled.waiting:
            self._spawn(self._see_to(set(settled.waiting), settled.chat_id, behind))

    def send(self, row: Outgoing) -> None:
        """Send a broadcast's row that has had its turn. Returns at once; what else goes to that chat goes before."""
        self._queue(row.chat_id, [row])

    async def room(self) -> None:
        """Wait while as many of broadcasts' messages are under way as may be; one, where Telegram does not answer."""
        while self._tasks and self._of_broadcasts() >= (1 if self._delivery.doubts else _MOST_OF_BROADCASTS):
            await asyncio.wait(self._tasks, return_when=asyncio.FIRST_COMPLETED)

    def _of_broadcasts(self) -> int:
        return sum(
            isinstance(row, Outgoing) and row.run_id is not None
            for lane in self._lanes.values()
            for row in lane
        )

    async def courtesy(self, method: str, parameters: dict[str, Any]) -> None:
        """Make a call that nothing depends on."""
        try:
            await self._api.call(method, parameters)
        except TelegramError as error:
            log.debug("outbox.courtesy_failed", method=method, error=type(error).__name__)

    def leave(self, chat_id: int, sentence: str | None) -> None:
        """Start on leaving a group or channel. Returns at once; nothing else waits for it."""
        self._spawn(self._farewell.say(chat_id, sentence))

    async def recover(self, *, alone: bool) -> None:
        """Take up what an earlier process left.

        `alone`: no other process shares the database, so its leases are dead.
        """
        if alone:
            await self._writer.run(partial(rows.end_leases_of_others, instance=self._instance), office=True)
            await self._take_put_off()
        await self.sweep()
        await self.part()

    async def _take_put_off(self) -> None:
        now = self._clock.now()
        take = partial(rows.take_put_off, keys=self._keys, instance=self._instance, now=now)
        for row in await self._writer.run(take, office=True):
            self._queue(row.chat_id, [row, Parting(row.account_id)] if row.to_erased else [row])

    def doubt(self) -> None:
        """Others may have taken what is in our lanes: ask the database before each of these is sent."""
        for row in self.held:
            if row.leased_until is not None:
                row.leased_until = self._clock.now()

    async def sweep(self) -> None:
        """Take the rows that are due and belong to nobody."""
        for row in await self._writer.run(partial(self._hold_and_take, self.held), office=True):
            self._queue(row.chat_id, [row, Parting(row.account_id)] if row.to_erased else [row])

    async def let_go_of_lost(self) -> bool:
        """Let go of what a commit gave us while its connection broke, of which we never learned; whether there was any.

        What is committed before we ask is in its lane by the time we are answered: the writer answers in turn.
        """
        own = partial(rows.own_since_long, instance=self._instance, now=self._clock.now())
        lost = await self._writer.run(own) - {row.id for row in self.held}
        if lost:
            await self._writer.run(partial(rows.let_go, ids=lost, instance=self._instance))
        return bool(lost)

    @property
    def held(self) -> list[Outgoing]:
        """What is in our lanes."""
        return [row for lane in self._lanes.values() for row in lane if isinstance(row, Outgoing)]

    def _hold_and_take(self, held: Sequence[Outgoing], connection: Connection) -> list[Outgoing]:
        """Hold on to what is in our lanes before anything is taken whose lease is over."""
        now = self._clock.now()
        aging = [row for row in held if row.leased_until is not None and row.leased_until - now < LEASE / 2]
        if aging:
            self._lose(aging, rows.renewed(connection, aging, self._instance, now))
        most = max(0, min(rows.MOST_AT_ONCE, _MOST_IN_HANDS - len(held)))
        return rows.take_due(connection, self._keys, self._instance, now, most)

    def _lose(self, held: Sequence[Outgoing], ours: set[int]) -> None:
        for row in held:
            row.unwanted = row.unwanted or row.id not in ours

    async def _see_to(self, waiting: set[int], chat_id: int, behind: list[Courtesy]) -> None:
        """Take rows that had to let another process go first, as soon as it is through; in the end a tick does.

        Args:
            behind: what is done once they are taken; nothing depends on it, so that a tick which takes them leaves it.
        """
        with suppress(StorageUnavailable):  # the ticks look again, and write down that they cannot
            for tries in count():
                await self.sweep()
                waiting = await self._writer.run(partial(rows.still_waiting, ids=waiting))
                if not waiting:
                    self._queue(chat_id, behind)
                if not waiting or tries == _LOOKS:
                    return
                await self._clock.sleep(_LOOKS_AGAIN * 2**tries)

    async def part(self) -> None:
        """Forget the addresses of erased accounts behind what is still on its way to them, if anything is."""
        for chat_id, parting in await self._writer.run(partial(rows.partings, keys=self._keys)):
            self._queue(chat_id, [parting])

    async def idle(self) -> None:
        """Wait until nothing is under way; nobody is patient meanwhile."""
        self._delivery.hurries = True
        try:
            while self._tasks:
                await asyncio.gather(*self._tasks, return_exceptions=True)
        finally:
            self._delivery.hurries = False

    async def stop(self) -> None:
        """Finish what is on the network; give back what has not left."""
        self._stopping = True
        self._delivery.stop()
        for chat_id, lane in self._lanes.items():
            if lane and isinstance(lane[0], Outgoing) and not lane[0].maybe_sent:
                self._runners[chat_id].cancel()  # it waits for its time; nothing of it is on the network
        if self._tasks:
            _, slow = await asyncio.wait(self._tasks, timeout=_TO_FINISH)
            for task in slow:
                task.cancel()
            await asyncio.gather(*slow, return_exceptions=True)
        unsent = [row.id for row in self.held if not row.maybe_sent]
        if unsent:
            await self._writer.run(partial(rows.give_back, ids=unsent, instance=self._instance))

    def _queue(self, chat_id: int, items: Sequence[_Item]) -> None:
        if not items:
            return
        lane = self._lanes.get(chat_id)
        if lane is not None:
            lane.extend(items)
            return
        self._lanes[chat_id] = deque(items)
        self._runners[chat_id] = self._spawn(self._run_lane(chat_id))

    def _stop_what_waits(self, chat_id: int) -> None:
        """What the chat was still to get must not come into it any more."""
        lane = self._lanes.get(chat_id, ())
        for item in lane:
            if isinstance(item, Outgoing):
                item.unwanted = True

    def _spawn(self, coroutine: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(coroutine)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _run_lane(self, chat_id: int) -> None:
        lane = self._lanes[chat_id]
        while lane and not self._stopping:
            item = lane[0]  # it stays first until its fate is written down
            match item:
                case Outgoing():
                    await self._delivery.deliver(item)
                case Courtesy():
                    await self._take_keyboard_off(chat_id, item)
                case Parting():
                    await self._forget(item)
            lane.popleft()
        if not lane:
            del self._lanes[chat_id], self._runners[chat_id]

    def _drop(self, row: Outgoing, stopped: set[int]) -> None:
        """Take what is stopped out of the lane; the row itself leaves it when its delivery returns."""
        lane = self._lanes.get(row.chat_id, deque())
        left = [
            item for item in lane if not isinstance(item, Outgoing) or item is row or item.id not in stopped
        ]
        lane.clear()
        lane.extend(left)

    async def _take_keyboard_off(self, chat_id: int, courtesy: Courtesy) -> None:
        message_id = courtesy.message_id
        if message_id is None and courtesy.outbox_id is not None:
            message_id = await self._delivery.message_of(courtesy.outbox_id)
        if message_id is None:
            return
        try:
            await self._api.call("editMessageReplyMarkup", {"chat_id": chat_id, "message_id": message_id})
        except TelegramError as error:  # the button explains itself when it is pressed
            log.debug("outbox.keyboard_stays", error=type(error).__name__)

    async def _forget(self, parting: Parting) -> None:
        """All that needed the address is out: forget it."""
        await self._delivery.write(partial(rows.forget_address, account_id=parting.account_id))
        await self._traces.clear()

    async def _answer_press(self, callback_id: str, toast: str | None) -> None:
        parameters = {"callback_query_id": callback_id} | ({"text": toast} if toast else {})
        try:
            await self._api.call("answerCallbackQuery", parameters)
        except TelegramError as error:  # too late to matter, or no network: the messages themselves are safe
            log.debug("outbox.press_unanswered", error=type(error).__name__)
