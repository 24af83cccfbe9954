"""/flights: the journeys that are being prepared, who is on each by reference and stage, begun and closed.

Who is put on one stands in handlers/staff/boarding.py. Nothing here names anybody, as in the queue.
"""

from typing import Any

from bot.dialog import Step
from bot.i18n import Html, bold, code, joined, paragraphs, safe
from bot.incoming import id_in, page_in
from bot.screen import Button
from bot.turn import Turn
from casework import flights, groups
from casework.flights import Flight
from casework.groups import Group, Line, Of
from casework.listed_names import LONGEST, listed_name
from casework.permissions import Action, may
from casework.stages import STAFF_WORDS
from casework.words import N_
from handlers.family.everywhere import in_rows
from handlers.staff.everywhere import FROM_DESK, desk_screen, note_who_did, page_buttons, to
from handlers.staff.group_words import counted_in_words
from handlers.staff.guard import at_desk
from handlers.staff.many import EVERYBODY, everybody_button
from handlers.staff.place_words import persons_in_words
from handlers.staff.queue import OPEN_CASE
from handlers.staff.steps import Desk

TO_FLIGHTS = N_("Flights")
A_PAGE = 8
NAME_LENGTH = N_("A name may have {most} letters at most, and needs a letter or a digit.")
_CLOSED = N_("Closed flights")
_NONE = N_("There is no flight here.")
_HOW = N_("What does the office call it? A code or a number. No names of people, and no day is needed.")
_SAME = N_("An open flight is called the same.")
_GONE = N_("This flight is not there any more.")


def _open_list(turn: Turn, which: str) -> bool | None:
    """Show the open flights from the first page on, or those that are closed."""
    if which not in {"", "open", "closed"}:
        return False
    turn.state["flights"] = {"closed": which == "closed", "page": 0}
    turn.go(Desk.FLIGHTS)
    return None


def _list(turn: Turn, _rest: str) -> None:
    look: dict[str, Any] = turn.state.setdefault("flights", {"closed": False, "page": 0})
    found = flights.listed(turn.connection, closed=look["closed"])
    first = look["page"] * A_PAGE
    shown = found[first : first + A_PAGE]
    lines = [_line(turn, number, each) for number, each in enumerate(shown, first + 1)]
    buttons = [
        [Button(f"{number}. {each.called}", f"flight:{each.id}")]
        for number, each in enumerate(shown, first + 1)
    ]
    pages = page_buttons(turn, look["page"], more=first + A_PAGE < len(found))
    others = (
        turn.button(N_("Open flights"), "list:open")
        if look["closed"]
        else turn.button(_CLOSED, "list:closed")
    )
    new = [turn.button(N_("New flight"), "new")] if may(turn.role, Action.CHANGE_FLIGHTS) else []
    title = bold(turn.t(_CLOSED if look["closed"] else TO_FLIGHTS))
    text = paragraphs(title, joined(lines) if lines else turn.t(_NONE))
    turn.show(Desk.FLIGHTS, desk_screen(turn, text, [*buttons, pages, new, [others]]))


def _line(turn: Turn, number: int, flight: Flight) -> Html:
    return Html(f"{number}. {bold(safe(flight.called))} · {persons_in_words(turn, flight.persons)}")


def _turn_list(turn: Turn, page: str) -> bool | None:
    return _to_page(turn, "flights", page, Desk.FLIGHTS)


def _turn_flight(turn: Turn, page: str) -> bool | None:
    return _to_page(turn, "flight", page, Desk.FLIGHT)


def _to_page(turn: Turn, look: str, page: str, step: Desk) -> bool | None:
    number = page_in(page)
    if number is None or look not in turn.state:
        return False
    turn.state[look]["page"] = number
    turn.go(step)
    return None


def _open(turn: Turn, carried: str) -> bool | None:
    flight_id = id_in(carried)
    if flight_id is None or flights.get(turn.connection, flight_id) is None:
        return False
    open_flight(turn, flight_id)
    return None


def open_flight(turn: Turn, flight_id: int) -> None:
    turn.state["flight"] = {"id": flight_id, "page": 0}
    turn.go(Desk.FLIGHT)


def _show(turn: Turn, _rest: str) -> None:
    look: dict[str, Any] = turn.state.get("flight", {})
    flight = flights.get(turn.connection, look.get("id", 0))
    if flight is None:
        turn.note(turn.t(_GONE))
        turn.go(Desk.FLIGHTS)
        return
    group, first = Group(Of.FLIGHT, flight.id), look["page"] * A_PAGE
    found = groups.page(turn.connection, turn.keys, group, first, A_PAGE + 1)
    shown = found[:A_PAGE]
    text = paragraphs(
        _heading(turn, flight),
        counted_in_words(turn, groups.standing(turn.connection, group)),
        lines_in_words(turn, shown),
    )
    pages = page_buttons(turn, look["page"], more=len(found) > A_PAGE)
    rows = [*in_rows(case_buttons(shown), 2), pages, everybody_button(turn, group, flight.persons)]
    turn.show(Desk.FLIGHT, desk_screen(turn, text, [*rows, _changing(turn, flight)], back="flights"))


