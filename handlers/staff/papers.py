"""/papers: the papers of a case, person by person, and everything else that the family sent."""

from bot.dialog import Step
from bot.i18n import Html, bold, code, joined, paragraphs, safe
from bot.incoming import id_in
from bot.screen import Button
from bot.turn import Turn
from casework import checking, dossiers
from casework.blocks import spot_of
from casework.caseload import Case
from casework.dossiers import Dossier
from casework.files import Purpose
from casework.paper_kinds import KINDS
from casework.permissions import Action
from casework.submissions import Submitted
from casework.words import N_
from handlers.family.everywhere import side_by_side
from handlers.family.papers import PAPERS, PORTRAIT
from handlers.staff import opened
from handlers.staff.everywhere import FROM_CASE, desk_screen, leading, to
from handlers.staff.guard import on_case
from handlers.staff.moving import called
from handlers.staff.opened import FROM_OPENED
from handlers.staff.paper_words import label_of, line_of, submitted_in_words
from handlers.staff.steps import Desk

_A_PAGE = 8
_OTHERS, _TITLE = N_("Other things they sent: {n}"), N_("Other things they sent")
GONE = N_("The family has removed it, and nothing of it is left.")
_WHAT = {
    Purpose.PORTRAIT.value: PORTRAIT,
    Purpose.ANSWER.value: N_("Answer to a question"),
    Purpose.TALK.value: N_("Message to staff"),
    Purpose.REPLY.value: N_("Sent by the office"),
}


def _choose(turn: Turn, _case: Case, _rest: str) -> None:
    """Begin with the choice of the person."""
    turn.state["checking"] = {}
    turn.go(Desk.PAPERS_OF)


def _from_anywhere(turn: Turn, request_id: str) -> bool | None:
    """Follow a notice to the papers of its case, which asks for itself whether it may be read."""
    case_id = id_in(request_id)
    if case_id is None:
        return False
    turn.state["case"], turn.state["checking"] = case_id, {}
    turn.go(Desk.PAPERS_OF)
    return None


def _ask_whose(turn: Turn, case: Case, _rest: str) -> None:
    """Ask whose papers, and say where something waits to be checked; of a single person show them at once."""
    dossier = dossiers.open_for_staff(turn.connection, turn.keys, case.request_id)
    if dossier is None:
        turn.go(Desk.DESK)
    elif len(dossier.persons) == 1:
        turn.state["checking"] = {"person": dossier.persons[0].id}
        turn.go(Desk.PAPERS)
    else:
        text = paragraphs(code(dossier.reference), bold(turn.t(N_("Whose papers?"))))
        turn.show(Desk.PAPERS_OF, desk_screen(turn, text, _persons(turn, dossier), back="case"))


def _persons(turn: Turn, dossier: Dossier) -> list[list[Button]]:
    persons = [each.id for each in dossier.persons]
    waiting = checking.to_check_of_each(turn.connection, dossier.request_id, persons)
    rows = []
    for person_id in persons:
        name, n = called(turn, dossier, person_id), waiting[person_id]
        label = turn.locale.plain(N_("{name}: {n} to check"), name=name, n=n) if n else name
        rows.append([Button(label, f"whose:{person_id}")])
    return rows


def _whose(turn: Turn, person_id: str) -> None:
    turn.state["checking"] = {"person": id_in(person_id)}
    turn.go(Desk.PAPERS)


def person_of(turn: Turn, case: Case) -> tuple[Dossier, int] | None:
    """Return the case's dossier and whose papers are looked at; None where that is nobody of this case."""
    dossier = dossiers.open_for_staff(turn.connection, turn.keys, case.request_id)
    person_id = turn.state.get("checking", {}).get("person", 0)
    if dossier is None or all(each.id != person_id for each in dossier.persons):
        return None
    return dossier, person_id


def _show(turn: Turn, case: Case, _rest: str) -> None:
    """List every paper: first what waits to be checked, then what was asked for."""
    chosen = person_of(turn, case)
    if chosen is None:
        turn.go(Desk.PAPERS_OF)
        return
    dossier, person_id = chosen
    if case.holder_id == turn.account_id:
        checking.looked(turn.connection, case.request_id)
    held = checking.of_person(turn.connection, turn.keys, case.request_id, person_id)
    rest = checking.others(turn.connection, turn.keys, case.request_id)
    lines = [line_of(turn, each) for each in held if each.known]
    text = paragraphs(
        heading(turn, dossier, person_id),
        joined(lines) if lines else turn.t(N_("Nothing has come yet, and nothing is known of any paper.")),
        turn.t(N_("Press a paper to open it, to check it, or to ask for it.")),
    )
    kinds = side_by_side([Button(label_of(turn, each), f"paper:{each.kind.code}") for each in held])
    more = [Button(turn.locale.plain(_OTHERS, n=len(rest)), "others")] if rest else []
    back = "whose" if len(dossier.persons) > 1 else "case"
    turn.show(Desk.PAPERS, desk_screen(turn, text, [*kinds, more, opened.ways(turn)], back=back))


