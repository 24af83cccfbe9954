"""Logs: one line an event, internal ids only.

Other people's loggers are kept at WARNING whatever our own level is, and their words are not printed: at
DEBUG they quote tokens and what people wrote
(python-telegram-bot logs every call with its parameters, httpx every URL with the token in it). What remains
is who complained and what
kind of error it was.
"""

import logging
import sys
from typing import Any

import structlog

from bot.intake import cause_of

OURS = ("bot", "handlers", "casework", "db")


class _OursOnly(logging.Handler):
    """Turns a foreign log record into a line without its words."""

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        structlog.get_logger("bot.logs").log(
            record.levelno,
            "library",
            of=record.name.partition(".")[0],
            at=f"{record.module}:{record.lineno}",
            error=cause_of(error) if error is not None else None,
        )


def set_up(level: str, *, as_json: bool) -> None:
    """Send every log line to standard error."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _without_values_of_errors,
            structlog.processors.JSONRenderer()
            if as_json
            else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty()),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level]),
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=True,
    )
    logging.basicConfig(level=logging.WARNING, handlers=[_OursOnly()], force=True)
    logging.captureWarnings(capture=True)


def _without_values_of_errors(
    _logger: Any, _name: str, line: structlog.typing.EventDict
) -> structlog.typing.EventDict:
    """Replace an exception by its kind and place: its text may quote what somebody wrote."""
    error = line.pop("exc_info", None)
    if error is True:
        error = sys.exc_info()[1]
    if isinstance(error, BaseException):
        line["error"] = cause_of(error)
    return line
