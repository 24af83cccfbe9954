"""Understands what somebody typed as the answer to a question. Nothing is ever guessed in silence."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from casework import birthdates, partial_dates
from casework.countries import country_of, plain
from casework.names import NameProblem, clean_name
from casework.questions import UNKNOWN, Kind, Question
from casework.words import N_


@dataclass(frozen=True)
class Understood:
    """The value as it is stored: JSON-able."""

    value: Any


@dataclass(frozen=True)
class AskBack:
    """It may mean several things; each candidate is a value as it would be stored."""

    candidates: tuple[Any, ...]


@dataclass(frozen=True)
class NotUnderstood:
    """What to say, the first time and after that."""

    first: str
    again: str


Label = Callable[[str], str]  # a sentence of the catalogue in the reader's language

_EITHER = re.compile(r"[/,()]| أو ")  # a label may give two words: "العمّة أو الخالة", "Да (отец)"

_NO_NAME = NotUnderstood(
    N_("There is no name in this yet. Please write it in letters, in any alphabet."),
    N_("Only the name, please. If you do not know all of it, write what the family says."),
)
_NAME_TOO_LONG = NotUnderstood(
    N_("This is very long for a name. Please write only the name; there is room for the rest later."),
    N_("It is still too long to be kept as a name. Please write first name and family name."),
)
_NAME_IS_A_LINK = NotUnderstood(
    N_("This looks like a link or a command, not like a name. Please write only the name."),
    N_("Only the name, please. If you do not know all of it, write what the family says."),
)
_NAMES = {
    NameProblem.TOO_LONG: _NAME_TOO_LONG,
    NameProblem.LOOKS_LIKE_LINK: _NAME_IS_A_LINK,
    NameProblem.LOOKS_LIKE_COMMAND: _NAME_IS_A_LINK,
}
_NO_DATE = NotUnderstood(
    N_(
        "We could not read a date, a year or an age in this. For example: 2017, March 2017, 12.03.2017, 7 years."
    ),
    N_("It is still not clear to us. The year alone is enough, or press “I don't know”."),
)
_DATES = {
    birthdates.Reason.FUTURE: NotUnderstood(
        N_("That day has not come yet. Please look at the year again."),
        N_("It is still in the future. The year alone is enough, or press “I don't know”."),
    ),
    birthdates.Reason.NO_SUCH_DAY: NotUnderstood(
        N_("There is no such day in the calendar. Please look at day and month again."),
        N_("That day does not exist either. Month and year are enough."),
    ),
    birthdates.Reason.NO_YEAR: NotUnderstood(
        N_("The year is missing. Please write it as well, as in: 12 March 2017."),
        N_("We still need the year. The year alone is enough, or press “I don't know”."),
    ),
    birthdates.Reason.AGE_THEN: NotUnderstood(
        N_("This tells an age at another time. How old is this person now? The year of birth is fine too."),
        N_("Please write the age today, or the year of birth. You can also press “I don't know”."),
    ),
    birthdates.Reason.TOO_OLD: NotUnderstood(
        N_("That is more than 120 years ago. Please look at the year again."),
        N_("It is still more than 120 years ago. The year alone is enough, or press “I don't know”."),
    ),
}
_PRESS = NotUnderstood(
    N_("We could not match this. Please press the button that fits best."),
    N_("Please use the buttons under this message. “Other family” is fine if nothing fits."),
)
_NO_COUNTRY = NotUnderstood(
    N_("We do not know a country by this name. Please write it in another way, or press a button."),
    N_("It is still not clear which country this is. You can press “I don't know”."),
)


def understand(
    question: Question, text: str, *, today: date, language: str, label: Label
) -> Understood | AskBack | NotUnderstood:
    """Read the typed answer to a question.

    Args:
        today: the day it was written, for ages and for what lies in the future.
        language: the language the person has chosen; a hint only.
        label: puts the words of a choice into that language, so that a typed choice is recognised.
    """
    match question.kind:
        case Kind.NAME:
            return _name(text)
        case Kind.BIRTH:
            return _birth(text, today, language)
        case Kind.CHOICE:
            return _choice(question, text, label)
        case Kind.COUNTRY:
            return _country(text, today, language)


def _name(text: str) -> Understood | NotUnderstood:
    name = clean_name(text)
    return _NAMES.get(name, _NO_NAME) if isinstance(name, NameProblem) else Understood(name)


def _birth(text: str, today: date, language: str) -> Understood | AskBack | NotUnderstood:
    match birthdates.understand(text, today=today, language=language):
        case partial_dates.BirthDate() as birth:
            return Understood(partial_dates.to_json(birth))
        case birthdates.Unsure(candidates=candidates):
            return AskBack(tuple(partial_dates.to_json(each) for each in candidates))
        case birthdates.DontKnow():
            return Understood(UNKNOWN)
        case birthdates.Refused(reason=reason):
            return _DATES.get(reason, _NO_DATE)


def _choice(question: Question, text: str, label: Label) -> Understood | NotUnderstood:
    wanted = plain(text)
    for choice in question.choices:
        words = {label(choice.label), *_EITHER.split(label(choice.label)), choice.label, *choice.also}
        if wanted and wanted in {plain(word) for word in words}:
            return Understood(choice.code)
    return _PRESS


def _country(text: str, today: date, language: str) -> Understood | NotUnderstood:
    code = country_of(text)
    if code:
        return Understood(code)
    # One list of the ways to say "I don't know" serves every question.
    unknown = isinstance(birthdates.understand(text, today=today, language=language), birthdates.DontKnow)
    return Understood(UNKNOWN) if unknown else _NO_COUNTRY
