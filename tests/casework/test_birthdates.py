"""Real ways to say when somebody was born, and what each must mean. Today is 22 November 2026."""

import csv
import json
import random
import re
import statistics
import subprocess
import sys
import time
from datetime import date, timedelta
from pathlib import Path

import pytest
from babel.dates import format_date
from edtf import parse_edtf
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from casework.birthdates import (
    BirthDate,
    DontKnow,
    Kind,
    Reason,
    Refused,
    Spoken,
    Unsure,
    from_json,
    parse_stored,
    spoken,
    to_json,
    understand,
)
from casework.dates.ages import AGES
from casework.dates.answers import Saying
from casework.dates.gregorian import DATES
from casework.dates.hijri import LUNAR_DATES
from casework.dates.lexicon import Token, lexicon
from casework.dates.shapes import read
from casework.dates.sorts import Sort
from casework.partial_dates import approximate, months_before, span

TODAY = date(2026, 11, 22)
LANGUAGES = ("ru", "en", "ar", "ce")
# What tokens.py lets through, by letter of a shape.
BOUNDS = {
    "y": (1000, 9999),
    "l": (1343, 1499),
    "n": (0, 999),
    "M": (1, 12),
    "H": (1, 12),
    "S": (1, 4),
    "E": (1, 3),
}
Heard = BirthDate | Unsure | Refused | DontKnow

with Path(__file__).with_name("birthdates.tsv").open(encoding="utf-8", newline="") as table:
    WAYS = [tuple(row) for row in csv.reader(table, delimiter="\t", quoting=csv.QUOTE_NONE)][1:]

any_language = st.sampled_from(LANGUAGES)
any_way = st.sampled_from(WAYS)
birth_days = st.dates(date(1927, 1, 1), TODAY)


def hear(typed: str, language: str = "ru", today: date = TODAY) -> Heard:
    return understand(typed, today=today, language=language)


def in_the_table(heard: Heard) -> str:
    """As the third column has it: understood, or "ask: one | other", or "refuse: reason", or "don't know"."""
    match heard:
        case BirthDate(edtf=edtf, age_stated=age):
            return f"{age} = {edtf}" if age else edtf
        case Unsure(candidates=candidates):
            return "ask: " + " | ".join(map(in_the_table, candidates))
        case Refused(reason=reason):
            return f"refuse: {reason}"
        case DontKnow():
            return "don't know"


def births_in(heard: Heard) -> tuple[BirthDate, ...]:
    return (heard,) if isinstance(heard, BirthDate) else getattr(heard, "candidates", ())


def test_the_table_is_long_and_has_every_language() -> None:
    by_language = {language: sum(row[0] == language for row in WAYS) for language in LANGUAGES}
    assert len(WAYS) >= 200
    assert min(by_language.values()) >= 40, by_language
    assert len({row[:2] for row in WAYS}) == len(WAYS)


@pytest.mark.parametrize(("language", "typed", "meaning"), WAYS)
def test_a_way_to_say_it(language: str, typed: str, meaning: str) -> None:
    assert in_the_table(hear(typed, language)) == meaning


@pytest.mark.parametrize(("language", "typed", "meaning"), WAYS)
def test_what_is_stored_is_edtf_and_survives_storage(language: str, typed: str, meaning: str) -> None:
    for birth in births_in(hear(typed, language)):
        assert str(parse_edtf(birth.edtf)).replace(", ", ",") == birth.edtf
        stored = to_json(birth)
        assert all(isinstance(value, str) for value in stored.values())
        assert from_json(json.loads(json.dumps(stored))) == birth, meaning


# Whatever is typed


@given(st.text(max_size=150), any_language)
@example("0000", "ru")
@example("00.00.0000", "ru")
@example("ﷺ" * 120, "ar")
@example("تشرين " * 20, "ar")
@example("7½", "en")
@example("\ud800", "ru")
def test_nothing_that_is_typed_raises(text: str, language: str) -> None:
    hear(text, language)


