"""A broadcast goes again to those of whom nobody knows whether they have it: only when somebody says so."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from db.models import Account, Audit
from simulator.faults import Fault, Kind
from tests.family import Family
from tests.handlers.broadcasting import begin, families, received, runs, states, write
from tests.handlers.desk import BOSS, at_desk, invited
from tests.handlers.many import open_approval
from tests.machine import Machine, running

# It is 18:00 there, so that nothing leaves before the story wants it.
ASLEEP: dict[str, Any] = {"zone": "Asia/Tokyo", "quiet_from": 17 * 60, "quiet_until": 19 * 60}
_ONCE_MORE, _TWICE = "Send again to the uncertain", "If it is sent again, some of them read it twice."


@pytest.fixture
async def machine(tmp_path: Path) -> AsyncIterator[Machine]:
    async with running(tmp_path, admins=(BOSS,)) as opened:
        yield opened


async def sent(machine: Machine, anna: Family, *faults: Kind) -> list[int]:
    """Send it to five, the first of whom meet these failures; return their chats."""
    people = families(machine, ["ru"] * 5, **ASLEEP)
    await begin(anna, "Language: Русский")
    await write(anna, "Русский", "Офис переехал.")
    await anna.press("Look at it and send")
    await anna.press("Send now")
    for kind in faults:
        machine.world.faults.add(Fault(kind, methods=("sendMessage",), count=1))
    machine.later(hours=2)
    await machine.tick()
    report = next(each for each in reversed(anna.from_bot) if each.get("photo"))
    await anna.press("Open the broadcast", message=report)
    return people


def change(machine: Machine, person: int, **columns: Any) -> None:
    known = machine.homeward.around.keys.lookup("telegram", person)
    with machine.homeward.engine.begin() as connection:
        connection.execute(update(Account).where(Account.telegram_key == known).values(**columns))


async def test_it_goes_again_to_those_alone_who_may_not_have_it(machine: Machine) -> None:
    anna = await at_desk(machine)
    people = await sent(machine, anna, "500", "drop", "500")
    assert states(machine) == ["sent", "sent", "uncertain", "uncertain", "uncertain"]
    assert [len(texts) for texts in received(machine, people).values()] == [0, 1, 0, 1, 1]
    machine.later(hours=24)
    await machine.tick()
    assert len(runs(machine)) == 1, "by itself nothing is repeated"

    change(machine, people[2], news=False)
    await anna.press(_ONCE_MORE)
    assert anna.sees(_TWICE)
    assert anna.sees("People of whom nobody knows whether they have it: {n}.")
    assert "2" in anna.text.partition("whether they have it")[2][:6]
    await anna.press("Yes, send it to them again")
    assert [(run.kind, run.state, run.total) for run in runs(machine)] == [
        ("send", "ended", 5),
        ("again", "ended", 2),
    ]
    assert [len(texts) for texts in received(machine, people).values()] == [1, 2, 0, 1, 1]
    with machine.homeward.engine.begin() as connection:
        assert connection.scalar(select(Audit.action).where(Audit.action == "broadcast_again"))
    await anna.say("/broadcast")
    await anna.press(anna.offered[1])
    assert anna.sees("Broadcast {code}, again to the uncertain")
    assert _ONCE_MORE not in anna.offered


async def test_who_stays_uncertain_may_be_chosen_once_more_and_what_arrived_is_taken_back(
    machine: Machine,
) -> None:
    anna = await at_desk(machine)
    people = await sent(machine, anna, "500", "500")
    machine.later(hours=22)  # their telephones are quiet again
    await anna.press(_ONCE_MORE)
    await anna.press("Yes, send it to them again")
    assert _ONCE_MORE not in anna.offered, "while it is on its way"
    machine.world.faults.add(Fault("500", methods=("sendMessage",), count=1))
    machine.later(hours=2)
    await machine.tick()
    assert [len(texts) for texts in received(machine, people).values()] == [0, 1, 1, 1, 1]
    report = next(each for each in reversed(anna.from_bot) if each.get("photo"))
    await anna.press("Open the broadcast", message=report)
    await anna.press(_ONCE_MORE)
    await anna.press("Yes, send it to them again")
    assert [(run.kind, run.total) for run in runs(machine)] == [("send", 5), ("again", 2), ("again", 1)]
    assert [len(texts) for texts in received(machine, people).values()] == [1] * 5
    assert _ONCE_MORE not in anna.offered
    await anna.press("Take it back")
    await anna.press("Yes, delete it everywhere")
    assert not any(received(machine, people).values())


async def test_above_the_limit_a_second_person_decides(machine: Machine) -> None:
    anna = await at_desk(machine)
    boris = await invited(machine, anna, 901, "Boris")
    people = await sent(machine, anna, "500", "500")
    machine.homeward.around.second_above = 1
    await anna.press(_ONCE_MORE)
    assert anna.sees("More than {most} people would get it, so a second person has to agree.")
    await anna.press("Yes, send it to them again")
    assert len(runs(machine)) == 1
    await open_approval(boris, "Broadcast, once more")
    assert boris.sees(_TWICE)
    await boris.press("Approve")
    assert [len(texts) for texts in received(machine, people).values()] == [1] * 5


async def test_what_is_taken_back_is_not_sent_again(machine: Machine) -> None:
    anna = await at_desk(machine)
    boris = await invited(machine, anna, 901, "Boris")
    people = await sent(machine, anna, "500")
    await anna.press(_ONCE_MORE)
    await boris.say("/broadcast")
    await boris.press(boris.offered[1])
    await boris.press("Take it back")
    await boris.press("Yes, delete it everywhere")
    await anna.press("Yes, send it to them again")
    assert anna.sees("There is nobody to whom it could be sent again.")
    assert [run.kind for run in runs(machine)] == ["send", "recall"]
    assert not any(received(machine, people).values())
