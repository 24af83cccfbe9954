"""From Markdown to what Telegram shows; a language's chain; a page that cannot be shown."""

from pathlib import Path

import pytest

from bot import pages
from bot.i18n import LANGUAGES, Language
from bot.pages import BrokenPage, Pages, page_path, read_page, words_of
from handlers.family.information import PAGES
from simulator.markup import parse_html
from simulator.text import units

KEYS = [page.key for page in PAGES]


def shown(source: str) -> str:
    page, faults = read_page(source)
    assert faults == []
    return page.html


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        ("words\nthat go on", "words that go on"),
        ("one line  \nanother", "one line\nanother"),
        ("one\n\nanother", "one\n\nanother"),
        ("## Why", "<b>Why</b>"),
        ("**bold**, *italic*, `code`", "<b>bold</b>, <i>italic</i>, <code>code</code>"),
        ("**bold and *both***", "<b>bold and <i>both</i></b>"),
        ("- one\n- **two**", "• one\n• <b>two</b>"),
        ("* one\n\n* two", "• one\n\n• two"),
        ("## Why\n\n- one\n- two\n\nwords", "<b>Why</b>\n• one\n• two\n\nwords"),
        ("3. one\n4. two", "3. one\n4. two"),
        ("> quoted\n>\n> twice", "<blockquote>quoted\n\ntwice</blockquote>"),
        (
            '[a "b"](https://example.org/?a=1&b="2")',
            '<a href="https://example.org/?a=1&amp;b=%222%22">a "b"</a>',
        ),
        ("a < b & c > d", "a &lt; b &amp; c &gt; d"),
        ("&lt;b&gt;", "&lt;b&gt;"),
        ("`a < b`", "<code>a &lt; b</code>"),
        ("<!-- not shown -->\n\nshown", "shown"),
        ("\\*not italic\\*", "*not italic*"),
    ],
)
def test_markdown_becomes_telegrams_html(markdown: str, html: str) -> None:
    page = shown(f"# Title\n\n{markdown}\n")
    assert page == f"<b>Title</b>\n\n{html}"
    parse_html(page)  # refuses what Telegram refuses


@pytest.mark.parametrize("language", [language.code for language in LANGUAGES])
def test_every_real_page_is_read_by_telegram_as_it_is_meant(language: str) -> None:
    loaded = Pages([language], KEYS)
    for key in KEYS:
        page = loaded.get(language, key)
        text, entities = parse_html(page.html)
        assert text == words_of(page.html)
        assert units(text) == page.units < pages.LONGEST
        assert entities
        assert "unreviewed" not in text


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stand in for locales/, with a language that falls back."""
    monkeypatch.setattr(pages, "LOCALES", tmp_path)
    monkeypatch.setattr(pages, "LANGUAGES", (*LANGUAGES, Language("ce", "Нохчийн мотт", fallbacks=("ru",))))
    for language in ("en", "ru"):
        _write(tmp_path, language, "dna", f"# {language}")
    return tmp_path


def _write(folder: Path, language: str, key: str, text: str) -> Path:
    path = page_path(folder, language, key)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_a_missing_page_comes_from_the_next_language_of_the_chain(folder: Path) -> None:
    _write(folder, "en", "scams", "# en")
    loaded = Pages(["ce", "ru", "en"], ["dna", "scams"])
    assert [loaded.get("ce", key).html for key in ("dna", "scams")] == ["<b>ru</b>", "<b>en</b>"]
    _write(folder, "ce", "dna", "# ce")
    assert Pages(["ce"], ["dna"]).get("ce", "dna").html == "<b>ce</b>"


@pytest.mark.usefixtures("folder")
def test_a_page_that_is_in_no_language_of_the_chain_stops_the_start() -> None:
    with pytest.raises(BrokenPage, match=r"en/info/scams\.md: is missing\. Write this page, or restore it"):
        Pages(["ru"], ["scams"])


def test_a_page_with_a_fault_stops_the_start(folder: Path) -> None:
    path = _write(folder, "ru", "dna", "# ru\n\n<b>bold</b>\n")
    with pytest.raises(BrokenPage) as broken:
        Pages(["ru"], ["dna"])
    assert str(broken.value).startswith(f"{path}:3: has HTML, which is not shown; use paragraphs")


def test_a_page_that_is_no_text_stops_the_start(folder: Path) -> None:
    path = page_path(folder, "ru", "dna")
    path.write_bytes(b"# \xff\xfe")
    with pytest.raises(BrokenPage, match=r"cannot be read \(UnicodeDecodeError\)\. Restore it"):
        Pages(["ru"], ["dna"])
