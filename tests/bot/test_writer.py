"""The one writer: what waits shares a commit, and nobody pays for another's mistake."""

import asyncio
import sqlite3
import threading
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, event, text
from sqlalchemy.exc import IntegrityError, OperationalError

from bot.writer import MOST_TOGETHER, StorageUnavailable, Writer
from db.engine import make_engine
from tests.databases import ON_POSTGRESQL, empty_database, impatient, locked, only_sqlite


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = make_engine(empty_database(tmp_path, "notes"))
    impatient(engine)
    number = "SERIAL" if ON_POSTGRESQL else "INTEGER"
    with engine.begin() as connection:
        connection.execute(text(f"CREATE TABLE note (id {number} PRIMARY KEY, words TEXT UNIQUE)"))
    yield engine
    engine.dispose()


@pytest.fixture
async def writer(engine: Engine) -> AsyncIterator[Writer]:
    writer = Writer(engine)
    writer.start()
    yield writer
    await writer.stop()


class Counted:
    """How often something happened to the engine."""

    def __init__(self, engine: Engine, what: str) -> None:
        self.times = 0
        event.listen(engine, what, self._count)

    def _count(self, *_: Any) -> None:
        self.times += 1


def note(words: str) -> Any:
    def work(connection: Connection) -> str:
        connection.execute(text("INSERT INTO note (words) VALUES (:words)"), {"words": words})
        return words.upper()

    return work


def notes(engine: Engine) -> list[str]:
    with engine.begin() as connection:
        return [row.words for row in connection.execute(text("SELECT words FROM note ORDER BY id"))]


async def busy(writer: Writer) -> tuple[threading.Event, asyncio.Task[Any]]:
    """Keep the writer busy until the event is set, so that work has to wait."""
    begun, free = threading.Event(), threading.Event()

    def work(_connection: Connection) -> None:
        begun.set()
        free.wait()

    task = asyncio.create_task(writer.run(work))
    await asyncio.to_thread(begun.wait)
    return free, task


async def test_work_that_waits_shares_a_transaction(writer: Writer, engine: Engine) -> None:
    commits = Counted(engine, "commit")
    free, first = await busy(writer)
    others = [asyncio.create_task(writer.run(note(f"note {number}"))) for number in range(50)]
    await asyncio.sleep(0)  # all of them stand in the queue now
    free.set()
    assert await asyncio.gather(*others) == [f"NOTE {number}" for number in range(50)]
    await first
    assert commits.times == 2
    assert notes(engine) == [f"note {number}" for number in range(50)], "in the order they came"


async def test_what_comes_in_one_round_of_the_loop_shares_a_transaction(
    writer: Writer, engine: Engine
) -> None:
    """The updates of one poll do: the thread would begin with the first of them alone."""
    commits = Counted(engine, "commit")
    await asyncio.gather(*(writer.run(note(f"note {number}")) for number in range(MOST_TOGETHER)))
    assert commits.times == 1
    assert len(notes(engine)) == MOST_TOGETHER


async def test_what_is_patient_goes_into_the_commit_of_what_is_urgent(writer: Writer, engine: Engine) -> None:
    commits = Counted(engine, "commit")
    fates = [asyncio.create_task(writer.run(note(f"fate {number}"), patient=True)) for number in range(3)]
    await asyncio.sleep(0)
    await writer.run(note("turn"))
    await asyncio.gather(*fates)
    assert commits.times == 1
    assert notes(engine) == ["fate 0", "fate 1", "fate 2", "turn"], "what came before is written before"


async def test_what_is_patient_does_not_wait_for_long(writer: Writer, engine: Engine) -> None:
    commits = Counted(engine, "commit")
    assert await asyncio.gather(*(writer.run(note(name), patient=True) for name in "ab")) == ["A", "B"]
    assert commits.times == 1
    assert await writer.run(note("c"), patient=True) == "C"
    assert notes(engine) == ["a", "b", "c"]


async def test_what_is_patient_is_not_lost_by_a_stop(engine: Engine) -> None:
    writer = Writer(engine)
    writer.start()
    waiting = [asyncio.create_task(writer.run(note(name), patient=name != "b")) for name in "abc"]
    await asyncio.sleep(0)
    await writer.stop()
    assert await asyncio.gather(*waiting) == ["A", "B", "C"]
    assert sorted(notes(engine)) == ["a", "b", "c"]


