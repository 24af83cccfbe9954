"""Delivers committed messages.

Per person in order, one at a time: the next message leaves only when the fate of the one before is written
down. So a `kill -9` leaves at most one
message per chat of which nobody knows whether it arrived. What becomes of such a message stands in
`_after_doubt`.
"""

import asyncio
from collections import OrderedDict, deque
from collections.abc import Callable, Coroutine, Sequence
from datetime import timedelta
from functools import partial
from itertools import count
from typing import Any, TypeVar

import structlog
from sqlalchemy import Connection
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)

from bot import broadcast_rows, shared_pace
from bot import outbox_rows as rows
from bot.api import Api, seconds_of
from bot.clock import Clock
from bot.farewell import Farewell
from bot.outgoing import LEASE, MOST_TRIES_IN_DOUBT, Courtesy, Lane, Outgoing, Parting, Settled, State
from bot.pace import ChatPace, Pace
from bot.request import NeverSent
from bot.traces import Traces
from bot.writer import StorageUnavailable, Writer
from db.sealed import KeyRing

log = structlog.get_logger(__name__)
T = TypeVar("T")
_Item = Outgoing | Courtesy | Parting

# Done twice is done once.
_REPEATABLE = frozenset({"editMessageText", "editMessageCaption", "deleteMessages"})
_LONGEST_WAIT = 30.0  # seconds between tries while Telegram cannot be reached
_REMEMBERED = 10_000  # message ids of recent screens
_NO_CHANGE = "message is not modified"
_GONE = ("message to edit not found", "message can't be edited", "message_id_invalid")
_UNREACHABLE = ("chat not found", "user is deactivated", "bot can't initiate conversation")
_TO_FINISH = 5.0  # seconds granted at a stop to what is under way
_TO_SEND = timedelta(seconds=25)  # that a lease has to last yet when a request is begun (bot/request.py)
_TO_UPLOAD = timedelta(seconds=55)
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
        self._writer, self._api, self._clock, self._pace = writer, api, clock, pace
        self._chat_pace = chat_pace
        self._traces = traces
        self._keys, self._instance = keys, instance
        self._farewell = Farewell(api, clock, pace)
        self._lanes: dict[int, deque[_Item]] = {}
        self._runners: dict[int, asyncio.Task[None]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._message_ids: OrderedDict[int, int] = OrderedDict()
        self._question: asyncio.Task[None] | None = None
        self._stopping = False
        self._doubts = 0  # how many of broadcasts' messages in a row may or may not have arrived
        self.token_refused = asyncio.Event()

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
        while self._tasks and self._of_broadcasts() >= (1 if self._doubts else _MOST_OF_BROADCASTS):
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
        """Wait until nothing is under way."""
        while self._tasks:
            await asyncio.gather(*self._tasks, return_exceptions=True)

    async def stop(self) -> None:
        """Finish what is on the network; give back what has not left."""
        self._stopping = True
        if self._question is not None:
            self._question.cancel()
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
                    await self._deliver(item)
                case Courtesy():
                    await self._take_keyboard_off(chat_id, item)
                case Parting():
                    await self._forget(item)
            lane.popleft()
        if not lane:
            del self._lanes[chat_id], self._runners[chat_id]

    async def _deliver(self, row: Outgoing) -> None:
        """Try until the message's fate is written down."""
        try:
            if row.not_before is not None:
                await self._clock.sleep(max(0.0, (row.not_before - self._clock.now()).total_seconds()))
                await self._keep(row, partial(rows.sending_again, row=row, now=self._clock.now()))
            for tries in count():
                if row.method.startswith("send"):
                    await self._chat_pace.turn(row.chat_id)
                if row.run_id is None:
                    await self._pace.turn(row.lane)
                elif not tries and not await self._leaves(row):  # the last thing before the network
                    return
                if row.unwanted or not await self._is_ours(row):
                    return
                waited = tries if row.run_id is None else row.attempts
                if await self._try(row, min(2.0**waited, _LONGEST_WAIT)):
                    return
        except Exception as error:  # noqa: BLE001 - a mistake of ours must not hold up what waits behind it
            await self._finish(row, State.DEAD, error)

    async def _leaves(self, row: Outgoing) -> bool:
        """Write down that a broadcast's row leaves now; False where it shall not, and then another may take it."""
        now = self._clock.now()
        leaving = not row.unwanted and not self._pace.is_held
        if leaving and await self._write(partial(broadcast_rows.leaves, row=row, now=now)):
            return True
        back = partial(broadcast_rows.give_back, ids=[row.id], instance=self._instance)
        await self._write(back)
        return False

    async def _is_ours(self, row: Outgoing) -> bool:
        """Whether no other process may send this meanwhile: we may have been asleep, or waited long for our turn."""
        if row.leased_until is None:
            return True
        now = self._clock.now()
        if row.leased_until - now >= (_TO_UPLOAD if row.draw is not None else _TO_SEND):
            return True
        return bool(await self._write(partial(rows.renewed, held=[row], instance=self._instance, now=now)))

    async def _try(self, row: Outgoing, wait: float) -> bool:
        """Send it once; True when its fate is settled, False when it is to be sent again."""
        row.maybe_sent = True
        try:
            message_id = await self._api.deliver(row)
        except TelegramError as error:
            return await self._failed(row, error, wait)
        await self._sent(row, message_id)
        return True

    async def _failed(self, row: Outgoing, error: TelegramError, wait: float) -> bool:
        settled = True
        match error:
            case RetryAfter():
                settled = await self._wait(row, seconds_of(error))
            case NeverSent():
                settled = await self._wait(row, wait)
            case ChatMigrated():
                settled = await self._move(row, error.new_chat_id)
            case InvalidToken():
                row.maybe_sent = False
                self.token_refused.set()
                if row.run_id is not None:
                    await self._wait(row, wait)
            case Forbidden() | BadRequest():
                settled = await self._refused(row, error)
            case NetworkError():
                settled = await self._after_doubt(row, wait)
            case _:
                await self._finish(row, State.DEAD, error)
        return settled

    async def _sent(self, row: Outgoing, message_id: int | None) -> None:
        if message_id is not None:
            self._message_ids[row.id] = message_id
            while len(self._message_ids) > _REMEMBERED:
                self._message_ids.popitem(last=False)
        if row.run_id is not None:
            self._doubts = 0
        await self._write(partial(rows.finished, row=row, state=State.SENT, message_id=message_id))

    async def _wait(self, row: Outgoing, seconds: float) -> bool:
        """The message has surely not arrived: write down until when it waits, so that a restart keeps the
        wait too. True where it leaves its lane meanwhile: a broadcast waits as a whole, and no reply behind it.
        """
        row.maybe_sent = False
        due = self._clock.now() + timedelta(seconds=seconds)
        if row.run_id is not None:
            await self._hold_broadcasts(seconds)
            await self._write(partial(broadcast_rows.waits, row=row, due=due))
            return True
        await self._keep(row, partial(rows.postponed, row=row, due=due))
        await self._clock.sleep(seconds)
        await self._keep(row, partial(rows.sending_again, row=row, now=self._clock.now()))
        return False

    async def _keep(self, row: Outgoing, change: Callable[[Connection], bool]) -> None:
        """Write down how it stands; where another process has taken it meanwhile, leave it to that one."""
        ours = await self._write(change)
        row.unwanted = row.unwanted or (row.leased_until is not None and not ours)

    async def _move(self, row: Outgoing, chat_id: int) -> bool:
        """The chat goes on under another id (Bot API, migrate_to_chat_id): send it there, and remember the way."""
        await self._write(partial(rows.moved, row=row, chat_id=chat_id, keys=self._keys))
        row.chat_id = chat_id
        return False

    async def _after_doubt(self, row: Outgoing, wait: float) -> bool:
        """Nobody knows whether it arrived.

        An edit may be repeated as often as it takes: it shows nothing twice. A reply is sent once more, when
        Telegram answers again: a person left without the next question is worse than one who reads it twice.
        Others are held and reported.
        """
        if row.method in _REPEATABLE:
            return await self._wait(row, wait)
        if row.lane is Lane.CONVERSATION and row.attempts < MOST_TRIES_IN_DOUBT:
            await self._telegram_answers_again(wait)
            row.attempts += 1
            await self._keep(row, partial(rows.sending_again, row=row, now=self._clock.now()))
            return False
        if row.run_id is not None:
            self._doubts += 1
            await self._hold_broadcasts(min(2.0 ** (self._doubts - 1), _LONGEST_WAIT))
        await self._finish(row, State.UNCERTAIN, None)
        return True

    async def _hold_broadcasts(self, seconds: float) -> None:
        """Let nothing that can wait leave meanwhile, from any process: Telegram said so, or seems not to answer. An
        outage of minutes would leave thousands uncertain else.
        """
        until = self._clock.now() + timedelta(seconds=seconds)
        self._pace.hold(until)
        await self._write(partial(shared_pace.hold, until=until))

    async def _telegram_answers_again(self, wait: float) -> None:
        """Wait for the end of an outage, so that the one repeat is not spent on it; all lanes share the question."""
        if self._question is None or self._question.done():
            self._question = asyncio.create_task(self._ask_until_answered(wait))
        await asyncio.shield(self._question)

    async def _ask_until_answered(self, wait: float) -> None:
        while True:
            await self._clock.sleep(wait)
            try:
                await self._api.call("getMe", {})
            except InvalidToken:
                self.token_refused.set()
                return
            except TelegramError:
                wait = min(wait * 2, _LONGEST_WAIT)
            else:
                return

    async def _refused(self, row: Outgoing, error: TelegramError) -> bool:
        """Telegram said no. Return False when another form of the message is to be tried."""
        said = error.message.lower()
        if isinstance(error, Forbidden) or any(words in said for words in _UNREACHABLE):
            self._drop(row, await self._write(partial(rows.unreachable, row=row, now=self._clock.now())))
            log.info("outbox.unreachable", account=row.account_id)
            return True
        if _NO_CHANGE in said:
            await self._sent(row, row.parameters.get("message_id"))
            return True
        if row.run_id is None and row.method == "editMessageText" and any(words in said for words in _GONE):
            row.method = "sendMessage"
            del row.parameters["message_id"]
            await self._write(partial(rows.becomes_screen, row=row))
            return False
        await self._finish(row, State.DEAD, error)
        return True

    def _drop(self, row: Outgoing, stopped: set[int]) -> None:
        """Take what is stopped out of the lane; the row itself leaves it when its delivery returns."""
        lane = self._lanes.get(row.chat_id, deque())
        left = [
            item for item in lane if not isinstance(item, Outgoing) or item is row or item.id not in stopped
        ]
        lane.clear()
        lane.extend(left)

    async def _finish(self, row: Outgoing, state: State, error: Exception | None) -> None:
        log.warning(
            "outbox.not_delivered",
            row=row.id,
            state=state.value,
            method=row.method,
            error=type(error).__name__,
        )
        await self._write(partial(rows.finished, row=row, state=state, message_id=None))

    async def _write(self, work: Callable[..., T]) -> T:
        """Write a row's fate; while the database cannot take it, the lane waits."""
        while True:
            try:
                return await self._writer.run(work)
            except StorageUnavailable:
                log.warning("outbox.storage_unavailable")
                await self._clock.sleep(1.0)

    async def _take_keyboard_off(self, chat_id: int, courtesy: Courtesy) -> None:
        message_id = courtesy.message_id or self._message_ids.get(courtesy.outbox_id or 0)
        if message_id is None and courtesy.outbox_id is not None:
            message_id = await self._write(partial(rows.message_of, row_id=courtesy.outbox_id))
        if message_id is None:
            return
        try:
            await self._api.call("editMessageReplyMarkup", {"chat_id": chat_id, "message_id": message_id})
        except TelegramError as error:  # the button explains itself when it is pressed
            log.debug("outbox.keyboard_stays", error=type(error).__name__)

    async def _forget(self, parting: Parting) -> None:
        """All that needed the address is out: forget it."""
        await self._write(partial(rows.forget_address, account_id=parting.account_id))
        await self._traces.clear()

    async def _answer_press(self, callback_id: str, toast: str | None) -> None:
        parameters = {"callback_query_id": callback_id} | ({"text": toast} if toast else {})
        try:
            await self._api.call("answerCallbackQuery", parameters)
        except TelegramError as error:  # too late to matter, or no network: the messages themselves are safe
            log.debug("outbox.press_unanswered", error=type(error).__name__)
