"""People's names as they are typed: any script, one word or five, spelled as the family spells them."""

import re
import unicodedata
from collections.abc import Iterator
from enum import StrEnum

LONGEST_NAME = 200  # characters, after cleaning
MOST_MARKS = 4  # accents or vowel signs on one letter; more is a tower that breaks the line above

_COMMAND = re.compile(r"/\w")
_LINK = re.compile(r"https?://|www\.|\bt\.me/", re.IGNORECASE)
# Invisible, but they shape the letters of Persian, Kurdish and Indic names; elsewhere they are strays.
_JOINERS = frozenset("\u200c\u200d")
_STRAY_JOINERS = re.compile(r"(?<![^\W\d_])[\u200c\u200d]+|[\u200c\u200d]+(?![^\W\d_])")
# Hangul fillers: letters to Unicode, blanks to the eye.
_BLANK_LETTERS = frozenset("\u115f\u1160\u3164\uffa0")


class NameProblem(StrEnum):
    EMPTY = "empty"
    TOO_LONG = "too_long"
    NO_LETTERS = "no_letters"  # digits, punctuation or emoji only
    LOOKS_LIKE_COMMAND = "looks_like_command"
    LOOKS_LIKE_LINK = "looks_like_link"


def clean_name(text: str) -> str | NameProblem:
    """The name in NFC on one line, nothing invisible in it, spelling and case untouched; or what is wrong.

    Cleaning twice changes nothing. Control and direction characters are dropped, so that a name can turn round
    no text it is shown in; digits may stand inside ("Зайнап 2").
    """
    if len(text) > LONGEST_NAME * MOST_MARKS:
        return NameProblem.TOO_LONG
    name = one_line(text)
    return _problem(name) or name


def one_line(text: str) -> str:
    """The text in NFC on one line, with nothing invisible in it. What is long should be cut before."""
    line = _STRAY_JOINERS.sub("", "".join(_visible(unicodedata.normalize("NFC", text))))
    return unicodedata.normalize("NFC", " ".join(line.split()))


def _problem(name: str) -> NameProblem | None:
    if not name:
        return NameProblem.EMPTY
    if len(name) > LONGEST_NAME:
        return NameProblem.TOO_LONG
    if _COMMAND.match(name):
        return NameProblem.LOOKS_LIKE_COMMAND
    if _LINK.search(name):
        return NameProblem.LOOKS_LIKE_LINK
    return None if any(letter.isalpha() for letter in name) else NameProblem.NO_LETTERS


def _visible(text: str) -> Iterator[str]:
    """Character by character: spaces for line breaks, nothing for what cannot be seen or stored."""
    marks = 0
    for character in text:
        category = unicodedata.category(character)
        if category[0] != "C":  # what cannot be seen ends no tower
            marks = marks + 1 if category in {"Mn", "Me"} else 0
        if character in _BLANK_LETTERS or character.isspace():
            yield " "
        elif (category[0] != "C" or character in _JOINERS) and marks <= MOST_MARKS:
            yield character
