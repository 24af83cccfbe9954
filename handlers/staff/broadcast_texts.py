"""The words of a broadcast, one message a language, taken with Telegram's own formatting as it was typed."""

from bot.dialog import Step
from bot.i18n import paragraphs
from bot.turn import Turn
from casework import broadcasts
from casework.broadcast_texts import Found, Problem, problems_of, taken, units
from casework.permissions import Action
from casework.words import N_
from handlers.family.broadcast_message import room
from handlers.staff.audience_words import language_in_words
from handlers.staff.broadcast_words import mend_in_words, shown_text, title_in_words
from handlers.staff.broadcasts import DRAFT, draft
from handlers.staff.everywhere import FROM_DESK, desk_screen
from handlers.staff.guard import at_desk
from handlers.staff.steps import Desk

_ASK = N_(
    "Write the text in this language as one message: {language}. Bold, italic, links and quotes stay as you type them."
)
_ALL_THE_SAME = N_("Everybody reads the same words. Names or facts of a case cannot be put in.")
_ROOM = N_("Up to {room} signs fit.")
_NOW = N_("What stands there now:")
_TAKEN = N_("The text is taken: {language}.")
_MOST_SHOWN = 1500  # signs
_WHERE_TELEGRAM_CUTS = 4000  # UTF-16 units, at least; a client cuts before 4096, at the end of a word
_TOGETHER = 2.0  # seconds within which the pieces arrive


def _choose(turn: Turn, language: str) -> bool | None:
    if not turn.around.locales.offers(language) or "cast" not in turn.state:
        return False
    turn.state["cast"]["language"] = language
    turn.go(Desk.CAST_TEXT)
    return None


def _ask(turn: Turn, _rest: str) -> None:
    broadcast = draft(turn)
    if broadcast is None:
        return
    language = turn.state["cast"].get("language", turn.locale.code)
    written = broadcasts.texts(turn.connection, turn.keys, broadcast.id)
    now = written.get(language)
    text = paragraphs(
        title_in_words(turn, broadcast),
        turn.t(_ASK, language=language_in_words(turn, language)),
        turn.t(_ALL_THE_SAME),
        turn.t(_ROOM, room=room(turn.around.locales, broadcast)),
        turn.t(_NOW) if now else None,
        shown_text(turn.around.locales.get(language), now, _MOST_SHOWN) if now else None,
    )
    rows = [[turn.button(N_("Take the text out"), "clear")]] if now else []
    turn.show(Desk.CAST_TEXT, desk_screen(turn, text, rows, back="draft"))


def _written(turn: Turn, _rest: str) -> None:
    broadcast = draft(turn)
    if broadcast is None:
        return
    words, fits = taken(turn.incoming.text, turn.incoming.entities), room(turn.around.locales, broadcast)
    found = _rest_of_a_long_one(turn, fits) or problems_of(words, fits)
    if found:
        turn.note(mend_in_words(turn, found, fits))
        turn.go(Desk.CAST_TEXT)
        return
    language = turn.state["cast"].get("language", turn.locale.code)
    broadcasts.write(turn.connection, turn.keys, broadcast.id, language, words, turn.now)
    turn.note(turn.t(_TAKEN, language=language_in_words(turn, language)))
    turn.go(Desk.CAST)


def _rest_of_a_long_one(turn: Turn, fits: int) -> list[Found]:
    """Return what is wrong with what Telegram cut off a text over its limit, and sends as a message of its own.

    Taken by itself it would stand there as the whole text.
    """
    look = turn.state["cast"]
    before, at = look.pop("long", (0, 0.0))
    length, now = units(turn.incoming.text), turn.now.timestamp()
    rest = before and now - at <= _TOGETHER
    if rest or length >= _WHERE_TELEGRAM_CUTS:
        look["long"] = (before + length if rest else length, now)
    return [Found(Problem.TOO_LONG, over=before + length - fits)] if rest else []


def _clear(turn: Turn, _rest: str) -> None:
    broadcast = draft(turn)
    if broadcast is not None:
        broadcasts.unwrite(turn.connection, broadcast.id, turn.state["cast"].get("language", ""))
        turn.go(Desk.CAST)


TEXT = at_desk(Action.BROADCAST, _choose)
WRITTEN = at_desk(Action.BROADCAST, _written)
STEPS = (
    Step(
        Desk.CAST_TEXT,
        at_desk(Action.BROADCAST, _ask),
        WRITTEN,
        {"clear": at_desk(Action.BROADCAST, _clear), "draft": DRAFT, **FROM_DESK},
    ),
)
