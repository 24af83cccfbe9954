"""What a search knows of a request: who is asked about, by which names, born when, thought to be where.

Opened from sealed rows and held in memory only (docs/design: nothing that follows from a name is on disk).
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Connection, select

from casework.name_keys import Word, words_of
from casework.partial_dates import span
from casework.questions import UNKNOWN
from casework.stages import Stage
from db.models import Person, Request
from db.sealed import KeyRing, Place, SealBroken

_AT_ONCE = 500  # ids in one statement; SQLite takes 32,766
_CHUNK = 1_000  # requests in one statement where all are read
_MOST_PIECES = 5_000  # pieces of names that are kept while all are read: names repeat
Pieces = dict[str, Word | None]
_BETWEEN_NAMES = re.compile(r"[,;/\n()]+")


class NameOf(StrEnum):
    """Whose name it is, or what else a word of somebody's answers may be."""

    OWN = "own"
    OTHER = "other"  # another name or spelling of the person
    MOTHER = "mother"
    FATHER = "father"
    REQUESTER = "requester"
    PLACE = "place"  # where the family thinks the person is, in its own words


_ANSWERS = {
    "name": NameOf.OWN,
    "other_names": NameOf.OTHER,
    "mother_name": NameOf.MOTHER,
    "father_name": NameOf.FATHER,
    "place": NameOf.PLACE,
}


@dataclass(frozen=True, slots=True)
class Naming:
    """A name as somebody wrote it."""

    of: NameOf
    written: str
    words: tuple[Word, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """One person of a request.

    Attributes:
        birth: as it is stored (casework/partial_dates.py); None where it is not known.
        years: the first and the last year in which they may have been born.
        country: ISO 3166, or "unknown".
    """

    person_id: int
    called: str
    birth: dict[str, str] | None
    years: tuple[int, int] | None
    country: str
    site_id: int | None
    withdrawn: bool
    namings: tuple[Naming, ...]


@dataclass(frozen=True, slots=True)
class CaseEntry:
    """One request."""

    request_id: int
    reference: str
    requester: tuple[Naming, ...]
    persons: tuple[Entry, ...]


def open_entries(
    connection: Connection, keys: KeyRing, request_ids: Iterable[int] | None = None
) -> Iterator[CaseEntry]:
    """Open requests, the oldest first; all of them where none are named.

    What is erased, or does not open, is left out.
    """
    pieces: Pieces = {}
    if request_ids is None:
        yield from _all(connection, keys, pieces)
        return
    wanted = sorted(request_ids)
    for start in range(0, len(wanted), _AT_ONCE):
        some = wanted[start : start + _AT_ONCE]
        yield from _open(connection, keys, Request.id.in_(some), Person.request_id.in_(some), pieces)


def _all(connection: Connection, keys: KeyRing, pieces: Pieces) -> Iterator[CaseEntry]:
    """Open everything, some thousand requests at a time: at once they would take more memory than the index."""
    last = 0
    while True:
        following = select(Request.id).where(Request.id > last).order_by(Request.id).limit(_CHUNK)
        some = connection.scalars(following).all()
        if not some:
            return
        here = Request.id.between(some[0], some[-1]), Person.request_id.between(some[0], some[-1])
        yield from _open(connection, keys, *here, pieces)
        last = some[-1]
        if len(pieces) > _MOST_PIECES:
            pieces.clear()


def _open(
    connection: Connection,
    keys: KeyRing,
    which: ColumnElement[bool],
    whose: ColumnElement[bool],
    pieces: Pieces,
) -> Iterator[CaseEntry]:
    standing = which, Request.erased_at.is_(None)
    requests = connection.execute(
        select(Request.id, Request.data_key, Request.details).where(*standing).order_by(Request.id)
    ).all()
    persons: dict[int, list[Any]] = {}
    for person in connection.execute(
        select(Person.id, Person.request_id, Person.details, Person.country, Person.site_id, Person.stage)
        .where(whose)
        .order_by(Person.request_id, Person.position)
    ):
        persons.setdefault(person.request_id, []).append(person)
    for row in requests:
        try:
            yield _case(keys, row, persons.get(row.id, []), pieces)
        except SealBroken:
            continue  # the card says so when somebody opens it; the others have to be found all the same


def _case(keys: KeyRing, row: Any, persons: list[Any], pieces: Pieces) -> CaseEntry:
    key = keys.data_key(row.data_key, Place("request", "data_key", row.id), again=False)
    details = key.open(row.details, Place("request", "details", row.id))
    opened = [(each, key.open(each.details, Place("person", "details", each.id))) for each in persons]
    return CaseEntry(
        row.id,
        details["reference"],
        tuple(_namings(NameOf.REQUESTER, details["requester"].get("name"), pieces)),
        tuple(_entry(person, answers, pieces) for person, answers in opened),
    )


def _entry(row: Any, answers: dict[str, Any], pieces: Pieces) -> Entry:
    called = answers.get("name")
    birth = answers.get("birth")
    known = birth if isinstance(birth, dict) and "edtf" in birth else None
    return Entry(
        row.id,
        called if isinstance(called, str) else "",
        known,
        _years(known["edtf"]) if known is not None else None,
        row.country,
        row.site_id,
        row.stage == Stage.WITHDRAWN,
        tuple(
            naming
            for key, of in _ANSWERS.items()
            if key in answers
            for naming in _namings(of, answers[key], pieces)
        ),
    )


def _namings(of: NameOf, answer: Any, pieces: Pieces) -> Iterator[Naming]:
    """Read an answer that may be spoken, unknown, a place of the list, or written names."""
    if not isinstance(answer, str) or answer == UNKNOWN:
        return
    for written in _BETWEEN_NAMES.split(answer) if of is NameOf.OTHER else [answer]:
        words = tuple(words_of(written, pieces))
        if words:
            yield Naming(of, written.strip(), words)


def _years(edtf: str) -> tuple[int, int]:
    first, last = span(edtf)
    return first.year, last.year
