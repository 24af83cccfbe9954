"""Languages: catalogues with their fallback chains, plurals, dates, and values that keep their own direction.

A missing string falls back along the chain (Chechen → Russian → English), never to a message id. Every value
that is put into a
sentence is escaped for Telegram's HTML and wrapped in isolates (U+2068 … U+2069, Unicode UAX #9), so that a
name cannot change the markup or the direction of what stands
around it.
"""

import gettext
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date as Date  # noqa: N812 - Locale.date is the verb here
from datetime import datetime
from functools import cache
from html import escape
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import babel
from babel.dates import format_date, format_datetime
from babel.numbers import format_percent

LOCALES = Path(__file__).resolve().parent.parent / "locales"
DOMAIN = "messages"
_MONTHS_STAND_ALONE = {"ru", "uk", "be"}
_LINE_START = re.compile(r"(?m)^((?:<[^>]+>)*)(?=.)")
_RLM_FIRST = "\\1\u200f"
# At the beginning of a line, at most behind a number or a sign, a value with a letter that runs from right to left; and
# the line goes on after it.
_TURNED_START = re.compile(
    r"(?m)^((?:<[^>]+>|\d|[^\w\s<\u2068])* ?)"
    "(?=\u2068[^\u2069\n]*[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc][^\u2069\n]*\u2069(?:<[^>]+>)*[^\u2069\n<])"
)
_LRM_FIRST = "\\1\u200e"
_FSI, _PDI = "\u2068", "\u2069"
# Somebody's own words, quoted as they stand: each of their lines runs its own way.
_QUOTED = "<blockquote"
_QUOTES = re.compile(f"(?s)((?:{_QUOTED}(?: expandable)?>){_FSI}[^{_PDI}]*{_PDI}</blockquote>)")
# Controls that change direction or hide text: embeddings, overrides, isolates and marks of UAX #9, and the
# C0/C1 controls but tab and newline. Halves of a surrogate pair are no letters: Telegram refuses the whole message.
_HIDDEN = dict.fromkeys((*range(8234, 8239), *range(8294, 8298), 8206, 8207, 1564, 65279))
_HIDDEN |= {code: None for code in (*range(0x20), *range(0x7F, 0xA0)) if code not in {0x09, 0x0A}}
_HIDDEN |= dict.fromkeys(range(0xD800, 0xE000))


class Html(str):
    """Text that is Telegram HTML already; everything else is escaped when it is put into a sentence."""

    __slots__ = ()


@dataclass(frozen=True)
class Language:
    """One language a person can choose.

    Attributes:
        own_name: what it calls itself, for the picker.
        fallbacks: languages that stand in for its missing strings, before English. A language without one is
            whole; the check of the catalogues holds it to that.
        dates: the CLDR locale of its month names, where its readers use others than the language's default.
    """

    code: str
    own_name: str
    fallbacks: tuple[str, ...] = ()
    dates: str = ""


# The picker shows these in this order, those who write most often first. A new language: an entry here, its
# folder in locales/, its code in the config's [languages].
LANGUAGES = (
    Language("ru", "Русский"),
    # Its dates stand in sentences that are Russian so far: "с 3 ноября", where CLDR's Chechen says "3 ноябрь".
    Language("ce", "Нохчийн", fallbacks=("ru",), dates="ru"),
    Language("ar", "العربية", dates="ar_SY"),  # Iraq and Syria say آذار where the default says مارس
    Language("en", "English"),
)


class UnknownLanguage(Exception):
    """The config names a language that has no entry in `LANGUAGES` or no compiled catalogue."""