def _heading(turn: Turn, flight: Flight) -> Html:
    if flight.closed_at is None:
        state = turn.t(N_("open since {day}"), day=turn.locale.date(flight.created_at, turn.zone))
    else:
        state = turn.t(N_("closed on {day}"), day=turn.locale.date(flight.closed_at, turn.zone))
    facts = [bold(safe(flight.called)), persons_in_words(turn, flight.persons), state]
    return joined(facts, " · ")


def lines_in_words(turn: Turn, lines: list[Line]) -> Html:
    """List persons by reference and stage."""
    return joined(Html(f"{code(each.reference)} · {turn.t(STAFF_WORDS[each.stage])}") for each in lines)


def case_buttons(lines: list[Line]) -> list[Button]:
    """Make a button for each case of a list."""
    cases = {each.request_id: each.reference for each in lines}
    return [Button(reference, f"open:{request_id}") for request_id, reference in cases.items()]


def _changing(turn: Turn, flight: Flight) -> list[Button]:
    if not may(turn.role, Action.CHANGE_FLIGHTS):
        return []
    if flight.closed_at is None:
        return [turn.button(N_("Close this flight"), f"close:{flight.id}")]
    return [turn.button(N_("Open it again"), f"reopen:{flight.id}")]


def _close(turn: Turn, carried: str) -> bool | None:
    return _turn_to(turn, carried, closed=True)


def _reopen(turn: Turn, carried: str) -> bool | None:
    return _turn_to(turn, carried, closed=False)


def _turn_to(turn: Turn, carried: str, *, closed: bool) -> bool | None:
    """Close or open the flight on the screen; of two who do so at once the second is told."""
    flight_id = turn.state.get("flight", {}).get("id", 0)
    if carried != str(flight_id):
        return False
    change = flights.close if closed else flights.reopen
    if not change(turn.connection, turn.keys, flight_id, turn.account_id, turn.now):
        note_who_did(turn, "flight_closed" if closed else "flight_opened", flight_id)
    turn.go(Desk.FLIGHT)
    return None


def _ask_name(turn: Turn, _rest: str) -> None:
    text = paragraphs(bold(turn.t(N_("New flight"))), turn.t(_HOW))
    turn.show(Desk.FLIGHT_NEW, desk_screen(turn, text, back="flights"))


def _named(turn: Turn, _rest: str) -> None:
    name = listed_name(turn.incoming.text)
    if name is None:
        turn.note(turn.t(NAME_LENGTH, most=LONGEST))
        turn.go(Desk.FLIGHT_NEW)
        return
    flight_id = flights.make(turn.connection, turn.keys, name, turn.account_id, turn.now)
    if flight_id is None:
        turn.note(turn.t(_SAME))
        turn.go(Desk.FLIGHT_NEW)
    else:
        open_flight(turn, flight_id)


FLIGHTS = at_desk(Action.SEE_FLIGHTS, _open_list)
BACK = to(Action.SEE_FLIGHTS, Desk.FLIGHTS)
STEPS = (
    Step(
        Desk.FLIGHTS,
        at_desk(Action.SEE_FLIGHTS, _list),
        presses={
            "flight": at_desk(Action.SEE_FLIGHTS, _open),
            "page": at_desk(Action.SEE_FLIGHTS, _turn_list),
            "list": FLIGHTS,
            "new": to(Action.CHANGE_FLIGHTS, Desk.FLIGHT_NEW),
            **FROM_DESK,
        },
    ),
    Step(
        Desk.FLIGHT,
        at_desk(Action.SEE_FLIGHTS, _show),
        presses={
            "open": OPEN_CASE,
            "page": at_desk(Action.SEE_FLIGHTS, _turn_flight),
            "many": EVERYBODY,
            "close": at_desk(Action.CHANGE_FLIGHTS, _close),
            "reopen": at_desk(Action.CHANGE_FLIGHTS, _reopen),
            "flights": BACK,
            **FROM_DESK,
        },
    ),
    Step(
        Desk.FLIGHT_NEW,
        at_desk(Action.CHANGE_FLIGHTS, _ask_name),
        at_desk(Action.CHANGE_FLIGHTS, _named),
        {"flights": BACK, **FROM_DESK},
    ),
)
