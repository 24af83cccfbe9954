"""What every screen of a conversation offers: Back, Cancel, Talk to a person."""

from collections.abc import Sequence

from bot.dialog import PressHandler
from bot.i18n import Html
from bot.screen import Button, Screen
from bot.turn import Turn
from casework.words import N_
from handlers.family.steps import At

BACK, CANCEL, TALK, MENU = N_("← Back"), N_("Cancel"), N_("Talk to a person"), N_("Menu")


def conversation(turn: Turn, text: Html, rows: Sequence[Sequence[Button]] = ()) -> Screen:
    """Make a screen inside a conversation: its own rows, then the three ways out."""
    ways_out = [[turn.button(BACK, "back"), turn.button(CANCEL, "cancel")], [turn.button(TALK, "talk")]]
    return Screen(text, [*rows, *ways_out])


def aside(turn: Turn, text: Html, rows: Sequence[Sequence[Button]] = ()) -> Screen:
    """Make a screen beside the conversation, from which one goes back to the menu or to a person."""
    return Screen(text, [*rows, [turn.button(BACK, "home"), turn.button(TALK, "talk")]])


def to(step: At) -> PressHandler:
    """Make the handler of a button that just leads somewhere."""

    def press(turn: Turn, _rest: str) -> None:
        turn.go(step)

    return press


def ask_to_cancel(turn: Turn, _rest: str = "") -> None:
    """Cancel asks first; going on leads back to where one was."""
    _remember(turn, "before_cancel", At.CANCEL)
    turn.go(At.CANCEL)


def talk(turn: Turn, _rest: str = "") -> None:
    """Talk to a person, then come back to where one was."""
    _remember(turn, "before_talk", At.TALK)
    turn.go(At.TALK)


def _remember(turn: Turn, key: str, step: At) -> None:
    """Remember where to come back to, unless we are in that place already."""
    if turn.loaded.step != step:
        turn.state[key] = turn.loaded.step


WAYS_OUT: dict[str, PressHandler] = {"cancel": ask_to_cancel, "talk": talk}
FROM_ASIDE: dict[str, PressHandler] = {"home": to(At.HOME), "talk": talk}


def in_rows(buttons: Sequence[Button], width: int) -> list[list[Button]]:
    return [list(buttons[start : start + width]) for start in range(0, len(buttons), width)]
