"""Countries by name: understood in any of our languages, said in the reader's."""

import pytest
from babel import Locale

from bot.i18n import LANGUAGES
from casework.countries import country_name, country_of
from casework.questions import COUNTRIES_OFFERED

CHECHEN = ("ce", "ru", "en")


@pytest.mark.parametrize(
    ("code", "expected"), [("IQ", "Ӏиракъ"), ("SY", "Шема"), ("TR", "Туркойчоь"), ("JO", "Урдан")]
)
def test_a_chechen_reads_the_chechen_name(code: str, expected: str) -> None:
    assert country_name(code, CHECHEN) == expected


def test_a_name_that_cldr_misspells_is_said_in_the_next_language() -> None:
    assert [country_name(code, CHECHEN) for code in ("BF", "SL", "TA")] == [
        "Буркина-Фасо",
        "Сьерра-Леоне",
        "Тристан-да-Кунья",
    ]


def test_no_other_chechen_name_is_misspelt() -> None:
    names = [
        country_name(str(code), CHECHEN) for code in Locale.parse("en").territories if str(code).isalpha()
    ]
    assert [name for name in names if "- " in name.replace(" - ", "") or "  " in name] == []


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda language: language.code)
def test_what_is_on_a_button_is_understood_when_typed(language: object) -> None:
    code = getattr(language, "code", "")
    for country in COUNTRIES_OFFERED:
        assert country_of(country_name(country, (code,))) == country


@pytest.mark.parametrize(
    ("typed", "code"),
    [("Шема", "SY"), ("Ӏиракъ", "IQ"), ("ӏиракъ", "IQ"), ("1иракъ", "IQ"), ("Iиракъ", "IQ"), ("lиракъ", "IQ"),
     ("|иракъ", "IQ"), ("Гуьржийчоь", "GE"), ("Туркойчоь", "TR"), ("Ӏоман", "OM"), ("1оман", "OM")],
)  # fmt: skip
def test_chechen_names_are_understood_whatever_stands_for_the_palochka(typed: str, code: str) -> None:
    assert country_of(typed) == code


def test_a_code_without_a_name_is_said_as_it_is() -> None:
    assert country_name("XQ", CHECHEN) == "XQ"
