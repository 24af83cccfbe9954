"""The tables.

Columns whose comment says "sealed" hold ciphertext (db/sealed.py); every other column is free of personal
values: ids, times, codes
from fixed lists. Times are UTC.
"""

from datetime import UTC, datetime
from typing import Any, ClassVar

from sqlalchemy import (
    BigInteger,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    LargeBinary,
    MetaData,
    String,
    UniqueConstraint,
    text,
    true,
)
from sqlalchemy.dialects.sqlite import DATETIME
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator, TypeEngine

_WITHOUT_ZONE = len("2026-11-28 16:47:53.000000")


def _written(moment: datetime | None) -> str | None:
    if moment is None:
        return None
    in_utc = moment if moment.tzinfo is UTC else moment.astimezone(UTC)
    return in_utc.isoformat(" ", "microseconds")[:_WITHOUT_ZONE]


def _read(stored: str | None) -> datetime | None:
    return None if stored is None else datetime.fromisoformat(stored).replace(tzinfo=UTC)


class _OnSqlite(DATETIME):
    """What SQLAlchemy's own type writes on SQLite, in a third of the time: each update writes a dozen moments."""

    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Any:  # noqa: ARG002 - the base's signature
        return _written

    def result_processor(self, dialect: Dialect, coltype: object) -> Any:  # noqa: ARG002
        return _read

    def literal_processor(self, dialect: Dialect) -> Any:  # noqa: ARG002
        return lambda moment: f"'{_written(moment)}'"


