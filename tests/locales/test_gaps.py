"""A language with a fallback may have gaps; what it does say is held as strictly, and says who has read it."""

import shutil

import pytest

from locales.catalogues import COMPLETE, UNREVIEWED
from locales.check import main
from tests.locales.project import BOLD, GREETING, HOW, PERSONS, TALK, Forms, Project


def test_a_language_without_a_fallback_is_complete() -> None:
    assert COMPLETE == ("ru", "ar")


def test_gaps_of_a_language_with_a_fallback_are_no_problem(project: Project) -> None:
    project.translate("ce", GREETING, "Де дика хуьлда, {name}.")
    assert project.problems() == []


def test_a_language_that_nobody_is_offered_may_have_gaps(project: Project) -> None:
    project.translate("tr", TALK, "Biriyle konuş")
    assert project.problems() == []


def test_a_missing_catalogue_is_told_although_it_may_have_gaps(project: Project) -> None:
    shutil.rmtree(project.po("ce").parent)
    assert any("locales/ce/LC_MESSAGES/messages.po: is missing" in problem for problem in project.problems())


FAULTS: list[tuple[str, Forms, str]] = [
    (GREETING, "Де дика хуьлда.", "lacks {name}"),
    (GREETING, "Де дика хуьлда, {цӀе}.", "has {цӀе}, which the sentence does not have"),
    (BOLD, "Кехат кхаьчна 12 де даьлча.", "has other tags than its sentence"),
    (GREETING, "Хьоме {name}, lаьржа ду.", "has a sign of another script"),
    (GREETING, "Со ц1ахь ву, {name}.", "has a sign of another script"),
    (GREETING, "ХIара со ву, {name}.", "has a sign of another script"),
    (PERSONS, ("{n} стаг", ""), "lacks plural form 1"),
    (PERSONS, ("{n} стаг", "стаг"), "form 1: lacks {n}"),
]


@pytest.mark.parametrize(("sentence", "forms", "wrong"), FAULTS, ids=[fault[2] for fault in FAULTS])
def test_a_fault_in_chechen_is_told(project: Project, sentence: str, forms: Forms, wrong: str) -> None:
    project.translate("ce", sentence, forms)
    problems = project.problems()
    assert any(wrong in problem for problem in problems)
    assert all("locales/ce/" in problem for problem in problems)


def test_drift_is_told_in_a_catalogue_of_gaps(project: Project) -> None:
    with project.po("ce").open("a", encoding="utf-8") as file:
        file.write('\nmsgid "Gone"\nmsgstr ""\n')
    assert any("locales/ce" in each and "is no longer in the code" in each for each in project.problems())


def test_a_wrong_count_of_plural_forms_is_told_where_only_cldr_knows_the_rule(project: Project) -> None:
    project.edit(project.po("ce"), "nplurals=2", "nplurals=3")
    assert any("counts 3 forms, and the language has 2" in problem for problem in project.problems())


@pytest.mark.parametrize("language", ["ar", "ce"])
def test_a_translation_says_whether_a_native_speaker_has_read_it(project: Project, language: str) -> None:
    project.translate(language, GREETING, "{name}.")
    mark = "\n# unreviewed: no native speaker has read this\n"
    before = project.problems()
    project.edit(
        project.po(language),
        f'{mark}#, python-brace-format\nmsgid "Good',
        '\n#, python-brace-format\nmsgid "Good',
    )
    (said,) = set(project.problems()) - set(before)
    assert "does not say whether a native speaker has read it" in said


def test_a_native_speaker_takes_the_mark_off_by_signing(project: Project) -> None:
    project.translate("ce", GREETING, "Де дика хуьлда, {name}.")
    project.edit(project.po("ce"), f"# {UNREVIEWED}", "# reviewed: Малика, 2026-12-01")
    assert project.problems() == []
    project.edit(project.po("ce"), "# reviewed: ", f"# {UNREVIEWED}\n# reviewed: ")
    assert any("does not say whether" in problem for problem in project.problems())


def test_a_button_is_translated_together_with_the_sentence_that_quotes_it(project: Project) -> None:
    """The sentence would be shown in Russian, and speak of a button that has other words here."""
    project.translate("ce", TALK, "Стаге къамел дар")
    problem = next(each for each in project.problems() if "locales/ce" in each)
    assert "is not translated and quotes “Talk to a person”, which is «Стаге къамел дар» here" in problem
    project.translate("ce", HOW, "«Стаге къамел дар» тӀе а таӀий, язде тхоьга.")
    assert [each for each in project.problems() if "locales/ce" in each] == []


def test_a_translation_quotes_a_button_that_falls_back_as_it_is_shown(project: Project) -> None:
    project.translate("ce", HOW, "«Talk to a person» тӀе а таӀий, язде тхоьга.")
    assert any("does not quote «Поговорить с человеком»" in problem for problem in project.problems())
    project.translate("ce", HOW, "«Поговорить с человеком» тӀе а таӀий, язде тхоьга.")
    assert project.problems() == []


def test_the_report_counts_what_is_translated_read_and_shown_in_another_language(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    project.translate("ce", GREETING, "Де дика хуьлда, {name}.")
    assert main(["--report"], project.root) == 0
    assert capsys.readouterr().out.splitlines() == [
        "ar: 5 sentences, 5 translated, 0 read by a native speaker, 5 marked as unread",
        "ce: 5 sentences, 1 translated, 0 read by a native speaker, 1 marked as unread, 4 shown in ru",
        "ru: 5 sentences, 5 translated, 0 read by a native speaker, 0 marked as unread",
    ]


def test_a_native_speaker_is_shown_what_waits_to_be_read(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    project.translate("ce", GREETING, "Де дика хуьлда, {name}.")
    assert main(["--unread", "ce"], project.root) == 0
    where, sentence, words = capsys.readouterr().out.splitlines()
    assert where.startswith("locales/ce/LC_MESSAGES/messages.po:")
    assert (sentence, words) == (f"  {GREETING}", "  Де дика хуьлда, {name}.")
