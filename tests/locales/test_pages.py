"""Information pages, broken in one place at a time: each break is told, with its file."""

import pytest

from bot.i18n import LANGUAGES, Language
from bot.pages import LONGEST
from handlers.family.information import PAGES
from locales.catalogues import ROOT, UNREVIEWED
from locales.check import main
from locales.pages import check_pages
from tests.locales.project import PAGE, TALK, Project


def test_a_page_missing_in_a_language_of_the_picker_is_told(project: Project) -> None:
    project.write_page("ru", PAGE["ru"], "dna")
    assert [problem for problem in project.problems() if "dna" in problem] == [
        "locales/ar/info/dna.md: is missing; write this page",
        "locales/en/info/dna.md: is missing; write this page",
    ]


def test_a_language_that_declares_a_fallback_may_lack_a_page(project: Project) -> None:
    chechen = Language("ce", "Нохчийн мотт", fallbacks=("ru",))
    assert list(check_pages(project.root, {}, (*LANGUAGES, chechen))) == []
    turkish = Language("tr", "Türkçe")
    told = [str(problem) for problem in check_pages(project.root, {}, (*LANGUAGES, turkish))]
    assert told == ["locales/tr/info/decides.md: is missing; write this page"]


@pytest.mark.parametrize(
    ("addition", "wrong"),
    [
        ("We will bring them.", "promises: “we will bring”"),
        ("Wait for us!", "has an exclamation mark"),
        ("word " * 26, "has a sentence of 26 words"),
        ("- " + "word " * 26, "has a sentence of 26 words"),
        ("All is well 🙂", "has a face"),
        ("The paper is invalid.", "says “invalid”"),
        ("Press “Write a letter”.", "quotes “Write a letter”, and no button says so"),
        ("### Deeper", "has a heading below “##”"),
        ("# Again", "has a second title"),
        ("- a\n  - b", "has a list item of several parts"),
        ("| a | b |\n|---|---|\n| 1 | 2 |", "has a table"),
        ("~~never~~", "has struck out words"),
        ("Read <b>this</b>.", "has HTML"),
        ("<div>this</div>", "has HTML"),
        ("Read this <!-- or not -->.", "has HTML"),
        ("![A flower](https://example.org/a.png)", "has a picture"),
        ("[here](http://example.org)", "links to http://example.org"),
        ("[here](javascript:alert)", "links to javascript:alert"),
        ("Look at http://example.org", "has an address without https"),
        ("```\ncode\n```", "has a block of code"),
        ("---", "has a line across"),
        ("> - a", "has a bullet list in a quotation"),
        ("Short. " * 600, "UTF-16 units long"),
    ],
)
def test_a_fault_on_a_page_is_told_with_its_line(project: Project, addition: str, wrong: str) -> None:
    project.write_page("en", f"{PAGE['en']}\n{addition}\n")
    (problem, *_) = project.problems()
    assert problem.startswith("locales/en/info/decides.md:" + ("1:" if "units" in wrong else "10:"))
    assert wrong in problem


@pytest.mark.parametrize(
    ("language", "addition", "wrong"),
    [
        ("ru", "Мы вернём их.", "promises: “вернем”"),
        ("ru", "Мы обещаем ответ.", "promises: “обеща”"),
        ("ar", "سنعيد الأطفال.", "promises"),
        ("ar", "كلمة " * 26, "has a sentence of 26 words"),
        ("ru", "Нажмите «Написать».", "quotes “Написать”, and no button says so"),
    ],
)
def test_a_fault_in_another_language_is_told(
    project: Project, language: str, addition: str, wrong: str
) -> None:
    project.write_page(language, f"{PAGE[language]}\n{addition}\n")
    problems = project.problems()
    assert len(problems) == 1
    assert problems[0].startswith(f"locales/{language}/info/decides.md:")
    assert wrong in problems[0]


@pytest.mark.parametrize("page", ["", "No title.\n", "#\n\nText.\n", "<!-- a remark -->\n"])
def test_a_page_without_a_title_is_told(project: Project, page: str) -> None:
    project.write_page("ru", page)
    assert "does not begin with a title" in project.problems()[0]


def test_the_longest_page_passes_and_one_unit_more_does_not(project: Project) -> None:
    page = "# T\n\n" + "𐐀" * ((LONGEST - 4) // 2)  # a letter of two units
    project.write_page("en", page + "a")
    assert project.problems() == []
    project.write_page("en", page + "aa")
    assert f"is {LONGEST + 1} UTF-16 units long" in project.problems()[0]


def test_pages_that_no_native_speaker_has_read_are_listed(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    project.write_page("ru", f"<!-- {UNREVIEWED} -->\n\n{PAGE['ru']}")
    assert project.problems() == []
    for asked in (["--report"], ["--unread", "ru"]):
        assert main(asked, project.root) == 0
        last = capsys.readouterr().out.splitlines()[-1]
        assert last == "locales/ru/info/decides.md: no native speaker has read this"
    assert main(["--unread", "ar"], project.root) == 0
    assert "info" not in capsys.readouterr().out


def test_a_page_lent_to_a_language_quotes_only_what_its_buttons_say(project: Project) -> None:
    project.translate("ce", TALK, "Стаге къамел дар")
    (told,) = [problem for problem in project.problems() if "info" in problem]
    assert told.startswith(
        "locales/ru/info/decides.md: is shown in Нохчийн too and quotes “Поговорить с человеком”"
    )


def test_the_list_of_pages_and_the_files_agree() -> None:
    for language in LANGUAGES:
        there = {path.stem for path in (ROOT / "locales" / language.code / "info").glob("*.md")}
        wanted = {page.key for page in PAGES}
        assert there <= wanted if language.fallbacks else there == wanted


def test_the_real_pages_in_russian_and_arabic_say_that_nobody_has_read_them() -> None:
    for language in ("ru", "ar"):
        for path in (ROOT / "locales" / language / "info").glob("*.md"):
            assert path.read_text(encoding="utf-8").startswith(f"<!-- {UNREVIEWED} -->\n")