async def test_one_that_fails_harms_no_other(writer: Writer, engine: Engine) -> None:
    def mistake(connection: Connection) -> None:
        note("half-made")(connection)
        raise LookupError("a mistake of ours")

    work = [note("a"), mistake, note("b"), note("a"), note("c")]
    free, first = await busy(writer)
    waiting = [asyncio.create_task(writer.run(each)) for each in work]
    await asyncio.sleep(0)
    free.set()
    results = await asyncio.gather(*waiting, return_exceptions=True)
    await first
    assert [type(each) for each in results] == [str, LookupError, str, IntegrityError, str]
    assert notes(engine) == ["a", "b", "c"]


async def test_the_result_comes_only_after_the_commit(writer: Writer, engine: Engine) -> None:
    seen: list[str] = []
    event.listen(engine, "commit", lambda _connection: seen.append("commit"))
    waiting = asyncio.create_task(writer.run(note("a")))
    waiting.add_done_callback(lambda _task: seen.append("result"))
    await waiting
    await asyncio.sleep(0)
    assert seen == ["commit", "result"]
    assert notes(engine) == ["a"]


async def test_a_commit_that_fails_is_no_result(writer: Writer, engine: Engine) -> None:
    def full(_connection: Connection) -> None:
        raise OperationalError("COMMIT", None, sqlite3.OperationalError("database or disk is full"))

    event.listen(engine, "commit", full, once=True)
    with pytest.raises(StorageUnavailable):
        await writer.run(note("a"))
    assert notes(engine) == []
    await writer.run(note("a"))
    assert notes(engine) == ["a"]


@only_sqlite
async def test_a_locked_database_is_asked_once_for_all_that_waits(writer: Writer, engine: Engine) -> None:
    """Waiting in turn for each of sixty would hold everybody up for minutes."""
    begun = Counted(engine, "begin")
    with locked(engine):
        again = [asyncio.create_task(writer.run(note(f"again {number}"))) for number in range(40)]
        results = await asyncio.gather(*again, return_exceptions=True)
    assert {type(each) for each in results} == {StorageUnavailable}
    assert begun.times <= 3
    await writer.run(note("afterwards"))
    assert notes(engine)[-1] == "afterwards"


async def test_a_connection_that_breaks_is_the_storage_and_no_mistake_of_ours(
    writer: Writer, engine: Engine
) -> None:
    def breaks(connection: Connection) -> None:
        connection.invalidate()
        raise OperationalError("INSERT", {}, sqlite3.OperationalError("gone"), connection_invalidated=True)

    with pytest.raises(StorageUnavailable):
        await writer.run(breaks)
    await writer.run(note("afterwards"))
    assert notes(engine) == ["afterwards"]


async def test_storage_and_mistakes_are_told_apart(writer: Writer) -> None:
    def statement(sql: str) -> Any:
        return lambda connection: connection.execute(text(sql))

    disk_full = "DO $$ BEGIN RAISE SQLSTATE '53100'; END $$"
    with pytest.raises(StorageUnavailable):
        await writer.run(statement(disk_full if ON_POSTGRESQL else "SELECT * FROM no_such_table"))
    with pytest.raises(IntegrityError):
        await writer.run(statement("INSERT INTO note (id, words) VALUES (1, 'a'), (1, 'b')"))
    with pytest.raises(ZeroDivisionError):
        await writer.run(lambda _connection: 1 / 0)


async def test_a_stop_finishes_what_waits(engine: Engine) -> None:
    writer = Writer(engine)
    writer.start()
    waiting = [asyncio.create_task(writer.run(note(f"note {number}"))) for number in range(100)]
    await asyncio.sleep(0)
    await writer.stop()
    await asyncio.gather(*waiting)
    assert len(notes(engine)) == 100


async def test_a_writer_that_never_started_can_be_stopped(engine: Engine) -> None:
    await Writer(engine).stop()


async def test_whoever_went_away_does_not_stop_the_others(writer: Writer, engine: Engine) -> None:
    gone = asyncio.create_task(writer.run(note("gone")))
    await asyncio.sleep(0)
    gone.cancel()
    assert await writer.run(note("b")) == "B"
    assert notes(engine) == ["gone", "b"]