def heading(turn: Turn, dossier: Dossier, person_id: int) -> Html:
    """Say which case, and whose papers."""
    who = bold(safe(called(turn, dossier, person_id)))
    return joined([bold(turn.t(PAPERS)), code(dossier.reference), who], " · ")


def _paper(turn: Turn, kind: str) -> bool | None:
    if kind not in KINDS:
        return False
    turn.state.setdefault("checking", {})["paper"] = kind
    turn.go(Desk.PAPER)
    return None


def _to_others(turn: Turn, page: str) -> None:
    turn.state.setdefault("checking", {})["page"] = id_in(page) or 0
    turn.go(Desk.OTHER_FILES)


def _show_others(turn: Turn, case: Case, _rest: str) -> None:
    """List what is no paper: photos of the persons, spoken answers, files of messages; the newest first."""
    dossier = dossiers.open_for_staff(turn.connection, turn.keys, case.request_id)
    found = checking.others(turn.connection, turn.keys, case.request_id)
    if dossier is None or not found:
        turn.go(Desk.PAPERS)
        return
    first = min(turn.state.get("checking", {}).get("page", 0), (len(found) - 1) // _A_PAGE) * _A_PAGE
    page = list(enumerate(found[first : first + _A_PAGE], first + 1))
    lines = [
        joined([Html(f"{number}. {_other(turn, dossier, each)}"), submitted_in_words(turn, each)])
        for number, each in page
    ]
    buttons = [
        Button(turn.locale.plain(N_("Open {number}"), number=number), f"open:{each.submission_id}")
        for number, each in page
        if each.stored
    ]
    ways = [turn.button(N_("Newer"), f"others:{first // _A_PAGE - 1}")] if first else []
    ways += (
        [turn.button(N_("Older"), f"others:{first // _A_PAGE + 1}")] if len(found) > first + _A_PAGE else []
    )
    text = paragraphs(joined([bold(turn.t(_TITLE)), code(dossier.reference)], " · "), *lines)
    rows = [*side_by_side(buttons), ways, opened.ways(turn)]
    turn.show(Desk.OTHER_FILES, desk_screen(turn, text, rows, back="papers"))


def _other(turn: Turn, dossier: Dossier, submitted: Submitted) -> Html:
    """Say what something was sent for, and about whom."""
    spot = spot_of(submitted.place or "") if submitted.purpose == Purpose.ANSWER else None
    what = bold(turn.t(spot.question.label if spot is not None else _WHAT[submitted.purpose]))
    whom = [
        safe(called(turn, dossier, each.id)) for each in dossier.persons if each.id == submitted.person_id
    ]
    return joined([what, *whom], " · ")


def _chosen(turn: Turn, case: Case, submission_id: str) -> Submitted | None:
    found = checking.others(turn.connection, turn.keys, case.request_id)
    return next((each for each in found if str(each.submission_id) == submission_id), None)


def _id_of_chosen(turn: Turn, case: Case, submission_id: str) -> int | None:
    chosen = _chosen(turn, case, submission_id)
    return chosen.submission_id if chosen is not None else None


def _open_other(turn: Turn, case: Case, submission_id: str) -> None:
    """Send what somebody sent into the chat, as often as it is pressed."""
    chosen = _chosen(turn, case, submission_id)
    if chosen is None or not chosen.stored:
        turn.note(turn.t(GONE))
    else:
        opened.send(turn, chosen.stored[: opened.AT_ONCE], turn.t(_WHAT[chosen.purpose]))
    turn.go(Desk.OTHER_FILES)


CHOOSE = on_case(Action.READ, _choose)
FROM_ANYWHERE = leading(_from_anywhere)
TO_PAPERS = to(Action.QUEUE, Desk.PAPERS)
TO_OTHERS = leading(_to_others)
STEPS = (
    Step(
        Desk.PAPERS_OF,
        on_case(Action.READ, _ask_whose),
        presses={"whose": leading(_whose), **FROM_CASE},
    ),
    Step(
        Desk.PAPERS,
        on_case(Action.READ, _show),
        presses={
            "paper": leading(_paper),
            "others": TO_OTHERS,
            "whose": CHOOSE,
            **FROM_OPENED,
            **FROM_CASE,
        },
    ),
    Step(
        Desk.OTHER_FILES,
        on_case(Action.READ, _show_others),
        presses={
            "open": on_case(Action.OPEN_FILE, _open_other, subject=_id_of_chosen),
            "others": TO_OTHERS,
            "papers": TO_PAPERS,
            **FROM_OPENED,
            **FROM_CASE,
        },
    ),
)
