from simulator.text import clean, trimmed, units


def test_text_is_counted_in_utf_16_units() -> None:
    assert [units(text) for text in ("a", "ж", "ع", "😀", "👨‍👩‍👧", "")] == [1, 1, 1, 2, 8, 0]


def test_overrides_and_control_characters_do_not_arrive_but_isolates_do() -> None:
    assert clean("a\u202eb\u2028c\r\td\x00\n") == "abc d \n"
    assert clean("\u2068Хадижат\u2069\u200f") == "\u2068Хадижат\u2069\u200f"


def test_blanks_around_a_text_are_cut_and_entities_follow() -> None:
    assert trimmed("  ab \n", [{"type": "bold", "offset": 1, "length": 5}]) == (
        "ab",
        [{"type": "bold", "offset": 0, "length": 2}],
    )
    assert trimmed(" a", [{"type": "bold", "offset": 0, "length": 1}]) == ("a", [])
