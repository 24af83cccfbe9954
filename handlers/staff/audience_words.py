"""An audience in words: what each filter's values are called, and the whole of it in a sentence."""

from collections.abc import Callable

from bot.i18n import Html, joined, safe
from bot.turn import Turn
from casework import places
from casework.audience import ANY, BY_CODE, NO_LANGUAGE, Audience, Term
from casework.paper_kinds import KINDS
from casework.permissions import Role
from casework.stages import STAFF_WORDS, Stage
from casework.words import N_
from handlers.family.place_words import place_called
from handlers.staff.place_words import country_in_words

_NOT_CHOSEN = N_("no language chosen yet")
_ANY_PAPER = N_("any paper")
_ROLES = {
    Role.FAMILY: N_("families"),
    Role.STAFF: N_("staff"),
    Role.ADMIN: N_("admins"),
}
_NOBODY = N_("Nobody yet. Choose at least one group.")
_WITHOUT = N_("without {what}")
_ALL = N_("Everybody")
_REFERENCES = N_("{n} references")
_MOST_NAMED = 6


def language_in_words(turn: Turn, code: str) -> str:
    if code == NO_LANGUAGE:
        return turn.locale.plain(_NOT_CHOSEN)
    return turn.around.locales.get(code).own_name if turn.around.locales.offers(code) else code


def _place(turn: Turn, value: str) -> str:
    return place_called(turn.locale, places.name_of(turn.connection, int(value)) or "")


def _stage(turn: Turn, value: str) -> str:
    return turn.locale.plain(STAFF_WORDS[Stage(value)])


def _paper(turn: Turn, value: str) -> str:
    return turn.locale.plain(_ANY_PAPER if value == ANY else KINDS[value].staff_label)


_VALUES: dict[str, Callable[[Turn, str], str]] = {
    "language": language_in_words,
    "region": lambda _turn, value: value,
    "country": country_in_words,
    "place": _place,
    "stage": _stage,
    "papers": _paper,
    "role": lambda turn, value: turn.locale.plain(_ROLES[Role(value)]),
    "references": lambda _turn, value: value,
}


def value_in_words(turn: Turn, code: str, value: str) -> str:
    """Say what one value of a filter is called."""
    return _VALUES[code](turn, value)


def audience_in_words(turn: Turn, audience: Audience) -> Html:
    """Say whom a broadcast goes to, a line for each term: all of them have to hold."""
    if not any(not term.without for term in audience.terms):
        return turn.t(_NOBODY)
    return joined(
        [Html(f"{number}. {term_in_words(turn, term)}") for number, term in enumerate(audience.terms, 1)]
    )


def term_in_words(turn: Turn, term: Term) -> Html:
    """Say one term."""
    words = _of(turn, term)
    return turn.t(_WITHOUT, what=words) if term.without else words


def _of(turn: Turn, term: Term) -> Html:
    if term.filter == "everyone":
        return turn.t(_ALL)
    if term.filter == "references" and len(term.values) > _MOST_NAMED:
        return turn.t(_REFERENCES, n=len(term.values))
    values = Html(turn.locale.listed(safe(value_in_words(turn, term.filter, each)) for each in term.values))
    return Html(f"{turn.t(BY_CODE[term.filter].words)}: {values}")
