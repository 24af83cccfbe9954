"""A dossier: everything a family has said in one request, sent or not, and the questions that are left.

A draft's dossier shares its answers: what is put into the one stands in the other. What is changed after sending is
written at once, with an event that tells staff what it was before.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, insert, select, update

from casework import due, whereabouts
from casework.blocks import MOST_ENTRIES, Block, Scope, Spot
from casework.drafts import MOST_PERSONS, Draft
from casework.errors import TooMany
from casework.events import Happening, note
from casework.questions import ESSENTIAL, UNKNOWN, Question
from casework.stages import Stage
from db.ids import new_id
from db.models import Access, Person, Request
from db.sealed import DataKey, KeyRing, Place

Answers = dict[str, Any]
_WHERE = frozenset({"country", "place"})  # what the office goes by until it has a word of its own
_CHANGED, _ADDED, _DROPPED = "answer_changed", "person_added", "entry_dropped"


@dataclass
class Said:
    """One person of a dossier, and what was said of them."""

    id: int
    answers: Answers

    @property
    def name(self) -> str:
        """Return what the family calls this person; empty while it is not known in writing."""
        name = self.answers.get("name", "")
        return name if isinstance(name, str) else ""


@dataclass
class Dossier:
    """Answers by question key; a missing key is a question not yet answered.

    Attributes:
        entries: of the blocks that are about neither a person nor the requester, by the block's key.
        draft: what it is the dossier of, while it is not sent.
    """

    request_id: int
    requester: Answers
    persons: list[Said]
    entries: dict[str, list[Answers]]
    draft: Draft | None = None
    reference: str = ""
    _data_key: bytes = field(default=b"", repr=False)

    @classmethod
    def of_draft(cls, draft: Draft) -> "Dossier":
        persons = [Said(*each) for each in zip(draft.person_ids, draft.persons, strict=True)]
        return cls(draft.request_id, draft.requester, persons, draft.entries, draft)

    @property
    def filed(self) -> bool:
        return self.draft is None

    def numbers(self, block: Block) -> range:
        """Return how often the block is answered: for each person, for each entry, or once."""
        if block.scope is Scope.PERSON:
            return range(len(self.persons))
        return range(len(self.entries.get(block.key, ()))) if block.scope is Scope.SEVERAL else range(1)

    def answers(self, block: Block, number: int) -> Answers:
        """Return the answers of a block; empty where there are none yet."""
        match block.scope:
            case Scope.REQUESTER:
                return self.requester
            case Scope.PERSON:
                return self.persons[number].answers if number < len(self.persons) else {}
            case _:
                entries = self.entries.get(block.key, ())
                return entries[number] if number < len(entries) else {}

    def answer(self, spot: Spot) -> Any:
        return self.answers(spot.block, spot.number).get(spot.question.key)

    def has(self, spot: Spot) -> bool:
        """Whether there is such a person or entry."""
        return spot.number in self.numbers(spot.block)

    def asked(self, block: Block, number: int) -> list[Question]:
        """Return the questions that make sense after the answers so far."""
        answers = self.answers(block, number)
        return [
            each
            for each in block.questions
            if each.only_if is None or answers.get(each.only_if[0]) == each.only_if[1]
        ]

    def after(self, spot: Spot) -> Spot | None:
        """Return the next question of the same block; None after its last."""
        asked = self.asked(spot.block, spot.number)
        following = asked.index(spot.question) + 1
        return Spot(spot.block, spot.number, asked[following]) if following < len(asked) else None

    def before(self, spot: Spot) -> Spot | None:
        asked = self.asked(spot.block, spot.number)
        place = asked.index(spot.question)
        return Spot(spot.block, spot.number, asked[place - 1]) if place else None

    def first_open(self, block: Block, number: int) -> Spot | None:
        """Return the first question of a block without an answer."""
        answers = self.answers(block, number)
        open_ones = (each for each in self.asked(block, number) if answers.get(each.key) is None)
        return next((Spot(block, number, each) for each in open_ones), None)

    def progress(self, block: Block, number: int) -> tuple[int, int]:
        """Return how many questions of a block are answered, and how many there are."""
        asked, answers = self.asked(block, number), self.answers(block, number)
        return sum(answers.get(each.key) is not None for each in asked), len(asked)

    def begun(self, block: Block, number: int) -> bool:
        """Whether any question of a block is answered that the essential path did not ask."""
        answers = self.answers(block, number)
        return any(answers.get(each.key) is not None for each in block.questions if each not in ESSENTIAL)

    def put(self, spot: Spot, value: Any) -> None:
        """Note an answer; questions that it makes pointless lose theirs."""
        if spot.block.scope in {Scope.ONE, Scope.SEVERAL}:
            self.entries.setdefault(spot.block.key, [])
            if spot.number == len(self.entries[spot.block.key]):
                self.entries[spot.block.key].append({})
        answers = self.answers(spot.block, spot.number)
        answers[spot.question.key] = value
        for each in spot.block.questions:
            if each.only_if is not None and answers.get(each.only_if[0]) != each.only_if[1]:
                answers.pop(each.key, None)

    def data_key(self, keys: KeyRing) -> DataKey:
        return keys.data_key(self._data_key, Place("request", "data_key", self.request_id))


def load(connection: Connection, keys: KeyRing, account_id: int, request_id: int) -> Dossier | None:
    """Lock and open a request that was sent; None where this account may not, or there is none."""
    row = connection.execute(
        select(Request.id, Request.data_key, Request.details)
        .join(Access, Access.request_id == Request.id)
        .where(Request.id == request_id, Access.account_id == account_id, Request.erased_at.is_(None))
        .with_for_update(of=Request)
    ).one_or_none()
    return _opened(connection, keys, row) if row is not None else None


def open_for_staff(connection: Connection, keys: KeyRing, request_id: int) -> Dossier | None:
    """Open any request that is not erased. Whoever calls it has asked casework/permissions.py, and audits it."""
    row = connection.execute(
        select(Request.id, Request.data_key, Request.details).where(
            Request.id == request_id, Request.erased_at.is_(None)
        )
    ).one_or_none()
    return _opened(connection, keys, row) if row is not None else None


def _opened(connection: Connection, keys: KeyRing, row: Any) -> Dossier:
    key = keys.data_key(row.data_key, Place("request", "data_key", row.id))
    details = key.open(row.details, Place("request", "details", row.id))
    persons = connection.execute(
        select(Person.id, Person.details).where(Person.request_id == row.id).order_by(Person.position)
    ).all()
    said = [Said(each.id, key.open(each.details, Place("person", "details", each.id))) for each in persons]
    entries = details.get("entries", {})
    return Dossier(row.id, details["requester"], said, entries, None, details["reference"], row.data_key)


def change(
    connection: Connection,
    keys: KeyRing,
    account_id: int,
    dossier: Dossier,
    spot: Spot,
    value: Any,
    now: datetime,
) -> None:
    """Change an answer of a request that was sent; staff see what it was, and the request is kept for longer."""
    before = dossier.answer(spot)
    if before == value:
        return
    dossier.put(spot, value)
    _write(connection, keys, dossier, spot)
    what = {"spot": str(spot), "before": before, "after": value}
    person_id = dossier.persons[spot.number].id if spot.block.scope is Scope.PERSON else None
    happening = Happening(dossier.request_id, _CHANGED, person_id, account_id, what)
    note(connection, happening, now, dossier.data_key(keys))


def drop_entry(
    connection: Connection, keys: KeyRing, account_id: int, dossier: Dossier, spot: Spot, now: datetime
) -> None:
    """Take an entry, such as a relative, out of a request that was sent."""
    gone = dossier.entries[spot.block.key].pop(spot.number)
    _write(connection, keys, dossier, spot)
    what = {"spot": str(spot), "before": gone, "after": None}
    happening = Happening(dossier.request_id, _DROPPED, None, account_id, what)
    note(connection, happening, now, dossier.data_key(keys))


def add_person(
    connection: Connection, keys: KeyRing, account_id: int, dossier: Dossier, name: Any, now: datetime
) -> Said:
    """Add a person, known by name at first, to a request that was sent.

    Raises:
        TooMany: the request holds `MOST_PERSONS` already.
    """
    if len(dossier.persons) >= MOST_PERSONS:
        raise TooMany
    said = Said(new_id(), {"name": name})
    position = connection.scalar(
        select(func.max(Person.position)).where(Person.request_id == dossier.request_id)
    )
    sealed = dossier.data_key(keys).seal(said.answers, Place("person", "details", said.id))
    row: dict[str, Any] = {"id": said.id, "request_id": dossier.request_id, "position": (position or 0) + 1}
    row |= {"stage": Stage.RECEIVED.value, "stage_since": now, "country": UNKNOWN, "details": sealed}
    connection.execute(insert(Person), row)
    due.reckon(connection, [dossier.request_id])
    dossier.persons.append(said)
    note(connection, Happening(dossier.request_id, _ADDED, said.id, account_id), now)
    return said


def _write(connection: Connection, keys: KeyRing, dossier: Dossier, spot: Spot) -> None:
    """Seal anew the row that holds the answer."""
    key = dossier.data_key(keys)
    if spot.block.scope is Scope.PERSON:
        said = dossier.persons[spot.number]
        sealed = key.seal(said.answers, Place("person", "details", said.id))
        values: dict[str, Any] = {"details": sealed}
        asks_where = spot.question.key in _WHERE
        if asks_where and said.id not in whereabouts.words_on(connection, key, dossier.request_id):
            at = whereabouts.said_by_family(said.answers)
            values |= {"country": at.country, "site_id": at.site_id}
        connection.execute(update(Person).where(Person.id == said.id).values(values))
    details = {"reference": dossier.reference, "requester": dossier.requester, "entries": dossier.entries}
    sealed = key.seal(details, Place("request", "details", dossier.request_id))
    connection.execute(update(Request).where(Request.id == dossier.request_id).values(details=sealed))


__all__ = ["MOST_ENTRIES", "Dossier", "Said", "add_person", "change", "drop_entry", "load", "open_for_staff"]
