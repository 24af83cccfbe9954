"""Reminders are planned so many at a time, and none is forgotten for that."""

from collections import Counter
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import select, update

from casework.preferences import NEVER_QUIET
from casework.reminding import planning
from casework.reminding.reasons import Look
from casework.reminding.rows import Habits
from casework.reminding.rules import Intervals, Kind, table
from db.models import Account, Reminder
from tests.casework.seeded import NOW, Office, make_office

OFFICE = Habits(ZoneInfo("Europe/Moscow"), NEVER_QUIET)
_FILED, _MOST = 7, 3


def _planned(office: Office, most: int | None) -> Counter[str]:
    """Plan once; return how many rows there are of each kind."""
    with office.engine.begin() as connection:
        look = Look(table(Intervals()), NOW + timedelta(days=5), [])
        planning.plan(connection, OFFICE, look, most)
        return Counter(connection.scalars(select(Reminder.kind)))


def test_so_many_at_a_time_and_all_of_them_in_the_end(tmp_path: Path) -> None:
    office = make_office(tmp_path)
    with office.engine.begin() as connection:
        admin = office.account(connection)
        connection.execute(update(Account).where(Account.id == admin).values(role="admin"))
        for _ in range(_FILED):
            office.file(connection)
    found = [_planned(office, _MOST)[Kind.NEW] for _ in range(4)]
    assert found == [3, 6, 7, 7]
    assert _planned(office, None)[Kind.NEW] == _FILED
