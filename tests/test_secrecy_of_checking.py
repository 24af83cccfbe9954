"""Planted canaries in what staff say of papers and facts: in no log, no file on the disk (threats 1 and 17)."""

import logging
from pathlib import Path

from sqlalchemy import select

from bot import logs
from casework import checking, dossiers, facts
from db.models import Request
from tests.databases import lay_open
from tests.family import Family
from tests.handlers.desk import BOSS, at_desk
from tests.handlers.sending import send_photo
from tests.handlers.test_moving import filed, take
from tests.logged import logged
from tests.machine import Machine, running
from tests.traces import found_below, found_in

CANARIES: dict[str, str | int] = {
    "remark to the family": "печать канареечной палаты",
    "remark of a fact": "письмо канареечного суда",
    "day of a fact": "29.11.1987",
    "day as stored": "1987-11-29",
    "caption": "это канарейка на паспорте",
}
HOLD_THE_TOKEN = ("config.toml",)


async def work(staff: Family, family: Family, reference: str) -> None:
    """Ask for a paper, open it, send it back with words, and write down a fact."""
    await staff.press("Papers")
    await staff.press("Passport")
    await staff.press("Ask the family for it")
    await family.press("See which one")
    await send_photo(family, caption=str(CANARIES["caption"]))
    await staff.press("Open the papers")
    await staff.press("● Passport")
    await staff.press("Open it")
    await staff.press("It cannot be used")
    await staff.press("Something else")
    await staff.say(str(CANARIES["remark to the family"]))
    await staff.press("Yes, send it back")
    await family.press("See the news")
    await staff.say(f"/fact {reference}")
    for part in ("Guardian", "Approved", "An official", "Sure"):
        await staff.press(part)
    await staff.say(str(CANARIES["day of a fact"]))
    await staff.say(str(CANARIES["remark of a fact"]))
    await staff.say(f"/case {reference}")


def opened(machine: Machine) -> str:
    """Return what is sealed, opened: otherwise the search would prove nothing."""
    keys = machine.homeward.around.keys
    with machine.homeward.engine.begin() as connection:
        request_id = connection.scalars(select(Request.id)).one()
        dossier = dossiers.open_for_staff(connection, keys, request_id)
        assert dossier
        key = dossier.data_key(keys)
        known = facts.of_request(connection, key, request_id)
        return f"{checking.remarks(connection, key, request_id)} {known}"


async def test_what_staff_say_of_papers_and_facts_is_readable_nowhere(tmp_path: Path) -> None:
    with logged() as log_lines:
        logs.set_up("DEBUG", as_json=False)
        logging.getLogger().setLevel(logging.DEBUG)
        async with running(tmp_path, admins=(BOSS,)) as machine:
            staff = await at_desk(machine)
            family, reference = await filed(machine, 1001)
            await take(staff, reference)
            await work(staff, family, reference)
            assert "печать канареечной палаты" in family.text
            assert {"remark to the family", "remark of a fact", "day as stored"} <= {
                each for each, words in CANARIES.items() if str(words) in opened(machine)
            }
            assert lay_open(machine.homeward.engine, tmp_path)
            assert found_below(tmp_path, CANARIES, but=HOLD_THE_TOKEN) == []
    assert found_below(tmp_path, CANARIES, but=HOLD_THE_TOKEN) == []
    assert found_in(log_lines.getvalue().encode(), CANARIES) == []
