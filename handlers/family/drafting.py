"""The draft inside the dialog row."""

from bot.turn import Turn
from casework import requests
from casework.drafts import At as Place
from casework.drafts import Draft


def draft_of(turn: Turn) -> Draft | None:
    """Return the draft this person is writing, if any."""
    stored = turn.state.get("draft")
    return Draft.from_json(stored) if stored is not None else None


def begin(turn: Turn) -> Draft:
    """Begin a draft, with what this person has said of themselves in an earlier request."""
    before = requests.requester_before(turn.connection, turn.keys, turn.account_id)
    draft = Draft(requester=before, begun=turn.now.date().isoformat(), from_before=list(before))
    keep(turn, draft)
    return draft


def keep(turn: Turn, draft: Draft) -> None:
    """Keep the draft; beside it, for the reminders, which one it is and when it was last written."""
    turn.state["draft"] = draft.to_json()
    waits = not draft.empty
    turn.loaded.draft_id = draft.request_id if waits else None
    turn.loaded.drafted_at = turn.now if waits else None


def forget(turn: Turn) -> None:
    """Drop the draft and every trace of where in it the person stood."""
    for key in ("draft", "at", "changing", "tries", "problem", "offer", "spot"):
        turn.state.pop(key, None)
    turn.loaded.draft_id = turn.loaded.drafted_at = None


def stand_at(turn: Turn, place: Place) -> None:
    """Make this the question that the next answer belongs to."""
    turn.state["at"] = str(place)
    for key in ("tries", "problem", "offer", "spot"):
        turn.state.pop(key, None)


def place_of(turn: Turn, draft: Draft) -> Place | None:
    """Return the question the person stands at."""
    return draft.find(turn.state.get("at", "")) or draft.first_open()
