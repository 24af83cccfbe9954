"""/verify: whether a message is really ours, by the code that stands under it. For everybody, at any time.

Guessing is limited as that of references is. Who types an unknown code is told calmly, with the page on scams beside.
"""

from bot.dialog import Step
from bot.i18n import Html, bold, code, paragraphs, safe
from bot.turn import Turn
from casework import access, broadcasts
from casework.broadcasts import Broadcast
from casework.words import N_
from handlers.family.everywhere import FROM_ASIDE, aside
from handlers.family.information import SCAMS, to_page
from handlers.family.steps import At

_TITLE = N_("Is a message really from us?")
_ASK = N_("Write the code that stands under the message, for example 7K3M-9QF2.")
_NOT_A_CODE = N_("A code has eight letters and digits. Please compare it once more.")
_OURS = N_("Yes, this message is from us. We sent it on {day}. It says:")
_ONLY_THIS = N_("If what you were sent says something else, it is not from us.")
_TAKEN_BACK = N_("We have taken it back since. Do not rely on it any more.")
_UNKNOWN = N_("We have sent no message with the code {code}. Whatever came with it is not from us.")
_CALM = N_("You need do nothing about it. Pay nothing, and pass on no codes.")
_TOO_OFTEN = N_("This was tried too often. Please wait an hour, or talk to a person.")
_MOST_SHOWN = 2500  # signs


def verify(turn: Turn) -> None:
    """Answer /verify, with the code behind it or without."""
    if turn.incoming.argument:
        _check(turn, turn.incoming.argument)
    else:
        turn.go(At.VERIFY)


def _ask(turn: Turn) -> None:
    rows = [[turn.button(SCAMS.title, "scams")]]
    text = paragraphs(bold(turn.t(_TITLE)), turn.t(_ASK))
    turn.show(At.VERIFY, aside(turn, text, rows))


def _typed(turn: Turn) -> None:
    _check(turn, turn.incoming.text.removeprefix("/verify"))


def _check(turn: Turn, typed: str) -> None:
    if access.guesses_too_often(turn.connection, turn.account_id, turn.now):
        turn.note(turn.t(_TOO_OFTEN))
    else:
        turn.note(_answer(turn, typed))
    turn.go(At.VERIFY)


def _answer(turn: Turn, typed: str) -> Html:
    known = broadcasts.read_code(typed)
    if known is None:
        return turn.t(_NOT_A_CODE)
    found = broadcasts.by_code(turn.connection, turn.keys, known)
    if found is None:
        access.note_wrong_guess(turn.connection, turn.account_id, turn.now)
        return paragraphs(turn.t(_UNKNOWN, code=code(known)), turn.t(_CALM))
    return _ours(turn, found)


def _ours(turn: Turn, found: Broadcast) -> Html:
    """Say that it is ours, and what it says in the reader's language, or in the one they got it in."""
    day = turn.locale.date(found.started_at or found.created_at, turn.zone)
    written = broadcasts.texts(turn.connection, turn.keys, found.id)
    own = broadcasts.reads(
        turn.locale.code, written, found.details.instead, turn.around.locales.fallback.code
    )
    full = written[own or next(iter(written))].body.text
    short = full if len(full) <= _MOST_SHOWN else f"{full[:_MOST_SHOWN]}…"
    return paragraphs(
        turn.t(_OURS, day=day),
        Html(f"<blockquote expandable>{safe(short)}</blockquote>"),
        turn.t(_TAKEN_BACK) if broadcasts.taken_back(turn.connection, found.id) else turn.t(_ONLY_THIS),
    )


STEPS = (Step(At.VERIFY, _ask, _typed, {"scams": to_page(SCAMS.key), **FROM_ASIDE}),)
