"""/note: what staff write about a case for each other. No family ever sees it."""

from bot.dialog import Step
from bot.i18n import Html, bold, code, joined, paragraphs, safe
from bot.incoming import page_in
from bot.screen import units
from bot.turn import Turn
from casework import case_notes, dossiers, team
from casework.case_notes import LONGEST, Note
from casework.caseload import Case
from casework.permissions import Action
from casework.words import N_
from handlers.staff.everywhere import FROM_CASE, desk_screen, leading, page_buttons
from handlers.staff.guard import on_case
from handlers.staff.steps import Desk

TITLE = N_("Notes")
_A_PAGE = 4
_NONE = N_("There is no note yet.")
_WRITE = N_("Write a note in one message. Only the team reads it; no family ever does.")
_WRITTEN = N_("The note is written down.")
_TOO_LONG = N_("A note may have {most} letters at most.")


def _show(turn: Turn, case: Case, _rest: str) -> None:
    dossier = dossiers.open_for_staff(turn.connection, turn.keys, case.request_id)
    if dossier is None:
        turn.go(Desk.DESK)
        return
    page, key = turn.state.get("notes_page", 0), dossier.data_key(turn.keys)
    found = case_notes.page(turn.connection, key, case.request_id, _A_PAGE + 1, page * _A_PAGE)
    names = team.names(turn.connection, turn.keys)
    text = paragraphs(
        joined([bold(turn.t(TITLE)), code(dossier.reference)], " · "),
        *(_note(turn, each, names.get(each.by, team.NAMELESS)) for each in found[:_A_PAGE]),
        None if found else turn.t(_NONE),
        turn.t(_WRITE),
    )
    rows = [page_buttons(turn, page, more=len(found) > _A_PAGE)]
    turn.show(Desk.NOTES, desk_screen(turn, text, rows, back="case"))


def _note(turn: Turn, note: Note, name: str) -> Html:
    head = joined([bold(safe(name)), safe(turn.locale.moment(note.at, turn.zone))], " · ")
    return joined([head, safe(note.text)])


def _open(turn: Turn, case: Case, words: str) -> None:
    """Open the notes, or write down what follows the command."""
    if words:
        _write(turn, case, words)
    turn.state["notes_page"] = 0
    turn.go(Desk.NOTES)


def _written(turn: Turn, case: Case, _rest: str) -> None:
    _open(turn, case, turn.incoming.text)


def _write(turn: Turn, case: Case, words: str) -> None:
    text = words.strip()
    dossier = dossiers.open_for_staff(turn.connection, turn.keys, case.request_id)
    if not text or units(text) > LONGEST:
        turn.note(turn.t(_TOO_LONG, most=LONGEST))
    elif dossier is not None:
        key = dossier.data_key(turn.keys)
        case_notes.write(turn.connection, key, case.request_id, text, turn.account_id, turn.now)
        turn.note(turn.t(_WRITTEN))


def _page(turn: Turn, page: str) -> None:
    turn.state["notes_page"] = page_in(page) or 0
    turn.go(Desk.NOTES)


NOTE = on_case(Action.NOTE, _open)
TO_NOTES = on_case(Action.READ, lambda turn, case, _rest: _open(turn, case, ""))
STEPS = (
    Step(
        Desk.NOTES,
        on_case(Action.READ, _show),
        on_case(Action.NOTE, _written),
        {"page": leading(_page), **FROM_CASE},
    ),
)
