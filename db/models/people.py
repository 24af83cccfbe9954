"""Who writes to us: accounts, what they agreed to, where they stand, and what they may open."""

from datetime import datetime

from sqlalchemy import (
    ForeignKey,
    Index,
    text,
    true,
)
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base, row_id


class Account(Base):
    """Somebody who writes to us. One Telegram user is one account; what it may open stands in `Access`."""

    __tablename__ = "account"

    id: Mapped[int] = row_id()
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

    id: Mapped[int] = row_id()
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


class Access(Base):
    """Which account may open which request, and how it came to that: filed, receipt or invited."""

    __tablename__ = "access"

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("request.id"), primary_key=True, index=True)
    since: Mapped[datetime]
    how: Mapped[str] = mapped_column(server_default="filed")


class LinkAttempt(Base):
    """Somebody typed a reference and a receipt code that did not fit; counted against guessing."""

    __tablename__ = "link_attempt"

    id: Mapped[int] = row_id()
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    at: Mapped[datetime] = mapped_column(index=True)


class Invitation(Base):
    """A link by which a second relative may join a request; works once, for a while."""

    __tablename__ = "invitation"

    id: Mapped[int] = row_id()
    token_key: Mapped[bytes] = mapped_column(unique=True)  # keyed hash of the token in the link
    request_id: Mapped[int] = mapped_column(ForeignKey("request.id"), index=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))  # who invited
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class TeamInvitation(Base):
    """A link by which somebody becomes staff or admin; works once, for a while."""

    __tablename__ = "team_invitation"

    id: Mapped[int] = row_id()
    token_key: Mapped[bytes] = mapped_column(unique=True)  # keyed hash of the token in the link
    role: Mapped[str]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))  # who invited
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
