"""Rows that are handed to the driver as they are: the same ones as SQLAlchemy would write."""

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any, cast

import pytest
from sqlalchemy import Connection, Table, bindparam, insert, select, update

from db.engine import make_engine
from db.models import Account, Base, Outbox
from db.prepared import write_rows
from tests.databases import empty_database

_accounts, _outbox = (cast("Table", each.__table__) for each in (Account, Outbox))
_ADD_ACCOUNT, _ADD = insert(_accounts), insert(_outbox)
_FINISH = (
    update(_outbox)
    .where(_outbox.c.id == bindparam("of"), _outbox.c.fence == bindparam("with_fence"))
    .values(state=bindparam("to"), payload=None, lease_until=None)
)
_NOON = datetime(2026, 11, 29, 12, 0, 0, 250_000, tzinfo=UTC)


def _message(row_id: int, at: datetime) -> dict[str, Any]:
    return {
        "id": row_id,
        "account_id": 1,
        "dedupe_key": f"{row_id:x}",
        "lane": "conversation",
        "state": "sending",
        "payload": bytes([0, 255, row_id]),
        "attempts": 1,
        "due_at": at,
        "lease_until": None,
        "fence": row_id,
        "created_at": at,
    }


@pytest.fixture
def connection(tmp_path: Path) -> Any:
    engine = make_engine(empty_database(tmp_path, "prepared"))
    with engine.begin() as connection:
        Base.metadata.create_all(connection)
        person = {"id": 1, "telegram_key": b"k", "data_key": b"d", "address": b"a", "created_at": _NOON}
        write_rows(connection, _ADD_ACCOUNT, [person])
        yield connection
    engine.dispose()


def _read(connection: Connection) -> list[Any]:
    return list(connection.execute(select(_outbox).order_by(_outbox.c.id)))


def test_what_is_written_is_what_sqlalchemy_writes(connection: Connection) -> None:
    elsewhere = _NOON.astimezone(timezone(timedelta(hours=3)))
    rows = [_message(5, _NOON), _message(6, elsewhere)]
    connection.execute(_ADD, rows)
    by_sqlalchemy = _read(connection)
    connection.execute(_outbox.delete())
    write_rows(connection, _ADD, rows)
    assert _read(connection) == by_sqlalchemy
    assert [row.due_at for row in by_sqlalchemy] == [_NOON, _NOON]


def test_each_row_is_changed_by_its_own_values(connection: Connection) -> None:
    write_rows(connection, _ADD, [_message(number, _NOON) for number in (5, 6, 7)])
    fates = [(5, 5, "sent"), (6, 99, "sent"), (7, 7, "dead")]
    write_rows(connection, _FINISH, [{"of": of, "with_fence": fence, "to": to} for of, fence, to in fates])
    assert [(row.state, row.payload) for row in _read(connection)] == [
        ("sent", None),
        ("sending", bytes([0, 255, 6])),
        ("dead", None),
    ]


def test_a_row_that_lacks_a_value_is_not_written(connection: Connection) -> None:
    incomplete = _message(6, _NOON)
    del incomplete["payload"]
    with pytest.raises(KeyError):
        write_rows(connection, _ADD, [_message(5, _NOON), incomplete])
    assert _read(connection) == []
