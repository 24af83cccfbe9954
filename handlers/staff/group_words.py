"""Everybody of a flight or at a place, in words: who they are as a group, and how many stand where."""

from collections.abc import Mapping

from bot.i18n import Html, joined
from bot.turn import Turn
from casework import flights, places
from casework.groups import Group, Of
from casework.stages import STAFF_WORDS, Stage
from casework.words import N_
from handlers.family.place_words import place_called

_EVERYBODY = {
    Of.FLIGHT: N_("Everybody of the flight {name}"),
    Of.SITE: N_("Everybody at this place: {name}"),
}
_COUNTED = N_("{stage}: {n}")


def group_in_words(turn: Turn, group: Group) -> Html | None:
    """Name the group; None where there is no such flight or place."""
    name = group_called(turn, group)
    return turn.t(_EVERYBODY[group.of], name=name) if name is not None else None


def group_called(turn: Turn, group: Group) -> str | None:
    if group.of is Of.FLIGHT:
        return flights.names_of(turn.connection, [group.id]).get(group.id)
    name = places.name_of(turn.connection, group.id)
    return place_called(turn.locale, name) if name is not None else None


def counted_in_words(turn: Turn, counts: Mapping[Stage, int]) -> Html:
    """Say how many stand at each stage, a line each."""
    return joined(
        turn.t(_COUNTED, stage=turn.t(STAFF_WORDS[stage]), n=number) for stage, number in counts.items()
    )
