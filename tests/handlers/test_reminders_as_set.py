"""What an office sets under [reminders] holds from the next start on, for the cases that are there too."""

import re
from pathlib import Path

from sqlalchemy import select

from db.models import Request
from simulator.clock import Clock as WorldClock
from simulator.world import World
from tests.handlers.desk import BOSS, at_desk, invited
from tests.handlers.test_moving import filed, forward, take
from tests.handlers.test_reminders import heard_on
from tests.handlers.test_reminders_of_staff import set_request
from tests.machine import MORNING, Machine, running

_ESCALATED = "A colleague was reminded several times, and nothing has happened: 1 case."


def settle(folder: Path, **lines: int) -> None:
    """Change these lines of the settings."""
    config = folder / "config.toml"
    text = config.read_text(encoding="utf-8")
    for key, value in lines.items():
        text, found = re.subn(rf"^{key} = .*$", f"{key} = {value}", text, flags=re.MULTILINE)
        assert found == 1
    config.write_text(text, encoding="utf-8")


def limits(machine: Machine) -> list[float]:
    """Return after how many days each request is overdue, if it stays where it is."""
    with machine.homeward.engine.begin() as connection:
        found = connection.execute(select(Request.created_at, Request.due_at)).all()
    return [(row.due_at - row.created_at).total_seconds() / 86400 for row in found if row.due_at is not None]


async def test_a_stage_lasts_as_long_as_the_office_says(tmp_path: Path) -> None:
    world = World(WorldClock(MORNING))
    async with running(tmp_path, world, admins=(BOSS,)) as office:
        admin = await at_desk(office)
        _, reference = await filed(office, 1001, "Amina Alieva")
        await take(admin, reference)
        assert limits(office) == [3]
    settle(tmp_path, received=5, screening=0)
    async with running(tmp_path, world, admins=(BOSS,)) as office:
        admin = office.person(BOSS)
        _, other = await filed(office, 1002, "Yusuf Aliev")
        await take(admin, other)
        assert limits(office) == [5, 5]
        assert await heard_on(office, admin, 4, "longer than") == []
        for each in (reference, other):
            await admin.say(f"/case {each}")
            await forward(admin, "Being read")
        assert limits(office) == []
        assert await heard_on(office, admin, 60, "longer than") == []
    settle(tmp_path, screening=70)
    async with running(tmp_path, world, admins=(BOSS,)) as office:
        assert len(limits(office)) == 2
        assert await heard_on(office, office.person(BOSS), 20, "2 cases stand at their stages longer") == [
            10,
            17,
        ]


async def test_how_often_is_ignored_before_the_admins_hear_of_it_is_the_office_s_own(tmp_path: Path) -> None:
    world = World(WorldClock(MORNING))
    async with running(tmp_path, world, admins=(BOSS,)) as office:
        admin = await at_desk(office)
        colleague = await invited(office, admin, 901, "Boris")
        _, reference = await filed(office, 1001, "Amina Alieva")
        await take(colleague, reference)
    settle(tmp_path, ignored_times=1)
    async with running(tmp_path, world, admins=(BOSS,)) as office:
        admin, colleague = office.person(BOSS), office.person(901)
        set_request(office, unanswered_since=office.homeward.clock.now(), due_at=None)
        assert await heard_on(office, colleague, 3, "1 family waits for an answer.") == [2, 3]
        assert not admin.sees(_ESCALATED)
        office.later(minutes=1)
        await office.remind()
        assert admin.sees(_ESCALATED)


async def test_an_answer_is_late_at_the_desk_when_somebody_is_reminded_of_it(tmp_path: Path) -> None:
    world = World(WorldClock(MORNING))
    async with running(tmp_path, world, admins=(BOSS,)) as office:
        admin = await at_desk(office)
        await filed(office, 1001, "Amina Alieva")
        set_request(office, unanswered_since=office.homeward.clock.now(), due_at=None)
        office.later(hours=25)
        await admin.say("/queue overdue")
        assert admin.sees("There is nothing here now.")
    settle(tmp_path, unanswered_hours=24)
    async with running(tmp_path, world, admins=(BOSS,)) as office:
        admin = office.person(BOSS)
        await admin.say("/queue overdue")
        assert admin.sees("waits for an answer · overdue")
        await office.remind()
        assert admin.sees("1 family waits for an answer.")
