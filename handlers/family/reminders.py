"""The buttons below a reminder. They work from any message, however old; each counts as an answer.

Families and the team have the same ones, under words of their own (`Below`): each leads where that side does things.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.dialog import PressHandler, TurnHandler
from bot.i18n import Html, bold, joined, paragraphs
from bot.incoming import id_in
from bot.screen import Button
from bot.turn import Turn
from casework.reminding import answering
from casework.reminding.answering import LATER
from casework.reminding.rows import Answer, Reminder, State
from casework.reminding.rules import Done, Kind
from casework.words import N_
from handlers.family.otherwise import stale
from handlers.family.reminder_words import FAMILIES, Saying
from handlers.family.reminding_when import WHEN, again, ask, can_wait, office
from handlers.family.steps import At

_TO = {"tomorrow": N_("Tomorrow"), "week": N_("In a week")}
_DONE = N_("Good. We do not remind you of this again.")
_DONE_FOR_NOW = N_("Good. While it is still so, we remind you of it again.")
_STOPPED = N_("We will not remind you of this any more.")


@dataclass(frozen=True)
class Below:
    """The buttons of one side.

    Attributes:
        prefix: begins the word of each.
        sayings: the kinds that this side is reminded of.
        asks: the step that asks for another day.
    """

    prefix: str
    sayings: Mapping[Kind, Saying]
    asks: str

    def now(self, turn: Turn, carried: str) -> bool | None:
        """Do it now: go there."""
        found = answering.one(turn.connection, office(turn), id_in(carried) or 0, turn.account_id)
        if found is None or found.kind not in self.sayings:
            return False
        answering.answered(turn.connection, [found], None, Answer.NOW)
        if turn.around.rules[found.kind].seen:
            answering.end(turn.connection, [found], State.DONE)
        turn.clear_pressed()
        self.sayings[found.kind].lead(turn, found)
        return None

    def later(self, turn: Turn, carried: str) -> bool | None:
        """Ask when."""
        message_id, found = self._to_wait(turn, carried)
        if not found:
            return False
        choices = [self._to(turn, code, label, message_id) for code, label in _TO.items()]
        another = Button(
            turn.locale.plain(N_("Another day")), f"{self.prefix}_day:{message_id}", anywhere=True
        )
        turn.rewrite_pressed(self._of(turn, found, turn.t(WHEN)), [choices, [another]])
        return None

    def _to(self, turn: Turn, code: str, label: str, message_id: int) -> Button:
        return Button(turn.locale.plain(label), f"{self.prefix}_to:{code}.{message_id}", anywhere=True)

    def put_off(self, turn: Turn, carried: str) -> bool | None:
        """Say it again tomorrow, or in a week."""
        code, _, message = carried.partition(".")
        message_id, found = self._to_wait(turn, message)
        if not found or code not in LATER:
            return False
        to = answering.days_on(turn.now, found[0].habits, LATER[code])
        turn.rewrite_pressed(self._of(turn, found, again(turn, message_id, found, to)))
        return None

    def day(self, turn: Turn, carried: str) -> bool | None:
        """Ask for another day."""
        message_id, found = self._to_wait(turn, carried)
        if not found:
            return False
        turn.clear_pressed()
        ask(turn, self.asks, {"message": message_id})
        return None

    def done(self, turn: Turn, carried: str) -> bool | None:
        """It is done; what is still so comes again all the same, where it is somebody's work."""
        message_id, found = self._theirs(turn, carried)
        if not found:
            return False
        rules = turn.around.rules
        ended = [each for each in found if rules[each.kind].done is Done.ENDS]
        answering.answered(turn.connection, found, message_id, Answer.DONE)
        answering.end(turn.connection, ended, State.DONE)
        words = turn.t(_DONE if len(ended) == len(found) else _DONE_FOR_NOW)
        turn.rewrite_pressed(self._of(turn, found, words))
        return None

    def stop(self, turn: Turn, carried: str) -> bool | None:
        """Nobody wants to hear of it any more."""
        message_id, found = self._theirs(turn, carried)
        if not found:
            return False
        answering.answered(turn.connection, found, message_id, Answer.STOP)
        answering.end(turn.connection, found, State.DECLINED)
        turn.rewrite_pressed(self._of(turn, found, turn.t(_STOPPED)))
        return None

    def _of(self, turn: Turn, found: Sequence[Reminder], words: Html) -> Html:
        """Say what it is of: the message that said it is gone."""
        titles = dict.fromkeys(self.sayings[each.kind].title for each in found)
        return paragraphs(joined(bold(turn.t(each)) for each in titles), words)

    def _theirs(self, turn: Turn, carried: str) -> tuple[int, list[Reminder]]:
        """Return the message that a button belongs to, and what it reminded this person of."""
        message_id = id_in(carried) or 0
        found = answering.of_message(turn.connection, office(turn), message_id, turn.account_id)
        return message_id, [each for each in found if each.kind in self.sayings]

    def _to_wait(self, turn: Turn, carried: str) -> tuple[int, list[Reminder]]:
        """Return the message that a button belongs to, and what of it can be said at another time."""
        message_id = id_in(carried) or 0
        return message_id, [each for each in can_wait(turn, message_id) if each.kind in self.sayings]


def _carrying(handler: PressHandler) -> TurnHandler:
    def handle(turn: Turn) -> None:
        if handler(turn, turn.incoming.action.partition(":")[2]) is False:
            stale(turn)

    return handle


BELOW = Below("rem", FAMILIES, At.REMIND)
BUTTONS: dict[str, TurnHandler] = {
    "rem_now": _carrying(BELOW.now),
    "rem_later": _carrying(BELOW.later),
    "rem_to": _carrying(BELOW.put_off),
    "rem_day": _carrying(BELOW.day),
    "rem_done": _carrying(BELOW.done),
    "rem_stop": _carrying(BELOW.stop),
}
