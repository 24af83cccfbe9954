"""A round through the office's side that finds its own way: every step that a press, a word or a command leads to.

A new step is found by itself where a button or a word leads to it. What it finds are spots: the step, what the dialog
remembers there, what was in the database, and what the screen offered. At each of them anybody can be put again.
"""

import re
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, func, insert, select, update

from casework import broadcast_runs as runs
from casework import broadcasts, checking, dossiers, erasure, facts, withdrawing
from casework.audience import Audience, Term
from casework.broadcasts import Broadcast
from casework.facts import Fact
from casework.permissions import Role, Standing, Whose
from casework.reminding.rows import Habits, add, begun
from casework.reminding.rules import Kind
from casework.stages import Stage
from db.ids import new_id
from db.models import Account, Approval, Audit, Dialog, Occurrence, Outbox, Person, Request
from db.sealed import DataKey, KeyRing, Place
from handlers import desk_steps
from handlers.staff.approvals import MATTERS
from handlers.staff.commands import DESK_COMMANDS
from handlers.staff.steps import Desk
from tests.family import buttons_of, words_of
from tests.handlers.desk import BOSS, at_desk, invited, reference_in
from tests.handlers.many import a_flight, move, settle_at
from tests.handlers.paths import to_confirmation, to_menu
from tests.handlers.sending import send_file, send_photo
from tests.machine import BOT_ID, Machine, running
from tests.rows import Rows, kept, put_back

STEPS = {step.name: step for step in desk_steps()}
_REASON = "because of a letter from them"
WORDS = ("Amina Alieva", _REASON, "2017", "17", "en")  # written where a step takes words
_RESTS = 12  # so many buttons of one kind are pressed on one screen
_ALIKE = frozenset(
    {Desk.CAST_FILTER}
)  # one screen for whatever can be chosen by: what it lists is all the same to it
_COUNTS = re.compile(r"\d+")
TOKEN = "tokens"

ACTOR, COLLEAGUE, RELATIVE, ANOTHER, WRITER = 901, 902, 1001, 1002, 1003


@dataclass(frozen=True)
class Spot:
    """A place at the office's side, and how things stood."""

    step: str
    state: dict[str, Any]
    rows: Rows = field(repr=False)
    offered: tuple[str, ...]  # what the screen's buttons carry, without its token


