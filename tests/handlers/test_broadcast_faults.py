"""A broadcast through all that Telegram may answer: each recipient ends in a right state, and the sums add up."""

from collections import Counter
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import pytest
from sqlalchemy import select, update

from casework import broadcast_runs
from db.models import Account, Outbox
from db.sealed import Place
from simulator.faults import Fault, Kind
from tests.family import Family
from tests.handlers.broadcasting import FIRST, begin, families, received, runs, states, write
from tests.handlers.desk import BOSS, at_desk
from tests.machine import BOT_ID, Machine, running

_MANY = 300
ASLEEP: dict[str, Any] = {
    "zone": "Asia/Tokyo",
    "quiet_from": 17 * 60,
    "quiet_until": 19 * 60,
}  # it is 18:00 there
_FAULTS = (
    Fault("429", methods=("sendMessage",), chance=0.05, retry_after=1),
    Fault("500", methods=("sendMessage",), chance=0.02),
    Fault("drop", methods=("sendMessage",), chance=0.01),
)


async def through(machine: Machine, writer: Family) -> None:
    """Send it, and let time pass until nothing is left to be sent."""
    await writer.press("Look at it and send")
    await writer.press("Send now")
    for _ in range(200):
        if runs(machine) and runs(machine)[-1].state == "ended":
            return
        machine.later(seconds=2)
        await machine.tick()
    raise AssertionError(f"it never ended: {Counter(states(machine))}")


def move_into_a_group(machine: Machine, person: int) -> int:
    """Let the account's chat be a group that has gone on as a supergroup; return the supergroup's id."""
    machine.world.add_to_group(-77, BOSS, title="made up")
    new = int(machine.world.upgrade_group(-77, BOSS)["chat_id"])
    keys = machine.homeward.around.keys
    with machine.homeward.engine.begin() as connection:
        known = Account.telegram_key == keys.lookup("telegram", person)
        row = connection.execute(select(Account.id, Account.data_key).where(known)).one()
        key = keys.data_key(row.data_key, Place("account", "data_key", row.id))
        sealed = key.seal(-77, Place("account", "address", row.id))
        connection.execute(update(Account).where(Account.id == row.id).values(address=sealed))
    return new


async def test_the_sums_add_up_to_the_audience_whatever_telegram_answers(tmp_path: Path) -> None:
    async with running(tmp_path, admins=(BOSS,)) as machine:
        machine.homeward.around.second_above = _MANY * 2
        anna = await at_desk(machine)
        people = families(machine, ["ru"] * _MANY)
        dice = Random(5)  # noqa: S311 - made-up dice that have to fall the same each time
        blocked = {each for each in people if dice.random() < 0.03}
        for each in blocked:
            machine.world.private[BOT_ID, each].blocked = True
        gone = people[-1]
        supergroup = move_into_a_group(machine, gone)
        await machine.settle()
        machine.world.groups[supergroup].members.add(BOT_ID)  # the bot leaves groups by itself
        await begin(anna, "Language: Русский")
        await write(anna, "Русский", "Офис переехал.")
        for fault in _FAULTS:
            machine.world.faults.add(replace(fault))
        await through(machine, anna)
        machine.world.faults.clear()

        found = Counter(states(machine))
        assert found.total() == _MANY
        assert set(found) == {"sent", "blocked", "uncertain"}
        got = received(machine, [each for each in people if each != gone])
        said = [each.message.get("text", "") for each in machine.world.groups[supergroup].messages.values()]
        in_group = [each for each in said if each.startswith("Офис")]
        with machine.homeward.engine.begin() as connection:
            rows = connection.execute(
                select(Outbox.state, Account.telegram_key)
                .join(Account, Account.id == Outbox.account_id)
                .where(Outbox.run_id.is_not(None))
            ).all()
            unreachable = len(
                connection.scalars(select(Account.id).where(Account.unreachable_since.is_not(None))).all()
            )
        state_of = {row.telegram_key: row.state for row in rows}
        keys = machine.homeward.around.keys
        for person in people:
            state = state_of[keys.lookup("telegram", person)]
            arrived = len(in_group) if person == gone else len(got[person])
            assert arrived <= 1
            # Who has blocked us may have met a failure before that was seen.
            assert state != "blocked" or person in blocked
            assert person not in blocked or state in {"blocked", "uncertain"}
            assert arrived == 1 or state != "sent"
        assert unreachable == found["blocked"] > 0

        run = runs(machine)[-1]
        with machine.homeward.engine.begin() as connection:
            seen = broadcast_runs.get(connection, run.id)
        assert seen
        assert seen.sent + seen.unreachable + seen.uncertain == seen.total == _MANY
        assert anna.sees("Sent: {n} of {total}")


