"""Remind me: a family's own reminder of its request, from the card; and another day for a reminder that came."""

from datetime import datetime

from bot.dialog import Step
from bot.i18n import bold, paragraphs
from bot.screen import Screen
from bot.turn import Turn
from casework.reminding import setting
from casework.reminding.rules import Kind
from casework.requests import cards_of
from casework.words import N_
from handlers.family import asking_when
from handlers.family.everywhere import BACK, TALK, talk
from handlers.family.reminding_when import SET, WHEN, Answers, ask, asked_for, leave, put_off
from handlers.family.steps import At

REMIND_ME = N_("Remind me")
TOO_MANY = N_(
    "There are {most} reminders already that are still to come. Under “Settings” you can stop some."
)


def from_card(turn: Turn, _rest: str = "") -> None:
    """Ask when to remind of the request whose card is on the screen."""
    ask(turn, At.REMIND, {"request": turn.state.get("card", 0)})


def _show(turn: Turn) -> None:
    if asked_for(turn) is None:
        turn.go(At.HOME)
        return
    ways = [turn.button(BACK, "back"), turn.button(TALK, "talk")]
    text = paragraphs(bold(turn.t(WHEN)), asking_when.prompt(turn))
    turn.show(At.REMIND, Screen(text, [*asking_when.buttons(turn), ways]))


def _timed(turn: Turn, moment: datetime) -> None:
    """Put off what came, or remind of a request."""
    what = leave(turn)
    if "message" in what:
        put_off(turn, what["message"], moment)
        turn.go(At.HOME)
    else:
        _set(turn, what.get("request", 0), moment)


def _set(turn: Turn, request_id: int, moment: datetime) -> None:
    """Write down a reminder of the request; where that is this account's no more, nothing."""
    turn.state["card"] = request_id
    turn.go(At.CARD)
    if all(each.request_id != request_id for each in cards_of(turn.connection, turn.keys, turn.account_id)):
        return
    rules, zone = turn.around.rules, turn.zone
    about = (request_id, None)
    made = setting.remind(turn.connection, rules, Kind.OWN, turn.account_id, about, moment, zone, turn.now)
    words = turn.t(SET, moment=turn.locale.appointment(moment, zone))
    turn.note(words if made else turn.t(TOO_MANY, most=setting.MOST))


def _back(turn: Turn, _rest: str) -> None:
    turn.go(At.CARD if "request" in leave(turn) else At.HOME)


_ANSWERS = Answers(At.REMIND, _timed)
_PRESSES = {"day": _ANSWERS.day, "moment": _ANSWERS.moment, "back": _back, "talk": talk}
STEPS = (Step(At.REMIND, _show, _ANSWERS.typed, _PRESSES),)
