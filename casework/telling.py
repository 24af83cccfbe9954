"""Which submissions are settled, so that the family is told how it went: once, and again if more comes to an album."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, exists, select, update

from casework.files import State
from casework.refusals import Refusal
from casework.submissions import SubmittedFile, opened_file
from db.models import Account, File, Submission
from db.sealed import KeyRing

_MOST_AT_ONCE = 50


@dataclass(frozen=True)
class Outcome:
    """How a submission went.

    Attributes:
        request_id: the request or draft it was sent for, if any.
        stored: the kinds of the files that are kept.
        refused: how many are not, and why.
        message_id: the message of the first one that is not.
    """

    submission_id: int
    account_id: int
    request_id: int | None
    purpose: str
    stored: tuple[str, ...]
    refused: Mapping[Refusal, int]
    message_id: int | None


def settled(connection: Connection, keys: KeyRing, now: datetime) -> list[Outcome]:
    """Return what is to be told now, and mark it told: the message has to be written in the same transaction."""
    waits = exists().where(File.submission_id == Submission.id, File.state == State.WAITING.value)
    due = connection.execute(
        select(Submission.id, Submission.account_id, Submission.request_id, Submission.purpose)
        .join(Account, Account.id == Submission.account_id)
        .where(Submission.tell_at <= now, ~waits, Account.erased_at.is_(None))
        .order_by(Submission.tell_at)
        .limit(_MOST_AT_ONCE)
        .with_for_update(skip_locked=True, of=Submission)
    ).all()
    outcomes = [_outcome(connection, keys, row) for row in due]
    told = [row.id for row in due]
    if told:
        connection.execute(update(Submission).where(Submission.id.in_(told)).values(tell_at=None))
    return [outcome for outcome in outcomes if outcome.stored or outcome.refused]


def _outcome(connection: Connection, keys: KeyRing, row: Any) -> Outcome:
    rows = connection.execute(
        select(File).where(File.submission_id == row.id, File.state != State.REMOVED.value).order_by(File.id)
    ).all()
    files = [opened_file(keys, each) for each in rows]
    refused = [file for file in files if file.refused_for is not None]
    return Outcome(
        row.id,
        row.account_id,
        row.request_id,
        row.purpose,
        tuple(file.kind for file in files if file.state is State.STORED),
        Counter(file.refused_for for file in refused if file.refused_for is not None),
        _first_message(refused),
    )


def _first_message(files: list[SubmittedFile]) -> int | None:
    return min((file.message_id for file in files if file.message_id is not None), default=None)