@pytest.mark.parametrize("kind", ["500", "drop"])
async def test_an_outage_of_minutes_leaves_few_uncertain_and_the_rest_gets_it_afterwards(
    tmp_path: Path, kind: Kind
) -> None:
    """A message that may have arrived is not repeated: so as few as may be leave while Telegram does not answer."""
    async with running(tmp_path, admins=(BOSS,), messages_per_second=30) as machine:
        machine.homeward.around.second_above = _MANY * 2
        anna = await at_desk(machine)
        families(machine, ["ru"] * _MANY, **ASLEEP)
        await begin(anna, "Language: Русский")
        await write(anna, "Русский", "Офис переехал.")
        await anna.press("Look at it and send")
        await anna.press("Send now")
        machine.later(hours=2)
        machine.world.faults.add(
            Fault(kind, methods=("sendMessage",), until=machine.world.clock.timestamp() + 180)
        )
        for _ in range(20):
            await machine.tick()
        found = Counter(states(machine))
        assert found["sent"] + found["uncertain"] == _MANY
        assert 0 < found["uncertain"] <= 60
        assert [run.state for run in runs(machine)] == ["ended"]


async def test_a_429_holds_the_broadcast_as_told_over_a_restart_too_and_no_reply_waits_for_it(
    tmp_path: Path,
) -> None:
    async with running(tmp_path, admins=(BOSS,)) as machine:
        anna = await at_desk(machine)
        people = families(machine, ["ru"] * 5)
        await begin(anna, "Language: Русский")
        await write(anna, "Русский", "Офис переехал.")
        await anna.press("Look at it and send")
        machine.world.faults.add(Fault("429", methods=("sendMessage",), count=1, retry_after=40))
        await anna.press("Send now")
        assert states(machine).count("todo") == 1
        world, before = machine.world, machine.world.clock.timestamp()
        family = Family(machine, people[0], "ru")
        await family.say("/help")
        assert family.sees("How it works")
        assert world.clock.timestamp() == before
    world.clock.advance(30)
    async with running(tmp_path, world, admins=(BOSS,)) as machine:
        await machine.tick()
        assert states(machine).count("todo") == 1
        machine.later(seconds=11)
        await machine.tick()
        got = received(machine, people).values()
        assert all(sum("Офис" in text for text in texts) == 1 for texts in got)


async def test_a_restart_in_the_middle_goes_on_where_it_was(tmp_path: Path) -> None:
    """Nobody gets it twice: what had not left leaves now."""
    async with running(tmp_path, admins=(BOSS,)) as machine:
        anna = await at_desk(machine)
        families(machine, ["ru"] * 40)
        await begin(anna, "Language: Русский")
        await write(anna, "Русский", "Офис переехал.")
        machine.world.faults.add(Fault("429", methods=("sendMessage",), count=1, retry_after=30))
        await anna.press("Look at it and send")
        await anna.press("Send now")
        world = machine.world
    world.clock.advance(120)
    async with running(tmp_path, world, admins=(BOSS,)) as machine:
        await machine.tick()
        machine.later(seconds=60)
        await machine.tick()
        people = range(FIRST, FIRST + 40)
        assert all(len(texts) == 1 for texts in received(machine, people).values())
        assert [run.state for run in runs(machine)] == ["ended"]
