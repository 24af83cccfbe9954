"""An update is confirmed when its effect is committed, and not before."""

import asyncio
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.exc import OperationalError
from telegram.request import RequestData

from bot.polling import ALLOWED_UPDATES, TokenRefused
from db.models import SeenUpdate
from simulator.clock import Clock as WorldClock
from simulator.world import World
from tests.bot.stage import HeldClock, LongPoll, calls, fail, rows, started, told
from tests.machine import BOT_ID, MORNING, TOKEN, Machine


@pytest.fixture
def world() -> World:
    return World(WorldClock(MORNING))


@pytest.fixture
def held(world: World) -> HeldClock:
    return HeldClock(world.clock)


@pytest.fixture
async def machine(tmp_path: Path, world: World, held: HeldClock) -> AsyncIterator[Machine]:
    async with started(tmp_path, world, clock=held, request=LongPoll(world)) as machine:
        yield machine


@asynccontextmanager
async def polling(machine: Machine) -> AsyncIterator[asyncio.Task[None]]:
    task = asyncio.create_task(machine.homeward.polling.run())
    try:
        yield task
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError, TokenRefused):
            await task
        await machine.homeward.outbox.idle()


def confirmed(machine: Machine) -> set[int]:
    return machine.world.bots[BOT_ID].queue.confirmed


def seen(machine: Machine) -> set[int]:
    return {row.update_id for row in rows(machine, SeenUpdate)}


async def all_confirmed(machine: Machine) -> None:
    """Return once the bot has confirmed everything that waited."""
    while machine.world.bots[BOT_ID].queue.waiting:
        await told(machine, "call").wait()


async def test_the_offset_moves_only_when_the_effect_is_committed(machine: Machine) -> None:
    too_early: list[int] = []

    def listen(news: dict[str, Any]) -> None:
        call = news.get("call", {})
        if call.get("method") == "getUpdates" and "offset" in call["params"]:
            too_early.extend(confirmed(machine) - seen(machine))

    machine.world.listeners.append(listen)
    for number in range(30):
        machine.world.write(2000 + number % 7, f"/start {number}")
    async with polling(machine):
        await all_confirmed(machine)
    assert too_early == []
    assert len(confirmed(machine)) == 30
    assert seen(machine) == confirmed(machine)


async def test_a_batch_with_one_storage_failure_confirms_none(machine: Machine, held: HeldClock) -> None:
    """Those that were kept are recognised when they come again."""
    commits = 0
    held_up, all_wait = threading.Event(), threading.Event()

    def hold(_connection: Any) -> None:
        held_up.set()
        all_wait.wait()

    def full(_connection: Any) -> None:
        nonlocal commits
        commits += all_wait.is_set()  # a tick of the schedule may have come before
        # After the one that held the writer: the whole batch, and then the second by itself.
        if commits in {2, 4}:
            raise OperationalError("COMMIT", None, Exception("database or disk is full"))

    people = [machine.person(2000 + number) for number in range(3)]
    for person in people:
        machine.world.write(person.id, "/start")
    event.listen(machine.homeward.engine, "commit", full)
    writer = machine.homeward.writer
    holding = asyncio.create_task(writer.run(hold))
    await asyncio.to_thread(held_up.wait)
    async with polling(machine):
        while writer._queue.qsize() < len(people):  # noqa: ASYNC110 - the queue is the writer's, and tells nobody
            await asyncio.sleep(0)
        all_wait.set()
        await holding
        await held.somebody_waits()
        assert confirmed(machine) == set()
        held.pass_by(1)
        await all_confirmed(machine)
    assert [len(person.from_bot) for person in people] == [1, 1, 1]
    assert len(confirmed(machine)) == 3


async def test_one_persons_words_keep_their_order_in_a_batch(machine: Machine) -> None:
    family = machine.person(1003)
    for text in ("/start", "/help", "/start"):
        machine.world.write(family.id, text)
    for number in range(20):
        machine.world.write(family.id, f"word {number}")
    async with polling(machine):
        await all_confirmed(machine)
    inputs = [each.update_id for each in machine.world.inputs]
    assert [row.update_id for row in rows(machine, SeenUpdate)] == sorted(inputs)
    answers = [calls(machine, "sendMessage")[number]["params"]["text"] for number in range(23)]
    assert len(answers) == 23


