"""In which script the bot spoke: a word that is not in the reader's was not translated.

Stricter than looking for the sentences of the catalogue: it also finds what was never marked for translation,
and a fallback to the wrong language.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from bot.i18n import LANGUAGES
from tests.family import Family, buttons_of
from tests.machine import Machine

_SCRIPTS = {"ru": "CYRILLIC", "ce": "CYRILLIC", "ar": "ARABIC", "en": "LATIN"}
_NAMES = {"Homeward", "Telegram", "DNA", "PDF", "ZAGS"}  # the same in every language
_NO_WORDS = re.compile(
    r"https?://\S+|\b[a-z]+(?:\.[a-z]+)+\b|\b(?:[0-9A-Z]{4}|HW)(?:-[0-9A-Z]{4})+\b|/[a-z_]+"
)  # links, references, commands
_WORD = re.compile(r"[^\W\d_]+")


def foreign_words(machine: Machine, person: Family) -> set[str]:
    """Return the words of another script that the bot said to this person, but those the person typed.

    The picker is left out: there every language says its own name.
    """
    typed = {
        word for each in machine.world.inputs if each.person_id == person.id for word in words_in(each.text)
    }
    said = {word for text in _texts(machine, person) for word in words_in(text)}
    foreign = foreign_to(person.language, said)
    return {
        word for word in foreign if not any(each.startswith(word) for each in typed)
    }  # long ones cut short


def foreign_to(language: str, words: set[str]) -> set[str]:
    return {word for word in words - _NAMES if not unicodedata.name(word[0]).startswith(_SCRIPTS[language])}


def _texts(machine: Machine, person: Family) -> Iterator[str]:
    own_names = {language.own_name for language in LANGUAGES}
    for message in machine.world.said:
        labels = [button["text"] for button in buttons_of(message)]
        if message["chat"]["id"] == person.id and not own_names <= set(labels):
            yield from (message.get("text", ""), message.get("caption", ""), *labels)
    yield from person.toasts


@lru_cache(maxsize=100_000)
def words_in(text: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(_NO_WORDS.sub(" ", text)))
