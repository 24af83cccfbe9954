"""The reminders of a family, under settings: what is to come, what was stopped; each can be stopped and begun again."""

from bot.dialog import Step
from bot.i18n import Html, bold, joined, paragraphs, safe
from bot.incoming import id_in
from bot.screen import Button, Screen
from bot.turn import Turn
from casework.reminding import answering, setting
from casework.reminding.rows import Reminder, State
from casework.words import N_
from handlers.family.everywhere import BACK, TALK, talk, to
from handlers.family.passing_on import offer
from handlers.family.reminder_words import FAMILIES
from handlers.family.reminding_when import office
from handlers.family.steps import At

TITLE = N_("Reminders")
_NONE = N_("Nothing is to come at present.")
_HOW = N_("Press one to stop it, or to begin it again.")
_OFF = N_("stopped")
_MOST = 12


def _theirs(turn: Turn) -> list[Reminder]:
    found = setting.to_come(turn.connection, office(turn), turn.account_id)
    return [each for each in found if each.kind in FAMILIES][:_MOST]


def _show(turn: Turn) -> None:
    found = _theirs(turn)
    lines = [_line(turn, number, each) for number, each in enumerate(found, 1)]
    buttons = [
        [Button(_label(turn, number, each), f"turn:{each.id}")] for number, each in enumerate(found, 1)
    ]
    text = paragraphs(
        bold(turn.t(TITLE)), joined(lines) if lines else turn.t(_NONE), turn.t(_HOW) if found else None
    )
    ways = [turn.button(BACK, "settings"), turn.button(TALK, "talk")]
    turn.show(At.REMINDERS, Screen(text, [*buttons, ways]))


def _line(turn: Turn, number: int, reminder: Reminder) -> Html:
    title = turn.t(FAMILIES[reminder.kind].title)
    when = (
        turn.t(_OFF)
        if reminder.state is State.DECLINED
        else safe(turn.locale.moment(reminder.due_at, turn.zone))
    )
    return Html(f"{number}. {title}: {when}")


def _label(turn: Turn, number: int, reminder: Reminder) -> str:
    words = N_("Begin again: {number}") if reminder.state is State.DECLINED else N_("Stop: {number}")
    return turn.locale.plain(words, number=number)


def _turn(turn: Turn, reminder_id: str) -> bool | None:
    """Stop one, or begin it again: then from now on, and what has passed meanwhile is let be."""
    found = answering.one(turn.connection, office(turn), id_in(reminder_id) or 0, turn.account_id)
    if found is None or found.kind not in FAMILIES:
        return False
    if found.state is State.DECLINED:
        answering.begin_again(turn.connection, turn.around.rules, found, turn.now)
    else:
        answering.end(turn.connection, [found], State.DECLINED)
    turn.go(At.REMINDERS)
    return None


STEPS = (Step(At.REMINDERS, _show, offer, {"turn": _turn, "settings": to(At.SETTINGS), "talk": talk}, offer),)
