"""Names as families write them are kept; what is no name, or would break a screen, is not."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from casework.names import LONGEST_NAME, NameProblem, clean_name


@pytest.mark.parametrize(
    "name",
    [
        "Хадижат",
        "Айшат Магомедова",
        "Хьава",
        "Зулихан ибн-Ӏелин",
        "فاطمة الزهراء",
        "مُحَمَّد",
        "O'Neil",
        "Jean-Luc d’Arc",
        "Мадина (Фатима)",
        "Зайнап 2",
        "李小龍",
        "می\u200cخواهم",
        "Ә",
        "дочь Зулихан",
    ],
)
def test_a_name_is_kept_as_it_was_written(name: str) -> None:
    assert clean_name(name) == unicodedata.normalize("NFC", name)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Хадижат \n\t Магомедова ", "Хадижат Магомедова"),
        ("Хадижат\u2028Магомедова", "Хадижат Магомедова"),
        ("Аи\u0306шат", "Айшат"),
        ("\u202eХадижат\u202c", "Хадижат"),
        ("\u2067فاطمة\u2069", "فاطمة"),
        ("Хади\u200bжат", "Хадижат"),
        ("Хади\u00adжат", "Хадижат"),
        ("Хади\x00жат\x1b[31m", "Хадижат[31m"),
        ("\u200dХадижат\u200c", "Хадижат"),
        ("Хадижат\u3164", "Хадижат"),
        ("Хадижат 🙂", "Хадижат 🙂"),
        ("А" + "\u0301" * 40, "А" + "\u0301" * 4),
        ("\ufeffХадижат", "Хадижат"),
        ("Хадижат\ud83d", "Хадижат"),
    ],
)
def test_what_cannot_be_seen_is_taken_out(typed: str, kept: str) -> None:
    assert clean_name(typed) == unicodedata.normalize("NFC", kept)


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ("", NameProblem.EMPTY),
        (" \n\t", NameProblem.EMPTY),
        ("\u200b\u200e\u3164", NameProblem.EMPTY),
        ("А" * 201, NameProblem.TOO_LONG),
        ("А" * 100_000, NameProblem.TOO_LONG),
        ("12345", NameProblem.NO_LETTERS),
        ("٧٨", NameProblem.NO_LETTERS),
        ("+7 900 000-00-00", NameProblem.NO_LETTERS),
        ("🙂🙂", NameProblem.NO_LETTERS),
        ("👨\u200d👩\u200d👧", NameProblem.NO_LETTERS),
        ("...", NameProblem.NO_LETTERS),
        ("?", NameProblem.NO_LETTERS),
        ("\u2800\u2800", NameProblem.NO_LETTERS),
        ("/start", NameProblem.LOOKS_LIKE_COMMAND),
        ("  /cancel@homeward_bot now", NameProblem.LOOKS_LIKE_COMMAND),
        ("\u200e/start", NameProblem.LOOKS_LIKE_COMMAND),
        ("https://example.org/a", NameProblem.LOOKS_LIKE_LINK),
        ("Хадижат t.me/somebody", NameProblem.LOOKS_LIKE_LINK),
    ],
)
def test_what_is_no_name_says_why(typed: str, problem: NameProblem) -> None:
    assert clean_name(typed) is problem


def test_two_hundred_characters_are_still_a_name() -> None:
    assert clean_name("А" * LONGEST_NAME) == "А" * LONGEST_NAME


@given(st.text(max_size=260))
@example("e\u200c\u0301")
@example("\u200c\u200d\u0301a")
@example("a\u3164\u0301")
@example("\u1100\u200b\u1161")
def test_a_cleaned_name_is_clean(text: str) -> None:
    name = clean_name(text)
    if isinstance(name, NameProblem):
        return
    assert clean_name(name) == name
    assert unicodedata.is_normalized("NFC", name)
    assert 0 < len(name) <= LONGEST_NAME
    assert name == " ".join(name.split())
    assert not [c for c in name if unicodedata.category(c)[0] == "C" and c not in "\u200c\u200d"]
    name.encode()
