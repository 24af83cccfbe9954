"""No story of the machine may hang: a fault in it shall show as a failure."""

import signal
from collections.abc import Iterator
from types import FrameType

import pytest

_LONGEST = 8


@pytest.fixture(autouse=True)
def _no_endless_story() -> Iterator[None]:
    def end(_number: int, _frame: FrameType | None) -> None:
        raise TimeoutError(f"the story was not over after {_LONGEST} seconds")

    before = signal.signal(signal.SIGALRM, end)
    signal.alarm(_LONGEST)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
