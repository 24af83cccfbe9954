"""`homeward run`: from a settings file to a bot that runs until it is told to stop."""

import asyncio
import gc
import signal
import time
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import structlog
import uvloop
from sqlalchemy.exc import DBAPIError, OperationalError
from telegram.error import BadRequest, InvalidToken, TelegramError

from bot import logs
from bot.app import Homeward, build
from bot.clock import Clock, ShiftedClock, SystemClock
from bot.config import ConfigProblem, Settings, read_config
from bot.i18n import UnknownLanguage
from bot.introduction import introduce
from bot.pages import BrokenPage
from bot.polling import ALLOWED_UPDATES, TokenRefused
from db.blobs import FolderProblem
from db.engine import InUse
from db.keys import KeyFileProblem
from db.upgrade import HalfMoved, NewerDatabase, WrongKeys

log = structlog.get_logger(__name__)

_NEW_OBJECTS = 25_000  # between two looks for garbage; Python's own 700 are few turns
_FOR_DATABASE = (1.0, 2.0, 4.0, 8.0)  # seconds between tries
# PostgreSQL's codes of what passes by itself: lock_not_available, query_canceled, deadlock_detected,
# cannot_connect_now, admin_shutdown, too_many_connections.
_PASSES = frozenset({"55P03", "57014", "40P01", "57P03", "57P01", "53300"})
_LONGEST_WAIT = 30.0  # seconds between tries while Telegram cannot be reached

__all__ = ["CannotStart", "TokenRefused", "run_until_stopped"]


class CannotStart(Exception):
    """Something is wrong before the first update; the text says what and the mend."""


def run_until_stopped(config: Path, clock_file: Path | None) -> None:
    """Run until SIGTERM or SIGINT.

    Raises:
        CannotStart: settings, keys, languages or database are not usable.
        TokenRefused: Telegram does not know the token.
    """
    clock: Clock = ShiftedClock(clock_file) if clock_file is not None else SystemClock()
    try:
        settings = read_config(config)
        logs.set_up(settings.log.level, as_json=settings.log.json_lines)
        homeward = _built(settings, clock)
    except (ConfigProblem, KeyFileProblem, BrokenPage) as problem:
        raise CannotStart(str(problem)) from None
    except InUse as problem:
        raise CannotStart(f"{problem}: another process works on this database. Stop it first") from None
    except WrongKeys:
        raise CannotStart(f"{config}: security.key_file: these are not the keys of this database") from None
    except NewerDatabase:
        raise CannotStart(f"{config}: database.url: a newer Homeward has worked here. Run that one") from None
    except HalfMoved:
        raise CannotStart(
            f"{config}: database.url: a move into this database was not ended. Run `homeward move-database` again"
        ) from None
    except FolderProblem as problem:
        raise CannotStart(f"{config}: files.folder: {problem}") from None
    except (OSError, DBAPIError) as problem:
        raise CannotStart(f"{config}: database.url: {_reason(problem)}") from None
    except UnknownLanguage as problem:
        raise CannotStart(
            f"{config}: languages.offered: no catalogue for {problem}. Run: make catalogues"
        ) from None
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_serve(homeward))


def _built(settings: Settings, clock: Clock) -> Homeward:
    """Build it; where the database is held up for a moment, by others who use it or by its own start, wait for it."""
    for wait in _FOR_DATABASE:
        try:
            return build(settings, clock)
        except OperationalError as problem:
            state = getattr(problem.orig, "sqlstate", None)
            if state not in _PASSES:
                raise
            log.warning("run.database_waits", sqlstate=state, seconds=wait)
            time.sleep(wait)  # nothing runs yet that this could hold up
    return build(settings, clock)


def _reason(problem: OSError | DBAPIError) -> str:
    if isinstance(problem, DBAPIError) and getattr(problem.orig, "sqlstate", None) in _PASSES:
        return f"the database is held up ({problem.orig}). See what holds it, and start again"
    if isinstance(problem, DBAPIError):
        return f"this cannot be used as a database ({problem.orig}). Move it away, or restore your copy"
    return f"{problem.filename}: {problem.strerror}. Make the folder one that this user may write to"


async def _serve(homeward: Homeward) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop.set)
    work = asyncio.create_task(_work(homeward))
    stopped = asyncio.create_task(stop.wait())
    await asyncio.wait({work, stopped}, return_when=asyncio.FIRST_COMPLETED)
    stopped.cancel()
    work.cancel()
    try:
        with suppress(asyncio.CancelledError):
            await work
    finally:
        await homeward.stop()
        log.info("run.stopped")


async def _work(homeward: Homeward) -> None:
    """Start, then take updates in until cancelled or until Telegram refuses the token."""
    await homeward.start()
    _settle_down()
    introduction = asyncio.create_task(introduce(homeward.api, homeward.around.locales))
    refused = asyncio.create_task(homeward.outbox.token_refused.wait())
    intake = asyncio.create_task(_take_updates(homeward))
    log.info("run.started", mode=homeward.settings.telegram.mode)
    try:
        await asyncio.wait({refused, intake}, return_when=asyncio.FIRST_COMPLETED)
        if refused.done():
            raise TokenRefused
        await intake
    finally:
        for task in (introduction, refused, intake):
            task.cancel()
        await asyncio.gather(introduction, refused, intake, return_exceptions=True)


def _settle_down() -> None:
    """Keep what the start has made out of the garbage collector's sight: it stays, and looking through it again and
    again costs more than all it finds. What comes later is looked through sooner, and so less of it lies about.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(_NEW_OBJECTS)


async def _take_updates(homeward: Homeward) -> None:
    settings = homeward.settings.telegram
    if settings.mode == "polling":
        await _insist(homeward, "deleteWebhook", {})
        if homeward.one_poller is not None:
            await homeward.one_poller.run(homeward.polling.run)
        else:
            await homeward.polling.run()
        return
    from bot.webhook import Webhook  # a web server, which polling does without

    secret = settings.webhook.secret.get_secret_value()
    webhook = Webhook(homeward.intake, secret, urlsplit(settings.webhook.url).path or "/")
    try:
        await webhook.start(settings.webhook.listen, settings.webhook.port)
    except OSError:
        place = f"{settings.webhook.listen}:{settings.webhook.port}"
        raise CannotStart(
            f"[telegram.webhook] listen, port: {place} is taken, or no address of this machine. Choose another"
        ) from None
    try:
        await _insist(
            homeward,
            "setWebhook",
            {
                "url": settings.webhook.url,
                "secret_token": secret,
                "allowed_updates": ALLOWED_UPDATES,
                "max_connections": 100,
            },
        )
        await asyncio.Event().wait()
    finally:
        await webhook.stop()


async def _insist(homeward: Homeward, method: str, parameters: dict[str, Any]) -> None:
    """Call a method until Telegram has taken it.

    Raises:
        TokenRefused: Telegram does not know the token.
        CannotStart: Telegram will never take it as it is.
    """
    wait = 1.0
    while True:
        try:
            await homeward.api.call(method, parameters)
        except InvalidToken:
            raise TokenRefused from None
        except BadRequest:
            raise CannotStart(f"Telegram refuses {method}: look at [telegram.webhook] url") from None
        except TelegramError as error:
            log.warning("run.telegram_unreachable", method=method, error=type(error).__name__, seconds=wait)
            await homeward.clock.sleep(wait)
            wait = min(wait * 2, _LONGEST_WAIT)
        else:
            return
