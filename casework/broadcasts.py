"""Broadcasts before they leave: drafts, their words in each language, and who of the audience reads which.

A draft is rows, so it survives everything. Nothing of a case can be put into it: its words are the same for all.
How it goes through everybody's chat: casework/broadcast_runs.py.
"""

import hashlib
import json
from dataclasses import asdict, dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Self

from sqlalchemy import Connection, delete, func, insert, select, update

from casework import audience
from casework.audience import NO_LANGUAGE, Audience, Count
from casework.references import ALPHABET
from db.ids import new_id
from db.models import Broadcast as Row
from db.models import BroadcastRun, BroadcastText
from db.randomness import random_letters
from db.sealed import DataKey, KeyRing, Place

LEFT_OUT = ""  # stands where the readers of a missing language get nothing
REQUEST = "request"  # in the place of a link: the button leads to the reader's own requests
_CODE_LETTERS = 8  # 40 random bits, and few may be guessed (casework/access.py)
_MISREAD = str.maketrans("ILO", "110")


class State(StrEnum):
    DRAFT = "draft"
    SCHEDULED = "scheduled"
    STARTED = "started"
    DROPPED = "dropped"


@dataclass(frozen=True)
class Words:
    """A text with Telegram's own formatting, as the writer typed it (Bot API, MessageEntity; UTF-16 units)."""

    text: str
    entities: tuple[dict[str, Any], ...] = ()

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> Self:
        return cls(stored["text"], tuple(stored["entities"]))

    def to_json(self) -> dict[str, Any]:
        return {"text": self.text, "entities": list(self.entities)}


@dataclass(frozen=True)
class Media:
    """A picture, document or voice that goes with it, by Telegram's own name for it."""

    kind: str  # photo, document, voice
    file_id: str


@dataclass
class Details:
    """What is sealed of a broadcast.

    Attributes:
        link: where the button leads; "request" for "open my request", empty without a button.
        instead: for a language without a text, the one whose text its readers get, or `LEFT_OUT`.
        zone: in which the time to start was given.
        correction: by language, words that shall replace those that were sent.
    """

    code: str
    audience: Audience = field(default_factory=Audience)
    media: Media | None = None
    link: str = ""
    instead: dict[str, str] = field(default_factory=dict)
    zone: str = ""
    correction: dict[str, Words] = field(default_factory=dict)

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> Self:
        media = Media(**stored["media"]) if stored["media"] else None
        correction = {each: Words.from_json(words) for each, words in stored["correction"].items()}
        rest = {each: stored[each] for each in ("code", "link", "instead", "zone")}
        return cls(
            audience=Audience.from_json(stored["audience"]), media=media, correction=correction, **rest
        )

    def to_json(self) -> dict[str, Any]:
        return {
            "code": self.code,
            "audience": self.audience.to_json(),
            "media": asdict(self.media) if self.media else None,
            "link": self.link,
            "instead": self.instead,
            "zone": self.zone,
            "correction": {each: words.to_json() for each, words in self.correction.items()},
        }


@dataclass
class Broadcast:
    id: int
    state: State
    urgent: bool
    account_id: int
    approval_id: int | None
    created_at: datetime
    due_at: datetime | None
    started_at: datetime | None
    details: Details


@dataclass(frozen=True)
class Share:
    """The readers of one language: how many, and in which language they read it.

    Attributes:
        reads: a language that is written; `LEFT_OUT`; none while nobody has decided.
    """

    language: str
    readers: int
    reads: str | None


@dataclass(frozen=True)
class Plan:
    """Who would read what."""

    count: Count
    shares: tuple[Share, ...]

    @property
    def recipients(self) -> int:
        return sum(each.readers for each in self.shares if each.reads)

    @property
    def wanted(self) -> int:
        """How many would get it once every language is decided."""
        return sum(each.readers for each in self.shares if each.reads != LEFT_OUT)

    @property
    def left_out(self) -> int:
        return sum(each.readers for each in self.shares if each.reads == LEFT_OUT)

    @property
    def languages(self) -> list[str]:
        return [each.language for each in self.shares]

    def undecided(self, first_language: str) -> list[str]:
        """Return the languages of which nobody has said what their readers get."""
        own = (
            first_language if each.language == NO_LANGUAGE else each.language
            for each in self.shares
            if each.reads is None
        )
        return list(dict.fromkeys(own))

    def missing(self, first_language: str) -> list[str]:
        """Return the languages without a text, decided or not."""
        own = (
            (first_language if each.language == NO_LANGUAGE else each.language, each.reads)
            for each in self.shares
        )
        return list(dict.fromkeys(language for language, reads in own if reads != language))


