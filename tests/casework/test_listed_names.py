"""What the office calls a place or a flight: one line that can be shown, or nothing."""

import pytest

from casework.listed_names import LONGEST, folded, listed_name
from tests.casework.hostile import hostile_names


@pytest.mark.parametrize(
    "typed", ["", "  ", "\n\t", "…", "---", "\u202e", "👨‍👩‍👧", "x" * (LONGEST + 1), "x" * 65_536, "\x00"]
)
def test_what_is_no_name(typed: str) -> None:
    assert listed_name(typed) is None


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        (" Roj\n camp ", "Roj camp"),
        ("2026-7", "2026-7"),
        ("رحلة ٧", "رحلة ٧"),
        ("\u202eЛагерь\u2069 Родж", "Лагерь Родж"),
        ("{name} <b>%s</b>", "{name} <b>%s</b>"),
        ("x" * LONGEST, "x" * LONGEST),
    ],
)
def test_what_is_a_name(typed: str, name: str) -> None:
    assert listed_name(typed) == name


def test_any_name_is_one_short_line_and_stays_as_it_is() -> None:
    names = [name for each in hostile_names(3_000) if (name := listed_name(each)) is not None]
    assert len(names) > 100
    for name in names:
        assert len(name) <= LONGEST
        assert name.splitlines() == [name]
        assert listed_name(name) == name


def test_two_spellings_of_one_name() -> None:
    assert folded("ROJ-camp") == folded("Roj camp")
    assert folded("Лагерь «Родж»") == folded("лагерь родж")
    assert folded("مخيم روج") != folded("مخيم الهول")
