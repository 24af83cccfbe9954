"""What the office works with: places, flights, facts, approvals, notes, and what it did."""

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


class Site(Base):
    """A place where people are held or cared for, on the list that staff keep. Names nobody."""

    __tablename__ = "site"

    id: Mapped[int] = row_id()
    country: Mapped[str]  # ISO 3166
    kind: Mapped[str]  # prison, camp, orphanage, hospital
    name: Mapped[str] = mapped_column(String(200))
    status: Mapped[str]  # open, closed, moved
    moved_to_id: Mapped[int | None] = mapped_column(ForeignKey("site.id"))


class Flight(Base):
    """A journey home that is being prepared, as staff call it. Names nobody."""

    __tablename__ = "flight"

    id: Mapped[int] = row_id()
    called: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]


class Fact(Base):
    """What blocks or opens the way, beside the stage: one row a person and kind; events tell what it was before."""

    __tablename__ = "fact"
    __table_args__ = (UniqueConstraint("person_id", "kind"),)

    id: Mapped[int] = row_id()
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

    id: Mapped[int] = row_id()
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


class CaseNote(Base):
    """What staff write about a request for each other. No family ever sees it."""

    __tablename__ = "case_note"

    id: Mapped[int] = row_id()
    request_id: Mapped[int] = mapped_column(ForeignKey("request.id"), index=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    body: Mapped[bytes]  # sealed with the request's key
    at: Mapped[datetime]


class SavedReply(Base):
    """An answer that staff give often, in one language. The office's own words about nobody."""

    __tablename__ = "saved_reply"

    id: Mapped[int] = row_id()
    language: Mapped[str]
    called: Mapped[str] = mapped_column(String(100))
    body: Mapped[str] = mapped_column(String(4096))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    at: Mapped[datetime]


class Audit(Base):
    """Who read, revealed, changed or exported what: a chain in which each row vouches for all before it.

    Nothing refers to anything here, so that what it tells outlives what it is about. No personal data.
    """

    __tablename__ = "audit"
    __table_args__ = (Index("ix_audit_account_id", "account_id", "at"),)

    id: Mapped[int] = row_id()  # 1, 2, 3 … without a gap
    at: Mapped[datetime]
    account_id: Mapped[int | None]  # who; none for the program itself
    action: Mapped[str]  # a code of casework/permissions.py or casework/audit.py
    request_id: Mapped[int | None] = mapped_column(index=True)
    subject_id: Mapped[int | None]  # the other account, place, approval … it was done to
    mac: Mapped[bytes]  # keyed hash of this row and of the one before
