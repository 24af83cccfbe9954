"""What is reminded of, and what was said."""

from datetime import datetime

from sqlalchemy import (
    ForeignKey,
    Index,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base, row_id


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

    id: Mapped[int] = row_id()
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

    id: Mapped[int] = row_id()
    reminder_id: Mapped[int] = mapped_column(ForeignKey("reminder.id"))
    of_at: Mapped[datetime]  # as in Reminder
    at: Mapped[datetime]  # when it was given
    missed: Mapped[int]  # earlier ones that it stands for, after a long stop
    outbox_id: Mapped[int] = mapped_column(index=True)  # the message that gave it, with others perhaps
    answer: Mapped[str | None]  # now, later, done, stop
