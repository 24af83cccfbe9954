"""An export in words: whom it is for, what narrows it, and how much is in it."""

from bot.i18n import Html, joined
from bot.turn import Turn
from casework import places
from casework.exporting import Recipient, Wanted
from casework.stages import STAFF_WORDS, Stage
from casework.words import N_
from handlers.family.place_words import place_called
from handlers.staff.place_words import country_in_words

RECIPIENTS = {
    Recipient.AUTHORITIES: N_("Authorities"),
    Recipient.RED_CROSS: N_("Red Cross"),
    Recipient.PARTNERS: N_("Aid organisations"),
}
_NOT_KNOWN = N_("not known")
_ALL = N_("All stages, countries and places.")
_IN_THE_FILE = N_("In the file: {requests}, {persons}.")
_NOT_ALLOWED = N_("Left out, because the family has not allowed it: {n}.")
_KEPT_BACK = N_(
    "Left out, because something is to be kept from somebody: {n}. A person has to look at these."
)


def wanted_in_words(turn: Turn, wanted: Wanted) -> Html:
    """Say whom an export is for, and what narrows it."""
    recipient = turn.t(RECIPIENTS[Recipient(wanted.recipient)])
    narrowed = [
        turn.t(words, value=value)
        for words, value in (
            (N_("Stage: {value}"), _stage(turn, wanted)),
            (N_("Country: {value}"), _country(turn, wanted)),
            (N_("Place: {value}"), _place(turn, wanted)),
        )
        if value
    ]
    return joined([turn.t(N_("Export for: {recipient}"), recipient=recipient), *(narrowed or [turn.t(_ALL)])])


def held_in_words(turn: Turn, requests: int, persons: int, not_allowed: int, kept_back: int) -> Html:
    """Say how much is in an export, and how much was left out of it."""
    inside = turn.t(_IN_THE_FILE, requests=requests_in_words(turn, requests), persons=_persons(turn, persons))
    left = [turn.t(_NOT_ALLOWED, n=not_allowed)] if not_allowed else []
    left += [turn.t(_KEPT_BACK, n=kept_back)] if kept_back else []
    return joined([inside, *left])


def requests_in_words(turn: Turn, number: int) -> Html:
    return turn.locale.plural("{n} request", "{n} requests", number)


def _persons(turn: Turn, number: int) -> Html:
    return turn.locale.plural("{n} person", "{n} persons", number)


def _stage(turn: Turn, wanted: Wanted) -> Html | str:
    return turn.t(STAFF_WORDS[Stage(wanted.stage)]) if wanted.stage else ""


def _country(turn: Turn, wanted: Wanted) -> Html | str:
    return country_in_words(turn, wanted.country) if wanted.country else ""


def _place(turn: Turn, wanted: Wanted) -> Html | str:
    if wanted.site_id is None:
        return ""
    name = places.name_of(turn.connection, wanted.site_id)
    return place_called(turn.locale, name) if name is not None else turn.t(_NOT_KNOWN)
