"""Talk to a person: what somebody writes is kept for staff, and the bot says so honestly."""

from bot.dialog import Step
from bot.i18n import Html, bold, paragraphs, safe
from bot.screen import Screen
from bot.turn import Turn
from casework import messages
from casework.words import N_
from handlers.family.everywhere import BACK
from handlers.family.steps import At

_WRITE = N_("Write to the office")
_HOW = N_("Write your message now. Staff read it and answer in this chat.")
_WAIT = N_("A few people answer for many families, so it can take several days.")
_KEPT = N_("Your message is kept for staff. The answer will come in this chat; it can take several days.")
_PASS_ON = N_("Shall we pass what you wrote on to staff?")


def show(turn: Turn) -> None:
    """Ask for the message."""
    text = paragraphs(bold(turn.t(_WRITE)), turn.t(_HOW), turn.t(_WAIT))
    turn.show(At.TALK, Screen(text, [[turn.button(BACK, "back")]]))


def _written(turn: Turn) -> None:
    _keep(turn, turn.incoming.text)
    turn.go(turn.state.pop("before_talk", At.HOME))


def _back(turn: Turn, _rest: str) -> None:
    turn.go(turn.state.pop("before_talk", At.HOME))


def offer_to_pass_on(turn: Turn) -> None:
    """Somebody writes where nothing was asked: a message to staff, most likely.

    Ask before it goes to anybody.
    """
    before = turn.state.get("said", "") if turn.loaded.step == At.PASS_ON else ""
    turn.state["said"] = f"{before}\n{turn.incoming.text}".strip()
    turn.go(At.PASS_ON)


def ask_to_pass_on(turn: Turn) -> None:
    if not turn.state.get("said"):
        turn.go(At.HOME)
        return
    text = paragraphs(bold(turn.t(_PASS_ON)), Html(f"<blockquote>{safe(_short(turn))}</blockquote>"))
    rows = [
        [turn.button(N_("Yes, pass it on"), "yes", style="success")],
        [turn.button(N_("No, delete it"), "no")],
    ]
    turn.show(At.PASS_ON, Screen(text, rows))


def _short(turn: Turn) -> str:
    said: str = turn.state["said"]
    longest = 300
    return said if len(said) <= longest else said[:longest] + "…"


def _pass_on(turn: Turn, _rest: str) -> None:
    _keep(turn, turn.state.pop("said", ""))
    turn.go(At.HOME)


def _do_not(turn: Turn, _rest: str) -> None:
    turn.state.pop("said", None)
    turn.go(At.HOME)


def _keep(turn: Turn, text: str) -> None:
    messages.receive(turn.connection, turn.own_key, turn.account_id, text, turn.now)
    turn.note(turn.t(_KEPT))


STEPS = (
    Step(At.TALK, show, typed=_written, presses={"back": _back}),
    Step(At.PASS_ON, ask_to_pass_on, typed=offer_to_pass_on, presses={"yes": _pass_on, "no": _do_not}),
)
