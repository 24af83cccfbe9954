"""The container of a picture: what was put in comes out, in any reader."""

from io import BytesIO

from PIL import Image

from bot.png import Colour, png, row, rows_alike

_PALETTE: list[Colour] = [(shade, 255 - shade, 7 * shade % 256) for shade in range(0, 256, 17)]


def test_every_pixel_has_its_colour() -> None:
    lines = ["0123456789abcdef", "ffff0000ffff0000", "fedcba9876543210"]
    picture = Image.open(
        BytesIO(png(16, 7, _PALETTE, row(lines[0]) + rows_alike(lines[1], 5) + row(lines[2])))
    )
    picture.load()
    assert (picture.format, picture.size, picture.info) == ("PNG", (16, 7), {})
    drawn = picture.convert("RGB")
    for y, line in enumerate([lines[0], *[lines[1]] * 5, lines[2]]):
        assert [drawn.getpixel((x, y)) for x in range(16)] == [_PALETTE[int(digit, 16)] for digit in line]
