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
from locales.catalogues import COMPLETE, ROOT, Catalogue, Entry, entries, language_of, paths, read
from locales.forms import check_forms, check_markup
from locales.marks import read_marks
from locales.pages import check_pages, unread
from locales.problems import Problem

_STRINGS = "run `make strings`"
_TRANSLATE = "translate it"


def check(root: Path) -> tuple[list[Problem], list[str]]:
    """Return every problem, and what is worth knowing without being one."""
    template = extraction.extract(root)
    code = tuple(entries(extraction.TEMPLATE, template))
    marks = read_marks(root, {sentence for entry in code for sentence in entry.originals})
    wanted = extraction.sentences(template)
    problems = [*marks.problems, *_check_template(root, wanted), *_check_english(code, marks.buttons)]
    notes: list[str] = []
    quotable = {"en": {buttons.bare(sentence) for sentence in wanted}}
    for path in paths(root):
        problems += second_opinions.ask_msgfmt(path, root)
        try:
            catalogue = read(path, root)
        except (PoFileError, UnicodeDecodeError, ValueError) as error:
            where = path.relative_to(root).as_posix()
            problems.append(Problem(where, "", f"cannot be read: {error}", "mend the file"))
            continue
        problems += _check_catalogue(catalogue, wanted, marks.buttons)
        quotable[catalogue.language] = set(buttons.labels_in(catalogue).values())
        notes += _notes(catalogue)
    for language in sorted(set(COMPLETE) - {language_of(path) for path in paths(root)}):
        where = f"locales/{language}/LC_MESSAGES/messages.po"
        problems.append(Problem(where, "", "is missing", "`pybabel init` makes it from messages.pot"))
    problems += check_pages(root, quotable)
    notes += unread(root)
    return list(dict.fromkeys(problems)), notes


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
    catalogue: Catalogue, code: dict[str, str | None], labels: Collection[str]
) -> Iterator[Problem]:
    yield from _drift(catalogue.where, {entry.one: entry.many for entry in catalogue.entries}, code)
    for sentence in catalogue.obsolete:
        yield Problem(catalogue.where, sentence, "is obsolete", _STRINGS)
    expected = catalogue.forms_of_the_language
    if expected not in {None, catalogue.plural_forms}:
        wrong = f"Plural-Forms counts {catalogue.plural_forms} forms, and the language has {expected}"
        yield Problem(catalogue.where, "", wrong, "take the line from `pybabel init`")
    quotable = buttons.labels_in(catalogue)
    for entry in catalogue.entries:
        yield from _check_entry(catalogue, entry, labels)
        yield from buttons.check_quotes(entry, quotable)
    yield from second_opinions.ask_babel(catalogue)
    yield from second_opinions.ask_pofilter(catalogue)
    yield from second_opinions.use(catalogue)


def _check_entry(catalogue: Catalogue, entry: Entry, labels: Collection[str]) -> Iterator[Problem]:
    if catalogue.language in COMPLETE and not entry.translated:
        yield Problem(entry.where, entry.one, "is not translated", _TRANSLATE)
    if entry.fuzzy:
        yield Problem(entry.where, entry.one, "is fuzzy", "read it, and take the mark off")
    yield from check_forms(catalogue, entry)
    for form in filter(None, entry.forms):
        yield from _check_text(catalogue.language, entry, form, labels)


def _check_text(language: str, entry: Entry, text: str, labels: Collection[str]) -> Iterator[Problem]:
    on_button = entry.one in labels
    if on_button:
        yield from buttons.check_label(entry.where, text)
    for wrong, mend in style.faults(language, text, on_button=on_button):
        yield Problem(entry.where, entry.one, wrong, mend)


def _notes(catalogue: Catalogue) -> Iterator[str]:
    unread = sum(entry.unreviewed for entry in catalogue.entries)
    if unread:
        yield f"{catalogue.where}: {unread} that no native speaker has read"
    gaps = sum(not entry.translated for entry in catalogue.entries)
    if gaps and catalogue.language not in COMPLETE:
        yield f"{catalogue.where}: {gaps} not translated; the fallbacks stand in"


def main(arguments: Sequence[str] | None = None, root: Path = ROOT) -> int:
    """Check, or with `--write` bring up to date; return what the process ends with."""
    parser = argparse.ArgumentParser(prog="python -m locales.check", description=__doc__)
    parser.add_argument("--write", action="store_true", help="bring messages.pot and every .po up to date")
    if parser.parse_args(arguments).write:
        return _write(root)
    problems, notes = check(root)
    _tell(
        [
            *map(str, problems),
            *notes,
            f"Problems: {len(problems)}" if problems else "The catalogues are sound.",
        ]
    )
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
