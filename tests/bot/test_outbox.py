"""What happens to a message on its way out: nothing is lost, at most one visible repeat, never a false "sent"."""

from functools import partial
from pathlib import Path
from typing import Any

import pytest

from bot import outbox_rows
from bot.outgoing import Outgoing, State
from db.models import Dialog
from db.models import Outbox as OutboxRow
from simulator.clock import Clock as WorldClock
from simulator.world import World
from tests.bot.stage import (
    HeldClock,
    Line,
    account_of,
    calls,
    deliver_due,
    fail,
    kill,
    put,
    rows,
    said,
    started,
    states,
    take_in,
    told,
    write,
)
from tests.family import Family, buttons_of
from tests.handlers.paths import to_menu
from tests.machine import MORNING, Machine


@pytest.fixture
def world() -> World:
    return World(WorldClock(MORNING))


@pytest.fixture
def held(world: World) -> HeldClock:
    return HeldClock(world.clock)


@pytest.fixture
def line(world: World) -> Line:
    return Line(world)


async def write_down(machine: Machine, work: Any, **values: Any) -> None:
    await machine.homeward.writer.run(partial(work, **values))


class TestOrder:
    async def test_messages_to_one_person_arrive_in_the_order_they_were_written(
        self, machine: Machine, family: Family
    ) -> None:
        await to_menu(family)
        for number in range(20):
            put(machine, family, f"message {number}")
        await deliver_due(machine)
        assert said(family)[-20:] == [f"message {number}" for number in range(20)]

    async def test_the_order_holds_while_telegram_refuses_now_and_then(
        self, machine: Machine, family: Family
    ) -> None:
        await to_menu(family)
        fail(machine, "429", chance=0.4, retry_after=3)
        for number in range(15):
            put(machine, family, f"message {number}")
        await deliver_due(machine)
        assert said(family)[-15:] == [f"message {number}" for number in range(15)]

    async def test_one_person_who_cannot_be_reached_keeps_nobody_else_waiting(
        self, tmp_path: Path, world: World, held: HeldClock
    ) -> None:
        async with started(tmp_path, world, clock=held) as machine:
            first, second = machine.person(1003), machine.person(1004)
            fail(machine, "429", "sendMessage", count=1, retry_after=60)
            world.write(first.id, "/start")
            await take_in(machine)
            await held.somebody_waits()
            world.write(second.id, "/start")
            answered = told(machine, "message")
            await take_in(machine)
            await answered.wait()
            assert len(second.from_bot) == 1
            assert first.from_bot == []


