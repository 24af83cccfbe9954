"""Cancel: works anywhere. Asks first where something could be lost, and keeps the answers unless somebody wants them
deleted.
"""

from bot.dialog import Step
from bot.i18n import bold, paragraphs
from bot.screen import Screen
from bot.turn import Turn
from casework import submissions
from casework.words import N_
from handlers.family.drafting import draft_of, forget
from handlers.family.steps import At

_ASK = N_("Do you want to stop?")
_KEPT = N_("Nothing has been sent. Your answers are kept, and you can go on another day.")
_DELETED = N_("Your answers were deleted. Nothing was sent.")
# Where somebody fills in a request, or is reminded of one that waits.
_FILLING = frozenset({At.HOME, At.QUESTION, At.UNSURE, At.MORE, At.REVIEW, At.REMOVE, At.CANCEL})


def ask(turn: Turn) -> None:
    """Offer going on, stopping with the answers kept, and deleting them.

    Where there is no draft, or it is not what somebody is at, nothing would be lost and nothing is asked.
    """
    draft, stood_at = draft_of(turn), turn.state.get("before_cancel", At.QUESTION)
    if stood_at == At.PASS_ON:
        turn.go(At.PASS_ON)  # it asks what shall become of what was written
        return
    in_block = turn.state.pop("spot", None)
    if draft is None or draft.empty or in_block or stood_at not in _FILLING:
        turn.state.pop("before_cancel", None)
        turn.go(At.STRENGTHEN if in_block else At.HOME)
        return
    rows = [
        [turn.button(N_("Go on with my request"), "go_on", style="success")],
        [turn.button(N_("Stop for now, keep my answers"), "stop")],
        [turn.button(N_("Delete my answers"), "delete", style="danger")],
    ]
    turn.show(At.CANCEL, Screen(paragraphs(bold(turn.t(_ASK)), turn.t(_KEPT)), rows))


def _go_on(turn: Turn, _rest: str) -> None:
    turn.go(turn.state.pop("before_cancel", At.QUESTION))


def _stop(turn: Turn, _rest: str) -> None:
    turn.go(At.HOME)


def _delete(turn: Turn, _rest: str) -> None:
    draft = draft_of(turn)
    if draft is not None:
        submissions.erase(turn.connection, turn.now, request_id=draft.request_id)
    forget(turn)
    turn.note(turn.t(_DELETED))
    turn.go(At.HOME)


STEPS = (Step(At.CANCEL, ask, presses={"go_on": _go_on, "stop": _stop, "delete": _delete}),)
