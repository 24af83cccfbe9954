"""Row ids grow, whatever the clock does, and no two are the same."""

import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import pytest

from db import ids

EARLIER = 60 * 60 * 1_000_000_000  # an hour in nanoseconds


def test_each_id_is_larger_than_the_one_before() -> None:
    given = [ids.new_id() for _ in range(10_000)]
    assert all(one < next_one for one, next_one in pairwise(given))


def test_ids_fit_a_signed_64_bit_column() -> None:
    assert 0 < ids.new_id() < 2**63


def test_ids_grow_also_when_the_clock_jumps_back(monkeypatch: pytest.MonkeyPatch) -> None:
    before = ids.new_id()
    present = time.time_ns()
    monkeypatch.setattr(time, "time_ns", lambda: present - EARLIER)
    given = [before, *(ids.new_id() for _ in range(1_000))]
    assert all(one < next_one for one, next_one in pairwise(given))


def test_ids_are_unique_and_grow_within_each_of_many_threads() -> None:
    begin = threading.Barrier(8)

    def take() -> list[int]:
        begin.wait()
        return [ids.new_id() for _ in range(2_000)]

    with ThreadPoolExecutor(8) as threads:
        taken = [job.result() for job in [threads.submit(take) for _ in range(8)]]
    assert len({each for of_thread in taken for each in of_thread}) == 16_000
    assert all(one < next_one for of_thread in taken for one, next_one in pairwise(of_thread))


def test_ids_start_after_the_largest_one_known() -> None:
    """A new process, whose clock stands an hour behind, writes after what it found in the database."""
    known = (time.time_ns() + EARLIER) // 1_000_000 << 20
    program = (
        f"from db import ids; first = ids.new_id(); ids.start_after({known}); print(first, ids.new_id())"
    )
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout  # noqa: S603 - our own program
    first, after = map(int, said.split())
    assert first < known < after


def test_a_smaller_known_id_changes_nothing() -> None:
    before = ids.new_id()
    ids.start_after(1)
    assert ids.new_id() > before
