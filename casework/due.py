"""When the next step on a request is overdue: the earliest of its persons', by the stage each of them stands at.

The limits come from the config. Those in force stand in the database, so that all processes that share it reckon alike.
"""

import json
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import Connection, Table, bindparam, insert, select, update

from casework.stages import Stage
from casework.transitions import LIMITS, Limits, overdue_at
from db.gathered import flush
from db.models import Person, Request, Setting
from db.prepared import Prepared

_requests = cast("Table", Request.__table__)
# How long it is kept may have become another time too: that is reckoned at the next look (casework/expiry.py).
_WRITE = (
    update(_requests)
    .where(_requests.c.id == bindparam("of"))
    .values(due_at=bindparam("due_at"), expires_at=_requests.c.created_at)
)
NAME = "stage_limits"
IN_FORCE = select(Setting.value).where(Setting.name == bindparam("name"))
_IN_FORCE = Prepared(IN_FORCE)
_AT_ONCE = 500  # requests, where all of them are reckoned anew


def limits(connection: Connection) -> Limits:
    """Return how long a case may stay at each stage without a step."""
    return read(_IN_FORCE.run(connection, {"name": NAME}).scalar())


def read(stored: bytes | None) -> Limits:
    """Return the limits that stand in the database; the usual ones where none do."""
    if stored is None:
        return LIMITS
    return {Stage(stage): timedelta(days=days) for stage, days in json.loads(stored).items()}


def put_in_force(connection: Connection, wanted: Limits) -> None:
    """Let these limits hold from now on; where they are other ones than before, reckon every request anew."""
    value = json.dumps({stage.value: limit.days for stage, limit in wanted.items()}).encode()
    stored = _IN_FORCE.run(connection, {"name": NAME}).scalar()
    if stored is None:
        connection.execute(insert(Setting), {"name": NAME, "value": value})
    else:
        connection.execute(update(Setting).where(Setting.name == NAME).values(value=value))
    if wanted != read(stored):
        _reckon_all(connection)


def _reckon_all(connection: Connection) -> None:
    behind = 0
    wanted = select(Request.id).where(Request.erased_at.is_(None)).order_by(Request.id).limit(_AT_ONCE)
    while portion := connection.scalars(wanted.where(Request.id > behind)).all():
        reckon(connection, portion)
        behind = portion[-1]


def reckon(connection: Connection, requests: Collection[int]) -> None:
    """Write anew when these requests are overdue: three statements however many they are."""
    flush(connection)
    rows = connection.execute(
        select(Person.request_id, Person.stage, Person.stage_since).where(Person.request_id.in_(requests))
    ).all()
    in_force = limits(connection)
    due: dict[int, datetime | None] = dict.fromkeys(requests)
    for row in rows:
        at, earliest = overdue_at(Stage(row.stage), row.stage_since, in_force), due[row.request_id]
        if at is not None and (earliest is None or at < earliest):
            due[row.request_id] = at
    if due:
        connection.execute(_WRITE, [{"of": request_id, "due_at": at} for request_id, at in due.items()])
