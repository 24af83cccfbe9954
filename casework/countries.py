"""Countries as people write them, in any of our languages. Names come from CLDR through Babel."""

import re
import unicodedata
from functools import cache

from babel import Locale

_LANGUAGES = ("en", "ru", "ar", "tr", "fr", "de", "uk", "kk", "az", "uz", "ky", "tg", "ce", "ckb", "ku")
_TERRITORY = 2  # ISO 3166 codes have two letters; CLDR's regions have three digits
_ALSO = {
    "ирак": "IQ",
    "сирия": "SY",
    "сурия": "SY",
    "шам": "SY",
    "турция": "TR",
    "сша": "US",
    "оаэ": "AE",
    "шема": "SY",
    "turkey": "TR",
    "turkiye": "TR",
}
# Names that CLDR writes with a stray blank ("Буркина- Фасо").
_MISSPELT = {"ce": {"BF", "SL", "TA"}}
# The Chechen letter Ӏ has no key on most keyboards; inside a Cyrillic word these stand for it.
_FOR_PALOCHKA = re.compile(r"(?<=[а-я])[1il|]|[1il|](?=[а-я])")
_NO_TERRITORY = {"EU", "EZ", "UN", "QO", "ZZ", "XA", "XB"}


def country_of(text: str) -> str | None:
    """Return the ISO 3166 code of a country written by name; None when it is not surely one."""
    return _index().get(plain(text))


@cache
def country_name(code: str, languages: tuple[str, ...]) -> str:
    """Return the country's name in the first of these languages in which CLDR has a sound one; else the code."""
    for language in languages:
        name = Locale.parse(language).territories.get(code)
        if name and code not in _MISSPELT.get(language, ()):
            return str(name)
    return code


@cache
def _index() -> dict[str, str]:
    index: dict[str, str] = {}
    for language in reversed(_LANGUAGES):
        for code, name in Locale.parse(language).territories.items():
            if len(code) == _TERRITORY and code.isalpha() and code not in _NO_TERRITORY:
                index[plain(name)] = code
    return index | _ALSO


def plain(text: str) -> str:
    """Fold what people vary when they write a word: case, marks, ё, hamza, the palochka, the Arabic article,
    punctuation.
    """
    folded = unicodedata.normalize("NFKD", text.casefold().strip())
    letters = "".join(sign for sign in _FOR_PALOCHKA.sub("ӏ", folded) if sign.isalnum())
    return letters.removeprefix("ال")