pieces = st.sampled_from([
    *lexicon()[0], *(str(number) for number in (0, 3, 7, 12, 16, 17, 31, 85, 125, 1438, 1899, 2016, 2017, 2026, 9999)),
    *".,-/?()", "Хадижат", "٧", "\n",
])  # fmt: skip


@given(st.lists(pieces, max_size=9), st.sampled_from(["", " "]), any_language)
@settings(max_examples=1500)
def test_words_of_the_tables_in_any_order_mean_nothing_impossible(
    words: list[str], between: str, language: str
) -> None:
    heard = hear(between.join(words)[:120], language)
    if isinstance(heard, Unsure):
        assert 1 <= len(heard.candidates) <= 3
        assert len(set(heard.candidates)) == len(heard.candidates)
    for birth in births_in(heard):
        assert parse_stored(edtf=birth.edtf).edtf == birth.edtf
        parse_edtf(birth.edtf)
        first, last = span(birth.edtf)
        assert first <= TODAY, "born in the future"
        assert last >= months_before(TODAY, 120 * 12), "older than anybody"
        assert isinstance(spoken(birth), Spoken)


@pytest.mark.parametrize("pattern", [pattern for pattern, _ in (*AGES, *DATES, *LUNAR_DATES)])
@given(st.data())
@settings(max_examples=30)
def test_every_rule_can_read_every_shape_it_claims(pattern: str, data: st.DataObject) -> None:
    letters = data.draw(st.from_regex(re.compile(pattern), fullmatch=True))
    numbers = data.draw(st.tuples(*(st.integers(*BOUNDS.get(letter, (0, 0))) for letter in letters)))
    tokens = [
        Token(Sort(letter), number, str(number)) for letter, number in zip(letters, numbers, strict=True)
    ]
    said = Saying(TODAY, marks=frozenset(), words=frozenset())
    assert isinstance(read(said, tokens), BirthDate | Unsure | Refused)


def test_random_letters_are_hardly_ever_a_date() -> None:
    dice = random.Random(7)  # noqa: S311 - the same letters every time, no secret
    letters = "абвгдежзиклмнопрстуфхцчшэюя abcdefghijklmnopqrstuvwxyz ابتثجحخدذرزسشصضطظعغفقكلمنهوي"
    heard = [hear("".join(dice.choices(letters, k=dice.randint(4, 40)))) for _ in range(2000)]
    assert sum(answer == Refused(Reason.NOT_A_DATE) for answer in heard) >= 1990
    assert not [answer for answer in heard if isinstance(answer, BirthDate)]


ARABIC_INDIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
PERSIAN = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")
FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")


@given(any_way, st.sampled_from([ARABIC_INDIC, PERSIAN, FULL_WIDTH]))
def test_digits_mean_the_same_in_every_script(way: tuple[str, ...], script: dict[int, int]) -> None:
    language, typed, meaning = way
    assume(not re.search(r"[хХ]1", typed))  # here the 1 is a letter of Chechen
    assert in_the_table(hear(typed.translate(script), language)) == meaning


@given(any_way, st.sampled_from([" ", "  ", "\t", "\u00a0", "\u202f", "\u3000"]))
def test_spaces_and_invisible_marks_mean_nothing(way: tuple[str, ...], space: str) -> None:
    language, typed, meaning = way
    isolated = f"{space}\u2068{typed.replace(' ', space)}\u2069{space}\u200f"
    assert in_the_table(hear(isolated, language)) == meaning


@given(any_way)
def test_capitals_mean_nothing(way: tuple[str, ...]) -> None:
    language, typed, meaning = way
    assert (
        in_the_table(hear(typed.upper(), language)) == in_the_table(hear(typed.lower(), language)) == meaning
    )


# Dates as each language writes them


