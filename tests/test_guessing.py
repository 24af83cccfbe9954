"""A short run of bench/guessing.py, and proof that its figures would show what must not be."""

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from bench.guessed import NOTHING, Figures, report
from bench.siege import siege

GUESSES = 1500
GOOD = Figures(
    guesses=4,
    answers=Counter({("pair: a", "no match"): 1, ("pair: b", "no match"): 2, ("pair: b", "too often"): 1}),
    looks={"pair: a": {"words"}, "pair: b": {"words"}},
    work={"pair: a": ["SELECT"], "pair: b": ["SELECT"]},
    rows=3,
    most_rows=5,
    waits={"meanwhile": [0.01]},
)


async def test_no_guess_opens_anything_and_families_get_in_meanwhile(tmp_path: Path) -> None:
    """Threat 8: equal answers for "missing" and "not yours", limited per person and overall."""
    async with siege(tmp_path, seed=3) as ground:
        figures = await ground.run(GUESSES, hours=1)
    assert figures.problems() == []
    assert figures.opened == 0
    assert figures.guesses == GUESSES
    assert {answer for _, answer in figures.answers} == {"no match", "too often", NOTHING}
    for who in ("with the code", "after two wrong codes", "invited", "filed"):
        assert figures.families[f"{who}, meanwhile"] == 1


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"opened": 1}, "1 guesses opened a request"),
        ({"told": 1}, "1 answers told of somebody else's request"),
        ({"late": 2}, "2 messages after an answer"),
        ({"rows": 6}, "6 wrong guesses are remembered"),
        ({"answers": Counter({("pair: a", "no match"): 4})}, "nobody was slowed"),
        ({"looks": {"pair: a": {"words"}, "pair: b": {"other words"}}}, "pair: told apart by the answer"),
        ({"work": {"pair: a": ["SELECT"], "pair: b": []}}, "pair: told apart by the work"),
        ({"families": Counter({"invited, meanwhile: not let in": 1})}, "turned away"),
    ],
)
def test_the_figures_show_what_must_not_be(wrong: dict[str, object], said: str) -> None:
    assert f"WRONG: {said}" in report(replace(GOOD, **wrong))  # type: ignore[arg-type]


def test_good_figures_are_called_good() -> None:
    assert GOOD.problems() == []
