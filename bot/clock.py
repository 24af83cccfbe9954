"""The one clock. Nothing else in Homeward asks what time it is."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol


class Clock(Protocol):
    def now(self) -> datetime:
        """Return the present moment in UTC."""
        ...

    def monotonic(self) -> float:
        """Return seconds that only ever grow, for paces and timeouts."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        ...


class SystemClock:
    """The machine's own time."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return asyncio.get_running_loop().time()

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


class ShiftedClock(SystemClock):
    """The machine's time plus the seconds written in a file: the demo's time travel."""

    def __init__(self, offset_file: Path) -> None:
        self._file = offset_file

    def now(self) -> datetime:
        return super().now() + timedelta(seconds=self._offset())

    def _offset(self) -> float:
        try:
            return float(self._file.read_text(encoding="ascii"))
        except (
            FileNotFoundError,
            ValueError,
        ):  # not written yet, or just being written: the next look finds it
            return 0.0
