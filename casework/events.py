"""What happens to a request: each event is a row on its history, and each kind has plain words.

Families read the words on their timeline and in /my_data, staff on the case. The details of an event are sealed with
the request's key; of what others than a family did, families never get them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert

from casework.stages import QUIET, TOLD
from casework.words import N_
from db.gathered import write
from db.ids import new_id
from db.models import Event
from db.sealed import DataKey, Place

_ADD_EVENT = insert(Event)
STAGE, STAGE_QUIETLY = "stage.", "stage_quietly"
FACT = "fact_set"
PUT_ON_FLIGHT, TAKEN_OFF_FLIGHT = "put_on_flight", "taken_off_flight"
PLACE_CHANGED = "place_changed"

# By the kind as it is stored. A kind that ends with a dot is followed by what it is about: a code of
# casework/paper_kinds.py, whose words are put in for {paper}.
WORDS: dict[str, str] = {
    "received": N_("the request arrived"),
    "withdrawn": N_("the request was withdrawn"),
    "person_withdrawn": N_("a person was taken out of the request"),
    "answer_changed": N_("an answer was changed"),
    "person_added": N_("a person was added"),
    "entry_dropped": N_("an entry was taken out"),
    "access_receipt": N_("the request was opened from another chat with its receipt code"),
    "access_invited": N_("an invited relative opened the request"),
    "family_keeps": N_("the family wants it kept"),
    "access_cut": N_("a chat was cut off from the request"),
    "portrait_received": N_("a photo of the person was received"),
    "file_removed": N_("something that was sent was removed"),
    "paper_have.": N_("{paper}: the family has it"),
    "paper_missing.": N_("{paper}: the family does not have it"),
    "paper_submitted.": N_("{paper}: received"),
    "paper_verified.": N_("{paper}: checked by staff"),
    "paper_rejected.": N_("{paper}: not good yet"),
    "paper_removed.": N_("{paper}: taken back"),
    "paper_asked.": N_("{paper}: the office asks for it"),
    "paper_unasked.": N_("{paper}: not asked for any more"),
    # Where somebody stands from then on, in the words a family reads; of some stages there is nothing to read.
    **{f"{STAGE}{stage}": told.now for stage, told in TOLD.items() if stage not in QUIET},
}

# Kinds whose details are the family's own words, before and after; of no other does /my_data give any.
OWN_CHANGES = frozenset({"answer_changed", "entry_dropped"})

# Kinds that the team alone reads of: neither a family's timeline nor /my_data tells that they happened.
STAFF_WORDS: dict[str, str] = {
    "taken": N_("a member of the team began to work on it"),
    "assigned": N_("it was handed to another member of the team"),
    "released": N_("it waits for a member of the team"),
    STAGE_QUIETLY: N_("the stage was changed"),
    PUT_ON_FLIGHT: N_("put on a flight"),
    TAKEN_OFF_FLIGHT: N_("taken off a flight"),
    PLACE_CHANGED: N_("whereabouts: the place was changed"),
    "tied_duplicate": N_("tied to another request of the same family"),
    "tied_competing": N_("tied to another family's request for the same person"),
    "tied_different": N_("compared with another request: two different people"),
    "untied": N_("the tie to another request was taken away"),
    FACT: N_("a fact was written down"),
    "kept_longer": N_("an admin wants it kept longer"),
    "erasure_asked": N_("the family wants it erased"),
    "held": N_("an admin forbids to erase it"),
    "hold_ended": N_("it may be erased again"),
    "erased": N_("the request was erased"),
}


@dataclass(frozen=True)
class Happening:
    """One thing that happened, before it is written.

    Attributes:
        person_id: whom of the request it is about.
        by: the account that did it; none where nobody did.
        details: what staff may read of it; sealed.
    """

    request_id: int
    kind: str
    person_id: int | None = None
    by: int | None = None
    details: Any = None


def note(
    connection: Connection,
    what: Happening,
    now: datetime,
    key: DataKey | None = None,
    *,
    with_request: bool = False,
) -> int:
    """Write an event on the request's history; return its id.

    Args:
        key: the request's; needed where there are details.
        with_request: the request's own row is written in this transaction too, and waits (db/gathered.py).

    Raises:
        KeyError: a kind of event that has no words: nobody could read of it.
    """
    row = _row(what, now, key)
    if with_request:
        write(connection, _ADD_EVENT, [row])
    else:
        connection.execute(_ADD_EVENT, row)
    event_id: int = row["id"]
    return event_id


def note_all(connection: Connection, what: Sequence[tuple[Happening, DataKey | None]], now: datetime) -> None:
    """Write events of many requests, each with the key of its request: one statement."""
    if what:
        connection.execute(_ADD_EVENT, [_row(each, now, key) for each, key in what])


def _row(what: Happening, now: datetime, key: DataKey | None) -> dict[str, Any]:
    words_of(what.kind)
    event_id = new_id()
    place = Place("event", "details", event_id)
    sealed = key.seal(what.details, place) if key is not None and what.details is not None else None
    row: dict[str, Any] = {"id": event_id, "request_id": what.request_id}
    row |= {"person_id": what.person_id, "account_id": what.by}
    return row | {"kind": what.kind, "at": now, "details": sealed}


def words_of(kind: str) -> tuple[str, str]:
    """Return the sentence for a kind of event, and the code of the paper it is about (empty where it is none)."""
    if kind in WORDS:
        return WORDS[kind], ""
    head, dot, code = kind.partition(".")
    return {**WORDS, **STAFF_WORDS}[head + dot], code


def for_families(kind: str) -> bool:
    """Whether a family may learn that this happened."""
    head, dot, _ = kind.partition(".")
    return kind in WORDS or head + dot in WORDS