class UtcDateTime(TypeDecorator[datetime]):
    """A moment in UTC: aware in Python, also on SQLite, which keeps no zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "sqlite":
            return _OnSqlite()  # type: ignore[no-untyped-call]  # SQLAlchemy's own has no types there
        return super().load_dialect_impl(dialect)


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        int: BigInteger,
        bytes: LargeBinary,
        datetime: UtcDateTime,
        str: String(64),
    }


def _id() -> Mapped[int]:
    return mapped_column(primary_key=True, autoincrement=False)


class Account(Base):
    """Somebody who writes to us. One Telegram user is one account; what it may open stands in `Access`."""

    __tablename__ = "account"

    id: Mapped[int] = _id()
    telegram_key: Mapped[bytes] = mapped_column(unique=True)  # keyed hash of the Telegram user id
    data_key: Mapped[bytes]  # wrapped; seals this account's own rows
    address: Mapped[bytes]  # sealed: the id of the private chat
    language: Mapped[str | None]  # none until the person has chosen
    role: Mapped[str] = mapped_column(server_default="family", index=True)
    consent_id: Mapped[int | None]  # the consent in force, if any
    unreachable_since: Mapped[datetime | None]  # blocked the bot, or deleted the account
    zone: Mapped[str | None]  # of the tz database; none: the office's
    quiet_from: Mapped[int | None]  # minutes since midnight, local; none: the office's quiet hours
    quiet_until: Mapped[int | None]
    news: Mapped[bool] = mapped_column(server_default=true())  # whether ordinary news may be sent
    urgent_news: Mapped[bool] = mapped_column(server_default=true())
    staff_name: Mapped[bytes | None]  # sealed: what colleagues call them; of staff only
    created_at: Mapped[datetime]
    erased_at: Mapped[datetime | None]  # a tombstone from then on: the key is gone, the id stays


class Consent(Base):
    """What a person agreed to, and when. It covers the requester only."""

    __tablename__ = "consent"

    id: Mapped[int] = _id()
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    text_version: Mapped[str]
    language: Mapped[str]
    given: Mapped[bool]
    at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]


class Dialog(Base):
    """Where a person stands in the conversation; the row that is locked for the length of a turn."""

    __tablename__ = "dialog"
    __table_args__ = (
        Index(
            "ix_dialog_drafted_at",
            "drafted_at",
            postgresql_where=text("drafted_at IS NOT NULL"),
            sqlite_where=text("drafted_at IS NOT NULL"),
        ),
    )

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True, autoincrement=False)
    step: Mapped[str]
    state: Mapped[bytes | None]  # sealed: the draft and where in it the person stands
    token: Mapped[str | None]  # what a button must carry to belong to the live screen
    screen_id: Mapped[int | None]  # the outbox row whose message is the live screen
    updated_at: Mapped[datetime]
    draft_id: Mapped[int | None]  # the id a request will have that is begun and not sent (casework/drafts.py)
    drafted_at: Mapped[datetime | None]  # when an answer of it was given last


def _of_queue(name: str, which: str) -> Index:
    return Index(
        f"ix_request_{name}", "created_at", "id", postgresql_where=text(which), sqlite_where=text(which)
    )


def _few(column: str) -> Index:
    which = text(f"{column} IS NOT NULL")
    return Index(f"ix_request_{column}", column, postgresql_where=which, sqlite_where=which)


class Request(Base):
    """A request for one or more persons, made by one requester."""

    __tablename__ = "request"
    __table_args__ = (
        Index(
            "ix_request_new",
            "created_at",
            postgresql_where=text("taken_at IS NULL AND holder_id IS NULL"),
            sqlite_where=text("taken_at IS NULL AND holder_id IS NULL"),
        ),
        # The views of the queue, in its order.
        _of_queue("unassigned", "holder_id IS NULL AND withdrawn_at IS NULL AND erased_at IS NULL"),
        _of_queue("waiting", "asked_at IS NOT NULL"),
        _of_queue("unanswered", "unanswered_since IS NOT NULL"),
        # Few of very many, and counted often.
        _few("warned_at"),
        _few("erased_at"),
    )

    id: Mapped[int] = _id()
    reference_key: Mapped[bytes] = mapped_column(unique=True)  # keyed hash of the reference
    receipt_key: Mapped[bytes]  # keyed hash of the receipt code
    data_key: Mapped[bytes]  # wrapped; destroying it erases the request
    details: Mapped[bytes]  # sealed: reference, requester
    language: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(index=True)
    expires_at: Mapped[datetime] = mapped_column(
        index=True
    )  # when it is looked at next whether it has expired
    withdrawn_at: Mapped[datetime | None]
    erased_at: Mapped[datetime | None]  # a tombstone from then on: the key is gone, the id stays
    holder_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)  # who works on it
    taken_at: Mapped[datetime | None]  # when somebody worked on it first; none: it is new
    asked_at: Mapped[datetime | None] = mapped_column(index=True)  # since when the family owes an answer
    unanswered_since: Mapped[datetime | None] = mapped_column(
        index=True
    )  # what they wrote and nobody answered
    due_at: Mapped[datetime | None] = mapped_column(index=True)  # when the next step is overdue
    warned_at: Mapped[datetime | None]  # when staff were told that it expires
    kept_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("account.id")
    )  # the admin who forbids to erase it
    kept_for: Mapped[bytes | None]  # sealed: why it must not be erased
    erasure_asked_at: Mapped[datetime | None]  # the family wants it erased, and it must be kept
    papers_told_at: Mapped[datetime | None]  # when its holder was told of papers they have not looked at yet


class Access(Base):
    """Which account may open which request, and how it came to that: filed, receipt or invited."""

    __tablename__ = "access"

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("request.id"), primary_key=True, index=True)
    since: Mapped[datetime]
    how: Mapped[str] = mapped_column(server_default="filed")


class RemovedRequest(Base):
    """A request that was erased, and not because its family wanted it: whoever could open it can read that it was."""

    __tablename__ = "removed_request"

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("request.id"), primary_key=True)
    at: Mapped[datetime]
    why: Mapped[str]  # expired, office


class LinkAttempt(Base):
    """Somebody typed a reference and a receipt code that did not fit; counted against guessing."""

    __tablename__ = "link_attempt"

    id: Mapped[int] = _id()
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    at: Mapped[datetime] = mapped_column(index=True)


class Invitation(Base):
    """A link by which a second relative may join a request; works once, for a while."""

    __tablename__ = "invitation"

    id: Mapped[int] = _id()
    token_key: Mapped[bytes] = mapped_column(unique=True)  # keyed hash of the token in the link
    request_id: Mapped[int] = mapped_column(ForeignKey("request.id"), index=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))  # who invited
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class Site(Base):
    """A place where people are held or cared for, on the list that staff keep. Names nobody."""

    __tablename__ = "site"

    id: Mapped[int] = _id()
    country: Mapped[str]  # ISO 3166
    kind: Mapped[str]  # prison, camp, orphanage, hospital
    name: Mapped[str] = mapped_column(String(200))
    status: Mapped[str]  # open, closed, moved
    moved_to_id: Mapped[int | None] = mapped_column(ForeignKey("site.id"))


class Flight(Base):
    """A journey home that is being prepared, as staff call it. Names nobody."""

    __tablename__ = "flight"

    id: Mapped[int] = _id()
    called: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]


class Person(Base):
    """One person a request asks about, with a stage of their own."""

    __tablename__ = "person"
    __table_args__ = (Index("ix_person_at", "site_id", "stage"),)

    id: Mapped[int] = _id()
    request_id: Mapped[int] = mapped_column(ForeignKey("request.id"), index=True)
    position: Mapped[int]  # the order in which the family named them, from 1
    stage: Mapped[str] = mapped_column(index=True)
    stage_since: Mapped[datetime]
    flight_id: Mapped[int | None] = mapped_column(ForeignKey("flight.id"), index=True)
    country: Mapped[str]  # a code of casework/questions.py, for counts and broadcasts
    site_id: Mapped[int | None] = mapped_column(ForeignKey("site.id"))
    details: Mapped[bytes]  # sealed: everything the family said of the person


class Document(Base):
    """One paper of one person: what kind, and whether the family has it, sent it, and staff found it good.

    `request_id` and `person_id` are given when a draft is begun, before the rows they name exist. A paper of the
    requester's own stands under the request's id in both.
    """

    __tablename__ = "document"
    __table_args__ = (UniqueConstraint("person_id", "kind"),)

    id: Mapped[int] = _id()
    request_id: Mapped[int] = mapped_column(index=True)
    person_id: Mapped[int]
    kind: Mapped[str]  # a code of casework/paper_kinds.py
    state: Mapped[str]  # have, missing, submitted, verified, rejected
    since: Mapped[datetime]
    asked_at: Mapped[datetime | None]  # since when the office asks for it; none once it came
    checked_at: Mapped[datetime | None]  # when staff found it good or not, the last time
    more_at: Mapped[datetime | None]  # since when there is more of it than staff found good
    rejected_for: Mapped[str | None]  # a code of casework/rejections.py
    remark: Mapped[bytes | None]  # sealed with the request's key: what staff add to the reason


class Submission(Base):
    """What somebody sent in one go: one file, or an album whose parts come one by one in any order.

    `request_id` and `person_id` as in `Document`; none where it belongs to no request (yet).
    """

    __tablename__ = "submission"
    __table_args__ = (
        Index(
            "ix_submission_untold",
            "tell_at",
            postgresql_where=text("tell_at IS NOT NULL"),
            sqlite_where=text("tell_at IS NOT NULL"),
        ),
    )

    id: Mapped[int] = _id()
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    request_id: Mapped[int | None] = mapped_column(index=True)
    person_id: Mapped[int | None]
    purpose: Mapped[str]  # a kind of document, portrait, answer, talk
    place: Mapped[str | None]  # of an answer: which question it answers
    album_key: Mapped[bytes | None] = mapped_column(unique=True)  # keyed hash of account and media_group_id
    tell_at: Mapped[datetime | None]  # when the family is to be told how it went; none once it was
    created_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]


class File(Base):
    """One file of a submission; while it is `waiting` the row is the job that fetches it."""

    __tablename__ = "file"
    __table_args__ = (
        Index(
            "ix_file_waiting",
            "due_at",
            postgresql_where=text("state = 'waiting'"),
            sqlite_where=text("state = 'waiting'"),
        ),
    )

    id: Mapped[int] = _id()
    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id"), index=True)
    state: Mapped[str]  # waiting, stored, refused, removed
    kind: Mapped[str]  # photo, document, voice, video_note
    data_key: Mapped[bytes | None]  # wrapped; seals details and bytes; gone once the file is removed
    details: Mapped[bytes | None]  # sealed: Telegram's file_id, the message it came in, caption
    stored_as: Mapped[str | None]  # the random name in the folder of sealed files
    media_type: Mapped[str | None]  # what the bytes were found to be
    size: Mapped[int | None]  # bytes, once stored
    refused_for: Mapped[str | None]  # a code of casework/files.py
    attempts: Mapped[int]
    due_at: Mapped[datetime]
    lease_owner: Mapped[str | None]
    lease_until: Mapped[datetime | None]
    created_at: Mapped[datetime]


class Event(Base):
    """What happened to a request, oldest first: its history and the family's timeline."""

    __tablename__ = "event"

    id: Mapped[int] = _id()
    request_id: Mapped[int] = mapped_column(ForeignKey("request.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))  # who did it
    kind: Mapped[str]
    at: Mapped[datetime]
    details: Mapped[bytes | None]  # sealed with the request's key


class Message(Base):
    """What a person wrote to the office, and what the office answers."""

    __tablename__ = "message"
    __table_args__ = (
        Index(
            "ix_message_waits",
            "direction",
            "waits_since",
            postgresql_where=text("waits_since IS NOT NULL"),
            sqlite_where=text("waits_since IS NOT NULL"),
        ),
    )

    id: Mapped[int] = _id()
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    request_id: Mapped[int | None] = mapped_column(ForeignKey("request.id"), index=True)  # if it is about one
    submission_id: Mapped[int | None] = mapped_column(ForeignKey("submission.id"))  # voice, photos
    direction: Mapped[str]  # in: from the family; out: from the office
    body: Mapped[bytes]  # sealed with the account's key
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))  # who of the office wrote it
    outbox_id: Mapped[int | None]  # what carries it to the family; its state is how far it came
    read_at: Mapped[datetime | None]  # when the other side opened it first
    waits_since: Mapped[datetime | None]  # for the other side's answer; none: it needs none, or has it


