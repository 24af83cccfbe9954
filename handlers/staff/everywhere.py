"""What every screen at the office's side has in common."""

from collections.abc import Mapping, Sequence

from bot.dialog import PressHandler
from bot.i18n import Html
from bot.screen import Button, Screen
from bot.turn import Turn
from casework import audit, team
from casework.permissions import Action
from casework.words import N_
from handlers.staff.guard import Guarded, OnDesk, at_desk
from handlers.staff.steps import Desk

BACK, DESK = N_("← Back"), N_("Desk")


def desk_screen(turn: Turn, text: Html, rows: Sequence[Sequence[Button]] = (), *, back: str = "") -> Screen:
    """Make a screen of staff's: protected, with the way back and the way to the desk below its own rows.

    Args:
        back: what the press on "Back" means; empty where the desk itself lies behind.
    """
    ways = [*([turn.button(BACK, back)] if back else []), turn.button(DESK, "desk")]
    return Screen(text, [*rows, ways], protected=True)


def page_buttons(turn: Turn, page: int, *, more: bool) -> list[Button]:
    """Make the buttons that turn the pages of a list; the press is "page" with the number of a page, from 0."""
    first = [turn.button(N_("First page"), "page:0")] if page else []
    return [*first, *([turn.button(N_("Next page"), f"page:{page + 1}")] if more else [])]


def note_who_did(turn: Turn, deed: str, subject_id: int) -> None:
    """Say above the next screen which colleague has done it already, of two who wanted to at once."""
    by = audit.last_by(turn.connection, deed, subject_id)
    name = team.name_of(turn.connection, turn.keys, by) if by is not None else team.NAMELESS
    turn.note(turn.t(N_("{name} has done that already."), name=name))


def to(action: Action, step: Desk) -> Guarded:
    """Make the handler of a button that just leads somewhere."""
    return at_desk(action, lambda turn, _: turn.go(step))


def leading(handler: OnDesk) -> Guarded:
    """Guard what only remembers a choice and leads to a screen of a case, which asks for itself who may see it."""
    return at_desk(Action.QUEUE, handler)


TO_DESK = to(Action.DESK, Desk.DESK)
TO_CASE = to(Action.QUEUE, Desk.CASE)  # the case asks for itself whether it may be read
FROM_DESK: Mapping[str, PressHandler] = {"desk": TO_DESK}
FROM_CASE: Mapping[str, PressHandler] = {"desk": TO_DESK, "case": TO_CASE}
