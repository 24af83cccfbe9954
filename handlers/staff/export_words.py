"""An export in words: whom it is for, what is in it, and the table of its columns."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from html import unescape
from typing import Any

from bot.i18n import Html, joined, shown
from bot.spreadsheets import Sheet
from bot.turn import Turn
from casework import places
from casework.blocks import block_of
from casework.countries import country_name
from casework.exporting import Line, Recipient, Wanted
from casework.questions import UNKNOWN, Question
from casework.stages import STAFF_WORDS, Stage
from casework.words import N_
from handlers.family.answer_words import answer_in_words

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


@dataclass(frozen=True)
class Column:
    """A column: its heading, and what stands in it of a person."""

    heading: str
    cell: Callable[[Turn, Line], str]


def _day(turn: Turn, moment: Any) -> str:
    return turn.locale.date(moment, turn.zone)


def _answered(question: Question, turn: Turn, value: Any) -> str:
    return plain(answer_in_words(turn, question, value)) if value is not None else ""


def _of_person(question: Question) -> Column:
    return Column(
        question.label, lambda turn, line: _answered(question, turn, line.answers.get(question.key))
    )


def _of_requester(heading: str, key: str) -> Column:
    question = _questions("requester")[key]
    return Column(heading, lambda turn, line: _answered(question, turn, line.requester.get(key)))


def _questions(block: str) -> dict[str, Question]:
    found = block_of(block)
    return {each.key: each for each in (found.questions if found is not None else ())}


# In this order. Nothing sensitive, no telephone number: who needs more asks the office.
COLUMNS: tuple[Column, ...] = (
    Column(N_("Reference"), lambda _, line: line.reference),
    *(_of_person(each) for each in _questions("person").values() if not each.sensitive),
    *(_of_person(each) for each in _questions("whereabouts").values() if not each.sensitive),
    Column(N_("Stage"), lambda turn, line: turn.locale.plain(STAFF_WORDS[line.stage])),
    Column(N_("Stage since"), lambda turn, line: _day(turn, line.since)),
    _of_requester(N_("Who asks"), "name"),
    _of_requester(N_("Relation"), "relation"),
    _of_requester(N_("Lives in"), "region"),
    Column(N_("Asked on"), lambda turn, line: _day(turn, line.filed)),
)


def sheet_of(turn: Turn, recipient: str, lines: Iterable[Line]) -> Sheet:
    """Put an export into words of this turn's language."""
    return Sheet(
        turn.locale.plain(RECIPIENTS[Recipient(recipient)]),
        [turn.locale.plain(each.heading) for each in COLUMNS],
        [[each.cell(turn, line) for each in COLUMNS] for line in lines],
        turn.locale.right_to_left,
    )


def plain(words: Html) -> str:
    """Return what people read of a text with markup for Telegram; ours holds no tags here."""
    return shown(unescape(words))


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


def country_in_words(turn: Turn, code: str) -> str:
    return turn.locale.plain(_NOT_KNOWN) if code == UNKNOWN else country_name(code, turn.locale.chain)


def _place(turn: Turn, wanted: Wanted) -> Html | str:
    if wanted.site_id is None:
        return ""
    return turn.t(places.name_of(turn.connection, wanted.site_id) or _NOT_KNOWN)
