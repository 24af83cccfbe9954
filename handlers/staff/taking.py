"""Taking a case, handing it over, giving it back. Of two who take one at once the second is told who has it."""

from bot.dialog import Step
from bot.i18n import Html, Locale, bold
from bot.screen import Button
from bot.turn import Turn
from casework import caseload, queue, team
from casework.caseload import Case
from casework.permissions import Action, Refusal
from casework.words import N_
from handlers.staff.everywhere import FROM_CASE, desk_screen
from handlers.staff.guard import at_desk, explain, on_case, record
from handlers.staff.steps import Desk

_ALL_TAKEN = N_("Every case has somebody who works on it.")
_GIVEN = N_("A colleague handed you a case.")
_TAKEN_OVER = N_("An admin took over one of your cases.")
OPEN_CASE = N_("Open the case")


def _next(turn: Turn, _rest: str) -> None:
    """Take the oldest case that nobody has."""
    request_id = queue.oldest_unassigned(turn.connection)
    case = caseload.lock(turn.connection, request_id) if request_id is not None else None
    if case is None:
        turn.note(turn.t(_ALL_TAKEN))
        turn.go(Desk.DESK)
        return
    record(turn, Action.TAKE, case.request_id)
    caseload.take(turn.connection, case, turn.account_id, turn.now)
    turn.state["case"] = case.request_id
    turn.go(Desk.CASE)


def _take(turn: Turn, case: Case, _rest: str) -> None:
    caseload.take(turn.connection, case, turn.account_id, turn.now)
    turn.go(Desk.CASE)


def _take_over(turn: Turn, case: Case, holder: str) -> None:
    """Take the case from whoever had it when the card was shown, and from nobody else."""
    if holder != str(case.holder_id):
        explain(turn, Refusal.ANOTHERS, case)
        turn.go(Desk.CASE)
        return
    tell_colleague(turn, int(holder), _TAKEN_OVER, case)
    caseload.take(turn.connection, case, turn.account_id, turn.now)
    turn.go(Desk.CASE)


def _release(turn: Turn, case: Case, _rest: str) -> None:
    caseload.release(turn.connection, case, turn.account_id, turn.now)
    turn.go(Desk.CASE)


def _ask_whom(turn: Turn, _case: Case, _rest: str) -> None:
    colleagues = [
        Button(each.called, f"to:{each.account_id}")
        for each in team.members(turn.connection, turn.keys)
        if each.account_id != turn.account_id
    ]
    text = bold(turn.t(N_("Who shall work on this case?")))
    turn.show(Desk.ASSIGN, desk_screen(turn, text, [[each] for each in colleagues], back="case"))


def _assign(turn: Turn, case: Case, to: str) -> bool | None:
    colleagues = {str(each.account_id): each for each in team.members(turn.connection, turn.keys)}
    if to not in colleagues or int(to) == turn.account_id:
        return False
    caseload.assign(turn.connection, case, int(to), turn.account_id, turn.now)
    tell_colleague(turn, int(to), _GIVEN, case)
    turn.note(turn.t(N_("{name} works on it now."), name=colleagues[to].called))
    turn.go(Desk.CASE)
    return None


def tell_colleague(turn: Turn, colleague: int, words: str, case: Case) -> None:
    def said(locale: Locale) -> Html:
        return locale.t(words)

    turn.tell(colleague, said, OPEN_CASE, f"case:{case.request_id}", about=case.request_id)


def _to_whom(turn: Turn, case: Case, name: str) -> None:
    """Hand the case to the colleague of this name, or ask whom where the name is none or several people's."""
    wanted = name.removeprefix("@").casefold()
    found = [
        each
        for each in team.members(turn.connection, turn.keys)
        if each.called.casefold() == wanted and each.account_id != turn.account_id
    ]
    if len(found) == 1:
        _assign(turn, case, str(found[0].account_id))
    else:
        turn.go(Desk.ASSIGN)


NEXT = at_desk(Action.QUEUE, _next)
TAKE = on_case(Action.TAKE, _take)
TAKE_OVER = on_case(Action.TAKE_OVER, _take_over)
RELEASE = on_case(Action.RELEASE, _release)
ASSIGN = on_case(Action.ASSIGN, _to_whom)
STEPS = (
    Step(
        Desk.ASSIGN,
        on_case(Action.ASSIGN, _ask_whom),
        presses={"to": on_case(Action.ASSIGN, _assign), **FROM_CASE},
    ),
)
