"""What bot/logs.py writes, for a test to read; afterwards logging is as it was before."""

import io
import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr

import structlog

from bot.logs import OURS


@contextmanager
def logged() -> Iterator[io.StringIO]:
    """Catch standard error; set_up() may be called inside, and is undone at the end."""
    root = logging.getLogger()
    level, handlers = root.level, root.handlers[:]
    forget_streams()
    with redirect_stderr(io.StringIO()) as stream:
        try:
            yield stream
        finally:
            logging.captureWarnings(capture=False)
            root.handlers[:] = handlers
            root.setLevel(level)
            structlog.reset_defaults()
            forget_streams()


def forget_streams() -> None:
    """A logger keeps the stream it first wrote to; here each test has a stream of its own."""
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] in OURS and hasattr(module, "log"):
            vars(module.log).pop("bind", None)
