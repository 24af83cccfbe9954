"""One message of the office, in full: what a notice leads to. Whatever is written below it goes to staff."""

from bot.dialog import Step
from bot.i18n import bold, paragraphs, safe
from bot.incoming import id_in
from bot.screen import Screen
from bot.stored_files import way_back
from bot.turn import Turn
from casework import messages, submissions
from casework.files import State
from casework.messages import Written
from casework.words import N_
from handlers.family import talking
from handlers.family.everywhere import TALK
from handlers.family.file_words import became_in_words, files_in_words
from handlers.family.steps import At
from handlers.family.talking import WRITTEN

WRITES = N_("The office writes:")
_ASKS = N_("The office waits for your answer. Write it here, or send a voice message, photos or files.")
_HERE = N_("What you write or send here goes to staff.")
_GONE = N_("This message is not here any more.")
_OPEN = N_("Open what was sent with it")
_WAY_BACK = N_("Menu")


def from_anywhere(turn: Turn) -> None:
    """Open the message that a notice is about."""
    open_letter(turn, turn.incoming.action.partition(":")[2])


def open_letter(turn: Turn, message_id: str) -> None:
    turn.state["letter"] = id_in(message_id) or 0
    turn.go(At.LETTER)


def all_new(turn: Turn) -> None:
    """Open the thread, where several messages are new."""
    for key in ("talk_of", "thread_at"):
        turn.state.pop(key, None)
    turn.state["before_thread"] = At.HOME
    turn.go(At.THREAD)


def _letter(turn: Turn) -> Written | None:
    found = messages.one(turn.connection, turn.keys, turn.account_id, turn.state.get("letter", 0))
    return found if found is not None and found.from_office else None


def show(turn: Turn) -> None:
    """Show it whole; from now on it is read."""
    letter = _letter(turn)
    if letter is None:
        turn.note(turn.t(_GONE))
        turn.go(At.HOME)
        return
    messages.mark_read(turn.connection, [letter.message_id], turn.now)
    kept = [part for part in letter.files if part.state != State.REFUSED]  # what was not, the office knows of
    kinds, states = [part.kind for part in kept], [part.state for part in kept]
    text = paragraphs(
        bold(turn.t(WRITES)),
        safe(letter.text) if letter.text else None,
        files_in_words(turn.locale, kinds),
        became_in_words(turn.locale, states),
        turn.t(_ASKS if letter.waits else _HERE),
    )
    stored = [turn.button(_OPEN, "files", style="success")] if State.STORED in states else []
    ways = [turn.button(WRITTEN, "written"), turn.button(TALK, "talk")]
    turn.show(At.LETTER, Screen(text, [stored, ways, [turn.button(_WAY_BACK, "home")]]))


def _files(turn: Turn, _rest: str) -> bool | None:
    """Send what came with it into the chat, and the message again below it."""
    letter = _letter(turn)
    if letter is None or letter.submission_id is None:
        return False
    sent = submissions.of_message(turn.connection, turn.keys, letter.submission_id)
    for file in sent.stored if sent is not None else ():
        turn.upload(*way_back(file))
    turn.go(At.LETTER)
    return None


def _begin(turn: Turn) -> None:
    """What is written from here is about what the message was about."""
    letter = _letter(turn)
    turn.state["before_talk"] = At.HOME
    for key in ("talked", "talk_of"):
        turn.state.pop(key, None)
    if letter is not None and letter.request_id is not None:
        turn.state["talk_of"] = letter.request_id


def written(turn: Turn) -> None:
    """Keep an answer in words."""
    _begin(turn)
    talking.written(turn)


def sent(turn: Turn) -> None:
    """Keep an answer by voice, photo or file."""
    _begin(turn)
    talking.sent(turn)


def _talk(turn: Turn, _rest: str) -> None:
    _begin(turn)
    turn.go(At.TALK)


def _to_thread(turn: Turn, _rest: str) -> None:
    _begin(turn)
    turn.state["before_thread"] = At.LETTER
    turn.state.pop("thread_at", None)
    turn.go(At.THREAD)


def _home(turn: Turn, _rest: str) -> None:
    turn.state.pop("letter", None)
    turn.go(At.HOME)


STEPS = (
    Step(
        At.LETTER,
        show,
        written,
        {"files": _files, "written": _to_thread, "talk": _talk, "home": _home},
        sent,
    ),
)
