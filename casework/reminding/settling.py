"""From what was heard to the moment that is meant, or those that can be."""

import calendar
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from casework.reminding.heard import Heard, Meant, Problem, Understood, Unsure
from casework.reminding.moment_words import Part, Unit
from casework.reminding.moments import at_wall, on_wall

DAYTIME = 10 * 60  # the time of day that is meant by a day alone; it is shown before anybody relies on it
FURTHEST = timedelta(days=5 * 366)
_SURE_OF_NEXT_YEAR = timedelta(days=300)
_EARLY = range(1, 8)  # "at five" may be either five
_NOON, _DAY_HOURS = 12, 24
_NIGHT_BEGINS = 8
_AT_LEAST = {
    Unit.MINUTE: timedelta(minutes=1),
    Unit.HOUR: timedelta(hours=1),
    Unit.DAY: timedelta(days=1),
    Unit.WEEK: timedelta(days=7),
    Unit.MONTH: timedelta(days=28),
}


def settled(heard: Heard, now: datetime, zone: ZoneInfo) -> Understood:
    """Make a moment of what was heard."""
    wall = on_wall(now, zone)
    if heard.span is not None:
        return _after_span(heard, now, zone)
    times = _times(heard)
    if times is None or (
        heard.day is None and heard.weekday is None and heard.hour is None and heard.part is None
    ):
        return Problem.NOT_READ
    days, sure = _days(heard, wall, times)
    if not days:
        return Problem.NOT_READ
    moments = [
        at_wall(datetime.combine(day, datetime.min.time()) + timedelta(minutes=minutes), zone)
        for day in days
        for minutes in times
    ]
    ahead = sorted({each for each in moments if each > now})
    if not ahead:
        return Problem.PAST
    if ahead[0] - now > FURTHEST:
        return Problem.FAR
    timed = heard.hour is not None or heard.part is Part.NOON
    return (
        Meant(ahead[0], timed) if sure and len(ahead) == 1 and len(times) == 1 else Unsure(tuple(ahead[:3]))
    )


def _days(heard: Heard, wall: datetime, times: list[int]) -> tuple[list[date], bool]:
    """Return the days that can be meant, and whether that is sure."""
    today = wall.date()
    if heard.day is not None:
        day, sure = heard.day, True
        if heard.short_year:
            day, sure = _next_of(day, today), True
            sure = datetime.combine(day, datetime.min.time()) - wall < _SURE_OF_NEXT_YEAR
        if heard.weekday is not None and day.weekday() != heard.weekday:
            return [], False  # "Monday, 1 December": one of them is a slip
        return [day], sure
    if heard.weekday is not None:
        first = today + timedelta(days=(heard.weekday - today.weekday()) % 7)
        if first == today and any(each > wall.hour * 60 + wall.minute for each in times):
            return [today, today + timedelta(days=7)], False
        return [first if first != today else today + timedelta(days=7)], True
    # A time alone: today where it is still to come; otherwise it is asked.
    passed = all(each <= wall.hour * 60 + wall.minute for each in times)
    return [today + timedelta(days=1) if passed else today], not passed


def _next_of(day: date, today: date) -> date:
    """Return this day and month from today on."""
    for year in range(today.year, today.year + 9):
        try:
            found = day.replace(year=year)
        except ValueError:  # 29 February
            continue
        if found >= today:
            return found
    return day


def _times(heard: Heard) -> list[int] | None:
    """Return the minutes since midnight that can be meant; None where the words do not go together."""
    hour, minute, part = heard.hour, heard.minute or 0, heard.part
    if part is Part.NOON:
        return [_NOON * 60] if hour in {None, _NOON} else None
    if hour is None:
        return [DAYTIME] if part is None else {Part.MORNING: [9 * 60], Part.AFTERNOON: [18 * 60]}.get(part)
    if part is None:
        exact = heard.minute is not None or hour not in _EARLY
        hours = [hour] if exact else [hour, hour + _NOON]
    elif hour > _NOON:
        return None
    elif part is Part.NIGHT and hour == _NOON:  # the night before that day, or the one after
        hours = [0, _DAY_HOURS]
    else:
        late = part is Part.AFTERNOON or (part is Part.NIGHT and _NIGHT_BEGINS <= hour < _NOON)
        hours = [hour % _NOON + (_NOON if late else 0)]
    return [each * 60 + minute for each in hours if each * 60 + minute <= _DAY_HOURS * 60]


def _after_span(heard: Heard, now: datetime, zone: ZoneInfo) -> Understood:
    """Count from now; days and more by the clock on the wall, at the time that was said, or at `DAYTIME`."""
    count, unit = heard.span or (0, Unit.DAY)
    times, short = _times(heard), unit in {Unit.MINUTE, Unit.HOUR}
    timed = heard.hour is not None or heard.part is not None
    if heard.day is not None or heard.weekday is not None or count == 0 or times is None or (short and timed):
        return Problem.NOT_READ
    if count * _AT_LEAST[unit] > FURTHEST:
        return Problem.FAR
    if short:
        return Meant((now + count * _AT_LEAST[unit]).replace(second=0, microsecond=0), timed=True)
    day = _later_day(on_wall(now, zone).date(), count, unit)
    moments = [
        at_wall(datetime.combine(day, datetime.min.time()) + timedelta(minutes=each), zone) for each in times
    ]
    return Meant(moments[0], timed=heard.hour is not None) if len(moments) == 1 else Unsure(tuple(moments))


def _later_day(day: date, count: int, unit: Unit) -> date:
    if unit is not Unit.MONTH:
        return day + timedelta(days=count * (7 if unit is Unit.WEEK else 1))
    months = day.year * 12 + day.month - 1 + count
    year, month = months // 12, months % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))