class CaseNote(Base):
    """What staff write about a request for each other. No family ever sees it."""

    __tablename__ = "case_note"

    id: Mapped[int] = _id()
    request_id: Mapped[int] = mapped_column(ForeignKey("request.id"), index=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    body: Mapped[bytes]  # sealed with the request's key
    at: Mapped[datetime]


class SavedReply(Base):
    """An answer that staff give often, in one language. The office's own words about nobody."""

    __tablename__ = "saved_reply"

    id: Mapped[int] = _id()
    language: Mapped[str]
    called: Mapped[str] = mapped_column(String(100))
    body: Mapped[str] = mapped_column(String(4096))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    at: Mapped[datetime]


class Fact(Base):
    """What blocks or opens the way, beside the stage: one row a person and kind; events tell what it was before."""

    __tablename__ = "fact"
    __table_args__ = (UniqueConstraint("person_id", "kind"),)

    id: Mapped[int] = _id()
    request_id: Mapped[int] = mapped_column(ForeignKey("request.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[str]  # a code of casework/facts.py, as the three below
    status: Mapped[str]
    source: Mapped[str]
    confidence: Mapped[str]
    details: Mapped[bytes | None]  # sealed with the request's key: the day it is true of, a remark
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    at: Mapped[datetime]


class Approval(Base):
    """Something that needs a second person: asked by one, decided by another."""

    __tablename__ = "approval"
    __table_args__ = (
        Index(
            "ix_approval_open",
            "asked_at",
            postgresql_where=text("state = 'open'"),
            sqlite_where=text("state = 'open'"),
        ),
    )

    id: Mapped[int] = _id()
    kind: Mapped[str]  # a code of casework/approvals.py
    request_id: Mapped[int | None] = mapped_column(ForeignKey("request.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    asked_at: Mapped[datetime]
    data_key: Mapped[bytes]  # wrapped; its own, since it may be about many requests
    details: Mapped[bytes]  # sealed: what shall be done, and why
    state: Mapped[str]  # open, approved, refused, withdrawn
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    decided_at: Mapped[datetime | None]


class Tie(Base):
    """Two requests about one person: the same family twice, or two families. Staff alone know of it."""

    __tablename__ = "tie"
    __table_args__ = (UniqueConstraint("person_id", "other_person_id"),)

    id: Mapped[int] = _id()
    request_id: Mapped[int] = mapped_column(ForeignKey("request.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    other_request_id: Mapped[int] = mapped_column(ForeignKey("request.id"), index=True)
    other_person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[str]  # duplicate, competing, different
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    at: Mapped[datetime]


class TeamInvitation(Base):
    """A link by which somebody becomes staff or admin; works once, for a while."""

    __tablename__ = "team_invitation"

    id: Mapped[int] = _id()
    token_key: Mapped[bytes] = mapped_column(unique=True)  # keyed hash of the token in the link
    role: Mapped[str]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))  # who invited
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class Audit(Base):
    """Who read, revealed, changed or exported what: a chain in which each row vouches for all before it.

    Nothing refers to anything here, so that what it tells outlives what it is about. No personal data.
    """

    __tablename__ = "audit"
    __table_args__ = (Index("ix_audit_account_id", "account_id", "at"),)

    id: Mapped[int] = _id()  # 1, 2, 3 … without a gap
    at: Mapped[datetime]
    account_id: Mapped[int | None]  # who; none for the program itself
    action: Mapped[str]  # a code of casework/permissions.py or casework/audit.py
    request_id: Mapped[int | None] = mapped_column(index=True)
    subject_id: Mapped[int | None]  # the other account, place, approval … it was done to
    mac: Mapped[bytes]  # keyed hash of this row and of the one before


class Reminder(Base):
    """Something that somebody is reminded of, and when next; one row for each kind, account and subject.

    Which kinds there are: casework/reminding/rules.py. The subject is a request, a draft, a person, an approval …, or
    the row itself where somebody set it.
    """

    __tablename__ = "reminder"
    __table_args__ = (
        UniqueConstraint("kind", "account_id", "subject_id"),
        Index(
            "ix_reminder_due",
            "kind",
            "due_at",
            postgresql_where=text("state = 'open'"),
            sqlite_where=text("state = 'open'"),
        ),
        Index(
            "ix_reminder_unheeded",
            "unheeded",
            postgresql_where=text("unheeded > 0"),
            sqlite_where=text("unheeded > 0"),
        ),
        Index("ix_reminder_account_id", "account_id", "due_at"),
    )

    id: Mapped[int] = _id()
    kind: Mapped[str]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))  # who is reminded
    subject_id: Mapped[int]
    request_id: Mapped[int | None] = mapped_column(index=True)  # the request, or draft, it is about
    person_id: Mapped[int | None]
    since: Mapped[datetime]  # what it is counted from
    number: Mapped[int]  # how far the count has come
    of_at: Mapped[datetime]  # the occurrence that comes next, as the rule has it
    due_at: Mapped[datetime]  # when that one is said: after quiet hours, or when it was put off to
    zone: Mapped[str]  # of the tz database: the clock it is reckoned by
    state: Mapped[str]  # open, done, stopped, declined
    unheeded: Mapped[int]  # how often it was said without an answer, in a row
    details: Mapped[bytes | None]  # sealed with the request's key: what somebody wrote
    by_id: Mapped[int | None]  # who set it; none where the rules did
    created_at: Mapped[datetime]


class Occurrence(Base):
    """A reminder that was given: no occurrence is given twice, whoever looks, and however the clock was set."""

    __tablename__ = "occurrence"
    __table_args__ = (UniqueConstraint("reminder_id", "of_at"),)

    id: Mapped[int] = _id()
    reminder_id: Mapped[int] = mapped_column(ForeignKey("reminder.id"))
    of_at: Mapped[datetime]  # as in Reminder
    at: Mapped[datetime]  # when it was given
    missed: Mapped[int]  # earlier ones that it stands for, after a long stop
    outbox_id: Mapped[int] = mapped_column(index=True)  # the message that gave it, with others perhaps
    answer: Mapped[str | None]  # now, later, done, stop


class Outbox(Base):
    """A message on its way out; written in the transaction that caused it, delivered after its commit."""

    __tablename__ = "outbox"
    __table_args__ = (
        # Only rows still to be delivered are ever searched for; those that are done cost nothing here.
        Index(
            "ix_outbox_open",
            "due_at",
            postgresql_where=text("state IN ('todo', 'sending') AND run_id IS NULL"),
            sqlite_where=text("state IN ('todo', 'sending') AND run_id IS NULL"),
        ),
        # Of a broadcast: what is due next, and how many came how far.
        Index(
            "ix_outbox_run",
            "run_id",
            "state",
            "due_at",
            postgresql_where=text("run_id IS NOT NULL"),
            sqlite_where=text("run_id IS NOT NULL"),
        ),
        Index("ix_outbox_account_id", "account_id", "id"),
        Index("ix_outbox_created_at", "created_at"),
        Index(
            "ix_outbox_case",
            "account_id",
            "message_id",
            postgresql_where=text("request_id IS NOT NULL"),
            sqlite_where=text("request_id IS NOT NULL"),
        ),
    )

    id: Mapped[int] = _id()
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    dedupe_key: Mapped[str] = mapped_column(unique=True)
    lane: Mapped[str]  # conversation, urgent or bulk
    state: Mapped[str]  # todo, sending, sent, uncertain, blocked, dead, cancelled
    payload: Mapped[bytes | None]  # sealed: method and parameters; gone once the message has arrived
    attempts: Mapped[int]
    due_at: Mapped[datetime]
    lease_owner: Mapped[str | None]
    lease_until: Mapped[datetime | None]
    fence: Mapped[int]  # grows with each lease; a result with an older one is refused
    message_id: Mapped[int | None]  # Telegram's id of the message, once known
    request_id: Mapped[
        int | None
    ]  # in a chat of staff: the case it is about, so that a reply to it finds there
    run_id: Mapped[int | None]  # of a broadcast: the run it belongs to; such a row has no payload of its own,
    text_id: Mapped[int | None]  # but this text, which it shares with everybody of one language
    created_at: Mapped[datetime]


class Broadcast(Base):
    """What the office writes to many families at once. Of the same words for all: nothing of a case is in it."""

    __tablename__ = "broadcast"

    id: Mapped[int] = _id()
    code_key: Mapped[bytes] = mapped_column(unique=True)  # keyed hash of the code that stands under it
    data_key: Mapped[bytes]  # wrapped
    details: Mapped[
        bytes
    ]  # sealed: code, audience, button, file, what is sent in place of a missing language
    urgent: Mapped[bool]
    state: Mapped[str]  # draft, scheduled, started, dropped
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))  # who writes it
    approval_id: Mapped[int | None] = mapped_column(ForeignKey("approval.id"))
    created_at: Mapped[datetime] = mapped_column(index=True)
    due_at: Mapped[datetime | None] = mapped_column(index=True)  # when it shall start
    started_at: Mapped[datetime | None]


class BroadcastText(Base):
    """The words of a broadcast in one language, stored once; each correction is a row of its own."""

    __tablename__ = "broadcast_text"
    __table_args__ = (UniqueConstraint("broadcast_id", "language", "version"),)

    id: Mapped[int] = _id()
    broadcast_id: Mapped[int] = mapped_column(ForeignKey("broadcast.id"))
    language: Mapped[str]
    version: Mapped[int]  # 0 is what was sent first
    body: Mapped[bytes]  # sealed with the broadcast's key: text and Telegram's own formatting of it
    at: Mapped[datetime]


class BroadcastRun(Base):
    """One way of a broadcast through everybody's chat: sending it, correcting it, or taking it back."""

    __tablename__ = "broadcast_run"

    id: Mapped[int] = _id()
    broadcast_id: Mapped[int] = mapped_column(ForeignKey("broadcast.id"), index=True)
    kind: Mapped[str]  # send, again, correct, recall
    state: Mapped[str] = mapped_column(index=True)  # filling, running, paused, ended, cancelled
    urgent: Mapped[bool]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))  # who started it
    frozen: Mapped[
        bytes | None
    ]  # sealed with the broadcast's key: whom it goes to, until all their rows are made
    total: Mapped[int]
    filled: Mapped[int]
    progress_id: Mapped[int | None]  # the outbox row whose message shows how far it is
    counts: Mapped[str | None] = mapped_column(String(200))  # once it has ended: JSON, by the state of rows
    at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class SharedPace(Base):
    """What the processes on one database share of Telegram's limit; moments in microseconds since 1970."""

    __tablename__ = "shared_pace"

    name: Mapped[str] = mapped_column(primary_key=True)
    next_at: Mapped[int]  # when the next message may leave
    held_until: Mapped[int]  # until when Telegram told us to send nothing that can wait


