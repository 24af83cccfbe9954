"""The buttons below a family's reminder. They work from any message, however old; each counts as an answer."""

from bot.incoming import id_in
from bot.screen import Button
from bot.turn import Turn
from casework.reminding import answering
from casework.reminding.answering import LATER
from casework.reminding.rows import Answer, Habits, Reminder, State
from casework.words import N_
from handlers.family.otherwise import stale
from handlers.family.reminder_words import FAMILIES

_WHEN = N_("When shall we remind you?")
_TO = {"tomorrow": N_("Tomorrow"), "week": N_("In a week")}
_PUT_OFF = N_("We will remind you on {moment}.")
_DONE = N_("Good. We do not remind you of this again.")
_STOPPED = N_("We will not remind you of this any more.")


def office(turn: Turn) -> Habits:
    """Return the habits of who has chosen none."""
    return Habits(turn.around.zone, turn.around.quiet)


def _carried(turn: Turn) -> str:
    return turn.incoming.action.partition(":")[2]


def _theirs(turn: Turn, message: str) -> tuple[int, list[Reminder]]:
    """Return the message that the button belongs to, and what it reminded this person of."""
    message_id = id_in(message) or 0
    found = answering.of_message(turn.connection, office(turn), message_id, turn.account_id)
    return message_id, [each for each in found if each.kind in FAMILIES]


def now(turn: Turn) -> None:
    """Do it now: go there."""
    found = answering.one(turn.connection, office(turn), id_in(_carried(turn)) or 0, turn.account_id)
    if found is None or found.kind not in FAMILIES:
        stale(turn)
        return
    answering.answered(turn.connection, [found], None, Answer.NOW)
    turn.clear_pressed()
    FAMILIES[found.kind].lead(turn)


def later(turn: Turn) -> None:
    """Ask when."""
    message_id, found = _theirs(turn, _carried(turn))
    if not found:
        stale(turn)
        return
    choices = [
        Button(turn.locale.plain(label), f"rem_to:{code}.{message_id}", anywhere=True)
        for code, label in _TO.items()
    ]
    turn.rewrite_pressed(turn.t(_WHEN), [choices])


def put_off(turn: Turn) -> None:
    """Say it again tomorrow, or in a week."""
    code, _, message = _carried(turn).partition(".")
    message_id, found = _theirs(turn, message)
    if not found or code not in LATER:
        stale(turn)
        return
    to = answering.days_on(turn.now, found[0].habits, LATER[code])
    answering.answered(turn.connection, found, message_id, Answer.LATER)
    said = answering.put_off(turn.connection, turn.around.rules, found, to)
    turn.rewrite_pressed(turn.t(_PUT_OFF, moment=turn.locale.moment(said, turn.zone)))


def done(turn: Turn) -> None:
    _end(turn, Answer.DONE, State.DONE, _DONE)


def stop(turn: Turn) -> None:
    _end(turn, Answer.STOP, State.DECLINED, _STOPPED)


def _end(turn: Turn, answer: Answer, state: State, words: str) -> None:
    message_id, found = _theirs(turn, _carried(turn))
    if not found:
        stale(turn)
        return
    answering.answered(turn.connection, found, message_id, answer)
    answering.end(turn.connection, found, state)
    turn.rewrite_pressed(turn.t(words))


BUTTONS = {"rem_now": now, "rem_later": later, "rem_to": put_off, "rem_done": done, "rem_stop": stop}
