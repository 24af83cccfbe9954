"""Places and whereabouts, as staff read them."""

from bot.i18n import Html, joined, safe
from bot.turn import Turn
from casework.blocks import block_of
from casework.countries import country_name
from casework.places import CLOSED, MOVED, OPEN, Known
from casework.questions import UNKNOWN, Choice
from casework.words import N_
from handlers.family.answer_words import Reader
from handlers.family.place_words import place_called

_NOT_KNOWN = N_("not known")
KINDS = {
    "prison": N_("prison"),
    "camp": N_("camp"),
    "orphanage": N_("children's home"),
    "hospital": N_("hospital"),
}
STATUSES = {OPEN: N_("open"), CLOSED: N_("closed"), MOVED: N_("moved to {place}")}


def _choices(key: str) -> tuple[Choice, ...]:
    block = block_of("whereabouts")
    return next((each.choices for each in (block.questions if block else ()) if each.key == key), ())


# As families are asked for them, so that both mean the same.
SOURCES, SURE = _choices("place_source"), _choices("place_sure")


def country_in_words(turn: Reader, code: str) -> str:
    return turn.locale.plain(_NOT_KNOWN) if code == UNKNOWN else country_name(code, turn.locale.chain)


def at_in_words(turn: Reader, country: str, site: str | None) -> Html:
    """Say where somebody is: the country, and the place of the list where it is known."""
    where = [
        country_in_words(turn, country),
        *([place_called(turn.locale, site)] if site is not None else []),
    ]
    return joined(map(safe, where), ", ")


def choice_in_words(turn: Turn, choices: tuple[Choice, ...], code: str) -> Html | None:
    """Say who says so, or how sure it is; None where that was not said."""
    return next((turn.t(each.label) for each in choices if each.code == code), None)


def place_in_words(turn: Turn, place: Known, names: dict[int, str]) -> Html:
    """Say what a place is, but for its name and country."""
    moved_to = place_called(turn.locale, names.get(place.moved_to or 0, ""))
    status = turn.t(STATUSES[place.status], place=moved_to)
    return joined([turn.t(KINDS[place.kind]), status], " · ")


def persons_in_words(turn: Turn, number: int) -> Html:
    return turn.locale.plural("{n} person", "{n} persons", number)
