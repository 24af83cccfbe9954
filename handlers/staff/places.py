"""/places: the list of places by country, how many are thought to be at each, and what becomes of a place."""

from collections.abc import Sequence
from itertools import groupby

from bot.dialog import Step
from bot.i18n import Html, bold, joined, paragraphs, safe
from bot.incoming import id_in, page_in
from bot.screen import Button
from bot.turn import Turn
from casework import groups, place_list, places, whereabouts
from casework.groups import Group, Of
from casework.permissions import Action, may
from casework.places import OPEN, Known
from casework.queue import MOST_COUNTED, View
from casework.words import N_
from handlers.family.everywhere import side_by_side
from handlers.family.place_words import place_called
from handlers.staff import naming_places, place_choice
from handlers.staff.everywhere import FROM_DESK, desk_screen, note_who_did, page_buttons, to
from handlers.staff.group_words import counted_in_words
from handlers.staff.guard import at_desk
from handlers.staff.many import EVERYBODY, everybody_button
from handlers.staff.place_words import country_in_words, persons_in_words, place_in_words
from handlers.staff.queue import OPEN_VIEW
from handlers.staff.removing import REMOVE
from handlers.staff.steps import Desk

TO_PLACES = N_("Places")
_A_PAGE = 8
_GONE = N_("This place is not there any more.")
_HERE = N_("Thought to be here and not home yet:")
_NOBODY = N_("Nobody is thought to be here.")
_TO_WHERE = N_("Where has it moved to?")
_NOT_THERE = N_("That place is not open any more.")
_MOVED = N_("It is written down. Nobody was moved by it: that is a step of its own.")


def _open_list(turn: Turn, _rest: str) -> None:
    turn.state["places"] = {"page": 0}
    turn.go(Desk.PLACES)


def _list(turn: Turn, _rest: str) -> None:
    """Show a page of the list, under the names of the countries."""
    page: int = turn.state.setdefault("places", {"page": 0})["page"]
    found = places.known(turn.connection)
    found.sort(key=lambda each: country_in_words(turn, each.country))  # within a country open ones stay first
    names = {each.id: each.called for each in found}
    first = page * _A_PAGE
    shown = list(enumerate(found, 1))[first : first + _A_PAGE]
    held = whereabouts.held(turn.connection, [each.id for _, each in shown], MOST_COUNTED)
    blocks = [
        joined([bold(safe(country)), *(_line(turn, number, each, names, held) for number, each in some)])
        for country, some in groupby(shown, lambda each: country_in_words(turn, each[1].country))
    ]
    buttons = [
        [Button(f"{number}. {place_called(turn.locale, each.called)}", f"place:{each.id}")]
        for number, each in shown
    ]
    add = [turn.button(N_("Add a place"), "add")] if may(turn.role, Action.CHANGE_PLACES) else []
    pages = page_buttons(turn, page, more=first + _A_PAGE < len(found))
    text = paragraphs(bold(turn.t(TO_PLACES)), *blocks)
    turn.show(Desk.PLACES, desk_screen(turn, text, [*buttons, pages, add]))


def _line(turn: Turn, number: int, place: Known, names: dict[int, str], held: dict[int, int]) -> Html:
    name = safe(place_called(turn.locale, place.called))
    persons = persons_in_words(turn, held[place.id], MOST_COUNTED)
    return joined([Html(f"{number}. {name}"), place_in_words(turn, place, names), persons], " · ")


def _turn_page(turn: Turn, page: str) -> bool | None:
    number = page_in(page)
    if number is None or "places" not in turn.state:
        return False
    turn.state["places"]["page"] = number
    turn.go(Desk.PLACES)
    return None


def _open(turn: Turn, carried: str) -> bool | None:
    site_id = id_in(carried)
    if site_id is None or places.get(turn.connection, site_id) is None:
        return False
    turn.state["place"] = {"id": site_id}
    turn.go(Desk.PLACE)
    return None


def _place(turn: Turn) -> Known | None:
    """Return the place on the screen; where there is none, go back to the list."""
    place = places.get(turn.connection, turn.state.get("place", {}).get("id", 0))
    if place is None:
        turn.note(turn.t(_GONE))
        turn.go(Desk.PLACES)
    return place


def _show(turn: Turn, _rest: str) -> None:
    place = _place(turn)
    if place is None:
        return
    group = Group(Of.SITE, place.id)
    standing = groups.standing(turn.connection, group)
    names = places.names_of(turn.connection, [place.moved_to] if place.moved_to is not None else [])
    facts = [safe(country_in_words(turn, place.country)), place_in_words(turn, place, names)]
    here = joined([turn.t(_HERE), counted_in_words(turn, standing)]) if standing else turn.t(_NOBODY)
    text = paragraphs(
        joined([bold(safe(place_called(turn.locale, place.called))), joined(facts, " · ")]), here
    )
    persons = sum(standing.values())
    cases = [turn.button(N_("Their cases"), f"queue:{View.PLACE}:{place.id}")] if persons else []
    removing = may(turn.role, Action.MANY) and persons
    away = [turn.button(N_("Move everybody to another place"), "remove")] if removing else []
    rows = [cases, everybody_button(turn, group, persons), away, *_changing(turn, place)]
    turn.show(Desk.PLACE, desk_screen(turn, text, rows, back="places"))


