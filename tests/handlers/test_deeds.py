"""Deeds: that what the team does stands in the audit log, in the transaction in which it was done."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.dialog import OnCommand
from bot.turn import Turn
from casework import audit
from casework.audit import Deed
from db.models import Audit, Request
from tests.family import Family
from tests.handlers.desk import BOSS, at_desk, invited
from tests.handlers.test_audit import number_of
from tests.handlers.test_moving import filed, take
from tests.machine import Machine, running


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Machine]:
    async with running(tmp_path, admins=(BOSS,)) as machine:
        yield machine


def deeds(machine: Machine, by: Family | None) -> list[str]:
    """Return what somebody did, or the program, in its order."""
    account = number_of(machine, by) if by is not None else None
    with machine.homeward.engine.begin() as connection:
        rows = select(Audit.action).where(Audit.account_id == account).order_by(Audit.id)
        return list(connection.scalars(rows))


async def test_a_day_of_work_stands_in_the_log_in_its_order(office: Machine) -> None:
    admin = await at_desk(office)
    vera = await invited(office, admin, 901, "Vera")
    _, reference = await filed(office, 1001, "Amina Alieva")
    await vera.say("/find Amina")
    await take(vera, reference)
    await vera.press("Show everything")
    await vera.press_with("Amina")
    await vera.press("← Back")
    await vera.press("Stage")
    await vera.press("Being read")
    await vera.press("Yes, change the stage")
    await vera.press("Give back")
    order = ["joined_staff", "find", "read", "take", "reveal", "move", "release"]
    done = deeds(office, vera)
    assert list(dict.fromkeys(each for each in done if each in order)) == order
    await admin.say("/team")
    await admin.press("Vera")
    await admin.press("Take the role away")
    assert deeds(office, None) == ["appointed_admin"]
    assert deeds(office, admin)[-2:] == ["change_team", "revoke"]
    with office.homeward.engine.begin() as connection:
        request_id = connection.scalars(select(Request.id)).one()
        of_case = select(Audit.action).where(Audit.request_id == request_id)
        assert {"read", "take", "reveal", "move", "release"} <= set(connection.scalars(of_case))
        assert audit.verify(connection, office.homeward.around.keys) == len(
            connection.scalars(select(Audit.id)).all()
        )


async def test_what_fails_is_not_in_the_log_as_done(office: Machine) -> None:
    """One transaction: the row goes with what it tells of."""

    def fail(turn: Turn) -> None:
        audit.record(turn.connection, turn.keys, Deed("reveal", turn.account_id, 1), turn.now)
        raise ValueError

    admin = await at_desk(office)
    before = deeds(office, admin)
    office.homeward.application.add_handler(OnCommand("break", fail), group=-1)
    await admin.say("/break")
    assert office.set_aside() == 1
    assert deeds(office, admin) == before
    await admin.say("/team")
    with office.homeward.engine.begin() as connection:
        assert isinstance(audit.verify(connection, office.homeward.around.keys), int)
