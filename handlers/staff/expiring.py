"""/expiring: which cases will be erased because nothing new comes, and which an admin keeps from it.

Staff see those they have, admins all. Opening a case and writing anything there begins its time anew.
"""

from typing import Any

from bot.dialog import Step
from bot.i18n import Html, bold, code, joined, paragraphs
from bot.incoming import page_in
from bot.screen import Button
from bot.turn import Turn
from casework import expiring, team
from casework.expiring import Line
from casework.permissions import Action, may
from casework.words import N_
from handlers.family.everywhere import in_rows
from handlers.staff.everywhere import FROM_DESK, desk_screen, page_buttons
from handlers.staff.guard import at_desk
from handlers.staff.queue import OPEN_CASE
from handlers.staff.steps import Desk

TO_EXPIRING = N_("Soon erased: {n}")
A_PAGE = 8
_TITLE = N_("Soon erased, because nothing new comes")
_HELD = N_("On hold: not to be erased")
_NONE = N_("No case is here now.")
_FROM = N_("{reference} · erased from {day} on")
_NEW_KEEPS = N_("Anything new keeps a case: a message, a paper, a note, a change of stage.")


def waiting(turn: Turn) -> int:
    """Count what this person was warned of."""
    return expiring.count(turn.connection, _whose(turn))


def _whose(turn: Turn) -> int | None:
    return None if may(turn.role, Action.KEEP) else turn.account_id


def _open(turn: Turn, which: str) -> bool | None:
    if which not in {"", "held"}:
        return False
    turn.state["expiring"] = {"held": which == "held", "page": 0}
    turn.go(Desk.EXPIRING)
    return None


def _from_anywhere(turn: Turn, _rest: str) -> None:
    _open(turn, "")


def _list(turn: Turn, _rest: str) -> None:
    look: dict[str, Any] = turn.state.setdefault("expiring", {"held": False, "page": 0})
    found, first = _page(turn, look), look["page"] * A_PAGE
    shown = found[:A_PAGE]
    lines = [_line(turn, number, each, held=look["held"]) for number, each in enumerate(shown, first + 1)]
    text = paragraphs(
        bold(turn.t(_HELD if look["held"] else _TITLE)),
        joined(lines) if lines else turn.t(_NONE),
        turn.t(_NEW_KEEPS) if lines and not look["held"] else None,
    )
    cases = [Button(each.reference, f"open:{each.expiry.request_id}") for each in shown]
    pages = page_buttons(turn, look["page"], more=len(found) > A_PAGE)
    turn.show(Desk.EXPIRING, desk_screen(turn, text, [*in_rows(cases, 2), pages, _other(turn, look)]))


def _page(turn: Turn, look: dict[str, Any]) -> list[Line]:
    first = look["page"] * A_PAGE
    if look["held"]:
        return expiring.held(turn.connection, turn.keys, turn.around.periods, first, A_PAGE + 1)
    whose = _whose(turn)
    return expiring.warned(turn.connection, turn.keys, turn.around.periods, whose, first, A_PAGE + 1)


def _other(turn: Turn, look: dict[str, Any]) -> list[Button]:
    if not may(turn.role, Action.KEEP):
        return []
    if look["held"]:
        return [turn.button(_TITLE, "list")]
    return [turn.button(_HELD, "list:held")]


def _line(turn: Turn, number: int, line: Line, *, held: bool) -> Html:
    """Say which case, from when on it may be erased, and who has it."""
    day = turn.locale.date(line.expiry.erased_from, turn.zone)
    what = code(line.reference) if held else turn.t(_FROM, reference=code(line.reference), day=day)
    holder = line.expiry.holder_id
    name = team.name_of(turn.connection, turn.keys, holder) if holder is not None else None
    who = turn.t(N_("with {name}"), name=name) if name is not None else turn.t(N_("nobody has it"))
    return Html(f"{number}. {joined([what, who], ' · ')}")


def _turn_page(turn: Turn, carried: str) -> bool | None:
    number = page_in(carried)
    if number is None or "expiring" not in turn.state:
        return False
    turn.state["expiring"]["page"] = number
    turn.go(Desk.EXPIRING)
    return None


EXPIRING = at_desk(Action.SEE_EXPIRING, _open)
FROM_ANYWHERE = at_desk(Action.SEE_EXPIRING, _from_anywhere)
STEPS = (
    Step(
        Desk.EXPIRING,
        at_desk(Action.SEE_EXPIRING, _list),
        presses={
            "open": OPEN_CASE,
            "page": at_desk(Action.SEE_EXPIRING, _turn_page),
            "list": at_desk(Action.SEE_EXPIRING, _open),
            **FROM_DESK,
        },
    ),
)
