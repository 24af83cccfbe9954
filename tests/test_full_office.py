"""A short run of bench/desk.py: the desk costs no more statements with many cases than with few."""

from pathlib import Path

from bench.desk import measured, report
from bench.full_office import Timed, office
from bench.searching import ALIKE, SEARCHES
from bench.searching import measured as searched

CASES = 400


async def test_no_screen_costs_more_statements_with_more_cases(tmp_path: Path) -> None:
    async with office(tmp_path, seed=5) as room:
        few, many = await measured(room, CASES, times=3)
    assert len(room.references) == CASES
    grown = {act: (few[act].statements, many[act].statements) for act in many}
    assert all(max(after) <= max(before) for before, after in grown.values()), grown
    assert all(min(before) > 0 for before, _ in grown.values())


def test_the_report_says_what_is_wrong() -> None:
    slow, fast = Timed([0.4], [5]), Timed([0.1], [5])
    more = Timed([0.1], [6])
    assert report({"a": fast}, {"a": fast}, 100)[1]
    assert not report({"a": fast}, {"a": slow}, 100)[1]
    assert not report({"a": fast}, {"a": more}, 100)[1]


async def test_every_kind_of_search_is_timed(tmp_path: Path) -> None:
    async with office(tmp_path, seed=5) as room:
        await room.open()
        room.fill(CASES // 10)
        built, _, found = searched(room, times=1)
    assert found.keys() == {*SEARCHES, ALIKE}
    assert min(built, *found.values()) > 0