def _changing(turn: Turn, place: Known) -> Sequence[Sequence[Button]]:
    if not may(turn.role, Action.CHANGE_PLACES):
        return []
    opened = place.status == OPEN
    close = turn.button(N_("Close it"), f"close:{place.id}")
    reopen = turn.button(N_("Open it again"), f"reopen:{place.id}")
    rename = turn.button(N_("Rename"), f"rename:{place.id}")
    return side_by_side([rename, close if opened else reopen, turn.button(N_("It has moved"), "moved")])


def _close(turn: Turn, carried: str) -> bool | None:
    return _change(turn, carried, opened=False)


def _reopen(turn: Turn, carried: str) -> bool | None:
    return _change(turn, carried, opened=True)


def _change(turn: Turn, carried: str, *, opened: bool) -> bool | None:
    """Close or open the place on the screen; of two who do so at once the second is told."""
    site_id = turn.state.get("place", {}).get("id", 0)
    if carried != str(site_id):
        return False
    change = place_list.reopen if opened else place_list.close
    if not change(turn.connection, turn.keys, site_id, turn.account_id, turn.now):
        note_who_did(turn, "place_opened" if opened else "place_closed", site_id)
    turn.go(Desk.PLACE)
    return None


def _rename(turn: Turn, carried: str) -> bool | None:
    if carried != str(turn.state.get("place", {}).get("id", 0)):
        return False
    naming_places.begin(turn, site=int(carried))
    turn.go(Desk.PLACE_NAME)
    return None


def _moved(turn: Turn, _rest: str) -> None:
    place_choice.begin_choice(turn)
    turn.go(Desk.PLACE_TO)


def _ask_to(turn: Turn, _rest: str) -> None:
    place = _place(turn)
    if place is not None:
        name = bold(safe(place_called(turn.locale, place.called)))
        text = paragraphs(name, turn.t(_TO_WHERE), turn.t(place_choice.WRITE))
        rows = place_choice.choice_rows(turn, place_choice.open_places(turn, place.id))
        turn.show(Desk.PLACE_TO, desk_screen(turn, text, rows, back="place"))


def _narrow_to(turn: Turn, _rest: str) -> None:
    place = _place(turn)
    if place is not None:
        place_choice.narrow(turn, place_choice.open_places(turn, place.id))
        turn.go(Desk.PLACE_TO)


def _page_to(turn: Turn, page: str) -> bool | None:
    if not place_choice.turn_page(turn, page):
        return False
    turn.go(Desk.PLACE_TO)
    return None


def _say_moved(turn: Turn, carried: str) -> bool | None:
    place, to_id = _place(turn), id_in(carried)
    if place is None:
        return None
    if to_id is None:
        return False
    done = place_list.move_to(turn.connection, turn.keys, place.id, to_id, turn.account_id, turn.now)
    turn.note(turn.t(_MOVED if done else _NOT_THERE))
    turn.go(Desk.PLACE if done else Desk.PLACE_TO)
    return None


PLACES = at_desk(Action.SEE_PLACES, _open_list)
_BACK = to(Action.SEE_PLACES, Desk.PLACES)
_TO_PLACE = to(Action.SEE_PLACES, Desk.PLACE)
STEPS = (
    Step(
        Desk.PLACES,
        at_desk(Action.SEE_PLACES, _list),
        presses={
            "place": at_desk(Action.SEE_PLACES, _open),
            "page": at_desk(Action.SEE_PLACES, _turn_page),
            "add": naming_places.ADD,
            **FROM_DESK,
        },
    ),
    Step(
        Desk.PLACE,
        at_desk(Action.SEE_PLACES, _show),
        presses={
            "queue": OPEN_VIEW,
            "many": EVERYBODY,
            "remove": REMOVE,
            "rename": at_desk(Action.CHANGE_PLACES, _rename),
            "close": at_desk(Action.CHANGE_PLACES, _close),
            "reopen": at_desk(Action.CHANGE_PLACES, _reopen),
            "moved": at_desk(Action.CHANGE_PLACES, _moved),
            "places": _BACK,
            **FROM_DESK,
        },
    ),
    Step(
        Desk.PLACE_TO,
        at_desk(Action.CHANGE_PLACES, _ask_to),
        at_desk(Action.CHANGE_PLACES, _narrow_to),
        {
            "at": at_desk(Action.CHANGE_PLACES, _say_moved),
            "page": at_desk(Action.CHANGE_PLACES, _page_to),
            "place": _TO_PLACE,
            **FROM_DESK,
        },
    ),
)