class Office:
    """An office with an admin of the settings, two of the team, and a family's request with papers and facts.

    A second family asks for a child of the same name, and somebody has only written so far. Those of the first
    request are at a place and on a flight.
    """

    def __init__(self, machine: Machine) -> None:
        self.machine, self._world = machine, machine.world
        self.reference = ""
        self.request_id = 0
        self.ids: dict[int, int] = {}
        self.carried: dict[
            str, str
        ] = {}  # what buttons carry that work from anywhere, where it is not the request
        self._keys: dict[int, DataKey] = {}

    async def open(self) -> None:
        admin = await at_desk(self.machine)
        self.actor = await invited(self.machine, admin, ACTOR, "Vera", "admin")
        # These have no keyboard that could be taken off.
        self._oldest = {each.id: each.from_bot[0]["message_id"] for each in (admin, self.actor)}
        await invited(self.machine, admin, COLLEAGUE, "Boris")
        self.relative = self.machine.person(RELATIVE)
        await to_confirmation(self.relative, "Amina Alieva", "Yusuf Aliev")
        self.reference = reference_in(self.relative)
        await self.relative.say("/mine")
        await self.relative.press("Make the request stronger")
        await self.relative.press_with("Papers")
        await self.relative.press_with("Amina")
        await self.relative.press("Your own identity document")
        await send_photo(self.relative)
        await self.relative.say("/talk")
        await self.relative.say("Is there any news?")
        await send_file(self.relative, "voice")
        await to_confirmation(self.machine.person(ANOTHER), "Амина Алиева")
        writer = self.machine.person(WRITER)
        await to_menu(writer)
        await writer.say("/talk")
        await send_file(writer, "voice", caption="How does one begin?")
        keys = self.machine.homeward.around.keys
        with self.machine.homeward.engine.begin() as connection:
            self.request_id = connection.scalars(select(Request.id).order_by(Request.id)).first() or 0
            for person in (BOSS, ACTOR, COLLEAGUE, RELATIVE):
                known = Account.telegram_key == keys.lookup("telegram", person)
                row = connection.execute(select(Account.id, Account.data_key).where(known)).one()
                self.ids[person] = row.id
                self._keys[person] = keys.data_key(row.data_key, Place("account", "data_key", row.id))
            self._as_staff_left_it(connection)
            self._remind(connection)
        self._let_travel()
        await self._write_to_many()

    def _as_staff_left_it(self, connection: Connection) -> None:
        """Ask for a paper of each person, and write down a fact of each."""
        keys, now, by = (
            self.machine.homeward.around.keys,
            self.machine.homeward.clock.now(),
            self.ids[COLLEAGUE],
        )
        dossier = dossiers.open_for_staff(connection, keys, self.request_id)
        assert dossier
        fact = Fact("guardian", "pending", "official", "likely", {"edtf": "2026-03"}, "a letter")
        for person in dossier.persons:
            held = checking.of_person(connection, keys, self.request_id, person.id)
            wanted = next(each for each in held if each.kind.code == "birth_certificate")
            checking.ask(connection, wanted, by, now)
            facts.write(connection, dossier.data_key(keys), (self.request_id, person.id), fact, by, now)

    def _remind(self, connection: Connection) -> None:
        """Let the actor have been reminded of the request, by a message with buttons."""
        now, reminder_id, message_id = self.machine.homeward.clock.now(), new_id(), new_id()
        office = Habits(self.machine.homeward.around.zone, self.machine.homeward.around.quiet)
        count = begun(self.machine.homeward.around.rules[Kind.NOTE], now, office, now)
        of = {"id": reminder_id, "kind": Kind.NOTE.value, "account_id": self.ids[ACTOR], **count}
        add(connection, [{**of, "subject_id": reminder_id, "request_id": self.request_id}], now)
        given = {"id": new_id(), "reminder_id": reminder_id, "of_at": now, "at": now, "missed": 0}
        connection.execute(insert(Occurrence), {**given, "outbox_id": message_id})
        self.carried |= {"due_now": f"{reminder_id}", "due_to": f"tomorrow.{message_id}"}
        self.carried |= dict.fromkeys(("due_later", "due_day", "due_done"), f"{message_id}")

    def _let_travel(self) -> None:
        """Let the request's persons be at a place and on a flight, one on hold and one with their papers."""
        with self.machine.homeward.engine.begin() as connection:
            persons = connection.scalars(
                select(Person.id).where(Person.request_id == self.request_id).order_by(Person.position)
            ).all()
        settle_at(self.machine, "Roj camp", persons)
        a_flight(self.machine, "2026-7", persons)
        a_flight(self.machine, "2026-8", [])
        move(self.machine, {persons[0]: Stage.ON_HOLD, persons[1]: Stage.DOCUMENTS})

    async def _write_to_many(self) -> None:
        """Let one broadcast be sent, for somebody with an unknown end, one be on its way, one wait for its time.

        Two more are ready, one of them large.
        """
        homeward = self.machine.homeward
        keys, now, first = homeward.around.keys, homeward.clock.now(), homeward.around.locales.fallback.code
        homeward.around.second_above = 3
        families, everybody = Term("role", (Role.FAMILY.value,)), Term("everyone")
        with homeward.engine.begin() as connection:
            by = self.ids[BOSS]
            made = [_a_broadcast(connection, keys, by, families, "en", now) for _ in range(4)]
            _a_broadcast(connection, keys, by, everybody, "ru", now)
            sent = runs.start(connection, keys, made[0], self.ids[BOSS], first, now)
            self.carried |= dict.fromkeys(("cast", "cast_list"), str(made[0].id))
        await self.machine.settle()
        with homeward.engine.begin() as connection:
            one = select(func.min(Outbox.id)).where(Outbox.run_id == sent).scalar_subquery()
            connection.execute(update(Outbox).where(Outbox.id == one).values(state=runs.UNCERTAIN))
            paused = runs.start(connection, keys, made[1], self.ids[BOSS], first, now) or 0
            runs.pause(connection, paused)
            self.carried |= dict.fromkeys(("cast_pause", "cast_resume", "cast_stop"), str(paused))
            made[2].state, made[2].due_at = broadcasts.State.SCHEDULED, now + timedelta(days=1)
            broadcasts.save(connection, keys, made[2])
        await self.machine.settle()

    def place(self, spot: Spot, **state: Any) -> None:
        """Put the actor there, before a screen whose token is `TOKEN`."""
        self._place(spot, {**spot.state, **state}, TOKEN, None)

    async def show(self, spot: Spot, language: str) -> None:
        """Put the actor there and show them the screen, in place of the one they had: nothing else is in the chat."""
        now = self._dialog()
        self._sweep_chat()
        self._place(spot, spot.state, now.token, now.screen_id)
        with self.machine.homeward.engine.begin() as connection:
            of = update(Account).where(Account.id == self.ids[ACTOR])
            connection.execute(of.values(language=language))
        self.actor.language = language
        await self.actor.say("/unknown")

    def _sweep_chat(self) -> None:
        """Take everything out of the actor's chat but the screen: what is long gone need not be looked through."""
        chat = self.machine.world.private[BOT_ID, ACTOR]
        screen = self.actor.screen["message_id"]
        chat.messages = {screen: chat.messages[screen]}

    def place_both(self, spot: Spot) -> None:
        """Put the actor and the admin of the settings there, each before a screen whose token is `TOKEN`."""
        self.place(spot)
        self._stand(BOSS, spot.step, spot.state, TOKEN, None)

    def _place(self, spot: Spot, state: dict[str, Any], token: str, screen_id: int | None) -> None:
        put_back(self.machine, spot.rows)
        self.machine.homeward.around.names.forget()  # its events went back too
        self._stand(ACTOR, spot.step, state, token, screen_id)

    def _stand(
        self, person: int, step: str, state: dict[str, Any], token: str, screen_id: int | None
    ) -> None:
        account_id = self.ids[person]
        sealed = self._keys[person].seal(state, Place("dialog", "state", account_id))
        with self.machine.homeward.engine.begin() as connection:
            stands = update(Dialog).where(Dialog.account_id == account_id)
            connection.execute(stands.values(step=step, state=sealed, token=token, screen_id=screen_id))

    def suppose(self, role: Role, whose: Whose, standing: Standing) -> None:
        """Make the actor be this, and the case be so."""
        account_id = self.ids[ACTOR]
        holder = {Whose.NOBODYS: None, Whose.OWN: account_id, Whose.ANOTHERS: self.ids[COLLEAGUE]}[whose]
        now, request_id = self.machine.homeward.clock.now(), self.request_id
        with self.machine.homeward.engine.begin() as connection:
            connection.execute(update(Account).where(Account.id == account_id).values(role=role.value))
            keys = self.machine.homeward.around.keys
            if standing is Standing.WITHDRAWN:
                withdrawing.withdraw(connection, keys, request_id, self.ids[RELATIVE], now)
            elif standing is Standing.ERASED:
                erasure.erase_request(connection, request_id, now)
            connection.execute(update(Request).where(Request.id == request_id).values(holder_id=holder))

    def forget_name(self) -> None:
        """Make the actor be new: nobody calls them anything yet."""
        with self.machine.homeward.engine.begin() as connection:
            of = update(Account).where(Account.id == self.ids[ACTOR])
            connection.execute(of.values(staff_name=None))

    def let_colleague_ask(self) -> None:
        """Make what the actor asked of a second person be asked by the colleague."""
        with self.machine.homeward.engine.begin() as connection:
            connection.execute(update(Approval).values(asked_by_id=self.ids[COLLEAGUE]))

    def standing(self) -> tuple[str, dict[str, Any]]:
        """Return where the actor is, and what the dialog remembers."""
        row = self._dialog()
        return row.step, self._keys[ACTOR].open(row.state, Place("dialog", "state", self.ids[ACTOR]))

    def _dialog(self) -> Any:
        with self.machine.homeward.engine.begin() as connection:
            return connection.execute(select(Dialog).where(Dialog.account_id == self.ids[ACTOR])).one()

    async def press(self, carried: str, token: str = TOKEN) -> list[Any]:
        """Press what carries this; return what was said to it."""
        data = f"{token}:{carried}"
        return await self._heard(lambda family: family.forge(data, message_id=self._oldest[ACTOR]))

    async def press_together(self, carried: str, *order: int) -> list[list[Any]]:
        """Let these press what carries this at the same moment, in this order; return what each was told."""
        data = f"{TOKEN}:{carried}"
        return await self._together(order, lambda who: self._world.press(who, self._oldest[who], data=data))

    async def say_together(self, text: str, *order: int) -> list[list[Any]]:
        return await self._together(order, lambda who: self._world.write(who, text))

    async def _together(self, order: Sequence[int], doing: Callable[[int], object]) -> list[list[Any]]:
        told = [self._hearing(person) for person in order]
        for person in order:
            doing(person)
        updates = self._world.take_updates(BOT_ID, 0)
        await self.machine.together(updates)
        self._world.take_updates(BOT_ID, updates[-1]["update_id"] + 1)
        return [hear() for hear in told]

    async def say(self, text: str) -> list[Any]:
        return await self._heard(lambda family: family.say(text))

    async def _heard(self, doing: Any) -> list[Any]:
        hear = self._hearing(ACTOR)
        await doing(self.actor)
        return hear()

    def _hearing(self, person: int) -> Callable[[], list[Any]]:
        """Return what tells later what somebody was told since."""
        world = self.machine.world
        said, toasts = len(world.said), len(world.toasts(person))

        def told() -> list[Any]:
            heard = [_as_read(each) for each in world.said[said:] if each["chat"]["id"] == person]
            return [*heard, *(toast["text"] for toast in world.toasts(person)[toasts:])]

        return told

    def audited(self, action: str, since: int) -> list[int | None]:
        """Return the requests of the rows that say that the actor did this."""
        with self.machine.homeward.engine.begin() as connection:
            return list(
                connection.scalars(
                    select(Audit.request_id).where(
                        Audit.id > since, Audit.action == action, Audit.account_id == self.ids[ACTOR]
                    )
                )
            )

    def last_row(self) -> int:
        with self.machine.homeward.engine.begin() as connection:
            return connection.scalar(select(func.max(Audit.id))) or 0

    def command(self, usage: str) -> str:
        """Fill in what a usage line names."""
        return usage.replace("HW-7K3M-9QF2", self.reference).replace("Anna", "Boris")


