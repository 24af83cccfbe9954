"""The list of places, where the office thinks each person is, and moving everybody of a place at once."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import insert, select

from casework import place_list
from casework.listed_names import LONGEST
from casework.places import MOST_OFFERED
from db.models import Audit, Person, Site
from tests.casework.hostile import hostile_names
from tests.family import Family, buttons_of
from tests.handlers.desk import BOSS, at_desk, invited, reference_in
from tests.handlers.many import (
    counted,
    events_of,
    filed_at,
    open_approval,
    rows_of,
    settle_at,
    site,
    withdraw,
)
from tests.handlers.paths import to_confirmation
from tests.handlers.test_many import two_of_the_team
from tests.handlers.test_my_data import ask, documents
from tests.machine import BOT_ID, Machine, running

MOVE = "Move to another place"
ROJ, HOL, RUSAFA = "Roj camp", "Al-Hol camp", "Rusafa prison, Baghdad"


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Machine]:
    async with running(tmp_path, admins=(BOSS,)) as machine:
        yield machine


async def open_place(staff: Family, name: str) -> None:
    await staff.say("/places")
    await staff.press_with(name)


async def add_place(staff: Family, country: str, kind: str, name: str) -> None:
    await staff.say("/places")
    await staff.press("Add a place")
    await staff.say(country)
    await staff.press(kind)
    await staff.say(name)


async def everybody_from(staff: Family, place: str, to: str) -> None:
    """Choose to move everybody of a place to another one."""
    await open_place(staff, place)
    await staff.press("Move everybody to another place")
    await staff.press_with(to)


async def filed(machine: Machine, *names: str) -> tuple[Family, str]:
    family = machine.person(1001)
    await to_confirmation(family, *names)
    return family, reference_in(family)


async def to_whereabouts(family: Family) -> None:
    """Go to what the family says of where the person is."""
    await family.say("/mine")
    await family.press("Make the request stronger")
    await family.press_with("Where they may be")


# The list


async def test_the_list_says_country_kind_status_and_how_many(office: Machine) -> None:
    staff = await at_desk(office)
    settle_at(office, ROJ, filed_at(office, "located", "on_hold", "arrived"))
    await staff.say("/places")
    lines = staff.text.splitlines()
    assert lines[2:] == [
        "Iraq",
        "1. Rusafa prison, Baghdad · prison · open · 0 persons",
        "",
        "Syria",
        "2. Roj camp · camp · open · 2 persons",
        "3. Al-Hol camp · camp · closed · 0 persons",
    ]
    await staff.press("2. Roj camp")
    assert staff.sees("Thought to be here and not home yet:")
    assert "Located: 1" in staff.text
    await staff.press("Their cases")
    assert staff.sees("Place: Roj camp")


async def test_a_place_is_added_renamed_closed_and_opened_again(office: Machine) -> None:
    staff = await at_desk(office)
    family, _ = await filed(office, "Amina Alieva")
    await add_place(staff, "турция", "camp", "  Old\ncamp ")
    assert staff.sees("Old camp")
    assert "Turkey · camp · open" in staff.text or "Türkiye · camp · open" in staff.text
    await staff.press("Rename")
    await staff.say("New camp")
    assert staff.sees("New camp")
    await staff.press("Close it")
    assert "camp · closed" in staff.text
    await staff.press("Open it again")
    assert "camp · open" in staff.text
    with office.homeward.engine.begin() as connection:
        done = connection.scalars(
            select(Audit.action).where(Audit.action.startswith("place_")).order_by(Audit.id)
        )
        assert list(done) == ["place_added", "place_renamed", "place_closed", "place_opened"]
    await family.say("/mine")
    assert "New camp" not in family.text


async def test_families_read_the_new_name_and_what_is_closed(office: Machine) -> None:
    staff = await at_desk(office)
    family, _ = await filed(office, "Amina Alieva")
    await to_whereabouts(family)
    await family.press("A prison")
    assert RUSAFA in family.offered
    await family.press(RUSAFA)
    await open_place(staff, RUSAFA)
    await staff.press("Rename")
    await staff.say("Central prison")
    await staff.press("Close it")
    await to_whereabouts(family)
    await family.press("✎ Place")
    assert family.sees("Central prison")
    assert "Central prison (closed)" in family.offered


async def test_one_of_the_same_name_is_pointed_out_first(office: Machine) -> None:
    staff = await at_desk(office)
    await add_place(staff, "Syria", "camp", "ROJ-camp")
    assert staff.sees("There is a place of this name already: Roj camp, Syria.")
    await staff.say("Roj camp, the new part")
    assert "Syria · camp · open" in staff.text
    await add_place(staff, "Syria", "camp", "Roj camp")
    await staff.press("Use this name all the same")
    with office.homeward.engine.begin() as connection:
        assert len(connection.scalars(select(Site.id).where(Site.name == ROJ)).all()) == 2
    await add_place(staff, "Iraq", "camp", "Roj camp")
    assert "Iraq · camp · open" in staff.text


async def test_a_place_moves_to_an_open_one_and_never_in_a_circle(office: Machine) -> None:
    staff = await at_desk(office)
    await open_place(staff, ROJ)
    await staff.press("It has moved")
    assert not any("Al-Hol" in label or "Roj" in label for label in staff.offered)
    await staff.press_with("Rusafa")
    assert "camp · moved to Rusafa prison, Baghdad" in staff.text
    settle_at(office, ROJ, filed_at(office, "located"))
    await add_place(staff, "Iraq", "camp", "A camp in Erbil")
    await open_place(staff, ROJ)
    await staff.press("Move everybody to another place")
    assert staff.offered[:2] == ["Rusafa prison, Baghdad · Iraq", "A camp in Erbil · Iraq"]
    await open_place(staff, RUSAFA)
    await staff.press("It has moved")
    assert staff.offered == ["A camp in Erbil · Iraq", "← Back", "Desk"]
    token = buttons_of(staff.last)[0]["callback_data"].partition(":")[0]
    await staff.forge(f"{token}:at:{site(office, ROJ)}")
    assert staff.sees("That place is not open any more.")
    await open_place(staff, ROJ)
    await staff.press("Open it again")
    assert "camp · open" in staff.text


async def test_of_two_who_move_two_places_to_each_other_one_does(office: Machine) -> None:
    await at_desk(office)
    around, now = office.homeward.around, office.homeward.clock.now()
    roj, rusafa = site(office, ROJ), site(office, RUSAFA)
    with office.homeward.engine.begin() as connection:
        assert place_list.move_to(connection, around.keys, roj, rusafa, 1, now)
        assert not place_list.move_to(connection, around.keys, rusafa, roj, 1, now)
        assert not place_list.move_to(connection, around.keys, rusafa, rusafa, 1, now)
        assert not place_list.move_to(connection, around.keys, rusafa, 12345, 1, now)


async def test_staff_look_and_admins_change(office: Machine) -> None:
    admin, colleague = await two_of_the_team(office)
    await open_place(colleague, ROJ)
    assert colleague.offered == ["← Back", "Desk"]
    await admin.say("/places")
    assert "Add a place" in admin.offered
    await colleague.say("/places")
    assert "Add a place" not in colleague.offered
    token = buttons_of(colleague.last)[0]["callback_data"].partition(":")[0]
    await colleague.forge(f"{token}:add")
    assert not colleague.sees("In which country?")


async def test_of_two_who_close_a_place_the_second_is_told_who_did(office: Machine) -> None:
    admin = await at_desk(office)
    other = await invited(office, admin, 902, "Vera", "admin")
    for each in (admin, other):
        await open_place(each, ROJ)
    for each in (admin, other):
        office.world.press(each.id, each.last["message_id"], label="Close it")
    await office.together(office.world.take_updates(BOT_ID, 0))
    told = [each.text.splitlines()[0] for each in (admin, other) if "already" in each.text]
    assert len(told) == 1
    assert told[0] in {"Anna has done that already.", "Vera has done that already."}


async def test_a_hostile_name_of_a_place_is_a_name_or_refused(office: Machine) -> None:
    """Also where it is a sentence of ours, or the empty one: it is shown as it was written."""
    staff = await at_desk(office)
    family, _ = await filed(office, "Amina Alieva")
    hostile = [each for each in hostile_names(45) if "<" in each or "\u202e" in each or len(each) > LONGEST]
    names = [*hostile, "{name}", "%(n)s", "<b>Roj</b>", "Closed", "Desk", "x" * LONGEST]
    for name in names:
        await add_place(staff, "Iraq", "prison", name[:4096])
        kinds = {entity["type"] for entity in staff.screen.get("entities", [])}
        assert kinds <= {"bold", "url", "mention", "email", "bot_command", "hashtag", "phone_number"}
        if "Use this name all the same" in staff.offered:
            await staff.press("Use this name all the same")
    await staff.say("/places")
    while "Next page" in staff.offered:
        await staff.press("Next page")
    await staff.say("/queue")
    await staff.press("← Back")
    assert office.set_aside() == 0
    for person, language in ((staff, "ru"), (family, "ru")):
        await person.say("/language")
        await person.press("Русский")
        person.language = language
    await to_whereabouts(family)
    await family.press("A prison")
    assert {"Closed", "Desk", "<b>Roj</b>", "{name}"} <= set(family.offered)
    with office.homeward.engine.begin() as connection:
        written = set(connection.scalars(select(Site.name)))
    assert {"{name}", "%(n)s", "<b>Roj</b>", "Closed", "x" * LONGEST} <= written
    assert max(map(len, written)) <= LONGEST


async def test_a_family_is_offered_a_screenful_the_open_ones_first(office: Machine) -> None:
    await at_desk(office)
    family, _ = await filed(office, "Amina Alieva")
    rows = [{"country": "IQ", "kind": "camp", "name": f"{n:02}", "status": "closed"} for n in range(40)]
    with office.homeward.engine.begin() as connection:
        connection.execute(insert(Site), [{**row, "id": number} for number, row in enumerate(rows, 1)])
    await to_whereabouts(family)
    await family.press("A camp")
    places = [label for label in family.offered if label == RUSAFA or "(closed)" in label]
    assert places[0] == RUSAFA
    assert len(places) == MOST_OFFERED


# Where the office thinks somebody is


async def set_place(staff: Family, place: str, source: str = "An official", sure: str = "Likely") -> None:
    """Say on the card on the screen where its only person is."""
    await staff.press("Whereabouts")
    await staff.press_with(place)
    await staff.press(source)
    await staff.press(sure)


async def test_staff_say_where_somebody_is_and_the_familys_words_stay(office: Machine) -> None:
    staff = await at_desk(office)
    family, reference = await filed(office, "Amina Alieva")
    heard = len(family.from_bot)
    await staff.say(f"/take {reference}")
    await set_place(staff, ROJ)
    assert staff.sees("The office goes by it from now on: Syria, Roj camp")
    assert "Syria · papers" in staff.text
    assert "Place: Roj camp" in staff.text
    assert "The office's word: An official, Likely, 22 November 2026" in staff.text
    assert "The family says: Iraq" in staff.text
    assert "Iraq → Syria, Roj camp · An official · Likely · Anna" in staff.text
    assert len(family.from_bot) == heard
    with office.homeward.engine.begin() as connection:
        row = connection.execute(select(Person.country, Person.site_id)).one()
    assert row.country == "SY"
    await staff.press("Show everything")
    await staff.press("Amina Alieva")
    assert "Iraq" in staff.text
    assert "Roj" not in staff.text
    for word in ("/find Roj", "/find Syria"):
        await staff.say(word)
        assert reference in staff.text, word
    await staff.say("/queue place:" + str(site(office, ROJ)))
    assert reference in staff.text


async def test_what_the_family_says_later_does_not_overwrite_the_offices_word(office: Machine) -> None:
    """Before the office has said anything its view follows the family; any other answer changes neither."""
    staff = await at_desk(office)
    family, reference = await filed(office, "Amina Alieva")
    await to_whereabouts(family)
    await family.press("A camp")
    await family.press(RUSAFA)
    await staff.say(f"/take {reference}")
    assert "Place: Rusafa prison, Baghdad" in staff.text
    assert "The family says" not in staff.text
    await set_place(staff, ROJ)
    await to_whereabouts(family)
    await family.press("✎ Last known")
    await family.say("2024")
    assert place_of(office) == ("SY", site(office, ROJ))
    await to_whereabouts(family)
    await family.press("✎ Place")
    await family.say("a house in Erbil")
    assert place_of(office) == ("SY", site(office, ROJ))
    await staff.say(f"/case {reference}")
    assert "Place: Roj camp" in staff.text
    assert "The family says: Iraq" in staff.text


def place_of(machine: Machine) -> tuple[str, int | None]:
    """Return where the office thinks the only person."""
    with machine.homeward.engine.begin() as connection:
        row = connection.execute(select(Person.country, Person.site_id)).one()
    return row.country, row.site_id


async def test_a_country_alone_a_written_one_and_not_known(office: Machine) -> None:
    staff = await at_desk(office)
    _, reference = await filed(office, "Amina Alieva")
    await staff.say(f"/take {reference}")
    await set_place(staff, "Only the country: Syria")
    assert place_of(office) == ("SY", None)
    await staff.press("Whereabouts")
    await staff.say("иордания")
    assert "Only the country: Jordan" in staff.offered
    await staff.press("Only the country: Jordan")
    await staff.press("News, a video or a list")
    await staff.press("Only heard of it")
    assert place_of(office) == ("JO", None)
    await staff.press("Whereabouts")
    await staff.say("hol")
    assert [label for label in staff.offered if "camp" in label] == ["Al-Hol camp · Syria (closed)"]
    await staff.say("nowhere at all")
    assert staff.sees("No place of the list is called so: nowhere at all")
    await staff.press("It is not known")
    assert place_of(office) == ("unknown", None)
    assert staff.sees("The office goes by it from now on: not known")
    assert "not known · papers" in staff.text


async def test_a_move_of_everybody_meanwhile_is_told_and_not_overwritten(office: Machine) -> None:
    admin, colleague = await two_of_the_team(office)
    _, reference = await filed(office, "Amina Alieva")
    with office.homeward.engine.begin() as connection:
        persons = list(connection.scalars(select(Person.id)))
    settle_at(office, ROJ, persons)
    await colleague.say(f"/take {reference}")
    await colleague.press("Whereabouts")
    await everybody_from(admin, ROJ, RUSAFA)
    await admin.press("Ask a second person")
    helper = await invited(office, admin, 902, "Vera")
    await open_approval(helper, MOVE)
    await helper.press("Approve")
    await colleague.press_with(ROJ)
    assert colleague.sees("Anna has changed that meanwhile. The office goes by: Iraq, Rusafa prison, Baghdad")
    assert place_of(office) == ("IQ", site(office, RUSAFA))


async def test_of_several_persons_one_is_chosen_and_a_forged_one_of_another_case_is_not(
    office: Machine,
) -> None:
    staff = await at_desk(office)
    _, reference = await filed(office, "Amina Alieva", "Yusuf Aliev")
    stranger = filed_at(office, "located")[0]
    await staff.say(f"/take {reference}")
    await staff.press("Whereabouts")
    token = buttons_of(staff.last)[0]["callback_data"].partition(":")[0]
    await staff.forge(f"{token}:who:{stranger}")
    assert not staff.sees("Where is this person?")
    await staff.say(f"/where {reference}")
    await staff.press("Yusuf Aliev")
    token = buttons_of(staff.last)[0]["callback_data"].partition(":")[0]
    for forged in ("at:1", f"at:{2**80}", "in:XX", "page:x", "source:herself", "sure:sure"):
        await staff.forge(f"{token}:{forged}")
        await staff.say(f"/where {reference}")
        await staff.press("Yusuf Aliev")
        token = buttons_of(staff.last)[0]["callback_data"].partition(":")[0]
    assert events_of(office, "place_changed") == []
    await staff.press_with(ROJ)
    await staff.press("A relative")
    await staff.press("Sure")
    assert "Yusuf Aliev: Iraq → Syria, Roj camp · A relative · Sure · Anna" in staff.text
    assert office.set_aside() == 0


# Everybody of a place


async def test_everybody_of_a_place_is_moved_after_a_second_person_and_no_family_hears(
    office: Machine,
) -> None:
    admin, colleague = await two_of_the_team(office)
    family, reference = await filed(office, "Amina Alieva", "Yusuf Aliev")
    with office.homeward.engine.begin() as connection:
        persons = list(connection.scalars(select(Person.id).order_by(Person.position)))
    persons += filed_at(office, "located", "arrived")
    settle_at(office, ROJ, persons)
    heard = len(family.from_bot)
    await everybody_from(colleague, ROJ, RUSAFA)
    assert colleague.sees("Roj camp → Rusafa prison, Baghdad")
    assert colleague.sees("Will be moved: 3 persons of 2 requests.")
    assert "Located: 1" in colleague.text
    assert colleague.sees("No family is told of it")
    await colleague.press("Ask a second person")
    assert place_rows(office, persons) == [("SY", site(office, ROJ))] * 4
    await open_approval(admin, MOVE)
    assert admin.sees("Will be moved: 3 persons of 2 requests.")
    await admin.press("Next page")
    assert reference in admin.text
    assert "Alieva" not in admin.text
    await admin.press("Approve")
    for each in (admin, colleague):
        assert each.sees("Moved: 3 persons.")
    rusafa = ("IQ", site(office, RUSAFA))
    assert place_rows(office, persons) == [rusafa, rusafa, rusafa, ("SY", site(office, ROJ))]
    assert len(events_of(office, "place_changed")) == 2
    assert len(family.from_bot) == heard
    await admin.say(f"/case {reference}")
    assert (
        "Amina Alieva, Yusuf Aliev: Syria, Roj camp → Iraq, Rusafa prison, Baghdad · Boris and Anna"
        in admin.text
    )
    await ask(family)
    assert not any("place" in text and "changed" in text for text in documents(office, family).values())
    await admin.say("/find Rusafa")
    assert reference in admin.text


def place_rows(machine: Machine, persons: list[int]) -> list[tuple[str, int | None]]:
    return [(row.country, row.site_id) for row in rows_of(machine, persons)]


async def test_who_is_not_there_any_more_is_left_and_a_closed_place_takes_nobody(office: Machine) -> None:
    admin, colleague = await two_of_the_team(office)
    persons = filed_at(office, *["located"] * 4)
    settle_at(office, ROJ, persons)
    await open_place(admin, HOL)
    await admin.press("Open it again")
    for to in (RUSAFA, HOL):
        await everybody_from(colleague, ROJ, to)
        await colleague.press("Ask a second person")
    settle_at(office, HOL, persons[:1])
    withdraw(office, persons[1])
    await open_approval(admin, MOVE)
    assert admin.sees("Will be moved: 2 persons of 2 requests.")
    await open_place(admin, RUSAFA)
    await admin.press("Close it")
    await open_approval(admin, MOVE)
    assert admin.sees("That place is not open any more.")
    await admin.press("Approve")
    assert admin.sees("Things have changed since this was asked for, so nothing was done.")
    assert place_rows(office, persons)[2:] == [("SY", site(office, ROJ))] * 2
    await open_approval(admin, MOVE)
    await admin.press("Approve")
    assert admin.sees("Moved: 2 persons.")
    assert admin.sees("Left as they are, because they are thought to be elsewhere by now: 1.")
    assert admin.sees("Left as they are, because the request was withdrawn or erased: 1.")


async def test_what_changed_under_ones_eyes_is_shown_again(office: Machine) -> None:
    admin, colleague = await two_of_the_team(office)
    persons = filed_at(office, "located", "located")
    settle_at(office, ROJ, persons)
    await everybody_from(colleague, ROJ, RUSAFA)
    settle_at(office, HOL, persons[:1])
    await colleague.press("Ask a second person")
    assert colleague.sees("Things have changed while you looked. Please look again.")
    assert colleague.sees("Will be moved: 1 person of 1 request.")
    await open_place(admin, RUSAFA)
    await admin.press("Close it")
    await colleague.press("Ask a second person")
    assert colleague.sees("That place is not open any more.")
    await open_approvals_is_empty(admin)


async def open_approvals_is_empty(staff: Family) -> None:
    await staff.say("/approvals")
    assert staff.sees("Nothing waits for a second person.")


async def test_nobody_decides_alone_and_a_lost_role_does_nothing(office: Machine) -> None:
    admin, colleague = await two_of_the_team(office)
    persons = filed_at(office, "located")
    settle_at(office, ROJ, persons)
    await everybody_from(colleague, ROJ, RUSAFA)
    await colleague.press("Ask a second person")
    await open_approval(colleague, MOVE)
    assert "Approve" not in colleague.offered
    await admin.say("/revoke @Boris")
    await admin.press("Take the role away")
    await open_approval(admin, MOVE)
    await admin.press("Approve")
    assert admin.sees("Things have changed since this was asked for, so nothing was done.")
    assert place_rows(office, persons) == [("SY", site(office, ROJ))]


async def test_many_cost_no_statement_more_than_few(office: Machine) -> None:
    admin, colleague = await two_of_the_team(office)
    spent = []
    for number in (1, 10, 300):
        persons = filed_at(office, *["located"] * number)
        settle_at(office, ROJ, persons)
        with counted(office) as run:
            await everybody_from(colleague, ROJ, RUSAFA)
            await colleague.press("Ask a second person")
            await open_approval(admin, MOVE)
            await admin.press("Next page")
            await admin.press("Approve")
        spent.append(run.statements)
        assert place_rows(office, persons) == [("IQ", site(office, RUSAFA))] * number
    assert spent[1] == spent[2]


async def test_the_list_and_a_place_in_arabic(office: Machine) -> None:
    admin = await at_desk(office)
    await admin.say("/language")
    await admin.press("العربية")
    admin.language = "ar"
    settle_at(office, ROJ, filed_at(office, "located"))
    await admin.say("/places")
    assert "مخيم روج" in admin.text
    assert "سوريا" in admin.text
    await admin.press_with(ROJ)
    await admin.press("Move everybody to another place")
    await admin.press_with(RUSAFA)
    assert admin.sees("No family is told of it, and what they wrote stays as it is.")
    assert "Roj" not in admin.text
