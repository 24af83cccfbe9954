"""Sentences in people's languages: nothing they write changes markup or direction, nothing is ever missing."""

from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from hypothesis import given
from hypothesis import strategies as st

from bot import i18n
from bot.i18n import Html, Language, Locale, Locales, UnknownLanguage, bold, code, safe, shown
from simulator.markup import parse_html

FSI, PDI = "\u2068", "\u2069"
MOSCOW = ZoneInfo("Europe/Moscow")


@pytest.fixture
def english() -> Locale:
    return Locales(["en"]).get("en")


def catalogue(
    folder: Path, language: str, years: str | tuple[str, ...] | None = None, **sentences: str
) -> None:
    """Compile a small catalogue; underscores in the keys stand for spaces."""
    words = Catalog(locale=language)
    for sentence, translation in sentences.items():
        words.add(sentence.replace("_", " "), translation)
    words.add(("{n} year", "{n} years"), years)
    compiled = BytesIO()
    write_mo(compiled, words)
    place = folder / language / "LC_MESSAGES" / "messages.mo"
    place.parent.mkdir(parents=True)
    place.write_bytes(compiled.getvalue())


class TestValues:
    def test_a_value_is_escaped_and_keeps_its_direction_to_itself(self, english: Locale) -> None:
        said = english.t("Born: {name}", name="<b>Али & Co</b>")
        assert said == f"Born: {FSI}&lt;b&gt;Али &amp; Co&lt;/b&gt;{PDI}"

    def test_html_of_our_own_is_not_escaped_again(self, english: Locale) -> None:
        assert english.t("{a}", a=bold("x < y")) == f"{FSI}<b>x &lt; y</b>{PDI}"

    def test_plain_text_takes_no_markup(self, english: Locale) -> None:
        assert english.plain("Hello {name}", name="A & B") == "Hello A & B"

    @pytest.mark.parametrize(
        "hidden",
        ["\u202a", "\u202b", "\u202c", "\u202d", "\u202e", "\u2066", "\u2067", "\u2068", "\u2069",
         "\u200e", "\u200f", "\u061c", "\ufeff", "\x00", "\x07", "\x1b", "\x7f", "\x85", "\x9f"],
        ids=lambda sign: f"U+{ord(sign):04X}",
    )  # fmt: skip
    def test_signs_that_hide_or_turn_text_are_taken_out(self, hidden: str) -> None:
        assert shown(f"Am{hidden}ina") == "Amina"
        assert safe(f"{hidden}Amina") == f"{FSI}Amina{PDI}"

    @given(st.text())
    def test_whatever_is_written_shows_as_written_and_is_no_markup(self, value: str) -> None:
        value = value.encode("utf-8", "replace").decode()
        text, entities = parse_html(f"<b>{safe(value)}</b>")
        assert text == f"{FSI}{shown(value)}{PDI}"
        assert [entity["type"] for entity in entities] == ["bold"]

    @given(st.text(alphabet="{}<>&;name!r:0.[]%\u202e\u2069 \n"))
    def test_braces_of_a_value_are_never_filled_in(self, value: str) -> None:
        said = Locales(["en"]).get("en").t("{name}!", name=value)
        text, _ = parse_html(said)
        assert text == f"{FSI}{shown(value)}{PDI}!"

    def test_a_reference_is_shown_as_code(self) -> None:
        assert code("HW-1234-ABCD") == "<code>HW-1234-ABCD</code>"


RUSSIAN_YEARS = [
    (1, "1 год"), (2, "2 года"), (5, "5 лет"), (11, "11 лет"), (21, "21 год"), (22, "22 года"), (25, "25 лет"),
    (0, "0 лет"),
]  # fmt: skip


