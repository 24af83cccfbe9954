"""Many at once: everybody of a flight, everybody at a place; seen first, agreed to by another, one event a case."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import select

from casework.audit import verify
from casework.erasure import erase_request
from casework.stages import STAFF_WORDS, Stage
from casework.transitions import ONE_BY_ONE
from db.models import Audit, Person
from tests.family import Family, buttons_of, words_of
from tests.handlers.desk import BOSS, at_desk, invited, reference_in
from tests.handlers.many import (
    a_flight,
    counted,
    events_of,
    filed_at,
    move,
    open_approval,
    rows_of,
    settle_at,
    stages_of,
    withdraw,
)
from tests.handlers.paths import to_confirmation
from tests.handlers.test_moving import news_of
from tests.machine import BOT_ID, Machine, running

CHANGE = "Change of the stage of many"


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Machine]:
    async with running(tmp_path, admins=(BOSS,)) as machine:
        yield machine


async def two_of_the_team(machine: Machine) -> tuple[Family, Family]:
    admin = await at_desk(machine)
    return admin, await invited(machine, admin, 901, "Boris")


async def everybody_of(staff: Family, flight: str, *stages: str) -> None:
    """Choose a flight and the stage its people shall go to."""
    await staff.say("/flights")
    await staff.press(f"1. {flight}")
    await staff.press("Change the stage of everybody")
    for stage in stages:
        await staff.press(stage)


async def families(machine: Machine, *languages: str) -> tuple[list[Family], list[int]]:
    """File a request in each language; return the families and their persons, who wait for exit permission."""
    found = []
    for number, language in enumerate(languages):
        family = machine.person(1001 + number, language)
        await to_confirmation(family, "Amina Alieva", language=family.language_name)
        found.append(family)
    with machine.homeward.engine.begin() as connection:
        persons = list(connection.scalars(select(Person.id).order_by(Person.request_id)))
    move(machine, dict.fromkeys(persons, Stage.EXIT_PERMISSION))
    return found, persons


async def test_everybody_of_a_flight_is_seen_agreed_to_moved_and_told(office: Machine) -> None:
    admin, colleague = await two_of_the_team(office)
    (english, russian, arabic), persons = await families(office, "en", "ru", "ar")
    a_flight(office, "2026-7", persons)
    await everybody_of(colleague, "2026-7")
    assert colleague.sees("Everybody of the flight 2026-7")
    assert colleague.sees("Exit permission: 3")
    assert colleague.offered[:2] == ["On a list", "Another stage"]
    await colleague.press("On a list")
    assert colleague.sees("Will go there: 3 persons of 3 requests.")
    locales = office.homeward.around.locales
    for language in ("en", "ru", "ar"):
        assert locales.get(language).plain("The person is on a travel list") in colleague.text
    assert colleague.sees("3 chats are told.")
    await colleague.press("Ask a second person")
    assert colleague.sees("A second person has to approve it.")
    assert stages_of(office, persons) == [Stage.EXIT_PERMISSION] * 3
    assert admin.sees("A colleague asks for a second person.")
    await open_approval(admin, CHANGE)
    assert admin.sees("Everybody of the flight 2026-7 → On a list")
    assert admin.sees("Will go there: 3 persons of 3 requests.")
    await admin.press("Next page")
    assert sum("HW-" in line for line in admin.text.splitlines()) == 3
    assert "Amina" not in admin.text
    await admin.press("Approve")
    assert admin.sees("Approved, and done.")
    assert admin.sees("Changed: 3 persons.")
    assert colleague.sees("Changed: 3 persons.")
    assert stages_of(office, persons) == [Stage.ON_LIST] * 3
    for family in (english, russian, arabic):
        assert news_of_own(family) == 1
        await family.press("See the news")
        assert family.sees("The person is on a travel list")
    assert {row.person_id for row in events_of(office, "stage.on_list")} == set(persons)


def news_of_own(family: Family) -> int:
    own = family.machine.homeward.around.locales.get(family.language).plain(
        "There is news about your request."
    )
    return sum(own in words_of(message) for message in family.from_bot)


async def test_each_case_is_in_the_audit_log_with_the_approval_it_was_by(office: Machine) -> None:
    admin, colleague = await two_of_the_team(office)
    persons = filed_at(office, *["exit_permission"] * 3)
    a_flight(office, "2026-7", persons)
    await everybody_of(colleague, "2026-7", "On a list")
    await colleague.press("Ask a second person")
    await open_approval(admin, CHANGE)
    await admin.press("Approve")
    with office.homeward.engine.begin() as connection:
        done = connection.execute(
            select(Audit).where(Audit.action == "many", Audit.request_id.is_not(None))
        ).all()
        decided = connection.execute(select(Audit).where(Audit.action == "second_approved")).one()
        assert isinstance(verify(connection, office.homeward.around.keys), int)
    assert {row.request_id for row in done} == {row.request_id for row in rows_of(office, persons)}
    assert {row.subject_id for row in done} == {decided.subject_id}
    assert {row.account_id for row in done}.isdisjoint({decided.account_id})


async def test_who_does_not_move_is_said_with_the_reason(office: Machine) -> None:
    admin, colleague = await two_of_the_team(office)
    stages = ["exit_permission", "on_hold", "documents", "competing_claim", "needs_information"]
    persons = filed_at(office, *stages, "on_list", "withdrawn", "exit_permission")
    withdraw(office, persons[-1])
    a_flight(office, "2026-7", persons)
    await everybody_of(colleague, "2026-7", "On a list")
    for line in (
        "Will go there: 2 persons of 2 requests.",
        "Papers: 1, because no step leads there from this stage.",
        "Competing claim: 1, because each of them has to be looked at alone.",
        "Needs information: 1, because each of them has to be looked at alone.",
        "On a list: 1, because they are there already.",
        "Withdrawn by the family: 1, because work on them has ended.",
        "Exit permission: 1, because the family has withdrawn the request.",
    ):
        assert colleague.sees(line), line
    assert "Ask a second person" not in colleague.offered
    await colleague.press("Without: On hold")
    assert colleague.sees("On hold: 1, because you leave them out.")
    assert "Ask a second person" in colleague.offered
    await colleague.press("Everybody again")
    await colleague.press("Say why")
    await colleague.say("The list came <b>today</b>")
    assert "Reason: The list came <b>today</b>" in colleague.text
    await colleague.press("Ask a second person")
    await open_approval(admin, CHANGE)
    assert admin.sees("Others who stay where they are: 6.")
    assert "Reason: The list came <b>today</b>" in admin.text
    await admin.press("Approve")
    assert admin.sees("Changed: 2 persons.")
    assert stages_of(office, persons)[:3] == [Stage.ON_LIST, Stage.ON_LIST, Stage.DOCUMENTS]


async def test_one_event_a_case_also_where_several_of_it_move(office: Machine) -> None:
    admin, colleague = await two_of_the_team(office)
    family = office.person(1001)
    await to_confirmation(family, "Amina Alieva", "Yusuf Aliev")
    with office.homeward.engine.begin() as connection:
        persons = list(connection.scalars(select(Person.id).order_by(Person.position)))
    move(office, dict.fromkeys(persons, Stage.ON_LIST))
    a_flight(office, "2026-7", persons)
    await everybody_of(colleague, "2026-7", "Flight scheduled")
    assert colleague.sees("Will go there: 2 persons of 1 request.")
    await colleague.press("Ask a second person")
    await open_approval(admin, CHANGE)
    await admin.press("Approve")
    assert len(events_of(office, "stage.flight_scheduled")) == 1
    assert news_of(family) == 1
    await admin.say(f"/case {reference_in(family)}")
    assert "Amina Alieva, Yusuf Aliev: On a list → Flight scheduled · Boris and Anna" in admin.text


async def test_nobody_decides_on_what_they_asked_for_themselves(office: Machine) -> None:
    admin, colleague = await two_of_the_team(office)
    persons = filed_at(office, "on_list")
    a_flight(office, "2026-7", persons)
    await everybody_of(colleague, "2026-7", "Flight scheduled")
    await colleague.press("Ask a second person")
    await open_approval(admin, CHANGE)
    carried = next(b["callback_data"] for b in buttons_of(admin.last) if b["text"] == "Approve").partition(
        ":"
    )[2]
    await open_approval(colleague, CHANGE)
    assert "Approve" not in colleague.offered
    token = buttons_of(colleague.last)[0]["callback_data"].partition(":")[0]
    await colleague.forge(f"{token}:{carried}")
    assert colleague.sees("You asked for it yourself, so somebody else has to decide.")
    assert stages_of(office, persons) == [Stage.ON_LIST]


async def test_what_changed_meanwhile_is_left_as_it_is_and_said(office: Machine) -> None:
    admin, colleague = await two_of_the_team(office)
    persons = filed_at(office, *["on_list"] * 5)
    a_flight(office, "2026-7", persons)
    await everybody_of(colleague, "2026-7", "Flight scheduled")
    await colleague.press("Ask a second person")
    move(office, {persons[0]: Stage.ON_HOLD})
    withdraw(office, persons[1])
    request_id = rows_of(office, persons)[2].request_id
    with office.homeward.engine.begin() as connection:
        erase_request(connection, request_id, office.homeward.clock.now())
    await open_approval(admin, CHANGE)
    assert admin.sees("Of these, 3 stand elsewhere by now or are withdrawn.")
    await admin.press("Next page")
    assert sum("HW-" in line for line in admin.text.splitlines()) == 4
    await admin.press("Approve")
    for each in (admin, colleague):
        assert each.sees("Changed: 2 persons.")
        assert each.sees("Left as they are, because they stand elsewhere by now: 1.")
        assert each.sees("Left as they are, because the request was withdrawn or erased: 2.")
    assert stages_of(office, persons)[3:] == [Stage.FLIGHT_SCHEDULED] * 2
    assert len(events_of(office, "stage.flight_scheduled")) == 2


async def test_where_nobody_stands_there_any_more_nothing_is_done(office: Machine) -> None:
    admin, colleague = await two_of_the_team(office)
    persons = filed_at(office, "on_list")
    a_flight(office, "2026-7", persons)
    await everybody_of(colleague, "2026-7", "Flight scheduled")
    await colleague.press("Ask a second person")
    move(office, {persons[0]: Stage.FLIGHT_SCHEDULED})
    await open_approval(admin, CHANGE)
    await admin.press("Approve")
    assert admin.sees("Things have changed since this was asked for, so nothing was done.")
    assert events_of(office, "stage.flight_scheduled") == []


async def test_the_same_is_asked_for_once(office: Machine) -> None:
    admin, colleague = await two_of_the_team(office)
    a_flight(office, "2026-7", filed_at(office, "on_list"))
    for each in (colleague, admin):
        await everybody_of(each, "2026-7", "Flight scheduled")
        await each.press("Ask a second person")
    assert admin.sees("This was asked for already, and waits for a second person.")
    await open_approval(admin, CHANGE)
    await admin.press("Approve")
    assert admin.sees("Changed: 1 person.")
    assert len(events_of(office, "stage.flight_scheduled")) == 1


async def test_who_lost_the_role_meanwhile_gets_nothing_done(office: Machine) -> None:
    admin, colleague = await two_of_the_team(office)
    persons = filed_at(office, "on_list")
    a_flight(office, "2026-7", persons)
    await everybody_of(colleague, "2026-7", "Flight scheduled")
    await colleague.press("Ask a second person")
    await admin.say("/revoke @Boris")
    await admin.press("Take the role away")
    await open_approval(admin, CHANGE)
    await admin.press("Approve")
    assert admin.sees("Things have changed since this was asked for, so nothing was done.")
    assert stages_of(office, persons) == [Stage.ON_LIST]


async def test_what_changed_under_ones_eyes_is_shown_again_before_it_is_asked_for(office: Machine) -> None:
    admin, colleague = await two_of_the_team(office)
    persons = filed_at(office, "on_list", "on_list")
    a_flight(office, "2026-7", persons)
    await everybody_of(colleague, "2026-7", "Flight scheduled")
    move(office, {persons[0]: Stage.ON_HOLD})
    await colleague.press("Ask a second person")
    assert colleague.sees("Things have changed while you looked. Please look again.")
    await admin.say("/approvals")
    assert admin.sees("Nothing waits for a second person.")
    await colleague.press("Say why")
    assert colleague.sees("Why? Write it in one message.")
    await colleague.say("They come along")
    assert colleague.sees("Will go there: 2 persons of 2 requests.")
    await colleague.press("Ask a second person")
    assert colleague.sees("A second person has to approve it.")


async def test_no_death_is_told_of_many_nor_anything_that_is_one_familys_alone(office: Machine) -> None:
    _, colleague = await two_of_the_team(office)
    a_flight(office, "2026-7", filed_at(office, "on_list", "documents"))
    await everybody_of(colleague, "2026-7", "Another stage")
    plain = office.homeward.around.locales.get("en").plain
    assert not {plain(STAFF_WORDS[stage]) for stage in ONE_BY_ONE} & set(colleague.offered)
    assert "On hold" in colleague.offered
    token = buttons_of(colleague.last)[0]["callback_data"].partition(":")[0]
    await colleague.forge(f"{token}:to:deceased")
    assert "Ask a second person" not in colleague.offered


async def test_everybody_at_a_place_whose_cases_are_open(office: Machine) -> None:
    """Who is home, or whose family has withdrawn, is not at the place any more."""
    admin, colleague = await two_of_the_team(office)
    persons = filed_at(office, "located", "located", "arrived", "closed", "located")
    settle_at(office, "Roj camp", persons)
    withdraw(office, persons[-1])
    await colleague.say("/many")
    await colleague.press("Places")
    await colleague.press_with("Roj camp")
    await colleague.press("Change the stage of everybody")
    assert colleague.sees("Everybody at this place: Roj camp")
    assert colleague.sees("Located: 3")
    await colleague.press("Another stage")
    await colleague.press("Location lost")
    await colleague.press("Say why")
    await colleague.say("The camp was emptied")
    assert colleague.sees("Will go there: 2 persons of 2 requests.")
    assert colleague.sees("At present it is not known where the person is")
    await colleague.press("Ask a second person")
    await open_approval(admin, CHANGE)
    await admin.press("Approve")
    lost = Stage.LOCATION_LOST
    assert stages_of(office, persons) == [lost, lost, Stage.ARRIVED, Stage.CLOSED, Stage.LOCATED]


async def test_of_more_than_go_at_once_the_first_cases_go_whole(
    office: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    admin, colleague = await two_of_the_team(office)
    family = office.person(1001)
    await to_confirmation(family, "Amina Alieva", "Yusuf Aliev")
    with office.homeward.engine.begin() as connection:
        persons = list(connection.scalars(select(Person.id)))
    move(office, dict.fromkeys(persons, Stage.ON_LIST))
    persons = [*filed_at(office, "on_list", "on_list"), *persons]
    a_flight(office, "2026-7", persons)
    for module in ("casework.many", "handlers.staff.many_words"):
        monkeypatch.setattr(f"{module}.MOST", 3)
    for line in ("Will go there: 3 persons of 2 requests.", "Will go there: 1 person of 1 request."):
        await everybody_of(colleague, "2026-7", "Flight scheduled")
        assert colleague.sees(line)
        first = line.startswith("Will go there: 3")
        assert colleague.sees("because at most 3 go at once; take the others afterwards.") is first
        await colleague.press("Ask a second person")
        await open_approval(admin, CHANGE)
        await admin.press("Approve")
    assert stages_of(office, persons) == [Stage.FLIGHT_SCHEDULED] * 4


async def test_hundreds_cost_no_statement_more_than_ten(office: Machine) -> None:
    admin, colleague = await two_of_the_team(office)
    spent = []
    for number, flight in ((1, "first"), (10, "2026-7"), (300, "2026-8")):
        persons = filed_at(office, *["on_list"] * number)
        a_flight(office, flight, persons)
        with counted(office) as run:
            await everybody_of(colleague, flight, "Flight scheduled")
            await colleague.press("Ask a second person")
            await open_approval(admin, CHANGE)
            await admin.press("Next page")
            office.world.press(admin.id, admin.last["message_id"], label="Approve")
            for pressed in office.world.take_updates(BOT_ID, 0):
                await office.homeward.intake.receive(pressed)
        spent.append(run.statements)
        assert stages_of(office, persons) == [Stage.FLIGHT_SCHEDULED] * number
        await office.homeward.outbox.idle()
    assert spent[1] == spent[2]
