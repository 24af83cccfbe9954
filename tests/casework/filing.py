"""Requests filed past the chat, and a search over them."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, select

from casework import dossiers
from casework.blocks import spot_of
from casework.drafts import Draft
from casework.finding import Hit, search
from casework.name_index import NameIndex
from casework.questions import UNKNOWN
from casework.requests import Filed, file
from casework.sought import read_sought
from db.ids import new_id
from db.models import Person
from db.sealed import KeyRing

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


@dataclass
class Office:
    """Requests of one account, and a search over them."""

    connection: Connection
    keys: KeyRing
    account_id: int
    index: NameIndex

    def file(self, *persons: dict[str, Any], requester: str = "Zainab") -> Filed:
        unknown = {"birth": UNKNOWN, "country": UNKNOWN}
        draft = Draft(
            {"name": requester, "relation": "aunt"},
            [unknown | person for person in persons],
            person_ids=[new_id() for _ in persons],
        )
        return file(self.connection, self.keys, self.account_id, "ru", draft, NOW)

    def named(self, name: Any, **more: Any) -> Filed:
        return self.file({"name": name, **more})

    def find(self, text: str) -> list[Hit]:
        return search(self.index, self.connection, self.keys, read_sought(text))

    def found(self, text: str) -> list[int]:
        return [hit.request_id for hit in self.find(text)]

    def change(self, request_id: int, spot: str, value: Any) -> None:
        dossier = dossiers.load(self.connection, self.keys, self.account_id, request_id)
        where = spot_of(spot)
        assert dossier is not None
        assert where is not None
        dossiers.change(self.connection, self.keys, self.account_id, dossier, where, value, NOW)

    def stages(self) -> list[tuple[int, str]]:
        """Return each person's request and stage."""
        rows = self.connection.execute(select(Person.request_id, Person.stage)).all()
        return [(row.request_id, row.stage) for row in rows]
