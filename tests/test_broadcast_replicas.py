"""Short runs of bench/broadcasting.py with two processes on one PostgreSQL, of which now and then one is killed."""

from pathlib import Path
from typing import Any

import pytest

from bench.broadcasting import Plan, run, table
from tests.databases import empty_database, old_enough, only_postgresql

pytestmark = [only_postgresql, pytest.mark.process]


def two(folder: Path) -> dict[str, Any]:
    return {"database": empty_database(folder), "replicas": 2}


async def test_two_share_the_work_and_the_limit_and_everybody_gets_it_once(tmp_path: Path) -> None:
    plan = Plan(recipients=300, per_second=60, talkers=3, seed=5, **two(tmp_path))
    outcome = await run(plan, tmp_path)
    assert outcome.once_each, table(outcome)
    assert outcome.states == {"sent": 300}, table(outcome)
    assert outcome.refused == 0, table(outcome)
    assert sum(outcome.by_each) == 300
    assert not [each for each in outcome.bots.complaints if "broadcast" in each], table(outcome)
    assert all(outcome.by_each), table(outcome)


async def test_one_goes_on_while_the_other_is_killed_and_nobody_gets_it_twice(tmp_path: Path) -> None:
    old_enough()
    plan = Plan(
        recipients=400, per_second=60, talkers=2, kills=5, between=(0.1, 0.8), seed=6, **two(tmp_path)
    )
    outcome = await run(plan, tmp_path)
    assert outcome.once_each, table(outcome)
    assert outcome.refused == 0, table(outcome)
    assert len(outcome.bots.starts) == 6
    assert all(outcome.by_each), table(outcome)
    assert outcome.missing <= outcome.states["uncertain"] <= plan.kills * 5, table(outcome)
    assert outcome.states.total() == outcome.states["sent"] + outcome.states["uncertain"] == 400