class TestTooManyRequests:
    async def test_we_wait_as_long_as_telegram_says(
        self, tmp_path: Path, world: World, held: HeldClock
    ) -> None:
        async with started(tmp_path, world, clock=held) as machine:
            family = machine.person(1003)
            fail(machine, "429", count=1, retry_after=17)
            world.write(family.id, "/start")
            await take_in(machine)
            assert await held.somebody_waits() == 17
            assert family.from_bot == []
            held.pass_by(17)
            await machine.homeward.outbox.idle()
            assert len(family.from_bot) == 1
            assert states(machine) == ["sent"]

    @pytest.mark.parametrize("end", ["stopped", "killed"])
    async def test_the_wait_survives_a_restart(
        self, tmp_path: Path, world: World, held: HeldClock, end: str
    ) -> None:
        async with started(tmp_path, world, clock=held) as machine:
            family = machine.person(1003)
            fail(machine, "429", count=1, retry_after=90)
            world.write(family.id, "/start")
            await take_in(machine)
            await held.somebody_waits()
            due = world.clock.timestamp() + 90
            if end == "killed":
                await kill(machine)
        later = HeldClock(world.clock)
        async with started(tmp_path, world, clock=later) as machine:
            later.pass_by(due - 1 - world.clock.timestamp())
            await machine.homeward.outbox.sweep()
            assert family.from_bot == []
            later.pass_by(1)
            await deliver_due(machine)
            assert len(family.from_bot) == 1

    @pytest.mark.parametrize("end", ["stopped", "killed"])
    async def test_what_is_said_after_a_restart_does_not_overtake_what_waits(
        self, tmp_path: Path, world: World, held: HeldClock, end: str
    ) -> None:
        """An old question that comes after the next one would be answered once more, and to the wrong place."""
        async with started(tmp_path, world, clock=held) as machine:
            family = machine.person(1003)
            fail(machine, "429", count=1, retry_after=90)
            world.write(family.id, "/start")
            await take_in(machine)
            await held.somebody_waits()
            if end == "killed":
                await kill(machine)
        later = HeldClock(world.clock)
        async with started(tmp_path, world, clock=later) as machine:
            world.write(family.id, "/help")
            await take_in(machine)
            await machine.homeward.outbox.sweep()
            await later.somebody_waits()
            assert family.from_bot == []
            later.pass_by(90)
            await machine.homeward.outbox.idle()
            await deliver_due(machine)
            ids = [row.message_id for row in rows(machine, OutboxRow) if row.message_id is not None]
            assert len(ids) >= 2
            assert ids == sorted(ids)

    @pytest.mark.parametrize("end", ["stopped", "killed"])
    async def test_nothing_overtakes_the_message_that_waits_over_a_restart(
        self, tmp_path: Path, world: World, held: HeldClock, end: str
    ) -> None:
        async with started(tmp_path, world, clock=held) as machine:
            family = machine.person(1003)
            fail(machine, "429", count=1, retry_after=90)
            world.write(family.id, "/start")
            await take_in(machine)
            await held.somebody_waits()
            put(machine, family, "second")
            await machine.homeward.outbox.sweep()
            if end == "killed":
                await kill(machine)
        later = HeldClock(world.clock)
        async with started(tmp_path, world, clock=later) as machine:
            await machine.homeward.outbox.sweep()
            assert family.from_bot == []
            later.pass_by(90)
            await deliver_due(machine)
            await deliver_due(machine)
            assert said(family)[-1] == "second"
            assert len(family.from_bot) == 2

    async def test_what_waits_behind_a_long_wait_is_not_sent_twice(
        self, tmp_path: Path, world: World, held: HeldClock
    ) -> None:
        """A lease lasts a minute; a row in our own lane is ours for longer, and the tick leaves it alone."""
        async with started(tmp_path, world, clock=held) as machine:
            family = machine.person(1003)
            fail(machine, "429", count=1, retry_after=300)
            world.write(family.id, "/start")
            world.write(family.id, "/help")
            await take_in(machine)
            await held.somebody_waits()
            for _ in range(3):
                held.pass_by(90)
                await machine.homeward.outbox.sweep()
            held.pass_by(30)
            await machine.homeward.outbox.idle()
            assert len(family.from_bot) == 2
            assert states(machine) == ["sent", "sent"]


class TestUnreachable:
    async def test_a_block_marks_the_person_and_stops_everything_on_its_way(
        self, machine: Machine, family: Family
    ) -> None:
        await to_menu(family)
        for number in range(4):
            put(machine, family, f"message {number}")
        machine.world.block(family.id)
        before = len(calls(machine, "sendMessage"))
        await deliver_due(machine)
        assert states(machine)[-4:] == ["blocked"] * 4
        assert account_of(machine, family).unreachable_since == MORNING
        assert len(calls(machine, "sendMessage")) == before + 1, "one refusal is enough to know"

    async def test_nobody_else_is_stopped(self, machine: Machine, family: Family) -> None:
        other = machine.person(1004)
        for person in (family, other):
            await to_menu(person)
            put(machine, person, "a word to all")
        machine.world.block(family.id)
        await deliver_due(machine)
        assert said(other)[-1] == "a word to all"
        assert account_of(machine, other).unreachable_since is None

    async def test_writing_again_clears_the_mark(self, machine: Machine, family: Family) -> None:
        await to_menu(family)
        put(machine, family, "while away")
        machine.world.block(family.id)
        await deliver_due(machine)
        machine.world.unblock(family.id)
        await family.say("/help")
        assert account_of(machine, family).unreachable_since is None
        assert family.sees("How it works")
        assert "while away" not in said(family)

    async def test_a_deleted_account_is_unreachable_too(self, machine: Machine, family: Family) -> None:
        await to_menu(family)
        put(machine, family, "too late")
        machine.world.deactivate(family.id)
        await deliver_due(machine)
        assert states(machine)[-1] == "blocked"
        assert account_of(machine, family).unreachable_since == MORNING


