from datetime import UTC, datetime, timedelta
from pathlib import Path

from simulator.clock import Clock
from tests.simulator.conftest import MONDAY


def test_a_clock_with_a_start_stands_still_until_moved() -> None:
    clock = Clock(MONDAY)
    assert clock.now() == clock.now() == MONDAY
    clock.advance(90)
    assert clock.now() == MONDAY + timedelta(seconds=90)
    clock.reset()
    assert clock.now() == MONDAY


def test_without_a_start_it_is_the_machine_s_time_and_an_offset() -> None:
    clock = Clock()
    clock.advance(86400)
    ahead = clock.now() - datetime.now(UTC)
    assert timedelta(hours=23, minutes=59) < ahead <= timedelta(days=1)


def test_the_offset_is_in_the_file_for_others_to_read(tmp_path: Path) -> None:
    file = tmp_path / "offset"
    clock = Clock(file=file)
    assert float(file.read_text()) == 0
    clock.advance(3600)
    clock.advance(0.5)
    assert float(file.read_text()) == 3600.5
    assert list(tmp_path.iterdir()) == [file]