async def test_ids_that_restart_are_taken_and_confirmed(machine: Machine) -> None:
    family = machine.person(1003)
    machine.world.write(family.id, "/start")
    async with polling(machine):
        await all_confirmed(machine)
        machine.world.write(family.id, "/help")
        update = dict(machine.world.bots[BOT_ID].queue.waiting.pop().update, update_id=12)
        machine.world.put_update(update)
        await all_confirmed(machine)
    assert 12 in confirmed(machine)
    assert 12 in seen(machine)


async def test_only_what_we_read_is_asked_for(machine: Machine) -> None:
    machine.world.write(1003, "/start")
    async with polling(machine):
        await all_confirmed(machine)
    asked = calls(machine, "getUpdates")
    assert {tuple(call["params"]["allowed_updates"]) for call in asked} == {tuple(ALLOWED_UPDATES)}
    assert all(call["params"]["timeout"] > 0 for call in asked)
    assert "offset" not in asked[0]["params"], "nothing is dropped at a start"


async def test_a_second_poller_is_waited_for(machine: Machine, held: HeldClock) -> None:
    """409: another process, or a webhook, has the updates."""
    machine.world.call(TOKEN, "setWebhook", {"url": "https://somewhere.example"})
    async with polling(machine):
        waits = []
        for _ in range(7):
            waits.append(await held.somebody_waits())
            held.pass_by(waits[-1])
        await held.somebody_waits()
        machine.world.call(TOKEN, "deleteWebhook")
        machine.world.write(1003, "/start")
        held.pass_by(30)
        await all_confirmed(machine)
    assert waits == [1, 2, 4, 8, 16, 30, 30]


async def test_a_revoked_token_ends_it(machine: Machine) -> None:
    fail(machine, "401", "getUpdates")
    with pytest.raises(TokenRefused):
        await machine.homeward.polling.run()


async def test_too_many_requests_are_waited_out_as_told(machine: Machine, held: HeldClock) -> None:
    fail(machine, "429", "getUpdates", count=1, retry_after=23)
    machine.world.write(1003, "/start")
    async with polling(machine):
        assert await held.somebody_waits() == 23
        held.pass_by(23)
        await all_confirmed(machine)
    assert len(calls(machine, "getUpdates")) >= 2


@pytest.mark.parametrize("kind", ["500", "502", "garbage", "outage", "drop"])
async def test_it_goes_on_after_every_kind_of_failure(machine: Machine, held: HeldClock, kind: str) -> None:
    fail(machine, kind, "getUpdates", count=1)
    family = machine.person(1003)
    machine.world.write(family.id, "/start")
    async with polling(machine):
        assert await held.somebody_waits() == 1
        held.pass_by(1)
        await all_confirmed(machine)
    assert len(family.from_bot) == 1


async def test_after_a_long_outage_families_are_heard_within_five_seconds(
    machine: Machine, held: HeldClock
) -> None:
    fail(machine, "502", "getUpdates", count=20)
    machine.world.write(1003, "/start")
    async with polling(machine):
        waits = []
        for _ in range(20):
            waits.append(await held.somebody_waits())
            held.pass_by(waits[-1])
        await all_confirmed(machine)
    assert waits[:3] == [1, 2, 4]
    assert set(waits[3:]) == {5}


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"null",
        b"[]",
        b"{}",
        b'{"ok":true}',
        b'{"ok":true,"result":{}}',
        b'{"ok":true,"result":null}',
        b'{"ok":true,"result":"x"}',
        b'{"ok":true,"result":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        b"\xff\xfe",
    ],
    ids=lambda answer: repr(answer[:30]),
)
async def test_an_answer_that_is_not_telegrams_is_asked_for_again(
    tmp_path: Path, world: World, held: HeldClock, answer: bytes
) -> None:
    line = Strange(world, answer)
    async with started(tmp_path, world, clock=held, request=line) as machine:
        family = machine.person(1003)
        world.write(family.id, "/start")
        async with polling(machine):
            assert await held.somebody_waits() == 1
            held.pass_by(1)
            await all_confirmed(machine)
        assert len(family.from_bot) == 1


class Strange(LongPoll):
    """Somebody else answers the first getUpdates: a proxy, a portal that asks to log in."""

    def __init__(self, world: World, answer: bytes) -> None:
        super().__init__(world)
        self._answers = [answer]

    async def do_request(
        self, url: str, method: str, request_data: RequestData | None = None, *rest: Any, **timeouts: Any
    ) -> tuple[int, bytes]:
        if url.endswith("/getUpdates") and self._answers:
            return 200, self._answers.pop()
        return await super().do_request(url, method, request_data)
