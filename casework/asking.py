"""What the office asks a family for, and whether they owe it still: then the case waits for them (the queue's WAITING).

A case may wait for several things at once: papers, an answer to a question. It waits since the first of them, and
until the last of them has come.
"""

from datetime import datetime

from sqlalchemy import ColumnElement, Connection, exists, not_, or_, update

from db.models import Document, Message, Request

# What is still asked for, each as a condition on the request. Something else that families are asked: a line here.
_OWED: tuple[ColumnElement[bool], ...] = (
    exists().where(Document.request_id == Request.id, Document.asked_at.is_not(None)),
    exists().where(
        Message.request_id == Request.id, Message.direction == "out", Message.waits_since.is_not(None)
    ),
)


def asked(connection: Connection, request_id: int, now: datetime) -> None:
    """The family was asked for something: from now on the case waits for them, if it did not before."""
    connection.execute(
        update(Request).where(Request.id == request_id, Request.asked_at.is_(None)).values(asked_at=now)
    )


def answered(connection: Connection, request_id: int) -> None:
    """Something that was asked for has come, or is not asked for any more: unless anything else still is, the case
    waits for the family no longer. What has come has to be written down before.
    """
    connection.execute(
        update(Request)
        .where(Request.id == request_id, Request.asked_at.is_not(None), not_(or_(*_OWED)))
        .values(asked_at=None)
    )
