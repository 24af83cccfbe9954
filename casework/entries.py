"""What a search knows of a request: who is asked about, by which names, born when, thought to be where.

Opened from sealed rows and held in memory only (docs/design: nothing that follows from a name is on disk).
"""

import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import groupby
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection, select

from casework.name_keys import Word, words_of
from casework.partial_dates import span
from casework.questions import UNKNOWN
from casework.stages import Stage
from db.models import Person, Request
from db.sealed import KeyRing, Place, SealBroken

_AT_ONCE = 500  # ids in one statement; SQLite takes 32,766
_NOBODY: tuple[int, Iterator[Any]] = sys.maxsize, iter(())  # when no more persons come
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
    connection: Connection,
    keys: KeyRing,
    request_ids: Iterable[int] | None = None,
    held: Mapping[str, Word] = MappingProxyType({}),
) -> Iterator[CaseEntry]:
    """Open requests, all of them where none are named. What is erased, or does not open, is left out.

    Args:
        held: words that are in memory already: one that many are called by is then there once.
    """
    if request_ids is None:
        yield from _open(connection, keys, None, held)
        return
    wanted = list(request_ids)
    for start in range(0, len(wanted), _AT_ONCE):
        yield from _open(connection, keys, wanted[start : start + _AT_ONCE], held)


def _open(
    connection: Connection, keys: KeyRing, only: list[int] | None, held: Mapping[str, Word]
) -> Iterator[CaseEntry]:
    requests = select(Request.id, Request.data_key, Request.details, Request.created_at).where(
        Request.erased_at.is_(None)
    )
    persons = select(
        Person.id, Person.request_id, Person.details, Person.country, Person.site_id, Person.stage
    ).order_by(Person.request_id, Person.position)
    if only is not None:
        requests, persons = requests.where(Request.id.in_(only)), persons.where(Person.request_id.in_(only))
    # Side by side, some rows at a time: all of a large office's at once would take more memory than the index.
    some = connection.execution_options(yield_per=_AT_ONCE)
    grouped = groupby(some.execute(persons), lambda row: row.request_id)
    next_id, group = next(grouped, _NOBODY)
    for row in some.execute(requests.order_by(Request.id)):
        while next_id < row.id:  # of an erased request
            next_id, group = next(grouped, _NOBODY)
        asked_about = list(group) if next_id == row.id else []
        try:
            yield _case(keys, row, asked_about, held)
        except SealBroken:
            continue  # the card says so when somebody opens it; the others have to be found all the same


def _case(keys: KeyRing, row: Any, persons: list[Any], held: Mapping[str, Word]) -> CaseEntry:
    key = keys.data_key(row.data_key, Place("request", "data_key", row.id))
    details = key.open(row.details, Place("request", "details", row.id))
    opened = [(each, key.open(each.details, Place("person", "details", each.id))) for each in persons]
    return CaseEntry(
        row.id,
        details["reference"],
        row.created_at,
        tuple(_namings(NameOf.REQUESTER, details["requester"].get("name"), held)),
        tuple(_entry(person, answers, held) for person, answers in opened),
    )


def _entry(row: Any, answers: dict[str, Any], held: Mapping[str, Word]) -> Entry:
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
            *_namings(NameOf.OWN, called, held),
            *_namings(NameOf.OTHER, answers.get("other_names"), held),
            *_namings(NameOf.MOTHER, answers.get("mother_name"), held),
            *_namings(NameOf.FATHER, answers.get("father_name"), held),
            *_namings(NameOf.PLACE, answers.get("place"), held),
        ),
    )


def _namings(of: NameOf, answer: Any, held: Mapping[str, Word]) -> Iterator[Naming]:
    """Read an answer that may be spoken, unknown, a place of the list, or written names."""
    if not isinstance(answer, str) or answer == UNKNOWN:
        return
    for written in _BETWEEN_NAMES.split(answer) if of is NameOf.OTHER else [answer]:
        words = tuple(held.get(word.plain, word) for word in words_of(written))
        if words:
            yield Naming(of, written.strip(), words)


def _years(edtf: str) -> tuple[int, int]:
    first, last = span(edtf)
    return first.year, last.year
