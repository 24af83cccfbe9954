"""The picture to keep: a code that leads to the bot, and nothing about anybody."""

from io import BytesIO

import pytest
import segno
from PIL import Image

from bot.pictures import _MASK, _squares, draw
from tests.family import Family
from tests.handlers.paths import to_confirmation
from tests.machine import Machine

REFERENCE = "HW-ABCD-EFGH"
LINK = f"https://t.me/some_homeward_bot?start={REFERENCE}"


@pytest.fixture
def picture() -> bytes:
    return draw({"render": "reference", "reference": REFERENCE, "link": LINK})


def sheet_of(picture: bytes) -> Image.Image:
    """Return the picture in black and white."""
    return Image.open(BytesIO(picture)).convert("L").point(lambda shade: 0 if shade < 128 else 255)


def test_it_is_a_small_png(picture: bytes) -> None:
    """60 kB go in seconds over a bad connection."""
    assert picture.startswith(b"\x89PNG\r\n\x1a\n")
    assert len(picture) < 60_000


def test_the_same_words_make_the_same_picture(picture: bytes) -> None:
    assert draw({"render": "reference", "reference": REFERENCE, "link": LINK}) == picture
    assert draw({"render": "reference", "reference": "HW-ZZZZ-ZZZZ", "link": LINK}) != picture


def test_a_code_put_together_is_the_code_of_its_link() -> None:
    for reference in ("HW-2222-2222", "HW-ABCD-EFGH", "HW-ZYXW-3456", "HW-K7M9-PQ4T"):
        link = f"https://t.me/some_homeward_bot?start={reference}"
        matrix = segno.make_qr(link, error="m", mask=_MASK).matrix
        assert _squares(link) == ["".join("0" if square else "f" for square in row) for row in matrix]


def test_the_code_holds_the_link_square_by_square(picture: bytes) -> None:
    """Find the code by its border, read each square in the middle, and hold it against what segno makes."""
    sheet = sheet_of(picture)
    side, left, top = _code_in(sheet)
    found = None
    for mask in range(8):
        matrix = [list(row) for row in segno.make_qr(LINK, error="m", mask=mask).matrix]
        step = side / len(matrix)
        read = [
            [
                sheet.getpixel((round(left + (x + 0.5) * step), round(top + (y + 0.5) * step))) == 0
                for x in range(len(matrix))
            ]
            for y in range(len(matrix))
        ]
        if read == [[bool(cell) for cell in row] for row in matrix]:
            found = mask
    assert found is not None


def _code_in(sheet: Image.Image) -> tuple[int, int, int]:
    """Return side, left and top of the code: the ink between the banner and the reference."""
    above, below = 64, 412
    part = sheet.crop((0, above, sheet.width, below)).point(lambda shade: 255 - shade)
    box = part.getbbox()
    assert box is not None
    left, top, right, bottom = box
    assert right - left == bottom - top
    return right - left, left, top + above


def test_there_is_white_around_the_code(picture: bytes) -> None:
    """ISO/IEC 18004: a quiet zone of four squares, or telephones do not find it."""
    sheet = sheet_of(picture)
    side, left, top = _code_in(sheet)
    quiet = 4 * side // len(list(segno.make_qr(LINK, error="m").matrix))
    around = sheet.crop((left - quiet, top - quiet, left + side + quiet, top + side + quiet))
    around.paste(255, (quiet, quiet, quiet + side, quiet + side))
    assert around.getextrema() == (255, 255)


def test_another_picture_is_not_known() -> None:
    with pytest.raises(ValueError, match="no such picture"):
        draw({"render": "portrait"})


async def test_what_is_drawn_knows_no_name(machine: Machine, family: Family) -> None:
    """The same reference of two families would give the same picture: nothing else goes into it."""
    await to_confirmation(family, "Amina Alieva")
    photo = family.from_bot[-1]
    content = machine.world.files[photo["photo"][-1]["file_id"]].upload.content
    reference = next(
        b["copy_text"]["text"]
        for row in family.from_bot[-2]["reply_markup"]["inline_keyboard"]
        for b in row
        if "copy_text" in b
    )
    link = f"https://t.me/{machine.homeward.around.bot_username}?start={reference}"
    assert content == draw({"render": "reference", "reference": reference, "link": link})
    assert Image.open(BytesIO(content)).info.keys() <= {"transparency", "gamma", "dpi"}
