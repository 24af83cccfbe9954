"""Cancel: asks first, and keeps the answers unless somebody wants them deleted."""

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


def ask(turn: Turn) -> None:
    """Offer going on, stopping with the answers kept, and deleting them.

    Without a draft there is nothing to ask.
    """
    if draft_of(turn) is None or "spot" in turn.state:
        # Nothing would be lost: there is no draft, or it is left for a moment only.
        turn.go(At.STRENGTHEN if turn.state.pop("spot", None) else At.HOME)
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
