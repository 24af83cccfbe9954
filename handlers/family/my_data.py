"""/my_data: everything that is held, as a file to read, a file for machines, and the stored files themselves."""

import json

from bot.dialog import Step
from bot.i18n import bold, paragraphs
from bot.stored_files import way_back
from bot.turn import Turn
from casework import portability, submissions
from casework.words import N_
from handlers.family.everywhere import FROM_ASIDE, aside
from handlers.family.my_data_page import page
from handlers.family.steps import At

MY_DATA = N_("My data")
_WHAT = N_("You get everything we hold about you: one file to read, one for machines, and what you sent.")
_IN_THE_CHAT = N_("It will lie in this chat, with names in it. Whoever holds this telephone can open it.")
_HERE = N_("This is everything we hold about you.")


def ask(turn: Turn) -> None:
    """Ask first: the files will lie in the chat."""
    rows = [[turn.button(N_("Yes, send it to me here"), "yes", style="success")]]
    text = paragraphs(bold(turn.t(MY_DATA)), turn.t(_WHAT), turn.t(_IN_THE_CHAT))
    turn.show(At.MY_DATA, aside(turn, text, rows))


def _give(turn: Turn, _rest: str) -> None:
    """Write both files as they are at this moment; neutral names, nobody named in the caption."""
    held = portability.everything(
        turn.connection, turn.keys, turn.account_id, turn.state.get("draft"), turn.around.periods
    )
    readable = {"render": "words", "filename": "my-data.html", "media_type": "text/html"}
    raw = {"render": "words", "filename": "my-data.json", "media_type": "application/json"}
    turn.upload("sendDocument", {**readable, "text": page(turn, held)}, turn.t(_HERE))
    turn.upload("sendDocument", {**raw, "text": json.dumps(held, ensure_ascii=False, indent=2)})
    own = submissions.of_account(turn.connection, turn.keys, turn.account_id)
    theirs = submissions.from_office(turn.connection, turn.keys, turn.account_id)
    for submitted in [*own, *theirs]:
        for file in submitted.stored:
            turn.upload(*way_back(file))
    turn.go(At.HOME)


STEPS = (Step(At.MY_DATA, ask, presses={"yes": _give, **FROM_ASIDE}),)