def begin(connection: Connection, keys: KeyRing, by: int, now: datetime) -> int:
    """Begin a draft; return its id."""
    broadcast_id = new_id()
    key, wrapped = keys.new_data_key(Place("broadcast", "data_key", broadcast_id))
    letters = random_letters(ALPHABET, _CODE_LETTERS)
    code = f"{letters[:4]}-{letters[4:]}"
    row: dict[str, Any] = {"id": broadcast_id, "account_id": by, "created_at": now, "urgent": False}
    row |= {"code_key": keys.lookup("broadcast", code), "data_key": wrapped, "state": State.DRAFT.value}
    row |= {"details": key.seal(Details(code).to_json(), Place("broadcast", "details", broadcast_id))}
    connection.execute(insert(Row), row)
    return broadcast_id


def get(connection: Connection, keys: KeyRing, broadcast_id: int) -> Broadcast | None:
    """Return a broadcast; None where there is none, or it was dropped."""
    row = connection.execute(
        select(Row).where(Row.id == broadcast_id, Row.state != State.DROPPED.value)
    ).one_or_none()
    return _opened(keys, row) if row is not None else None


def lock(connection: Connection, keys: KeyRing, broadcast_id: int) -> Broadcast | None:
    """Return it as `get` does, and let nobody else change it in this transaction's time."""
    connection.execute(select(Row.id).where(Row.id == broadcast_id).with_for_update())
    return get(connection, keys, broadcast_id)


def by_code(connection: Connection, keys: KeyRing, code: str) -> Broadcast | None:
    """Return the broadcast that was sent under this code; drafts are nobody's to check."""
    row = connection.execute(
        select(Row).where(Row.code_key == keys.lookup("broadcast", code), Row.state == State.STARTED.value)
    ).one_or_none()
    return _opened(keys, row) if row is not None else None


def read_code(text: str) -> str | None:
    """Return the code somebody typed in its usual form; None if it cannot be one."""
    letters = "".join(sign for sign in text.upper() if sign.isalnum()).translate(_MISREAD)
    if len(letters) != _CODE_LETTERS or not set(letters) <= set(ALPHABET):
        return None
    return f"{letters[:4]}-{letters[4:]}"


def listed(connection: Connection, keys: KeyRing, first: int, most: int) -> list[Broadcast]:
    """Return broadcasts, the newest first; what was dropped is not among them."""
    rows = connection.execute(
        select(Row)
        .where(Row.state != State.DROPPED.value)
        .order_by(Row.created_at.desc(), Row.id.desc())
        .offset(first)
        .limit(most)
    ).all()
    return [_opened(keys, row) for row in rows]


def save(connection: Connection, keys: KeyRing, broadcast: Broadcast) -> None:
    """Write what may have changed of it."""
    sealed = key_of(connection, keys, broadcast.id).seal(
        broadcast.details.to_json(), Place("broadcast", "details", broadcast.id)
    )
    values: dict[str, Any] = {"details": sealed, "urgent": broadcast.urgent, "state": broadcast.state.value}
    values |= {"approval_id": broadcast.approval_id, "due_at": broadcast.due_at}
    values |= {"started_at": broadcast.started_at}
    connection.execute(update(Row).where(Row.id == broadcast.id).values(**values))


def write(
    connection: Connection, keys: KeyRing, broadcast_id: int, language: str, words: Words, now: datetime
) -> None:
    """Write the words of a draft in one language, in place of those that stood there."""
    unwrite(connection, broadcast_id, language)
    add_version(connection, keys, broadcast_id, language, words, 0, now)


def unwrite(connection: Connection, broadcast_id: int, language: str) -> None:
    """Take the words of a draft in one language out."""
    here = (BroadcastText.broadcast_id == broadcast_id) & (BroadcastText.language == language)
    connection.execute(delete(BroadcastText).where(here))


def add_version(
    connection: Connection,
    keys: KeyRing,
    broadcast_id: int,
    language: str,
    words: Words,
    version: int,
    now: datetime,
) -> int:
    """Write words in one language as a new version; return the text's id."""
    text_id = new_id()
    key = key_of(connection, keys, broadcast_id)
    body = key.seal(words.to_json(), Place("broadcast_text", "body", text_id))
    row: dict[str, Any] = {"id": text_id, "broadcast_id": broadcast_id, "language": language}
    connection.execute(insert(BroadcastText), {**row, "version": version, "body": body, "at": now})
    return text_id


