"""What the service knows of itself."""

from datetime import datetime

from sqlalchemy import (
    String,
)
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base, row_id


class SeenUpdate(Base):
    """Updates whose effect is committed.

    Compared by equality: Telegram restarts its ids at random after an idle week.
    """

    __tablename__ = "seen_update"

    update_id: Mapped[int] = row_id()
    at: Mapped[datetime] = mapped_column(index=True)
    account_id: Mapped[int | None]  # whose it was; nothing refers to it, so it costs no look-up
    message_id: Mapped[int | None]  # the person's own message, which can be deleted from the chat for a while


class SetAside(Base):
    """An update that could not be handled: kept sealed for whoever mends the cause, never in the way of the
    next one.
    """

    __tablename__ = "set_aside"

    id: Mapped[int] = row_id()
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
