"""Same person elsewhere?: who in another request looks like somebody of this case, and what is tied already."""

from collections.abc import Mapping

from bot.dialog import Step
from bot.i18n import Html, bold, code, joined, paragraphs
from bot.incoming import id_in
from bot.screen import Button
from bot.turn import Turn
from casework import alike, looking_up, ties
from casework.alike import MOST_SUGGESTED, Pair
from casework.case_files import CaseFile
from casework.caseload import Case
from casework.permissions import Action
from casework.ties import Kind, Tied
from casework.words import N_
from handlers.family.everywhere import side_by_side
from handlers.staff.everywhere import FROM_CASE, desk_screen
from handlers.staff.finding import called_in_words, in_words, see
from handlers.staff.guard import on_case, refusal_of
from handlers.staff.steps import Desk
from handlers.staff.ties import IN_WORDS, ONE_CHAT, TITLE, look_of

_MOST_TIES = 6  # the newest of them, on the list
_NOBODY = N_("Nobody in another request looks like it.")
_BY_REFERENCE = N_("You can also write the reference of another case.")
_NO_SUCH = N_("There is no other case with this reference.")
_LIFT = N_("Take the tie away: {reference}")
_LIFTED = N_("The tie is taken away. The stages stay as they are until somebody changes them.")


def _open(turn: Turn, case: Case, _rest: str) -> None:
    turn.state.pop("same", None)
    look_of(turn, case)
    turn.go(Desk.SAME)


def _show(turn: Turn, case: Case, _rest: str) -> None:
    """Show what is tied already, and who else may be the same person."""
    look, pairs = look_of(turn, case), _pairs(turn, case)
    tied = ties.of_request(turn.connection, case.request_id)[-_MOST_TIES:]
    look["pairs"] = [[each.own.person_id, each.other.request_id, each.other.person_id] for each in pairs]
    see(turn, [*(each.hit.request_id for each in pairs), *(each.other.request_id for each in tied)])
    references = looking_up.references_of(
        turn.connection, turn.keys, {each.other.request_id for each in tied}
    )
    lines = [_pair(turn, number, each) for number, each in enumerate(pairs, 1)]
    text = paragraphs(
        bold(turn.t(TITLE)),
        joined(_tied(turn, each, references) for each in tied),
        *(lines or [turn.t(_NOBODY)]),
        turn.t(_BY_REFERENCE),
    )
    choices = [
        Button(f"{number} · {each.hit.case.reference}", f"pair:{number}")
        for number, each in enumerate(pairs, 1)
    ]
    lifting = tied if refusal_of(turn, Action.TIE, case) is None else []
    rows = [*side_by_side(choices), *([_lift_button(turn, each, references)] for each in lifting)]
    turn.show(Desk.SAME, desk_screen(turn, text, rows, back="case"))


def _pairs(turn: Turn, case: Case) -> list[Pair]:
    """Return who looks alike, or everybody of the case whose reference was written."""
    names, keys, request_id = turn.around.names, turn.keys, case.request_id
    other = look_of(turn, case).get("other")
    if other is not None:
        return alike.beside(turn.connection, keys, request_id, other)[:MOST_SUGGESTED]
    found = turn.beside("pairs", lambda connection: alike.resembling(names, connection, keys, request_id))
    return alike.untied(turn.connection, request_id, found)


def _pair(turn: Turn, number: int, pair: Pair) -> Html:
    here = turn.t(N_("Here: {name}"), name=called_in_words(turn, pair.person))
    return joined([in_words(turn, number, pair.hit), here, *([turn.t(ONE_CHAT)] if pair.one_chat else [])])


def _tied(turn: Turn, tied: Tied, references: Mapping[int, str]) -> Html:
    return Html(f"{code(_reference(tied, references))} · {turn.t(IN_WORDS[tied.kind])}")


def _lift_button(turn: Turn, tied: Tied, references: Mapping[int, str]) -> Button:
    return Button(turn.locale.plain(_LIFT, reference=_reference(tied, references)), f"lift:{tied.id}")


def _reference(tied: Tied, references: Mapping[int, str]) -> str:
    """Return the other request's reference; a dash where its seal is broken."""
    return references.get(tied.other.request_id, "–")


def _by_reference(turn: Turn, case: Case, _rest: str) -> None:
    """Put the case of the reference that was written beside this one."""
    reference, _ = looking_up.split(turn.incoming.text)
    other = looking_up.request_of(turn.connection, turn.keys, reference) if reference else None
    look = look_of(turn, case)
    look.pop("other", None)
    if other is None or other == case.request_id:
        turn.note(turn.t(_NO_SUCH))
    else:
        look["other"] = other
    turn.go(Desk.SAME)


def _choose(turn: Turn, case: Case, number: str) -> bool | None:
    look = look_of(turn, case)
    pairs = look.get("pairs", [])
    if not number.isdecimal() or not 1 <= int(number) <= len(pairs):
        return False
    look["chosen"] = pairs[int(number) - 1]
    turn.go(Desk.TIE)
    return None


def _lift(turn: Turn, case: Case, tie_id: str) -> bool | None:
    """Take a tie away; of two who do so at once, the second's button is an old one."""
    connection, by = turn.connection, turn.account_id
    tie = id_in(tie_id)
    if tie is None or not ties.lift(connection, turn.keys, case.request_id, tie, by, turn.now):
        return False
    turn.note(turn.t(_LIFTED))
    turn.go(Desk.SAME)
    return None


def elsewhere(turn: Turn, file: CaseFile) -> Html | None:
    """Say on the card what the case is tied to."""
    kinds = dict.fromkeys(each.kind for each in ties.of_request(turn.connection, file.request_id))
    words = [turn.t(IN_WORDS[kind]) for kind in kinds if kind is not Kind.DIFFERENT]
    return (
        bold(turn.t(N_("In another request: {what}"), what=Html(turn.locale.listed(words))))
        if words
        else None
    )


SAME = on_case(Action.READ, _open)
STEPS = (
    Step(
        Desk.SAME,
        on_case(Action.READ, _show),
        on_case(Action.READ, _by_reference),
        {"pair": on_case(Action.READ, _choose), "lift": on_case(Action.TIE, _lift), **FROM_CASE},
    ),
)
