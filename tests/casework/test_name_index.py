"""The index of names is read in pieces, in a thread that holds nobody up, and follows what happens meanwhile."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, event, insert

from casework import erasure
from casework.finding import search
from casework.name_index import NameIndex
from casework.seen_events import SeenEvents
from casework.sought import read_sought
from db.engine import make_reading_engine
from db.ids import new_id
from db.models import Event
from tests.casework.seeded import NOW, Office, make_office

_PATIENCE = 30  # seconds until a thread that waits in vain is given up


@dataclass
class Gate:
    """Stops whoever reads persons through this engine, until it is opened."""

    engine: Engine
    reached: threading.Event = field(default_factory=threading.Event)
    opened: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        event.listen(self.engine, "before_cursor_execute", self._stop)

    def _stop(self, _connection: Connection, _cursor: Any, statement: str, *_: Any) -> None:
        if "FROM person" in statement:
            self.reached.set()
            assert self.opened.wait(_PATIENCE)


@pytest.fixture(autouse=True)
def _in_small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("casework.entries._CHUNK", 2)
    monkeypatch.setattr("casework.name_index._AT_ONCE", 1)


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return make_office(tmp_path)


@pytest.fixture
def reading(office: Office) -> Iterator[Engine]:
    engine = make_reading_engine(str(office.engine.url))
    yield engine
    engine.dispose()


def filed(office: Office, *names: str) -> list[int]:
    with office.engine.begin() as connection:
        return [office.file(connection, {"name": name}) for name in names]


def found(engine: Engine, office: Office, index: NameIndex, typed: str) -> list[int]:
    with engine.begin() as connection:
        return [hit.request_id for hit in search(index, connection, office.keys, read_sought(typed))]


def beside(work: Callable[[], object]) -> threading.Thread:
    thread = threading.Thread(target=work)
    thread.start()
    return thread


def follow(engine: Engine, office: Office, index: NameIndex, *, wait: bool = True) -> None:
    with engine.begin() as connection:
        index.follow(connection, office.keys, wait=wait)


def test_it_is_read_piece_by_piece_on_a_connection_that_only_reads(office: Office, reading: Engine) -> None:
    index, requests = NameIndex(), filed(office, *(["Седа"] * 5))
    before = office.keys._unwrap.cache_info().currsize
    assert found(reading, office, index, "Седа") == requests[::-1]
    assert office.keys._unwrap.cache_info().currsize == before, "no key is kept ready for it"


def test_what_is_erased_or_filed_while_it_is_read_is_known_without_waiting(
    office: Office, reading: Engine
) -> None:
    index, gate = NameIndex(), Gate(reading)
    erased, kept = filed(office, "Седа", "Хеда")
    thread = beside(lambda: follow(reading, office, index))
    assert gate.reached.wait(_PATIENCE)
    with office.engine.begin() as connection:
        erasure.erase_request(connection, erased, NOW)
    (fresh,) = filed(office, "Малика")
    follow(office.engine, office, index, wait=False)
    assert index.cases == [fresh]
    gate.opened.set()
    thread.join()
    assert set(index.cases) == {kept, fresh}
    assert "седа" not in index.held.words


def test_a_search_waits_until_everything_is_read(office: Office, reading: Engine) -> None:
    index, gate = NameIndex(), Gate(reading)
    requests = filed(office, *(["Седа"] * 3))
    results: list[list[int]] = []
    threads = [beside(lambda: follow(reading, office, index))]
    assert gate.reached.wait(_PATIENCE)
    threads.append(beside(lambda: results.append(found(office.engine, office, index, "Седа"))))
    gate.opened.set()
    for thread in threads:
        thread.join()
    assert results == [requests[::-1]]


def test_what_is_forgotten_while_it_is_read_is_read_anew(office: Office, reading: Engine) -> None:
    index, gate = NameIndex(), Gate(reading)
    requests = filed(office, *(["Седа"] * 3))
    thread = beside(lambda: follow(reading, office, index))
    assert gate.reached.wait(_PATIENCE)
    index.forget()
    follow(office.engine, office, index, wait=False)
    assert not index.begun
    gate.opened.set()
    thread.join()
    assert index.cases == requests


def happen(connection: Connection, event_id: int, request_id: int) -> None:
    row = {"id": event_id, "request_id": request_id, "kind": "changed", "at": NOW}
    connection.execute(insert(Event), row)


def test_events_are_seen_once_however_late_they_come(office: Office) -> None:
    first, second = filed(office, "Седа", "Хеда")
    events = SeenEvents()
    with office.engine.begin() as connection:
        events.begin(connection)
        assert events.changed(connection) == set()
    late = new_id()
    with office.engine.connect() as connection, connection.begin() as undone:
        happen(connection, new_id(), first)
        assert events.changed(connection) == {first}
        undone.rollback()
    with office.engine.begin() as connection:
        happen(connection, late, second)
        assert events.changed(connection) == {second}
        assert events.changed(connection) == set()
