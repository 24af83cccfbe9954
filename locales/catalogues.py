"""Catalogues as they are checked: each entry with its line, its sentence and its forms."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from gettext import c2py
from pathlib import Path

from babel import Locale, UnknownLocaleError
from babel.messages.catalog import Catalog, Message
from babel.messages.plurals import PLURALS
from babel.messages.pofile import read_po

from bot.i18n import LANGUAGES

ROOT = Path(__file__).resolve().parent.parent
# What the bot offers has a catalogue; English stands in the code.
OFFERED = {language.code: language for language in LANGUAGES if language.code != "en"}
# Without a fallback a language claims that every sentence is translated. Any other may have gaps.
COMPLETE = tuple(code for code, language in OFFERED.items() if not language.fallbacks)
# Here every translation says whether somebody has read it whose language it is.
MARKED = ("ar", "ce")
UNREVIEWED = "unreviewed: no native speaker has read this"
REVIEWED = "reviewed: "  # by whom (a name of their choice) and when
_NUMBERS = range(1000)  # plural rules look at the last two digits, a few at the last three
_COUNTED_IN_WORDS = {0, 1, 2}


@dataclass(frozen=True)
class Entry:
    """One sentence: `one` is its msgid, `many` its msgid_plural, `forms` its translations ("" is missing)."""

    where: str
    one: str
    many: str | None = None
    forms: tuple[str, ...] = ()
    fuzzy: bool = False
    unreviewed: bool = False
    reviewed: bool = False

    @property
    def originals(self) -> tuple[str, ...]:
        return (self.one,) if self.many is None else (self.one, self.many)

    @property
    def translated(self) -> bool:
        return bool(self.forms) and all(form.strip() for form in self.forms)


@dataclass(frozen=True)
class Catalogue:
    """One language's file. `obsolete` are the msgids of its `#~` entries."""

    language: str
    where: str
    entries: tuple[Entry, ...]
    obsolete: tuple[str, ...]
    plural_forms: int
    parsed: Catalog = field(repr=False, compare=False)

    @cached_property
    def by_sentence(self) -> dict[str, Entry]:
        return {entry.one: entry for entry in self.entries}

    @cached_property
    def forms_in_words(self) -> frozenset[int]:
        """The plural forms used for nothing but 0, 1 or 2, which may say the number in words, without `{n}`."""
        form_of: Callable[[int], int] = c2py(self.parsed.plural_expr)
        others = {form_of(number) for number in _NUMBERS if number not in _COUNTED_IN_WORDS}
        return frozenset(range(self.plural_forms)) - others

    @property
    def forms_of_the_language(self) -> int | None:
        """How many plural forms gettext counts, or else CLDR; None where Babel does not know the language."""
        if self.language in PLURALS:
            return PLURALS[self.language][0]
        try:
            return len(Locale.parse(self.language).plural_form.tags) + 1  # CLDR's "other" is no tag
        except UnknownLocaleError:
            return None


def paths(root: Path) -> list[Path]:
    """Return the catalogues, in the order of their languages."""
    return sorted((root / "locales").glob("*/LC_MESSAGES/messages.po"))


def language_of(path: Path) -> str:
    return path.parent.parent.name


def read(path: Path, root: Path) -> Catalogue:
    """Read one .po file.

    Raises:
        babel.messages.pofile.PoFileError: the file is not PO.
        UnicodeDecodeError: it is not UTF-8.
    """
    with path.open("rb") as file:
        parsed = read_po(file, abort_invalid=True)
    where = path.relative_to(root).as_posix()
    return Catalogue(
        language=language_of(path),
        where=where,
        entries=tuple(entries(where, parsed)),
        obsolete=tuple(entry.one for entry in entries(where, parsed.obsolete.values())),
        plural_forms=parsed.num_plurals,
        parsed=parsed,
    )


def entries(where: str, messages: Iterable[Message]) -> Iterable[Entry]:
    """Return every entry but the header. Its line is that of its file, or of the code where it is marked."""
    for message in messages:
        if not message.id:
            continue
        one, many = message.id if isinstance(message.id, (tuple, list)) else (message.id, None)
        forms = message.string if isinstance(message.string, (tuple, list)) else (message.string,)
        code = f"{message.locations[0][0]}:{message.locations[0][1]}" if message.locations else None
        yield Entry(
            code or (f"{where}:{message.lineno}" if message.lineno else where),
            one,
            many,
            tuple(form or "" for form in forms),
            fuzzy=message.fuzzy,
            unreviewed=UNREVIEWED in message.user_comments,
            reviewed=any(comment.startswith(REVIEWED) for comment in message.user_comments),
        )
