"""Requests of made-up people, put straight into a database: for counts and lists of many."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, insert, update

from casework import requests
from casework.drafts import Draft
from db.engine import make_engine
from db.ids import new_id
from db.models import Account, Base, Person
from db.sealed import KeyRing, Place

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


@dataclass
class Office:
    """A database with nothing but what is filed into it."""

    engine: Engine
    keys: KeyRing
    accounts: int = field(default=0)

    def account(self, connection: Connection) -> int:
        """Make somebody; each may file a few requests only."""
        account_id = new_id()
        key, wrapped = self.keys.new_data_key(Place("account", "data_key", account_id))
        row = {"id": account_id, "telegram_key": self.keys.lookup("telegram", account_id)}
        row |= {"data_key": wrapped, "address": key.seal(account_id, Place("account", "address", account_id))}
        connection.execute(insert(Account), {**row, "created_at": NOW})
        return account_id

    def file(
        self,
        connection: Connection,
        *persons: dict[str, Any],
        at: datetime = NOW,
        language: str = "ru",
        requester: dict[str, Any] | None = None,
        entries: dict[str, list[dict[str, Any]]] | None = None,
    ) -> int:
        """File a request; what is not said of a person is made up."""
        usual = {"name": "Amina Alieva", "birth": {"edtf": "2017"}, "country": "IQ"}
        answers = [{**usual, **{k: v for k, v in each.items() if k != "stage"}} for each in persons or ({},)]
        asks = {"name": "Zainab", "relation": "grandmother", **(requester or {})}
        draft = Draft(asks, answers, person_ids=[new_id() for _ in answers], entries=entries or {})
        requests.file(connection, self.keys, self.account(connection), language, draft, at)
        for person_id, each in zip(draft.person_ids, persons, strict=False):
            if "stage" in each:
                connection.execute(update(Person).where(Person.id == person_id).values(stage=each["stage"]))
        return draft.request_id


def make_office(folder: Path) -> Office:
    engine = make_engine(f"sqlite:///{folder / 'office.db'}")
    Base.metadata.create_all(engine)
    return Office(engine, KeyRing({1: bytes(range(32))}, 1, bytes(range(32, 64))))
