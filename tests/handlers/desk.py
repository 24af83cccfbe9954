"""Ways to the office's side that many stories begin with."""

import re
from collections.abc import Sequence
from typing import Any

from tests.family import Family
from tests.machine import Machine

BOSS = 900  # named in the settings of tests/machine.py's office


async def at_desk(machine: Machine, person_id: int = BOSS, called: str = "Anna") -> Family:
    """Bring an admin whom the settings name to the desk."""
    admin = machine.person(person_id, "en", called)
    await admin.say("/start")
    await admin.press("English")
    await admin.say(called)
    assert admin.sees("Your desk")
    return admin


async def invited(
    machine: Machine, admin: Family, person_id: int, called: str, role: str = "staff"
) -> Family:
    """Bring somebody to the desk by an admin's link."""
    await admin.say(f"/invite {role}")
    token = admin.text.split("start=")[1].split()[0]
    colleague = machine.person(person_id, "en", called)
    await colleague.say(f"/start {token}")
    await colleague.press("English")
    await colleague.say(called)
    assert colleague.sees("Your desk")
    return colleague


def reference_in(family: Family) -> str:
    """Return the reference that a family's confirmation showed first."""
    return reference_among(family.from_bot)


def reference_among(messages: Sequence[dict[str, Any]]) -> str:
    """Return the first reference in these messages; what is in one may itself look like the beginning of another."""
    words = " ".join(message.get("text", "") for message in messages)
    found = re.search(r"HW-\w{4}-\w{4}", words)
    assert found is not None
    return found[0]
