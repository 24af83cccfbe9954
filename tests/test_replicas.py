"""Three bots behind one address share a PostgreSQL: no chat is damaged, whoever of them dies (threats 3, 6, 12)."""

import asyncio
from itertools import pairwise
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.one_poller import LASTS, OnePoller, give_up, take
from db.models import Account, Outbox, Request, SeenUpdate, SetAside
from db.shared import Missing
from tests.bot.stage import rows, started
from tests.databases import old_enough, only_postgresql
from tests.family import Family
from tests.handlers.paths import to_confirmation, to_first_question
from tests.machine import BOT_ID, Machine
from tests.replicas import Replicas, replicas

pytestmark = only_postgresql

FAMILIES = 24


async def files(family: Family, name: str) -> None:
    await to_confirmation(family, name)
    await family.say("/mine")


def sent_in_order(machine: Machine) -> bool:
    """Whether in each chat the messages stand in the order in which their rows were written."""
    with machine.homeward.engine.begin() as connection:
        found = connection.execute(
            select(Outbox.account_id, Outbox.message_id)
            .where(Outbox.message_id.is_not(None))
            .order_by(Outbox.account_id, Outbox.id)
        ).all()
    firsts: dict[int, list[int]] = {}
    for account, message in found:
        known = firsts.setdefault(account, [])
        if message not in known:  # or it is an edit of what stands there
            known.append(message or 0)
    return all(earlier < later for each in firsts.values() for earlier, later in pairwise(each))


async def kills(together: Replicas, number: int) -> None:
    for _ in range(number):
        await asyncio.sleep(0.25)
        await together.kill_one()


@pytest.mark.parametrize("seed", [1, 2])
async def test_families_go_through_three_that_die_one_after_another(tmp_path: Path, seed: int) -> None:
    old_enough()
    async with replicas(tmp_path, 3, seed) as together:
        people = [together.person(2000 + number) for number in range(FAMILIES)]
        dying = asyncio.create_task(kills(together, 6))
        await asyncio.gather(*(files(each, f"Amina {'abcdefgh'[n % 8]}") for n, each in enumerate(people)))
        await dying
        await together.settle()
        assert together.kills == 6
        assert len(rows(together, Account)) == len(rows(together, Request)) == FAMILIES
        assert rows(together, SetAside) == []
        assert {row.state for row in rows(together, Outbox)} == {"sent"}
        assert sent_in_order(together)
        assert all(each.sees("Amina") for each in people)


async def test_a_stranger_who_writes_to_two_at_once_is_one_account(tmp_path: Path) -> None:
    async with replicas(tmp_path, 2, 1) as together:
        one, other = together.alive
        for number in range(10):
            person = together.person(3000 + number)
            together.world.write(person.id, "/start")
            together.world.write(person.id, "/help")
        updates = together.world.take_updates(100200300, 0)
        for first, second in zip(updates[::2], updates[1::2], strict=True):
            await asyncio.gather(one.homeward.intake.receive(first), other.homeward.intake.receive(second))
        await together.settle()
        assert len(rows(together, Account)) == 10
        assert rows(together, SetAside) == []
        assert len(rows(together, SeenUpdate)) == 20


async def test_what_one_sends_another_does_not_overtake(tmp_path: Path) -> None:
    """The second answer comes from another process, while the first is still on its way."""
    async with replicas(tmp_path, 2, 1) as together:
        one, other = together.alive
        person = together.person(1003)
        together.world.write(person.id, "/start")
        together.world.write(person.id, "/help")
        first, second = together.world.take_updates(100200300, 0)
        await one.homeward.intake.receive(first)
        await other.homeward.intake.receive(second)
        waits = [row for row in rows(together, Outbox) if row.state == "todo"]
        assert [row.lease_owner for row in waits] == [None]
        await together.settle()
        assert sent_in_order(together)
        assert {row.state for row in rows(together, Outbox)} == {"sent"}


