"""receive(raw update): one update, one transaction. Polling and the webhook both end here.

When `receive` returns, the update's whole effect is committed (or the update is set aside), and it may be
confirmed to Telegram. When it raises
`StorageUnavailable`, nothing has happened and the update must be asked for again.
"""

import json
import traceback
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, cast

import structlog
from sqlalchemy import Connection, insert
from telegram.ext import Application

from bot.beside import Beside
from bot.clock import Clock
from bot.dialog import DialogHandler, TurnHandler
from bot.elsewhere import Blocking, Outside, note_blocking, read_elsewhere, sentence_is_due
from bot.fields import Fields, Unreadable
from bot.incoming import Incoming, Kind, read
from bot.outbox import Outbox
from bot.outgoing import Settled
from bot.store import About, AlreadySeen, Came, Nobody, load, mark_seen
from bot.traces import Traces
from bot.turn import Surroundings, Turn
from bot.writer import StorageUnavailable, Writer
from casework import team
from casework.permissions import Role
from casework.reading import NotReadYet
from casework.words import N_
from db.ids import new_id
from db.models import SetAside
from db.sealed import KeyRing, Place

log = structlog.get_logger(__name__)

_LARGEST_ID = 2**63 - 1  # what a database keeps; Telegram's numbers are far smaller

_APOLOGY = N_(
    "Something in Homeward did not work just now, and your last message was not understood. "
    "It is kept, and staff will look into it. Your earlier answers are safe."
)
_PRIVATE_ONLY = N_("This bot works only in private chats, so it leaves this one.")


class TurnApplication(Application[Any, Any, Any, Any, Any, Any]):
    """python-telegram-bot's application, whose handlers are turns and whose errors are not swallowed."""

    intake: "Intake"

    async def run_turn(self, incoming: Incoming, handler: TurnHandler) -> None:
        await self.intake.run_turn(incoming, handler)

    async def process_error(
        self,
        update: object,  # noqa: ARG002 - the base's signature
        error: Exception,
        job: Any = None,  # noqa: ARG002
        coroutine: Any = None,  # noqa: ARG002
    ) -> bool:
        """Raise the error again: the stock method swallows it, and half the work would be confirmed."""
        raise error