class TestDoubt:
    """The message may have arrived: the answer was lost, late, or not readable."""

    @pytest.mark.parametrize("kind", ["500", "502", "garbage", "outage"])
    async def test_a_reply_is_sent_again_once(self, machine: Machine, family: Family, kind: str) -> None:
        fail(machine, kind, count=1)
        await family.say("/start")
        assert len(family.from_bot) == 1
        assert len(calls(machine, "sendMessage")) == 2
        assert states(machine) == ["sent"]

    async def test_a_lost_answer_means_one_visible_repeat_at_most(
        self, machine: Machine, family: Family
    ) -> None:
        fail(machine, "drop", count=1)
        await family.say("/start")
        assert len(family.from_bot) == 2
        assert states(machine) == ["sent"]

    @pytest.mark.parametrize("kind", ["drop", "500", "garbage"])
    async def test_after_the_second_doubt_it_is_called_uncertain(
        self, machine: Machine, family: Family, kind: str
    ) -> None:
        fail(machine, kind)
        await family.say("/start")
        assert len(calls(machine, "sendMessage")) == 2
        assert states(machine) == ["uncertain"]
        machine.world.faults.clear()
        machine.later(hours=2)
        await deliver_due(machine)
        assert len(calls(machine, "sendMessage")) == 2, "nobody sends an uncertain message again in silence"

    async def test_what_staff_may_have_to_look_at_is_kept(self, machine: Machine, family: Family) -> None:
        fail(machine, "drop")
        await family.say("/start")
        assert rows(machine, OutboxRow)[0].payload is not None

    async def test_a_broadcast_in_doubt_is_held(self, machine: Machine, family: Family) -> None:
        await to_menu(family)
        fail(machine, "drop", count=1)
        put(machine, family, "a word to all")
        await deliver_due(machine)
        assert said(family).count("a word to all") == 1
        assert states(machine)[-1] == "uncertain"

    async def test_doubt_keeps_nothing_behind_it_waiting_for_ever(
        self, machine: Machine, family: Family
    ) -> None:
        fail(machine, "drop", count=2)
        await family.say("/start")
        await family.press("English")
        assert family.sees("What would you like to do?")
        assert states(machine) == ["uncertain", "sent"]


class TestNeverSent:
    async def test_without_a_connection_it_is_tried_until_it_works_and_never_doubled(
        self, tmp_path: Path, world: World, held: HeldClock, line: Line
    ) -> None:
        async with started(tmp_path, world, clock=held, request=line) as machine:
            family = machine.person(1003)
            line.cut = True
            world.write(family.id, "/start")
            await take_in(machine)
            waits = []
            for _ in range(8):
                waits.append(await held.somebody_waits())
                held.pass_by(waits[-1])
            await held.somebody_waits()
            line.repair()
            held.pass_by(30)
            await machine.homeward.outbox.idle()
            assert waits == [1, 2, 4, 8, 16, 30, 30, 30]
            assert len(family.from_bot) == 1
            assert states(machine) == ["sent"]

    async def test_it_is_known_not_to_have_left_also_after_a_restart(
        self, tmp_path: Path, world: World, held: HeldClock, line: Line
    ) -> None:
        async with started(tmp_path, world, clock=held, request=line) as machine:
            family = machine.person(1003)
            await to_menu(family)
            line.cut = True
            put(machine, family, "a word to all")
            await machine.homeward.outbox.sweep()
            await held.somebody_waits()
            await kill(machine)
        async with started(tmp_path, world) as machine:
            machine.later(seconds=5)
            await deliver_due(machine)
            assert said(family)[-1] == "a word to all"
            assert states(machine)[-1] == "sent"


