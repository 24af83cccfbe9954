"""Retention: how long what is kept, who is warned, what is erased, and what a hold keeps from it (privacy rule 10)."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, update

from bot.absence import note_alive
from casework import audit, retention
from casework.expiry import Periods
from db.models import Account, Audit, CaseNote, Event, Message, Person, Request
from tests.casework.seeded import NOW, make_office
from tests.erased import binary_values, found_again, nothing_opens
from tests.family import Family, words_of
from tests.handlers.desk import BOSS, at_desk, invited
from tests.handlers.erasing import a_whole_life, reference_and_code
from tests.handlers.test_audit import number_of, written
from tests.handlers.test_moving import filed, take
from tests.machine import Machine, running
from tests.traces import found_below

OPEN, ENDED, WITHDRAWN, WARNED = 1095, 730, 180, 21  # days, as config.example.toml says
SOON = "case will be erased, because nothing new comes."
CHANGED = "Something has changed in one of your requests."
REMOVED = "A request of yours was removed from our records on {day}"


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Machine]:
    async with running(tmp_path, admins=(BOSS,)) as machine:
        yield machine
        assert machine.set_aside() == 0
        with machine.homeward.engine.begin() as connection:
            assert isinstance(audit.verify(connection, machine.homeward.around.keys), int)


async def look(machine: Machine, **later: float) -> None:
    """Let time pass, and the bot look at what is kept too long; what it tells is delivered."""
    machine.later(**later)
    await machine.homeward.keeping.look()
    await machine.homeward.keeping.forget()
    await machine.homeward.outbox.sweep()
    await machine.homeward.outbox.idle()


def erased(machine: Machine) -> list[bool]:
    with machine.homeward.engine.begin() as connection:
        return [
            each is not None for each in connection.scalars(select(Request.erased_at).order_by(Request.id))
        ]


def execute(machine: Machine, statement: Any) -> None:
    with machine.homeward.engine.begin() as connection:
        connection.execute(statement)


def told(person: Family, sentence: str) -> int:
    return sum(sentence in words_of(message) for message in person.from_bot)


async def test_a_case_is_warned_of_and_then_erased_and_its_family_reads_it(office: Machine) -> None:
    admin = await at_desk(office)
    family, reference = await filed(office, 1001, "Amina Alieva")
    await look(office, days=OPEN - WARNED - 1)
    assert told(admin, SOON) == 0
    await look(office, days=1)
    assert told(admin, SOON) == 1
    assert "Amina" not in admin.text
    assert reference not in admin.text
    await look(office, hours=1)
    assert told(admin, SOON) == 1  # once
    assert family.text == "There is something to decide about one of your requests."
    await admin.press("See which")
    assert admin.sees("{reference} · erased from {day} on")
    assert reference in admin.text
    await admin.press(reference)
    assert admin.sees("If nothing new comes, it may be erased from {day} on.")
    await look(office, days=WARNED - 1)
    assert erased(office) == [False]
    heard = len(family.from_bot)
    await look(office, days=1)
    assert erased(office) == [True]
    assert len(family.from_bot) == heard + 1
    assert family.text == CHANGED
    assert not {"Amina", reference} & set(family.text.split())
    await family.press("My requests")
    assert family.sees(REMOVED)
    assert "This chat holds no request yet." in family.text
    assert written(office, "expiry_warned") == written(office, "expired")
    assert len(written(office, "expired")) == 1
    await admin.say(f"/case {reference}")
    assert admin.sees("There is no such reference: {text}")
    account = number_of(office, family)
    await look(office, days=364)
    assert told(family, CHANGED) == 1
    assert gone(office) == set()
    await look(office, days=365)
    assert gone(office) == {account}  # of whom nothing is left, and nobody's request


async def test_whatever_is_new_begins_the_time_anew(office: Machine) -> None:
    """A message, a note, a change of stage, a changed answer: each postpones it, also after the warning."""
    admin = await at_desk(office)
    family, reference = await filed(office, 1001, "Amina Alieva")
    await look(office, days=OPEN - WARNED)
    assert told(admin, SOON) == 1
    await family.say("/talk")
    await family.say("Is there any news?")
    await look(office, days=OPEN - WARNED - 1)
    assert erased(office) == [False]
    assert told(admin, SOON) == 1
    await look(office, days=1)
    assert told(admin, SOON) == 2
    by = number_of(office, admin)
    with office.homeward.engine.begin() as connection:
        request_id = connection.scalars(select(Request.id)).one()
        note = {"id": 1, "request_id": request_id, "account_id": by, "body": b"-"}
        connection.execute(CaseNote.__table__.insert(), {**note, "at": office.homeward.clock.now()})  # type: ignore[attr-defined]
    await look(office, days=OPEN - WARNED)
    assert told(admin, SOON) == 3
    await take(admin, reference)
    await admin.press("Stage")
    await admin.press("Being read")
    await admin.press("Yes, change the stage")
    await look(office, days=OPEN - WARNED - 1)
    assert told(admin, SOON) == 3
    assert erased(office) == [False]


async def test_a_family_is_asked_before_and_can_keep_its_request_with_one_press(office: Machine) -> None:
    admin = await at_desk(office)
    family, reference = await filed(office, 1001, "Amina Alieva", language="ru")
    await family.say("/mine")
    assert "Please keep it" not in family.buttons
    await look(office, days=OPEN - WARNED)
    await family.press("Open the request")
    assert family.sees(
        "Nothing new has come to this request for long. It is removed from our records after {day}, "
        "unless you want it kept."
    )
    await family.press("Please keep it")
    assert family.sees("Thank you. We keep it.")
    assert not any("Amina" in words_of(each) for each in family.from_bot if "Открыть" in words_of(each))
    await look(office, days=WARNED)
    assert erased(office) == [False]
    await admin.say("/expiring")
    assert admin.sees("No case is here now.")
    await admin.say(f"/case {reference}")
    assert "the family wants it kept" in admin.text


async def test_nobody_is_woken_by_it(office: Machine) -> None:
    """What a night postpones is a warning from when it is heard."""
    admin = await at_desk(office)
    await filed(office, 1001, "Amina Alieva")
    await look(office, days=OPEN, hours=12)  # midnight in Moscow
    assert told(admin, SOON) == 0
    await look(office, hours=8)
    assert told(admin, SOON) == 1
    await look(office, days=WARNED - 1)
    assert erased(office) == [False]
    await look(office, days=1)
    assert erased(office) == [True]


async def test_who_has_no_request_and_is_silent_is_forgotten(office: Machine) -> None:
    """Answers never sent, what was written to the office and read there, how to reach them; but nobody of the team."""
    admin = await at_desk(office)
    writer, drafting, filer = (office.person(1001 + number) for number in range(3))
    for somebody in (writer, drafting):
        await somebody.say("/start")
        await somebody.press("English")
    await writer.say("/talk")
    await writer.say("Is this free?")
    await drafting.press("File a request")
    await drafting.press("I agree")
    await drafting.say("Zulaikha Canaryeva")
    await filed(office, 1003, "Amina Alieva")
    await filer.say("/new")
    await filer.press("Grandmother")
    await filer.say("Never Sent")
    ids = {each.id: number_of(office, each) for each in (admin, writer, drafting, filer)}
    await look(office, days=364)
    assert gone(office) == set()
    values = binary_values(office).items()
    before = {place: value for place, value in values if place[2] == ids[drafting.id]}
    assert {table for table, _, _ in before} == {"account", "dialog"}
    unsent = dict(values)["dialog", "state", ids[filer.id]]
    await look(office, days=1)
    assert gone(office) == {ids[drafting.id]}
    assert not set(binary_values(office).values()) & set(before.values())
    assert written(office, "forgotten") == [(None, ids[drafting.id])]
    assert unsent not in binary_values(office).values()  # the other request stays
    assert erased(office) == [False]
    await filer.say("/new")
    assert "Never Sent" not in filer.text
    execute(office, update(Message).values(read_at=office.homeward.clock.now()))
    await look(office, hours=1)
    assert gone(office) == {ids[drafting.id], ids[writer.id]}
    await drafting.say("Hello")
    assert "English" in drafting.offered


def gone(machine: Machine) -> set[int]:
    with machine.homeward.engine.begin() as connection:
        return set(connection.scalars(select(Account.id).where(Account.erased_at.is_not(None))))


async def test_how_it_stands_says_how_long_it_is_kept(office: Machine) -> None:
    admin = await at_desk(office)
    for number in range(4):
        await filed(office, 1001 + number, "Amina Alieva")
    family = office.person(1002)
    await family.say("/mine")
    await family.press("Withdraw this request")
    await family.press("Yes, withdraw it")
    with office.homeward.engine.begin() as connection:
        persons = list(connection.scalars(select(Person.id).order_by(Person.id)))
    for person_id, stage in zip(persons[2:], ("arrived", "deceased"), strict=True):
        execute(office, update(Person).where(Person.id == person_id).values(stage=stage))
    execute(office, update(Request).values(expires_at=Request.created_at))  # as any change of stage does
    for at, gone in (
        (WITHDRAWN, [False, True, False, False]),
        (ENDED, [False, True, True, False]),  # of somebody who died no shorter time tells
        (OPEN, [True, True, True, True]),
    ):
        passed = (office.homeward.clock.now() - _first(office)).days
        await look(office, days=at - WARNED - passed)
        assert erased(office).count(True) == gone.count(True) - (1 if at != OPEN else 2)
        await look(office, days=WARNED)
        assert erased(office) == gone
    assert told(admin, "erased, because nothing new comes.") == 3
    assert told(admin, "2 cases will be erased") == 1


def _first(machine: Machine) -> Any:
    with machine.homeward.engine.begin() as connection:
        return connection.scalar(select(func.min(Request.created_at)))


async def test_nothing_is_erased_without_a_warning_that_somebody_had(office: Machine) -> None:
    """Whoever has the case is warned; where they are gone, the admins; where nobody can be reached, nothing happens."""
    admin = await at_desk(office)
    vera = await invited(office, admin, 901, "Vera")
    _, reference = await filed(office, 1001, "Amina Alieva")
    await take(vera, reference)
    account = Account.id == number_of(office, admin)
    execute(office, update(Account).where(account).values(unreachable_since=office.homeward.clock.now()))
    execute(office, update(Account).values(unreachable_since=office.homeward.clock.now()))
    await look(office, days=2 * OPEN)
    await look(office, days=30)
    assert erased(office) == [False]
    assert written(office, "expiry_warned") == []
    execute(office, update(Account).values(unreachable_since=None))
    await look(office, hours=1)
    assert (told(vera, SOON), told(admin, SOON)) == (1, 0)
    await vera.press("See which")
    assert reference in vera.text
    assert "On hold: not to be erased" not in vera.offered
    await look(office, days=WARNED - 1)
    assert erased(office) == [False]
    await look(office, days=1)
    assert erased(office) == [True]


async def test_after_a_long_stop_it_warns_first(office: Machine) -> None:
    """While the bot was away nobody could act on a warning: it is given again, and its time begins anew."""
    admin = await at_desk(office)
    await filed(office, 1001, "Amina Alieva")
    await office.homeward.schedule.live()
    await look(office, days=OPEN - WARNED)
    await office.homeward.schedule.live()
    office.later(hours=20)
    await office.homeward.schedule.live()
    assert told(admin, SOON) == 1
    office.later(days=60)
    with office.homeward.engine.begin() as connection:
        note_alive(connection, office.homeward.clock.now())  # what a start does first
    await look(office)
    assert erased(office) == [False]
    assert told(admin, SOON) == 2
    await look(office, days=WARNED - 1)
    assert erased(office) == [False]
    await look(office, days=1)
    assert erased(office) == [True]


async def test_nothing_of_an_expired_case_opens_or_is_left_in_any_file(tmp_path: Path) -> None:
    """Threat 17: its keys are gone from database and log, and what it sealed with them."""
    async with running(tmp_path, admins=(BOSS,)) as machine:
        await at_desk(machine)
        before = binary_values(machine)
        family = machine.person(918_273_645_546, "ru")
        canaries = await a_whole_life(machine, family)
        own = {place: value for place, value in binary_values(machine).items() if place not in before}
        case = {
            place: value
            for place, value in own.items()
            if place[0] in {"request", "person", "event", "access"}
            or (place[0] == "file" and place[1] == "data_key")
        }
        kept = {"dialog"}  # answers that were not sent, and the draft's voice
        await look(machine, days=OPEN)
        await look(machine, days=WARNED)
        assert erased(machine) == [True]
        gone = {place: value for place, value in case.items() if place[0] not in kept}
        left = set(binary_values(machine).values())
        requests = {place: value for place, value in gone.items() if place[0] in {"request", "person"}}
        assert requests
        assert not left & set(requests.values())
        assert found_again(tmp_path, requests) == []
        nothing_opens(machine, {place: value for place, value in requests.items() if place[1] == "data_key"})
        said = {name: canaries[name] for name in ("person", "another person", "reference", "receipt code")}
        assert found_below(tmp_path, said, but=("config.toml",)) == []


async def test_admins_keep_a_case_longer_put_it_on_hold_or_erase_it_with_a_second_person(
    office: Machine,
) -> None:
    admin = await at_desk(office)
    vera = await invited(office, admin, 901, "Vera", "admin")
    family, reference = await filed(office, 1001, "Amina Alieva")
    await look(office, days=OPEN - WARNED)
    await admin.say(f"/case {reference}")
    await admin.press("How long it is kept")
    assert admin.sees("Staff were warned on {day}.")
    await admin.press("Keep it longer")
    await admin.say("x" * 301)
    assert admin.sees("A reason may have {most} letters at most.")
    await admin.say("The court meets next year")
    assert admin.sees("It is kept longer: its time begins anew today.")
    assert "warned" not in admin.text
    await admin.press("← Back")
    assert "an admin wants it kept longer · The court meets next year · Anna" in admin.text

    await admin.say(f"/hold {reference}")
    await admin.say("A judge asks for it")
    assert admin.sees("On hold by {name}: it must not be erased.")
    assert admin.sees("Why: {reason}")
    assert "A judge asks for it" in admin.text
    await look(office, days=3 * OPEN)
    await look(office, days=WARNED)
    assert erased(office) == [False]
    await vera.say("/expiring")
    await vera.press("On hold: not to be erased")
    await vera.press(reference)
    assert vera.sees("On hold: it must not be erased.")
    await vera.say(f"/hold {reference}")
    assert vera.sees("It is on hold already.")
    assert "Erase it now" not in vera.offered
    await vera.press("End the hold")
    assert vera.sees("The hold has ended. Its time begins anew today.")
    assert written(office, "held") == written(office, "hold_ended") == written(office, "kept_longer")

    await vera.press("Erase it now")
    assert vera.sees("Everything of case {reference} is erased, with its key. Nobody can bring it back.")
    await vera.say("The family wrote us a letter")
    await admin.say("/approvals")
    await admin.press_with("Erase a case")
    assert "The family wrote us a letter" in admin.text
    heard = len(family.from_bot)
    await admin.press("Approve")
    assert admin.sees("Approved, and done.")
    assert erased(office) == [True]
    assert [message["text"] for message in family.from_bot[heard:]] == [CHANGED]
    await family.press("My requests")
    assert family.sees("A request of yours was removed from our records on {day} by the office.")


async def test_a_hold_comes_before_a_second_person(office: Machine) -> None:
    admin = await at_desk(office)
    vera = await invited(office, admin, 901, "Vera", "admin")
    _, reference = await filed(office, 1001, "Amina Alieva")
    await vera.say(f"/case {reference}")
    await vera.press("How long it is kept")
    await vera.press("Erase it now")
    await vera.say("It is of no use")
    await admin.say(f"/hold {reference}")
    await admin.say("It is")
    await admin.say("/approvals")
    await admin.press_with("Erase a case")
    assert admin.sees("It is on hold. End the hold first.")
    await admin.press("Approve")
    assert admin.sees("Things have changed since this was asked for, so nothing was done.")
    assert erased(office) == [False]


async def test_who_deletes_themselves_is_told_of_a_hold_and_the_rest_goes_when_it_ends(
    tmp_path: Path,
) -> None:
    async with running(tmp_path, admins=(BOSS,)) as machine:
        admin = await at_desk(machine)
        family, held = await filed(machine, 1001, "Amina Alieva")
        await family.say("/new")
        await admin.say(f"/hold {held}")
        await admin.say("A judge asks for it")
        await family.say("/delete_me")
        assert family.sees("There is a request that the office must not delete for now.")
        await family.press("Delete me and my requests")
        assert family.sees("There is a request that the office must not delete for now.")
        await family.press("Yes, delete my requests too")
        assert family.sees("It goes as soon as that ends, and no chat can open it until then.")
        assert erased(machine) == [False]
        with machine.homeward.engine.begin() as connection:
            gone = select(func.count()).select_from(Account).where(Account.erased_at.is_not(None))
            assert connection.scalar(gone) == 1
        await admin.say(f"/case {held}")
        assert "Amina Alieva" in admin.text
        assert "the family wants it erased" in admin.text
        await admin.press("How long it is kept")
        assert admin.sees("Its family wanted it erased on {day}.")
        before = {
            place: value
            for place, value in binary_values(machine).items()
            if place[0] in {"request", "person"}
        }
        assert len(before) > 3
        await admin.press("End the hold and erase it")
        assert admin.sees("The hold has ended, and the case is erased, as its family wanted.")
        assert erased(machine) == [True]
        assert found_again(tmp_path, before) == []
        nothing_opens(machine, before)


async def test_a_receipt_code_opens_nothing_that_waits_for_the_end_of_a_hold(office: Machine) -> None:
    admin = await at_desk(office)
    family, reference = await filed(office, 1001, "Amina Alieva")
    await admin.say(f"/hold {reference}")
    await admin.say("A judge asks for it")
    code = _receipt_code(family)
    await family.say("/withdraw")
    await family.press("Delete them")
    assert family.sees("There is a request that the office must not delete for now.")
    await family.press("Yes, delete my requests too")
    assert family.sees("There is a request that the office must not delete for now.")
    await family.say("/mine")
    assert reference not in family.text
    await family.press("Open a request sent from another phone")
    await family.say(reference)
    await family.say(code)
    assert "Amina" not in family.text
    with office.homeward.engine.begin() as connection:
        assert (
            connection.scalar(select(func.count()).select_from(Event).where(Event.kind == "access_receipt"))
            == 0
        )


def _receipt_code(family: Family) -> str:

    return reference_and_code(family)["receipt code"]


async def test_other_periods_count_from_the_next_start_on(tmp_path: Path) -> None:
    async with running(tmp_path, admins=(BOSS,)) as machine:
        await at_desk(machine)
        await filed(machine, 1001, "Amina Alieva")
        await look(machine, days=60)
        world = machine.world
    config = tmp_path / "config.toml"
    shorter = config.read_text(encoding="utf-8").replace("open_days = 1095", "open_days = 40")
    config.write_text(shorter, encoding="utf-8")
    async with running(tmp_path, world, admins=(BOSS,)) as machine:
        await look(machine)
        assert told(machine.person(BOSS), SOON) == 1
        await look(machine, days=WARNED)
        assert erased(machine) == [True]


def test_more_than_one_portion(tmp_path: Path) -> None:
    """What is due is found portion by portion, and what is not yet is put off."""

    office = make_office(tmp_path)
    periods = Periods()
    with office.engine.begin() as connection:
        for _ in range(retention.AT_ONCE + 5):
            office.file(connection, at=NOW)
        found = retention.look(connection, periods, NOW + periods.open)
        assert len(found.to_warn) == retention.AT_ONCE
        assert found.last is not None
        rest = retention.look(connection, periods, NOW + periods.open, found.last)
        assert (len(rest.to_warn), rest.last) == (5, None)
        at = NOW + periods.open
        retention.warned(connection, office.keys, [*found.to_warn, *rest.to_warn], at, at)
        later = NOW + periods.open + periods.warned
        assert len(retention.look(connection, periods, later).due) == retention.AT_ONCE
        assert connection.scalar(select(func.count()).select_from(Audit)) == retention.AT_ONCE + 5
