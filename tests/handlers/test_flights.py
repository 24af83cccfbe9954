"""Flights: begun by the office's own code, who is on them by reference and stage, and nothing a family reads."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import select

from casework.erasure import erase_request
from db.models import Flight, Person
from tests.family import Family, buttons_of
from tests.handlers.desk import BOSS, at_desk, invited
from tests.handlers.many import a_flight, events_of, filed_at, rows_of
from tests.handlers.test_moving import filed, news_of, take
from tests.machine import Machine, running


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Machine]:
    async with running(tmp_path, admins=(BOSS,)) as machine:
        yield machine


async def begin_flight(staff: Family, called: str) -> None:
    await staff.say("/flights")
    await staff.press("New flight")
    await staff.say(called)


async def test_a_flight_is_begun_filled_and_closed(office: Machine) -> None:
    staff = await at_desk(office)
    family, reference = await filed(office, 1001, "Amina Alieva", "Yusuf Aliev")
    await begin_flight(staff, "  Spring\n 7 ")
    assert staff.sees("Spring 7 · 0 persons · open since 22 November 2026")
    print(staff.text, staff.offered)
    await take(staff, reference)
    assert "Flight" not in staff.offered
    heard = len(family.from_bot)
    to_papers(office, "Yusuf Aliev")
    await staff.say(f"/case {reference}")
    await staff.press("Flight")
    print(staff.text, staff.offered)
    await staff.press("Spring 7")
    print(staff.text, staff.offered)


def to_papers(machine: Machine, _name: str) -> None:
    from sqlalchemy import update

    with machine.homeward.engine.begin() as c:
        c.execute(update(Person).where(Person.position == 2).values(stage="documents"))
