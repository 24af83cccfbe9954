"""The information pages of each language: all there, showable, in the tone of the house, quoting real buttons."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path

from bot.i18n import LANGUAGES, Language
from bot.pages import page_path, read_page, words_of
from locales import style
from locales.buttons import bare, quoted
from locales.catalogues import UNREVIEWED
from locales.problems import Problem

Quotable = Mapping[str, Collection[str]]  # by language: the words of its buttons and headings
_SOURCE = "en"


def check_pages(
    root: Path, quotable: Quotable, languages: Sequence[Language] = LANGUAGES
) -> Iterator[Problem]:
    """Hold every page against what a reader shall get; a language that declares fallbacks may lack some."""
    there = [(path.parent.parent.name, path) for path in _paths(root)]
    complete = {language.code for language in languages if not language.fallbacks} | {_SOURCE}
    for key in sorted({path.stem for _, path in there}):
        for language in sorted(complete):
            path = page_path(root / "locales", language, key)
            if not path.exists():
                yield Problem(path.relative_to(root).as_posix(), "", "is missing", "write this page")
    for language, path in there:
        where = path.relative_to(root).as_posix()
        yield from _check(language, where, path.read_text(encoding="utf-8"), quotable.get(language))
    for lacking in languages:
        yield from _check_stand_ins(root, lacking, {path.stem for _, path in there}, quotable)


def _check_stand_ins(
    root: Path, language: Language, keys: Collection[str], quotable: Quotable
) -> Iterator[Problem]:
    """Hold the pages another language lends against the buttons that the borrower's readers see."""
    for key in sorted(keys):
        chain = [page_path(root / "locales", code, key) for code in (language.code, *language.fallbacks)]
        shown = next((path for path in chain if path.exists()), None)
        if shown is None or shown == chain[0] or language.code not in quotable:
            continue
        lost = set(quotable[shown.parent.parent.name]) - set(quotable[language.code])
        for name in quoted(words_of(read_page(shown.read_text(encoding="utf-8"))[0].html)):
            if bare(name) in lost:
                wrong = f"is shown in {language.own_name} too and quotes “{name}”, which no button says there"
                mend = "translate page and button, or neither"
                yield Problem(shown.relative_to(root).as_posix(), "", wrong, mend)


def unread_pages(root: Path, language: str = "*") -> list[str]:
    """Return the pages of a language, or of all, that no native speaker has read."""
    marked = (path for path in _paths(root, language) if UNREVIEWED in _first_line(path))
    return [f"{path.relative_to(root).as_posix()}: no native speaker has read this" for path in marked]


def _first_line(path: Path) -> str:
    return path.read_text(encoding="utf-8").partition("\n")[0]


def _paths(root: Path, language: str = "*") -> list[Path]:
    return sorted((root / "locales").glob(f"{language}/info/*.md"))


def _check(language: str, where: str, source: str, quotable: Collection[str] | None) -> Iterator[Problem]:
    page, faults = read_page(source)
    for fault in faults:
        yield Problem(f"{where}:{fault.line}", "", fault.wrong, fault.mend)
    for block in page.blocks:
        line, words = block.line, words_of(block.html)
        for wrong, mend in style.faults(language, words):
            yield Problem(f"{where}:{line}", words, wrong, mend)
        for name in quoted(words):
            if quotable is not None and bare(name) not in quotable:
                wrong = f"quotes “{name}”, and no button says so"
                yield Problem(f"{where}:{line}", words, wrong, "quote a button as it is written")
