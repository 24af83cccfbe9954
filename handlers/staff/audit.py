"""/audit: who read, revealed, changed or exported what. Of a case, or of a person; the newest first, for admins.

Each look is itself written into the log: of a case with the case, of a person with the person.
"""

from collections.abc import Sequence
from itertools import groupby

from bot.dialog import Step
from bot.i18n import Html, bold, code, joined, paragraphs
from bot.incoming import id_in
from bot.screen import Button
from bot.turn import Turn
from casework import audit_trail, looking_up, team
from casework.audit_trail import Entry, Trail
from casework.caseload import Case
from casework.permissions import Action
from casework.words import N_
from handlers.family.everywhere import side_by_side
from handlers.staff.audit_words import deed_in_words, who_in_words
from handlers.staff.everywhere import FROM_CASE, FROM_DESK, desk_screen
from handlers.staff.guard import Guarded, on_case, record
from handlers.staff.steps import Desk

TITLE = N_("Audit")
A_PAGE = 20
_OF_CASE = N_("What was done with {reference}")
_OF_PERSON = N_("What {name} did")
_NOTHING = N_("Nothing is written down here.")
_TIMES = N_("{what} ({n} times)")
_IN_CASE = N_("{what}: {reference}")
_ERASED = N_("a case that is erased")
_WHOSE = N_("Of whom? Choose a colleague, or write /audit with a reference.")


def _by_words(turn: Turn, text: str) -> bool | None:
    """Go to what was written: a reference, a colleague's name, or the number that stands for somebody who left."""
    reference, rest = looking_up.split(text)
    found = looking_up.request_of(turn.connection, turn.keys, reference) if reference and not rest else None
    if found is not None:
        turn.state["case"] = found
        _from_first(turn, Desk.AUDIT_CASE)
        return None
    if not text:
        turn.go(Desk.AUDIT_WHOSE)
        return None
    return _of_member(turn, _named(turn, text.removeprefix("@")))


def _named(turn: Turn, wanted: str) -> int | None:
    """Return the account of a name that one colleague alone has, or of a number."""
    people = team.members(turn.connection, turn.keys)
    called = [each.account_id for each in people if each.called.casefold() == wanted.casefold()]
    if len(called) == 1:
        return called[0]
    number = id_in(wanted)
    return number if number is not None and audit_trail.is_account(turn.connection, number) else None


def _of_member(turn: Turn, account_id: int | None) -> bool | None:
    if account_id is None:
        return False
    _from_first(turn, Desk.AUDIT, by=account_id)
    return None


def _from_first(turn: Turn, step: Desk, **whose: int) -> None:
    """Show the newest there is now; what is written down meanwhile does not move the pages."""
    newest = audit_trail.ahead(turn.connection)
    turn.state["audit"] = {**whose, "newest": newest, "before": newest}
    turn.go(step)


def _before(turn: Turn) -> int:
    """Return before which row the page begins; after a press out of nowhere, of the newest."""
    before: int = turn.state.get("audit", {}).get("before") or audit_trail.ahead(turn.connection)
    return before


def _choose(turn: Turn, _rest: str) -> None:
    people = team.members(turn.connection, turn.keys)
    buttons = [Button(each.called, f"whose:{each.account_id}") for each in people]
    text = paragraphs(bold(turn.t(TITLE)), turn.t(_WHOSE))
    turn.show(Desk.AUDIT_WHOSE, desk_screen(turn, text, side_by_side(buttons)))


def _whose(turn: Turn, carried: str) -> bool | None:
    account_id = id_in(carried)
    if account_id is None or not audit_trail.is_account(turn.connection, account_id):
        return False
    return _of_member(turn, account_id)


def _from_anywhere(turn: Turn, carried: str) -> bool | None:
    """Open what somebody did from an alarm; where the number is nobody's, choose of whom."""
    account_id = id_in(carried)
    if account_id is None:
        return False
    if not audit_trail.is_account(turn.connection, account_id):
        turn.go(Desk.AUDIT_WHOSE)
        return None
    return _of_member(turn, account_id)


def _show_person(turn: Turn, _rest: str) -> None:
    account_id = turn.state.get("audit", {}).get("by")
    if account_id is None:
        turn.go(Desk.AUDIT_WHOSE)
        return
    record(turn, Action.AUDIT, subject_id=account_id)
    entries = audit_trail.page(turn.connection, Trail(by=account_id), A_PAGE + 1, _before(turn))
    names = team.names(turn.connection, turn.keys)
    about = {each.request_id for each in entries if each.request_id is not None}
    references = looking_up.references_of(turn.connection, turn.keys, about)

    def line(entry: Entry) -> Html:
        what = deed_in_words(turn, entry, names)
        if entry.request_id is None:
            return what
        case = code(references[entry.request_id]) if entry.request_id in references else turn.t(_ERASED)
        return turn.t(_IN_CASE, what=what, reference=case)

    title = turn.t(_OF_PERSON, name=who_in_words(turn, account_id, names))
    text = paragraphs(bold(title), _lines(turn, [(each, line(each)) for each in entries[:A_PAGE]]))
    rows = [_pages(turn, entries), _to_member(turn, account_id, names)]
    turn.show(Desk.AUDIT, desk_screen(turn, text, rows, back="choose"))


