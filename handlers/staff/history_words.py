"""What happened to a case, as staff read it: with what exactly was changed and why, where they may."""

from collections.abc import Callable, Mapping
from typing import Any

from bot.i18n import Html, joined, safe
from bot.turn import Turn
from casework import flights, places, team
from casework.case_files import CaseFile, Entry
from casework.checking import ASKED, REJECTED, UNASKED, VERIFIED
from casework.events import FACT, PLACE_CHANGED, PUT_ON_FLIGHT, STAGE, STAGE_QUIETLY, TAKEN_OFF_FLIGHT
from casework.rejections import BY_CODE
from casework.retention import HELD, KEPT_LONGER
from casework.stages import STAFF_WORDS, Stage
from casework.whereabouts import At
from casework.words import N_
from handlers.family.event_words import event_in_words
from handlers.family.standing import PERSON_NUMBER
from handlers.staff.fact_words import change_in_words
from handlers.staff.place_words import SOURCES, SURE, at_in_words, choice_in_words

_KNOWN_WITHOUT = frozenset({VERIFIED, REJECTED, ASKED, UNASKED})  # what else there is to say is in the kind
_LONGEST_REASON = 160  # letters of it that the history shows
_MOVED = N_("{before} → {after}")
_BY_TWO = N_("{name} and {second}")


def entry_in_words(turn: Turn, file: CaseFile, entry: Entry, names: Mapping[int, str]) -> Html:
    """Say what happened, and who of the team did it.

    Args:
        names: what colleagues call each of the team.
    """
    head, dot, _ = entry.kind.partition(".")
    in_detail = _IN_DETAIL.get(head + dot)
    if in_detail is None or (entry.details is None and head + dot not in _KNOWN_WITHOUT):
        return _plainly(turn, entry)
    return joined([in_detail(turn, file, entry), *_by(turn, entry, names)], " · ")


def _plainly(turn: Turn, entry: Entry) -> Html:
    return event_in_words(turn.locale, entry.kind, to_staff=True)


def _moved(turn: Turn, file: CaseFile, entry: Entry) -> Html:
    details: dict[str, Any] = entry.details
    after = turn.t(STAFF_WORDS[Stage(details["to"])])
    before = dict.fromkeys(turn.t(STAFF_WORDS[Stage(each["from"])]) for each in details["persons"])
    what = turn.t(_MOVED, before=Html(turn.locale.listed(before)), after=after)
    whom = _of_whom(turn, file, [each["id"] for each in details["persons"]], what)
    return joined([whom, *_reason(details["reason"])], " · ")


def _decided(turn: Turn, file: CaseFile, entry: Entry) -> Html:
    """Say what somebody said of a paper."""
    details: dict[str, Any] = entry.details or {}
    what = _of_whom(turn, file, [entry.person_id or 0], _plainly(turn, entry))
    why = [turn.t(BY_CODE[details["reason"]].label)] if details else []
    return joined([what, *why, *_reason(details.get("remark", ""))], " · ")


def _with_reason(turn: Turn, _file: CaseFile, entry: Entry) -> Html:
    return joined([_plainly(turn, entry), *_reason(entry.details["reason"])], " · ")


def _fact(turn: Turn, file: CaseFile, entry: Entry) -> Html:
    return _of_whom(turn, file, [entry.person_id or 0], change_in_words(turn, entry.details))


def _flown(turn: Turn, file: CaseFile, entry: Entry) -> Html:
    """Say on which flight somebody was put, or off which they were taken."""
    of = entry.details["to"] or entry.details["from"]
    name = flights.names_of(turn.connection, [of]).get(of, "")
    what = joined([_plainly(turn, entry), safe(name)], ": ")
    return _of_whom(turn, file, [each["id"] for each in entry.details["persons"]], what)


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
    whom = _of_whom(turn, file, [each["id"] for each in details["persons"]], what)
    return joined([whom, *(each for each in said if each)], " · ")


def _of_whom(turn: Turn, file: CaseFile, persons: list[int], what: Html) -> Html:
    """Say whom of several persons it is about."""
    names = names_of(turn, file, persons) if len(file.persons) > 1 else None
    return joined([names, what], ": ") if names else what


def _reason(reason: str) -> list[Html]:
    return [safe(reason[:_LONGEST_REASON])] if reason else []


def _by(turn: Turn, entry: Entry, names: Mapping[int, str]) -> list[Html]:
    if entry.by is None:
        return []
    approved_by = (entry.details or {}).get("approved_by")
    name, second = (
        names.get(each, team.NAMELESS) if each is not None else "" for each in (entry.by, approved_by)
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


_IN_DETAIL: dict[str, Callable[[Turn, CaseFile, Entry], Html]] = {
    STAGE: _moved,
    STAGE_QUIETLY: _moved,
    FACT: _fact,
    PUT_ON_FLIGHT: _flown,
    TAKEN_OFF_FLIGHT: _flown,
    PLACE_CHANGED: _placed,
    **dict.fromkeys((KEPT_LONGER, HELD), _with_reason),
    **dict.fromkeys(_KNOWN_WITHOUT, _decided),
}
