"""What the processes on one database share of Telegram's limit: one row of it (db/models/sending.py, SharedPace).

The clocks of machines that share a database are taken to agree within a fraction of a second, as time servers make
them; one that is ahead sends a little later, one that is behind a little earlier.
"""

from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, case, insert, select, update

from bot.pace import Moments
from db.models import SharedPace

_ALL = "all"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def plant(connection: Connection) -> None:
    """Make the row where there is none."""
    if connection.scalar(select(SharedPace.name).where(SharedPace.name == _ALL)) is None:
        connection.execute(insert(SharedPace), {"name": _ALL, "next_at": 0, "held_until": 0})


def reserve(connection: Connection, count: int, gap: float, now: datetime) -> Moments:
    """Take the next moments at which something may be sent, `gap` seconds apart, and hear what holds what can wait."""
    at, apart = _as_number(now), round(gap * 1_000_000)
    later = case((SharedPace.next_at > at, SharedPace.next_at), else_=at)
    connection.execute(
        update(SharedPace).where(SharedPace.name == _ALL).values(next_at=later + count * apart)
    )
    row = connection.execute(
        select(SharedPace.next_at, SharedPace.held_until).where(SharedPace.name == _ALL)
    ).one()
    taken = [_as_moment(row.next_at - (count - number) * apart) for number in range(count)]
    return Moments(taken, _as_moment(row.held_until))


def hold(connection: Connection, until: datetime) -> None:
    """Remember, over restarts and for every process, until when nothing leaves that can wait."""
    at = _as_number(until)
    longer = (SharedPace.name == _ALL) & (SharedPace.held_until < at)
    connection.execute(update(SharedPace).where(longer).values(held_until=at))


def held_until(connection: Connection) -> datetime:
    found = connection.scalar(select(SharedPace.held_until).where(SharedPace.name == _ALL))
    return _as_moment(found or 0)


def _as_number(moment: datetime) -> int:
    return (moment - _EPOCH) // _MICROSECOND


def _as_moment(number: int) -> datetime:
    return _EPOCH + timedelta(microseconds=number)
