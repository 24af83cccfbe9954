"""What a person has chosen about being written to: time zone, quiet hours, news."""

from dataclasses import asdict, dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, select, update

from casework.times import MINUTES_A_DAY
from db.models import Account


@dataclass(frozen=True)
class QuietHours:
    """The part of a day in which nothing is sent that can wait, in minutes since midnight by the person's clock.

    `until` may lie on the next day. Where both are the same there are no quiet hours.
    """

    since: int
    until: int

    def __post_init__(self) -> None:
        if not (0 <= self.since < MINUTES_A_DAY and 0 <= self.until < MINUTES_A_DAY):
            raise ValueError("quiet hours lie within a day")

    @property
    def never(self) -> bool:
        return self.since == self.until


NEVER_QUIET = QuietHours(0, 0)


@dataclass(frozen=True)
class Preferences:
    """`None` stands for what the office has set."""

    zone: str | None = None
    quiet: QuietHours | None = None
    news: bool = True
    urgent_news: bool = True


def preferences_of(connection: Connection, account_id: int) -> Preferences:
    row = connection.execute(
        select(
            Account.zone, Account.quiet_from, Account.quiet_until, Account.news, Account.urgent_news
        ).where(Account.id == account_id)
    ).one()
    unset = row.quiet_from is None or row.quiet_until is None
    quiet = None if unset else QuietHours(row.quiet_from, row.quiet_until)
    return Preferences(row.zone, quiet, row.news, row.urgent_news)


def save(connection: Connection, account_id: int, chosen: Preferences) -> None:
    """Write all of them down."""
    columns = asdict(chosen)
    del columns["quiet"]
    columns["quiet_from"] = chosen.quiet.since if chosen.quiet else None
    columns["quiet_until"] = chosen.quiet.until if chosen.quiet else None
    connection.execute(update(Account).where(Account.id == account_id).values(**columns))


def quiet_until(hours: QuietHours, zone: ZoneInfo, now: datetime) -> datetime | None:
    """Return when the quiet hours that it is now end, in UTC; None where it is not quiet."""
    if hours.never:
        return None
    local = now.astimezone(zone)
    minutes = local.hour * 60 + local.minute
    over_night = hours.since > hours.until
    within = (
        minutes >= hours.since or minutes < hours.until
        if over_night
        else hours.since <= minutes < hours.until
    )
    if not within:
        return None
    day = local.date() + timedelta(days=1 if over_night and minutes >= hours.since else 0)
    end = datetime.combine(day, time(hours.until // 60, hours.until % 60), zone)
    return max(end.astimezone(UTC), now + timedelta(minutes=1))
