"""Words, voice or photos where nothing was asked: a message to staff, most likely. Asked before it goes to anybody.

Until the answer is yes, nothing is kept but the words and the ids of the files, sealed in the dialog row.
"""

from dataclasses import asdict

from bot.dialog import Step
from bot.i18n import Html, bold, paragraphs, safe
from bot.incoming import Kind
from bot.screen import Screen
from bot.turn import Turn
from casework.files import Sent
from casework.words import N_
from handlers.family.everywhere import note_request
from handlers.family.file_words import sent_in_words
from handlers.family.placing import begin_placing, can_be_placed
from handlers.family.receiving import sent_in
from handlers.family.steps import At
from handlers.family.talking import NOT_FOR_STAFF, keep_files, keep_words

_PASS_ON = N_("Shall we pass this on to staff?")
_FIRST_THIS = N_("Please answer this first. Then you can send more.")
_MOST_FILES = 20
_MOST_CHARACTERS = 16_000
_SHOWN = 300


def offer(turn: Turn) -> None:
    """Ask whether what came shall go to staff; add it to what waits for that answer already."""
    file = sent_in(turn.incoming)
    if file is None and turn.incoming.kind is not Kind.TEXT:
        turn.note(turn.t(NOT_FOR_STAFF))
        turn.go(turn.loaded.step)
        return
    if turn.loaded.step != At.PASS_ON:
        forget(turn)
        note_request(turn)
        turn.state["before_pass_on"] = turn.loaded.step
    if _add_file(turn, file) if file is not None else _add_words(turn):
        turn.go(At.PASS_ON)


def _add_words(turn: Turn) -> bool:
    said = f"{turn.state.get('said', '')}\n{turn.incoming.text}".strip()
    if len(said) > _MOST_CHARACTERS:
        turn.note(turn.t(_FIRST_THIS))
    else:
        turn.state["said"] = said
        _mark_forwarded(turn)
    return True


def _add_file(turn: Turn, file: Sent) -> bool:
    """Add a file; False for a later part of an album, which was asked about with the first."""
    waiting = turn.state.setdefault("waiting", [])
    asked = not file.album or all(each["album"] != file.album for each in waiting)
    if len(waiting) < _MOST_FILES:
        waiting.append(asdict(file))
        _mark_forwarded(turn)
    elif asked:
        turn.note(turn.t(_FIRST_THIS))
    return asked


def _mark_forwarded(turn: Turn) -> None:
    if turn.incoming.forwarded:
        turn.state["said_forwarded"] = True


def ask(turn: Turn) -> None:
    """Show what came, and the two answers."""
    said, waiting = turn.state.get("said", ""), waiting_files(turn)
    if not said and not waiting:
        turn.go(At.HOME)
        return
    quote = Html(f"<blockquote>{safe(_short(said))}</blockquote>") if said else None
    files = bold(sent_in_words(turn.locale, waiting)) if waiting else None
    paper = [turn.button(N_("It is a paper"), "paper")] if can_be_placed(turn, waiting) else []
    rows = [
        [turn.button(N_("Yes, pass it on"), "yes", style="success")],
        paper,
        [turn.button(N_("No, delete it"), "no")],
    ]
    turn.show(At.PASS_ON, Screen(paragraphs(bold(turn.t(_PASS_ON)), quote, files), rows))


def _short(said: str) -> str:
    return said if len(said) <= _SHOWN else said[:_SHOWN] + "…"


def waiting_files(turn: Turn) -> list[Sent]:
    """Return the files that wait for an answer."""
    return [Sent(**each) for each in turn.state.get("waiting", [])]


def _yes(turn: Turn, _rest: str) -> None:
    said, waiting = turn.state.get("said", ""), waiting_files(turn)
    forwarded = bool(turn.state.get("said_forwarded"))
    turn.state.pop("talked", None)
    if said:
        keep_words(turn, said, forwarded=forwarded)
    if waiting:
        keep_files(turn, waiting, forwarded=forwarded)
    _leave(turn)


def _paper(turn: Turn, _rest: str) -> bool | None:
    return begin_placing(turn) if can_be_placed(turn, waiting_files(turn)) else False


def _no(turn: Turn, _rest: str) -> None:
    _leave(turn)


def _leave(turn: Turn) -> None:
    """Go back to where it came in."""
    forget(turn)
    turn.go(turn.state.pop("before_pass_on", At.HOME))


def forget(turn: Turn) -> None:
    """Drop what waited for an answer."""
    for key in ("said", "waiting", "said_forwarded", "placing"):
        turn.state.pop(key, None)


STEPS = (Step(At.PASS_ON, ask, offer, {"yes": _yes, "paper": _paper, "no": _no}, offer),)
