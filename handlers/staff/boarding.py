"""Putting a person of a case on a flight, or taking them off. The family reads nothing of it."""

from bot.dialog import Step
from bot.i18n import Html, bold, paragraphs, safe
from bot.incoming import id_in
from bot.screen import Button
from bot.turn import Turn
from casework import dossiers, flights
from casework.case_files import CaseFile, PersonFile
from casework.caseload import Case
from casework.flights import MOST_OFFERED, Outcome, Passenger
from casework.permissions import Action
from casework.stages import STAFF_WORDS
from casework.transitions import JOURNEY
from casework.words import N_
from handlers.staff.everywhere import FROM_CASE, desk_screen
from handlers.staff.guard import on_case
from handlers.staff.moving import called
from handlers.staff.steps import Desk

_ON = N_("Flight: {name}")
_WHICH = N_("On which flight?")
_NO_FLIGHT = N_("No flight is open. Begin one by /flights.")
_QUIET = N_("The family reads nothing of it.")
_OFF = N_("Taken off the flight.")
_SAID = {
    Outcome.DONE: N_("Put on the flight."),
    Outcome.ALREADY: N_("This person is on that flight already."),
    Outcome.CLOSED: N_("This flight was closed meanwhile."),
    Outcome.NOT_YET: N_("Only who stands at one of these stages can be put on a flight: {stages}."),
}


def any_may(file: CaseFile) -> bool:
    """Whether there is anything to decide about anybody's flight."""
    return any(each.stage in JOURNEY or each.flight_id is not None for each in file.persons)


def on_flight(turn: Turn, _file: CaseFile, person: PersonFile) -> Html | None:
    """Say on the card which flight somebody is on."""
    return turn.t(_ON, name=person.flight) if person.flight is not None else None


def _choose(turn: Turn, case: Case, _rest: str) -> None:
    """Begin: of a single person it can be about, with the flights at once."""
    found = flights.passengers(turn.connection, case.request_id)
    if len(found) == 1:
        turn.state["board"] = found[0].person_id
        turn.go(Desk.BOARD)
    elif found:
        turn.go(Desk.BOARD_WHO)
    else:
        turn.note(_said(turn, Outcome.NOT_YET))
        turn.go(Desk.CASE)


def _said(turn: Turn, outcome: Outcome) -> Html:
    stages = Html(turn.locale.listed(turn.t(STAFF_WORDS[stage]) for stage in JOURNEY))
    return turn.t(_SAID[outcome], stages=stages)


def _ask_whom(turn: Turn, case: Case, _rest: str) -> None:
    dossier = dossiers.open_for_staff(turn.connection, turn.keys, case.request_id)
    if dossier is None:
        turn.go(Desk.CASE)
        return
    buttons = [
        [Button(called(turn, dossier, each.person_id), f"who:{each.person_id}")]
        for each in flights.passengers(turn.connection, case.request_id)
    ]
    text = bold(turn.t(N_("Whose flight?")))
    turn.show(Desk.BOARD_WHO, desk_screen(turn, text, buttons, back="case"))


def _who(turn: Turn, case: Case, person_id: str) -> bool | None:
    found = flights.passengers(turn.connection, case.request_id)
    if person_id not in {str(each.person_id) for each in found}:
        return False
    turn.state["board"] = int(person_id)
    turn.go(Desk.BOARD)
    return None


def _passenger(turn: Turn, case: Case) -> Passenger | None:
    """Return whom it is about; where nothing can be decided about them any more, go back to the case."""
    found = flights.passengers(turn.connection, case.request_id)
    chosen = next((each for each in found if each.person_id == turn.state.get("board")), None)
    if chosen is None:
        turn.note(_said(turn, Outcome.NOT_YET))
        turn.go(Desk.CASE)
    return chosen


def _ask_which(turn: Turn, case: Case, _rest: str) -> None:
    """Offer the open flights, and to take them off the one they are on."""
    passenger = _passenger(turn, case)
    dossier = dossiers.open_for_staff(turn.connection, turn.keys, case.request_id)
    if passenger is None or dossier is None:
        return
    offered = flights.listed(turn.connection)[:MOST_OFFERED] if passenger.may_board else []
    buttons = [[Button(each.called, f"put:{each.id}")] for each in offered if each.id != passenger.flight_id]
    on = passenger.flight_id
    name = flights.names_of(turn.connection, [on]).get(on, "") if on is not None else ""
    off = [turn.button(N_("Take off this flight"), f"off:{on}", style="danger")] if on is not None else []
    text = paragraphs(
        bold(safe(called(turn, dossier, passenger.person_id))),
        turn.t(_ON, name=name) if name else None,
        _question(turn, passenger, offered=bool(buttons)),
        turn.t(_QUIET),
    )
    turn.show(Desk.BOARD, desk_screen(turn, text, [*buttons, off], back="case"))


def _question(turn: Turn, passenger: Passenger, *, offered: bool) -> Html | None:
    """Ask for a flight, or say why there is none to choose; nothing where they are on the only one."""
    if not passenger.may_board:
        return _said(turn, Outcome.NOT_YET)
    if offered:
        return turn.t(_WHICH)
    return turn.t(_NO_FLIGHT) if passenger.flight_id is None else None


def _put(turn: Turn, case: Case, carried: str) -> bool | None:
    passenger, flight_id = _passenger(turn, case), id_in(carried)
    if passenger is None:
        return None
    if flight_id is None:
        return False
    person_id, by = passenger.person_id, turn.account_id
    outcome = flights.put_on(turn.connection, turn.keys, case.request_id, person_id, flight_id, by, turn.now)
    turn.note(_said(turn, outcome))
    turn.go(Desk.BOARD if outcome is Outcome.CLOSED else Desk.CASE)
    return None


def _off(turn: Turn, case: Case, carried: str) -> bool | None:
    """Take them off the flight that was shown; where they are on another one by now, the button is an old one."""
    passenger, flight_id = _passenger(turn, case), id_in(carried)
    if passenger is None:
        return None
    person_id, by = passenger.person_id, turn.account_id
    if flight_id is None or not flights.take_off(
        turn.connection, turn.keys, case.request_id, person_id, flight_id, by, turn.now
    ):
        return False
    turn.note(turn.t(_OFF))
    turn.go(Desk.CASE)
    return None


FLIGHT = on_case(Action.PUT_ON_FLIGHT, _choose)
STEPS = (
    Step(
        Desk.BOARD_WHO,
        on_case(Action.PUT_ON_FLIGHT, _ask_whom),
        presses={"who": on_case(Action.PUT_ON_FLIGHT, _who), **FROM_CASE},
    ),
    Step(
        Desk.BOARD,
        on_case(Action.PUT_ON_FLIGHT, _ask_which),
        presses={
            "put": on_case(Action.PUT_ON_FLIGHT, _put),
            "off": on_case(Action.PUT_ON_FLIGHT, _off),
            **FROM_CASE,
        },
    ),
)
