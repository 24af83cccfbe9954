"""Made-up answers. Every name is used once, so that whoever finds it knows where it was planted."""

from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from random import Random
from typing import Any

from bot.i18n import Locale
from casework.answers import AskBack, Understood, understand
from casework.countries import country_name
from casework.questions import COUNTRIES_OFFERED, UNKNOWN, Kind, Question

_GIVEN = {
    "en": ("Zainab", "Amina", "Ruslan", "Malika", "Ibrahim"),
    "ru": ("Зайнаб", "Амина", "Руслан", "Малика", "Ибрагим"),
    "ce": ("Зайнап", "Амина", "Руслан", "Малика", "Ибрагим"),
    "ar": ("زينب", "آمنة", "رسلان", "مليكة", "إبراهيم"),
}
_SYLLABLES = {
    "en": ("ba", "do", "ri", "me", "nu", "sha", "lo", "ti", "ke", "za"),
    "ru": ("ба", "до", "ри", "ме", "ну", "ша", "ло", "ти", "ке", "за"),
    "ce": ("ба", "до", "ри", "ме", "ну", "ша", "ло", "ти", "ке", "за"),
    "ar": ("با", "دو", "ري", "مي", "نو", "شا", "لو", "تي", "كي", "زا"),
}
_BIRTHS = ("{year}", "{day}.{month}.{year}", "{month}.{year}", "{day}/{month}/{year}")
_numbers = count(1)


@dataclass(frozen=True)
class Answer:
    """What a person puts in, and what the service has to have understood.

    Attributes:
        words: typed, or the words on the button.
        pressed: whether it is a button.
        value: as it is stored; of an ambiguous date, of the first reading.
    """

    words: str
    pressed: bool
    value: Any


def answer_to(question: Question, locale: Locale, dice: Random) -> Answer:
    """Make up an answer as families give them: typed, pressed, sometimes "I don't know"."""
    if question.accepts_unknown and dice.random() < 0.1:
        return Answer(locale.plain("I don't know"), pressed=True, value=UNKNOWN)
    match question.kind:
        case Kind.NAME:
            return _typed(question, name_of(locale.code, dice), locale)
        case Kind.BIRTH:
            return _typed(question, _birth(dice), locale)
        case Kind.CHOICE:
            choice = dice.choice(question.choices)
            return Answer(locale.plain(choice.label), dice.random() < 0.8, choice.code)
        case Kind.COUNTRY:
            code = dice.choice(COUNTRIES_OFFERED)
            return Answer(country_name(code, locale.chain), dice.random() < 0.6, code)
        case _:
            raise AssertionError(f"{question.key}: no made-up answers for {question.kind}")


def _typed(question: Question, words: str, locale: Locale) -> Answer:
    today = datetime.now(UTC).date()
    taken = understand(question, words, today=today, language=locale.code, label=locale.plain)
    match taken:
        case Understood(value=value):
            return Answer(words, pressed=False, value=value)
        case AskBack(candidates=candidates):
            return Answer(words, pressed=False, value=candidates[0])
        case _:
            raise AssertionError(f"{question.key}: {words!r} is not understood")


def name_of(language: str, dice: Random) -> str:
    """Make up a name that nobody else has."""
    syllables = _SYLLABLES[language]
    family = "".join(syllables[int(digit)] for digit in f"{next(_numbers):05d}")
    return f"{dice.choice(_GIVEN[language])} {family.title()}"


def _birth(dice: Random) -> str:
    month, day = dice.randint(1, 12), dice.randint(1, 28)
    return dice.choice(_BIRTHS).format(year=dice.randint(1985, 2022), month=f"{month:02d}", day=f"{day:02d}")
