"""Putting other words into every chat that got a broadcast. Above the limit a second person sees them first too."""

from collections.abc import Sequence

from bot.dialog import Step
from bot.i18n import Html, bold, paragraphs
from bot.screen import Button
from bot.turn import Turn
from casework import audit, broadcasts
from casework import broadcast_runs as runs
from casework.approvals import Approval
from casework.audit import Deed
from casework.broadcast_texts import problems_of, taken
from casework.broadcasts import Broadcast, Text
from casework.permissions import Action
from casework.words import N_
from handlers.family.broadcast_message import message_of, room
from handlers.family.everywhere import side_by_side
from handlers.staff.audience_words import language_in_words
from handlers.staff.broadcast_report import begin_progress
from handlers.staff.broadcast_words import mend_in_words, promises_in_words, shown_text, title_in_words
from handlers.staff.broadcasts import DRAFT, started
from handlers.staff.everywhere import FROM_DESK, desk_screen
from handlers.staff.guard import at_desk
from handlers.staff.seconding import Matter, ask
from handlers.staff.steps import Desk

_WHICH = N_("In which language shall the words be others?")
_ASK = N_("Write the right text in this language as one message: {language}.")
_EXACTLY = N_("Above you see how it will stand in {n} chats, in place of the old words.")
_NOWHERE = N_("It has arrived nowhere in this language, so nothing can be corrected.")
_SECOND = N_("More than {most} people would get it, so a second person has to agree.")
_ON_ITS_WAY = N_("The correction is on its way.")
_CHATS = N_("Chats in which the words change: {n}.")
_MOST_SHOWN = 1500


def _ask(turn: Turn, _rest: str) -> None:
    """Ask in which language; where it is known, for the words."""
    broadcast = started(turn)
    if broadcast is None:
        return
    written = broadcasts.texts(turn.connection, turn.keys, broadcast.id)
    language = turn.state["cast"].get("correcting")
    if language not in written:
        buttons = [Button(language_in_words(turn, each), f"in:{each}") for each in written]
        text = paragraphs(title_in_words(turn, broadcast), turn.t(_WHICH))
        turn.show(Desk.CAST_CORRECT, desk_screen(turn, text, side_by_side(buttons), back="draft"))
        return
    text = paragraphs(
        title_in_words(turn, broadcast),
        turn.t(_ASK, language=language_in_words(turn, language)),
        shown_text(turn.around.locales.get(language), written[language], _MOST_SHOWN),
    )
    rows = [[turn.button(N_("Another language"), "in:")]]
    turn.show(Desk.CAST_CORRECT, desk_screen(turn, text, rows, back="draft"))


def _choose(turn: Turn, language: str) -> bool | None:
    if "cast" not in turn.state or (language and not turn.around.locales.offers(language)):
        return False
    turn.state["cast"]["correcting"] = language
    turn.go(Desk.CAST_CORRECT)
    return None


def _written(turn: Turn, _rest: str) -> None:
    broadcast = started(turn)
    if broadcast is None:
        return
    language = turn.state["cast"].get("correcting")
    if not language:
        turn.go(Desk.CAST_CORRECT)
        return
    words, fits = taken(turn.incoming.text, turn.incoming.entities), room(turn.around.locales, broadcast)
    found = problems_of(words, fits)
    if found:
        turn.note(mend_in_words(turn, found, fits))
        turn.go(Desk.CAST_CORRECT)
        return
    broadcast.details.correction = {language: words}
    if not runs.correctable(turn.connection, broadcast):
        turn.note(turn.t(_NOWHERE))
        turn.go(Desk.CAST_RUN)
        return
    broadcasts.save(turn.connection, turn.keys, broadcast)
    _show_exactly(turn, broadcast)
    turn.go(Desk.CAST_CORRECTED)


def _show_exactly(turn: Turn, broadcast: Broadcast) -> None:
    for language, words in broadcast.details.correction.items():
        content = message_of(broadcast, words, turn.around.locales.get(language))
        turn.send_as_is(content.method, content.parameters)


