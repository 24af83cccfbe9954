"""Fetches what families send: after the commit, a file at a time, until its fate is written down.

The row is the job (casework/fetches.py). Its bytes come from Telegram, are checked (casework/media.py), sealed and
made durable (db/blobs.py), and only then does the row say that they are stored. Whatever ends the process in between
leaves a row that waits and, at most, a blob that no row names.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TypeVar

import structlog
from sqlalchemy import Connection
from telegram.error import BadRequest, InvalidToken, RetryAfter, TelegramError

from bot.api import Api, RemoteFile, seconds_of
from bot.clock import Clock
from bot.intake import cause_of
from bot.outbox import Outbox
from bot.request import NeverSent, WrongLength
from bot.turn import Surroundings
from bot.writer import StorageUnavailable, Writer
from casework import fetches
from casework.fetches import Job, Kept
from casework.media import checked
from casework.refusals import Refusal
from casework.telling import Outcome, settled
from db.blobs import Blobs

log = structlog.get_logger(__name__)
T = TypeVar("T")

Tell = Callable[[Connection, Surroundings, Outcome, datetime], None]

AT_ONCE = 2  # files in memory; only one of them is being decoded
_SWEPT_AFTER = timedelta(minutes=15)  # longer than any lease: nobody is still about to name the blob
_UNREACHABLE_WAIT = 30.0  # seconds, while Telegram cannot be reached
_OUR_OWN_WAIT = 300.0  # seconds, while the disk is full or the folder is gone
_TRIES_OF_A_REFUSAL = 3
_TOO_BIG = "file is too big"
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


class _Refused(Exception):
    """The file is not kept."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.value)
        self.refusal = refusal


