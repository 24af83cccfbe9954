"""Pictures of numbers: as large as a telephone needs, in any script, and moved by nothing that is written on them."""

import subprocess
import sys
from io import BytesIO

import pytest
from PIL import Image, ImageChops

from bot.charts import MOST_BARS, Bar, Panel, draw_chart, recipe_of
from bot.lettering import drawable, fitted, font
from bot.uploads import RENDERERS
from tests.casework.hostile import hostile_names, how_many

A_PICTURE = 25  # bars
WORDS = {
    "en": ("Persons, by stage", "Arrived at the office"),
    "ru": ("Люди по этапам", "Поступила в учреждение"),
    "ar": ("الأشخاص حسب المرحلة", "وصل الطلب إلى المكتب"),
}


def picture_of(heading: str, *bars: Bar, right_to_left: bool = False, remark: str = "") -> Image.Image:
    recipe = recipe_of([Panel(heading, bars, remark)], right_to_left=right_to_left)
    return Image.open(BytesIO(draw_chart(recipe))).convert("RGB")


def coloured(picture: Image.Image) -> tuple[int, int]:
    """Return from where to where the picture has the colour of bars, from the left."""
    bar = Image.new("RGB", picture.size, (0x2A, 0x6F, 0xB0))
    box = ImageChops.difference(picture, bar).convert("L").point(lambda shade: 0 if shade else 255).getbbox()
    return (box[0], box[2] - 1) if box else (-1, -1)


def test_it_is_wide_enough_and_small_enough_for_a_telephone() -> None:
    bars = [Bar("Arrived at the office", number) for number in range(24)]
    recipe = recipe_of([Panel("Persons, by stage", tuple(bars))], right_to_left=False)
    png = draw_chart(recipe)
    picture = Image.open(BytesIO(png))
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    assert len(png) < 100_000
    assert picture.width == 1080
    assert picture.height < 2 * picture.width
    assert picture.width + picture.height <= 10_000  # Bot API, sendPhoto
    assert picture.info.keys() <= {"transparency"}


def test_each_language_gives_another_picture() -> None:
    drawn = {
        code: picture_of(heading, Bar(words, 3), right_to_left=code == "ar").tobytes()
        for code, (heading, words) in WORDS.items()
    }
    assert len(set(drawn.values())) == len(WORDS)


def test_the_same_recipe_gives_the_same_picture() -> None:
    recipe = recipe_of([Panel("Ages", (Bar("0 to 2", 3),))], right_to_left=False)
    assert draw_chart(recipe) == RENDERERS["chart"](recipe).content


def test_bars_are_as_long_as_what_they_count() -> None:
    long, short = (
        coloured(picture_of("", Bar("a", each), Bar("b", 100, colour="side"))) for each in (100, 25)
    )
    assert (short[1] - short[0]) * 4 == pytest.approx(long[1] - long[0], rel=0.03)


def test_from_right_to_left_the_bars_begin_at_the_right() -> None:
    left, _ = coloured(picture_of("", Bar("a", 50), Bar("b", 100, colour="side")))
    _, right = coloured(picture_of("", Bar("a", 50), Bar("b", 100, colour="side"), right_to_left=True))
    assert left == 1080 - 1 - right


def test_a_hidden_count_has_no_bar() -> None:
    assert coloured(picture_of("", Bar("a", None, instead="fewer than 5"))) == (-1, -1)


def test_arabic_letters_are_joined_and_run_from_right_to_left() -> None:
    """ب begins, ي stands between, ت ends; what is drawn first from the left is the end of the word."""
    assert [hex(ord(each)) for each in drawable("بيت")] == ["0xfe96", "0xfef4", "0xfe91"]


def test_numbers_and_latin_words_in_an_arabic_line_keep_their_own_direction() -> None:
    line = drawable("رقم HW-7K3M في 2026")
    assert "HW-7K3M" in line
    assert line.startswith("2026")


def test_cyrillic_and_latin_lines_are_drawn_as_they_are() -> None:
    assert drawable("Хьаша  Ӏаьржа\nГрозный 2026") == "Хьаша Ӏаьржа Грозный 2026"


def test_every_letter_of_our_languages_is_in_the_typeface() -> None:
    missing = font(38).getmask("\U0010fffd").getbbox(), bytes(font(38).getmask("\U0010fffd"))
    letters = {each for words in WORDS.values() for word in words for each in drawable(word)}
    for letter in letters | set("Ӏӏёўқғҳəıİşçпыіїґ–…«»") - {" "}:
        assert (font(38).getmask(letter).getbbox(), bytes(font(38).getmask(letter))) != missing, letter


def test_long_words_are_cut_to_the_room_they_have() -> None:
    for words in ("W" * 4000, "ش" * 4000, "a b" * 900):
        line = fitted(words, 38, 400)
        assert font(38).getlength(line) <= 400
        assert "…" in line


def test_hostile_words_change_nothing_but_themselves() -> None:
    """Whatever is written beside a bar, the picture keeps its size, and what stands above and below it its place."""
    longest = Bar("W" * 400, 10, colour="side")  # so that the bars begin at the same place in all of them
    usual = picture_of("Regions", longest, *(Bar("Grozny", 5) for _ in range(A_PICTURE)))
    bars, heading = (40 + 540 + 28, 0, usual.width, usual.height), (0, 0, usual.width, 180)
    names = hostile_names(how_many(1_000))
    for start in range(0, len(names), A_PICTURE):
        picture = picture_of("Regions", longest, *(Bar(name, 5) for name in names[start : start + A_PICTURE]))
        assert picture.size == usual.size, start
        for part in (bars, heading):
            assert picture.crop(part).tobytes() == usual.crop(part).tobytes(), start


def test_more_bars_than_can_be_read_are_refused() -> None:
    with pytest.raises(ValueError, match="too many bars"):
        recipe_of([Panel("", (Bar("a", 1),) * (MOST_BARS + 1))], right_to_left=False)


def test_the_bot_starts_without_what_only_pictures_need() -> None:
    code = "import sys, bot.app; print([m for m in ('bidi', 'arabic_reshaper', 'xlsxwriter') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603
    assert done.stdout.strip() == "[]"