class SeenUpdate(Base):
    """Updates whose effect is committed.

    Compared by equality: Telegram restarts its ids at random after an idle week.
    """

    __tablename__ = "seen_update"

    update_id: Mapped[int] = _id()
    at: Mapped[datetime] = mapped_column(index=True)
    account_id: Mapped[int | None]  # whose it was; nothing refers to it, so it costs no look-up
    message_id: Mapped[int | None]  # the person's own message, which can be deleted from the chat for a while


class SetAside(Base):
    """An update that could not be handled: kept sealed for whoever mends the cause, never in the way of the
    next one.
    """

    __tablename__ = "set_aside"

    id: Mapped[int] = _id()
    data_key: Mapped[bytes]  # wrapped
    raw: Mapped[bytes]  # sealed: the update as it came
    telegram_key: Mapped[bytes | None] = mapped_column(
        index=True
    )  # as in Account: who sent it, if that can be told
    cause: Mapped[str] = mapped_column(String(200))  # the kind of error and where it was raised; no values
    at: Mapped[datetime]


class Lease(Base):
    """What one of several processes does at a time, and until when it has to be renewed: polling."""

    __tablename__ = "lease"

    name: Mapped[str] = mapped_column(primary_key=True)
    owner: Mapped[str]
    until: Mapped[datetime]


class Setting(Base):
    """Small facts about this database itself, such as the fingerprint of the keys that seal it."""

    __tablename__ = "setting"

    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[bytes]