class Intake:
    """Takes raw updates in."""

    def __init__(
        self,
        application: TurnApplication,
        dialog: DialogHandler,
        writer: Writer,
        beside: Beside,
        outbox: Outbox,
        around: Surroundings,
        clock: Clock,
        file_came: Callable[[], None],
        traces: Traces,
    ) -> None:
        """Put it together.

        Args:
            file_came: is called after the commit of a turn that was sent a file, so that it is fetched at once;
                whatever else leaves one to fetch waits for the next tick.
        """
        self._application, self._dialog, self._outbox = application, dialog, outbox
        self._writer, self._beside = writer, beside
        self._around, self._clock, self._file_came, self._traces = around, clock, file_came, traces
        application.intake = self

    async def receive(self, raw: Any) -> None:
        """Handle one update as Telegram gave it.

        Raises:
            StorageUnavailable: nothing was kept; do not confirm it.
        """
        try:
            incoming = read(raw)
            if incoming is not None:
                await self._application.process_update(incoming)
            else:
                await self._elsewhere(raw)
        except AlreadySeen:
            log.debug("intake.seen_before")
        except StorageUnavailable:
            raise
        except Unreadable as error:
            await self._set_aside(raw, error)
        except Exception as error:  # noqa: BLE001 - a mistake of ours must not block the next one either
            await self._set_aside(raw, error)
            await self._apologise(raw)

    async def run_turn(self, incoming: Incoming, handler: TurnHandler) -> None:
        """Run a handler in a transaction; start the deliveries once it is committed."""
        about = _about(incoming, self._around.keys)
        settled = await self._settled(incoming, handler, about)
        self._outbox.take(settled)
        if settled.erased:
            await self._traces.clear()
        if incoming.attachment is not None:
            self._file_came()

    async def _settled(self, incoming: Incoming, handler: TurnHandler, about: About) -> Settled:
        """Run the turn; what it has to have read beside the writer is read, and it runs again."""
        found: dict[str, Any] = {}
        while True:
            try:
                return await self._writer.run(partial(self._turn, incoming, handler, found), about)
            except NotReadYet as wanted:
                found[wanted.name] = await self._beside.read(wanted.read)

    def _turn(
        self, incoming: Incoming, handler: TurnHandler, found: Mapping[str, Any], connection: Connection
    ) -> Settled:
        now = self._clock.now()
        try:
            loaded = load(connection, self._around.keys, _came(incoming, incoming.update_id), now)
        except Nobody:
            return Settled(incoming.user_id, [], [], incoming.callback_id, None)
        if incoming.user_id in self._around.admins and loaded.role != Role.ADMIN:
            team.appoint(connection, self._around.keys, loaded.account_id, now)
            loaded.role = Role.ADMIN
        turn = Turn(incoming, connection, loaded, self._around, now, found)
        handler(turn)
        self._dialog.follow(turn)
        return turn.settle()

    async def _elsewhere(self, raw: Fields) -> None:
        """Leave groups and channels; note who has blocked us. Neither is a turn, and neither makes an account."""
        found = read_elsewhere(raw, self._around.bot_username)
        keys, now = self._around.keys, self._clock.now()
        match found:
            case Blocking():
                await self._writer.run(partial(note_blocking, keys=keys, found=found, now=now))
            case Outside():
                due = await self._writer.run(partial(sentence_is_due, keys=keys, found=found, now=now))
                self._outbox.leave(found.chat_id, self._farewell() if due else None)

    def _farewell(self) -> str:
        """Return the sentence in the installation's first language, and in English below it."""
        lines = (self._around.locales.fallback.plain(_PRIVATE_ONLY), _PRIVATE_ONLY)
        return "\n".join(dict.fromkeys(lines))

    async def _set_aside(self, raw: Any, error: Exception) -> None:
        cause = cause_of(error)
        log.error("intake.set_aside", cause=cause)
        await self._writer.run(partial(self._keep_aside, raw, cause))

    def _keep_aside(self, raw: Any, cause: str, connection: Connection) -> None:
        aside_id = new_id()
        key, wrapped = self._around.keys.new_data_key(Place("set_aside", "data_key", aside_id))
        sealed = key.seal_bytes(_as_json(raw), Place("set_aside", "raw", aside_id))
        now = self._clock.now()
        try:
            mark_seen(connection, _numbered(raw)["update_id"], now)
        except AlreadySeen:  # it stands aside already
            return
        except ValueError:  # it has no number by which it could be known again
            pass
        sender = _sender(raw)
        row = {"id": aside_id, "data_key": wrapped, "raw": sealed, "cause": cause, "at": now}
        row["telegram_key"] = self._around.keys.lookup("telegram", sender) if sender is not None else None
        connection.execute(insert(SetAside), row)

    async def _apologise(self, raw: Any) -> None:
        """Tell the person; if even that fails, the update stays set aside and we go on."""
        try:
            incoming = read(raw)
            if incoming is not None:
                self._outbox.take(await self._writer.run(partial(self._apology, incoming)))
        except StorageUnavailable:
            log.error("intake.no_apology", cause="StorageUnavailable")
        except Exception as error:  # noqa: BLE001 - the apology must not become the next fault
            log.error("intake.no_apology", cause=cause_of(error))

    def _apology(self, incoming: Incoming, connection: Connection) -> Settled:
        now = self._clock.now()
        loaded = load(connection, self._around.keys, _came(incoming, new_id()), now)
        turn = Turn(incoming, connection, loaded, self._around, now)
        turn.say(turn.t(_APOLOGY))
        return turn.settle()


def _came(incoming: Incoming, update_id: int) -> Came:
    press = incoming.kind is Kind.PRESS
    return Came(
        incoming.user_id,
        update_id,
        None if press else incoming.message_id,
        of_a_screen=_of_a_screen(incoming),
    )


def _about(incoming: Incoming, keys: KeyRing) -> About:
    newcomer = None if _of_a_screen(incoming) else incoming.user_id
    return About(keys.lookup("telegram", incoming.user_id), incoming.update_id, newcomer)


def _of_a_screen(incoming: Incoming) -> bool:
    return incoming.kind is Kind.PRESS and not incoming.anywhere


def _sender(raw: Any) -> int | None:
    """Return who sent an update that may have any shape at all."""
    parts = raw.values() if isinstance(raw, dict) else ()
    people = [part["from"] for part in parts if isinstance(part, dict) and isinstance(part.get("from"), dict)]
    return next((person["id"] for person in people if type(person.get("id")) is int), None)


def _numbered(raw: Any) -> dict[str, Any]:
    """Return the update if it has a number by which it can be known again.

    Raises:
        ValueError: it has none.
    """
    number = raw.get("update_id") if isinstance(raw, dict) else None
    if type(number) is not int or not -_LARGEST_ID <= number <= _LARGEST_ID:
        raise ValueError("no update_id")
    return cast("dict[str, Any]", raw)


def _as_json(raw: Any) -> bytes:
    """Return the update as it is kept: in ASCII, since it may hold halves of characters."""
    try:
        return json.dumps(raw).encode()
    except (ValueError, TypeError, RecursionError) as error:
        return json.dumps(f"not kept: {type(error).__name__}").encode()


def cause_of(error: BaseException) -> str:
    """Name an error by its kind and the place it was raised at: never by its text, which may quote what
    somebody wrote.
    """
    frames = traceback.extract_tb(error.__traceback__)
    place = f"{frames[-1].filename.rpartition('/')[2]}:{frames[-1].lineno}" if frames else "?"
    return f"{type(error).__name__} at {place}"[:200]
