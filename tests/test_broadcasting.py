"""A short run of bench/broadcasting.py: Telegram's limits enforced, and kill -9 in the middle."""

from pathlib import Path

import pytest

from bench.broadcasting import Plan, run, table


@pytest.mark.process
async def test_hundreds_get_it_once_within_the_limits_while_families_are_answered(tmp_path: Path) -> None:
    outcome = await run(Plan(recipients=240, per_second=60, talkers=3, seed=3), tmp_path)
    assert outcome.once_each, table(outcome)
    assert outcome.refused == 0, table(outcome)
    assert outcome.states == {"sent": 240}, table(outcome)
    assert not [each for each in outcome.bots.complaints if "broadcast" in each], table(outcome)
    assert outcome.slowest < 5, table(
        outcome
    )  # a guard against waiting behind the broadcast, not a measurement


@pytest.mark.process
async def test_after_kill_9_everybody_has_it_once_but_those_of_whom_nobody_knows(tmp_path: Path) -> None:
    plan = Plan(recipients=240, per_second=60, talkers=2, kills=6, between=(0.1, 0.6), seed=4)
    outcome = await run(plan, tmp_path)
    assert outcome.once_each, table(outcome)
    assert outcome.refused == 0, table(outcome)
    assert len(outcome.bots.starts) == 7
    assert outcome.missing <= outcome.states["uncertain"] <= plan.kills * 5, table(outcome)
