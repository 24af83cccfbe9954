"""Adding a place to the list, and calling one by another name. One of the same name is pointed out first."""

from typing import Any

from bot.dialog import Step
from bot.i18n import bold, paragraphs, safe
from bot.screen import Button
from bot.turn import Turn
from casework import place_list, places
from casework.countries import country_of
from casework.listed_names import LONGEST, listed_name
from casework.permissions import Action
from casework.places import KINDS
from casework.questions import COUNTRIES_OFFERED
from casework.words import N_
from handlers.family.everywhere import side_by_side
from handlers.family.place_words import place_called
from handlers.staff.everywhere import FROM_DESK, desk_screen, to
from handlers.staff.flights import NAME_LENGTH
from handlers.staff.guard import at_desk
from handlers.staff.place_words import KINDS as KIND_WORDS
from handlers.staff.place_words import country_in_words
from handlers.staff.steps import Desk

_TITLE = N_("Add a place")
_WHICH_COUNTRY = N_("In which country? Press a button, or write its name.")
_NO_COUNTRY = N_("There is no such country: {text}")
_LONGEST_SHOWN = 60  # characters of what was written
_WHICH_KIND = N_("What kind of place is it?")
_WHAT_NAME = N_("What is it called? Families will read this name and can choose it.")
_SAME = N_("There is a place of this name already: {name}, {country}.")


def begin(turn: Turn, site: int | None = None) -> None:
    """Begin with a new place, or with another name for this one."""
    turn.state["naming"] = {"site": site} if site is not None else {}


def _add(turn: Turn, _rest: str) -> None:
    begin(turn)
    turn.go(Desk.PLACE_COUNTRY)


def _ask_country(turn: Turn, _rest: str) -> None:
    known = {each.country for each in places.known(turn.connection)}
    codes = dict.fromkeys([*COUNTRIES_OFFERED, *sorted(known)])
    buttons = [Button(country_in_words(turn, each), f"in:{each}") for each in codes]
    text = paragraphs(bold(turn.t(_TITLE)), turn.t(_WHICH_COUNTRY))
    turn.show(Desk.PLACE_COUNTRY, desk_screen(turn, text, side_by_side(buttons), back="places"))


def _typed_country(turn: Turn, _rest: str) -> None:
    text = turn.incoming.text.strip()
    country = country_of(text[:LONGEST])
    if country is None:
        turn.note(turn.t(_NO_COUNTRY, text=text[:_LONGEST_SHOWN]))
        turn.go(Desk.PLACE_COUNTRY)
    else:
        _in(turn, country)


def _country(turn: Turn, code: str) -> bool | None:
    if code not in {*COUNTRIES_OFFERED, *(each.country for each in places.known(turn.connection))}:
        return False
    _in(turn, code)
    return None


def _in(turn: Turn, country: str) -> None:
    turn.state["naming"] = {"country": country}
    turn.go(Desk.PLACE_KIND)


def _ask_kind(turn: Turn, _rest: str) -> None:
    if "country" not in turn.state.get("naming", {}):
        turn.go(Desk.PLACE_COUNTRY)
        return
    country = bold(safe(country_in_words(turn, turn.state["naming"]["country"])))
    buttons = [turn.button(KIND_WORDS[each], f"kind:{each}") for each in KINDS]
    text = paragraphs(country, turn.t(_WHICH_KIND))
    turn.show(Desk.PLACE_KIND, desk_screen(turn, text, side_by_side(buttons), back="country"))


def _kind(turn: Turn, code: str) -> bool | None:
    if code not in KINDS or "country" not in turn.state.get("naming", {}):
        return False
    turn.state["naming"]["kind"] = code
    turn.go(Desk.PLACE_NAME)
    return None


def _ask_name(turn: Turn, _rest: str) -> None:
    """Ask for the name; where one of the same name was found, offer to go on all the same."""
    chosen: dict[str, Any] = turn.state.get("naming", {})
    if not ("site" in chosen or "kind" in chosen):
        turn.go(Desk.PLACES)
        return
    called = chosen.get("called")
    before = places.name_of(turn.connection, chosen["site"]) if "site" in chosen else None
    about = place_called(turn.locale, before) if before else country_in_words(turn, chosen.get("country", ""))
    anyway = [turn.button(N_("Use this name all the same"), "anyway")] if called else []
    text = paragraphs(
        bold(safe(about)), turn.t(_WHAT_NAME), bold(safe(called)) if called is not None else None
    )
    turn.show(Desk.PLACE_NAME, desk_screen(turn, text, [anyway], back="places"))


def _named(turn: Turn, _rest: str) -> None:
    chosen: dict[str, Any] = turn.state.get("naming", {})
    chosen.pop("called", None)
    name = listed_name(turn.incoming.text)
    turn.go(Desk.PLACE_NAME)
    if name is None:
        turn.note(turn.t(NAME_LENGTH, most=LONGEST))
        return
    country = chosen.get("country", "")
    if "site" in chosen:
        place = places.get(turn.connection, chosen["site"])
        country = place.country if place is not None else ""
    same = place_list.alike(turn.connection, country, name, but=chosen.get("site"))
    if same is None:
        _write(turn, name)
        return
    chosen["called"] = name
    shown = place_called(turn.locale, same.called)
    turn.note(turn.t(_SAME, name=shown, country=country_in_words(turn, country)))


def _anyway(turn: Turn, _rest: str) -> bool | None:
    name = turn.state.get("naming", {}).get("called")
    if name is None:
        return False
    _write(turn, name)
    return None


def _write(turn: Turn, name: str) -> None:
    """Write the name, and go to the place's page."""
    chosen: dict[str, Any] = turn.state.pop("naming")
    if "site" in chosen:
        site_id = chosen["site"]
        place_list.rename(turn.connection, turn.keys, site_id, name, turn.account_id, turn.now)
    else:
        country, kind = chosen["country"], chosen["kind"]
        site_id = place_list.add(turn.connection, turn.keys, country, kind, name, turn.account_id, turn.now)
    turn.state["place"] = {"id": site_id}
    turn.go(Desk.PLACE)


ADD = at_desk(Action.CHANGE_PLACES, _add)
_BACK = to(Action.SEE_PLACES, Desk.PLACES)
STEPS = (
    Step(
        Desk.PLACE_COUNTRY,
        at_desk(Action.CHANGE_PLACES, _ask_country),
        at_desk(Action.CHANGE_PLACES, _typed_country),
        {"in": at_desk(Action.CHANGE_PLACES, _country), "places": _BACK, **FROM_DESK},
    ),
    Step(
        Desk.PLACE_KIND,
        at_desk(Action.CHANGE_PLACES, _ask_kind),
        presses={"kind": at_desk(Action.CHANGE_PLACES, _kind), "country": ADD, **FROM_DESK},
    ),
    Step(
        Desk.PLACE_NAME,
        at_desk(Action.CHANGE_PLACES, _ask_name),
        at_desk(Action.CHANGE_PLACES, _named),
        {"anyway": at_desk(Action.CHANGE_PLACES, _anyway), "places": _BACK, **FROM_DESK},
    ),
)
