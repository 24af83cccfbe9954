"""One message at a time: tried until its fate is written down.

A process that is killed leaves of each at most one try of which nobody knows whether it arrived. What becomes of a
message after such a try stands in `Delivery._after_doubt`.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from itertools import count
from typing import TypeVar

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
from bot.outgoing import MOST_TRIES_IN_DOUBT, Lane, Outgoing, State
from bot.pace import ChatPace, Pace
from bot.request import NeverSent
from bot.writer import StorageUnavailable, Writer
from db.sealed import KeyRing

log = structlog.get_logger(__name__)
T = TypeVar("T")

# Done twice is done once.
_REPEATABLE = frozenset({"editMessageText", "editMessageCaption", "deleteMessages"})
_LONGEST_WAIT = 30.0  # seconds between tries while Telegram cannot be reached
_REMEMBERED = 10_000  # message ids of recent screens
_NO_CHANGE = "message is not modified"
_GONE = ("message to edit not found", "message can't be edited", "message_id_invalid")
_UNREACHABLE = ("chat not found", "user is deactivated", "bot can't initiate conversation")
_TO_SEND = timedelta(seconds=25)  # that a lease has to last yet when a request is begun (bot/request.py)
_TO_UPLOAD = timedelta(seconds=55)


class Delivery:
    """Sends rows and writes down what became of them.

    Attributes:
        token_refused: set once Telegram does not take our token.
        doubts: how many of broadcasts' messages in a row may or may not have arrived.
        hurries: whether somebody waits until all is written down.
    """

    def __init__(
        self,
        writer: Writer,
        api: Api,
        clock: Clock,
        pace: Pace,
        chat_pace: ChatPace,
        keys: KeyRing,
        instance: str,
        stopped: Callable[[Outgoing, set[int]], None],
    ) -> None:
        """Put it together.

        Args:
            stopped: is told of a row whose person cannot be reached, and which others are not sent any more with it.
        """
        self._writer, self._api, self._clock = writer, api, clock
        self._pace, self._chat_pace = pace, chat_pace
        self._keys, self._instance, self._stopped = keys, instance, stopped
        self._message_ids: OrderedDict[int, int] = OrderedDict()
        self._question: asyncio.Task[None] | None = None
        self.token_refused = asyncio.Event()
        self.doubts = 0
        self.hurries = False

    def stop(self) -> None:
        """Do not wait any longer for Telegram to answer again."""
        if self._question is not None:
            self._question.cancel()

    async def message_of(self, row_id: int) -> int | None:
        """Return the message that a row became; None where it became none."""
        known = self._message_ids.get(row_id)
        return known if known is not None else await self.write(partial(rows.message_of, row_id=row_id))

    async def deliver(self, row: Outgoing) -> None:
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
        if leaving and await self.write(partial(broadcast_rows.leaves, row=row, now=now)):
            return True
        back = partial(broadcast_rows.give_back, ids=[row.id], instance=self._instance)
        await self.write(back)
        return False

    async def _is_ours(self, row: Outgoing) -> bool:
        """Whether no other process may send this meanwhile: we may have been asleep, or waited long for our turn."""
        if row.leased_until is None:
            return True
        now = self._clock.now()
        if row.leased_until - now >= (_TO_UPLOAD if row.draw is not None else _TO_SEND):
            return True
        return bool(await self.write(partial(rows.renewed, held=[row], instance=self._instance, now=now)))

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
            self._remember(row.id, message_id)
        if row.run_id is not None:
            self.doubts = 0
        sent = partial(rows.finished, row=row, state=State.SENT, message_id=message_id)
        # Of a broadcast each one's fate makes room for the next; another process may wait for that of a reply.
        alone = row.run_id is None and row.leased_until is None
        await self.write(sent, patient=alone and not self.hurries)

    def _remember(self, row_id: int, message_id: int) -> None:
        self._message_ids[row_id] = message_id
        while len(self._message_ids) > _REMEMBERED:
            self._message_ids.popitem(last=False)

    async def _wait(self, row: Outgoing, seconds: float) -> bool:
        """The message has surely not arrived: write down until when it waits, so that a restart keeps the
        wait too. True where it leaves its lane meanwhile: a broadcast waits as a whole, and no reply behind it.
        """
        row.maybe_sent = False
        due = self._clock.now() + timedelta(seconds=seconds)
        if row.run_id is not None:
            await self._hold_broadcasts(seconds)
            await self.write(partial(broadcast_rows.waits, row=row, due=due))
            return True
        await self._keep(row, partial(rows.postponed, row=row, due=due))
        await self._clock.sleep(seconds)
        await self._keep(row, partial(rows.sending_again, row=row, now=self._clock.now()))
        return False

    async def _keep(self, row: Outgoing, change: Callable[[Connection], bool]) -> None:
        """Write down how it stands; where another process has taken it meanwhile, leave it to that one."""
        ours = await self.write(change)
        row.unwanted = row.unwanted or (row.leased_until is not None and not ours)

    async def _move(self, row: Outgoing, chat_id: int) -> bool:
        """The chat goes on under another id (Bot API, migrate_to_chat_id): send it there, and remember the way."""
        await self.write(partial(rows.moved, row=row, chat_id=chat_id, keys=self._keys))
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
            self.doubts += 1
            await self._hold_broadcasts(min(2.0 ** (self.doubts - 1), _LONGEST_WAIT))
        await self._finish(row, State.UNCERTAIN, None)
        return True

    async def _hold_broadcasts(self, seconds: float) -> None:
        """Let nothing that can wait leave meanwhile, from any process: Telegram said so, or seems not to answer. An
        outage of minutes would leave thousands uncertain else.
        """
        until = self._clock.now() + timedelta(seconds=seconds)
        self._pace.hold(until)
        await self.write(partial(shared_pace.hold, until=until))

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
            self._stopped(row, await self.write(partial(rows.unreachable, row=row, now=self._clock.now())))
            log.info("outbox.unreachable", account=row.account_id)
            return True
        if _NO_CHANGE in said:
            await self._sent(row, row.parameters.get("message_id"))
            return True
        if row.run_id is None and row.method == "editMessageText" and any(words in said for words in _GONE):
            row.method = "sendMessage"
            del row.parameters["message_id"]
            await self.write(partial(rows.becomes_screen, row=row))
            return False
        await self._finish(row, State.DEAD, error)
        return True

    async def _finish(self, row: Outgoing, state: State, error: Exception | None) -> None:
        log.warning(
            "outbox.not_delivered",
            row=row.id,
            state=state.value,
            method=row.method,
            error=type(error).__name__,
        )
        await self.write(partial(rows.finished, row=row, state=state, message_id=None))

    async def write(self, work: Callable[..., T], *, patient: bool = False) -> T:
        """Write a row's fate; while the database cannot take it, the lane waits."""
        while True:
            try:
                return await self._writer.run(work, patient=patient)
            except StorageUnavailable:
                log.warning("outbox.storage_unavailable")
                await self._clock.sleep(1.0)
