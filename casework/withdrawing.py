"""Taking a request back: wholly, or for one person.

Staff stop working on it unless the law obliges them to go on. It stays stored, and staff take it up again when the
family asks them to. That somebody has died is never told by a difference here: their stage stays, for staff; the
family sees everybody as withdrawn (casework/requests.py).
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select, update

from casework import access, due
from casework.events import Happening, note
from casework.requests import PERSON_WITHDRAWN, REQUEST_WITHDRAWN
from casework.stages import Stage
from db.models import Event, Person, Request
from db.sealed import KeyRing, Place

_OVER = frozenset({Stage.WITHDRAWN, Stage.CLOSED})  # nothing is left to withdraw


@dataclass(frozen=True)
class Withdrawn:
    """What was withdrawn just now; `others` are the accounts that can open the request too."""

    persons: int
    whole: bool
    others: tuple[int, ...]


def withdraw(
    connection: Connection,
    keys: KeyRing,
    request_id: int,
    account_id: int,
    now: datetime,
    person_id: int | None = None,
) -> Withdrawn | None:
    """Withdraw a person, or everybody where none is named; None where there is nothing (left) to withdraw.

    Without its last person the whole request is withdrawn. Whoever can open a request can withdraw it.
    """
    if not access.opens(connection, account_id, request_id):
        return None
    open_ones = _not_withdrawn(connection, request_id)
    chosen = [row for row in open_ones if person_id in {None, row.id}]
    if not chosen:
        return None
    for person in chosen:
        _withdraw_person(connection, keys, request_id, person, account_id, now)
    due.reckon(connection, [request_id])
    whole = len(chosen) == len(open_ones)
    if whole:
        connection.execute(update(Request).where(Request.id == request_id).values(withdrawn_at=now))
        note(connection, Happening(request_id, REQUEST_WITHDRAWN, by=account_id), now)
    holders = access.holders(connection, request_id)
    others = tuple(each.account_id for each in holders if each.account_id != account_id)
    return Withdrawn(len(chosen), whole, others)


def _not_withdrawn(connection: Connection, request_id: int) -> list[Any]:
    gone = select(Event.person_id).where(Event.request_id == request_id, Event.kind == PERSON_WITHDRAWN)
    return list(
        connection.execute(
            select(Person.id, Person.stage, Request.data_key)
            .join(Request, Request.id == Person.request_id)
            .where(
                Person.request_id == request_id,
                Person.stage.not_in(_OVER),
                # Who has died keeps that stage, so their event says that they were withdrawn.
                (Person.stage != Stage.DECEASED) | Person.id.not_in(gone),
            )
            .order_by(Person.position)
            .with_for_update()
        )
    )


def _withdraw_person(
    connection: Connection, keys: KeyRing, request_id: int, person: Any, account_id: int, now: datetime
) -> None:
    key = keys.data_key(person.data_key, Place("request", "data_key", request_id))
    what = Happening(request_id, PERSON_WITHDRAWN, person.id, account_id, {"from": person.stage})
    note(connection, what, now, key)
    if person.stage != Stage.DECEASED:
        connection.execute(
            update(Person).where(Person.id == person.id).values(stage=Stage.WITHDRAWN.value, stage_since=now)
        )
