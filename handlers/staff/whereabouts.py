"""Saying where a person of a case is: the place or the country, who says so, and how sure it is.

What the family said stays in its answers, and the family reads nothing of this.
"""

from typing import Any

from bot.dialog import Step
from bot.i18n import Html, bold, joined, paragraphs, safe
from bot.incoming import id_in
from bot.screen import Button
from bot.turn import Turn
from casework import dossiers, places, team, whereabouts
from casework.caseload import Case
from casework.countries import country_of
from casework.listed_names import LONGEST
from casework.permissions import Action
from casework.questions import COUNTRIES_OFFERED
from casework.whereabouts import At, Said, Word
from casework.words import N_
from handlers.family.everywhere import side_by_side
from handlers.staff import place_choice
from handlers.staff.everywhere import FROM_CASE, desk_screen
from handlers.staff.guard import on_case
from handlers.staff.moving import called
from handlers.staff.place_words import (
    SOURCES,
    SURE,
    at_in_words,
    choice_in_words,
    country_in_words,
)
from handlers.staff.steps import Desk

_WHERE = N_("Where is this person?")
_NOW = N_("The office goes by: {where}")
_SOURCE, _HOW_SURE = N_("Who says so?"), N_("How sure is it?")
_QUIET = N_("The family reads nothing of it, and what it wrote stays as it is.")
_SAID = N_("The office goes by it from now on: {where}")
_MEANWHILE = N_("That has changed meanwhile. The office goes by: {where}")
_BY_COLLEAGUE = N_("{name} has changed that meanwhile. The office goes by: {where}")
_NOWHERE = N_("It is not known")


def _choose(turn: Turn, case: Case, _rest: str) -> None:
    """Begin: of a single person with the places at once."""
    turn.state["where"] = {}
    dossier = dossiers.open_for_staff(turn.connection, turn.keys, case.request_id)
    if dossier is not None and len(dossier.persons) == 1:
        _begin(turn, case, dossier.persons[0].id)
    else:
        turn.go(Desk.WHERE_WHO)


def _begin(turn: Turn, case: Case, person_id: int) -> bool:
    at = whereabouts.now_at(turn.connection, case.request_id, person_id)
    if at is None:
        return False
    turn.state["where"] = {"person": person_id, "seen": at.to_json()}
    place_choice.begin_choice(turn)
    turn.go(Desk.WHERE)
    return True


def _ask_whom(turn: Turn, case: Case, _rest: str) -> None:
    dossier = dossiers.open_for_staff(turn.connection, turn.keys, case.request_id)
    if dossier is None:
        turn.go(Desk.CASE)
        return
    buttons = [[Button(called(turn, dossier, each.id), f"who:{each.id}")] for each in dossier.persons]
    text = bold(turn.t(N_("Whose whereabouts?")))
    turn.show(Desk.WHERE_WHO, desk_screen(turn, text, buttons, back="case"))


def _who(turn: Turn, case: Case, carried: str) -> bool | None:
    person_id = id_in(carried)
    return None if person_id is not None and _begin(turn, case, person_id) else False


def _whom(turn: Turn, case: Case) -> Html | None:
    """Name the chosen person, and say where the office thinks them; where that has changed, say so and go back."""
    chosen: dict[str, Any] = turn.state.get("where") or {}
    dossier = dossiers.open_for_staff(turn.connection, turn.keys, case.request_id)
    at = whereabouts.now_at(turn.connection, case.request_id, chosen.get("person", 0))
    if dossier is None or at is None:
        turn.go(Desk.CASE)
        return None
    if at != At.from_json(chosen["seen"]):
        word = whereabouts.words_on(turn.connection, dossier.data_key(turn.keys), case.request_id)
        _explain(turn, word.get(chosen["person"]), at)
        turn.go(Desk.CASE)
        return None
    who = bold(safe(called(turn, dossier, chosen["person"])))
    return joined([who, turn.t(_NOW, where=_at(turn, at))])


def _explain(turn: Turn, word: Word | None, at: At) -> None:
    """Say that it is not as it was shown, and who of the team changed it, if it was one of them."""
    name = team.name_of(turn.connection, turn.keys, word.by) if word is not None and word.by else ""
    turn.note(turn.t(_BY_COLLEAGUE if name else _MEANWHILE, name=name, where=_at(turn, at)))


def _at(turn: Turn, at: At) -> Html:
    site = places.name_of(turn.connection, at.site_id) if at.site_id is not None else None
    return at_in_words(turn, at.country, site)


def _ask_where(turn: Turn, case: Case, _rest: str) -> None:
    """Offer the places, those that are open first, and countries for who is known to be in one."""
    whom = _whom(turn, case)
    if whom is None:
        return
    rows = place_choice.choice_rows(turn, places.known(turn.connection))
    words = N_("Only the country: {country}")
    only = [
        Button(turn.locale.plain(words, country=country_in_words(turn, code)), f"in:{code}")
        for code in _countries(turn)
    ]
    text = paragraphs(whom, turn.t(_WHERE), turn.t(place_choice.WRITE), turn.t(_QUIET))
    nowhere = turn.button(_NOWHERE, "nowhere")
    turn.show(Desk.WHERE, desk_screen(turn, text, [*rows, *side_by_side(only), [nowhere]], back="case"))


