"""Threat 8: whatever somebody puts behind a button's colon is answered, changes nothing that no button offers, and
breaks nothing. Every button of every place at the family's side; those of the office stand in test_around_desk.py,
which has found its places.
"""

import pytest

from db.models import Dialog
from handlers import family_steps
from tests.bot.stage import account_of, rows
from tests.handlers.test_around import PLACES, Way
from tests.machine import Machine
from tests.rows import Standpoint

VALUES = ("", "0", "-1", "9" * 40, "²", "1:2:3", "\u202e")
_FAMILY = {step.name: step for step in family_steps()}


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.__name__.strip("_"))
async def test_no_value_breaks_a_button_of_a_family(machine: Machine, place: Way) -> None:
    family = machine.person(1003)
    await place(family)
    account = account_of(machine, family)
    dialog = next(row for row in rows(machine, Dialog) if row.account_id == account.id)
    standpoint = Standpoint(machine, family)
    for word in _FAMILY[dialog.step].presses:
        for value in VALUES:
            standpoint.go_back()
            await family.forge(f"{dialog.token}:{word}:{value}"[:64])
            assert machine.set_aside() == 0, f"{word}:{value} at {dialog.step}"
