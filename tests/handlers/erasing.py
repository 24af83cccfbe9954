"""A family that has used everything, so that there is something to erase."""

import re
from collections.abc import Mapping

from sqlalchemy import select

from bot.dialog import OnCommand
from bot.turn import Turn
from casework.files import Belongs
from db.models import Request
from simulator.faults import Fault
from tests.family import Family, words_of
from tests.handlers.paths import tell_of_a_person
from tests.handlers.sending import send_album, send_file
from tests.machine import Machine
from tests.submitting import receive

SAID = {
    "requester": "Хадижат Эльмурзаева",
    "person": "Zulaikha Canaryeva",
    "another person": "يوسف الكناري",
    "message": "Моя внучка в лагере, палатка 17",
    "fault": "слова, на которых всё ломается",
    "unsent": "Черновикова Раиса",
}


def _raising(turn: Turn) -> None:
    raise ValueError(turn.incoming.argument)


async def a_whole_life(machine: Machine, family: Family) -> Mapping[str, str | int]:
    """File a request for two, send papers, write and speak to the office, meet faults, begin another request."""
    machine.homeward.application.add_handler(OnCommand("break", _raising), group=-1)
    await family.say("/start")
    await family.press(family.language_name)
    await family.press("File a request")
    await family.press("I agree")
    await family.say(SAID["requester"])
    await family.press("Grandmother")
    await tell_of_a_person(family, SAID["person"])
    await family.press("Add another person")
    await tell_of_a_person(family, SAID["another person"])
    await family.press("No, check my answers")
    await family.press("Send my request")
    made = reference_and_code(family)
    await receive(machine, family, Belongs("passport", latest_request(machine), None))
    await family.say("/talk")
    await family.say(SAID["message"])
    await send_file(family, "voice")
    await send_album(family, 2)
    await family.press("← Back")
    await family.say(f"/break {SAID['fault']}")
    machine.world.faults.add(Fault("500", methods=("sendMessage",), count=2))
    await family.say("/new")
    await family.say(SAID["unsent"])
    await family.press("Grandmother")
    await send_file(family, "voice")  # the name of the person, spoken
    await machine.tick()
    return {**SAID, **made, "chat": family.id}


def latest_request(machine: Machine) -> int:
    with machine.homeward.engine.begin() as connection:
        return connection.scalars(select(Request.id).order_by(Request.id.desc())).first() or 0


def reference_and_code(family: Family) -> dict[str, str]:
    said = " ".join(words_of(message) for message in family.from_bot)
    reference, code = re.search(r"HW-\w{4}-\w{4}(?!-)", said), re.search(r"\w{4}-\w{4}-\w{4}-\w{4}", said)
    assert reference is not None
    assert code is not None
    return {"reference": reference[0], "receipt code": code[0]}