class TestFallbacks:
    """Chechen → Russian → English, never a message id."""

    @pytest.fixture(autouse=True)
    def _catalogues(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        catalogue(tmp_path, "ce", Help="Гӏо")
        catalogue(tmp_path, "ru", ("{n} год", "{n} года", "{n} лет"), Help="Помощь", Menu="Меню")
        monkeypatch.setattr(i18n, "LOCALES", tmp_path)
        known = (Language("ce", "Нохчийн", ("ru",)), Language("ru", "Русский"), Language("en", "English"))
        monkeypatch.setattr(i18n, "LANGUAGES", known)

    def test_each_link_of_the_chain_is_asked_in_turn(self) -> None:
        chechen = Locales(["ce", "ru", "en"]).get("ce")
        assert [chechen.t(each) for each in ("Help", "Menu", "Talk to a person")] == [
            "Гӏо",
            "Меню",
            "Talk to a person",
        ]

    @pytest.mark.parametrize(("number", "expected"), RUSSIAN_YEARS)
    def test_a_missing_plural_follows_the_rule_of_the_language_that_stands_in(
        self, number: int, expected: str
    ) -> None:
        """Chechen has two forms and Russian three; Babel compiles a missing plural as the English one."""
        chechen = Locales(["ce"]).get("ce")
        assert plain(chechen.plural("{n} year", "{n} years", number)) == expected

    def test_a_plural_that_is_there_is_taken(self, tmp_path: Path) -> None:
        (tmp_path / "ce" / "LC_MESSAGES" / "messages.mo").unlink()
        (tmp_path / "ce" / "LC_MESSAGES").rmdir()
        (tmp_path / "ce").rmdir()
        catalogue(tmp_path, "ce", ("{n} шо", "{n} шо"))
        assert plain(Locales(["ce"]).get("ce").plural("{n} year", "{n} years", 21)) == "21 шо"

    def test_a_plural_that_nobody_has_is_english(self) -> None:
        chechen = Locales(["ce"]).get("ce")
        assert plain(chechen.plural("{n} day", "{n} days", 1)) == "1 day"
        assert plain(chechen.plural("{n} day", "{n} days", 21)) == "21 days"

    def test_a_language_that_is_not_offered_any_more_becomes_the_first(self) -> None:
        locales = Locales(["ru", "en"])
        assert locales.get("ce").code == "ru"
        assert locales.get(None).code == "ru"
        assert not locales.offers("ce")

    def test_a_language_nobody_knows_stops_the_start(self) -> None:
        with pytest.raises(UnknownLanguage):
            Locales(["ru", "xx"])

    def test_a_missing_catalogue_stops_the_start(self, tmp_path: Path) -> None:
        (tmp_path / "ce" / "LC_MESSAGES" / "messages.mo").unlink()
        with pytest.raises(UnknownLanguage):
            Locales(["ce"])


class TestNumbersAndDays:
    @pytest.mark.parametrize("language", ["ru", "ce"])
    @pytest.mark.parametrize(("number", "expected"), RUSSIAN_YEARS)
    def test_russian_has_three_forms_and_chechen_borrows_them(
        self, language: str, number: int, expected: str
    ) -> None:
        locale = Locales([language]).get(language)
        assert plain(locale.plural("{n} year", "{n} years", number)) == expected

    def test_arabic_has_six_forms(self) -> None:
        arabic = Locales(["ar"]).get("ar")
        forms = [
            plain(arabic.plural("{n} person", "{n} persons", n)).replace(str(n), "#")
            for n in (0, 1, 2, 3, 11, 100)
        ]
        assert all("person" not in form for form in forms)
        assert len(set(forms)) >= 4

    @pytest.mark.parametrize(
        ("language", "expected"),
        [
            ("en", "3 November 2026"),
            ("ru", "3 ноября 2026"),
            ("ce", "3 ноября 2026"),
            ("ar", "3 تشرين الثاني 2026"),
        ],
    )
    def test_a_day_is_said_in_words(self, language: str, expected: str) -> None:
        locale = Locales([language]).get(language)
        assert locale.day(date(2026, 11, 3)) == expected
        assert locale.date_of("2026-11-03") == expected

    @pytest.mark.parametrize(
        ("language", "expected"),
        [("en", "March 2017"), ("ru", "март 2017"), ("ce", "март 2017"), ("ar", "آذار 2017")],
    )
    def test_a_month_stands_by_itself(self, language: str, expected: str) -> None:
        assert Locales([language]).get(language).month(date(2017, 3, 1)) == expected

    def test_a_moment_is_the_day_it_is_where_the_office_is(self, english: Locale) -> None:
        late = datetime(2026, 11, 22, 22, 30, tzinfo=UTC)
        assert english.date(late, MOSCOW) == "23 November 2026"
        assert english.moment(late, MOSCOW) == "23 November 2026, 01:30"

    @pytest.mark.parametrize(
        ("language", "expected"),
        [
            ("ru", "23 ноября 2026, 01:30"),
            ("ce", "23 ноября 2026, 01:30"),
            ("ar", "23 تشرين الثاني 2026, 01:30"),
        ],
    )
    def test_a_moment_is_said_as_the_language_says_its_days(self, language: str, expected: str) -> None:
        late = datetime(2026, 11, 22, 22, 30, tzinfo=UTC)
        assert Locales([language]).get(language).moment(late, MOSCOW) == expected


def test_every_line_of_arabic_runs_its_way_and_no_line_of_russian_is_touched() -> None:
    both = Locales(["ar", "ru"])
    text = Html("<b>Homeward</b>\n12.03.2017")
    assert all("\u200f" in line for line in both.get("ar").in_line(text).splitlines())
    assert both.get("ru").in_line(text) == text


@pytest.mark.parametrize(
    ("line", "begins"),
    [
        ("{name}: {n}, written", "\u200e"),
        ("<b>{name}</b>: {n}", "<b>\u200e"),
        ("2. {name} · {n}", "2. \u200e"),
        ("{name}", FSI),
        ("Language: {name}", "Language"),
        ("<blockquote>{name}\n{name}</blockquote>", "<blockquote>" + FSI),
    ],
)
def test_a_value_of_the_other_direction_does_not_turn_its_line(line: str, begins: str) -> None:
    """But a line that is nothing else runs its way."""
    said = line.format(name=f"{FSI}العربية{PDI}", n=f"{FSI}34{PDI}")
    assert Locales(["en"]).get("en").in_line(said).startswith(begins)


def test_what_is_quoted_runs_its_own_way_on_an_arabic_screen() -> None:
    quote = f"<blockquote expandable>{FSI}Приёмная открыта.\nАдрес прежний.{PDI}</blockquote>"
    shown = Locales(["ar"]).get("ar").in_line(f"2026\n{quote}\n2027")
    assert quote in shown
    assert [line[0] for line in (shown.partition("\n")[0], shown.rpartition("\n")[2])] == ["\u200f"] * 2


def test_hundredths_are_said_as_the_language_does_and_never_too_many() -> None:
    both = Locales(["en", "ru"])
    assert both.get("en").percent(132, 133) == "99%"
    assert both.get("ru").percent(1, 3) == "33\xa0%"
    assert both.get("en").percent(0, 0) == "0%"


def plain(said: str) -> str:
    return said.replace(FSI, "").replace(PDI, "")


def test_words_are_listed_with_the_commas_of_the_language() -> None:
    locales = Locales(["en", "ar"])
    assert locales.get("en").listed(["one", "two"]) == "one, two"
    assert locales.get("ar").listed(["واحد", "اثنان"]) == "واحد، اثنان"
