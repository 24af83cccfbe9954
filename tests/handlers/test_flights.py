"""Flights: begun under the office's own code, who is on them by reference and stage, and nothing a family reads."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import select

from casework.erasure import erase_request
from casework.listed_names import LONGEST
from casework.stages import Stage
from db.models import Audit, Flight, Person
from tests.casework.hostile import hostile_names
from tests.family import Family, buttons_of
from tests.handlers.desk import BOSS, at_desk, invited, reference_in
from tests.handlers.many import a_flight, events_of, filed_at, move, rows_of
from tests.handlers.paths import to_confirmation
from tests.machine import BOT_ID, Machine, running


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Machine]:
    async with running(tmp_path, admins=(BOSS,)) as machine:
        yield machine


async def filed(machine: Machine, *names: str, stage: Stage = Stage.DOCUMENTS) -> tuple[Family, str]:
    """File a request whose last person stands at this stage."""
    family = machine.person(1001)
    await to_confirmation(family, *names)
    with machine.homeward.engine.begin() as connection:
        last = connection.scalars(select(Person.id).order_by(Person.position.desc())).first()
    move(machine, {last or 0: stage})
    return family, reference_in(family)


async def take(staff: Family, reference: str) -> None:
    await staff.say(f"/take {reference}")


async def begin_flight(staff: Family, called: str) -> None:
    await staff.say("/flights")
    await staff.press("New flight")
    await staff.say(called)


async def test_a_flight_is_begun_filled_looked_at_and_closed(office: Machine) -> None:
    staff = await at_desk(office)
    family, reference = await filed(office, "Amina Alieva", "Yusuf Aliev")
    heard = len(family.from_bot)
    await begin_flight(staff, "  Spring\n 7 ")
    assert staff.sees("Spring 7 · 0 persons · open since 22 November 2026")
    await take(staff, reference)
    await staff.press("Flight")
    assert staff.sees("On which flight?")
    await staff.press("Spring 7")
    assert staff.sees("Put on the flight.")
    assert "Flight: Spring 7" in staff.text
    assert "Yusuf Aliev: put on a flight: Spring 7 · Anna" in staff.text
    await staff.say("/flights")
    assert "1. Spring 7 · 1 person" in staff.text
    await staff.press("1. Spring 7")
    assert f"{reference} · Papers" in staff.text
    assert "Aliev" not in staff.text
    await staff.press(reference)
    assert staff.sees("with you")
    await staff.press("Flight")
    await staff.press("Take off this flight")
    assert staff.sees("Taken off the flight.")
    assert "Yusuf Aliev: taken off a flight: Spring 7 · Anna" in staff.text
    await staff.say("/flights")
    await staff.press("1. Spring 7")
    await staff.press("Close this flight")
    assert staff.sees("Spring 7 · 0 persons · closed on 22 November 2026")
    await staff.press("← Back")
    assert staff.sees("There is no flight here.")
    await staff.press("Closed flights")
    await staff.press("1. Spring 7")
    await staff.press("Open it again")
    assert staff.sees("open since 22 November 2026")
    assert len(family.from_bot) == heard
    await family.say("/mine")
    assert "flight" not in family.text.lower()


async def test_who_may_be_put_on_a_flight_is_told_by_their_stage(office: Machine) -> None:
    """Of two persons the one at an earlier stage is not offered, nor taken from a forged button."""
    staff = await at_desk(office)
    _, reference = await filed(office, "Amina Alieva", stage=Stage.KINSHIP_CHECK)
    flight = a_flight(office, "2026-7", [])
    await take(staff, reference)
    assert "Flight" not in staff.offered
    await staff.say(f"/flight {reference}")
    assert staff.sees(
        "Only who stands at one of these stages can be put on a flight: Papers, Exit permission"
    )
    with office.homeward.engine.begin() as connection:
        person = connection.scalars(select(Person.id)).one()
    move(office, {person: Stage.EXIT_PERMISSION})
    await staff.say(f"/flight {reference}")
    move(office, {person: Stage.KINSHIP_CHECK})
    await staff.press("2026-7")
    assert staff.sees("Only who stands at one of these stages can be put on a flight")
    assert rows_of(office, [person])[0].flight_id is None
    move(office, {person: Stage.EXIT_PERMISSION})
    await staff.say(f"/flight {reference}")
    token = buttons_of(staff.last)[0]["callback_data"].partition(":")[0]
    for forged in ("put:1", "put:x", f"put:{2**70}", "off:1", "off:"):
        await staff.forge(f"{token}:{forged}")
        await staff.say(f"/flight {reference}")
        token = buttons_of(staff.last)[0]["callback_data"].partition(":")[0]
    assert rows_of(office, [person])[0].flight_id is None
    await staff.forge(f"{token}:put:{flight}")
    assert rows_of(office, [person])[0].flight_id == flight
    assert office.set_aside() == 0


async def test_a_flight_that_was_closed_meanwhile_takes_nobody(office: Machine) -> None:
    staff = await at_desk(office)
    colleague = await invited(office, staff, 901, "Boris")
    _, reference = await filed(office, "Amina Alieva")
    a_flight(office, "2026-7", [])
    await take(colleague, reference)
    await colleague.press("Flight")
    await staff.say("/flights")
    await staff.press("1. 2026-7")
    await staff.press("Close this flight")
    await colleague.press("2026-7")
    assert colleague.sees("This flight was closed meanwhile.")
    assert colleague.sees("No flight is open.")
    assert events_of(office, "put_on_flight") == []


async def test_of_two_who_close_a_flight_at_once_the_second_is_told_who_did(office: Machine) -> None:
    staff = await at_desk(office)
    colleague = await invited(office, staff, 901, "Boris")
    a_flight(office, "2026-7", [])
    for each in (staff, colleague):
        await each.say("/flights")
        await each.press("1. 2026-7")
    for each in (staff, colleague):
        office.world.press(each.id, each.last["message_id"], label="Close this flight")
    await office.together(office.world.take_updates(BOT_ID, 0))
    assert sorted("has done that already" in each.text for each in (staff, colleague)) == [False, True]
    told = next(each for each in (staff, colleague) if "already" in each.text)
    assert told.sees("Anna has done that already." if told is colleague else "Boris has done that already.")
    with office.homeward.engine.begin() as connection:
        assert len(connection.scalars(select(Audit).where(Audit.action == "flight_closed")).all()) == 1


async def test_two_open_flights_are_not_called_the_same(office: Machine) -> None:
    staff = await at_desk(office)
    await begin_flight(staff, "Весна 7")
    await begin_flight(staff, "ВЕСНА-7")
    assert staff.sees("An open flight is called the same.")
    await staff.say("Весна 8")
    assert staff.sees("Весна 8 · 0 persons")
    with office.homeward.engine.begin() as connection:
        assert sorted(connection.scalars(select(Flight.called))) == ["Весна 7", "Весна 8"]


async def test_who_is_erased_is_on_no_flight(office: Machine) -> None:
    staff = await at_desk(office)
    persons = filed_at(office, "on_list", "on_list")
    a_flight(office, "2026-7", persons)
    request_id = rows_of(office, persons)[0].request_id
    with office.homeward.engine.begin() as connection:
        erase_request(connection, request_id, office.homeward.clock.now())
    await staff.say("/flights")
    assert "1. 2026-7 · 1 person" in staff.text
    assert rows_of(office, persons)[0].flight_id is None


async def test_many_on_a_flight_are_listed_page_by_page_in_russian(office: Machine) -> None:
    staff = await at_desk(office)
    await staff.say("/language")
    await staff.press("Русский")
    staff.language = "ru"
    a_flight(office, "2026-7", filed_at(office, *["on_list"] * 9, "documents"))
    await staff.say("/flights")
    await staff.press("1. 2026-7")
    assert "В списке: 9" in staff.text
    assert "Документы: 1" in staff.text
    assert sum("HW-" in line for line in staff.text.splitlines()) == 8
    await staff.press("Next page")
    assert sum("HW-" in line for line in staff.text.splitlines()) == 2
    await staff.press("First page")
    assert "Next page" not in staff.text
    assert sum("HW-" in label for label in staff.offered) == 8


async def test_a_hostile_name_of_a_flight_is_a_name_or_refused(office: Machine) -> None:
    """Markup, directions, braces, 64 kB: what is shown renders nothing but ours, and stays within the limits."""
    staff = await at_desk(office)
    hostile = [each for each in hostile_names(45) if "<" in each or "\u202e" in each or len(each) > LONGEST]
    for name in [*hostile, "{name}", "%(n)s", "<b>7</b>", "x" * LONGEST, "x" * (LONGEST + 1)]:
        await staff.say("/flights")
        await staff.press("New flight")
        await staff.say(name[:4096])
        kinds = {entity["type"] for entity in staff.screen.get("entities", [])}
        assert kinds <= {"bold", "code", "url", "mention", "email", "bot_command", "hashtag", "phone_number"}
        assert staff.text.count("\u202e") == 0
    assert office.set_aside() == 0
    await staff.say("/flights")
    while "Next page" in staff.offered:
        await staff.press("Next page")
    with office.homeward.engine.begin() as connection:
        names = connection.scalars(select(Flight.called)).all()
    assert {"{name}", "%(n)s", "<b>7</b>", "x" * LONGEST} <= set(names)
    assert max(map(len, names)) == LONGEST
    assert not any("\u202e" in each or "\n" in each for each in names)


async def test_a_family_has_no_flights(office: Machine) -> None:
    await at_desk(office)
    family, _ = await filed(office, "Amina Alieva")
    await family.say("/nonsense")
    known = family.text
    for command in ("/flights", "/flight", "/places", "/many", "/where"):
        await family.say(command)
        assert family.text == known
