"""The same person in another request: who looks like it, and what staff say of it. No family ever hears of another."""

from typing import Any

from bot.dialog import Step
from bot.i18n import Html, bold, code, joined, paragraphs
from bot.screen import Button
from bot.turn import Turn
from casework import looking_up, ties
from casework.case_files import CaseFile
from casework.caseload import Case, lock
from casework.entries import Entry
from casework.finding import Hit
from casework.permissions import Action
from casework.stages import Stage
from casework.ties import Kind, Side, Suggestion, Tied
from casework.words import N_
from handlers.family.everywhere import side_by_side
from handlers.staff.everywhere import FROM_CASE, desk_screen
from handlers.staff.finding import called_in_words, facts_in_words, in_words, see
from handlers.staff.guard import on_case, refusal_of
from handlers.staff.moving import what_they_read
from handlers.staff.news import tell_families
from handlers.staff.queue import OPEN_CASE
from handlers.staff.steps import Desk
from handlers.staff.taking import tell_colleague

_TITLE = N_("Same person elsewhere?")
_NOBODY = N_("Nobody in another request looks like it.")
_BY_REFERENCE = N_("You can also write the reference of another case.")
_NO_SUCH = N_("There is no other case with this reference.")
_IN_WORDS = {
    Kind.DUPLICATE: N_("the same family asked twice"),
    Kind.COMPETING: N_("two families ask for one person"),
    Kind.DIFFERENT: N_("two different people"),
}
_PRESSES = {
    Kind.DUPLICATE: N_("The same family asked twice"),
    Kind.COMPETING: N_("Two families ask for one person"),
    Kind.DIFFERENT: N_("Two different people"),
}
_ONE_CHAT = N_("One chat can open both requests.")
_NO_CHAT = N_("No chat can open both requests.")
_SURE = N_("If it is another family, what it reads would tell it that somebody else has asked.")
_SAID = N_("It is written down. Neither family is told of the other.")
_SAID_OF_ONE = N_("It is written down. Work goes on in the other request.")
_GONE = N_("One of the two is not there any more. Nothing was changed.")
_LIFT = N_("Take the tie away: {reference}")
_LIFTED = N_("The tie is taken away. The stages stay as they are until somebody changes them.")
_COMPARED = N_("A colleague tied one of your cases to another one.")


def _show(turn: Turn, case: Case, _rest: str) -> None:
    """Show what is tied already, and who else may be the same person."""
    look = _look(turn, case)
    found = _found(turn, case)
    tied = ties.of_request(turn.connection, case.request_id)
    numbered = list(enumerate(found, 1))
    see(turn, [each.hit.request_id for each in found])
    see(turn, [each.other.request_id for each in tied])
    look["pairs"] = [
        [each.person.person_id, each.hit.request_id, each.hit.person.person_id]
        for each in found
        if each.hit.person is not None
    ]
    lines = [_suggested(turn, number, each) for number, each in numbered] or [turn.t(_NOBODY)]
    text = paragraphs(
        bold(turn.t(_TITLE)),
        joined(_tied(turn, each) for each in tied),
        *lines,
        turn.t(_BY_REFERENCE),
    )
    choices = [Button(f"{number} · {each.hit.case.reference}", f"pair:{number}") for number, each in numbered]
    lifting = [
        Button(turn.locale.plain(_LIFT, reference=_reference(turn, each)), f"lift:{each.id}")
        for each in tied
        if refusal_of(turn, Action.TIE, case) is None
    ]
    rows = [*side_by_side(choices), *([each] for each in lifting)]
    turn.show(Desk.SAME, desk_screen(turn, text, rows, back="case"))


def _look(turn: Turn, case: Case) -> dict[str, Any]:
    """Return what the dialog remembers of looking at this case; of another one, nothing."""
    look: dict[str, Any] = turn.state.get("same", {})
    if look.get("case") != case.request_id:
        look = turn.state["same"] = {"case": case.request_id}
    return look


def _found(turn: Turn, case: Case) -> list[Suggestion]:
    other = _look(turn, case).get("other")
    return ties.suggestions(turn.around.names, turn.connection, turn.keys, case.request_id, other)


def _suggested(turn: Turn, number: int, suggestion: Suggestion) -> Html:
    return joined(
        [
            in_words(turn, number, suggestion.hit),
            turn.t(N_("Here: {name}"), name=called_in_words(turn, suggestion.person)),
            *([turn.t(_ONE_CHAT)] if suggestion.one_chat else []),
        ]
    )


def _tied(turn: Turn, tied: Tied) -> Html:
    return Html(f"{code(_reference(turn, tied))} · {turn.t(_IN_WORDS[tied.kind])}")


def _reference(turn: Turn, tied: Tied) -> str:
    """Return the other request's reference; a dash where its seal is broken."""
    case = turn.around.names.cases.get(tied.other.request_id)
    return case.reference if case is not None else "–"


def _by_reference(turn: Turn, case: Case, _rest: str) -> None:
    """Put the case of the reference that was written beside this one."""
    reference, _ = looking_up.split(turn.incoming.text)
    other = looking_up.request_of(turn.connection, turn.keys, reference) if reference else None
    look = _look(turn, case)
    look.pop("other", None)
    if other is None or other == case.request_id:
        turn.note(turn.t(_NO_SUCH))
    else:
        look["other"] = other
    turn.go(Desk.SAME)


def _choose(turn: Turn, case: Case, number: str) -> bool | None:
    pairs = _look(turn, case).get("pairs", [])
    if not number.isdecimal() or not 1 <= int(number) <= len(pairs):
        return False
    turn.state["same"]["chosen"] = pairs[int(number) - 1]
    turn.go(Desk.TIE)
    return None


