"""build(): the one place where every part meets."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import IO, cast

import structlog
from sqlalchemy import Engine
from telegram.error import InvalidToken, TelegramError
from telegram.ext import ApplicationBuilder

from bot import shared_pace
from bot.absence import tell_who_was_writing
from bot.api import Api
from bot.beside import Beside
from bot.broadcasting import Broadcasting
from bot.clock import Clock, SystemClock
from bot.config import Settings
from bot.dialog import AtAnyStep, TurnRoute
from bot.fetching import Fetching
from bot.i18n import Locales
from bot.intake import Intake, TurnApplication
from bot.keeping import Keeping
from bot.one_poller import OnePoller
from bot.others import Others
from bot.outbox import Outbox
from bot.pace import ChatPace, Moments, Pace
from bot.pages import Pages
from bot.polling import Polling, TokenRefused
from bot.reminding import Reminding
from bot.request import BotRequest, HttpRequest
from bot.schedule import Schedule
from bot.store import foresee
from bot.stored_files import StoredFiles
from bot.traces import Traces
from bot.turn import Surroundings
from bot.uploads import RENDERERS, Renderer
from bot.writer import Writer
from casework import due, expiry, places
from casework.reminding.rules import table
from db.blobs import Blobs
from db.engine import Patience, hold_alone, make_engine, make_reading_engine, sqlite_path
from db.keys import read_key_file
from db.sealed import KeyRing
from db.shared import Lock, Presence, is_shared, one_after_another
from db.upgrade import bring_up_to_date
from handlers import conversation, reminding, routes
from handlers.family import received
from handlers.family.information import PAGES
from handlers.staff.broadcast_list import NOT_REACHED, NotReachedFiles
from handlers.staff.broadcast_report import ON_BROADCASTS
from handlers.staff.export_file import EXPORT_FILE, ExportFiles

log = structlog.get_logger(__name__)

_LONGEST_WAIT = 30.0


@dataclass
class Homeward:
    """The assembled bot."""

    settings: Settings
    clock: Clock
    engine: Engine
    writer: Writer
    api: Api
    application: TurnApplication = field(repr=False)  # it shows its token
    outbox: Outbox
    broadcasting: Broadcasting
    fetching: Fetching
    keeping: Keeping
    intake: Intake
    polling: Polling
    one_poller: OnePoller | None  # where other processes may poll instead
    reminding: Reminding
    schedule: Schedule
    traces: Traces
    around: Surroundings
    beside: Beside
    others: Others | None  # where other processes share the database
    _hold: IO[str] | Presence = field(repr=False)

    async def start(self) -> None:
        """Learn who we are, take up what an earlier process left; from then on updates may be received.

        Raises:
            TokenRefused: Telegram does not know the token.
        """
        await self._meet_telegram()
        self.writer.start()
        await self.traces.clear()  # a process may have died between erasing something and clearing up
        back = partial(tell_who_was_writing, around=self.around, now=self.clock.now())
        await self.writer.run(back)
        alone = not is_shared(self.engine)
        await self.fetching.recover(alone=alone)
        await self.outbox.recover(alone=alone)
        await self.broadcasting.recover()
        self.schedule.start()

    async def stop(self) -> None:
        """Finish what is under way, within seconds."""
        self.schedule.stop()
        await self.fetching.stop()
        await self.broadcasting.stop()
        await self.outbox.stop()
        await self.writer.stop()
        self.beside.stop()
        await self.application.shutdown()
        self.engine.dispose()
        self._hold.close()

    async def _meet_telegram(self) -> None:
        """Ask Telegram for our own name; wait while it cannot be reached."""
        wait = 1.0
        while True:
            try:
                await self.application.initialize()
                self.around.bot_username = self.application.bot.username
            except InvalidToken:
                raise TokenRefused from None
            except TelegramError as error:
                log.warning("app.telegram_unreachable", error=type(error).__name__, seconds=wait)
                await self.clock.sleep(wait)
                wait = min(wait * 2, _LONGEST_WAIT)
            else:
                return


def build(settings: Settings, clock: Clock | None = None, request: BotRequest | None = None) -> Homeward:
    """Put the bot together; tests give their own clock and request class.

    Raises:
        KeyFileProblem, WrongKeys, NewerDatabase, InUse, UnknownLanguage, BrokenPage: what is missing before a
            start; each text says the mend.
    """
    clock = clock or SystemClock()
    request = request or HttpRequest()
    keys = read_key_file(settings.security.key_file)
    around = Surroundings(
        keys,
        Locales(settings.languages.offered),
        Pages(settings.languages.offered, [page.key for page in PAGES]),
        settings.zone,
        settings.reminders.quiet_hours,
        secrets.token_hex(8),
        table(settings.reminders.intervals),
        frozenset(settings.people.admins),
        second_above=settings.broadcast.second_person_above,
        largest_in_broadcast=settings.broadcast.largest_file_mb * 1024 * 1024,
        periods=settings.periods,
    )
    blobs = Blobs(settings.files.folder)
    engine, hold = _open_database(settings, keys, around.instance)
    token = settings.telegram.token.get_secret_value()
    dialog = conversation()
    application = _application(settings, request, token, [AtAnyStep(routes()), dialog])
    renderers: dict[str, Renderer] = {
        **RENDERERS,
        "stored_file": StoredFiles(engine, keys, blobs),
        EXPORT_FILE: ExportFiles(engine, keys, around.locales, around.zone),
        NOT_REACHED: NotReachedFiles(engine, keys, around.locales),
    }
    api = Api(request, settings.telegram.api_url, token, renderers)
    writer = Writer(engine, partial(foresee, keys=keys, clock=clock))
    traces = Traces(engine, keys, around.names, around.instance)
    pace = _pace(settings, clock, writer, alone=not is_shared(engine))
    chat_pace = ChatPace(clock, limited=settings.telegram.messages_per_second > 0)
    keeping = Keeping(writer, clock, around, traces)
    outbox = Outbox(writer, api, clock, pace, keys, around.instance, traces, chat_pace)
    beside = Beside(make_reading_engine(settings.database.url))
    broadcasting = Broadcasting(writer, beside, outbox, clock, pace, around, ON_BROADCASTS)
    largest = settings.files.largest_mb * 1024 * 1024
    fetching = Fetching(writer, api, clock, around, blobs, outbox, received.tell, largest)
    ticking = Reminding(writer, around, clock, reminding.words)
    others = None
    if isinstance(hold, Presence):
        others = Others(hold, around.instance, writer, clock, outbox, fetching, traces)
    intake = Intake(application, dialog, writer, beside, outbox, around, clock, fetching.nudge, traces)
    return Homeward(
        settings,
        clock,
        engine,
        writer,
        api,
        application,
        outbox,
        broadcasting,
        fetching,
        keeping,
        intake,
        Polling(api, intake, clock),
        OnePoller(writer, clock, around.instance) if is_shared(engine) else None,
        ticking,
        Schedule(outbox, broadcasting, fetching, ticking, keeping, writer, clock, traces, around, others),
        traces,
        around,
        beside,
        others,
        hold,
    )


def _open_database(settings: Settings, keys: KeyRing, instance: str) -> tuple[Engine, IO[str] | Presence]:
    """Open the database, up to date: one file is held for us alone, in one that is shared the others know of us;
    nothing stays open if that fails.
    """
    database = settings.database
    path = sqlite_path(database.url)
    hold: IO[str] | Presence | None = hold_alone(path) if path is not None else None
    engine = make_engine(database.url, Patience(database.statement_seconds, database.lock_seconds))
    try:
        hold = hold or Presence(engine, instance)
        bring_up_to_date(engine, keys)
        with engine.begin() as connection:
            one_after_another(connection, Lock.OFFICE)
            places.plant(connection)
            shared_pace.plant(connection)
            expiry.reckoned_anew_after(connection, settings.periods)
            due.put_in_force(connection, settings.reminders.stage_days.limits)
    except BaseException:
        if hold is not None:
            hold.close()
        engine.dispose()
        raise
    return engine, hold


def _pace(settings: Settings, clock: Clock, writer: Writer, *, alone: bool) -> Pace:
    """Make the pace: shared through the database where other processes may work on it too."""

    async def reserve(count: int, gap: float) -> Moments:
        return await writer.run(partial(shared_pace.reserve, count=count, gap=gap, now=clock.now()))

    return Pace(clock, settings.telegram.messages_per_second, None if alone else reserve)


def _application(
    settings: Settings, request: BotRequest, token: str, handlers: Sequence[TurnRoute]
) -> TurnApplication:
    """Make python-telegram-bot's application: no updater, no persistence, no job queue; our handlers in our
    order.
    """
    base = settings.telegram.api_url.rstrip("/")
    builder = (
        ApplicationBuilder().application_class(TurnApplication).token(token).updater(None).job_queue(None)
    )
    application = (
        builder.base_url(f"{base}/bot")
        .base_file_url(f"{base}/file/bot")
        .request(request)
        .get_updates_request(request)
        .build()
    )
    application.add_handlers(handlers)
    return cast("TurnApplication", application)
