"""Two families, two of staff and an admin do anything at all, in any order, also at the same moment.

They press every button that is or ever was in their chats, write words and commands with right and wrong references,
send photos and voices, fall silent for weeks; the bot is restarted. After each step:

- nothing was set aside, and everything that was due was delivered;
- who acted was answered, and each chat has at most one live keyboard;
- no family reads a word of the other family, or the name of anybody of the team;
- no family reads of a death.

At the end of each walk:

- the audit log holds from its first row to its last;
- each person stands at the stage that the last event of it names;
- nothing that needs a second person was decided by who asked for it;
- the numbers, which followed every step, are those that are counted anew;
- every call to Telegram fits the Bot API's own description.

`make explore` walks far more, by new dice each time.
"""

import asyncio
import os
import shutil
import tempfile
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule
from sqlalchemy import select

from casework import audit
from casework.numbers import Numbers, count
from db.models import Approval, Event, Outbox, Person, SetAside
from handlers.staff.commands import DESK_COMMANDS
from tests.family import Family, buttons_of, words_of
from tests.handlers.desk import BOSS, at_desk, invited, reference_in
from tests.handlers.paths import to_confirmation
from tests.handlers.sending import UPLOADS
from tests.held import call_log_problems
from tests.machine import BOT_ID, Machine, running
from tests.sent_files import picture

_WALKS = int(os.environ.get("EXPLORE", "0"))  # how many; 0 for the same few every time
TEAM = ("Кайсаров", "Муталиева", "Эльдарханов")  # names that nobody else has, and that no family may read
FAMILIES = ("Байтукаева", "Умхаджиева")
WORDS = (
    "2017",
    "because of a letter",
    "Roj camp",
    "Амина",
    "2026-12-01 10:00",
    "<b>x</b>",
    "/cancel",
    "0",
    "x" * 4096,
)
DEATH = ("Deceased", "deceased")

Button = tuple[int, dict[str, Any]]


class Service:
    """The machine, its five people, and what has to hold."""

    def __init__(self) -> None:
        self._runner = asyncio.Runner()
        self._stack = AsyncExitStack()
        self._folder = Path(tempfile.mkdtemp(prefix="homeward-service-"))
        self._said = 0
        self.references: list[str] = []
        self._start()
        self.people: list[Family] = self.run(self._gather())
        self.shown: dict[int, list[Button]] = {each.id: [] for each in self.people}
        self._look()

    def run(self, doing: Any) -> Any:
        return self._runner.run(doing)

    def _start(self, world: Any = None) -> None:
        opening = running(self._folder, world, admins=(BOSS,))
        self.machine: Machine = self.run(self._stack.enter_async_context(opening))

    async def _gather(self) -> list[Family]:
        boss = await at_desk(self.machine, BOSS, TEAM[0])
        team = [boss, *[await invited(self.machine, boss, 900 + n, TEAM[n]) for n in (1, 2)]]
        families = [self.machine.person(1001 + n, name=mark) for n, mark in enumerate(FAMILIES)]
        for family, mark in zip(families, FAMILIES, strict=True):
            await to_confirmation(family, f"Амина {mark}", f"Юсуф {mark}")
            self.references.append(reference_in(family))
        return [*team, *families]

    def end(self) -> None:
        try:
            self._hold_at_the_end()
        finally:
            self.run(self._stack.aclose())
            self._runner.close()
            shutil.rmtree(self._folder)

    def restart(self) -> None:
        world = self.machine.world
        self.run(self._stack.aclose())
        self._start(world)
        for each in self.people:
            each.machine = self.machine

    def step(self, acting: Sequence[int], doing: Callable[[], object]) -> None:
        """Let something happen, and hold what must hold against it."""
        world, acted = self.machine.world, [self.people[each] for each in acting]
        before = [len(world.said) + len(each.toasts) for each in acted]
        doing()
        self.run(self._settle())
        for each, heard in zip(acted, before, strict=True):
            assert len(world.said) + len(each.toasts) > heard, f"{each.id} was not answered"
        self._hold_now()
        self._numbers()
        self._look()

    async def _settle(self) -> None:
        """Take what waits at the same moment, then whatever follows from it."""
        updates = self.machine.world.take_updates(BOT_ID, 0)
        if updates:
            await self.machine.together(updates)
            self.machine.world.take_updates(BOT_ID, updates[-1]["update_id"] + 1)
        await self.machine.settle()

    def visible(self, who: int) -> list[Button]:
        """Return the buttons in the chat now, the newest message first."""
        messages = reversed(self.people[who].from_bot)
        found = ((int(each["message_id"]), button) for each in messages for button in buttons_of(each))
        return [(where, button) for where, button in found if "callback_data" in button]

    def _look(self) -> None:
        for who, each in enumerate(self.people):
            self.shown[each.id] = [*self.shown[each.id], *self.visible(who)][-300:]

    def _hold_now(self) -> None:
        with self.machine.homeward.engine.begin() as connection:
            assert list(connection.scalars(select(SetAside.cause))) == []
            now = self.machine.homeward.clock.now()
            due = select(Outbox.state).where(Outbox.state != "sent", Outbox.due_at <= now)
            assert list(connection.scalars(due)) == [], "not everything was delivered"
        for each in self.people:
            assert each.live_keyboards <= 1, f"two live keyboards in the chat of {each.id}"
        said = self.machine.world.said
        for message in said[self._said :]:
            self._hold_apart(message)
        self._said = len(said)

    def _hold_apart(self, message: dict[str, Any]) -> None:
        text = "\n".join([words_of(message), *(each["text"] for each in buttons_of(message))])
        families = self.people[len(TEAM) :]
        for family, mark in zip(families, FAMILIES, strict=True):
            if message["chat"]["id"] == family.id:
                forbidden = {*TEAM, *FAMILIES, *DEATH} - {mark}
                assert not any(word in text for word in forbidden), text

    def _numbers(self) -> Numbers:
        around = self.machine.homeward.around
        with self.machine.homeward.engine.begin() as connection:
            return count(connection, around.keys, self.machine.homeward.clock.now(), around.zone, veil=False)

    def _hold_at_the_end(self) -> None:
        keys = self.machine.homeward.around.keys
        with self.machine.homeward.engine.begin() as connection:
            assert isinstance(audit.verify(connection, keys), int)
            moved = select(Event.person_id, Event.kind).where(Event.kind.like("stage.%")).order_by(Event.id)
            last = {row.person_id: row.kind.removeprefix("stage.") for row in connection.execute(moved)}
            stages = {row.id: row.stage for row in connection.execute(select(Person.id, Person.stage))}
            assert {each: stages[each] for each in last if each in stages} == {
                each: stage for each, stage in last.items() if each in stages
            }
            decided = select(Approval.asked_by_id, Approval.decided_by_id).where(Approval.state == "approved")
            assert all(row.asked_by_id != row.decided_by_id for row in connection.execute(decided))
        followed = self._numbers()
        keys.forget()
        assert followed == self._numbers()
        assert [each for each in call_log_problems(self.machine.world) if "MyCommands" not in each] == []


