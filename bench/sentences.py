"""How people know the bot: by its sentences, each in the language they have chosen."""

import re

from bench.telephones import plain
from bot.i18n import Locale, Locales
from casework.questions import ESSENTIAL


class Sentences:
    """The bot's sentences in one language, as patterns; `{…}` in them stands for anything."""

    def __init__(self, locales: Locales, locale: Locale) -> None:
        self._locale = locale
        self.languages = [_pattern(each.plain("Choose your language")) for each in locales]
        self.prompts = [(self.of(question.prompt), question) for question in ESSENTIAL]
        self.number = re.compile(plain(locale.plain("Person {number}")).replace("{number}", r"(\d+)"))

    def of(self, sentence: str) -> re.Pattern[str]:
        return _pattern(self._locale.plain(sentence))


def _pattern(sentence: str) -> re.Pattern[str]:
    return re.compile(".+?".join(re.escape(piece) for piece in re.split(r"\{\w+\}", plain(sentence))))
