"""What happened to a case, as staff read it: with what exactly was changed and why, where they may."""

from collections.abc import Callable
from typing import Any

from bot.i18n import Html, joined, safe
from bot.turn import Turn
from casework import flights, places, team
from casework.case_files import CaseFile, Entry
from casework.events import PLACE_CHANGED, PUT_ON_FLIGHT, STAGE, STAGE_QUIETLY, TAKEN_OFF_FLIGHT
from casework.stages import STAFF_WORDS, Stage
from casework.whereabouts import At
from casework.words import N_
from handlers.family.event_words import event_in_words
from handlers.family.standing import PERSON_NUMBER
from handlers.staff.place_words import SOURCES, SURE, at_in_words, choice_in_words

_LONGEST_REASON = 160  # letters of it that the history shows
_MOVED = N_("{before} → {after}")
_BY_TWO = N_("{name} and {second}")


def entry_in_words(turn: Turn, file: CaseFile, entry: Entry) -> Html:
    """Say what happened, and who of the team did it."""
    head, dot, _ = entry.kind.partition(".")
    in_detail = _IN_DETAIL.get(head + dot)
    if in_detail is None or not entry.details:
        return event_in_words(turn.locale, entry.kind)
    return in_detail(turn, file, entry)


def _moved(turn: Turn, file: CaseFile, entry: Entry) -> Html:
    details: dict[str, Any] = entry.details
    after = turn.t(STAFF_WORDS[Stage(details["to"])])
    before = dict.fromkeys(turn.t(STAFF_WORDS[Stage(each["from"])]) for each in details["persons"])
    what = turn.t(_MOVED, before=joined(before, ", "), after=after)
    reason = details["reason"]
    why = [safe(reason[:_LONGEST_REASON])] if reason else []
    return _about(turn, file, entry, what, *why)


def _by(turn: Turn, entry: Entry) -> list[Html]:
    if entry.by is None:
        return []
    name, second = (
        team.name_of(turn.connection, turn.keys, each) if each is not None else ""
        for each in (entry.by, entry.details.get("approved_by"))
    )
    return [turn.t(_BY_TWO, name=name, second=second) if second else safe(name)]


def names_of(turn: Turn, file: CaseFile, persons: list[int]) -> Html:
    """Name some persons of a case."""
    return joined(
        (
            safe(person.said.name or turn.locale.plain(PERSON_NUMBER, number=number))
            for number, person in enumerate(file.persons, 1)
            if person.said.id in persons
        ),
        ", ",
    )


def _flown(turn: Turn, file: CaseFile, entry: Entry) -> Html:
    """Say on which flight somebody was put, or off which they were taken."""
    of = entry.details["to"] or entry.details["from"]
    name = flights.names_of(turn.connection, [of]).get(of, "")
    what = joined([event_in_words(turn.locale, entry.kind), safe(name)], ": ")
    return _about(turn, file, entry, what)


def _placed(turn: Turn, file: CaseFile, entry: Entry) -> Html:
    """Say where the office thought somebody, where since then, who says so and how sure it is."""
    details: dict[str, Any] = entry.details
    ways = [(At.from_json(each["from"]), At.from_json(details["to"])) for each in details["persons"]]
    sites = {each.site_id for way in ways for each in way if each.site_id is not None}
    names = places.names_of(turn.connection, sites)
    before, after = (
        joined(dict.fromkeys(at_in_words(turn, at.country, names.get(at.site_id or 0)) for at in some), "; ")
        for some in zip(*ways, strict=True)
    )
    what = turn.t(_MOVED, before=before, after=after)
    said = choice_in_words(turn, SOURCES, details["source"]), choice_in_words(turn, SURE, details["sure"])
    return _about(turn, file, entry, what, *(each for each in said if each))


def _about(turn: Turn, file: CaseFile, entry: Entry, what: Html, *more: Html) -> Html:
    """Say of whom, where there are several, and who of the team did it."""
    persons = [each["id"] for each in entry.details["persons"]]
    whom = joined([names_of(turn, file, persons), what], ": ") if len(file.persons) > 1 else what
    return joined([whom, *more, *_by(turn, entry)], " · ")


_IN_DETAIL: dict[str, Callable[[Turn, CaseFile, Entry], Html]] = {
    STAGE: _moved,
    STAGE_QUIETLY: _moved,
    PUT_ON_FLIGHT: _flown,
    TAKEN_OFF_FLIGHT: _flown,
    PLACE_CHANGED: _placed,
}
