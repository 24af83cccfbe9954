"""One paper of a case: opened, found good, sent back (rejecting.py), asked for.

Each press that decides asks again whether the paper still is as the screen showed it.
"""

from dataclasses import dataclass

from bot.dialog import Step
from bot.i18n import Html, bold, code, joined, paragraphs, safe
from bot.incoming import id_in
from bot.screen import Button
from bot.turn import Turn
from casework import checking, team
from casework.caseload import Case
from casework.checking import Held
from casework.dossiers import Dossier
from casework.paper_kinds import KINDS
from casework.permissions import Action
from casework.submissions import SubmittedFile
from casework.words import N_
from handlers.family.rejection_words import rejection_in_words
from handlers.staff import opened
from handlers.staff.everywhere import FROM_CASE, desk_screen, to
from handlers.staff.guard import on_case, refusal_of
from handlers.staff.moving import called
from handlers.staff.news import tell_of_asked, tell_of_paper
from handlers.staff.opened import AT_ONCE, FROM_OPENED
from handlers.staff.paper_words import asked_in_words, sent_in_words, state_in_words
from handlers.staff.papers import GONE, TO_PAPERS, person_of
from handlers.staff.steps import Desk

_FRESH = "new"
_REQUESTERS = N_("the requester's own")
_DECIDED = N_("{name} has decided on this paper meanwhile. Nothing was changed by you.")
_CHANGED = N_("This paper has changed since you looked. Please look again; nothing was done.")
_GOOD = N_("It is found good. The family gets a message without names that there is news.")
_ASKED = N_("The family is asked for it, and gets a message without names.")
_NOT_ASKED = N_("It is not asked for any more.")
UNREACHED = N_("It is written down. No chat of the family can be reached: please tell them in another way.")
_READS = N_("The family reads: {words}")


@dataclass(frozen=True)
class Look:
    """The paper on the screen, and the dossier it belongs to."""

    dossier: Dossier
    held: Held


def look_of(turn: Turn, case: Case) -> Look | None:
    """Return the paper that was chosen, as it is now; None where that is none of this case."""
    chosen, kind = person_of(turn, case), KINDS.get(turn.state.get("checking", {}).get("paper", ""))
    if chosen is None or kind is None:
        return None
    dossier, person_id = chosen
    held = checking.of_person(turn.connection, turn.keys, case.request_id, person_id)
    return Look(dossier, next(each for each in held if each.kind is kind))


def as_seen(turn: Turn, case: Case) -> Look | None:
    """Return the paper if it still is as it was shown; otherwise say who changed it, show it anew, return None."""
    look = look_of(turn, case)
    if look is None:
        turn.go(Desk.CASE)
    elif look.held.seen == turn.state["checking"].get("seen"):
        return look
    else:
        changed(turn, look)
    return None


def changed(turn: Turn, look: Look) -> None:
    """Say that a paper is not as it was shown, and by whom where that was a colleague; show it anew."""
    by = checking.decided_by(turn.connection, look.held)
    if by is None or by == turn.account_id:
        turn.note(turn.t(_CHANGED))
    else:
        turn.note(turn.t(_DECIDED, name=team.name_of(turn.connection, turn.keys, by)))
    turn.go(Desk.PAPER)


def _show(turn: Turn, case: Case, _rest: str) -> None:
    look = look_of(turn, case)
    if look is None:
        turn.go(Desk.CASE)
        return
    held, kept = look.held, turn.state["checking"]
    turn.state["checking"] = {"person": kept["person"], "paper": kept["paper"], "seen": held.seen}
    text = paragraphs(
        heading(turn, look),
        _so_far(turn, held),
        _why(turn, look),
        sent_in_words(turn, held),
        turn.t(N_("Something is on its way and not stored yet.")) if held.arrives else None,
    )
    turn.show(Desk.PAPER, desk_screen(turn, text, _rows(turn, case, held), back="papers"))


def heading(turn: Turn, look: Look) -> Html:
    """Say which paper, of which case, and whose."""
    person_id = look.held.person_id
    name = safe(called(turn, look.dossier, person_id)) if person_id is not None else turn.t(_REQUESTERS)
    return joined([bold(turn.t(look.held.kind.staff_label)), code(look.dossier.reference), name], " · ")


def _so_far(turn: Turn, held: Held) -> Html:
    state, asked = state_in_words(turn, held.paper), asked_in_words(turn, held.paper)
    return turn.t(N_("Now: {state}"), state=joined([state, *([asked] if asked else [])], " · "))


