"""Files that wait to be fetched: the row is the job, and holds what a restart must know.

A try is counted when it begins, so that a file that ends the process is not tried for ever.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from sqlalchemy import Connection, Select, Table, func, or_, select, update

from casework import documents, submissions
from casework.events import Happening, note
from casework.files import Purpose, State
from casework.paper_kinds import KINDS
from casework.refusals import Refusal
from casework.requests import is_filed
from db.models import File, Submission
from db.sealed import DataKey, KeyRing, Place, SealBroken

LEASE = timedelta(minutes=5)  # longer than a fetch may take (bot/fetching.py)
# How long after each failed try the next one comes: about a day in all.
_WAITS = tuple(
    timedelta(seconds=seconds)
    for seconds in (5, 15, 60, 300, 900, 3600, 2 * 3600, 4 * 3600, 6 * 3600, 10 * 3600)
)
MOST_FILES = 500  # stored for one account at a time
MOST_BYTES = 2 * 1024**3
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
_table = cast("Table", File.__table__)
_HELD = (_table.c.state == State.WAITING.value) & (_table.c.lease_until > _LONG_AGO)
_IN_NOBODYS_HANDS: dict[str, Any] = {"lease_owner": None, "lease_until": None}


@dataclass(frozen=True)
class Job:
    """A file in our hands.

    Attributes:
        remote_id: where it can be fetched (Telegram's file_id).
        attempts: tries so far, this one included.
    """

    file_id: int
    submission_id: int
    key: DataKey
    remote_id: str
    attempts: int
    instance: str


@dataclass(frozen=True)
class Kept:
    """A file that was checked, sealed and written."""

    stored_as: str
    media_type: str
    size: int


def take(
    connection: Connection, keys: KeyRing, instance: str, in_hands: Collection[int], now: datetime
) -> Job | None:
    """Lease the file that is due longest; None where none is.

    Those in our own hands are not taken again, however old their lease is. A file that can never be fetched is
    refused on the way.
    """
    while (found := connection.execute(_due(in_hands, now)).first()) is not None:
        job = _opened(keys, found, instance)
        if found.removed_at is not None:  # removed by somebody else while it came in
            gone = {"state": State.REMOVED.value, "data_key": None, "details": None}
            _settle(connection, found.id, found.lease_owner, gone)
        elif job is None or found.attempts > len(_WAITS):
            _settle(connection, found.id, found.lease_owner, _refusal(Refusal.GONE))
        elif _holds_enough(connection, found.account_id):
            _settle(connection, found.id, found.lease_owner, _refusal(Refusal.TOO_MANY))
        else:
            lease = {"lease_owner": instance, "lease_until": now + LEASE, "attempts": job.attempts}
            connection.execute(update(_table).where(_table.c.id == found.id).values(**lease))
            return job
    return None


def _due(in_hands: Collection[int], now: datetime) -> Select[Any]:
    return (
        select(_table, Submission.account_id, Submission.removed_at)
        .join(Submission, Submission.id == _table.c.submission_id)
        .where(
            _table.c.state == State.WAITING.value,
            _table.c.due_at <= now,
            or_(_table.c.lease_owner.is_(None), _table.c.lease_until < now),
            _table.c.id.not_in(in_hands),
        )
        .order_by(_table.c.due_at, _table.c.id)
        .limit(1)
        .with_for_update(skip_locked=True, of=_table)
    )


def _opened(keys: KeyRing, found: Any, instance: str) -> Job | None:
    try:
        key = keys.data_key(found.data_key, Place("file", "data_key", found.id))
        details = key.open(found.details, Place("file", "details", found.id))
    except SealBroken:
        return None
    return Job(found.id, found.submission_id, key, details["remote_id"], found.attempts + 1, instance)


def _holds_enough(connection: Connection, account_id: int) -> bool:
    """Whether this account has filled its share of the folder: one must not fill it for all."""
    number, size = connection.execute(
        select(func.count(), func.coalesce(func.sum(_table.c.size), 0))
        .join(Submission, Submission.id == _table.c.submission_id)
        .where(Submission.account_id == account_id, _table.c.state == State.STORED.value)
    ).one()
    return bool(number >= MOST_FILES or size >= MOST_BYTES)


def keep(connection: Connection, job: Job, kept: Kept, now: datetime) -> bool:
    """The file is safely on the disk: say so, with all that follows from it.

    False where it is not ours any more (removed meanwhile, or in other hands): its blob is to be deleted.
    """
    stored = {
        "state": State.STORED.value,
        "stored_as": kept.stored_as,
        "media_type": kept.media_type,
        "size": kept.size,
    }
    if not _settle(connection, job.file_id, job.instance, stored):
        return False
    about = connection.execute(
        select(Submission.request_id, Submission.person_id, Submission.purpose, Submission.account_id).where(
            Submission.id == job.submission_id
        )
    ).one()
    if about.request_id is None:
        return True
    filed = is_filed(connection, about.request_id)
    if about.purpose in KINDS:
        documents.submitted(connection, about.request_id, about.person_id, about.purpose, now)
        submissions.take_over(connection, job.submission_id, now)
    elif about.purpose == Purpose.PORTRAIT:
        if filed:
            note(connection, Happening(about.request_id, "portrait_received", by=about.account_id), now)
        submissions.take_over(connection, job.submission_id, now)
    return True


def refuse(connection: Connection, job: Job, refusal: Refusal) -> None:
    """Nothing of the file is kept; the family is told why."""
    _settle(connection, job.file_id, job.instance, _refusal(refusal))


def try_again(connection: Connection, job: Job, now: datetime) -> None:
    """It did not work this time; after the last try it is given up."""
    if job.attempts > len(_WAITS):
        refuse(connection, job, Refusal.GONE)
    else:
        _settle(connection, job.file_id, job.instance, {"due_at": now + _WAITS[job.attempts - 1]})


def put_off(connection: Connection, job: Job, until: datetime) -> None:
    """It could not even be tried: that is not counted."""
    _settle(connection, job.file_id, job.instance, {"due_at": until, "attempts": job.attempts - 1})


def end_leases_of_others(connection: Connection, instance: str) -> None:
    """Nobody else is alive: every lease but our own is over."""
    connection.execute(
        update(_table)
        .where(_table.c.state == State.WAITING.value, _table.c.lease_owner != instance)
        .values(lease_until=_LONG_AGO)
    )


def holders(connection: Connection, instance: str) -> set[str]:
    """Return the other processes that hold anything."""
    others = select(_table.c.lease_owner).where(_HELD, _table.c.lease_owner != instance)
    return set(connection.scalars(others.distinct()))


def end_leases_of(connection: Connection, ended: Collection[str]) -> None:
    """Let go of what processes hold that have ended."""
    theirs = _HELD & _table.c.lease_owner.in_(ended)
    connection.execute(update(_table).where(theirs).values(lease_until=_LONG_AGO))


def give_back(connection: Connection, file_ids: Collection[int], instance: str) -> None:
    """We stop: anybody may take these at once, and the try does not count."""
    connection.execute(
        update(_table)
        .where(
            _table.c.id.in_(file_ids),
            _table.c.state == State.WAITING.value,
            _table.c.lease_owner == instance,
        )
        .values(attempts=_table.c.attempts - 1, **_IN_NOBODYS_HANDS)
    )


def named(connection: Connection) -> set[str]:
    """Return the blobs that rows name."""
    return set(connection.scalars(select(_table.c.stored_as).where(_table.c.stored_as.is_not(None))).all())


def _refusal(refusal: Refusal) -> dict[str, Any]:
    return {"state": State.REFUSED.value, "refused_for": refusal.value}


def _settle(connection: Connection, file_id: int, holder: str | None, change: dict[str, Any]) -> bool:
    """Write how a try ended, if the file still waits in the same hands."""
    done = connection.execute(
        update(_table)
        .where(
            _table.c.id == file_id,
            _table.c.state == State.WAITING.value,
            _table.c.lease_owner.is_not_distinct_from(holder),
        )
        .values(**change, **_IN_NOBODYS_HANDS)
    )
    return done.rowcount > 0
