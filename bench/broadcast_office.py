"""An office with thousands of families in four languages, and a broadcast to all of them whose time has come."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, func, insert, select

from bot.config import read_config
from casework import broadcasts, places
from casework.audience import Audience, Term
from casework.broadcasts import State, Words
from casework.permissions import Role
from db.engine import make_engine
from db.ids import new_id
from db.keys import read_key_file
from db.models import Account, BroadcastRun, Dialog, Outbox
from db.sealed import KeyRing, Place
from db.upgrade import bring_up_to_date
from simulator.world import World

BOT_ID = 100200300
WRITER, FIRST = 900, 100_000  # Telegram ids
_TEXTS = {
    "ru": "Приём писем продолжается. Адрес прежний.",
    "ce": "Кехаташ схьаоьцуш ду. Адрес цхьаъ ю.",
    "ar": "ما زلنا نستقبل الرسائل. العنوان كما هو.",
    "en": "Letters are still taken in. The address is the same.",
}
_AT_ONCE = 1000


@dataclass(frozen=True)
class Office:
    """The keys and the database that the bots work with."""

    keys: KeyRing
    engine: Engine

    @classmethod
    def of(cls, config: Path) -> "Office":
        """Read the settings."""
        settings = read_config(config)
        return cls(read_key_file(settings.security.key_file), make_engine(settings.database.url))

    def fill(self, world: World, recipients: int) -> int:
        """Make the families; return the account of who writes to them."""
        bring_up_to_date(self.engine, self.keys)
        now = datetime.now(UTC)
        languages = list(_TEXTS)
        writer = self._account(WRITER, "en", now, Role.ADMIN)
        with self.engine.begin() as connection:
            places.plant(connection)
            _insert(connection, [writer])
        for start in range(0, recipients, _AT_ONCE):
            numbers = range(start, min(start + _AT_ONCE, recipients))
            rows = [self._account(FIRST + n, languages[n % len(languages)], now) for n in numbers]
            with self.engine.begin() as connection:
                _insert(connection, rows)
        for person in (WRITER, *(FIRST + n for n in range(recipients))):
            world.meet(person)
            world.private_chat(world.bots[BOT_ID], world.people[person]).started = True
        account: int = writer["id"]
        return account

    def begin(self, writer: int) -> int:
        """Make a broadcast to all families that is to start now; return its id."""
        now = datetime.now(UTC)
        with self.engine.begin() as connection:
            broadcast_id = broadcasts.begin(connection, self.keys, writer, now)
            made = broadcasts.get(connection, self.keys, broadcast_id)
            assert made is not None
            made.details.audience = Audience((Term("role", (Role.FAMILY.value,)),))
            made.state, made.due_at = State.SCHEDULED, now
            broadcasts.save(connection, self.keys, made)
            for language, text in _TEXTS.items():
                broadcasts.write(connection, self.keys, broadcast_id, language, Words(text), now)
        return broadcast_id

    def ended(self, broadcast_id: int) -> bool:
        """Whether it is through all chats."""
        of = BroadcastRun.broadcast_id == broadcast_id
        with self.engine.begin() as connection:
            states = connection.scalars(select(BroadcastRun.state).where(of)).all()
        return bool(states) and all(state == "ended" for state in states)

    def rows(self, recipients: int) -> tuple[dict[int, str], str]:
        """Return for each family how its row stands, "none" where there is none, and how the run does."""
        with self.engine.begin() as connection:
            found = connection.execute(
                select(Account.telegram_key, Outbox.state)
                .join(Outbox, Outbox.account_id == Account.id)
                .where(Outbox.run_id.is_not(None))
            ).all()
            going = connection.scalar(select(func.max(BroadcastRun.state)))
        state = {row.telegram_key: row.state for row in found}
        people = (FIRST + number for number in range(recipients))
        return {each: state.get(self.keys.lookup("telegram", each), "none") for each in people}, str(going)

    def _account(self, person: int, language: str, now: datetime, role: Role = Role.FAMILY) -> dict[str, Any]:
        account_id = new_id()
        key, wrapped = self.keys.new_data_key(Place("account", "data_key", account_id))
        return {
            "id": account_id,
            "telegram_key": self.keys.lookup("telegram", person),
            "data_key": wrapped,
            "address": key.seal(person, Place("account", "address", account_id)),
            "language": language,
            "role": role.value,
            "created_at": now,
        }


def _insert(connection: Connection, accounts: Sequence[dict[str, Any]]) -> None:
    connection.execute(insert(Account), list(accounts))
    dialogs = [{"account_id": each["id"], "step": "", "updated_at": each["created_at"]} for each in accounts]
    connection.execute(insert(Dialog), dialogs)