def _a_broadcast(
    connection: Connection, keys: KeyRing, by: int, to: Term, language: str, now: datetime
) -> Broadcast:
    """Write a draft that can be sent: in one language, which everybody else reads too."""
    broadcast_id = broadcasts.begin(connection, keys, by, now)
    made = broadcasts.get(connection, keys, broadcast_id)
    assert made
    made.details.audience = Audience((to,))
    made.details.instead = dict.fromkeys(("ru", "ce", "ar", "en"), language)
    broadcasts.save(connection, keys, made)
    # Words of no language, since they are read on the screens of every one.
    broadcasts.write(connection, keys, broadcast_id, language, broadcasts.Words("2026 · 7"), now)
    return made


def _as_read(message: dict[str, Any]) -> tuple[str, tuple[str, ...]]:
    """Return a message as it is read: its words, and what its buttons say and carry but for the screen's token."""
    carried = (f"{each['text']} {carries(each)}" for each in buttons_of(message))
    return words_of(message), tuple(carried)


def carries(button: dict[str, Any]) -> str:
    return str(button.get("callback_data", "")).partition(":")[2]


@asynccontextmanager
async def an_office(folder: Path) -> AsyncIterator[Office]:
    async with running(folder, admins=(BOSS,)) as machine:
        office = Office(machine)
        await office.open()
        yield office


