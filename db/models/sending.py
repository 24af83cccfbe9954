"""What is sent: single messages, broadcasts, and Telegram's limit."""

from datetime import datetime

from sqlalchemy import (
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base, row_id


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

    id: Mapped[int] = row_id()
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

    id: Mapped[int] = row_id()
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

    id: Mapped[int] = row_id()
    broadcast_id: Mapped[int] = mapped_column(ForeignKey("broadcast.id"))
    language: Mapped[str]
    version: Mapped[int]  # 0 is what was sent first
    body: Mapped[bytes]  # sealed with the broadcast's key: text and Telegram's own formatting of it
    at: Mapped[datetime]


class BroadcastRun(Base):
    """One way of a broadcast through everybody's chat: sending it, correcting it, or taking it back."""

    __tablename__ = "broadcast_run"

    id: Mapped[int] = row_id()
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
