"""What every screen of a conversation offers: Back, Cancel, Talk to a person."""

from collections.abc import Sequence

from bot.dialog import PressHandler
from bot.i18n import Html
from bot.screen import Button, Screen
from bot.turn import Turn
from casework.words import N_
from handlers.family.steps import At
from handlers.family.subject import chosen

BACK, CANCEL, TALK, MENU = N_("← Back"), N_("Cancel"), N_("Talk to a person"), N_("Menu")
_OF_A_CARD = {At.CARD, At.HOLDERS, At.CUT, At.WITHDRAW, At.WITHDRAW_SURE}
_OF_THE_CHOSEN = {
    *(At.STRENGTHEN, At.WHICH, At.BLOCK, At.DROP),
    *(At.WHOSE_PAPERS, At.PAPERS, At.PAPER, At.PORTRAIT, At.SENT, At.SENT_ITEM),
}


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
    if turn.loaded.step != At.CANCEL:
        turn.state["before_cancel"] = turn.loaded.step
    turn.go(At.CANCEL)


def talk(turn: Turn, _rest: str = "") -> None:
    """Talk to a person, then come back to where one was."""
    if turn.loaded.step not in {At.TALK, At.THREAD}:
        begin_talk(turn)
    turn.go(At.TALK)


def begin_talk(turn: Turn) -> None:
    """Remember where the talk begins, and which request it is about."""
    turn.state["before_talk"] = turn.loaded.step
    turn.state.pop("talked", None)
    note_request(turn)


def note_request(turn: Turn) -> None:
    """Remember the request whose card or papers are shown: what is written from there is about it."""
    step = turn.loaded.step
    about = turn.state.get("card") if step in _OF_A_CARD else chosen(turn) if step in _OF_THE_CHOSEN else None
    if about is not None:
        turn.state["talk_of"] = about
    else:
        turn.state.pop("talk_of", None)


WAYS_OUT: dict[str, PressHandler] = {"cancel": ask_to_cancel, "talk": talk}
FROM_ASIDE: dict[str, PressHandler] = {"home": to(At.HOME), "talk": talk}


FITS_HALF = 16  # letters on a button that stands beside another one on a narrow telephone


def side_by_side(buttons: Sequence[Button]) -> list[list[Button]]:
    """Put short buttons in pairs, and one that is too long for half the width in a row of its own."""
    rows: list[list[Button]] = []
    for button in buttons:
        beside = rows and len(rows[-1]) == 1 and len(rows[-1][0].label) <= FITS_HALF
        if beside and len(button.label) <= FITS_HALF:
            rows[-1].append(button)
        else:
            rows.append([button])
    return rows


def in_rows(buttons: Sequence[Button], width: int) -> list[list[Button]]:
    return [list(buttons[start : start + width]) for start in range(0, len(buttons), width)]
