"""The chain of the audit log: whatever is done to it without the keys is found, and where (threat 19)."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, delete, insert, select, update

from casework import audit
from casework.audit import Broken, Deed, Fault, Head
from db.models import Audit, Setting
from db.sealed import KeyRing
from tests.casework.seeded import NOW, Office, make_office

ROWS = 12


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return make_office(tmp_path)


@pytest.fixture
def log(office: Office) -> Iterator[Connection]:
    with office.engine.begin() as connection:
        for number in range(ROWS):
            deed = Deed("read", 7, 100 + number, None)
            audit.record(connection, office.keys, deed, NOW + timedelta(minutes=number))
        yield connection


def change(log: Connection, row: int, **values: object) -> None:
    log.execute(update(Audit).where(Audit.id == row).values(**values))


def head_row(log: Connection) -> bytes:
    found = log.scalar(select(Setting.value).where(Setting.name == "audit_head"))
    assert found is not None
    return found


def put_head(log: Connection, value: bytes) -> None:
    log.execute(update(Setting).where(Setting.name == "audit_head").values(value=value))


def swap(log: Connection) -> None:
    """Let rows 4 and 5 change places, each with its own mac."""
    for before, after in ((4, 99), (5, 4), (99, 5)):
        change(log, before, id=after)


def swap_what_they_tell(log: Connection) -> None:
    change(log, 4, request_id=104)
    change(log, 5, request_id=103)


def close_the_gap(log: Connection) -> None:
    log.execute(delete(Audit).where(Audit.id == 6))
    for row in range(7, ROWS + 1):
        change(log, row, id=row - 1)


def forge(log: Connection) -> None:
    copied = log.execute(select(Audit.__table__).where(Audit.id == ROWS)).mappings().one()
    log.execute(insert(Audit), {**copied, "id": ROWS + 1})


def other_head(log: Connection) -> None:
    put_head(log, head_row(log).replace(b"12:", b"11:"))


SPOILT: dict[str, tuple[Callable[[Connection], object], Broken]] = {
    "who": (lambda log: change(log, 3, account_id=8), Broken(3, Fault.CHANGED)),
    "nobody": (lambda log: change(log, 3, account_id=None), Broken(3, Fault.CHANGED)),
    "what": (lambda log: change(log, 3, action="desk"), Broken(3, Fault.CHANGED)),
    "when": (lambda log: change(log, 3, at=NOW), Broken(3, Fault.CHANGED)),
    "which case": (lambda log: change(log, 3, request_id=1), Broken(3, Fault.CHANGED)),
    "to what": (lambda log: change(log, 3, subject_id=1), Broken(3, Fault.CHANGED)),
    "the hash": (lambda log: change(log, 3, mac=bytes(32)), Broken(3, Fault.CHANGED)),
    "the first": (lambda log: log.execute(delete(Audit).where(Audit.id == 1)), Broken(1, Fault.MISSING)),
    "one taken out": (lambda log: log.execute(delete(Audit).where(Audit.id == 6)), Broken(6, Fault.MISSING)),
    "numbered anew": (close_the_gap, Broken(6, Fault.CHANGED)),
    "moved": (swap, Broken(4, Fault.CHANGED)),
    "moved in part": (swap_what_they_tell, Broken(4, Fault.CHANGED)),
    "the last": (lambda log: log.execute(delete(Audit).where(Audit.id == ROWS)), Broken(ROWS, Fault.CUT)),
    "the end": (lambda log: log.execute(delete(Audit).where(Audit.id > 5)), Broken(6, Fault.CUT)),
    "all": (lambda log: log.execute(delete(Audit)), Broken(1, Fault.CUT)),
    "forged behind": (forge, Broken(ROWS + 1, Fault.CHANGED)),
    "the head": (other_head, Broken(0, Fault.HEAD)),
}


@pytest.mark.parametrize("how", SPOILT)
def test_whatever_is_done_to_it_is_found_at_its_row(office: Office, log: Connection, how: str) -> None:
    assert audit.verify(log, office.keys) == ROWS  # a control
    spoil, found = SPOILT[how]
    spoil(log)
    assert audit.verify(log, office.keys) == found


def test_an_older_head_put_back_is_found(office: Office, log: Connection) -> None:
    older = head_row(log)
    audit.record(log, office.keys, Deed("read", 7), NOW)
    put_head(log, older)
    assert audit.verify(log, office.keys) == Broken(ROWS + 1, Fault.BEHIND)


def test_with_the_end_its_head_put_back_too_only_a_head_kept_elsewhere_tells(
    office: Office, log: Connection
) -> None:
    """An older copy of the whole database is whole in itself."""
    older = head_row(log)
    audit.record(log, office.keys, Deed("read", 7), NOW)
    kept = Head.read(str(audit.head(log, office.keys)))
    put_head(log, older)
    log.execute(delete(Audit).where(Audit.id > ROWS))
    assert audit.verify(log, office.keys) == ROWS
    assert audit.verify(log, office.keys, kept) == Broken(ROWS + 1, Fault.CUT)
    audit.record(log, office.keys, Deed("reveal", 7), NOW)  # and it went on from there
    assert audit.verify(log, office.keys, kept) == Broken(ROWS + 1, Fault.ANOTHER)


def test_a_head_kept_earlier_lies_on_a_log_that_went_on(office: Office, log: Connection) -> None:
    kept = audit.head(log, office.keys)
    audit.record_all(log, office.keys, [Deed("read", 7, 1), Deed("read", 7, 2)], NOW)
    assert audit.verify(log, office.keys, kept) == ROWS + 2
    assert audit.verify(log, office.keys, Head(0, b"")) == ROWS + 2


def test_another_key_vouches_for_nothing(office: Office, log: Connection) -> None:
    """Whoever has the database but not the key file can write no chain of their own."""
    theirs = KeyRing({1: bytes(32)}, 1, bytes(32))
    log.execute(delete(Audit))
    log.execute(delete(Setting).where(Setting.name == "audit_head"))
    for number in range(ROWS):
        audit.record(log, theirs, Deed("desk", 7, 100 + number), NOW)
    assert audit.verify(log, theirs) == ROWS
    assert audit.verify(log, office.keys) == Broken(0, Fault.HEAD)


def test_nothing_written_yet_holds(office: Office) -> None:
    with office.engine.begin() as connection:
        assert audit.verify(connection, office.keys) == 0
