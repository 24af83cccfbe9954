"""Catalogues and pages that cannot drift: `make check-strings` reads, `make strings` (`--write`) brings up to date.

A check ends with 1 when it finds something, and tells each problem on a line: where, which sentence, what is
wrong, how to mend it. Nothing is written by a check.
"""

import argparse
import sys
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

from babel.messages.pofile import PoFileError

from locales import buttons, extraction, second_opinions, style
from locales.catalogues import (
    COMPLETE,
    MARKED,
    OFFERED,
    REVIEWED,
    ROOT,
    UNREVIEWED,
    Catalogue,
    Entry,
    entries,
    language_of,
    paths,
    read,
)
from locales.forms import check_forms, check_markup
from locales.marks import read_marks
from locales.pages import check_pages, unread_pages
from locales.problems import Problem
from locales.standing import report, stand_ins, unread

_STRINGS = "run `make strings`"
_TRANSLATE = "translate it"


def check(root: Path) -> list[Problem]:
    """Return every problem."""
    template = extraction.extract(root)
    code = tuple(entries(extraction.TEMPLATE, template))
    marks = read_marks(root, {sentence for entry in code for sentence in entry.originals})
    wanted = extraction.sentences(template)
    problems = [*marks.problems, *_check_template(root, wanted), *_check_english(code, marks.buttons)]
    catalogues, unreadable = _read_all(root)
    problems += unreadable
    quotable = {"en": {buttons.bare(sentence) for sentence in wanted}}
    for catalogue in catalogues.values():
        behind = stand_ins(catalogue, catalogues)
        problems += _check_catalogue(catalogue, behind, wanted, marks.buttons)
        quotable[catalogue.language] = set(buttons.labels_in(catalogue, *behind).values())
    for language in sorted(OFFERED.keys() - {language_of(path) for path in paths(root)}):
        where = f"locales/{language}/LC_MESSAGES/messages.po"
        problems.append(Problem(where, "", "is missing", "`pybabel init` makes it from messages.pot"))
    problems += check_pages(root, quotable)
    return list(dict.fromkeys(problems))


def _read_all(root: Path) -> tuple[dict[str, Catalogue], list[Problem]]:
    """Return the catalogues by their language, and what is wrong with the files."""
    catalogues: dict[str, Catalogue] = {}
    problems: list[Problem] = []
    for path in paths(root):
        problems += second_opinions.ask_msgfmt(path, root)
        try:
            catalogues[language_of(path)] = read(path, root)
        except (PoFileError, UnicodeDecodeError, ValueError) as error:
            where = path.relative_to(root).as_posix()
            problems.append(Problem(where, "", f"cannot be read: {error}", "mend the file"))
    return catalogues, problems


def _check_template(root: Path, code: dict[str, str | None]) -> Iterator[Problem]:
    """Hold messages.pot against the code."""
    written = extraction.read_template(root)
    there = extraction.sentences(written) if written is not None else {}
    yield from _drift(extraction.TEMPLATE, there, code)


def _drift(where: str, there: dict[str, str | None], code: dict[str, str | None]) -> Iterator[Problem]:
    for sentence, many in code.items():
        if sentence not in there:
            yield Problem(where, sentence, "is in the code, and not here", _STRINGS)
        elif there[sentence] != many:
            yield Problem(where, sentence, "has another plural in the code", _STRINGS)
    for sentence in sorted(there.keys() - code.keys()):
        yield Problem(where, sentence, "is no longer in the code", _STRINGS)


def _check_english(code: Sequence[Entry], labels: Collection[str]) -> Iterator[Problem]:
    known = {entry.one for entry in code}
    for entry in code:
        yield from check_markup(entry)
        yield from buttons.check_sentence_quotes(entry, known)
        for sentence in entry.originals:
            yield from _check_text("en", entry, sentence, labels)