def _countries(turn: Turn) -> list[str]:
    """Return the countries that can be chosen: the one that was written, or those asked for most."""
    written = turn.state.get("choice", {}).get("country")
    return [written] if written is not None else list(COUNTRIES_OFFERED)


def _written(turn: Turn, case: Case, _rest: str) -> None:
    """Narrow the places by what was written, and offer the country that it names."""
    if _whom(turn, case) is None:
        return
    country = country_of(turn.incoming.text[:LONGEST])
    if country is not None:
        turn.state["choice"] = {"text": turn.incoming.text[:LONGEST], "page": 0, "country": country}
    else:
        place_choice.narrow(turn, places.known(turn.connection))
    turn.go(Desk.WHERE)


def _page(turn: Turn, _case: Case, page: str) -> bool | None:
    if not place_choice.turn_page(turn, page):
        return False
    turn.go(Desk.WHERE)
    return None


def _at_place(turn: Turn, case: Case, carried: str) -> bool | None:
    site_id = id_in(carried)
    place = places.get(turn.connection, site_id) if site_id is not None else None
    if place is None:
        return False
    _chosen(turn, case, At(place.country, place.id))
    return None


def _in_country(turn: Turn, case: Case, code: str) -> bool | None:
    if code not in _countries(turn):
        return False
    _chosen(turn, case, At(code))
    return None


def _chosen(turn: Turn, case: Case, to: At) -> None:
    if _whom(turn, case) is not None:
        turn.state["where"]["to"] = to.to_json()
        turn.go(Desk.WHERE_SOURCE)


def _nowhere(turn: Turn, case: Case, _rest: str) -> None:
    """Say that nothing is known: then nobody says so, and there is nothing to be sure of."""
    if _whom(turn, case) is not None:
        turn.state["where"] |= {"to": At().to_json(), "source": ""}
        _say(turn, case, "")


def _ask_source(turn: Turn, case: Case, _rest: str) -> None:
    buttons = [turn.button(each.label, f"source:{each.code}") for each in SOURCES]
    _ask(turn, case, Desk.WHERE_SOURCE, _SOURCE, buttons)


def _ask_sure(turn: Turn, case: Case, _rest: str) -> None:
    buttons = [turn.button(each.label, f"sure:{each.code}") for each in SURE]
    _ask(turn, case, Desk.WHERE_SURE, _HOW_SURE, buttons)


def _ask(turn: Turn, case: Case, step: Desk, question: str, buttons: list[Button]) -> None:
    whom = _whom(turn, case)
    to = turn.state.get("where", {}).get("to")
    if whom is None:
        return
    if to is None:
        turn.go(Desk.WHERE)
        return
    text = paragraphs(whom, bold(_at(turn, At.from_json(to))), turn.t(question))
    turn.show(step, desk_screen(turn, text, [[each] for each in buttons], back="places"))


def _source(turn: Turn, case: Case, code: str) -> bool | None:
    if choice_in_words(turn, SOURCES, code) is None or "to" not in turn.state.get("where", {}):
        return False
    if _whom(turn, case) is not None:
        turn.state["where"]["source"] = code
        turn.go(Desk.WHERE_SURE)
    return None


def _sure(turn: Turn, case: Case, code: str) -> bool | None:
    if choice_in_words(turn, SURE, code) is None or "source" not in turn.state.get("where", {}):
        return False
    if _whom(turn, case) is not None:
        _say(turn, case, code)
    return None


def _say(turn: Turn, case: Case, sure: str) -> None:
    """Write it; nobody else can have changed it since it was looked at, since the case is locked."""
    chosen = turn.state.pop("where")
    seen, to = At.from_json(chosen["seen"]), At.from_json(chosen["to"])
    word = Said(seen, to, chosen["source"], sure)
    whereabouts.say(
        turn.connection, turn.keys, case.request_id, chosen["person"], word, turn.account_id, turn.now
    )
    turn.note(turn.t(_SAID, where=_at(turn, to)))
    turn.go(Desk.CASE)


WHEREABOUTS = on_case(Action.SET_PLACE, _choose)
_TO_WHERE = on_case(Action.SET_PLACE, lambda turn, _case, _rest: turn.go(Desk.WHERE))
STEPS = (
    Step(
        Desk.WHERE_WHO,
        on_case(Action.SET_PLACE, _ask_whom),
        presses={"who": on_case(Action.SET_PLACE, _who), **FROM_CASE},
    ),
    Step(
        Desk.WHERE,
        on_case(Action.SET_PLACE, _ask_where),
        on_case(Action.SET_PLACE, _written),
        {
            "at": on_case(Action.SET_PLACE, _at_place),
            "in": on_case(Action.SET_PLACE, _in_country),
            "nowhere": on_case(Action.SET_PLACE, _nowhere),
            "page": on_case(Action.SET_PLACE, _page),
            **FROM_CASE,
        },
    ),
    Step(
        Desk.WHERE_SOURCE,
        on_case(Action.SET_PLACE, _ask_source),
        presses={"source": on_case(Action.SET_PLACE, _source), "places": _TO_WHERE, **FROM_CASE},
    ),
    Step(
        Desk.WHERE_SURE,
        on_case(Action.SET_PLACE, _ask_sure),
        presses={"sure": on_case(Action.SET_PLACE, _sure), "places": _TO_WHERE, **FROM_CASE},
    ),
)