def _to_member(turn: Turn, account_id: int, names: dict[int, str]) -> list[Button]:
    """Lead to where the role can be taken away."""
    if account_id not in names or account_id == turn.account_id:
        return []
    return [turn.button(N_("Their place in the team"), f"member:{account_id}", anywhere=True)]


def _show_case(turn: Turn, case: Case, _rest: str) -> None:
    trail = Trail(request_id=case.request_id)
    entries = audit_trail.page(turn.connection, trail, A_PAGE + 1, _before(turn))
    names = team.names(turn.connection, turn.keys)
    reference = looking_up.references_of(turn.connection, turn.keys, [case.request_id]).get(
        case.request_id, ""
    )
    lines = [
        (each, joined([who_in_words(turn, each.by, names), deed_in_words(turn, each, names)], " · "))
        for each in entries[:A_PAGE]
    ]
    text = paragraphs(bold(turn.t(_OF_CASE, reference=code(reference))), _lines(turn, lines))
    who = dict.fromkeys(each.by for each in entries[:A_PAGE] if each.by is not None)
    people = [Button(names.get(each, str(each)), f"whose:{each}") for each in who]
    rows = [*side_by_side(people), _pages(turn, entries)]
    turn.show(Desk.AUDIT_CASE, desk_screen(turn, text, rows, back="case"))


def _lines(turn: Turn, entries: Sequence[tuple[Entry, Html]]) -> Html:
    """List what was done; the same several times on end is one line, with the newest time."""
    if not entries:
        return turn.t(_NOTHING)
    groups = [list(group) for _, group in groupby(entries, lambda each: each[1])]
    return joined(_line(turn, group[0], len(group)) for group in groups)


def _line(turn: Turn, entry: tuple[Entry, Html], times: int) -> Html:
    what = turn.t(_TIMES, what=entry[1], n=times) if times > 1 else entry[1]
    return Html(f"{turn.locale.moment(entry[0].at, turn.zone)} · {what}")


def _pages(turn: Turn, entries: Sequence[Entry]) -> list[Button]:
    look = turn.state.get("audit", {})
    first = [turn.button(N_("First page"), "first")] if look.get("before") != look.get("newest") else []
    if len(entries) <= A_PAGE:
        return first
    return [*first, turn.button(N_("Next page"), f"older:{entries[A_PAGE - 1].number}")]


def _older(turn: Turn, carried: str) -> bool | None:
    before = id_in(carried)
    if before is None:
        return False
    turn.state.setdefault("audit", {})["before"] = before
    turn.go(turn.loaded.step)
    return None


def _first(turn: Turn, _rest: str) -> None:
    by = turn.state.get("audit", {}).get("by")
    _from_first(turn, Desk(turn.loaded.step), **({"by": by} if by is not None else {}))


# What only remembers a choice is written down by the screen that it leads to.
AUDIT = Guarded(Action.AUDIT, _by_words)
TO_AUDIT = Guarded(Action.AUDIT, lambda turn, _: turn.go(Desk.AUDIT_WHOSE))
FROM_ANYWHERE = Guarded(Action.AUDIT, _from_anywhere)
OF_CASE = Guarded(Action.AUDIT_CASE, lambda turn, _: _from_first(turn, Desk.AUDIT_CASE))
_WHOSE_PRESSED = Guarded(Action.AUDIT, _whose)
STEPS = (
    Step(
        Desk.AUDIT_WHOSE,
        Guarded(Action.AUDIT, _choose),
        presses={"whose": _WHOSE_PRESSED, **FROM_DESK},
    ),
    Step(
        Desk.AUDIT,
        Guarded(Action.AUDIT, _show_person),
        presses={
            "choose": TO_AUDIT,
            "older": Guarded(Action.AUDIT, _older),
            "first": Guarded(Action.AUDIT, _first),
            **FROM_DESK,
        },
    ),
    Step(
        Desk.AUDIT_CASE,
        on_case(Action.AUDIT_CASE, _show_case),
        presses={
            "whose": _WHOSE_PRESSED,
            "older": Guarded(Action.AUDIT_CASE, _older),
            "first": Guarded(Action.AUDIT_CASE, _first),
            **FROM_CASE,
        },
    ),
)
