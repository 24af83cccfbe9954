"""When the next step on a request is overdue: the earliest of its persons', by the stage each of them stands at."""

from collections.abc import Collection
from datetime import datetime
from typing import cast

from sqlalchemy import Connection, Table, bindparam, select, update

from casework.stages import Stage
from casework.transitions import overdue_at
from db.gathered import flush
from db.models import Person, Request

_requests = cast("Table", Request.__table__)
# How long it is kept may have become another time too: that is reckoned at the next look (casework/expiry.py).
_WRITE = (
    update(_requests)
    .where(_requests.c.id == bindparam("of"))
    .values(due_at=bindparam("due_at"), expires_at=_requests.c.created_at)
)


def reckon(connection: Connection, requests: Collection[int]) -> None:
    """Write anew when these requests are overdue: two statements however many they are."""
    flush(connection)
    rows = connection.execute(
        select(Person.request_id, Person.stage, Person.stage_since).where(Person.request_id.in_(requests))
    ).all()
    due: dict[int, datetime | None] = dict.fromkeys(requests)
    for row in rows:
        at, earliest = overdue_at(Stage(row.stage), row.stage_since), due[row.request_id]
        if at is not None and (earliest is None or at < earliest):
            due[row.request_id] = at
    if due:
        connection.execute(_WRITE, [{"of": request_id, "due_at": at} for request_id, at in due.items()])
