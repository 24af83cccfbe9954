"""What other programs say of a catalogue: GNU msgfmt (polib and Babel where it is missing), pofilter, gettext."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from gettext import GNUTranslations
from io import BytesIO
from pathlib import Path

import polib
from babel.messages.mofile import write_mo
from translate.filters.checks import CheckerConfig, StandardChecker
from translate.storage.pypo import pounit

from locales.catalogues import Catalogue, Entry
from locales.forms import placeholders
from locales.problems import Problem

MSGFMT = shutil.which("msgfmt")
# Those of pofilter's tests that raise no false alarm between English, Russian and Arabic. Left out among
# others: acronyms (DNA is ДНК), brackets (a gloss in brackets; forms without {n}), puncspacing (“{name}: when …”),
# startpunc and startcaps (word order), sentencecount, unchanged ({year}).
_FILTERS = ["doublespacing", "doublewords", "endpunc", "escapes", "tabs", "urls"]
_LINE = re.compile(r"^(?P<where>[^:]+:\d+):(?:\d+:)? (?P<said>.+)$")
_SAMPLE_NUMBERS = (0, 1, 2, 3, 5, 11, 21, 100)


def ask_msgfmt(path: Path, root: Path, msgfmt: str | None = MSGFMT) -> Iterator[Problem]:
    """Return the errors of `msgfmt --check`; those of polib and Babel where there is no msgfmt."""
    where = path.relative_to(root).as_posix()
    if msgfmt is None:
        yield from _ask_polib(path, where)
        return
    ended = subprocess.run(  # noqa: S603 - our own arguments
        [msgfmt, "--check", "-o", os.devnull, where],
        cwd=root,
        env={"LC_ALL": "C", "PATH": os.defpath},
        capture_output=True,
        encoding="utf-8",
        errors="replace",  # it may quote half a letter
        check=False,
    )
    if ended.returncode == 0:
        return  # what it said are warnings
    told = [found for found in map(_LINE.match, ended.stderr.splitlines()) if found]
    for found in told:
        if not found["said"].startswith("warning:"):
            yield Problem(found["where"], "", f"msgfmt: {found['said']}", "mend this line")
    if not told:
        yield Problem(where, "", f"msgfmt: {ended.stderr.strip()}", "mend the file")


def _ask_polib(path: Path, where: str) -> Iterator[Problem]:
    try:
        polib.pofile(str(path), check_for_duplicates=True)
    except (OSError, ValueError, UnicodeDecodeError) as error:
        said = str(error).replace(str(path), path.name)
        yield Problem(where, "", f"polib: {said}", "mend the file")


def ask_babel(catalogue: Catalogue) -> Iterator[Problem]:
    """Return what Babel's own checkers say: counts of plural forms, %-formats."""
    for message, errors in catalogue.parsed.check():
        sentence = message.id if isinstance(message.id, str) else message.id[0]
        for error in errors:
            yield Problem(
                f"{catalogue.where}:{message.lineno}", sentence, f"Babel: {error}", "mend this entry"
            )


def ask_pofilter(catalogue: Catalogue) -> Iterator[Problem]:
    """Return what translate-toolkit's pofilter finds in translated entries."""
    config = CheckerConfig(targetlanguage=catalogue.language)
    checker = StandardChecker(checkerconfig=config, limitfilters=_FILTERS)
    for entry in catalogue.entries:
        for form in filter(None, entry.forms):
            unit = pounit(entry.many or entry.one)
            unit.target = form
            for name, said in sorted(checker.run_filters(unit).items()):
                yield Problem(entry.where, entry.one, f"pofilter {name}: {said}", "mend this entry")


def use(catalogue: Catalogue) -> Iterator[Problem]:
    """Compile the catalogue as the bot loads it, and say every sentence with made-up values."""
    compiled = BytesIO()
    try:
        write_mo(compiled, catalogue.parsed)
        compiled.seek(0)
        loaded = GNUTranslations(compiled)
    except (ValueError, OSError, IndexError, TypeError) as error:
        yield Problem(catalogue.where, "", f"cannot be loaded: {error}", "mend the file")
        return
    for entry in catalogue.entries:
        try:
            _say(loaded, entry)
        except (KeyError, ValueError, IndexError, AttributeError) as error:
            wrong = f"cannot be said: {type(error).__name__} {error}"
            yield Problem(entry.where, entry.one, wrong, "keep every {…} as it is")


def _say(loaded: GNUTranslations, entry: Entry) -> None:
    sample: dict[str, object] = {name: "…" for sentence in entry.originals for name in placeholders(sentence)}
    if entry.many is None:
        loaded.gettext(entry.one).format_map(sample)
        return
    for number in _SAMPLE_NUMBERS:
        loaded.ngettext(entry.one, entry.many, number).format_map({**sample, "n": number})
