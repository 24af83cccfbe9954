"""Withdrawing a request from its card: wholly, or for one person."""

from typing import Any

import pytest
from sqlalchemy import select, update

from casework.stages import Stage
from db.models import Event, Person, Request
from db.sealed import Place
from tests.family import Family, buttons_of
from tests.handlers.paths import to_confirmation, to_menu
from tests.handlers.test_linking import kept, to_link
from tests.machine import Machine


def stages(machine: Machine) -> list[str]:
    with machine.homeward.engine.begin() as connection:
        return list(connection.scalars(select(Person.stage).order_by(Person.request_id, Person.position)))


def events(machine: Machine) -> list[tuple[str, Any]]:
    """Return what happened after a request arrived, with its opened details."""
    keys = machine.homeward.around.keys
    found = []
    with machine.homeward.engine.begin() as connection:
        rows = connection.execute(
            select(Event.id, Event.request_id, Event.kind, Event.details, Request.data_key)
            .join(Request, Request.id == Event.request_id)
            .order_by(Event.id)
        ).all()
        for row in rows:
            key = keys.data_key(row.data_key, Place("request", "data_key", row.request_id))
            place = Place("event", "details", row.id)
            found.append((row.kind, key.open(row.details, place) if row.details else None))
    return found[1:]


def withdrawn_at(machine: Machine) -> list[object]:
    with machine.homeward.engine.begin() as connection:
        return list(connection.scalars(select(Request.withdrawn_at).order_by(Request.id)))


def move(machine: Machine, position: int, stage: Stage) -> None:
    with machine.homeward.engine.begin() as connection:
        connection.execute(update(Person).where(Person.position == position).values(stage=stage.value))


async def test_a_request_for_one_person_is_withdrawn_whole(machine: Machine, family: Family) -> None:
    await to_confirmation(family)
    await family.say("/mine")
    await family.press("Withdraw this request")
    assert family.sees("Do you want to withdraw this request?")
    assert family.sees("unless the law obliges them to go on")
    assert family.sees("If you want it taken up again")
    await family.press("Yes, withdraw it")
    assert family.sees("It is withdrawn.")
    assert family.sees("The request was withdrawn")
    assert "Withdraw this request" not in family.buttons
    assert stages(machine) == ["withdrawn"]
    assert withdrawn_at(machine) == [machine.homeward.clock.now()]
    assert events(machine) == [("person_withdrawn", {"from": "received"}), ("withdrawn", None)]
    assert family.text.count("22 November 2026: the request was withdrawn") == 1


async def test_it_can_be_left_as_it_is(machine: Machine, family: Family) -> None:
    await to_confirmation(family, "Amina Alieva", "Yusuf Aliev")
    await family.say("/mine")
    await family.press("Withdraw this request")
    await family.press("The whole request")
    await family.press("No, leave it as it is")
    assert family.sees("Your request has arrived")
    assert stages(machine) == ["received", "received"]
    assert events(machine) == []


async def test_one_person_is_taken_out_and_then_the_last(machine: Machine, family: Family) -> None:
    """Without its last person the request itself is withdrawn."""
    await to_confirmation(family, "Amina Alieva", "Yusuf Aliev")
    await family.say("/mine")
    await family.press("Withdraw this request")
    await family.press("2. Yusuf Aliev")
    assert family.sees("Do you want to take this person out of the request?")
    assert family.sees("Yusuf Aliev")
    await family.press("Yes, take this person out")
    assert stages(machine) == ["received", "withdrawn"]
    assert withdrawn_at(machine) == [None]
    assert family.sees("a person was taken out of the request")
    await family.press("Withdraw this request")
    assert family.sees("Do you want to withdraw this request?")
    await family.press("Yes, withdraw it")
    assert stages(machine) == ["withdrawn", "withdrawn"]
    assert withdrawn_at(machine) != [None]


async def test_a_double_tap_withdraws_once(machine: Machine, family: Family) -> None:
    await to_confirmation(family, "Amina Alieva", "Yusuf Aliev")
    await family.say("/mine")
    await family.press("Withdraw this request")
    await family.press("2. Yusuf Aliev")
    data = next(b["callback_data"] for b in buttons_of(family.last) if b["callback_data"].endswith(":yes"))
    for _ in range(2):
        machine.world.press(family.id, family.last["message_id"], data=data)
    await machine.settle()
    assert events(machine) == [("person_withdrawn", {"from": "received"})]


async def test_whoever_else_can_open_it_is_told_without_a_name(machine: Machine, family: Family) -> None:
    await to_confirmation(family)
    phone = machine.person(1010, "ru")
    await to_menu(phone, "Русский")
    await to_link(phone, *kept(family))
    await phone.press("Withdraw this request")
    assert phone.sees("Others who can open this request will see it.")
    await phone.press("Yes, withdraw it")
    assert family.sees("Something has changed in one of your requests.")
    assert "Amina" not in family.text
    await family.press("My requests")
    assert family.sees("The request was withdrawn")


async def test_a_request_that_was_cut_off_meanwhile_is_not_touched(machine: Machine, family: Family) -> None:
    await to_confirmation(family)
    phone = machine.person(1010)
    await to_menu(phone)
    await to_link(phone, *kept(family))
    await phone.press("Withdraw this request")
    await family.press("Who can open this request")
    await family.press("Close it to number 2")
    await family.press("Yes, close it")
    await phone.press("Yes, withdraw it")
    assert stages(machine) == ["received"]
    assert phone.sees("This chat holds no request yet.")


@pytest.mark.parametrize("persons", [("Amina Alieva",), ("Amina Alieva", "Yusuf Aliev")])
async def test_that_somebody_has_died_is_not_told_by_a_difference(
    machine: Machine, family: Family, persons: tuple[str, ...]
) -> None:
    """Staff speak to the family. Their stage stays, and the card shows them as withdrawn like everybody."""
    await to_confirmation(family, *persons)
    move(machine, 1, Stage.DECEASED)
    await family.say("/mine")
    await family.press("Withdraw this request")
    if len(persons) > 1:
        await family.press("The whole request")
    await family.press("Yes, withdraw it")
    assert stages(machine)[0] == "deceased"
    assert family.sees("The request was withdrawn")
    assert not family.sees("The office is looking into this request")
    assert "Withdraw this request" not in family.buttons
    assert withdrawn_at(machine) != [None]


async def test_a_closed_request_cannot_be_withdrawn(machine: Machine, family: Family) -> None:
    await to_confirmation(family)
    move(machine, 1, Stage.CLOSED)
    await family.say("/mine")
    assert "Withdraw this request" not in family.buttons
