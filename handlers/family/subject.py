"""Which request is being made stronger, and what was said in it."""

from typing import Any

from bot.turn import Turn
from casework import dossiers
from casework.blocks import Scope, Spot
from casework.dossiers import Dossier
from handlers.family.drafting import draft_of, keep

_KEY = "strengthen"


def choose(turn: Turn, request_id: int) -> None:
    """Make this the request that the next screens are about."""
    turn.state[_KEY] = request_id


def chosen(turn: Turn) -> int | None:
    """Return the request or draft that was chosen last."""
    request_id: int | None = turn.state.get(_KEY)
    return request_id


def dossier_of(turn: Turn) -> Dossier | None:
    """Open the request that is being made stronger; None where there is none that this account may open."""
    return dossier_with(turn, turn.state.get(_KEY, 0))


def dossier_with(turn: Turn, request_id: int) -> Dossier | None:
    """Open a request by its id, the draft's too; None where this account may not."""
    draft = draft_of(turn)
    if draft is not None and draft.request_id == request_id:
        return Dossier.of_draft(draft)
    return dossiers.load(turn.connection, turn.keys, turn.account_id, request_id) if request_id else None


def put(turn: Turn, dossier: Dossier, spot: Spot, value: Any) -> None:
    """Keep an answer: in the draft, or in the request with an event that staff see."""
    if dossier.draft is not None:
        dossier.put(spot, value)
        keep(turn, dossier.draft)
    elif spot.block.scope is Scope.PERSON and spot.number == len(dossier.persons):
        dossiers.add_person(turn.connection, turn.keys, turn.account_id, dossier, value, turn.now)
    else:
        dossiers.change(turn.connection, turn.keys, turn.account_id, dossier, spot, value, turn.now)
