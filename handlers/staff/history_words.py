"""What happened to a case, as staff read it: with what exactly was changed and why, where they may."""

from collections.abc import Callable
from typing import Any

from bot.i18n import Html, joined, safe
from bot.turn import Turn
from casework import team
from casework.case_files import CaseFile, Entry
from casework.events import STAGE, STAGE_QUIETLY
from casework.stages import STAFF_WORDS, Stage
from casework.words import N_
from handlers.family.event_words import event_in_words
from handlers.family.standing import PERSON_NUMBER

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
    persons = [each["id"] for each in details["persons"]]
    whom = joined([names_of(turn, file, persons), what], ": ") if len(file.persons) > 1 else what
    reason = details["reason"]
    why = [safe(reason[:_LONGEST_REASON])] if reason else []
    return joined([whom, *why, *_by(turn, entry)], " · ")


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


_IN_DETAIL: dict[str, Callable[[Turn, CaseFile, Entry], Html]] = {STAGE: _moved, STAGE_QUIETLY: _moved}
