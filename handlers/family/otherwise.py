"""What happens where a step has no answer of its own: an old button, a picture, a changed message."""

from bot.dialog import Fallbacks
from bot.incoming import Kind
from bot.turn import Turn
from casework.words import N_
from handlers.family import letter, paper, passing_on, talking
from handlers.family.correcting import correct
from handlers.family.receiving import joins
from handlers.family.start import greet

_OLD_BUTTON = N_("This button belongs to an earlier message.")
_UNKNOWN_COMMAND = N_(
    "Homeward does not know this command. The menu button beside the text field shows those it knows."
)
_ONLY_WORDS = N_("This was not kept: at this place the bot can only read written words and buttons.")
_FORWARDED = N_(
    "A forwarded message is not taken as your answer; to show it to staff, "
    "press “Talk to a person” and forward it there."
)
_EDITED = N_(
    "This message was changed, but it gave no answer that can still be changed this way. "
    "To change an answer, press “← Back”, or its button under “Check your answers”."
)


def stale(turn: Turn) -> None:
    """Say that the button is old.

    Where it hangs on an older message, take it off and show below where we are; not where it was only pressed twice.
    """
    turn.toast(turn.locale.plain(_OLD_BUTTON))
    if turn.incoming.message_id != turn.loaded.screen_message_id and not turn.was_just_left:
        turn.clear_pressed()
        turn.show_anew()


def unreadable(turn: Turn) -> None:
    """Say that this cannot be read here; of an album once."""
    _pass_over(turn, _UNKNOWN_COMMAND if turn.incoming.kind is Kind.COMMAND else _ONLY_WORDS)


def forwarded(turn: Turn) -> None:
    """Say that what somebody else wrote or sent tells nothing of the person in front of us; of an album once."""
    _pass_over(turn, _FORWARDED)


def _pass_over(turn: Turn, why: str) -> None:
    album = turn.incoming.album
    if album and turn.state.get("album_passed_over") == album:
        return
    if album:
        turn.state["album_passed_over"] = album
    turn.note(turn.t(why))
    turn.go(turn.loaded.step)


def edited(turn: Turn) -> None:
    if correct(turn):
        return
    turn.note(turn.t(_EDITED))
    turn.go(turn.loaded.step)


FALLBACKS = Fallbacks(
    start=greet,
    stale=stale,
    unreadable=unreadable,
    edited=edited,
    forwarded=forwarded,
    passing_on=frozenset(
        {
            *(talking.written, talking.sent, letter.written, letter.sent, passing_on.offer),
            *(paper.paper_sent, paper.portrait_sent),
        }
    ),
    answers=lambda _turn: False,
    joins=joins,
)
