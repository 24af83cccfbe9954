"""Files that families send: first a row, fetched, checked and sealed afterwards (bot/fetching.py).

What somebody sends in one go is one submission: a file by itself, or an album, whose parts Telegram brings one by
one, in any order, and perhaps before and after a restart. Every file has a key of its own: removing it destroys
the key.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, insert, select, update

from db.ids import new_id
from db.models import File, Submission
from db.sealed import KeyRing, Place

_ALBUM_IS_WHOLE = timedelta(seconds=3)  # after its last part; Telegram brings the parts within a second or so


class Purpose(StrEnum):
    """What a submission is for, beside the kinds of documents (casework/paper_kinds.py)."""

    PORTRAIT = "portrait"
    ANSWER = "answer"
    TALK = "talk"
    REPLY = "reply"  # what the office sends to a family


class State(StrEnum):
    """`waiting → stored | refused`, and `removed` from any of them."""

    WAITING = "waiting"
    STORED = "stored"
    REFUSED = "refused"
    REMOVED = "removed"


@dataclass(frozen=True)
class Sent:
    """A file as it was sent.

    Attributes:
        kind: photo, document, voice or video_note.
        remote_id: where it can be fetched (Telegram's file_id).
        message_id: the message it came in, so that it can be deleted from the chat later.
        album: what the parts of one album have in common; empty for a file by itself.
    """

    kind: str
    remote_id: str
    message_id: int | None
    caption: str = ""
    album: str = ""


@dataclass(frozen=True)
class Belongs:
    """What a file is about: see db/models/papers.py, Submission."""

    purpose: str
    request_id: int | None = None
    person_id: int | None = None
    place: str | None = None


@dataclass(frozen=True)
class Received:
    """The submission a file went into; `first` where this file began it."""

    submission_id: int
    first: bool


def receive(
    connection: Connection, keys: KeyRing, account_id: int, sent: Sent, about: Belongs, now: datetime
) -> Received:
    """Keep what was sent as a row that waits to be fetched. Nothing is fetched here.

    A part of an album joins the submission of the parts before it, wherever the conversation has gone since.
    """
    joined = join(connection, keys, account_id, sent, now)
    if joined is not None:
        return joined
    album_key = _album_key(keys, account_id, sent.album)
    tell_at = now + _ALBUM_IS_WHOLE if album_key else now
    submission_id = _begin(connection, account_id, about, album_key, tell_at, now)
    _add_file(connection, keys, submission_id, sent, now)
    return Received(submission_id, first=True)


def join(
    connection: Connection, keys: KeyRing, account_id: int, sent: Sent, now: datetime
) -> Received | None:
    """Add a part to the album that an earlier part has begun; None where none has.

    A part that comes after the family has removed the album goes with the rest of it.
    """
    album_key = _album_key(keys, account_id, sent.album)
    if album_key is None:
        return None
    known = connection.execute(
        select(Submission.id, Submission.removed_at).where(Submission.album_key == album_key)
    ).one_or_none()
    if known is None:
        return None
    if known.removed_at is None:
        whole = now + _ALBUM_IS_WHOLE
        connection.execute(update(Submission).where(Submission.id == known.id).values(tell_at=whole))
        _add_file(connection, keys, known.id, sent, now)
    return Received(known.id, first=False)


def _album_key(keys: KeyRing, account_id: int, album: str) -> bytes | None:
    return keys.lookup("album", f"{account_id}:{album}") if album else None


def _begin(
    connection: Connection,
    account_id: int,
    about: Belongs,
    album_key: bytes | None,
    tell_at: datetime,
    now: datetime,
) -> int:
    submission_id = new_id()
    row: dict[str, Any] = {
        "id": submission_id,
        "account_id": account_id,
        "album_key": album_key,
        "tell_at": tell_at,
    }
    row |= {"request_id": about.request_id, "person_id": about.person_id}
    row |= {"purpose": about.purpose, "place": about.place, "created_at": now}
    connection.execute(insert(Submission), row)
    return submission_id


def _add_file(connection: Connection, keys: KeyRing, submission_id: int, sent: Sent, now: datetime) -> None:
    file_id = new_id()
    key, wrapped = keys.new_data_key(Place("file", "data_key", file_id))
    details = {"remote_id": sent.remote_id, "message_id": sent.message_id, "caption": sent.caption}
    row = {
        "id": file_id,
        "submission_id": submission_id,
        "state": State.WAITING.value,
        "kind": sent.kind,
        "data_key": wrapped,
        "details": key.seal(details, Place("file", "details", file_id)),
        "attempts": 0,
        "due_at": now,
        "created_at": now,
    }
    connection.execute(insert(File), row)
