"""Planted canaries in what staff write: to families, for each other, and not sent yet (threats 1 and 17)."""

import logging
from pathlib import Path

from sqlalchemy import select

from bot import logs
from casework import case_notes, conversations, dossiers
from casework.conversations import Thread
from db.models import Request
from tests.family import Family
from tests.handlers.desk import BOSS, at_desk
from tests.handlers.sending import send_file
from tests.handlers.test_conversation import answer_to
from tests.handlers.test_moving import filed, take
from tests.logged import logged
from tests.machine import Machine, running
from tests.stored import states_in
from tests.traces import found_below, found_in

CANARIES: dict[str, str | int] = {
    "question": "вопрос канареечной службы",
    "caption": "голос канарейки",
    "typed reply": "ответ на канарейку",
    "not sent": "недописанная канарейка",
    "note": "заметка о канарейке",
    "of the family": "канарейка отвечает",
}
HOLD_THE_TOKEN = ("config.toml",)


def canary(name: str) -> str:
    return str(CANARIES[name])


async def work(staff: Family, family: Family, reference: str) -> None:
    """Ask, answer by voice, write a note, and leave a message half written."""
    await staff.say(f"/ask {reference} {canary('question')}")
    await staff.press("Send it")
    await family.press("Read it")
    await family.say(canary("of the family"))
    await staff.press("Read what they write")
    await staff.press("Reply")
    await send_file(staff, "voice", caption=canary("caption"))
    await staff.press("Send it")
    await family.press("Read it")
    await answer_to(staff, staff.screen, canary("typed reply"))
    await staff.press("Send it")
    await staff.say(f"/note {reference} {canary('note')}")
    await staff.say(f"/reply {reference} {canary('not sent')}")


def opened(machine: Machine) -> str:
    """Return what is sealed, opened: otherwise the search would prove nothing."""
    keys, now = machine.homeward.around.keys, machine.homeward.clock.now()
    with machine.homeward.engine.begin() as connection:
        request_id = connection.scalars(select(Request.id)).one()
        dossier = dossiers.open_for_staff(connection, keys, request_id)
        assert dossier
        lines = conversations.page(connection, keys, Thread(request_id), now, 20)
        notes = case_notes.page(connection, dossier.data_key(keys), request_id, 20)
    said = [each.message.text for each in lines] + [each.text for each in notes]
    return f"{said} {states_in(machine)}"


async def test_what_staff_write_is_readable_nowhere(tmp_path: Path) -> None:
    with logged() as log_lines:
        logs.set_up("DEBUG", as_json=False)
        logging.getLogger().setLevel(logging.DEBUG)
        async with running(tmp_path, admins=(BOSS,)) as machine:
            staff = await at_desk(machine)
            family, reference = await filed(machine, 1001)
            await take(staff, reference)
            await work(staff, family, reference)
            found = opened(machine)
            assert [each for each, words in CANARIES.items() if str(words) not in found] == []
            assert found_below(tmp_path, CANARIES, but=HOLD_THE_TOKEN) == []
    assert found_below(tmp_path, CANARIES, but=HOLD_THE_TOKEN) == []
    assert found_in(log_lines.getvalue().encode(), CANARIES) == []
