"""Moments by somebody's own clock. Pure functions; every moment that goes in or out is in UTC.

Days are counted by the clock on the wall, so that what came at ten comes at ten after the clocks were changed. An hour
that a spring skips is the next minute that there is; one that an autumn has twice is the first of the two.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from casework.preferences import QuietHours

_DAY = timedelta(days=1)
_MINUTE = timedelta(minutes=1)
_WEEK = 7
_BEFORE = timedelta(minutes=90)
_NEAR = 3  # occurrences that an estimate may be wrong by: a changed clock, a leap over a day


def on_wall(moment: datetime, zone: ZoneInfo) -> datetime:
    """Return what a clock on the wall shows, without a zone."""
    return moment.astimezone(zone).replace(tzinfo=None)


def at_wall(wall: datetime, zone: ZoneInfo) -> datetime:
    """Return the moment at which a clock on the wall shows this first, or the next minute that it does show."""
    moment = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
    if on_wall(moment, zone) == wall:
        return moment
    # The clock goes over it: `before` shows less, `moment` more. A whole day was gone over once (Samoa, 2011).
    before = wall.replace(tzinfo=zone, fold=1).astimezone(UTC)
    while moment - before > _MINUTE:
        middle = before + (moment - before) // 2
        middle -= timedelta(seconds=middle.second, microseconds=middle.microsecond)
        if middle <= before:
            break
        if on_wall(middle, zone) < wall:
            before = middle
        else:
            moment = middle
    return moment


def is_quiet(moment: datetime, quiet: QuietHours, zone: ZoneInfo) -> bool:
    """Whether this moment lies in somebody's quiet hours."""
    wall = on_wall(moment, zone)
    minutes = wall.hour * 60 + wall.minute
    if quiet.since <= quiet.until:
        return quiet.since <= minutes < quiet.until
    return minutes >= quiet.since or minutes < quiet.until


def after_quiet(moment: datetime, quiet: QuietHours, zone: ZoneInfo) -> datetime:
    """Return the moment itself, or the end of the quiet hours it lies in."""
    if not is_quiet(moment, quiet, zone):
        return moment
    wall = on_wall(moment, zone)
    end = wall.replace(hour=quiet.until // 60, minute=quiet.until % 60, second=0, microsecond=0)
    end += _DAY if end <= wall else timedelta()
    ends = at_wall(end, zone)
    if ends <= moment:  # in the second of two same hours: the first has its end behind it
        ends = end.replace(tzinfo=zone, fold=1).astimezone(UTC)
    return ends


@dataclass(frozen=True)
class Times:
    """When, how often, until when, counted from what gave the reason.

    Attributes:
        after: the first times; whole days by the clock on the wall, anything else as it passes.
        every: how often then, for ever; none: no more after the last of `after`.
        at: the time of day, in minutes since midnight: the count begins when a clock shows it next.
        weekday: the day of the week on which that is; 0 is Monday.
        on: instead of all these, days before or after the day of it, and the time of day; never later than an hour and
            a half before.
    """

    after: tuple[timedelta, ...] = ()
    every: timedelta | None = None
    at: int | None = None
    weekday: int | None = None
    on: tuple[tuple[int, int], ...] = ()

    def moment(self, since: datetime, number: int, zone: ZoneInfo) -> datetime | None:
        """Return when it is for the so-many-eth time, from 1; None where there is none."""
        if self.on:
            return self._on(since, number, zone)
        further = number - len(self.after)
        if further > 0 and self.every is None:
            return None
        offset = self.after[min(number, len(self.after)) - 1]
        if further > 0 and self.every is not None:
            offset += self.every * further
        if self.at is None and offset % _DAY:
            return since + offset
        wall = self._first(on_wall(since, zone)) if self.at is not None else on_wall(since, zone)
        return at_wall(wall + offset, zone)

    def last_until(self, since: datetime, until: datetime, zone: ZoneInfo) -> int:
        """Return the number of the last that is not after `until`; 0 where all are."""
        number = 0
        if self.every is not None and until > since:
            passed = (until - since - self.after[-1]) // self.every
            number = max(passed + len(self.after) - _NEAR, 0)
            following = self.moment(since, number, zone) if number else None
            if following is not None and following > until:
                number = 0
        while (following := self.moment(since, number + 1, zone)) is not None and following <= until:
            number += 1
        return number

    def _on(self, since: datetime, number: int, zone: ZoneInfo) -> datetime | None:
        if number > len(self.on):
            return None
        days, minutes = self.on[number - 1]
        wall = on_wall(since, zone).replace(hour=minutes // 60, minute=minutes % 60, second=0, microsecond=0)
        return min(at_wall(wall + days * _DAY, zone), since - _BEFORE)

    def _first(self, wall: datetime) -> datetime:
        minutes = self.at or 0
        first = wall.replace(hour=minutes // 60, minute=minutes % 60, second=0, microsecond=0)
        first += _DAY if first < wall else timedelta()
        days = (self.weekday - first.weekday()) % _WEEK if self.weekday is not None else 0
        return first + days * _DAY
