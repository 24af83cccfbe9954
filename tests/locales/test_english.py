"""English stands in the code: its marks, its tone and its buttons are held there."""

import pytest

from tests.locales.project import Project


@pytest.mark.parametrize(
    ("code", "wrong"),
    [
        ('turn.t("Not marked.")', "‹Not marked.›: is shown, and is not marked"),
        ('locale.plain("Not marked.")', "‹Not marked.›: is shown, and is not marked"),
        ('turn.button("Not marked.", "go")', "‹Not marked.›: is shown, and is not marked"),
        ('_LATE = "Not marked."\nturn.t(_LATE)', "more.py:2: ‹Not marked.›"),
        ('turn.t(N_("It is day.") if day else "Not marked.")', "‹Not marked.›: is shown, and is not marked"),
        ('_TWO = (N_("It is day."), "Not marked.")\nfor line in _TWO[1:]:\n    turn.t(line)', "‹Not marked.›"),
        ('turn.t(f"Day {day}")', "is put together before it is translated"),
        ('N_(f"Day {day}")', "only literals can be marked"),
        ('turn.locale.plural(one, "{n} days", 2)', "only literals can be marked"),
        ("""f"<b>{turn.t(N_('Good day.'))}</b>" """, "is marked inside an f-string"),
        (
            'class Choice:\n    label: str\n\n\nALL = (Choice("Not marked."),)\nturn.t(ALL[0].label)',
            "more.py:6: ‹Not marked.›",
        ),
    ],
)  # fmt: skip
def test_what_is_shown_and_not_marked_is_told(project: Project, code: str, wrong: str) -> None:
    project.write_code("\n" + code)
    assert any(wrong in problem for problem in project.problems())


def test_a_sentence_marked_elsewhere_may_stand_bare(project: Project) -> None:
    project.write_code('turn.button("Talk to a person", "talk")')
    assert project.problems() == []


@pytest.mark.parametrize(
    ("sentence", "wrong"),
    [
        ("Good day!", "has an exclamation mark"),
        ("Oops, it is gone.", "says “oops”"),
        ("The date is invalid.", "says “invalid”"),
        ("Please try again.", "says “please try again”"),
        ("We will bring them.", "promises: “we will bring”"),
        ("They will return.", "will return”"),
        ("We guarantee it.", "promises: “guarantee”"),
        ("Press “Write a letter”.", "quotes “Write a letter”, and no button says so"),
        ("It is <b>open.", "does not close <b>"),
        ("word " * 26, "has a sentence of 26 words"),
    ],
)
def test_a_fault_in_english_is_told_where_it_stands(project: Project, sentence: str, wrong: str) -> None:
    project.write_code(f"A = 1\nB = N_({sentence.strip()!r})")
    assert any(each.startswith("handlers/more.py:2:") and wrong in each for each in project.problems())


def test_a_long_label_is_found_through_a_table(project: Project) -> None:
    project.write_code("""
        from casework.words import N_
        _ALL = {"a": N_("A button with far too many words to be read on it")}
        Button(f"1. {turn.locale.plain(_ALL['a'])}", "a")
    """)
    assert any("units long on a button" in problem for problem in project.problems())
