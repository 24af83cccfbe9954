"""Understands what somebody typed as the answer to a question. Nothing is ever guessed in silence."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any

from casework import birthdates, partial_dates
from casework.countries import country_of, plain
from casework.names import NameProblem, clean_name
from casework.not_understood import (
    DATES,
    NAMES,
    NO_COUNTRY,
    NO_DATE,
    NO_NAME,
    NO_PHONE,
    NO_WHEN,
    NOTHING_IN_IT,
    PRESS,
    WORDS_TOO_LONG,
    NotUnderstood,
)
from casework.phones import read_phone
from casework.questions import UNKNOWN, Kind, Question


@dataclass(frozen=True)
class Understood:
    """The value as it is stored: JSON-able."""

    value: Any


@dataclass(frozen=True)
class AskBack:
    """It may mean several things; each candidate is a value as it would be stored."""

    candidates: tuple[Any, ...]


Label = Callable[[str], str]  # a sentence of the catalogue in the reader's language
Taken = Understood | AskBack | NotUnderstood


@dataclass(frozen=True)
class Typed:
    """What was typed, and what there is to understand it by."""

    question: Question
    text: str
    today: date
    language: str
    label: Label


_EITHER = re.compile(r"[/,()]| أو ")  # a label may give two words: "العمّة أو الخالة", "Да (отец)"
_LINES = frozenset("\n\t\u200c\u200d")
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
_LONGEST_WORDS, _LONGEST_STORY = 500, 4096  # characters; a message of Telegram's has 4,096 at most


def understand(question: Question, text: str, *, today: date, language: str, label: Label) -> Taken:
    """Read the typed answer to a question.

    Args:
        today: the day it was written, for ages and for what lies in the future.
        language: the language the person has chosen; a hint only.
        label: puts the words of a choice into that language, so that a typed choice is recognised.
    """
    typed = Typed(question, text, today, language, label)
    if question.accepts_unknown and birthdates.says_dont_know(text, language=language):
        return Understood(UNKNOWN)
    return _READERS[question.kind](typed)


def _name(typed: Typed) -> Taken:
    name = clean_name(typed.text)
    return NAMES.get(name, NO_NAME) if isinstance(name, NameProblem) else Understood(name)


def _birth(typed: Typed) -> Taken:
    match birthdates.understand(typed.text, today=typed.today, language=typed.language):
        case partial_dates.BirthDate() as birth:
            return Understood(partial_dates.to_json(birth))
        case birthdates.Unsure(candidates=candidates):
            return AskBack(tuple(partial_dates.to_json(each) for each in candidates))
        case birthdates.DontKnow():
            return Understood(UNKNOWN)
        case birthdates.Refused(reason=reason):
            return DATES.get(reason, NO_DATE)


def _choice(typed: Typed) -> Taken:
    wanted = plain(typed.text)
    for choice in typed.question.choices:
        label = typed.label(choice.label)
        words = {label, *_EITHER.split(label), choice.label, *choice.also}
        if wanted and wanted in {plain(word) for word in words}:
            return Understood(choice.code)
    return PRESS


def _country(typed: Typed) -> Taken:
    code = country_of(typed.text)
    return Understood(code) if code else NO_COUNTRY


def _words(typed: Typed, longest: int = _LONGEST_WORDS) -> Taken:
    """Keep words as they are, but for what cannot be seen."""
    words = "".join(
        sign for sign in typed.text if sign in _LINES or unicodedata.category(sign) not in _UNSEEN
    ).strip()
    if not any(sign.isalnum() for sign in words):
        return NOTHING_IN_IT
    return Understood(words) if len(words) <= longest else WORDS_TOO_LONG


def _story(typed: Typed) -> Taken:
    return _words(typed, _LONGEST_STORY)


def _phone(typed: Typed) -> Taken:
    number = read_phone(typed.text)
    return Understood(number) if number else NO_PHONE


def _when(typed: Typed) -> Taken:
    """Read when something was. "Two years" is an age where a birth is asked for; here it is asked back."""
    taken = _birth(typed)
    match taken:
        case Understood(value=dict() as value) if "age" in value:
            first, last = partial_dates.span(value["edtf"])
            return AskBack(tuple({"edtf": f"{year}~"} for year in sorted({first.year, last.year})))
        case NotUnderstood() if taken is not DATES[birthdates.Reason.FUTURE]:
            return NO_WHEN
        case _:
            return taken


_READERS: Mapping[Kind, Callable[[Typed], Taken]] = MappingProxyType(
    {
        Kind.NAME: _name,
        Kind.BIRTH: _birth,
        Kind.CHOICE: _choice,
        Kind.COUNTRY: _country,
        Kind.TEXT: _words,
        Kind.PLACE: _words,
        Kind.STORY: _story,
        Kind.PHONE: _phone,
        Kind.WHEN: _when,
    }
)
