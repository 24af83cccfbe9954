"""Documents, and the files in which they came."""

from datetime import datetime

from sqlalchemy import (
    ForeignKey,
    Index,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base, row_id


class Document(Base):
    """One paper of one person: what kind, and whether the family has it, sent it, and staff found it good.

    `request_id` and `person_id` are given when a draft is begun, before the rows they name exist. A paper of the
    requester's own stands under the request's id in both.
    """

    __tablename__ = "document"
    __table_args__ = (UniqueConstraint("person_id", "kind"),)

    id: Mapped[int] = row_id()
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

    id: Mapped[int] = row_id()
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

    id: Mapped[int] = row_id()
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
