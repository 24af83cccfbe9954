"""Facts as staff read of them: "Mother's consent: signed (an official, 12 March 2026, sure)"."""

from collections.abc import Iterable
from typing import Any

from bot.i18n import Html, joined, safe
from bot.turn import Turn
from casework.case_files import CaseFile, PersonFile
from casework.facts import CONFIDENCES, KINDS, SOURCES, Fact, Word
from casework.partial_dates import from_json
from casework.words import N_
from handlers.family.birth_words import birth_in_words

_FACT = N_("{fact}: {status}")
_CHANGED = N_("{fact}: {before} → {after}")
_NOT_KNOWN = N_("not known")


def label_of(words: Iterable[Word], code: str) -> str:
    """Return the words of a code; the code itself where no table has it any more."""
    return next((each.label for each in words if each.code == code), code)


def fact_in_words(turn: Turn, fact: Fact) -> Html:
    """Say how it stands, who says so, of which day, and how sure it is."""
    kind = KINDS[fact.kind]
    status = turn.t(label_of(kind.statuses, fact.status))
    when = [safe(birth_in_words(turn.locale, from_json(fact.when)))] if fact.when else []
    source = turn.t(label_of(SOURCES, fact.source))
    sure = turn.t(label_of(CONFIDENCES, fact.confidence))
    why = Html(turn.locale.listed([source, *when, sure]))
    return Html(f"{turn.t(_FACT, fact=turn.t(kind.label), status=status)} ({why})")


def change_in_words(turn: Turn, details: dict[str, Any]) -> Html:
    """Say what an event changed: how it stood before and after, and what was added to it."""
    before, after = (Fact(**each) if each else None for each in (details["before"], details["after"]))
    known = after or before
    if known is None:
        return Html()
    kind = KINDS[known.kind]
    was, stands = (
        turn.t(label_of(kind.statuses, each.status)) if each else turn.t(_NOT_KNOWN)
        for each in (before, after)
    )
    return turn.t(_CHANGED, fact=turn.t(kind.label), before=was, after=stands)


def facts_of(turn: Turn, _file: CaseFile, person: PersonFile) -> Html | None:
    """Say on the card what is known of a person, a line each."""
    return joined(fact_in_words(turn, each.fact) for each in person.facts) or None
