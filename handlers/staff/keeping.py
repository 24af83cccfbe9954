"""How long a case is kept: for admins, from its card. Keeping it longer, a hold on erasing it, erasing it now.

Each needs a reason, and erasing a second person. On hold nothing erases it, neither its age nor its family's wish,
which is fulfilled when the hold ends (casework/retention.py).
"""

from collections.abc import Mapping, Sequence

from bot.dialog import PressHandler, Step
from bot.i18n import Html, Locale, bold, code, paragraphs, safe
from bot.screen import Button
from bot.turn import Turn
from casework import expiry, looking_up, retention, team
from casework.approvals import Approval
from casework.case_files import CaseFile
from casework.caseload import Case
from casework.expiry import Expiry
from casework.permissions import Action
from casework.retention import LONGEST_REASON, Hold, Why
from casework.words import N_
from handlers.staff import seconding
from handlers.staff.everywhere import FROM_CASE, desk_screen
from handlers.staff.guard import Guarded, on_case
from handlers.staff.seconding import Matter, Words
from handlers.staff.steps import Desk

TITLE = N_("How long it is kept")
_LAST = N_("Something happened last on {day}.")
_UNTIL = N_("If nothing new comes, it may be erased from {day} on.")
_TOLD = N_("Staff were warned on {day}.")
_ON_HOLD = N_("On hold by {name}: it must not be erased.")
_REASON = N_("Why: {reason}")
_FAMILY_WANTS = N_("Its family wanted it erased on {day}. That is done when the hold ends.")
_LONGER, _HOLD, _ERASE = N_("Keep it longer"), N_("Hold: forbid to erase it"), N_("Erase it now")
_END, _END_ERASE = N_("End the hold"), N_("End the hold and erase it")
_WHY = {
    "longer": N_("Why shall it be kept longer?"),
    "hold": N_("Why must it not be erased? Nothing erases it until the hold ends."),
    "erase": N_("Why shall it be erased? A second person has to agree."),
}
_WRITE_REASON = N_("Please write the reason. It stays with the case.")
_LENGTH = N_("A reason may have {most} letters at most.")
_DONE_LONGER = N_("It is kept longer: its time begins anew today.")
_DONE_HOLD = N_("It is on hold now.")
_DONE_END = N_("The hold has ended. Its time begins anew today.")
_DONE_ERASED = N_("The hold has ended, and the case is erased, as its family wanted.")
_ALREADY = N_("It is on hold already.")
_IS_HELD = N_("It is on hold. End the hold first.")
_ALL_GOES = N_("Everything of case {reference} is erased, with its key. Nobody can bring it back.")
_FAMILY_READS = N_("Its family can read that a request was removed, and on which day.")


def _show(turn: Turn, case: Case, _rest: str) -> None:
    (found,) = expiry.of(turn.connection, [case.request_id], turn.around.periods)
    held = retention.hold_on(turn.connection, turn.keys, case.request_id)
    text = paragraphs(
        bold(turn.t(TITLE)),
        turn.t(_LAST, day=turn.locale.date(found.last, turn.zone)),
        *(_held_in_words(turn, held) if held is not None else _expiry_in_words(turn, found)),
    )
    turn.show(Desk.KEEPING, desk_screen(turn, text, _ways(turn, held), back="case"))


def _expiry_in_words(turn: Turn, found: Expiry) -> list[Html]:
    until = turn.t(_UNTIL, day=turn.locale.date(found.erased_from, turn.zone))
    if found.warned_at is None:
        return [until]
    return [until, turn.t(_TOLD, day=turn.locale.date(found.warned_at, turn.zone))]


def _held_in_words(turn: Turn, held: Hold) -> list[Html]:
    name = team.name_of(turn.connection, turn.keys, held.by)
    lines = [bold(turn.t(_ON_HOLD, name=name)), turn.t(_REASON, reason=held.reason)]
    if held.erasure_asked_at is not None:
        lines.append(turn.t(_FAMILY_WANTS, day=turn.locale.date(held.erasure_asked_at, turn.zone)))
    return lines


def _ways(turn: Turn, held: Hold | None) -> list[list[Button]]:
    if held is None:
        return [
            [turn.button(_LONGER, "why:longer")],
            [turn.button(_HOLD, "why:hold")],
            [turn.button(_ERASE, "erase", style="danger")],
        ]
    if held.erasure_asked_at is not None:
        return [[turn.button(_END_ERASE, "end", style="danger")]]
    return [[turn.button(_END, "end")]]


def _why(turn: Turn, what: str) -> bool | None:
    if what not in {"longer", "hold"}:
        return False
    _ask(turn, what)
    return None


def _ask(turn: Turn, what: str) -> None:
    turn.state["keeping"] = what
    turn.go(Desk.ERASE_REASON if what == "erase" else Desk.KEEP_REASON)


def _hold(turn: Turn, case: Case, _rest: str) -> None:
    """Ask why, from the command; where it is on hold already, show that."""
    if retention.hold_on(turn.connection, turn.keys, case.request_id) is None:
        _ask(turn, "hold")
    else:
        turn.note(turn.t(_ALREADY))
        turn.go(Desk.KEEPING)


def _erase(turn: Turn, case: Case, _rest: str) -> None:
    if retention.hold_on(turn.connection, turn.keys, case.request_id) is None:
        _ask(turn, "erase")
    else:
        turn.note(turn.t(_IS_HELD))
        turn.go(Desk.KEEPING)