def _sure(turn: Turn, _rest: str) -> None:
    broadcast = started(turn)
    if broadcast is None:
        return
    if not broadcast.details.correction:
        turn.go(Desk.CAST_RUN)
        return
    n, most = runs.correctable(turn.connection, broadcast), turn.around.second_above
    turn.state["cast"]["print"] = broadcasts.print_of(turn.connection, turn.keys, broadcast)
    text = paragraphs(
        title_in_words(turn, broadcast),
        turn.t(_EXACTLY, n=bold(str(n))),
        promises_in_words(turn, _texts(broadcast)),
        turn.t(_SECOND, most=most) if n > most else None,
    )
    rows = [[turn.button(N_("Correct it everywhere"), "yes", style="success")]]
    turn.show(Desk.CAST_CORRECTED, desk_screen(turn, text, rows, back="draft"))


def _texts(broadcast: Broadcast) -> list[Text]:
    return [Text(0, language, 0, words) for language, words in broadcast.details.correction.items()]


def _yes(turn: Turn, _rest: str) -> None:
    broadcast = started(turn)
    if broadcast is None or not broadcast.details.correction:
        turn.go(Desk.CAST)
        return
    seen = turn.state["cast"].get("print")
    if seen != broadcasts.print_of(turn.connection, turn.keys, broadcast):
        turn.go(Desk.CAST_CORRECTED)
    elif runs.correctable(turn.connection, broadcast) > turn.around.second_above:
        ask(turn, MATTER, {"broadcast": broadcast.id, "print": seen})
        turn.go(Desk.CAST_RUN)
    else:
        _carry(turn, broadcast, turn.account_id)
        turn.go(Desk.CAST_RUN)


def _carry(turn: Turn, broadcast: Broadcast, by: int) -> bool:
    run_id = runs.correct(turn.connection, turn.keys, broadcast, by, turn.now)
    if run_id is None:
        return False
    audit.record(
        turn.connection, turn.keys, Deed("broadcast_corrected", by, subject_id=broadcast.id), turn.now
    )
    begin_progress(turn.connection, turn.around, broadcast, run_id, turn.now)
    turn.note(turn.t(_ON_ITS_WAY))
    return True


def _pages(turn: Turn, approval: Approval) -> Sequence[Html]:
    broadcast = broadcasts.get(turn.connection, turn.keys, approval.asked.details["broadcast"])
    if broadcast is None:
        return [turn.t(N_("This broadcast is not there any more."))]
    texts = _texts(broadcast)
    return [
        paragraphs(
            title_in_words(turn, broadcast),
            turn.t(_CHATS, n=runs.correctable(turn.connection, broadcast)),
            *(shown_text(turn.around.locales.get(each.language), each, _MOST_SHOWN) for each in texts),
            promises_in_words(turn, texts),
        )
    ]


def _look(turn: Turn, approval: Approval) -> None:
    broadcast = broadcasts.get(turn.connection, turn.keys, approval.asked.details["broadcast"])
    if broadcast is not None:
        _show_exactly(turn, broadcast)


def _carry_out(turn: Turn, approval: Approval) -> bool:
    broadcast = broadcasts.lock(turn.connection, turn.keys, approval.asked.details["broadcast"])
    if broadcast is None or not broadcast.details.correction:
        return False
    if broadcasts.print_of(turn.connection, turn.keys, broadcast) != approval.asked.details["print"]:
        return False
    return _carry(turn, broadcast, approval.asked.by)


MATTER = Matter(
    "broadcast_correction", N_("Correction of a broadcast"), Action.BROADCAST, _pages, _carry_out, _look
)
STEPS = (
    Step(
        Desk.CAST_CORRECT,
        at_desk(Action.BROADCAST, _ask),
        at_desk(Action.BROADCAST, _written),
        {"in": at_desk(Action.BROADCAST, _choose), "draft": DRAFT, **FROM_DESK},
    ),
    Step(
        Desk.CAST_CORRECTED,
        at_desk(Action.BROADCAST, _sure),
        presses={"yes": at_desk(Action.BROADCAST, _yes), "draft": DRAFT, **FROM_DESK},
    ),
)
