"""Remind me: a family's own reminder of its request, from the card; and another day for a reminder that came."""

from datetime import datetime

from bot.dialog import Step
from bot.i18n import Html, bold, paragraphs
from bot.screen import Screen
from bot.turn import Turn
from casework.reminding import answering, setting
from casework.reminding.rows import Answer
from casework.reminding.rules import Kind
from casework.requests import cards_of
from casework.words import N_
from handlers.family import asking_when
from handlers.family.everywhere import BACK, TALK, talk
from handlers.family.reminders import PUT_OFF, WHEN, office
from handlers.family.steps import At

REMIND_ME = N_("Remind me")
TOO_MANY = N_(
    "There are {most} reminders already that are still to come. Under “Settings” you can stop some."
)


def from_card(turn: Turn, _rest: str = "") -> None:
    """Ask when to remind of the request whose card is on the screen."""
    begin(turn, {"request": turn.state.get("card", 0)})


def begin(turn: Turn, what: dict[str, int]) -> None:
    turn.state["remind"] = what
    asking_when.begin(turn)
    turn.go(At.REMIND)


def _show(turn: Turn) -> None:
    if "remind" not in turn.state:
        turn.go(At.HOME)
        return
    ways = [turn.button(BACK, "back"), turn.button(TALK, "talk")]
    text = paragraphs(bold(turn.t(WHEN)), asking_when.prompt(turn))
    turn.show(At.REMIND, Screen(text, [*asking_when.buttons(turn), ways]))


def _typed(turn: Turn) -> None:
    moment = asking_when.typed(turn, turn.incoming.text)
    if moment is None:
        turn.go(At.REMIND)
    else:
        _set(turn, moment)


def _day(turn: Turn, days: str) -> bool | None:
    return _chosen(turn, asking_when.day(turn, days))


def _moment(turn: Turn, number: str) -> bool | None:
    return _chosen(turn, asking_when.offered(turn, number))


def _chosen(turn: Turn, moment: datetime | None) -> bool | None:
    if moment is None or "remind" not in turn.state:
        return False
    _set(turn, moment)
    return None


def _set(turn: Turn, moment: datetime) -> None:
    """Put off what came, or write down a reminder of the request; where that is this account's no more, nothing."""
    what = turn.state.pop("remind", {})
    asking_when.begin(turn)
    if "message" in what:
        _put_off(turn, what["message"], moment)
        return
    request_id = what.get("request", 0)
    turn.state["card"] = request_id
    turn.go(At.CARD)
    if all(each.request_id != request_id for each in cards_of(turn.connection, turn.keys, turn.account_id)):
        return
    rules, zone = turn.around.rules, turn.zone
    about = (request_id, None)
    made = setting.remind(turn.connection, rules, Kind.OWN, turn.account_id, about, moment, zone, turn.now)
    turn.note(turn.t(PUT_OFF, moment=turn.locale.appointment(moment, zone)) if made else _too_many(turn))


def _too_many(turn: Turn) -> Html:
    return turn.t(TOO_MANY, most=setting.MOST)


def _put_off(turn: Turn, message_id: int, moment: datetime) -> None:
    found = answering.of_message(turn.connection, office(turn), message_id, turn.account_id)
    answering.answered(turn.connection, found, message_id, Answer.LATER)
    said = answering.put_off(turn.connection, turn.around.rules, found, moment)
    turn.note(turn.t(PUT_OFF, moment=turn.locale.appointment(said, turn.zone)))
    turn.go(At.HOME)


def _back(turn: Turn, _rest: str) -> None:
    asking_when.begin(turn)
    turn.go(At.CARD if "request" in turn.state.pop("remind", {}) else At.HOME)


STEPS = (Step(At.REMIND, _show, _typed, {"day": _day, "moment": _moment, "back": _back, "talk": talk}),)