@given(
    birth_days,
    st.sampled_from(["ru", "ce", "ar", "ar_IQ", "ar_SY", "ar_MA", "ar_DZ", "ar_TN", "en_GB", "en_US"]),
)
def test_a_date_in_words_comes_back_as_it_was(day: date, locale: str) -> None:
    for style in ("full", "long", "medium"):
        typed = format_date(day, style, locale=locale)
        assert hear(typed, locale[:2]) == BirthDate(day.isoformat()), typed


@given(birth_days, st.sampled_from(["dd.MM.yyyy", "d.M.yyyy", "dd/MM/yyyy", "d-M-yyyy", "yyyy-MM-dd", "dd MM yyyy",
                                    "ddMMyyyy", "yyyyMMdd", "dd.MM.yy", "d/M/yy"]))  # fmt: skip
def test_a_date_in_digits_comes_back_day_first(day: date, pattern: str) -> None:
    typed = format_date(day, pattern, locale="en")
    assert hear(typed) == BirthDate(day.isoformat()), typed


@given(birth_days, any_language)
def test_a_month_comes_back_as_a_month_and_a_year_as_a_year(day: date, language: str) -> None:
    for locale in (language, "ar_SY", "ar_TN"):
        assert hear(format_date(day, "LLLL yyyy", locale=locale), language) == BirthDate(f"{day:%Y-%m}")
    assert hear(format_date(day, "yyyy", locale=language), language) == BirthDate(f"{day:%Y}")


# Ages


@given(st.integers(0, 119), st.dates(date(2020, 1, 1), date(2040, 12, 31)))
def test_an_age_in_years_holds_everybody_who_is_so_old_and_nobody_else(years: int, today: date) -> None:
    heard = hear(f"ей {years} лет", today=today)
    assert isinstance(heard, BirthDate)
    assert (heard.age_stated, heard.stated_on) == (f"P{years}Y", today)
    first, last = span(heard.edtf)
    assert (months_before(today, years * 12), months_before(today, years * 12 + 12)) == (
        last,
        first - timedelta(1),
    )


@given(st.integers(1, 60), st.dates(date(2020, 1, 1), date(2040, 12, 31)))
def test_an_age_in_months_spans_about_a_month(months: int, today: date) -> None:
    heard = hear(f"{months} months", "en", today)
    assert isinstance(heard, BirthDate)
    first, last = span(heard.edtf)
    assert first <= last <= today
    assert (last - first).days <= 31


def test_an_age_said_in_november_is_the_age_of_that_november() -> None:
    assert to_json(births_in(hear("7 лет"))[0]) == {
        "edtf": "2018-11-23/2019-11-22",
        "age": "P7Y",
        "on": "2026-11-22",
    }


# Refused, asked back


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("30.02.2017", Reason.NO_SUCH_DAY),
        ("12 марта", Reason.NO_YEAR),
        ("ей было 3 года", Reason.AGE_THEN),
        ("2027", Reason.FUTURE),
        ("23.11.2026", Reason.FUTURE),
        ("121 год", Reason.TOO_OLD),
        ("1905", Reason.TOO_OLD),
        ("Ramadan 1924", Reason.TOO_OLD),  # before the tables of the calendar begin
        ("спросите у мамы", Reason.NOT_A_DATE),
        ("7" * 121, Reason.TOO_LONG),
    ],
)
def test_each_refusal_says_why(typed: str, reason: Reason) -> None:
    assert hear(typed) == Refused(reason)


def test_a_chechen_month_of_old_is_never_guessed() -> None:
    for typed in ("Бекарг бутт 2017", "Оханан бутт 2017", "Тушоли бутт 2017"):
        assert hear(typed, "ce") == Unsure((BirthDate("2017"),))


def test_ya_is_or_in_chechen_and_i_in_russian() -> None:
    assert hear("2016 я 2017", "ce") == BirthDate("[2016,2017]")
    assert isinstance(hear("2016 я 2017", "ru"), Unsure)


# Taken apart for rendering, and stored


