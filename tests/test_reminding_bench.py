"""Short runs of bench/reminding.py and bench/reminding_kills.py, and proof that the latter would notice."""

from pathlib import Path

import pytest
from sqlalchemy import update

from bench import reminding, reminding_kills
from bench.reminding_kills import Plan
from bot.config import read_config
from db.engine import make_engine
from db.models import Occurrence, Reminder
from tests.databases import databases, only_postgresql, only_sqlite


@only_sqlite
async def test_a_tick_finds_what_is_due_by_an_index_among_many(tmp_path: Path) -> None:
    found = await reminding.run(tmp_path, rows=2000, due=100, seed=1)
    assert found.given == 100
    assert found.indexed, found.plans


@only_postgresql
@pytest.mark.process
async def test_kill_9_of_one_of_two_that_tick_together_gives_each_reminder_once(tmp_path: Path) -> None:
    plan = Plan(6, 10, 120, seed=3, database=databases().empty(), replicas=2)
    outcome = await reminding_kills.run(plan, tmp_path)
    assert outcome.faults == []
    assert outcome.given == 120


@only_sqlite
@pytest.mark.process
async def test_kill_9_around_the_ticks_gives_each_reminder_once(tmp_path: Path) -> None:
    plan = Plan(kills=6, people=10, reminders=120, seed=3)
    outcome = await reminding_kills.run(plan, tmp_path)
    assert outcome.faults == []
    assert outcome.given == 120
    engine = make_engine(read_config(tmp_path / "config.toml").database.url)
    with engine.begin() as connection:
        connection.execute(update(Reminder).values(state="open"))
        connection.execute(update(Occurrence).values(outbox_id=1))
    faults = reminding_kills._check(engine, plan, outcome.shown).faults
    engine.dispose()
    assert any("is open" in each for each in faults)
    assert any("is not in the outbox" in each for each in faults)
