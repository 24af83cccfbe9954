"""The world's clock, which can be moved."""

from datetime import UTC, datetime, timedelta
from pathlib import Path


class Clock:
    """The machine's time plus an offset; or, given `start`, a time that stands still until it is moved.

    With `file`, the offset (a decimal number of seconds) is written there at each change, for other programs
    to read.
    """

    def __init__(self, start: datetime | None = None, *, file: Path | None = None) -> None:
        self._start = start
        self._file = file
        self._offset = timedelta()
        self._publish()

    @property
    def offset(self) -> float:
        """Seconds ahead of the machine's time (or of `start`)."""
        return self._offset.total_seconds()

    def now(self) -> datetime:
        return (self._start or datetime.now(UTC)) + self._offset

    def timestamp(self) -> float:
        """Unix time in seconds."""
        return self.now().timestamp()

    def advance(self, seconds: float) -> None:
        self._offset += timedelta(seconds=seconds)
        self._publish()

    def reset(self) -> None:
        self._offset = timedelta()
        self._publish()

    def _publish(self) -> None:
        if self._file is None:
            return
        # A reader must never find half a number, so the file is replaced, not rewritten.
        fresh = self._file.with_name(self._file.name + ".new")
        fresh.write_text(f"{self.offset}\n")
        fresh.replace(self._file)
