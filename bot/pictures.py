"""The picture a family can save: the reference and a code that opens this bot.

No name, no place, nothing about anybody.
"""

from functools import cache
from io import BytesIO

import segno
from PIL import Image, ImageDraw, ImageFont

_WIDTH, _HEIGHT = 560, 660
_INK, _PAPER = (0x17, 0x32, 0x4D), (0xFF, 0xFF, 0xFF)
_INK_SHADE, _PAPER_SHADE = 0, 255
_MASK = (
    3  # within a hundredth of the best for such links by the standard's own score; trying all eight is dear
)
_COMPRESSION = 3  # of 9: nearly as small, in half the time
_BANNER = 64
_QR_MIDDLE, _QR_LARGEST = 276, 340


def draw(what: dict[str, str]) -> bytes:
    """Draw what an outbox row asks for and return a PNG.

    Raises:
        ValueError: no such picture.
    """
    if what.get("render") != "reference":
        raise ValueError("no such picture")
    return _reference(what["reference"], what["link"])


def _reference(reference: str, link: str) -> bytes:
    """Draw in shades from paper to ink, so that letters are smooth and the file stays small for a slow network."""
    sheet = Image.new("L", (_WIDTH, _HEIGHT), _PAPER_SHADE)
    pen = ImageDraw.Draw(sheet)
    middle = _WIDTH // 2
    pen.rectangle((0, 0, _WIDTH, _BANNER), fill=_INK_SHADE)
    pen.text((middle, _BANNER // 2), "Homeward", font=_font(32), fill=_PAPER_SHADE, anchor="mm")
    qr = _qr(link)
    sheet.paste(qr, (middle - qr.width // 2, _QR_MIDDLE - qr.height // 2))
    pen.text((middle, 520), reference, font=_font(58), fill=_INK_SHADE, anchor="mm")
    pen.text((middle, 604), link.removeprefix("https://"), font=_font(19), fill=_INK_SHADE, anchor="mm")
    sheet.putpalette(_shades())
    out = BytesIO()
    sheet.save(out, "PNG", compress_level=_COMPRESSION)
    return out.getvalue()


def _qr(link: str) -> Image.Image:
    matrix = [list(row) for row in segno.make_qr(link, error="m", mask=_MASK).matrix]
    side = len(matrix)
    small = Image.new("L", (side, side))
    small.putdata([_INK_SHADE if cell else _PAPER_SHADE for row in matrix for cell in row])
    whole_pixels = _QR_LARGEST // side  # so that every square is equally large
    return small.resize((side * whole_pixels, side * whole_pixels), Image.Resampling.NEAREST)


def _shades() -> list[int]:
    """Return the palette: 256 steps from ink to paper."""
    steps = _PAPER_SHADE - _INK_SHADE
    return [
        ink + (paper - ink) * shade // steps
        for shade in range(steps + 1)
        for ink, paper in zip(_INK, _PAPER, strict=True)
    ]


@cache
def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)
