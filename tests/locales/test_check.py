"""A tree that passes, broken in one place at a time: each break is told, with its file."""

import shutil

import pytest

from locales.check import main
from locales.second_opinions import ask_msgfmt
from tests.locales.project import BOLD, GREETING, HOW, PERSONS, TALK, Forms, Project


def test_a_sound_tree_passes(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    assert project.problems() == []
    assert main([], project.root) == 0
    assert capsys.readouterr().out == "The catalogues are sound.\n"


def test_a_problem_is_a_line_with_its_place_and_its_mend(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    project.translate("ru", GREETING, "")
    assert main([], project.root) == 1
    line, count = capsys.readouterr().out.splitlines()
    assert line.startswith("locales/ru/LC_MESSAGES/messages.po:")
    assert "‹Good day, {name}. Nobody can promise" in line
    assert line.endswith("is not translated; translate it")
    assert count == "Problems: 1"


RUSSIAN_FAULTS: list[tuple[str, Forms, str]] = [
    (GREETING, "Добрый день. Никто не может обещать, чем это кончится.", "lacks {name}"),
    (GREETING, "Добрый день, {имя}.", "has {имя}, which the sentence does not have"),
    (GREETING, "Добрый день, {name.", "has a brace without its partner"),
    (GREETING, " Добрый день, {name}.", "begins or ends with other blanks"),
    (GREETING, "Добрый день, {name}.\nВот.", "another number of lines"),
    (GREETING, "Добрый день, {name}!", "has an exclamation mark"),
    (GREETING, "Добрый день, {name} 🙂.", "has a face"),
    (GREETING, "Добрый день, {name} ✅.", "has an emoji"),
    (GREETING, "Упс, {name}.", "says “упс”"),
    (GREETING, "{name}, попробуйте ещё раз.", "says “попробуите еще раз”"),
    (GREETING, "{name}, сотрудник ответит.", "says “сотрудник”"),
    (GREETING, "{name}, мы их вернём.", "promises: “вернем”"),
    (GREETING, "{name}, гарантируем ответ.", "promises: “гарант”"),
    (GREETING, "{name}, мы обещаем ответ.", "promises: “обеща”"),
    (GREETING, "{name}, " + "слово " * 25 + "и точка.", "has a sentence of 28 words"),
    (GREETING, "Добрый добрый день, {name}.", "pofilter doublewords"),
    (GREETING, "Добрый  день, {name}.", "pofilter doublespacing"),
    (GREETING, "Добрый день, {name}", "pofilter endpunc"),
    (GREETING, "Добрый день (да, {name}.", "has a ( or ) without its partner"),
    (GREETING, "Добрый день... {name}.", "has dots for an ellipsis"),
    (GREETING, 'Добрый "день", {name}.', 'has a straight "'),
    (GREETING, "Добрый «день, {name}.", "has a quotation mark without its partner"),
    (GREETING, "Добрый «день», {name}.", "quotes «день», and no button says so"),
    (BOLD, "Ваш запрос получен через 12 дней.", "has other tags than its sentence"),
    (BOLD, "Ваш запрос <b>получен через 12 дней.", "does not close <b>"),
    (BOLD, "Ваш запрос <b><i>получен</b></i> через 12 дней.", "closes <b> where it is not the last one"),
    (BOLD, "Ваш запрос <big>получен</big> через 12 дней.", "<big>, which Telegram does not know"),
    (BOLD, "Ваш запрос <b>получен</b> через < 12 дней.", "has a < or > that is no tag"),
    (BOLD, "Ваш запрос <b>получен</b> через несколько дней.", "lacks the number 12"),
    (HOW, "Нажмите «Написать человеку» и напишите нам.", "does not quote «Поговорить с человеком»"),
    (TALK, "Поговорить с человеком из нашей большой конторы", "is 47 units long on a button"),
    (TALK, "<b>Поговорить</b> с человеком", "has tags, and a button shows them"),
    (PERSONS, ("человек", "{n} человека", "{n} человек"), "form 0: lacks {n}"),
    (PERSONS, ("{n} человек", "", "{n} человек"), "lacks plural form 1"),
]


@pytest.mark.parametrize(
    ("sentence", "forms", "wrong"), RUSSIAN_FAULTS, ids=[fault[2] for fault in RUSSIAN_FAULTS]
)
def test_a_fault_in_russian_is_told(project: Project, sentence: str, forms: Forms, wrong: str) -> None:
    project.translate("ru", sentence, forms)
    assert any(wrong in problem for problem in project.problems())
    assert all("locales/ru/" in problem for problem in project.problems())


@pytest.mark.parametrize(
    ("form", "wrong"),
    [
        ("مرحبًا {name}. سنعيد الأطفال.", "promises"),
        ("مرحبًا {name}. ونضمن الجواب.", "promises"),
        ("عفوًا {name}.", "says “عفوا”"),
        ("مرحبًا {name}. الرجاء المحاولة مرة أخرى.", "says “المحاولة"),
        ("مرحبًا {name}. النص غير صالح.", "says “غير صالح”"),
        ("مرحبًا {name}. " + "كلمة " * 26, "has a sentence of 26 words"),
    ],
)
def test_a_fault_in_arabic_is_told(project: Project, form: str, wrong: str) -> None:
    project.translate("ar", GREETING, form)
    assert any(wrong in problem for problem in project.problems())


@pytest.mark.parametrize(
    "honest",
    [
        "Добрый день, {name}. Обещать этого никто не может.",
        "Добрый день, {name}. Мы не можем ничего гарантировать.",
        "Добрый день, {name}. Мы вернёмся к вопросу.",
    ],
)
def test_saying_that_nothing_is_promised_is_no_promise(project: Project, honest: str) -> None:
    project.translate("ru", GREETING, honest)
    assert project.problems() == []


def test_arabic_may_say_none_one_and_two_in_words_but_not_more(project: Project) -> None:
    project.translate("ar", PERSONS, ("لا أحد", "شخص واحد", "شخصان", "أشخاص", "{n} شخصًا", "{n} شخص"))
    assert any("form 3: lacks {n}" in problem for problem in project.problems())


def test_a_wrong_count_of_plural_forms_is_told(project: Project) -> None:
    project.edit(project.po("ru"), "nplurals=3", "nplurals=4")
    problems = project.problems()
    assert any("Plural-Forms counts 4 forms, and the language has 3" in problem for problem in problems)
    assert any("‹{n} person›: lacks plural form 3" in problem for problem in problems)


def test_a_fuzzy_entry_is_told(project: Project) -> None:
    project.edit(project.po("ru"), '\nmsgid "Talk', '\n#, fuzzy\nmsgid "Talk')
    assert any("is fuzzy" in problem for problem in project.problems())


def test_an_obsolete_entry_is_told(project: Project) -> None:
    with project.po("ru").open("a", encoding="utf-8") as file:
        file.write('\n#~ msgid "Gone"\n#~ msgstr "Ушло"\n')
    assert any("‹Gone›: is obsolete" in problem for problem in project.problems())


def test_a_sentence_new_in_the_code_is_missed_everywhere(project: Project) -> None:
    (project.root / "bot" / "new.py").write_text('A = N_("It is new.")\n', encoding="utf-8")
    drifted = [problem for problem in project.problems() if "is in the code, and not here" in problem]
    assert [problem.partition(":")[0] for problem in drifted] == [
        "locales/messages.pot",
        "locales/ar/LC_MESSAGES/messages.po",
        "locales/ce/LC_MESSAGES/messages.po",
        "locales/ru/LC_MESSAGES/messages.po",
    ]


def test_a_sentence_gone_from_the_code_is_told(project: Project) -> None:
    with project.pot.open("a", encoding="utf-8") as file:
        file.write('\nmsgid "Gone"\nmsgstr ""\n')
    assert any("‹Gone›: is no longer in the code" in problem for problem in project.problems())


def test_a_changed_plural_is_told(project: Project) -> None:
    project.edit(project.po("ru"), 'msgid_plural "{n} persons"', 'msgid_plural "{n} people"')
    assert any("has another plural in the code" in problem for problem in project.problems())


def test_a_missing_language_is_told(project: Project) -> None:
    shutil.rmtree(project.po("ar").parent)
    assert any("locales/ar/LC_MESSAGES/messages.po: is missing" in problem for problem in project.problems())


def test_a_file_that_is_not_po_is_told_and_the_others_are_still_read(project: Project) -> None:
    project.po("ar").write_text('msgid "unfinished\n', encoding="utf-8")
    project.translate("ru", TALK, "Позвонить!")
    problems = project.problems()
    assert any("locales/ar" in problem and "cannot be read" in problem for problem in problems)
    assert any("locales/ru" in problem and "exclamation" in problem for problem in problems)


@pytest.mark.parametrize("msgfmt", [shutil.which("msgfmt"), None], ids=["msgfmt", "polib"])
def test_a_sentence_that_stands_twice_is_told_with_and_without_msgfmt(
    project: Project, msgfmt: str | None
) -> None:
    with project.po("ru").open("a", encoding="utf-8") as file:
        file.write('\nmsgid "Talk to a person"\nmsgstr "Другое"\n')
    assert list(ask_msgfmt(project.po("ru"), project.root, msgfmt))
    assert not list(ask_msgfmt(project.po("ar"), project.root, msgfmt))
