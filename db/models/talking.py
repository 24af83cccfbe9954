"""Messages between families and the office."""

from datetime import datetime

from sqlalchemy import (
    ForeignKey,
    Index,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base, row_id


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

    id: Mapped[int] = row_id()
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
