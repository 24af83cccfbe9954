"""The information pages: Markdown per language in `locales/<language>/info/`, shown as Telegram's HTML.

A page has one title, and below it short paragraphs, headings, flat lists and quotations; within them bold,
italic, code and https links. Anything else is a fault: `locales/check.py` tells it, and the bot does not start
with it. A page that a language lacks comes from the next language of its chain (Chechen → Russian → English).
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from html import escape, unescape
from itertools import count, repeat
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

from bot.i18n import LANGUAGES, LOCALES, Html, joined, paragraphs
from bot.screen import TEXT_LIMIT

LONGEST = TEXT_LIMIT - 512  # UTF-16 units; the rest is room for a note above, and for the signs of direction
_COMMENT = re.compile(r"<!--(?:(?!-->).)*-->", re.DOTALL)
_TAG = re.compile(r"<[^<>]*>")
_MEND = "use paragraphs, headings, flat lists, quotations, bold, italic, code and https links"
_INLINE = {"strong": "b", "em": "i"}
# Read as what they are, though no page may have them: else they would be shown as bare signs.
_ALSO_READ = ("table", "strikethrough")


@dataclass(frozen=True)
class Fault:
    """Something on a page that cannot be shown."""

    line: int
    wrong: str
    mend: str


@dataclass(frozen=True)
class Passage:
    """A heading, paragraph, list or quotation; its line in the file, and what stands between it and the next."""

    line: int
    html: Html
    gap: str = "\n\n"


@dataclass(frozen=True)
class Page:
    """One page as it is shown."""

    blocks: tuple[Passage, ...]

    @cached_property
    def html(self) -> Html:
        return Html("".join(block.html + block.gap for block in self.blocks).strip())

    @property
    def units(self) -> int:
        """How long it is by Telegram's count: in UTF-16 units, without the markup."""
        return len(words_of(self.html).encode("utf-16-le")) // 2


class BrokenPage(Exception):
    """A page is missing, or has a fault; the text names the file and the mend."""


def read_page(source: str) -> tuple[Page, list[Fault]]:
    """Render a page as Telegram's HTML; an empty page and its faults where it cannot be shown."""
    root = SyntaxTreeNode(_parser().parse(source))
    blocks = [node for node in root.children if not _is_comment(node)]
    faults = [*_faults_of_titles(blocks), *(fault for node in blocks for fault in _faults(node))]
    if faults:
        return Page(()), list(dict.fromkeys(faults))
    page = Page(tuple(_block(node) for node in blocks))
    if page.units > LONGEST:
        faults.append(
            Fault(1, f"is {page.units} UTF-16 units long", f"say it in {LONGEST}, or make two pages")
        )
    return page, faults


# The same words are the same page, however often a process starts the bot anew.
_read_once = lru_cache(maxsize=256)(read_page)


def words_of(html: Html) -> str:
    """Return the words as a reader sees them, without the markup."""
    return unescape(_TAG.sub("", html))


class Pages:
    """Every page in every language of this installation, ready to be shown."""

    def __init__(self, languages: Iterable[str], keys: Collection[str]) -> None:
        """Load the pages.

        Raises:
            BrokenPage: one of them has a fault, or is in no language of a chain.
        """
        chains = {language.code: (language.code, *language.fallbacks, "en") for language in LANGUAGES}
        loaded: dict[Path, Page] = {}
        self._pages: dict[tuple[str, str], Page] = {}
        for language in languages:
            for key in keys:
                path = _first(chains[language], key)
                if path not in loaded:
                    loaded[path] = _load(path)
                self._pages[language, key] = loaded[path]

    def get(self, language: str, key: str) -> Page:
        return self._pages[language, key]


def page_path(folder: Path, language: str, key: str) -> Path:
    """Return where a page stands, whether or not it is there."""
    return folder / language / "info" / f"{key}.md"


def _first(chain: Iterable[str], key: str) -> Path:
    """Return the page in the first language of a chain that has it."""
    wanted = [page_path(LOCALES, language, key) for language in chain]
    for path in wanted:
        if path.exists():
            return path
    raise BrokenPage(f"{wanted[-1]}: is missing. Write this page, or restore it")


