"""Choosing a place of the list: page by page, or narrowed by words that are written."""

from collections.abc import Collection
from typing import Any

from bot.incoming import page_in
from bot.screen import Button
from bot.turn import Turn
from casework import places
from casework.listed_names import folded
from casework.places import OPEN, Known
from casework.words import N_
from handlers.family.place_words import place_called
from handlers.staff.everywhere import page_buttons
from handlers.staff.place_words import country_in_words

WRITE = N_("You can also write a part of its name, or a country.")
NOT_FOUND = N_("No place of the list is called so: {text}")
_A_PAGE = 10
_LONGEST_SHOWN = 60  # characters of what was written


def begin_choice(turn: Turn) -> None:
    """Begin anew: nothing narrows the list."""
    turn.state["choice"] = {"text": "", "page": 0}


def narrow(turn: Turn, offered: Collection[Known]) -> bool:
    """Narrow the list by what was written; where nothing is left, say so and leave it as it was."""
    text = turn.incoming.text.strip()
    if not matching(turn, offered, text):
        turn.note(turn.t(NOT_FOUND, text=text[:_LONGEST_SHOWN]))
        return False
    turn.state["choice"] = {"text": text, "page": 0}
    return True


def turn_page(turn: Turn, page: str) -> bool:
    """Go to a page; False where there is no such thing."""
    number = page_in(page)
    if number is None or "choice" not in turn.state:
        return False
    turn.state["choice"]["page"] = number
    return True


def choice_rows(turn: Turn, offered: Collection[Known], likely: int | None = None) -> list[list[Button]]:
    """Make the buttons: a press is "at" with the place's id. The one that is likely stands first."""
    look: dict[str, Any] = turn.state.setdefault("choice", {"text": "", "page": 0})
    found = sorted(matching(turn, offered, look["text"]), key=lambda each: each.id != likely)
    first = look["page"] * _A_PAGE
    shown = found[first : first + _A_PAGE]
    pages = page_buttons(turn, look["page"], more=first + _A_PAGE < len(found))
    return [*([Button(called_in_full(turn, each), f"at:{each.id}")] for each in shown), pages]


def matching(turn: Turn, offered: Collection[Known], text: str) -> list[Known]:
    """Return those whose name or country holds these words, by country and name."""
    wanted = folded(text)
    found = [each for each in offered if not wanted or wanted in folded(called_in_full(turn, each))]
    return sorted(
        found, key=lambda each: (each.status != OPEN, country_in_words(turn, each.country), each.called)
    )


def called_in_full(turn: Turn, place: Known) -> str:
    """Return a place's name, its country, and whether it is open, for a button."""
    name = f"{place_called(turn.locale, place.called)} · {country_in_words(turn, place.country)}"
    return name if place.status == OPEN else turn.locale.plain(N_("{place} (closed)"), place=name)


def open_places(turn: Turn, but: int | None = None) -> list[Known]:
    """Return the places that are open, but for one."""
    return [each for each in places.known(turn.connection) if each.status == OPEN and each.id != but]