who = st.integers(0, len(TEAM) + len(FAMILIES) - 1)
team = st.sampled_from((0, 1, 1, 2, 2))
which = st.integers(0, 60)


class WholeService(RuleBasedStateMachine):
    """What people can do. `which` counts from the newest button, and begins anew where there are fewer."""

    def __init__(self) -> None:
        super().__init__()
        self.service = Service()

    def teardown(self) -> None:
        self.service.end()

    def _pressing(self, who: int, which: int, buttons: list[Button]) -> Callable[[], object]:
        where, button = buttons[which % len(buttons)]
        person, world = self.service.people[who].id, self.service.machine.world
        return lambda: world.press(person, where, data=button["callback_data"])

    @rule(who=team, which=which)
    def a_member_presses(self, who: int, which: int) -> None:
        if buttons := self.service.visible(who):
            self.service.step([who], self._pressing(who, which, buttons))

    @rule(who=who, which=which)
    def somebody_presses(self, who: int, which: int) -> None:
        if buttons := self.service.visible(who):
            self.service.step([who], self._pressing(who, which, buttons))

    @rule(first=team, second=who, each=st.tuples(which, which))
    def two_press_at_once(self, first: int, second: int, each: tuple[int, int]) -> None:
        pressing = [
            self._pressing(person, which, buttons)
            for person, which in zip({first, second}, each, strict=False)
            if (buttons := self.service.visible(person))
        ]
        if pressing:
            self.service.step([], lambda: [press() for press in pressing])

    @rule(who=who, which=st.integers(0, 299))
    def somebody_presses_what_was_there(self, who: int, which: int) -> None:
        if buttons := self.service.shown[self.service.people[who].id]:
            self.service.step([who], self._pressing(who, which, buttons))

    @rule(who=team, command=st.sampled_from(DESK_COMMANDS), case=st.integers(0, 1))
    def a_member_commands(self, who: int, command: Any, case: int) -> None:
        text = command.usage.replace("HW-7K3M-9QF2", self.service.references[case]).replace("Anna", TEAM[2])
        self._write(who, text)

    @rule(who=team, case=st.integers(0, 1))
    def a_member_opens_a_case(self, who: int, case: int) -> None:
        self._write(who, f"/case {self.service.references[case]}")

    @rule(who=who, said=st.integers(0, len(WORDS) - 1))
    def somebody_writes(self, who: int, said: int) -> None:
        self._write(who, WORDS[said])

    @rule(
        who=who,
        command=st.sampled_from(("/start", "/mine", "/talk", "/desk", "/settings", "/my_data", "/new")),
    )
    def somebody_begins_anew(self, who: int, command: str) -> None:
        self._write(who, command)

    @rule(who=who, voice=st.booleans())
    def somebody_sends(self, who: int, voice: bool) -> None:
        person, world = self.service.people[who].id, self.service.machine.world
        if voice:
            self.service.step([who], lambda: world.send_file(person, "voice", UPLOADS["voice"]))
        else:
            self.service.step([who], lambda: world.send_photo(person, picture()))

    @rule(days=st.sampled_from((0.01, 0.3, 3, 40)))
    def silence(self, days: float) -> None:
        self.service.machine.later(days=days)

    @rule()
    def restart(self) -> None:
        self.service.restart()

    def _write(self, who: int, text: str) -> None:
        person, world = self.service.people[who].id, self.service.machine.world
        self.service.step([who], lambda: world.write(person, text))


WholeService.TestCase.settings = settings(
    max_examples=_WALKS or 6,
    stateful_step_count=80 if _WALKS else 50,
    derandomize=not _WALKS,
    deadline=None,
    phases=(Phase.reuse, Phase.generate),
    suppress_health_check=list(HealthCheck),
)
TestWholeService = WholeService.TestCase