def _compare(turn: Turn, case: Case, _rest: str) -> None:
    """Show the two persons one above the other, and ask what they are to each other."""
    pair = _pair(turn, case)
    if pair is None:
        turn.go(Desk.SAME)
        return
    own, hit, shared = pair
    see(turn, [hit.request_id])
    text = paragraphs(
        bold(turn.t(_TITLE)),
        _person(turn, own, turn.around.names.cases[case.request_id].reference),
        in_words(turn, 2, hit),
        turn.t(_ONE_CHAT if shared else _NO_CHAT),
    )
    may_say = refusal_of(turn, Action.TIE, case) is None
    kinds = [[turn.button(words, f"kind:{kind}")] for kind, words in _PRESSES.items() if may_say]
    opening = turn.button(N_("Open that case"), f"open:{hit.request_id}")
    turn.show(Desk.TIE, desk_screen(turn, text, [*kinds, [opening]], back="same"))


def _person(turn: Turn, person: Entry, reference: str) -> Html:
    facts = Html(" · ".join([code(reference), *facts_in_words(turn, person)]))
    return joined([Html(f"1. {bold(called_in_words(turn, person))}"), facts])


def _pair(turn: Turn, case: Case) -> tuple[Entry, Hit, bool] | None:
    """Return the two that were chosen, and whether one chat can open both; None where they are not there any more."""
    chosen = _look(turn, case).get("chosen")
    if chosen is None:
        return None
    own_id, other_id, person_id = chosen
    beside = ties.suggestions(turn.around.names, turn.connection, turn.keys, case.request_id, other_id)
    for each in beside:
        if each.person.person_id == own_id and each.hit.person and each.hit.person.person_id == person_id:
            return each.person, each.hit, each.one_chat
    return None


def _say(turn: Turn, case: Case, kind: str) -> bool | None:
    if kind not in set(Kind):
        return False
    pair = _pair(turn, case)
    if pair is not None and kind == Kind.DUPLICATE:
        _ask_if_sure(turn, case, one_chat=pair[2])
    else:
        _tie(turn, case, pair, Kind(kind))
    return None


def _ask_if_sure(turn: Turn, case: Case, *, one_chat: bool) -> None:
    """Ask before a family reads that it has asked before: another family would learn of the first by it."""
    sure = turn.button(N_("Yes, it is the same family"), "sure", style=None if one_chat else "danger")
    text = paragraphs(
        bold(turn.t(N_("Is it surely the same family?"))),
        turn.t(_ONE_CHAT if one_chat else _NO_CHAT),
        None if one_chat else turn.t(_SURE),
        what_they_read(turn, [case.request_id], Stage.DUPLICATE),
    )
    turn.show(Desk.TIE, desk_screen(turn, text, [[sure]], back="same"))


def _say_surely(turn: Turn, case: Case, _rest: str) -> None:
    _tie(turn, case, _pair(turn, case), Kind.DUPLICATE)


def _tie(turn: Turn, case: Case, pair: tuple[Entry, Hit, bool] | None, kind: Kind) -> None:
    turn.go(Desk.CASE)
    if pair is None or pair[1].person is None:
        turn.note(turn.t(_GONE))
        return
    person, hit, _ = pair
    own = Side(case.request_id, person.person_id, turn.around.names.cases[case.request_id].reference)
    other = Side(hit.request_id, pair[1].person.person_id, hit.case.reference)
    told = ties.tie(turn.connection, turn.keys, own, other, kind, turn.account_id, turn.now)
    if told is None:
        turn.note(turn.t(_GONE))
        return
    tell_families(turn, told)
    turn.state.pop("same", None)
    turn.note(turn.t(_SAID if kind is not Kind.DUPLICATE else _SAID_OF_ONE))
    _tell_holder(turn, other.request_id)


def _tell_holder(turn: Turn, request_id: int) -> None:
    other = lock(turn.connection, request_id)
    if other is not None and other.holder_id not in {None, turn.account_id}:
        tell_colleague(turn, other.holder_id, _COMPARED, other)


def _lift(turn: Turn, case: Case, tie_id: str) -> bool | None:
    """Take a tie away."""
    found = tie_id.isdecimal() and ties.lift(
        turn.connection, turn.keys, case.request_id, int(tie_id), turn.account_id, turn.now
    )
    if not found:
        return False
    turn.note(turn.t(_LIFTED))
    turn.go(Desk.SAME)
    return None


def elsewhere(turn: Turn, file: CaseFile) -> Html | None:
    """Say on the card what the case is tied to."""
    kinds = [each.kind for each in ties.of_request(turn.connection, file.request_id)]
    words = [turn.t(_IN_WORDS[kind]) for kind in dict.fromkeys(kinds) if kind is not Kind.DIFFERENT]
    return bold(turn.t(N_("In another request: {what}"), what=joined(words, ", "))) if words else None


def _open_list(turn: Turn, case: Case, _rest: str) -> None:
    turn.state.pop("same", None)
    _look(turn, case)
    turn.go(Desk.SAME)


# To look is to read and to find; only what is said of the two is a tie, and only whoever has the case says it.
SAME = on_case(Action.READ, _open_list)
_TO_LIST = on_case(Action.READ, lambda turn, _case, _rest: turn.go(Desk.SAME))
STEPS = (
    Step(
        Desk.SAME,
        on_case(Action.READ, _show),
        on_case(Action.READ, _by_reference),
        {"pair": on_case(Action.READ, _choose), "lift": on_case(Action.TIE, _lift), **FROM_CASE},
    ),
    Step(
        Desk.TIE,
        on_case(Action.READ, _compare),
        presses={
            "kind": on_case(Action.TIE, _say),
            "sure": on_case(Action.TIE, _say_surely),
            "open": OPEN_CASE,
            "same": _TO_LIST,
            **FROM_CASE,
        },
    ),
)
