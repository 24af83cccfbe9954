"""What the office writes to a family: one message to each account it goes to, carried by a notice without names."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from casework import asking, conversations, files, messages
from casework.conversations import Thread
from casework.files import Belongs, Purpose, Sent
from casework.messages import OUT
from db.ids import new_id
from db.models import Account, Message, Submission
from db.sealed import KeyRing, Place

SENT, ASKED = "letter_sent", "question_sent"  # in the audit log
LONGEST = 3000  # UTF-16 units: with what stands around it, it fits into one message on either side
MOST_FILES = 10


@dataclass(frozen=True)
class Letter:
    """What is sent.

    Attributes:
        to: the accounts it goes to.
        asks: the family owes an answer; only about a request.
    """

    text: str
    files: tuple[Sent, ...]
    to: tuple[int, ...]
    asks: bool = False


@dataclass(frozen=True)
class Carried:
    """One of its messages, for the notice that tells of it."""

    message_id: int
    account_id: int
    asks: bool


def write(
    connection: Connection, keys: KeyRing, thread: Thread, letter: Letter, by: int, now: datetime
) -> list[Carried]:
    """Write it down for each account; what they wait for is answered by it, and what it asks is owed.

    Returns:
        Its messages. Families are told of them at once, or once its files are settled, if it has any (`settled`).
    """
    about = thread.request_id
    submission_id = _keep(connection, keys, about, letter.files, by, now) if letter.files else None
    conversations.settle(connection, thread, letter.to)
    asks = letter.asks and about is not None
    rows = [
        _row(connection, keys, account, letter.text, now)
        | {"request_id": about, "submission_id": submission_id, "by_id": by}
        | {"waits_since": now if asks else None}
        for account in letter.to
    ]
    connection.execute(insert(Message), rows)
    if asks and about is not None:
        asking.asked(connection, about, now)
    return [Carried(row["id"], row["account_id"], asks) for row in rows]


def _row(connection: Connection, keys: KeyRing, account_id: int, text: str, now: datetime) -> dict[str, Any]:
    message_id = new_id()
    key = messages.key_of(connection, keys, account_id)
    body = key.seal({"text": text}, Place("message", "body", message_id))
    return {"id": message_id, "account_id": account_id, "direction": OUT, "body": body, "at": now}


def _keep(
    connection: Connection,
    keys: KeyRing,
    request_id: int | None,
    sent: Collection[Sent],
    by: int,
    now: datetime,
) -> int:
    """Keep the files as one submission, as if they were one album."""
    album, about = f"letter-{new_id()}", Belongs(Purpose.REPLY, request_id)
    for each in sent:
        part = replace(each, caption="", album=album)
        kept = files.receive(connection, keys, by, part, about, now)
    # Nothing more comes to it, as to an album of somebody's it might.
    connection.execute(update(Submission).where(Submission.id == kept.submission_id).values(tell_at=now))
    return kept.submission_id


def settled(connection: Connection, submission_id: int) -> list[Carried]:
    """Return whom to tell now that the files of a letter are settled: nothing has told them yet."""
    rows = connection.execute(
        select(Message.id, Message.account_id, Message.waits_since)
        .join(Account, Account.id == Message.account_id)
        .where(
            Message.submission_id == submission_id,
            Message.direction == OUT,
            Message.outbox_id.is_(None),
            Account.unreachable_since.is_(None),
            Account.erased_at.is_(None),
        )
        .order_by(Message.id)
    ).all()
    return [Carried(row.id, row.account_id, row.waits_since is not None) for row in rows]


def drop_if_empty(connection: Connection, keys: KeyRing, submission_id: int) -> bool:
    """Take a letter back of which no file was kept and that has no words; False where it has any."""
    rows = connection.execute(select(*messages.COLUMNS).where(Message.submission_id == submission_id)).all()
    if any(each.text for each in messages.opened(connection, keys, rows)):
        return False
    connection.execute(delete(Message).where(Message.submission_id == submission_id))
    for about in {row.request_id for row in rows} - {None}:
        asking.answered(connection, about)
    return True


def carries(connection: Connection, message_id: int, outbox_id: int) -> None:
    """Write down which row of the outbox tells of a message."""
    connection.execute(update(Message).where(Message.id == message_id).values(outbox_id=outbox_id))


def request_of(connection: Connection, submission_id: int) -> int | None:
    """Return the request that a letter with files is about."""
    found: int | None = connection.scalar(
        select(Message.request_id).where(Message.submission_id == submission_id).limit(1)
    )
    return found