@pytest.mark.parametrize(
    ("birth", "expected"),
    [
        (BirthDate("2017-03-12"), Spoken(Kind.DAY, year=2017, month=3, day=12)),
        (BirthDate("2017-03-12~"), Spoken(Kind.DAY, about=True, year=2017, month=3, day=12)),
        (BirthDate("2017-03"), Spoken(Kind.MONTH, year=2017, month=3)),
        (BirthDate("2017"), Spoken(Kind.YEAR, year=2017)),
        (BirthDate("2015~"), Spoken(Kind.ABOUT_YEAR, about=True, year=2015)),
        (BirthDate("2017-21"), Spoken(Kind.SEASON, year=2017, season=1)),
        (
            BirthDate("2014/2016"),
            Spoken(Kind.BETWEEN, parts=(Spoken(Kind.YEAR, year=2014), Spoken(Kind.YEAR, year=2016))),
        ),
        (
            BirthDate("[2016,2017]"),
            Spoken(Kind.EITHER, parts=(Spoken(Kind.YEAR, year=2016), Spoken(Kind.YEAR, year=2017))),
        ),
        (
            BirthDate("2018-11-23/2019-11-22", "P7Y", TODAY),
            Spoken(Kind.AGE_YEARS, years=7, stated_on=TODAY),
        ),
        (
            BirthDate("2026-02-23/2026-03-22", "P8M", TODAY),
            Spoken(Kind.AGE_MONTHS, months=8, stated_on=TODAY),
        ),
        (
            BirthDate("2024-07-23~/2024-08-22~", "P2Y3M", TODAY),
            Spoken(Kind.AGE_YEARS_MONTHS, about=True, years=2, months=3, stated_on=TODAY),
        ),
    ],
)
def test_spoken(birth: BirthDate, expected: Spoken) -> None:
    assert spoken(birth) == expected


def test_a_range_of_ages_is_spoken_as_two_ages() -> None:
    said = spoken(births_in(hear("6-7 лет"))[0])
    assert (said.kind, [(part.kind, part.years) for part in said.parts]) == (
        Kind.BETWEEN,
        [(Kind.AGE_YEARS, 6), (Kind.AGE_YEARS, 7)],
    )


@pytest.mark.parametrize(
    "edtf",
    ["", "17", "2017-13", "2017-02-30", "2017-3", "2017~-03", "2016/2015", "2014/2015/2016", "[]", "[2016", "٢٠١٧",
     "2017-21-01", "0000", "2017\n", "2017-03-12/.."],
)  # fmt: skip
def test_what_was_never_stored_is_not_read_back(edtf: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        parse_stored(edtf)


@pytest.mark.parametrize(
    ("age", "day"), [("P7Y", None), (None, "2026-11-22"), ("7", "2026-11-22"), ("P", "2026-11-22")]
)
def test_an_age_is_read_back_only_with_its_day(age: str | None, day: str | None) -> None:
    with pytest.raises(ValueError, match="age"):
        parse_stored("2018-11-23/2019-11-22", age, day)


def test_about_is_said_once() -> None:
    assert approximate(approximate("2014/2016")) == "2014~/2016~"
    assert approximate("2017-21") == "2017-21"
    assert approximate("[2016,2017]") == "[2016,2017]"


# Cost


def test_an_answer_is_understood_in_well_under_a_millisecond() -> None:
    hear("رمضان 1438", "ar")  # the tables are read once
    took = []
    for language, typed, _ in WAYS:
        began = time.perf_counter()
        hear(typed, language)
        took.append(time.perf_counter() - began)
    assert statistics.median(took) < 0.0005


def test_importing_it_loads_no_heavy_library_and_no_telegram() -> None:
    loaded = subprocess.run(
        [sys.executable, "-c", "import sys, casework.birthdates; print(*sys.modules)"],
        check=True, capture_output=True, text=True, cwd=Path(__file__).parents[2],
    ).stdout.split()  # fmt: skip
    assert not {"hijridate", "dateparser", "edtf", "babel", "telegram", "bot", "handlers"} & set(loaded)