async def test_an_old_keyboard_stays_until_what_follows_it_is_there(tmp_path: Path) -> None:
    """Whoever sees no button any more, and nothing new yet, presses an older one."""
    async with replicas(tmp_path, 2, 1) as together:
        one, other = together.alive
        person = together.person(1003)
        await to_first_question(person)
        together.world.write(person.id, "Zainab")
        together.world.write(person.id, "Mother")
        first, second = together.world.take_updates(BOT_ID, 0)[-2:]
        together.world.log.entries.clear()
        await one.homeward.intake.receive(first)
        await other.homeward.intake.receive(second)
        await other.homeward.outbox.idle()
        await together.settle()
        methods = [entry["method"] for entry in together.world.log.entries]
        talking = [each for each in methods if each in {"sendMessage", "editMessageReplyMarkup"}]
        assert talking == ["sendMessage", "editMessageReplyMarkup"] * 2


async def test_a_role_taken_away_at_one_is_gone_at_the_other(tmp_path: Path) -> None:
    async with started(tmp_path) as one, started(tmp_path, one.world) as other:
        person = one.person(1003)
        await person.say("/start")
        with one.homeward.engine.begin() as connection:
            connection.execute(Account.__table__.update().values(role="staff"))  # type: ignore[attr-defined]
        one.world.write(person.id, "/queue")
        await other.take(one.world.take_updates(100200300, 0)[-1:])
        assert rows(one, Account)[0].role == "staff"
        with one.homeward.engine.begin() as connection:
            connection.execute(Account.__table__.update().values(role="family"))  # type: ignore[attr-defined]
        desk = len(person.from_bot)
        one.world.write(person.id, "/queue")
        await other.take(one.world.take_updates(100200300, 0)[-1:])
        assert not any("Queue" in str(each) for each in person.from_bot[desk:])


async def test_what_one_erases_the_other_forgets(tmp_path: Path) -> None:
    async with started(tmp_path) as one, started(tmp_path, one.world) as other:
        other.homeward.around.keys.opened["counted"] = "held ready"
        await one.homeward.traces.clear()
        assert other.homeward.others is not None
        await other.homeward.others.look()
        assert other.homeward.around.keys.opened == {}


async def test_one_polls_and_another_takes_over_within_half_a_minute(tmp_path: Path) -> None:
    async with started(tmp_path) as one, started(tmp_path, one.world) as other:
        clock = one.homeward.clock

        def takes(machine: Machine) -> bool:
            instance = machine.homeward.around.instance
            with machine.homeward.engine.begin() as connection:
                return take(connection, instance, clock.now(), Missing())

        assert [takes(one), takes(other), takes(one)] == [True, False, True]
        one.later(seconds=LASTS.total_seconds())
        assert not takes(other)  # the clocks of two machines may differ a little
        one.later(seconds=3)
        assert [takes(other), takes(one)] == [True, False]
        with other.homeward.engine.begin() as connection:
            give_up(connection, other.homeward.around.instance)
        assert takes(one)


async def test_polling_ends_where_it_cannot_be_renewed(tmp_path: Path) -> None:
    async with started(tmp_path) as one, started(tmp_path, one.world) as other:
        ended = asyncio.Event()

        async def poll() -> None:
            try:
                await asyncio.Event().wait()
            finally:
                ended.set()

        writer, clock = one.homeward.writer, one.homeward.clock
        task = asyncio.create_task(OnePoller(writer, clock, "one").run(poll))
        while not (held := _holder(other)):  # noqa: ASYNC110 - a row of the database tells nobody
            await asyncio.sleep(0)
        assert held == "one"
        with other.homeward.engine.begin() as connection:  # as after a long sleep of its machine
            assert take(connection, "other", clock.now() + 2 * LASTS, Missing())
        await ended.wait()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def _holder(machine: Machine) -> str | None:
    with machine.homeward.engine.begin() as connection:
        return connection.exec_driver_sql("SELECT owner FROM lease WHERE name = 'polling'").scalar()
