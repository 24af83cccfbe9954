"""What the machine's stories share: none may hang, and what is logged can be read."""

import logging
import signal
import sys
from collections.abc import Iterator
from io import StringIO
from types import FrameType

import pytest
import structlog

from bot import logs
from tests.logged import forget_streams

_LONGEST = 40  # seconds


@pytest.fixture(autouse=True)
def _no_endless_story(request: pytest.FixtureRequest) -> Iterator[None]:
    """A fault that would wait for ever shall show as a failure; `longest(seconds)` marks a story that takes long."""
    marked = request.node.get_closest_marker("longest")
    longest = marked.args[0] if marked is not None else _LONGEST

    def end(_number: int, _frame: FrameType | None) -> None:
        pytest.fail(
            f"the story was not over after {longest} seconds"
        )  # which no `except Exception` of ours catches

    before = signal.signal(signal.SIGALRM, end)
    signal.alarm(longest)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


@pytest.fixture
def logged(monkeypatch: pytest.MonkeyPatch) -> Iterator[StringIO]:
    """Everything the bot logs at DEBUG, as its process would write it to standard error."""
    root = logging.getLogger()
    handlers, level, ours = root.handlers[:], root.level, structlog.get_config()
    written = StringIO()
    with monkeypatch.context() as patch:
        patch.setattr(sys, "stderr", written)
        logs.set_up("DEBUG", as_json=True)
    structlog.configure(cache_logger_on_first_use=False)  # or the first story's log would serve all others
    forget_streams()  # and of those before, whatever they left
    try:
        yield written
    finally:
        structlog.configure(**ours)
        logging.captureWarnings(capture=False)
        root.handlers[:] = handlers
        root.setLevel(level)