class Fetching:
    """Takes files that are due, one for each of a few workers, and stops when there are none."""

    def __init__(
        self,
        writer: Writer,
        api: Api,
        clock: Clock,
        around: Surroundings,
        blobs: Blobs,
        outbox: Outbox,
        tell: Tell,
        largest: int,
    ) -> None:
        """Put it together.

        Args:
            tell: writes to the family what became of a submission.
            largest: bytes of a file.
        """
        self._writer, self._api, self._clock, self._around = writer, api, clock, around
        self._blobs, self._outbox, self._tell, self._largest = blobs, outbox, tell, largest
        # One thread: a picture that is being decoded may need 400 MB.
        self._bench = ThreadPoolExecutor(1, "files")
        self._tasks: set[asyncio.Task[None]] = set()
        self._at_work = 0
        self._in_hands: set[int] = set()
        self._news = False
        self._not_before = _LONG_AGO
        self._stopping = False

    async def recover(self, *, alone: bool) -> None:
        """Take up what an earlier process left. `alone`: no other process shares the database."""
        if alone:
            await self._writer.run(partial(fetches.end_leases_of_others, instance=self._around.instance))
        self.nudge()

    def nudge(self) -> None:
        """Something may be due. Returns at once."""
        self._news = True
        if self._at_work < AT_ONCE:
            self._begin()

    async def look(self) -> None:
        """See what is due: the tick's way to nudge."""
        self.nudge()

    async def idle(self) -> None:
        """Wait until nothing is under way."""
        while self._tasks:
            await asyncio.gather(*self._tasks, return_exceptions=True)

    async def stop(self) -> None:
        """Let go of what is under way: its rows wait for whoever comes next."""
        self._stopping = True
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await asyncio.to_thread(self._bench.shutdown)
        if self._in_hands:
            give_back = partial(fetches.give_back, file_ids=self._in_hands, instance=self._around.instance)
            with suppress(StorageUnavailable):  # then their leases end by themselves
                await self._writer.run(give_back)

    async def sweep(self) -> None:
        """Delete blobs that no row names: of removed files, and of processes that ended in between."""
        before = self._clock.now() - _SWEPT_AFTER
        old = await asyncio.to_thread(self._blobs.older_than, before)
        if old:
            unnamed = old - await self._writer.run(fetches.named)
            await asyncio.to_thread(self._blobs.delete, unnamed)

    def _begin(self) -> None:
        if self._stopping:
            return
        self._at_work += 1
        task = asyncio.create_task(self._work())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _work(self) -> None:
        try:
            while True:
                self._news = False
                job = await self._next()
                if job is not None:
                    if self._at_work < AT_ONCE:
                        self._begin()
                    await self._settle(job)
                elif not self._news:
                    return
        except StorageUnavailable:
            log.warning("fetching.storage_unavailable")  # the next tick looks again
        finally:
            self._at_work -= 1

    async def _next(self) -> Job | None:
        """Tell what is settled and take what is due."""
        told, job = await self._writer.run(self._look)
        if job is not None:
            self._in_hands.add(job.file_id)
        if told:
            with suppress(StorageUnavailable):  # the outbox's own tick finds them too
                await self._outbox.sweep()
        return job

    def _look(self, connection: Connection) -> tuple[int, Job | None]:
        now, keys = self._clock.now(), self._around.keys
        job = None
        if now >= self._not_before:
            job = fetches.take(connection, keys, self._around.instance, self._in_hands, now)
        outcomes = settled(connection, keys, now)
        for outcome in outcomes:
            try:
                self._tell(connection, self._around, outcome, now)
            except Exception as error:  # noqa: BLE001 - one that cannot be told must not silence the others
                log.error("fetching.not_told", submission=outcome.submission_id, cause=cause_of(error))
        return len(outcomes), job

    async def _settle(self, job: Job) -> None:
        try:
            await self._fetch(job)
        except Exception as error:  # noqa: BLE001 - when its lease is over, it is tried again
            log.error("fetching.not_settled", file=job.file_id, cause=cause_of(error))
        self._in_hands.discard(job.file_id)  # where we are stopped instead, it is given back

    async def _fetch(self, job: Job) -> None:
        """Bring a file home, or write down why not."""
        try:
            await self._keep(job, await self._bring(job))
        except _Refused as refused:
            log.info("fetching.refused", file=job.file_id, reason=refused.refusal.value)
            await self._write(partial(fetches.refuse, job=job, refusal=refused.refusal))
        except RetryAfter as error:
            await self._put_off(job, seconds_of(error))
        except NeverSent:
            await self._put_off(job, _UNREACHABLE_WAIT)
        except InvalidToken:
            self._outbox.token_refused.set()
            await self._put_off(job, _UNREACHABLE_WAIT)
        except OSError as error:  # no room, or no folder: the files are not to blame
            log.error("fetching.not_written", cause=cause_of(error))
            await self._put_off(job, _OUR_OWN_WAIT)
        except BadRequest as error:
            await self._refused_by_telegram(job, error)
        except TelegramError as error:
            log.info("fetching.failed", file=job.file_id, attempts=job.attempts, error=type(error).__name__)
            await self._write(partial(fetches.try_again, job=job, now=self._clock.now()))
        except Exception as error:  # noqa: BLE001 - a mistake of ours must not hold up the files behind it
            log.error("fetching.failed", file=job.file_id, cause=cause_of(error))
            await self._write(partial(fetches.try_again, job=job, now=self._clock.now()))

    async def _bring(self, job: Job) -> Kept:
        """Fetch, check, seal and write.

        Raises:
            _Refused: it is not to be kept.
            TelegramError: it did not come.
            OSError: it could not be written.
        """
        remote = await self._api.find_file(job.remote_id)
        if remote.size is not None and remote.size > self._largest:
            raise _Refused(Refusal.TOO_BIG)
        content = await self._download(remote)
        return await asyncio.get_running_loop().run_in_executor(
            self._bench, self._checked_and_written, job, content
        )

    async def _download(self, remote: RemoteFile) -> bytes:
        """Fetch the bytes; what is longer or shorter than announced is not what was sent."""
        if remote.size is not None:
            content = await self._api.download(remote, remote.size)
            if len(content) < remote.size:
                raise WrongLength("fewer bytes than were announced")
            return content
        try:
            return await self._api.download(remote, self._largest)
        except WrongLength:
            raise _Refused(Refusal.TOO_BIG) from None

    def _checked_and_written(self, job: Job, content: bytes) -> Kept:
        clean = checked(content)
        if isinstance(clean, Refusal):
            raise _Refused(clean)
        name = self._blobs.write(job.key, job.file_id, clean.content, self._clock.now())
        return Kept(name, clean.media_type, len(clean.content))

    async def _keep(self, job: Job, kept: Kept) -> None:
        """Say that it is stored. Where the row is not ours any more, the blob goes again."""
        if not await self._write(partial(fetches.keep, job=job, kept=kept, now=self._clock.now())):
            await asyncio.to_thread(self._blobs.delete, [kept.stored_as])

    async def _refused_by_telegram(self, job: Job, error: BadRequest) -> None:
        """Telegram says no. It has one sentence for "never" and "not now": that is asked a few times more."""
        if _TOO_BIG in error.message.lower():
            await self._write(partial(fetches.refuse, job=job, refusal=Refusal.TOO_BIG))
        elif job.attempts >= _TRIES_OF_A_REFUSAL:
            await self._write(partial(fetches.refuse, job=job, refusal=Refusal.GONE))
        else:
            await self._write(partial(fetches.try_again, job=job, now=self._clock.now()))

    async def _put_off(self, job: Job, seconds: float) -> None:
        """What keeps this file from coming keeps every other too: wait before any is tried."""
        until = self._clock.now() + timedelta(seconds=seconds)
        self._not_before = max(self._not_before, until)
        await self._write(partial(fetches.put_off, job=job, until=until))

    async def _write(self, work: Callable[[Connection], T]) -> T:
        """Write a file's fate; while the database cannot take it, wait."""
        while True:
            with suppress(StorageUnavailable):
                return await self._writer.run(work)
            log.warning("fetching.storage_unavailable")
            await self._clock.sleep(1.0)