def _why(turn: Turn, look: Look) -> Html | None:
    """Quote what the family reads of a paper that was sent back."""
    paper = look.held.paper
    if paper.rejected_for is None:
        return None
    key = look.dossier.data_key(turn.keys)
    remark = checking.remarks(turn.connection, key, look.held.request_id).get(paper.document_id, "")
    return turn.t(_READS, words=rejection_in_words(turn.locale, paper.rejected_for, remark))


def _rows(turn: Turn, case: Case, held: Held) -> list[list[Button]]:
    rows = _openings(turn, held)
    if refusal_of(turn, Action.CHECK_PAPER, case) is None:
        good, back = N_("It is good"), N_("It cannot be used")
        rows += [[turn.button(good, "good", style="success")]] if held.may_be_found_good else []
        rows += [[turn.button(back, "reject", style="danger")]] if held.may_be_rejected else []
    if refusal_of(turn, Action.ASK, case) is None:
        rows += [[turn.button(N_("Ask the family for it"), "ask")]] if held.may_be_asked else []
        rows += [[turn.button(N_("Ask for it no more"), "unask")]] if held.paper.asked else []
    return [*rows, opened.ways(turn)]


def _openings(turn: Turn, held: Held) -> list[list[Button]]:
    """Offer what is stored: what is new by itself, and the rest in as many files as are sent at once."""
    count, fresh = len(held.stored), held.fresh
    rows = [[turn.button(N_("Open what is new"), f"open:{_FRESH}")]] if 0 < len(fresh) < count else []
    if 0 < count <= AT_ONCE:
        return [*rows, [turn.button(N_("Open it"), "open:0")]]
    for start in range(0, count, AT_ONCE):
        words = {"first": start + 1, "last": min(start + AT_ONCE, count)}
        rows.append([Button(turn.locale.plain(N_("Open {first}–{last}"), **words), f"open:{start}")])
    return rows


def _chosen(held: Held, which: str) -> list[SubmittedFile]:
    if which == _FRESH:
        return held.fresh[-AT_ONCE:]
    start = id_in(which)
    return held.stored[start : start + AT_ONCE] if start is not None else []


def _open(turn: Turn, case: Case, which: str) -> None:
    """Send files of the paper into the chat; what was removed meanwhile is said to be."""
    look = look_of(turn, case)
    files = _chosen(look.held, which) if look is not None else []
    if look is None or not files:
        turn.note(turn.t(GONE))
    else:
        opened.send(turn, files, turn.t(look.held.kind.staff_label))
    turn.go(Desk.PAPER)


def row_of(turn: Turn, case: Case, _rest: str) -> int | None:
    """Return the row of the paper that was chosen, for the audit log; None where there is none yet."""
    look = look_of(turn, case)
    return (look.held.paper.document_id or None) if look is not None else None


def _good(turn: Turn, case: Case, _rest: str) -> bool | None:
    look = as_seen(turn, case)
    if look is None:
        return None
    if not look.held.may_be_found_good:
        return False
    if not checking.verify(turn.connection, look.held, turn.account_id, turn.now):
        changed(turn, look)
        return None
    told = tell_of_paper(turn, case.request_id, look.held.paper.document_id)
    turn.note(turn.t(_GOOD if told else UNREACHED))
    turn.go(Desk.PAPERS)
    return None


def _ask(turn: Turn, case: Case, _rest: str) -> bool | None:
    look = as_seen(turn, case)
    if look is None:
        return None
    if not look.held.may_be_asked:
        return False
    document_id = checking.ask(turn.connection, look.held, turn.account_id, turn.now)
    told = tell_of_asked(turn, case.request_id, document_id)
    turn.note(turn.t(_ASKED if told else UNREACHED))
    turn.go(Desk.PAPERS)
    return None


def _ask_no_more(turn: Turn, case: Case, _rest: str) -> bool | None:
    look = as_seen(turn, case)
    if look is None:
        return None
    if not look.held.paper.asked:
        return False
    checking.ask_no_more(turn.connection, look.held, turn.account_id, turn.now)
    turn.note(turn.t(_NOT_ASKED))
    turn.go(Desk.PAPERS)
    return None


TO_PAPER = to(Action.QUEUE, Desk.PAPER)
TO_REASONS = to(Action.QUEUE, Desk.REJECT)
STEPS = (
    Step(
        Desk.PAPER,
        on_case(Action.READ, _show),
        presses={
            "open": on_case(Action.OPEN_FILE, _open, subject=row_of),
            "good": on_case(Action.CHECK_PAPER, _good, subject=row_of),
            "reject": TO_REASONS,
            "ask": on_case(Action.ASK, _ask, subject=row_of),
            "unask": on_case(Action.ASK, _ask_no_more, subject=row_of),
            "papers": TO_PAPERS,
            **FROM_OPENED,
            **FROM_CASE,
        },
    ),
)
