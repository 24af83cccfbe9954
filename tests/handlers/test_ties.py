"""The same person in two requests: staff see it and settle it; no family ever learns of the other."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import select

from casework.stages import Stage
from db.models import Audit, Event, Person, Request, Tie
from tests.canaries import Story
from tests.family import Family
from tests.handlers.desk import BOSS, at_desk, invited, reference_among, reference_in
from tests.handlers.paths import tell_of_a_person, to_confirmation, to_menu
from tests.handlers.test_finding import hostile_names, looks_right, plant
from tests.handlers.test_my_data import ask, documents
from tests.machine import Machine, running


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Machine]:
    async with running(tmp_path, admins=(BOSS,)) as machine:
        yield machine


async def filed(machine: Machine, person_id: int, *names: str) -> tuple[Family, str]:
    family = machine.person(person_id)
    await to_confirmation(family, *names)
    return family, reference_in(family)


async def filed_again(family: Family, name: str) -> str:
    """Let a family file a second request from the same chat."""
    before = len(family.from_bot)
    await family.say("/new")
    if family.sees("What should we call you?"):
        await family.say("Zainab")
    await family.press("Grandmother")
    await tell_of_a_person(family, name)
    await family.press("No, check my answers")
    await family.press("Send my request")
    return reference_among(family.from_bot[before:])


async def look_elsewhere(staff: Family, reference: str) -> None:
    await staff.say(f"/case {reference}")
    if "Take it" in staff.offered:
        await staff.press("Take it")
    await staff.press("Same person elsewhere?")


def stages(machine: Machine) -> list[Stage]:
    """Return the stage of every person, in the order the requests were filed."""
    with machine.homeward.engine.begin() as connection:
        rows = select(Person.stage).order_by(Person.request_id, Person.position)
        return [Stage(stage) for stage in connection.scalars(rows)]


def kinds(machine: Machine) -> list[str]:
    with machine.homeward.engine.begin() as connection:
        return list(connection.scalars(select(Tie.kind)))


def events(machine: Machine, prefix: str) -> list[str]:
    """Return the kinds of the events that begin so, request by request."""
    with machine.homeward.engine.begin() as connection:
        rows = connection.scalars(select(Event.kind).order_by(Event.request_id, Event.id))
        return [kind for kind in rows if kind.startswith(prefix)]


async def test_two_families_who_ask_for_one_child(office: Machine) -> None:
    staff = await at_desk(office)
    one, first = await filed(office, 1001, "Хадижат Алиева")
    two, second = await filed(office, 1002, "خديجة علييفا")
    heard = len(one.from_bot), len(two.from_bot)
    await look_elsewhere(staff, first)
    assert second in staff.text
    assert staff.sees("Name, in other letters: خديجة علييفا")
    assert staff.sees("Here: Хадижат Алиева")
    await staff.press(f"1 · {second}")
    assert staff.sees("No chat can open both requests.")
    await staff.press("Two families ask for one person")
    assert staff.sees("Neither family is told of the other.")
    assert staff.sees("In another request: two families ask for one person")
    assert stages(office) == [Stage.COMPETING_CLAIM] * 2
    assert events(office, "tied") == ["tied_competing"] * 2
    assert (len(one.from_bot), len(two.from_bot)) == heard
    for family in (one, two):
        await family.say("/mine")
        assert family.sees("The office is looking into this request")


async def test_nothing_of_one_family_is_in_anything_the_other_gets(office: Machine) -> None:
    """Both see all there is to see, before and after each kind of tie, also when it is taken away."""
    staff = await at_desk(office)
    two = Story(office.person(1002))
    await two.before_sending()
    of_two = {str(each) for each in two.canaries.values()} | {reference_in(two.family)}
    one = office.person(1001)
    await to_confirmation(one, "Birlant Kanareeva", "Юсуф Лабазанов")
    of_one = {"Birlant Kanareeva", "Юсуф Лабазанов", reference_in(one)}
    own_chat = {person: everything_in(office, person) for person in (one, two.family)}
    for kind in ("Two families ask for one person", "Two different people", "The same family asked twice"):
        await look_elsewhere(staff, reference_in(one))
        await staff.say(reference_in(two.family))
        await staff.press(f"1 · {reference_in(two.family)}")
        await staff.press(kind)
        for family in (one, two.family):
            await see_everything(family)
        if staff.offered[0] == "Yes, it is the same family":
            assert kinds(office) == []
            break
        await look_elsewhere(staff, reference_in(one))
        await staff.press(f"Take the tie away: {reference_in(two.family)}")
        for family in (one, two.family):
            await see_everything(family)
    assert len(everything_in(office, one)) > len(own_chat[one])
    assert not [each for each in of_two if each in everything_in(office, one)]
    assert not [each for each in of_one if each in everything_in(office, two.family)]
    assert reference_in(two.family) in everything_in(office, staff), "a control: it would be found"
    assert len([each for each in of_two if each in everything_in(office, two.family)]) > 20


async def see_everything(family: Family) -> None:
    await family.say("/mine")
    await family.press("Who can open this request")
    await ask(family)


def everything_in(machine: Machine, person: Family) -> str:
    """Return all words a chat got, in messages, in buttons and in files."""
    chat = json.dumps(person.from_bot, ensure_ascii=False, default=str)
    return chat + "".join(documents(machine, person).values())


async def test_one_chat_that_asked_twice(office: Machine) -> None:
    staff = await at_desk(office)
    family, first = await filed(office, 1001, "Амина Алиева")
    second = await filed_again(family, "Аминат Алиева")
    await look_elsewhere(staff, second)
    assert staff.sees("One chat can open both requests.")
    await staff.press(f"1 · {first}")
    await staff.press("The same family asked twice")
    assert staff.sees("You have told us about this person before.")
    await staff.press("Yes, it is the same family")
    assert stages(office) == [Stage.RECEIVED, Stage.DUPLICATE]
    await family.say("/mine")
    await family.press_with(second)
    assert family.sees("You have told us about this person before.")


async def test_where_no_chat_shows_that_it_is_one_family_staff_have_to_be_sure(office: Machine) -> None:
    staff = await at_desk(office)
    _, first = await filed(office, 1001, "Амина Алиева")
    _, second = await filed(office, 1002, "Амина Алиева")
    await look_elsewhere(staff, second)
    await staff.press(f"1 · {first}")
    await staff.press("The same family asked twice")
    assert staff.sees("Is it surely the same family?")
    await staff.press("← Back")
    assert (kinds(office), stages(office)) == ([], [Stage.RECEIVED] * 2)
    await staff.press(f"1 · {first}")
    await staff.press("The same family asked twice")
    await staff.press("Yes, it is the same family")
    assert (kinds(office), stages(office)) == (["duplicate"], [Stage.RECEIVED, Stage.DUPLICATE])


async def test_two_different_people_are_not_suggested_again_unless_the_tie_is_taken_away(
    office: Machine,
) -> None:
    staff = await at_desk(office)
    _, first = await filed(office, 1001, "Амина Алиева")
    _, second = await filed(office, 1002, "Amina Alieva")
    await look_elsewhere(staff, first)
    await staff.press(f"1 · {second}")
    await staff.press("Two different people")
    assert stages(office) == [Stage.RECEIVED] * 2
    for reference, other in ((first, second), (second, first)):
        await look_elsewhere(staff, reference)
        assert staff.sees("Nobody in another request looks like it.")
        assert f"Take the tie away: {other}" in staff.offered
    await staff.press(f"Take the tie away: {first}")
    assert staff.sees("The tie is taken away.")
    assert f"1 · {first}" in staff.offered
    assert events(office, "untied") == ["untied"] * 2


async def test_a_tie_can_be_changed_for_another(office: Machine) -> None:
    staff = await at_desk(office)
    _, first = await filed(office, 1001, "Амина Алиева")
    _, second = await filed(office, 1002, "Amina Alieva")
    await look_elsewhere(staff, first)
    await staff.press(f"1 · {second}")
    await staff.press("Two different people")
    await look_elsewhere(staff, first)
    await staff.say(second)
    await staff.press(f"1 · {second}")
    await staff.press("Two families ask for one person")
    assert kinds(office) == ["competing"]


async def test_a_case_that_looks_like_nothing_is_put_beside_by_its_reference(office: Machine) -> None:
    staff = await at_desk(office)
    _, first = await filed(office, 1001, "Амина Алиева")
    _, second = await filed(office, 1002, "Юсуф", "Седа")
    await look_elsewhere(staff, first)
    assert staff.sees("Nobody in another request looks like it.")
    for nothing in ("HW-0000-0000", first, "Амина"):
        await staff.say(nothing)
        assert staff.sees("There is no other case with this reference.")
    await staff.say(second.lower())
    assert f"2 · {second}" in staff.offered
    await staff.press(f"2 · {second}")
    assert staff.sees("2. Седа")
    await staff.press("Open that case")
    assert second in staff.text


async def test_only_who_has_the_case_ties_it_and_who_has_the_other_is_told(office: Machine) -> None:
    staff = await at_desk(office)
    colleague = await invited(office, staff, 901, "Boris")
    _, first = await filed(office, 1001, "Амина Алиева")
    _, second = await filed(office, 1002, "Amina Alieva")
    await look_elsewhere(colleague, second)
    await staff.say(f"/case {second}")
    await staff.press("Same person elsewhere?")
    await staff.press(f"1 · {first}")
    assert "Two families ask for one person" not in staff.offered
    token = staff.screen["reply_markup"]["inline_keyboard"][0][0]["callback_data"].partition(":")[0]
    await staff.forge(f"{token}:kind:competing", message_id=staff.screen["message_id"])
    assert staff.sees("Boris works on this case.")
    assert kinds(office) == []
    await look_elsewhere(staff, first)
    await staff.press(f"1 · {second}")
    await staff.press("Two families ask for one person")
    assert colleague.sees("A colleague tied one of your cases to another one.")
    assert "Amina" not in colleague.text
    await colleague.press("Open the case")
    assert colleague.sees("In another request: two families ask for one person")


async def test_of_two_who_say_something_of_the_same_pair_the_second_is_told_what_was_said(
    office: Machine,
) -> None:
    staff = await at_desk(office)
    colleague = await invited(office, staff, 901, "Boris")
    _, first = await filed(office, 1001, "Амина Алиева")
    _, second = await filed(office, 1002, "Amina Alieva")
    await look_elsewhere(staff, first)
    await staff.press(f"1 · {second}")
    await look_elsewhere(colleague, second)
    await colleague.press(f"1 · {first}")
    await colleague.press("Two different people")
    await staff.press("Two families ask for one person")
    assert staff.sees("Boris has said meanwhile: two different people.")
    assert (kinds(office), stages(office)) == (["different"], [Stage.RECEIVED] * 2)
    assert events(office, "tied") == ["tied_different"] * 2
    await staff.say(second)
    await staff.press(f"1 · {second}")
    lift = f"Take the tie away: {first}"
    await look_elsewhere(colleague, second)
    await colleague.press(lift)
    await staff.press("Two families ask for one person")
    assert staff.sees("The tie was taken away meanwhile.")
    assert kinds(office) == []


async def test_hostile_names_side_by_side_render_nothing_but_our_own_markup(office: Machine) -> None:
    staff = await at_desk(office)
    family = office.person(1001)
    await to_menu(family)
    for name in hostile_names(40):
        one, other = plant(office, family, [name] * 2, other_names="Амина", father_name=name)
        await look_elsewhere(staff, one.reference)
        assert looks_right(staff) > 0
        await staff.say(other.reference)
        await staff.press(f"1 · {other.reference}")
        assert looks_right(staff) == 2
        await staff.press("Two different people")
        await look_elsewhere(staff, one.reference)
        looks_right(staff, plus=1)


async def test_whose_name_was_seen_stands_in_the_audit_log(office: Machine) -> None:
    staff = await at_desk(office)
    _, first = await filed(office, 1001, "Амина Алиева")
    await filed(office, 1002, "Amina Alieva")
    await look_elsewhere(staff, first)
    with office.homeward.engine.begin() as connection:
        one, two = connection.scalars(select(Request.id).order_by(Request.id))
        rows = connection.execute(
            select(Audit.action, Audit.request_id).where(Audit.action.in_(("find", "tie")))
        ).all()
    assert [tuple(row) for row in rows] == [("find", two)]
    await staff.press_with("1 · ")
    await staff.press("Two different people")
    with office.homeward.engine.begin() as connection:
        tied = connection.execute(
            select(Audit.request_id, Audit.subject_id).where(Audit.action == "tie").order_by(Audit.id)
        ).all()
    assert [tuple(row) for row in tied] == [(one, None), (two, one)]


async def test_what_a_family_erases_loses_its_ties(office: Machine) -> None:
    staff = await at_desk(office)
    family, first = await filed(office, 1001, "Амина Алиева")
    _, second = await filed(office, 1002, "Amina Alieva")
    await look_elsewhere(staff, first)
    await staff.press(f"1 · {second}")
    await staff.press("Two different people")
    assert kinds(office) == ["different"]
    await look_elsewhere(staff, second)
    await staff.say(first)
    await staff.press(f"1 · {first}")
    await family.say("/delete_me")
    await family.press("Delete me and my requests")
    await family.press("Yes, delete my requests too")
    assert kinds(office) == []
    await staff.press("Two families ask for one person")
    assert staff.sees("One of the two is not there any more.")
    await look_elsewhere(staff, second)
    assert staff.sees("Nobody in another request looks like it.")
    assert office.set_aside() == 0
