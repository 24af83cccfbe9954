"""Asking for a moment: some days as buttons, anything else written. What can mean two things is asked back.

Used by both sides; what the moment is for is the caller's.
"""

from datetime import UTC, datetime, timedelta

from bot.i18n import Html
from bot.screen import Button
from bot.turn import Turn
from casework.reminding import said
from casework.reminding.heard import Meant, Problem, Understood, Unsure
from casework.reminding.moments import at_wall, on_wall
from casework.reminding.settling import DAYTIME
from casework.words import N_
from handlers.family.everywhere import in_rows

HOW = N_("Press a day, or write it, for example: tomorrow at 10; 12 December; in 3 days.")
_WHICH = N_("Which of these do you mean?")
_ONE = N_("Do you mean this?")
_PROBLEMS = {
    Problem.NOT_READ: N_(
        "We could not read a day or a time in this. You can write it like this: 12.12.2026 10:00."
    ),
    Problem.PAST: N_("That has passed already. Write a day or a time that is still to come."),
    Problem.FAR: N_("That is more than five years away. Write an earlier day."),
}
DAYS = (1, 2, 3, 7, 14, 30)
_OFFERS = "moments"


def begin(turn: Turn) -> None:
    """Forget what was asked back before."""
    turn.state.pop(_OFFERS, None)


def prompt(turn: Turn) -> Html:
    """Say how to answer, or what is asked back."""
    offers = turn.state.get(_OFFERS, [])
    return turn.t((_ONE if len(offers) == 1 else _WHICH) if offers else HOW)


def buttons(turn: Turn) -> list[list[Button]]:
    """Make the buttons: the moments that were asked back, or some days. The presses are "moment" and "day"."""
    offers = [datetime.fromisoformat(each) for each in turn.state.get(_OFFERS, [])]
    asked = [
        [Button(turn.locale.appointment(each, turn.zone), f"moment:{n}")] for n, each in enumerate(offers)
    ]
    days = [Button(turn.locale.coming(_on(turn, days), turn.zone), f"day:{days}") for days in DAYS]
    return asked or in_rows(days, 2)


def _on(turn: Turn, days: int) -> datetime:
    """Return the daytime of so many days on."""
    day = on_wall(turn.now, turn.zone).replace(hour=0, minute=0, second=0, microsecond=0)
    return at_wall(day + timedelta(days=days, minutes=DAYTIME), turn.zone)


def typed(turn: Turn, text: str) -> datetime | None:
    """Return the moment that was written; None where it is asked back, or what is wrong is said above the screen."""
    return take(turn, said.understand(text, turn.now, turn.zone))


def take(turn: Turn, understood: Understood) -> datetime | None:
    """Return the moment, or remember what is to be asked back, or say what is wrong."""
    begin(turn)
    match understood:
        case Meant(moment=moment):
            return moment
        case Unsure(choices=choices):
            turn.state[_OFFERS] = [each.isoformat() for each in choices]
        case Problem():
            turn.note(turn.t(_PROBLEMS[understood]))
    return None


def offered(turn: Turn, number: str) -> datetime | None:
    """Return the moment behind a button of those asked back; None where the screen has none such, or it has passed."""
    offers = turn.state.get(_OFFERS, [])
    if not number.isdecimal() or int(number) >= len(offers):
        return None
    moment = datetime.fromisoformat(offers[int(number)]).astimezone(UTC)
    return moment if moment > turn.now else None


def day(turn: Turn, days: str) -> datetime | None:
    """Return the moment behind a day's button."""
    return _on(turn, int(days)) if days in map(str, DAYS) else None
