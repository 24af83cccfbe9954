"""/fact: what is known of a person beside the stage, who says so, since when, and how sure it is.

Which facts there are, and how each can stand: casework/facts.py. Families see nothing of it.
"""

from dataclasses import dataclass
from typing import Any

from bot.dialog import Step
from bot.i18n import Html, bold, code, joined, paragraphs, safe
from bot.incoming import id_in
from bot.screen import Button
from bot.turn import Turn
from casework import dossiers, facts, team
from casework.caseload import Case
from casework.dossiers import Dossier
from casework.facts import FACTS, KINDS, Known
from casework.permissions import Action
from casework.words import N_
from handlers.family.everywhere import side_by_side
from handlers.staff.everywhere import FROM_CASE, desk_screen, leading
from handlers.staff.fact_words import fact_in_words
from handlers.staff.guard import on_case, refusal_of
from handlers.staff.moving import called
from handlers.staff.steps import Desk

TITLE = N_("Facts")
_STAFFS = N_("Only the team reads this. Of DNA, write down whether a sample was given, never a result.")


def _choose(turn: Turn, _case: Case, _rest: str) -> None:
    """Begin with the choice of the person."""
    turn.state["fact"] = {}
    turn.go(Desk.FACTS_OF)


def _ask_of_whom(turn: Turn, case: Case, _rest: str) -> None:
    """Ask of whom; of a single person show the facts at once."""
    dossier = dossiers.open_for_staff(turn.connection, turn.keys, case.request_id)
    if dossier is None:
        turn.go(Desk.DESK)
    elif len(dossier.persons) == 1:
        turn.state["fact"] = {"person": dossier.persons[0].id}
        turn.go(Desk.FACTS)
    else:
        buttons = [[Button(called(turn, dossier, each.id), f"whose:{each.id}")] for each in dossier.persons]
        text = paragraphs(code(dossier.reference), bold(turn.t(N_("Facts of whom?"))))
        turn.show(Desk.FACTS_OF, desk_screen(turn, text, buttons, back="case"))


def _whose(turn: Turn, person_id: str) -> None:
    turn.state["fact"] = {"person": id_in(person_id)}
    turn.go(Desk.FACTS)


@dataclass(frozen=True)
class Look:
    """Whose facts are looked at, and what is known of them, by kind."""

    dossier: Dossier
    person_id: int
    known: dict[str, Known]


def look_of(turn: Turn, case: Case) -> Look | None:
    """Return whose facts are looked at; None where that is nobody of this case."""
    dossier = dossiers.open_for_staff(turn.connection, turn.keys, case.request_id)
    person_id = chosen_in(turn).get("person", 0)
    if dossier is None or all(each.id != person_id for each in dossier.persons):
        return None
    found = facts.of_request(turn.connection, dossier.data_key(turn.keys), case.request_id)
    return Look(dossier, person_id, found.get(person_id, {}))


def chosen_in(turn: Turn) -> dict[str, Any]:
    """Return what was chosen so far: person, kind, each part, the day, and what was known when it began."""
    chosen: dict[str, Any] = turn.state.setdefault("fact", {})
    return chosen


def _show(turn: Turn, case: Case, _rest: str) -> None:
    """Show every fact of the person; those who have the case can change each."""
    look = look_of(turn, case)
    if look is None:
        turn.go(Desk.FACTS_OF)
        return
    turn.state["fact"] = {"person": look.person_id}
    names = team.names(turn.connection, turn.keys)
    lines = [_in_full(turn, each, names.get(each.by, team.NAMELESS)) for each in look.known.values()]
    may_set = refusal_of(turn, Action.SET_FACT, case) is None
    kinds = [turn.button(each.label, f"kind:{each.code}") for each in FACTS if may_set]
    text = paragraphs(
        heading(turn, look), *(lines or [turn.t(N_("Nothing is written down yet."))]), turn.t(_STAFFS)
    )
    back = "whose" if len(look.dossier.persons) > 1 else "case"
    turn.show(Desk.FACTS, desk_screen(turn, text, side_by_side(kinds), back=back))


def heading(turn: Turn, look: Look) -> Html:
    who = bold(safe(called(turn, look.dossier, look.person_id)))
    return joined([bold(turn.t(TITLE)), code(look.dossier.reference), who], " · ")


def _in_full(turn: Turn, known: Known, name: str) -> Html:
    """Say a fact with its remark, and who wrote it down."""
    day = turn.locale.date(known.at, turn.zone)
    by = turn.t(N_("written down by {name} on {day}"), name=name, day=day)
    remark = [safe(known.fact.remark)] if known.fact.remark else []
    return joined([fact_in_words(turn, known.fact), *remark, by])


def _kind(turn: Turn, kind: str) -> bool | None:
    if kind not in KINDS:
        return False
    turn.state["fact"] = {"person": chosen_in(turn).get("person"), "kind": kind}
    turn.go(Desk.FACT_PART)
    return None


CHOOSE = on_case(Action.READ, _choose)
STEPS = (
    Step(
        Desk.FACTS_OF,
        on_case(Action.READ, _ask_of_whom),
        presses={"whose": leading(_whose), **FROM_CASE},
    ),
    Step(
        Desk.FACTS,
        on_case(Action.READ, _show),
        presses={"kind": leading(_kind), "whose": CHOOSE, **FROM_CASE},
    ),
)