class TestRefusals:
    async def test_the_same_screen_again_counts_as_arrived(self, machine: Machine, family: Family) -> None:
        """Telegram: "message is not modified" – what was to be shown is shown."""
        await to_menu(family)
        put(machine, family, "the same")
        await deliver_due(machine)
        edit_of(machine, family, "the same")
        await deliver_due(machine)
        assert calls(machine, "editMessageText")[-1]["answer"]["ok"] is False
        assert states(machine)[-1] == "sent"
        assert rows(machine, OutboxRow)[-1].message_id == family.last["message_id"]

    async def test_where_the_message_to_edit_is_gone_a_new_one_becomes_the_live_screen(
        self, machine: Machine, family: Family
    ) -> None:
        await to_menu(family)
        gone = family.last["message_id"]
        data = buttons_of(family.last)[0]["callback_data"]
        machine.world.call(
            machine.homeward.settings.telegram.token.get_secret_value(),
            "deleteMessage",
            {"chat_id": family.id, "message_id": gone},
        )
        machine.world.press(family.id, gone, data=data)
        await machine.settle()
        assert family.sees("Before we begin: your agreement")
        assert family.last["message_id"] != gone
        await family.press("I agree")
        assert family.sees("What should we call you?")
        assert family.live_keyboards == 1
        screen = rows(machine, Dialog)[0].screen_id
        assert [row.message_id for row in rows(machine, OutboxRow) if row.id == screen] == [
            family.last["message_id"]
        ]

    async def test_what_telegram_will_never_take_is_dead_and_the_next_message_goes_on(
        self, machine: Machine, family: Family
    ) -> None:
        await to_menu(family)
        put(machine, family, "x" * 5000)
        put(machine, family, "next")
        await deliver_due(machine)
        assert states(machine)[-2:] == ["dead", "sent"]
        assert said(family)[-1] == "next"

    async def test_a_picture_that_cannot_be_drawn_keeps_nothing_behind_it(
        self, machine: Machine, family: Family
    ) -> None:
        await to_menu(family)
        undrawable(machine, family)
        put(machine, family, "next")
        await deliver_due(machine)
        assert states(machine)[-2:] == ["dead", "sent"]
        assert said(family)[-1] == "next"


class TestAfterAKill:
    async def test_what_a_killed_process_left_is_sent_again_in_order(
        self, tmp_path: Path, world: World, line: Line
    ) -> None:
        async with started(tmp_path, world, request=line) as machine:
            family = machine.person(1003)
            line.silent = True
            world.write(family.id, "/start")
            await take_in(machine)
            await line.unanswered.wait()
            for number in range(3):
                world.write(family.id, f"/start {number}")
            await take_in(machine)
            await kill(machine)
        before = len(family.from_bot)
        assert before == 1
        async with started(tmp_path, world) as machine:
            await machine.homeward.outbox.idle()
            assert states(machine) == ["sent"] * 4
            assert len(family.from_bot) == before + 4, "the one of which nobody knew is seen twice, no other"
            ids = [row.message_id for row in rows(machine, OutboxRow)]
            assert ids == sorted(ids)

    async def test_each_kill_repeats_a_message_once_at_most_and_none_loses_it(
        self, tmp_path: Path, world: World
    ) -> None:
        family = None
        for _ in range(2):
            line = Line(world)
            line.silent = True
            async with started(tmp_path, world, request=line) as machine:
                family = family or machine.person(1003)
                if not world.chat(family.id):
                    world.write(family.id, "/start")
                    await take_in(machine)
                await line.unanswered.wait()
                await kill(machine)
        async with started(tmp_path, world) as machine:
            await deliver_due(machine)
            assert states(machine) == ["sent"]
            assert (
                len(world.chat(1003)) == 1 + 3
            )  # /start, and the greeting once for each death and once for good

    async def test_a_broadcast_that_a_killed_process_was_sending_is_held(
        self, tmp_path: Path, world: World, line: Line
    ) -> None:
        async with started(tmp_path, world, request=line) as machine:
            family = machine.person(1003)
            await to_menu(family)
            line.silent = True
            put(machine, family, "a word to all")
            await machine.homeward.outbox.sweep()
            await line.unanswered.wait()
            await kill(machine)
        async with started(tmp_path, world) as machine:
            await deliver_due(machine)
            assert states(machine)[-1] == "uncertain"
            assert said(family).count("a word to all") == 1


