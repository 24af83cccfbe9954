"""Withdraw the agreement: no answer is kept from then on. What becomes of the requests is asked."""

from bot.dialog import Step
from bot.i18n import bold, paragraphs
from bot.screen import Button, Screen
from bot.turn import Turn
from casework import consent, submissions
from casework.erasure import erase_requests, on_hold
from casework.withdrawing import withdraw
from casework.words import N_
from handlers.family.delete_me import ON_HOLD, SHARED, YES, remember, unchanged, what_it_means
from handlers.family.drafting import draft_of
from handlers.family.everywhere import BACK, TALK, talk, to
from handlers.family.privacy import WITHDRAW_CONSENT
from handlers.family.steps import At

_ASK = N_("Do you want to withdraw your agreement?")
_MEANS = N_("From then on no answer of yours is kept, unless you agree again.")
_NOT_SENT = N_("Answers that have not been sent are deleted.")
_WHAT_OF_THEM = N_("What shall happen to the requests that only this chat can open?")
_KEEP = N_("No, keep my agreement")
_DONE = N_("Your agreement is withdrawn. No answer is kept until you agree again.")
_THEY_STAY = N_("Your requests stay with the office.")
_THEY_END = N_("Your requests are withdrawn.")
_THEY_ARE_GONE = N_("Your requests are deleted.")
_NONE = N_("There is no agreement from this chat, so no answers are kept.")


def ask(turn: Turn) -> None:
    """Say what it means, and offer what can happen to the requests."""
    if turn.loaded.consent_id is None:
        turn.note(turn.t(_NONE))
        turn.go(At.PRIVACY)
        return
    held, draft = remember(turn), draft_of(turn)
    text = paragraphs(
        bold(turn.t(_ASK)),
        turn.t(_MEANS),
        turn.t(_NOT_SENT) if draft is not None and not draft.empty else None,
        turn.t(_WHAT_OF_THEM) if held.sole else None,
        turn.t(SHARED) if held.shared else None,
    )
    ways_out = [[turn.button(_KEEP, "back")], [turn.button(TALK, "talk")]]
    turn.show(At.WITHDRAW_CONSENT, Screen(text, [*_choices(turn, several=bool(held.sole)), *ways_out]))


def _choices(turn: Turn, *, several: bool) -> list[list[Button]]:
    if not several:
        return [[turn.button(WITHDRAW_CONSENT, "leave", style="danger")]]
    return [
        [turn.button(N_("Leave them with the office"), "leave")],
        [turn.button(N_("Withdraw them too"), "withdraw")],
        [turn.button(N_("Delete them"), "delete", style="danger")],
    ]


def ask_again(turn: Turn) -> None:
    rows = [
        [turn.button(YES, "yes", style="danger")],
        [turn.button(BACK, "back"), turn.button(TALK, "talk")],
    ]
    turn.show(At.DELETE_REQUESTS, Screen(what_it_means(turn), rows))


def _leave(turn: Turn, _rest: str) -> None:
    held = unchanged(turn, At.WITHDRAW_CONSENT)
    if held is not None:
        _end(turn, _THEY_STAY if held.sole or held.shared else None)


def _withdraw(turn: Turn, _rest: str) -> None:
    held = unchanged(turn, At.WITHDRAW_CONSENT)
    if held is None:
        return
    for request_id in held.sole:
        withdraw(turn.connection, turn.keys, request_id, turn.account_id, turn.now)
    _end(turn, _THEY_END)


def _delete(turn: Turn, _rest: str) -> None:
    held = unchanged(turn, At.WITHDRAW_CONSENT)
    if held is None:
        return
    waits = on_hold(turn.connection, held.sole)
    erase_requests(turn.connection, turn.account_id, held.sole, turn.now)
    turn.clear_traces()
    _end(turn, ON_HOLD if waits else _THEY_ARE_GONE)


def _end(turn: Turn, of_the_requests: str | None) -> None:
    """End the agreement; what was answered on the strength of it and not sent goes with it."""
    if turn.loaded.consent_id is not None:
        consent.withdraw(turn.connection, turn.account_id, turn.loaded.consent_id, turn.now)
    turn.loaded.consent_id = None
    draft = draft_of(turn)
    if draft is not None:
        submissions.erase(turn.connection, turn.now, request_id=draft.request_id)
    turn.state.clear()
    turn.loaded.draft_id = turn.loaded.drafted_at = None
    turn.note(turn.t(_DONE))
    if of_the_requests is not None:
        turn.note(turn.t(of_the_requests))
    turn.go(At.HOME)


STEPS = (
    Step(
        At.WITHDRAW_CONSENT,
        ask,
        presses={
            "leave": _leave,
            "withdraw": _withdraw,
            "delete": to(At.DELETE_REQUESTS),
            "back": to(At.PRIVACY),
            "talk": talk,
        },
    ),
    Step(
        At.DELETE_REQUESTS,
        ask_again,
        presses={"yes": _delete, "back": to(At.WITHDRAW_CONSENT), "talk": talk},
    ),
)
