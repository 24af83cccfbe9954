"""What a search knows of a request: who is asked about, by which names, born when, thought to be where.

Opened from sealed rows and held in memory only (docs/design: nothing that follows from a name is on disk).
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, select

from casework.name_keys import Word, words_of
from casework.partial_dates import span
from casework.questions import UNKNOWN
from casework.stages import Stage
from db.models import Person, Request
from db.sealed import KeyRing, Place, SealBroken

_AT_ONCE = 500  # ids in one statement; SQLite takes 32,766
_BETWEEN_NAMES = re.compile(r"[,;/\n()]+")


class NameOf(StrEnum):
    """Whose name it is, or what else a word of somebody's answers may be."""

    OWN = "own"
    OTHER = "other"  # another name or spelling of the person
    MOTHER = "mother"
    FATHER = "father"
    REQUESTER = "requester"
    PLACE = "place"  # where the family thinks the person is, in its own words


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
    sent_at: datetime
    requester: tuple[Naming, ...]
    persons: tuple[Entry, ...]


def open_entries(
    connection: Connection, keys: KeyRing, request_ids: Iterable[int] | None = None
) -> Iterator[CaseEntry]:
    """Open requests, all of them where none are named. What is erased, or does not open, is left out."""
    if request_ids is None:
        yield from _open(connection, keys, None)
        return
    wanted = list(request_ids)
    for start in range(0, len(wanted), _AT_ONCE):
        yield from _open(connection, keys, wanted[start : start + _AT_ONCE])


def _open(connection: Connection, keys: KeyRing, only: list[int] | None) -> Iterator[CaseEntry]:
    requests = select(Request.id, Request.data_key, Request.details, Request.created_at).where(
        Request.erased_at.is_(None)
    )
    persons = select(
        Person.id, Person.request_id, Person.details, Person.country, Person.site_id, Person.stage
    ).order_by(Person.request_id, Person.position)
    if only is not None:
        requests, persons = requests.where(Request.id.in_(only)), persons.where(Person.request_id.in_(only))
    grouped = groupby(connection.execute(persons).all(), lambda row: row.request_id)
    by_request = {request_id: list(rows) for request_id, rows in grouped}
    for row in connection.execute(requests):
        try:
            yield _case(keys, row, by_request.get(row.id, []))
        except SealBroken:
            continue  # the card says so when somebody opens it; the others have to be found all the same


def _case(keys: KeyRing, row: Any, persons: list[Any]) -> CaseEntry:
    key = keys.data_key(row.data_key, Place("request", "data_key", row.id))
    details = key.open(row.details, Place("request", "details", row.id))
    opened = [(each, key.open(each.details, Place("person", "details", each.id))) for each in persons]
    return CaseEntry(
        row.id,
        details["reference"],
        row.created_at,
        tuple(_namings(NameOf.REQUESTER, details["requester"].get("name"))),
        tuple(_entry(person, answers) for person, answers in opened),
    )


def _entry(row: Any, answers: dict[str, Any]) -> Entry:
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
        (
            *_namings(NameOf.OWN, called),
            *_namings(NameOf.OTHER, answers.get("other_names")),
            *_namings(NameOf.MOTHER, answers.get("mother_name")),
            *_namings(NameOf.FATHER, answers.get("father_name")),
            *_namings(NameOf.PLACE, answers.get("place")),
        ),
    )


def _namings(of: NameOf, answer: Any) -> Iterator[Naming]:
    """Read an answer that may be spoken, unknown, a place of the list, or written names."""
    if not isinstance(answer, str) or answer == UNKNOWN:
        return
    for written in _BETWEEN_NAMES.split(answer) if of is NameOf.OTHER else [answer]:
        words = tuple(words_of(written))
        if words:
            yield Naming(of, written.strip(), words)


def _years(edtf: str) -> tuple[int, int]:
    first, last = span(edtf)
    return first.year, last.year