class TestLeases:
    async def test_a_result_with_an_old_fence_changes_nothing(self, machine: Machine, family: Family) -> None:
        await to_menu(family)
        row_id = put(machine, family, "mine or yours")
        row = (
            await machine.homeward.writer.run(
                partial(
                    outbox_rows.take_due,
                    keys=machine.homeward.around.keys,
                    instance="another",
                    now=machine.homeward.clock.now(),
                )
            )
        )[0]
        late = Outgoing(row_id, row.account_id, family.id, "", "sendMessage", {}, fence=row.fence - 1)
        await write_down(machine, outbox_rows.finished, row=late, state=State.SENT, message_id=1)
        await write_down(machine, outbox_rows.postponed, row=late, due=machine.homeward.clock.now())
        await write_down(machine, outbox_rows.sending_again, row=late, now=machine.homeward.clock.now())
        kept = rows(machine, OutboxRow)[-1]
        assert (kept.state, kept.fence, kept.lease_owner) == ("sending", row.fence, "another")
        assert kept.payload is not None
        await write_down(machine, outbox_rows.finished, row=row, state=State.SENT, message_id=77)
        assert (rows(machine, OutboxRow)[-1].state, rows(machine, OutboxRow)[-1].message_id) == ("sent", 77)

    async def test_another_process_takes_a_row_only_when_its_lease_is_over(
        self, machine: Machine, family: Family
    ) -> None:
        await to_menu(family)
        put(machine, family, "one of us")
        take = partial(outbox_rows.take_due, keys=machine.homeward.around.keys)
        now = machine.homeward.clock.now
        first = await machine.homeward.writer.run(partial(take, instance="first", now=now()))
        assert [row.parameters["text"] for row in first] == ["one of us"]
        assert await machine.homeward.writer.run(partial(take, instance="second", now=now())) == []
        machine.later(seconds=61)
        assert await machine.homeward.writer.run(partial(take, instance="second", now=now())) == []
        assert states(machine)[-1] == "uncertain", "a broadcast that may have arrived is held, not repeated"

    async def test_the_stop_gives_back_what_has_not_left(
        self, tmp_path: Path, world: World, held: HeldClock
    ) -> None:
        async with started(tmp_path, world, clock=held) as machine:
            family = machine.person(1003)
            await to_menu(family)
            fail(machine, "429", count=1, retry_after=40)
            for number in range(3):
                put(machine, family, f"message {number}")
            await machine.homeward.outbox.sweep()
            await held.somebody_waits()
        assert [row.state for row in rows(machine, OutboxRow)[-3:]] == ["todo"] * 3
        later = HeldClock(world.clock)
        async with started(tmp_path, world, clock=later) as machine:
            later.pass_by(40)
            await deliver_due(machine)
            await deliver_due(machine)
            assert said(family)[-3:] == [f"message {number}" for number in range(3)]

    async def test_a_stop_in_the_middle_of_a_lane_leaves_no_doubt_about_the_next_message(
        self, tmp_path: Path, world: World, line: Line
    ) -> None:
        async with started(tmp_path, world, request=line) as machine:
            family = machine.person(1003)
            await to_menu(family)
            line.silent = True
            for number in range(3):
                put(machine, family, f"message {number}")
            await machine.homeward.outbox.sweep()
            await line.unanswered.wait()
            machine.homeward.outbox._stopping = True
            line.repair()
        async with started(tmp_path, world) as machine:
            await deliver_due(machine)
            assert states(machine)[-3:] == ["sent"] * 3
            assert said(family)[-3:] == [f"message {number}" for number in range(3)]


class TestTraces:
    async def test_what_has_arrived_leaves_no_copy(self, machine: Machine, family: Family) -> None:
        await to_menu(family)
        await family.press("File a request")
        done = rows(machine, OutboxRow)
        assert [row.state for row in done] == ["sent"] * len(done)
        assert [row.payload for row in done] == [None] * len(done)
        assert [row.lease_owner for row in done] == [None] * len(done)

    async def test_the_token_refused_is_told_and_nothing_is_called_sent(
        self, machine: Machine, family: Family
    ) -> None:
        fail(machine, "401")
        await family.say("/start")
        assert machine.homeward.outbox.token_refused.is_set()
        assert states(machine) == ["sending"]


def edit_of(machine: Machine, family: Family, text: str) -> None:
    """Write a row that edits the person's last message."""
    parameters = {"text": text, "message_id": family.last["message_id"]}
    write(machine, family, "editMessageText", parameters)


def undrawable(machine: Machine, family: Family) -> None:
    write(machine, family, "sendPhoto", {}, {"render": "a picture nobody knows"})
