"""When to remind of something: a step that asks for it, and what is done with the answer. Both sides have one.

What it is for stands in the dialog meanwhile: a request, a message that reminded, something that is to come.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.i18n import Html
from bot.turn import Turn
from casework.reminding import answering
from casework.reminding.rows import Answer, Habits, Reminder
from casework.words import N_
from handlers.family import asking_when

WHEN = N_("When shall we remind you?")
SET = N_("We will remind you on {moment}.")
GONE = N_("This is not to come any more.")
_FOR = "remind"


def office(turn: Turn) -> Habits:
    """Return the habits of who has chosen none."""
    return Habits(turn.around.zone, turn.around.quiet)


def ask(turn: Turn, step: str, what: dict[str, Any]) -> None:
    """Ask when, at this step."""
    turn.state[_FOR] = what
    asking_when.begin(turn)
    turn.go(step)


def asked_for(turn: Turn) -> dict[str, Any] | None:
    """Return what it is for, to be added to; None where nothing is asked."""
    what: dict[str, Any] | None = turn.state.get(_FOR)
    return what


def leave(turn: Turn) -> dict[str, Any]:
    """Ask no more; return what it was for."""
    asking_when.begin(turn)
    what: dict[str, Any] = turn.state.pop(_FOR, {})
    return what


@dataclass(frozen=True)
class Answers:
    """The answers of such a step.

    Attributes:
        go_on: takes the moment.
    """

    step: str
    go_on: Callable[[Turn, datetime], None]

    def typed(self, turn: Turn, _rest: str = "") -> None:
        moment = asking_when.typed(turn, turn.incoming.text)
        if moment is None:
            turn.go(self.step)
        else:
            self.go_on(turn, moment)

    def day(self, turn: Turn, days: str) -> bool | None:
        return self._pressed(turn, asking_when.day(turn, days))

    def moment(self, turn: Turn, number: str) -> bool | None:
        return self._pressed(turn, asking_when.offered(turn, number))

    def _pressed(self, turn: Turn, moment: datetime | None) -> bool | None:
        if moment is None or asked_for(turn) is None:
            return False
        self.go_on(turn, moment)
        return None


def can_wait(turn: Turn, message_id: int) -> list[Reminder]:
    """Return what a message reminded this person of that can be said at another time."""
    found = answering.of_message(turn.connection, office(turn), message_id, turn.account_id)
    return [each for each in found if turn.around.rules[each.kind].later]


def put_off(turn: Turn, message_id: int, moment: datetime) -> None:
    """Say what a message reminded of again at this moment, if any of it is still there."""
    found = can_wait(turn, message_id)
    turn.note(again(turn, message_id, found, moment) if found else turn.t(GONE))


def again(turn: Turn, message_id: int, found: Sequence[Reminder], moment: datetime) -> Html:
    """Say these again at this moment, or when the quiet hours end; return the words that promise it."""
    answering.answered(turn.connection, found, message_id, Answer.LATER)
    said = answering.put_off(turn.connection, turn.around.rules, found, moment)
    return turn.t(SET, moment=turn.locale.appointment(said, turn.zone))
