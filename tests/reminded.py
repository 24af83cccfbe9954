"""An office in which hundreds of reminders of every kind come due: some by the rules, some set by people."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from random import Random
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from bench.filling import Filling
from casework import approvals, letters, messages
from casework.approvals import Asked
from casework.conversations import Thread
from casework.events import STAGE, Happening, note
from casework.letters import Letter
from casework.messages import Said
from casework.permissions import Role
from casework.reminding import setting
from casework.reminding.rules import Kind
from casework.reminding.setting import Appointment, What
from casework.stages import Stage
from db.ids import new_id
from db.models import Access, Account, Dialog, Person, Request
from db.sealed import DataKey, Place
from tests.machine import Machine

_DAY = timedelta(days=1)
_TEAM = (*[Role.ADMIN] * 2, *[Role.STAFF] * 4)
_DRAFTS, _WRITERS = 30, 10


async def fill(machine: Machine, cases: int, dice: Random) -> None:
    """Put people and cases there; everybody has begun a chat."""
    homeward = machine.homeward
    filling = Filling(homeward.around.keys, homeward.around.locales, dice)
    list(filling.fill(homeward.engine, cases, homeward.clock.now()))
    with homeward.engine.begin() as connection:
        _Office(machine, connection, dice).open()
        everybody = connection.scalars(select(Account.id)).all()
    for account in everybody:
        machine.world.meet(account, started=True)


@dataclass
class _Office:
    """People have the ids of their accounts in Telegram too."""

    machine: Machine
    connection: Connection
    dice: Random

    @property
    def now(self) -> datetime:
        return self.machine.homeward.clock.now()

    def open(self) -> None:
        team = [self._account(role) for role in _TEAM]
        wanted = select(Request.id, Request.data_key, Access.account_id).join(Access).order_by(Request.id)
        for number, case in enumerate(self.connection.execute(wanted).all()):
            self._work(number, case, team)
        for _ in range(_DRAFTS):
            begun = {"draft_id": new_id(), "drafted_at": self.now}
            mine = Dialog.account_id == self._account(Role.FAMILY)
            self.connection.execute(update(Dialog).where(mine).values(**begun))
        for _ in range(_WRITERS):
            writer = self._account(Role.FAMILY)
            key = messages.key_of(self.connection, self.machine.homeward.around.keys, writer)
            messages.receive(self.connection, key, writer, Said("May a neighbour file?"), self.now)

    def _account(self, role: Role) -> int:
        keys, account_id = self.machine.homeward.around.keys, new_id()
        key, wrapped = keys.new_data_key(Place("account", "data_key", account_id))
        row = {"id": account_id, "telegram_key": keys.lookup("telegram", account_id), "data_key": wrapped}
        row |= {"address": key.seal(account_id, Place("account", "address", account_id)), "role": role.value}
        language = self.dice.choice(("ru", "ce", "ar", "en"))
        self.connection.execute(insert(Account), {**row, "language": language, "created_at": self.now})
        dialog = {"account_id": account_id, "step": "", "updated_at": self.now}
        self.connection.execute(insert(Dialog), dialog)
        return account_id

    def _work(self, number: int, case: Row[*tuple[Any, ...]], team: Sequence[int]) -> None:
        """Let somebody take it, or nobody; and do with some of them what is reminded of."""
        holder = self.dice.choice([*team, None])
        taken = {"holder_id": holder, "taken_at": self.now if holder else None}
        self.connection.execute(update(Request).where(Request.id == case.id).values(**taken))
        keys = self.machine.homeward.around.keys
        key = keys.data_key(case.data_key, Place("request", "data_key", case.id))
        self._set(number, case.account_id, holder or team[0], (case.id, key))
        if number % 7 == 0:
            letter = Letter("Which town?", (), (case.account_id,), asks=True)
            letters.write(self.connection, keys, Thread(case.id), letter, team[0], self.now)
        if number % 11 == 0:
            asked = Asked("move", self.dice.choice(team), {"number": number}, case.id)
            approvals.ask(self.connection, keys, asked, self.now)
        if number % 13 == 0:
            arrived = update(Person).where(Person.request_id == case.id).values(stage=Stage.ARRIVED.value)
            self.connection.execute(arrived)
            note(self.connection, Happening(case.id, f"{STAGE}{Stage.ARRIVED}"), self.now)

    def _set(self, number: int, family: int, holder: int, about: tuple[int, DataKey]) -> None:
        """Let people set reminders of a case, and make an appointment."""
        around, at = self.machine.homeward.around, self.now + self.dice.random() * 30 * _DAY
        remind = partial(setting.remind, self.connection, around.rules, zone=around.zone, now=self.now)
        remind(Kind.OWN, family, (about[0], None), at)
        if number % 3 == 0:
            remind(Kind.NOTE, holder, about, at, text="look again")
        if number % 5 == 0:
            made = Appointment(What.OFFICE, "", at + _DAY)
            appoint = partial(setting.appoint, self.connection, around.rules, about, [family], made)
            appoint(around.zone, holder, self.now)
