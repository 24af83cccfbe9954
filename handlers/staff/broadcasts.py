"""/broadcast: what is being written and what was sent; one draft, and everything it is made of.

A draft is rows of its own, so it waits as long as it has to. What it is made of is changed on screens of their own:
whom it goes to, its words, what goes with it, and sending it.
"""

from bot.dialog import Step
from bot.i18n import Html, bold, code, joined, paragraphs
from bot.incoming import id_in, page_in
from bot.screen import Button
from bot.turn import Turn
from casework import approvals, audit, broadcasts
from casework.audit import Deed
from casework.broadcasts import Broadcast, State
from casework.permissions import Action
from casework.words import N_
from handlers.family.everywhere import side_by_side
from handlers.staff.broadcast_words import STATES, URGENT, title_in_words
from handlers.staff.everywhere import FROM_DESK, desk_screen, page_buttons, to
from handlers.staff.guard import at_desk
from handlers.staff.steps import Desk

TO_BROADCASTS = N_("Broadcasts")
A_PAGE = 8
_NONE = N_("Nothing was written yet.")
_HOW = N_("A broadcast goes to many families at once, to each in their language.")
_GONE = N_("This broadcast is not there any more.")
_DROP = N_("Drop this draft? Its words are erased.")
_DROPPED = N_("The draft is dropped.")


def current(turn: Turn) -> Broadcast | None:
    """Return the broadcast that the dialog is at; where it is gone, go back to the list."""
    broadcast = broadcasts.lock(turn.connection, turn.keys, turn.state.get("cast", {}).get("id", 0))
    if broadcast is None:
        turn.note(turn.t(_GONE))
        turn.go(Desk.CASTS)
    return broadcast


def started(turn: Turn) -> Broadcast | None:
    """Return the broadcast of the screen if it was sent; otherwise show how it stands."""
    broadcast = current(turn)
    if broadcast is not None and broadcast.state is not State.STARTED:
        turn.go(Desk.CAST)
        return None
    return broadcast


def waits_for_second(turn: Turn, broadcast: Broadcast) -> bool:
    """Whether somebody is to decide about it."""
    if broadcast.approval_id is None:
        return False
    found = approvals.get(turn.connection, turn.keys, broadcast.approval_id)
    return found is not None and found.state is approvals.State.OPEN


def draft(turn: Turn) -> Broadcast | None:
    """Return the draft that the dialog is at, if it may be changed; otherwise show how it stands."""
    broadcast = current(turn)
    if broadcast is None:
        return None
    if broadcast.state is not State.DRAFT or waits_for_second(turn, broadcast):
        turn.go(Desk.CAST)
        return None
    return broadcast


def save(turn: Turn, broadcast: Broadcast) -> None:
    """Write the draft, and show it."""
    broadcasts.save(turn.connection, turn.keys, broadcast)
    turn.go(Desk.CAST)


def open_broadcast(turn: Turn, broadcast_id: int) -> None:
    turn.state["cast"] = {"id": broadcast_id}
    turn.go(Desk.CAST)


def _list(turn: Turn, _rest: str) -> None:
    page = turn.state.get("casts", 0)
    found = broadcasts.listed(turn.connection, turn.keys, page * A_PAGE, A_PAGE + 1)
    lines = [_line(turn, each) for each in found[:A_PAGE]]
    buttons = [[Button(each.details.code, f"cast:{each.id}")] for each in found[:A_PAGE]]
    pages = page_buttons(turn, page, more=len(found) > A_PAGE)
    new = [turn.button(N_("New broadcast"), "new", style="success")]
    text = paragraphs(bold(turn.t(TO_BROADCASTS)), turn.t(_HOW), joined(lines) if lines else turn.t(_NONE))
    turn.show(Desk.CASTS, desk_screen(turn, text, [new, *side_by_side([each[0] for each in buttons]), pages]))


def _line(turn: Turn, broadcast: Broadcast) -> Html:
    when = broadcast.due_at or broadcast.started_at or broadcast.created_at
    words = [code(broadcast.details.code), turn.t(STATES[broadcast.state])]
    words += [turn.t(URGENT)] if broadcast.urgent else []
    return joined([*words, Html(turn.locale.moment(when, turn.zone))], " · ")


def _turn_page(turn: Turn, page: str) -> bool | None:
    number = page_in(page)
    if number is None:
        return False
    turn.state["casts"] = number
    turn.go(Desk.CASTS)
    return None


def _new(turn: Turn, _rest: str) -> None:
    broadcast_id = broadcasts.begin(turn.connection, turn.keys, turn.account_id, turn.now)
    audit.record(
        turn.connection,
        turn.keys,
        Deed("broadcast_begun", turn.account_id, subject_id=broadcast_id),
        turn.now,
    )
    open_broadcast(turn, broadcast_id)


def _open(turn: Turn, carried: str) -> bool | None:
    broadcast_id = id_in(carried)
    if broadcast_id is None or broadcasts.get(turn.connection, turn.keys, broadcast_id) is None:
        return False
    open_broadcast(turn, broadcast_id)
    return None


def _ask_drop(turn: Turn, _rest: str) -> None:
    broadcast = draft(turn)
    if broadcast is not None:
        rows = [[turn.button(N_("Yes, drop it"), "yes", style="danger")]]
        text = paragraphs(title_in_words(turn, broadcast), turn.t(_DROP))
        turn.show(Desk.CAST_DROP, desk_screen(turn, text, rows, back="draft"))


def _drop(turn: Turn, _rest: str) -> None:
    broadcast = draft(turn)
    if broadcast is not None:
        broadcasts.drop(turn.connection, broadcast.id)
        turn.note(turn.t(_DROPPED))
        turn.go(Desk.CASTS)


BROADCASTS = to(Action.BROADCAST, Desk.CASTS)
DRAFT = to(Action.BROADCAST, Desk.CAST)
FROM_ANYWHERE = at_desk(Action.BROADCAST, _open)
STEPS = (
    Step(
        Desk.CASTS,
        at_desk(Action.BROADCAST, _list),
        presses={
            "new": at_desk(Action.BROADCAST, _new),
            "cast": FROM_ANYWHERE,
            "page": at_desk(Action.BROADCAST, _turn_page),
            **FROM_DESK,
        },
    ),
    Step(
        Desk.CAST_DROP,
        at_desk(Action.BROADCAST, _ask_drop),
        presses={"yes": at_desk(Action.BROADCAST, _drop), "draft": DRAFT, **FROM_DESK},
    ),
)
