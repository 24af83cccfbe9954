"""Files of families in a chat of staff: sent protected, and taken out again, since telephones get lost."""

from collections.abc import Sequence

from bot.i18n import Html, joined, safe
from bot.screen import Button
from bot.stored_files import way_back
from bot.turn import Turn
from casework.permissions import Action
from casework.submissions import SubmittedFile
from casework.words import N_
from handlers.staff.guard import at_desk

AT_ONCE = 20  # files
TAKE_OUT = "take_out"
_MOST_REMEMBERED = 200
_LONGEST_CAPTION = 800  # of Telegram's 1024; the rest is for our own words
_NO_CAPTION = "sendVideoNote"  # Bot API: it takes none
_WAYS = N_("They can be neither forwarded nor saved. Take them out of the chat when you have seen them.")
_TAKEN_OUT = N_("What you opened is taken out of this chat.")
_TOO_OLD = N_(
    "Telegram lets a bot delete messages for two days only. To delete it yourself, hold your finger on it."
)


def send(turn: Turn, files: Sequence[SubmittedFile], what: Html) -> None:
    """Send files into the chat, and say so above the next screen. Whoever calls it has asked, and it is audited."""
    opened = [_send(turn, file, what, number, len(files)) for number, file in enumerate(files, 1)]
    turn.state["opened"] = [*turn.state.get("opened", []), *opened][-_MOST_REMEMBERED:]
    number = turn.locale.plural(
        "{n} file is in this chat now.", "{n} files are in this chat now.", len(files)
    )
    turn.note(joined([number, turn.t(_WAYS)], " "))


def _send(turn: Turn, file: SubmittedFile, what: Html, number: int, count: int) -> int:
    which = turn.t(N_("{what}, {number} of {count}"), what=what, number=number, count=count)
    came = safe(turn.locale.date(file.created_at, turn.zone))
    written = [safe(file.caption[:_LONGEST_CAPTION])] if file.caption else []
    caption = joined([joined([which if count > 1 else what, came], " · "), *written])
    method, recipe = way_back(file)
    return turn.upload(method, recipe, None if method == _NO_CAPTION else caption, protected=True)


def ways(turn: Turn) -> list[Button]:
    """Return the button that takes out what was opened, where anything was."""
    return [turn.button(N_("Take it out of the chat"), TAKE_OUT)] if turn.state.get("opened") else []


def _take_out(turn: Turn, _rest: str) -> None:
    gone = turn.take_out(turn.state.pop("opened", []))
    turn.note(turn.t(_TAKEN_OUT if gone else _TOO_OLD))
    turn.go(turn.loaded.step)


FROM_OPENED = {TAKE_OUT: at_desk(Action.DESK, _take_out)}