def _ask_reason(turn: Turn, _case: Case, _rest: str) -> None:
    what = turn.state.get("keeping")
    if what not in {"longer", "hold"}:
        turn.go(Desk.KEEPING)
        return
    text = paragraphs(bold(turn.t(_WHY[what])), turn.t(_WRITE_REASON))
    turn.show(Desk.KEEP_REASON, desk_screen(turn, text, back="keeping"))


def _ask_reason_to_erase(turn: Turn, case: Case, _rest: str) -> None:
    text = paragraphs(bold(turn.t(_WHY["erase"])), _what_goes(turn, case.request_id), turn.t(_WRITE_REASON))
    turn.show(Desk.ERASE_REASON, desk_screen(turn, text, back="keeping"))


def _what_goes(turn: Turn, request_id: int) -> Html:
    reference = looking_up.references_of(turn.connection, turn.keys, [request_id]).get(request_id, "")
    return paragraphs(turn.t(_ALL_GOES, reference=code(reference)), turn.t(_FAMILY_READS))


def _reason(turn: Turn, step: Desk) -> str | None:
    """Return the reason that was written; None where it is none, and then it is asked for anew."""
    reason = turn.incoming.text.strip()
    if reason and len(reason) <= LONGEST_REASON:
        return reason
    turn.note(turn.t(_LENGTH, most=LONGEST_REASON))
    turn.go(step)
    return None


def _keep(turn: Turn, case: Case, _rest: str) -> None:
    """Keep it longer, or put it on hold; of two who do so at once the second is told."""
    reason, what = _reason(turn, Desk.KEEP_REASON), turn.state.get("keeping")
    if reason is None:
        return
    if what == "hold":
        done = retention.hold(turn.connection, turn.keys, case.request_id, turn.account_id, reason, turn.now)
        turn.note(turn.t(_DONE_HOLD if done else _ALREADY))
    elif what == "longer":
        retention.keep_longer(turn.connection, turn.keys, case.request_id, turn.account_id, reason, turn.now)
        turn.note(turn.t(_DONE_LONGER))
    turn.state.pop("keeping", None)
    turn.go(Desk.KEEPING)


def _ask_second(turn: Turn, case: Case, _rest: str) -> None:
    reason = _reason(turn, Desk.ERASE_REASON)
    if reason is None:
        return
    turn.state.pop("keeping", None)
    seconding.ask(turn, MATTER, {"reason": reason}, request_id=case.request_id)
    turn.go(Desk.KEEPING)


def _end_hold(turn: Turn, case: Case, _rest: str) -> None:
    erased = retention.end_hold(turn.connection, turn.keys, case.request_id, turn.account_id, turn.now)
    if not erased:
        turn.note(turn.t(_DONE_END))
        turn.go(Desk.KEEPING)
        return
    turn.clear_traces()
    turn.state.pop("case", None)
    turn.note(turn.t(_DONE_ERASED))
    turn.go(Desk.DESK)


def _pages(turn: Turn, approval: Approval) -> Sequence[Html]:
    request_id = approval.asked.request_id or 0
    held = retention.hold_on(turn.connection, turn.keys, request_id)
    reason = turn.t(_REASON, reason=approval.asked.details["reason"])
    return [paragraphs(_what_goes(turn, request_id), reason, turn.t(_IS_HELD) if held is not None else None)]


def _carry_out(turn: Turn, approval: Approval) -> bool | Words:
    """Erase it; not where it was put on hold since. Whose it was is told, in words that give nothing away."""
    request_id = approval.asked.request_id
    if request_id is None or retention.hold_on(turn.connection, turn.keys, request_id) is not None:
        return False
    for account_id in retention.remove(turn.connection, request_id, Why.OFFICE, turn.now):
        turn.tell(account_id, _changed, N_("My requests"), "mine")
    turn.clear_traces()
    return True


def _changed(locale: Locale) -> Html:
    return locale.t(N_("Something has changed in one of your requests."))


def hold_in_words(turn: Turn, file: CaseFile) -> Html | None:
    """Say on the card that the case must not be erased, or that it will be."""
    if file.kept:
        return bold(turn.t(N_("On hold: it must not be erased.")))
    if file.warned_at is None:
        return None
    (found,) = expiry.of(turn.connection, [file.request_id], turn.around.periods)
    return bold(turn.t(_UNTIL, day=safe(turn.locale.date(found.erased_from, turn.zone))))


MATTER = Matter("erase", N_("Erase a case"), Action.ERASE, _pages, _carry_out)
# What only leads on is written down by the screen that it leads to.
KEEPING = Guarded(Action.KEEP, lambda turn, _: turn.go(Desk.KEEPING))
HOLD = on_case(Action.KEEP, _hold)
_FROM: Mapping[str, PressHandler] = {"keeping": KEEPING, **FROM_CASE}
STEPS = (
    Step(
        Desk.KEEPING,
        on_case(Action.KEEP, _show),
        presses={
            "why": Guarded(Action.KEEP, _why),
            "erase": on_case(Action.ERASE, _erase),
            "end": on_case(Action.KEEP, _end_hold),
            **FROM_CASE,
        },
    ),
    Step(Desk.KEEP_REASON, on_case(Action.KEEP, _ask_reason), on_case(Action.KEEP, _keep), _FROM),
    Step(
        Desk.ERASE_REASON,
        on_case(Action.ERASE, _ask_reason_to_erase),
        on_case(Action.ERASE, _ask_second),
        _FROM,
    ),
)