async def round_of(office: Office) -> list[Spot]:
    """Go everywhere that anything leads to; return one spot a step, and another for each button not met before."""
    rows = kept(office.machine)
    walk = _Round(office)
    for whose in (Whose.OWN, Whose.NOBODYS, Whose.ANOTHERS):
        put_back(office.machine, rows)
        office.suppose(Role.ADMIN, whose, Standing.OPEN)
        if whose is Whose.NOBODYS:
            office.forget_name()
        await walk.begin()
    for asked in walk.asked_for():
        put_back(office.machine, asked)
        office.let_colleague_ask()
        await walk.begin()
    put_back(office.machine, rows)
    return walk.found


class _Round:
    """What was met so far."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.found: list[Spot] = []
        self._waiting: list[Spot] = []
        self._tried: set[tuple[str, str]] = set()
        self._asked: dict[str, Rows] = {}
        self._labels: set[tuple[str, str, str]] = set()  # of buttons met, by their step and what they mean

    async def begin(self) -> None:
        """Give every command as things stand now, and go on from there."""
        start = Spot(Desk.DESK, {"case": self.office.request_id}, kept(self.office.machine), ())
        for command in ("/desk", *(self.office.command(each.usage) for each in DESK_COMMANDS)):
            self.office.place(start)
            await self.office.say(command)
            self._arrived()
        while self._waiting:
            await self._look_round(self._waiting.pop())

    async def _look_round(self, spot: Spot) -> None:
        for carried in self._to_press(spot):
            self.office.place(spot)
            await self.office.press(carried)
            self._arrived()
            step = self.office.standing()[0]
            if step in STEPS and step != spot.step and STEPS[step].typed:
                await self.office.say(_REASON)  # what it leads to depends on what was pressed before
                self._arrived()
        for words in WORDS if STEPS[spot.step].typed else ():
            self.office.place(spot)
            await self.office.say(words)
            self._arrived()

    def asked_for(self) -> list[Rows]:
        """Return how things stood once something of each kind had been asked of a second person, in their order."""
        return [self._asked[each.code] for each in MATTERS if each.code in self._asked]

    def _to_press(self, spot: Spot) -> Iterator[str]:
        pressed: Counter[str] = Counter()
        for carried in spot.offered:
            word = _word(carried)
            key = (word, "") if word in {"desk", "case"} else (spot.step, carried)
            if key not in self._tried and pressed[word] < _RESTS:
                pressed[word] += 1
                self._tried.add(key)
                yield carried

    def _arrived(self) -> None:
        """Note where the actor is now, if there is anything there that was not met yet."""
        rows = kept(self.office.machine)
        for kind in rows["approval"].column("kind"):
            self._asked.setdefault(kind, rows)
        step, state = self.office.standing()
        if step not in STEPS or state.get("case") not in {None, self.office.request_id}:
            return
        buttons = buttons_of(self.office.actor.screen)
        offered = tuple(carries(each) for each in buttons if ":" in each.get("callback_data", ""))
        labels = {(step, _word(carries(each)), _COUNTS.sub("", each["text"])) for each in buttons}
        if step in _ALIKE:
            labels = {(step, "", "")}
        if all(spot.step != step for spot in self.found) or not labels <= self._labels:
            self._labels |= labels
            spot = Spot(step, state, rows, offered)
            self.found.append(spot)
            self._waiting.append(spot)


def _word(carried: str) -> str:
    return carried.partition(":")[0]
