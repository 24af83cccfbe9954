"""Facts beside the stage: what blocks or opens the way of one person, who says so, since when, and how sure it is.

Staff's alone: families read what the stages tell. Of DNA there is whether a sample was given, never a result. One row a
person and kind; the event on the case keeps what it was before.
"""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from casework.events import FACT, Happening, note
from casework.words import N_
from db.ids import new_id
from db.models import Event
from db.models import Fact as Row
from db.sealed import DataKey, Place

LONGEST_REMARK = 200  # characters: those of every fact of a person fit into one message


@dataclass(frozen=True)
class Word:
    """One entry of a list: its code as it is stored, and what staff read."""

    code: str
    label: str


@dataclass(frozen=True)
class FactKind:
    """One kind of fact, and how it can stand."""

    code: str
    label: str
    statuses: tuple[Word, ...]


_PENDING, _REFUSED = Word("pending", N_("pending")), Word("refused", N_("refused"))
_NOT_NEEDED = Word("not_needed", N_("not needed"))
_SAMPLE = (_PENDING, Word("taken", N_("taken")))
# In this order. A new kind of fact: an entry here, and its translations.
FACTS = (
    FactKind("relative_sample", N_("Relative's DNA sample"), _SAMPLE),
    FactKind("child_sample", N_("Child's DNA sample"), _SAMPLE),
    FactKind(
        "court",
        N_("Birth or citizenship court"),
        (_PENDING, Word("decided", N_("decided in favour")), _REFUSED, _NOT_NEEDED),
    ),
    FactKind(
        "mothers_consent",
        N_("Mother's consent"),
        (
            Word("signed", N_("signed")),
            Word("not_signed", N_("not signed yet")),
            Word("refused", N_("she does not agree")),
            _NOT_NEEDED,
        ),
    ),
    FactKind(
        "guardian",
        N_("Guardian"),
        (_PENDING, Word("approved", N_("approved")), _REFUSED, _NOT_NEEDED),
    ),
    FactKind(
        "exit_court",
        N_("Host country's court permission"),
        (_PENDING, Word("granted", N_("granted")), _REFUSED, _NOT_NEEDED),
    ),
)
KINDS = {each.code: each for each in FACTS}
SOURCES = (
    Word("herself", N_("the person")),
    Word("relative", N_("a relative")),
    Word("official", N_("an official")),
    Word("paper", N_("a paper that staff have seen")),
    Word("partner", N_("an aid organisation")),
    Word("media", N_("the media")),
)
CONFIDENCES = (
    Word("sure", N_("sure")),
    Word("likely", N_("likely")),
    Word("unsure", N_("unsure")),
)


@dataclass(frozen=True)
class Fact:
    """What is known.

    Attributes:
        status: a code of its kind's.
        source: a code of `SOURCES`.
        confidence: a code of `CONFIDENCES`.
        when: the day it is true of, as casework/partial_dates.py stores it; none where it was left out.
    """

    kind: str
    status: str
    source: str
    confidence: str
    when: dict[str, str] | None = None
    remark: str = ""

    def as_json(self) -> dict[str, Any]:
        """Return what an event holds of it."""
        return asdict(self)


@dataclass(frozen=True)
class Known:
    """A fact that is written down: by whom, and when."""

    fact: Fact
    by: int
    at: datetime


def of_request(connection: Connection, key: DataKey, request_id: int) -> dict[int, dict[str, Known]]:
    """Return the facts of a request, by person and by kind, in the order of the table.

    Args:
        key: the request's.
    """
    rows = connection.execute(select(Row).where(Row.request_id == request_id)).all()
    by_kind = {(row.person_id, row.kind): row for row in rows}
    found: dict[int, dict[str, Known]] = {row.person_id: {} for row in rows}
    for person_id, facts in found.items():
        facts |= {
            kind: _opened(key, by_kind[person_id, kind]) for kind in KINDS if (person_id, kind) in by_kind
        }
    return found


def _opened(key: DataKey, row: Any) -> Known:
    details = key.open(row.details, Place("fact", "details", row.id)) if row.details is not None else {}
    fact = Fact(
        row.kind, row.status, row.source, row.confidence, details.get("when"), details.get("remark", "")
    )
    return Known(fact, row.account_id, row.at)


def write(
    connection: Connection, key: DataKey, about: tuple[int, int], fact: Fact, by: int, now: datetime
) -> None:
    """Write a fact down, in the place of what was known before. The request has to be locked.

    Args:
        key: the request's.
        about: the request and the person.
    """
    request_id, person_id = about
    before = of_request(connection, key, request_id).get(person_id, {}).get(fact.kind)
    here = (Row.person_id == person_id) & (Row.kind == fact.kind)
    row_id = connection.scalar(select(Row.id).where(here)) or new_id()
    details = {"when": fact.when, "remark": fact.remark}
    values: dict[str, Any] = {"status": fact.status, "source": fact.source, "confidence": fact.confidence}
    values |= {"details": key.seal(details, Place("fact", "details", row_id)), "account_id": by, "at": now}
    if before is None:
        row = {"id": row_id, "request_id": request_id, "person_id": person_id, "kind": fact.kind}
        connection.execute(insert(Row), {**row, **values})
    else:
        connection.execute(update(Row).where(here).values(**values))
    _note(connection, key, about, (before.fact if before else None, fact), by, now)


def forget(
    connection: Connection, key: DataKey, about: tuple[int, int], kind: str, by: int, now: datetime
) -> None:
    """Take a fact out: nothing is known of it any more. The request has to be locked."""
    request_id, person_id = about
    before = of_request(connection, key, request_id).get(person_id, {}).get(kind)
    if before is not None:
        connection.execute(delete(Row).where(Row.person_id == person_id, Row.kind == kind))
        _note(connection, key, about, (before.fact, None), by, now)


def changed_by(connection: Connection, about: tuple[int, int]) -> int | None:
    """Return who changed the facts of a person last; None where nobody has.

    Args:
        about: the request and the person.
    """
    found: int | None = connection.scalar(
        select(Event.account_id)
        .where(Event.request_id == about[0], Event.person_id == about[1], Event.kind == FACT)
        .order_by(Event.id.desc())
        .limit(1)
    )
    return found


def _note(
    connection: Connection,
    key: DataKey,
    about: tuple[int, int],
    change: tuple[Fact | None, Fact | None],
    by: int,
    now: datetime,
) -> None:
    request_id, person_id = about
    before, after = (each.as_json() if each is not None else None for each in change)
    details = {"before": before, "after": after}
    note(connection, Happening(request_id, FACT, person_id, by, details), now, key)
