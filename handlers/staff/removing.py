"""Moving everybody of one place to another: where to, how many it is, and what a second person agrees to.

It changes where the office thinks they are. No family is told, since for safety no place is ever written to them.
"""

from collections.abc import Sequence

from bot.dialog import Step
from bot.i18n import Html, Locale, bold, joined, paragraphs
from bot.incoming import id_in
from bot.turn import Turn
from casework import places, whereabouts
from casework.approvals import Approval
from casework.permissions import Action
from casework.places import OPEN, Known
from casework.whereabouts import Here, Removal, Removed
from casework.words import N_
from handlers.family.place_words import place_called
from handlers.staff import place_choice, seconding
from handlers.staff.everywhere import FROM_DESK, desk_screen, to
from handlers.staff.group_words import counted_in_words
from handlers.staff.guard import at_desk
from handlers.staff.listing import Listing
from handlers.staff.many_words import GONE
from handlers.staff.moving import TWO
from handlers.staff.place_words import persons_in_words
from handlers.staff.seconding import Matter, Words
from handlers.staff.steps import Desk

_TO_WHERE = N_("To which place shall everybody be moved?")
_FROM_TO = N_("{before} → {after}")
_WILL = N_("Will be moved: {persons} of {requests}.")
_QUIET = N_("No family is told of it, and what they wrote stays as it is.")
_NOBODY = N_("Nobody is thought to be here.")
_CHANGED = N_("Things have changed while you looked. Please look again.")
_NOT_OPEN = N_("That place is not open any more.")
_MOVED = N_("Moved: {persons}.")
_ELSEWHERE = N_("Left as they are, because they are thought to be elsewhere by now: {n}.")


def _begin(turn: Turn, _rest: str) -> None:
    place_choice.begin_choice(turn)
    turn.go(Desk.REMOVE_TO)


def _of(turn: Turn) -> Known | None:
    """Return the place they are moved from; where there is none any more, go back."""
    place = places.get(turn.connection, turn.state.get("place", {}).get("id", 0))
    if place is None:
        turn.go(Desk.PLACES)
    return place


def _ask_to(turn: Turn, _rest: str) -> None:
    place = _of(turn)
    if place is not None:
        name = bold(place_called(turn.locale, place.called))
        rows = place_choice.choice_rows(turn, place_choice.open_places(turn, place.id), place.moved_to)
        text = paragraphs(name, turn.t(_TO_WHERE), turn.t(place_choice.WRITE))
        turn.show(Desk.REMOVE_TO, desk_screen(turn, text, rows, back="place"))


def _narrow(turn: Turn, _rest: str) -> None:
    place = _of(turn)
    if place is not None:
        place_choice.narrow(turn, place_choice.open_places(turn, place.id))
        turn.go(Desk.REMOVE_TO)


def _page(turn: Turn, page: str) -> bool | None:
    if not place_choice.turn_page(turn, page):
        return False
    turn.go(Desk.REMOVE_TO)
    return None


def _to(turn: Turn, carried: str) -> bool | None:
    place, site_id = _of(turn), id_in(carried)
    if place is None:
        return None
    if site_id is None or site_id == place.id:
        return False
    turn.state["place"] = {"id": place.id, "to": site_id}
    turn.go(Desk.REMOVE_SURE)
    return None


def _both(turn: Turn) -> tuple[Known, Known] | None:
    """Return the two places; where the other one is not open any more, say so and choose anew."""
    place = _of(turn)
    other = places.get(turn.connection, turn.state.get("place", {}).get("to", 0))
    if place is None:
        return None
    if other is None or other.status != OPEN:
        turn.note(turn.t(_NOT_OPEN))
        turn.go(Desk.REMOVE_TO)
        return None
    return place, other


def _preview(turn: Turn, _rest: str) -> None:
    both = _both(turn)
    if both is None:
        return
    here = whereabouts.everybody_at(turn.connection, both[0].id)
    turn.state["place"]["seen"] = here.print
    text = _what(turn, *both, here) if here.persons else turn.t(_NOBODY)
    ask = [turn.button(TWO, "ask", style="success")] if here.persons else []
    turn.show(Desk.REMOVE_SURE, desk_screen(turn, text, [ask], back="remove"))


def _what(turn: Turn, place: Known, other: Known, here: Here) -> Html:
    """Say who would be moved from where to where."""
    before, after = (place_called(turn.locale, each.called) for each in (place, other))
    of = turn.locale.plural("{n} request", "{n} requests", len(here.requests))
    will = turn.t(_WILL, persons=persons_in_words(turn, len(here.persons)), requests=of)
    return paragraphs(
        bold(turn.t(_FROM_TO, before=before, after=after)),
        joined([will, counted_in_words(turn, here.by_stage)]),
        turn.t(_QUIET),
    )


def _ask(turn: Turn, _rest: str) -> None:
    """Ask a second person for exactly what was on the screen; if it would be something else by now, show it anew."""
    both = _both(turn)
    if both is None:
        return
    here = whereabouts.everybody_at(turn.connection, both[0].id)
    if here.print != turn.state["place"].get("seen") or not here.persons:
        turn.note(turn.t(_CHANGED))
        turn.go(Desk.REMOVE_SURE)
        return
    removal = Removal(both[0].id, both[1].id, here.persons)
    seconding.ask(turn, MATTER, removal.to_json())
    turn.state["place"] = {"id": both[0].id}
    turn.go(Desk.DESK)


def _pages(turn: Turn, approval: Approval) -> Sequence[Html]:
    """Show who would be moved now, and list them."""
    removal = Removal.from_json(approval.asked.details)
    place, other = (places.get(turn.connection, each) for each in (removal.of, removal.to))
    if place is None or other is None:
        return [turn.t(_NOT_OPEN)]
    here = whereabouts.still_there(turn.connection, removal)
    changed = None if other.status == OPEN else bold(turn.t(_NOT_OPEN))
    return Listing(turn, paragraphs(_what(turn, place, other, here), changed), here.persons)


def _carry_out(turn: Turn, approval: Approval) -> bool | Words:
    removal = Removal.from_json(approval.asked.details)
    by, second = approval.asked.by, turn.account_id
    done = whereabouts.remove(turn.connection, turn.keys, removal, by, second, approval.id, turn.now)
    if done is None or not done.persons:
        return False
    return lambda locale: _done(locale, done)


def _done(locale: Locale, done: Removed) -> Html:
    lines = [locale.t(_MOVED, persons=locale.plural("{n} person", "{n} persons", done.persons))]
    lines += [locale.t(_ELSEWHERE, n=done.elsewhere)] if done.elsewhere else []
    lines += [locale.t(GONE, n=done.gone)] if done.gone else []
    return joined(lines)


MATTER = Matter("remove", N_("Move to another place"), Action.MANY, _pages, _carry_out)
REMOVE = at_desk(Action.MANY, _begin)
_TO_PLACE = to(Action.SEE_PLACES, Desk.PLACE)
STEPS = (
    Step(
        Desk.REMOVE_TO,
        at_desk(Action.MANY, _ask_to),
        at_desk(Action.MANY, _narrow),
        {
            "at": at_desk(Action.MANY, _to),
            "page": at_desk(Action.MANY, _page),
            "place": _TO_PLACE,
            **FROM_DESK,
        },
    ),
    Step(
        Desk.REMOVE_SURE,
        at_desk(Action.MANY, _preview),
        presses={"ask": at_desk(Action.MANY, _ask), "remove": REMOVE, **FROM_DESK},
    ),
)
