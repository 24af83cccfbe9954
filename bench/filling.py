"""Fills a database with requests, by the hundred thousand where it must be.

Each request is filed by casework's own function, sealed and indexed as any other. What takes time is to make answers up
and have them understood: a few hundred drafts are thought out with care, and the rest are those with other names.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random

from sqlalchemy import Connection, Engine, func, insert, select, update

from bench.planted import answer_to, name_of
from bot.i18n import Locale, Locales
from casework import messages, requests
from casework.drafts import Draft
from casework.messages import Said
from casework.questions import Kind
from casework.stages import Stage
from db.gathered import gathering, write
from db.ids import new_id
from db.models import Account, Person, Request
from db.sealed import KeyRing, Place

_ADD_ACCOUNT = insert(Account)
_AT_ONCE = 500  # cases in one transaction
_EACH = 3  # requests of one family: fewer accounts, sooner full
_WRITES = 20  # the family of one in so many requests waits for an answer
_DAYS = 400  # over which they were filed
_PATTERNS = 400  # drafts made up with care


class Filling:
    """Files made-up requests of families in every language."""

    def __init__(self, keys: KeyRing, locales: Locales, dice: Random) -> None:
        self._keys, self._locales, self._dice = keys, list(locales), dice
        self._patterns: list[tuple[Locale, Draft]] = []
        self._account = 0
        self._waiting: list[tuple[int, int, datetime]] = []

    def fill(self, engine: Engine, cases: int, now: datetime) -> Iterator[str]:
        """File so many more, over the last 400 days, at every stage; yield their references."""
        for start in range(0, cases, _AT_ONCE):
            with engine.begin() as connection, gathering(connection):
                for number in range(min(_AT_ONCE, cases - start)):
                    yield self._file(connection, number, now)
            with engine.begin() as connection:
                self._write(connection)
        with engine.begin() as connection:
            _spread(connection, self._dice)

    def _file(self, connection: Connection, number: int, now: datetime) -> str:
        locale, draft = self._draft()
        if number % _EACH == 0:
            self._account = _account(connection, self._keys, locale.code, now)
        at = now - timedelta(days=self._dice.randrange(_DAYS), minutes=self._dice.randrange(1440))
        filed = requests.file(connection, self._keys, self._account, locale.code, draft, at)
        if number % _WRITES == 0:
            self._waiting.append((self._account, filed.request_id, at))
        return filed.reference

    def _write(self, connection: Connection) -> None:
        """Let some families write about what is filed by now; they wait for an answer."""
        for account, request_id, at in self._waiting:
            key = messages.key_of(connection, self._keys, account)
            messages.receive(connection, key, account, Said("Is there any news?", request_id), at)
        self._waiting.clear()

    def _draft(self) -> tuple[Locale, Draft]:
        if len(self._patterns) < _PATTERNS:
            locale = self._dice.choice(self._locales)
            self._patterns.append((locale, _thought_out(locale, self._dice)))
            return self._patterns[-1]
        locale, pattern = self._dice.choice(self._patterns)
        draft = Draft(
            dict(pattern.requester),
            [dict(person) for person in pattern.persons],
            person_ids=[new_id() for _ in pattern.persons],
        )
        for at in draft.way():
            if at.question.kind is Kind.NAME and isinstance(draft.answer(at), str):
                draft.put(at, name_of(locale.code, self._dice))
        return locale, draft


def _thought_out(locale: Locale, dice: Random) -> Draft:
    draft = Draft()
    for _ in range(dice.choice((0, 0, 1, 2))):
        draft.add_person()
    for at in draft.way():
        draft.put(at, answer_to(at.question, locale, dice).value)
    return draft


def _account(connection: Connection, keys: KeyRing, language: str, now: datetime) -> int:
    account_id = new_id()
    key, wrapped = keys.new_data_key(Place("account", "data_key", account_id))
    row = {"id": account_id, "telegram_key": keys.lookup("telegram", account_id), "data_key": wrapped}
    row |= {"address": key.seal(account_id, Place("account", "address", account_id)), "created_at": now}
    write(connection, _ADD_ACCOUNT, [{**row, "language": language}])
    return account_id


def _spread(connection: Connection, dice: Random) -> None:
    """Let the persons stand anywhere on the way, and half of the cases be taken where there is somebody."""
    stages = [stage.value for stage in Stage if stage not in {Stage.WITHDRAWN, Stage.DECEASED}]
    boss = connection.scalar(select(Account.id).where(Account.role == "admin"))
    for stage in stages:
        some = Person.id % len(stages) == stages.index(stage)
        connection.execute(update(Person).where(some).values(stage=stage))
    if boss is not None:
        taken = func.coalesce(Request.taken_at, Request.created_at)
        half = Request.id % 2 == 0
        connection.execute(update(Request).where(half).values(holder_id=boss, taken_at=taken))
    asked = Request.id % 7 == dice.randrange(7)
    connection.execute(update(Request).where(asked).values(asked_at=Request.created_at))