def _check_catalogue(
    catalogue: Catalogue,
    behind: Sequence[Catalogue],
    code: dict[str, str | None],
    labels: Collection[str],
) -> Iterator[Problem]:
    yield from _drift(catalogue.where, {entry.one: entry.many for entry in catalogue.entries}, code)
    for sentence in catalogue.obsolete:
        yield Problem(catalogue.where, sentence, "is obsolete", _STRINGS)
    expected = catalogue.forms_of_the_language
    if expected not in {None, catalogue.plural_forms}:
        wrong = f"Plural-Forms counts {catalogue.plural_forms} forms, and the language has {expected}"
        yield Problem(catalogue.where, "", wrong, "take the line from `pybabel init`")
    quotable, fallen_back = buttons.labels_in(catalogue, *behind), buttons.labels_in(*behind)
    for entry in catalogue.entries:
        yield from _check_entry(catalogue, entry, labels)
        yield from buttons.check_quotes(entry, quotable)
        if catalogue.language in OFFERED:
            yield from buttons.check_quotes_of_a_gap(entry, quotable, fallen_back)
    yield from second_opinions.ask_babel(catalogue)
    yield from second_opinions.ask_pofilter(catalogue)
    yield from second_opinions.use(catalogue)


def _check_entry(catalogue: Catalogue, entry: Entry, labels: Collection[str]) -> Iterator[Problem]:
    if catalogue.language in COMPLETE and not entry.translated:
        yield Problem(entry.where, entry.one, "is not translated", _TRANSLATE)
    if entry.fuzzy:
        yield Problem(entry.where, entry.one, "is fuzzy", "read it, and take the mark off")
    if catalogue.language in MARKED and any(entry.forms) and entry.unreviewed == entry.reviewed:
        wrong = "does not say whether a native speaker has read it"
        yield Problem(entry.where, entry.one, wrong, f"write `# {UNREVIEWED}` or `# {REVIEWED}…` above it")
    yield from check_forms(catalogue, entry)
    for form in filter(None, entry.forms):
        yield from _check_text(catalogue.language, entry, form, labels)


def _check_text(language: str, entry: Entry, text: str, labels: Collection[str]) -> Iterator[Problem]:
    on_button = entry.one in labels
    if on_button:
        yield from buttons.check_label(entry.where, text)
    for wrong, mend in style.faults(language, text, on_button=on_button):
        yield Problem(entry.where, entry.one, wrong, mend)


def main(arguments: Sequence[str] | None = None, root: Path = ROOT) -> int:
    """Check, or with `--write` bring up to date; return what the process ends with."""
    parser = argparse.ArgumentParser(prog="python -m locales.check", description=__doc__)
    wish = parser.add_mutually_exclusive_group()
    wish.add_argument("--write", action="store_true", help="bring messages.pot and every .po up to date")
    wish.add_argument("--report", action="store_true", help="how much is translated, read, missing")
    wish.add_argument("--unread", metavar="LANGUAGE", help="what no native speaker of it has read yet")
    asked = parser.parse_args(arguments)
    if asked.write:
        return _write(root)
    if asked.report or asked.unread:
        catalogues, problems = _read_all(root)
        pages = unread_pages(root, asked.unread or "*")
        lines = [*(report(catalogues) if asked.report else unread(catalogues, asked.unread)), *pages]
    else:
        problems = check(root)
        lines = [] if problems else ["The catalogues are sound."]
    _tell([*map(str, problems), *lines, *([f"Problems: {len(problems)}"] if problems else [])])
    return 1 if problems else 0


def _write(root: Path) -> int:
    """Bring up to date; not while a mark is wrong: a sentence that is not found would lose its translations."""
    code = extraction.sentences(extraction.extract(root))
    wrong = [str(problem) for problem in read_marks(root, code).problems]
    if wrong:
        _tell([*wrong, "Nothing was written: mend these marks first."])
        return 1
    _tell(extraction.bring_up_to_date(root) or ["Nothing has changed."])
    return 0


def _tell(lines: Sequence[str]) -> None:
    sys.stdout.write("".join(f"{line}\n" for line in lines))


if __name__ == "__main__":
    sys.exit(main())
