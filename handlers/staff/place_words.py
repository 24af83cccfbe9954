"""Places and whereabouts, as staff read them."""

from bot.i18n import Html, joined, safe
from bot.turn import Turn
from casework import places
from casework.blocks import block_of
from casework.case_files import CaseFile, PersonFile
from casework.countries import country_name
from casework.places import CLOSED, MOVED, OPEN, Known
from casework.questions import UNKNOWN, Choice
from casework.whereabouts import said_by_family
from casework.words import N_
from handlers.family.answer_words import Reader
from handlers.family.place_words import place_called

_NOT_KNOWN = N_("not known")
_FAMILY_SAYS = N_("The family says: {where}")
_OFFICE_SAYS = N_("The office's word: {facts}")
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
    return Html(turn.locale.listed(map(safe, where)))


def choice_in_words(turn: Turn, choices: tuple[Choice, ...], code: str) -> Html | None:
    """Say who says so, or how sure it is; None where that was not said."""
    return next((turn.t(each.label) for each in choices if each.code == code), None)


def by_the_office(turn: Turn, _file: CaseFile, person: PersonFile) -> Html | None:
    """Say on the card at which place the office has somebody, who said so, and what else the family says."""
    place = (
        turn.t(N_("Place: {value}"), value=place_called(turn.locale, person.site))
        if person.site is not None
        else None
    )
    if person.word is None:
        return place
    day = safe(turn.locale.date(person.word.at, turn.zone))
    source, sure = (
        choice_in_words(turn, choices, code)
        for choices, code in ((SOURCES, person.word.source), (SURE, person.word.sure))
    )
    facts = Html(turn.locale.listed(each for each in (source, sure, day) if each))
    lines = (place, turn.t(_OFFICE_SAYS, facts=facts), _family_says(turn, person))
    return joined(each for each in lines if each)


def _family_says(turn: Turn, person: PersonFile) -> Html | None:
    """Say what the family says, where that is another country or another place."""
    said = said_by_family(person.said.answers)
    if said.country in {UNKNOWN, person.country} and said.site_id in {None, person.site_id}:
        return None
    site = places.name_of(turn.connection, said.site_id) if said.site_id is not None else None
    return turn.t(_FAMILY_SAYS, where=at_in_words(turn, said.country, site))


def place_in_words(turn: Turn, place: Known, names: dict[int, str]) -> Html:
    """Say what a place is, but for its name and country."""
    moved_to = place_called(turn.locale, names.get(place.moved_to or 0, ""))
    status = turn.t(STATUSES[place.status], place=moved_to)
    return joined([turn.t(KINDS[place.kind]), status], " · ")


def persons_in_words(turn: Turn, number: int, most: int | None = None) -> Html:
    """Say how many; more than `most` are not counted any further."""
    if most is not None and number > most:
        return turn.t(N_("more than {n} persons"), n=most)
    return turn.locale.plural("{n} person", "{n} persons", number)
