"""`python -m bench.reminding`: how long a tick takes that finds the few reminders that are due among very many.

What must come out: with 100,000 reminders of which 1,000 are due, a tick finds them by one indexed query a kind and has
their messages in the outbox within a second of processor time; and memory does not grow with the number of rows.
"""

import argparse
import asyncio
import sys
import tempfile
import time
import tracemalloc
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Select, delete, insert, select, update

from bench.full_office import Office, office
from casework.reminding import ticking
from casework.reminding.rules import Kind
from db.ids import new_id
from db.models import Account, Dialog, Occurrence, Outbox, Reminder
from db.sealed import Place

_LIMIT = 1.0  # seconds
_INDEX = "ix_reminder_due"
_ROOM = 1.5  # how many times the memory of a tenth of the rows a tick may use


@dataclass(frozen=True)
class Measured:
    """What came out.

    Attributes:
        seconds: of the tick that gave what was due.
        idle: of a tick at which nothing is due.
        peak: bytes of Python's memory that the tick took at most.
        plans: how the database finds what is due, a line a kind.
    """

    rows: int
    given: int
    seconds: float
    idle: float
    peak: int
    plans: dict[str, str]

    @property
    def indexed(self) -> bool:
        return all(_INDEX in plan and "SCAN" not in plan for plan in self.plans.values())


async def measured(room: Office, rows: int, due: int) -> Measured:
    """Put so many reminders there, of which so many are due, and look."""
    now = room.homeward.clock.now()
    await room.homeward.writer.run(partial(_fill, room=room, rows=rows, due=due, now=now))
    reminding = room.homeward.reminding
    reminding._planned = reminding._looked = now  # noqa: SLF001 - what is measured is the look, not the planning
    began = time.process_time()
    await reminding.look()
    seconds = time.process_time() - began
    began = time.process_time()
    await reminding.look()
    idle = time.process_time() - began
    with room.homeward.engine.begin() as connection:
        queued = connection.scalars(select(Outbox.id).where(Outbox.state == "todo")).all()
        plans = {
            kind.value: _plan(connection, ticking.due_of(kind, now, 500))
            for kind in room.homeward.around.rules
        }
    return Measured(rows, len(queued), seconds, idle, await _peak(room, now), plans)


async def _peak(room: Office, now: datetime) -> int:
    """Let the same ones be due a second time, and return what Python's memory came to while they were given."""
    with room.homeward.engine.begin() as connection:
        connection.execute(delete(Occurrence))
        again = update(Reminder).where(Reminder.number > 0)
        connection.execute(again.values(number=0, of_at=now, due_at=now, state="open"))
    tracemalloc.start()
    await room.homeward.reminding.look()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak


def _fill(connection: Connection, room: Office, rows: int, due: int, now: datetime) -> None:
    """Put families there who have begun a request, each with a reminder of it; the first of them are due."""
    keys, accounts, dialogs, reminders = room.homeward.around.keys, [], [], []
    for number in range(rows):
        account_id, draft_id = new_id(), new_id()
        key, wrapped = keys.new_data_key(Place("account", "data_key", account_id))
        address = key.seal(10_000_000 + number, Place("account", "address", account_id))
        known = {"id": account_id, "telegram_key": keys.lookup("telegram", 10_000_000 + number)}
        known |= {"quiet_from": 0, "quiet_until": 0}  # never: the same is due at night
        accounts.append(
            {**known, "data_key": wrapped, "address": address, "language": "ru", "created_at": now}
        )
        since = now - timedelta(days=1, minutes=1) if number < due else now
        dialogs.append(_dialog(account_id, draft_id, since))
        reminders.append(_reminder(account_id, draft_id, since, now))
    for table, values in ((Account, accounts), (Dialog, dialogs), (Reminder, reminders)):
        connection.execute(insert(table), values)


def _dialog(account_id: int, draft_id: int, since: datetime) -> dict[str, Any]:
    row = {"account_id": account_id, "step": "question", "updated_at": since}
    return {**row, "draft_id": draft_id, "drafted_at": since}


def _reminder(account_id: int, draft_id: int, since: datetime, now: datetime) -> dict[str, Any]:
    at = since + timedelta(days=1)
    row = {"id": new_id(), "kind": Kind.DRAFT.value, "account_id": account_id, "subject_id": draft_id}
    row |= {"since": since, "of_at": at, "due_at": at, "zone": "Europe/Moscow", "created_at": now}
    return {**row, "number": 0, "state": "open", "unheeded": 0}


def _plan(connection: Connection, query: Select[Any]) -> str:
    """Return how SQLite finds what a query asks for."""
    compiled = query.compile(connection, compile_kwargs={"literal_binds": False})
    values = tuple(compiled.params[name] for name in compiled.positiontup or ())
    bound = tuple(each.isoformat(" ") if isinstance(each, datetime) else each for each in values)
    rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {compiled}", bound).all()
    return "; ".join(row[-1] for row in rows)


async def run(folder: Path, rows: int, due: int, seed: int) -> Measured:
    async with office(folder, seed) as room:
        await room.open()
        with room.homeward.engine.begin() as connection:
            connection.execute(update(Outbox).values(state="sent"))
        return await measured(room, rows, due)


async def _main(rows: int, due: int, seed: int) -> int:
    found = []
    for number in (rows // 10, rows):
        with tempfile.TemporaryDirectory() as folder:
            found.append(await run(Path(folder), number, due, seed))
    for each in found:
        print(
            f"{each.rows} reminders, {each.given} due: given in {each.seconds:.2f} s (peak {each.peak / 1e6:.1f} MB)"
        )
        print(f"{'':>4}a look at which nothing is due: {each.idle * 1000:.1f} ms")
    print("\n".join(f"{'':>4}{kind:<12}{plan}" for kind, plan in found[-1].plans.items()))
    good = found[-1].seconds < _LIMIT and found[-1].indexed and found[-1].peak < found[0].peak * _ROOM
    print("good" if good else "NOT GOOD")
    return 0 if good else 1


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rows", type=int, default=100_000)
    options.add_argument("--due", type=int, default=1_000)
    options.add_argument("--seed", type=int, default=1)
    chosen = options.parse_args()
    sys.exit(asyncio.run(_main(chosen.rows, chosen.due, chosen.seed)))