def _load(path: Path) -> Page:
    try:
        page, faults = _read_once(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as problem:
        raise BrokenPage(f"{path}: cannot be read ({type(problem).__name__}). Restore it") from None
    for fault in faults:
        raise BrokenPage(f"{path}:{fault.line}: {fault.wrong}; {fault.mend}")
    return page


class _Reader(MarkdownIt):
    def validateLink(self, url: str) -> bool:  # noqa: N802, ARG002 - the base's name and signature
        """Read every address as a link, also a dangerous one, so that it is told and not shown as bare signs."""
        return True


@cache
def _parser() -> MarkdownIt:
    return _Reader("commonmark").enable(list(_ALSO_READ))


def _faults_of_titles(blocks: list[SyntaxTreeNode]) -> Iterator[Fault]:
    titles = [node for node in blocks if node.tag == "h1"]
    if not blocks or blocks[0].tag != "h1" or not blocks[0].children[0].content.strip():
        yield Fault(_line(blocks[0]) if blocks else 1, "does not begin with a title", "begin with “# …”")
    for node in titles[1:]:
        yield Fault(_line(node), "has a second title", "write “## …”")


def _faults(node: SyntaxTreeNode) -> Iterator[Fault]:
    """Tell what of this block cannot be shown, and within it."""
    kind = node.type
    if kind in {"bullet_list", "ordered_list"}:
        for item in node.children:
            if [inner.type for inner in item.children] != ["paragraph"]:
                yield Fault(_line(item), "has a list item of several parts", "make it one paragraph")
            else:
                yield from _faults(item.children[0])
    elif kind == "blockquote":
        for inner in node.children:
            if inner.type != "paragraph":
                yield Fault(_line(inner), f"has {_named(inner)} in a quotation", "quote paragraphs only")
            yield from _faults(inner)
    elif kind == "paragraph" or (kind == "heading" and node.tag in {"h1", "h2"}):
        for inner in node.children[0].children:
            yield from _faults_of_words(inner, _line(node))
    else:
        yield Fault(_line(node), f"has {_named(node)}, which is not shown", _MEND)


def _faults_of_words(node: SyntaxTreeNode, line: int) -> Iterator[Fault]:
    if node.type == "text" and "http://" in node.content:
        yield Fault(line, "has an address without https", "write the address with https")
    elif node.type == "link" and not str(node.attrs.get("href", "")).startswith("https://"):
        yield Fault(line, f"links to {node.attrs.get('href')}", "link to https addresses only")
    elif node.type not in {"text", "softbreak", "hardbreak", "code_inline", "link", *_INLINE}:
        yield Fault(line, f"has {_named(node)}, which is not shown", _MEND)
    for inner in node.children:
        yield from _faults_of_words(inner, line)


def _block(node: SyntaxTreeNode) -> Passage:
    line = _line(node)
    match node.type:
        case "heading":
            html = Html(f"<b>{_words(node)}</b>")
            return Passage(line, html) if node.tag == "h1" else Passage(line, html, "\n")
        case "bullet_list":
            return Passage(line, _list(node, repeat("• ")))
        case "ordered_list":
            return Passage(line, _list(node, (f"{number}. " for number in count(_first_number(node)))))
        case "blockquote":
            return Passage(line, Html(f"<blockquote>{paragraphs(*map(_words, node.children))}</blockquote>"))
        case _:
            return Passage(line, _words(node))


def _list(node: SyntaxTreeNode, marks: Iterable[str]) -> Html:
    """Show each item on lines of its own, with an empty one between where the file has it so."""
    items = [item.children[0] for item in node.children]
    between = "\n" if all(item.hidden for item in items) else "\n\n"
    return joined((f"{mark}{_words(item)}" for mark, item in zip(marks, items, strict=False)), between)


def _first_number(node: SyntaxTreeNode) -> int:
    return int(node.attrs.get("start", 1))


def _words(node: SyntaxTreeNode) -> Html:
    """Return the words of a paragraph or heading; the line breaks of the file are blanks."""
    return _inline(node.children[0].children)


def _inline(nodes: Iterable[SyntaxTreeNode]) -> Html:
    return joined((_piece(node) for node in nodes), "")


def _piece(node: SyntaxTreeNode) -> Html:
    match node.type:
        case "softbreak":
            return Html(" ")
        case "hardbreak":
            return Html("\n")
        case "code_inline":
            return Html(f"<code>{escape(node.content, quote=False)}</code>")
        case "strong" | "em":
            tag = _INLINE[node.type]
            return Html(f"<{tag}>{_inline(node.children)}</{tag}>")
        case "link":
            href = escape(str(node.attrs["href"]))
            return Html(f'<a href="{href}">{_inline(node.children)}</a>')
        case _:
            return Html(escape(node.content, quote=False))


def _is_comment(node: SyntaxTreeNode) -> bool:
    return node.type == "html_block" and _COMMENT.fullmatch(node.content.strip()) is not None


def _line(node: SyntaxTreeNode) -> int:
    return node.map[0] + 1 if node.map else 1


_NAMES: Mapping[str, str] = {
    "heading": "a heading below “##”",
    "html_block": "HTML",
    "html_inline": "HTML",
    "fence": "a block of code",
    "code_block": "a block of code",
    "hr": "a line across",
    "image": "a picture",
    "s": "struck out words",
}


def _named(node: SyntaxTreeNode) -> str:
    return _NAMES.get(node.type, f"a {node.type.replace('_', ' ')}")