@dataclass(frozen=True)
class Text:
    """One text as it is stored."""

    id: int
    language: str
    version: int
    body: Words


def texts(connection: Connection, keys: KeyRing, broadcast_id: int) -> dict[str, Text]:
    """Return the newest words in each language."""
    key = key_of(connection, keys, broadcast_id)
    rows = connection.execute(
        select(BroadcastText)
        .where(BroadcastText.broadcast_id == broadcast_id)
        .order_by(BroadcastText.version, BroadcastText.id)
    ).all()
    return {row.language: _text(key, row) for row in rows}


def text_of(connection: Connection, keys: KeyRing, text_id: int) -> tuple[Broadcast, Text]:
    """Return a text and the broadcast it belongs to."""
    row = connection.execute(select(BroadcastText).where(BroadcastText.id == text_id)).one()
    broadcast = connection.execute(select(Row).where(Row.id == row.broadcast_id)).one()
    return _opened(keys, broadcast), _text(key_of(connection, keys, row.broadcast_id), row)


def plan(connection: Connection, keys: KeyRing, broadcast: Broadcast, first_language: str) -> Plan:
    """Look who would read what now.

    Args:
        first_language: the installation's, read by those who have not chosen one.
    """
    counted = audience.count(connection, keys, broadcast.details.audience, urgent=broadcast.urgent)
    written = texts(connection, keys, broadcast.id)
    return Plan(
        counted,
        tuple(
            Share(language, n, reads(language, written, broadcast.details.instead, first_language))
            for language, n in counted.languages.items()
        ),
    )


def reads(
    language: str, written: dict[str, Text], instead: dict[str, str], first_language: str
) -> str | None:
    """Return the language in which somebody reads it; `LEFT_OUT`, or None while nobody has decided."""
    own = first_language if language == NO_LANGUAGE else language
    if own in written:
        return own
    other = instead.get(own)
    return other if other is None or other == LEFT_OUT or other in written else None


def print_of(connection: Connection, keys: KeyRing, broadcast: Broadcast) -> str:
    """Return what tells whether a broadcast is still the one that somebody has seen."""
    written = texts(connection, keys, broadcast.id)
    seen = {each: text.body.to_json() for each, text in sorted(written.items())}
    whole = [broadcast.details.to_json(), broadcast.urgent, seen]
    return hashlib.sha256(json.dumps(whole, sort_keys=True).encode()).hexdigest()


def taken_back(connection: Connection, broadcast_id: int) -> bool:
    """Whether somebody has begun to delete it from people's chats."""
    of = (BroadcastRun.broadcast_id == broadcast_id) & (BroadcastRun.kind == "recall")
    return connection.scalar(select(BroadcastRun.id).where(of).limit(1)) is not None


def drop(connection: Connection, broadcast_id: int) -> None:
    """Drop a draft with its words."""
    connection.execute(delete(BroadcastText).where(BroadcastText.broadcast_id == broadcast_id))
    connection.execute(
        update(Row).where(Row.id == broadcast_id).values(state=State.DROPPED.value, data_key=b"", details=b"")
    )


def drafts(connection: Connection) -> int:
    """Count what is being written or waits for its time."""
    open_ones = (State.DRAFT.value, State.SCHEDULED.value)
    return connection.scalar(select(func.count()).where(Row.state.in_(open_ones))) or 0


def key_of(connection: Connection, keys: KeyRing, broadcast_id: int) -> DataKey:
    wrapped = connection.scalars(select(Row.data_key).where(Row.id == broadcast_id)).one()
    return keys.data_key(wrapped, Place("broadcast", "data_key", broadcast_id))


def _opened(keys: KeyRing, row: Any) -> Broadcast:
    key = keys.data_key(row.data_key, Place("broadcast", "data_key", row.id))
    details = Details.from_json(key.open(row.details, Place("broadcast", "details", row.id)))
    return Broadcast(
        row.id,
        State(row.state),
        row.urgent,
        row.account_id,
        row.approval_id,
        row.created_at,
        row.due_at,
        row.started_at,
        details,
    )


def _text(key: DataKey, row: Any) -> Text:
    words = Words.from_json(key.open(row.body, Place("broadcast_text", "body", row.id)))
    return Text(row.id, row.language, row.version, words)