class Locale:
    """One language in use: sentences, plurals and dates in it."""

    def __init__(self, language: Language, catalogue: gettext.NullTranslations) -> None:
        self.code = language.code
        self.chain = (language.code, *language.fallbacks, "en")  # asked in turn for what this language lacks
        self.whole = not language.fallbacks
        self.own_name = language.own_name
        self.babel = babel.Locale.parse(language.dates or language.code)
        self.right_to_left = self.babel.text_direction == "rtl"
        self._catalogue = catalogue

    def t(self, sentence: str, **values: object) -> Html:
        """Return the sentence in this language as Telegram HTML, values escaped and isolated."""
        translated = self._catalogue.gettext(sentence)
        return Html(translated.format_map(_Isolated(values)) if values else translated)

    def plain(self, sentence: str, **values: object) -> str:
        """Return the sentence as plain text, for buttons and toasts, which take no markup."""
        translated = self._catalogue.gettext(sentence)
        return (
            translated.format_map({key: shown(value) for key, value in values.items()})
            if values
            else translated
        )

    def plural(self, one: str, many: str, number: int, **values: object) -> Html:
        """Return the form for this number; `{n}` is the number itself."""
        translated = self._catalogue.ngettext(one, many, number)
        return Html(translated.format_map(_Isolated({**values, "n": number})))

    def date(self, moment: Date | datetime, zone: ZoneInfo) -> str:
        """Return the day in words, as in "3 November 2026"."""
        return self.day(moment.astimezone(zone).date() if isinstance(moment, datetime) else moment)

    def day(self, day: Date) -> str:
        return format_date(day, "d MMMM y", locale=self.babel)

    def day_and_month(self, day: Date) -> str:
        """Return a day of this year or of the one before, where little room is left."""
        return format_date(day, "d MMMM", locale=self.babel)

    def date_of(self, iso: str) -> str:
        """Return a stored ISO day in words."""
        return self.day(Date.fromisoformat(iso))

    def weekday(self, day: Date) -> str:
        """Return the day with its day of the week, as in "Tuesday, 1 December 2026"."""
        return format_date(day, self._punctuated("EEEE, d MMMM y"), locale=self.babel)

    def time(self, moment: datetime, zone: ZoneInfo) -> str:
        return format_datetime(moment, "HH:mm", tzinfo=zone, locale=self.babel)

    def appointment(self, moment: datetime, zone: ZoneInfo) -> str:
        """Return a moment to be kept, as in "Tuesday, 1 December 2026, 10:00"."""
        return format_datetime(
            moment, self._punctuated("EEEE, d MMMM y, HH:mm"), tzinfo=zone, locale=self.babel
        )

    def coming(self, moment: datetime, zone: ZoneInfo) -> str:
        """Return a moment of the next days, where little room is left: "Tue 1 December, 10:00"."""
        return format_datetime(moment, self._punctuated("EE d MMMM, HH:mm"), tzinfo=zone, locale=self.babel)

    def listed(self, pieces: Iterable[str]) -> str:
        """Put words beside each other with this language's commas."""
        return self._punctuated(", ").join(pieces)

    def _punctuated(self, pattern: str) -> str:
        return pattern.replace(",", "،") if self.babel.language == "ar" else pattern

    def month(self, day: Date) -> str:
        """Return the month by itself with its year, as in "March 2017"."""
        alone = self.babel.months["stand-alone"]["wide"][day.month]
        within = self.babel.months["format"]["wide"][day.month]
        # CLDR gives Russian its nominative only as the stand-alone form, and Syria its own names only within a date.
        return f"{alone if self.babel.language in _MONTHS_STAND_ALONE else within} {day.year}"

    def in_line(self, text: str) -> str:
        """Make every line run in the language's direction, whatever it begins with.

        A Latin word, a number; or a value of the other direction, which some clients follow although it is isolated.
        """
        if not self.right_to_left:
            return _TURNED_START.sub(_LRM_FIRST, text)
        return "".join(
            piece if piece.startswith(_QUOTED) else _LINE_START.sub(_RLM_FIRST, piece)
            for piece in _QUOTES.split(text)
        )

    def percent(self, part: int, whole: int) -> str:
        """Say how many hundredths a part is, rounded down: all of it is said only when it is all."""
        return format_percent(100 * part // max(1, whole) / 100, locale=self.babel)

    def moment(self, moment: datetime, zone: ZoneInfo) -> str:
        return format_datetime(moment, "d MMMM y, HH:mm", tzinfo=zone, locale=self.babel)


class _Isolated(dict[str, object]):
    """Values for a sentence, made safe when the sentence asks for them."""

    def __getitem__(self, key: str) -> str:
        return safe(super().__getitem__(key))


def safe(value: object) -> Html:
    """Return a value as HTML, escaped, with its direction kept to itself."""
    return Html(f"{_FSI}{value if isinstance(value, Html) else escape(shown(value), quote=False)}{_PDI}")


def shown(value: object) -> str:
    """Return a value without the invisible signs that would change what stands around it."""
    return str(value).translate(_HIDDEN)


def joined(lines: Iterable[Html | str], between: str = "\n") -> Html:
    """Join pieces of HTML."""
    return Html(between.join(lines))


def paragraphs(*parts: Html | None) -> Html:
    """Put pieces of text under each other with an empty line between; missing ones are left out."""
    return joined([part for part in parts if part], "\n\n")


def bold(text: str) -> Html:
    """Make a value or a sentence bold; a plain string is escaped."""
    return Html(f"<b>{text if isinstance(text, Html) else escape(shown(text), quote=False)}</b>")


def code(text: str) -> Html:
    """Show a reference or a code: one tap copies it."""
    return Html(f"<code>{escape(text, quote=False)}</code>")


class Locales:
    """Every language of this installation."""

    def __init__(self, codes: Sequence[str]) -> None:
        known = {language.code: language for language in LANGUAGES}
        self._by_code: dict[str, Locale] = {}
        for wanted in codes:
            if wanted not in known:
                raise UnknownLanguage(wanted)
            self._by_code[wanted] = Locale(known[wanted], _catalogue(known[wanted], LOCALES))
        self.fallback = self._by_code[codes[0]]

    def __iter__(self) -> Iterator[Locale]:
        return iter(self._by_code.values())

    def get(self, wanted: str | None) -> Locale:
        """Return the language of this code; the installation's first one where it is not offered (any more)."""
        return self._by_code.get(wanted or "", self.fallback)

    def offers(self, wanted: str) -> bool:
        return wanted in self._by_code


class _Catalogue(gettext.GNUTranslations):
    """A compiled catalogue in which a missing plural is looked for in the fallback, under the fallback's own rule."""

    behind = gettext.NullTranslations()

    def add_fallback(self, fallback: gettext.NullTranslations) -> None:
        super().add_fallback(fallback)
        self.behind = fallback

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        """Return the form for n. Babel compiles a missing plural as the English one; that is no translation."""
        found = super().ngettext(msgid1, msgid2, n)
        return self.behind.ngettext(msgid1, msgid2, n) if found in {msgid1, msgid2} else found


@cache
def _catalogue(language: Language, folder: Path) -> gettext.NullTranslations:
    """Load a catalogue and hang its fallbacks behind it.

    English is the source: what it lacks is the sentence itself.
    """
    chain = (language.code, *language.fallbacks)
    catalogues = [_load(folder, link) for link in chain if link != "en"]
    if not catalogues:
        return gettext.NullTranslations()
    for catalogue, fallback in pairwise(catalogues):
        catalogue.add_fallback(fallback)
    return catalogues[0]


def _load(folder: Path, wanted: str) -> _Catalogue:
    path = folder / wanted / "LC_MESSAGES" / f"{DOMAIN}.mo"
    try:
        with path.open("rb") as file:
            return _Catalogue(file)
    except OSError as error:
        raise UnknownLanguage(wanted) from error
