"""Requests and the persons in them."""

from datetime import datetime

from sqlalchemy import (
    ForeignKey,
    Index,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base, row_id


def _of_queue(name: str, which: str) -> Index:
    """Index a view of the queue in its order, so that a page of it costs the same however many requests there are."""
    return Index(
        f"ix_request_{name}", "created_at", "id", postgresql_where=text(which), sqlite_where=text(which)
    )


def _few(column: str) -> Index:
    """Index a column of requests that is set in few of very many."""
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

    id: Mapped[int] = row_id()
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


class RemovedRequest(Base):
    """A request that was erased, and not because its family wanted it: whoever could open it can read that it was."""

    __tablename__ = "removed_request"

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("request.id"), primary_key=True)
    at: Mapped[datetime]
    why: Mapped[str]  # expired, office


class Person(Base):
    """One person a request asks about, with a stage of their own."""

    __tablename__ = "person"
    __table_args__ = (Index("ix_person_at", "site_id", "stage"),)

    id: Mapped[int] = row_id()
    request_id: Mapped[int] = mapped_column(ForeignKey("request.id"), index=True)
    position: Mapped[int]  # the order in which the family named them, from 1
    stage: Mapped[str] = mapped_column(index=True)
    stage_since: Mapped[datetime]
    flight_id: Mapped[int | None] = mapped_column(ForeignKey("flight.id"), index=True)
    country: Mapped[str]  # a code of casework/questions.py, for counts and broadcasts
    site_id: Mapped[int | None] = mapped_column(ForeignKey("site.id"))
    details: Mapped[bytes]  # sealed: everything the family said of the person


class Event(Base):
    """What happened to a request, oldest first: its history and the family's timeline."""

    __tablename__ = "event"

    id: Mapped[int] = row_id()
    request_id: Mapped[int] = mapped_column(ForeignKey("request.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))  # who did it
    kind: Mapped[str]
    at: Mapped[datetime]
    details: Mapped[bytes | None]  # sealed with the request's key


class Tie(Base):
    """Two requests about one person: the same family twice, or two families. Staff alone know of it."""

    __tablename__ = "tie"
    __table_args__ = (UniqueConstraint("person_id", "other_person_id"),)

    id: Mapped[int] = row_id()
    request_id: Mapped[int] = mapped_column(ForeignKey("request.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    other_request_id: Mapped[int] = mapped_column(ForeignKey("request.id"), index=True)
    other_person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[str]  # duplicate, competing, different
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    at: Mapped[datetime]
