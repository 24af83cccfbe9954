"""The picture a family can save: the reference and a code that opens this bot.

No name, no place, nothing about anybody.
"""

from functools import cache
from io import BytesIO

import segno
from PIL import Image, ImageDraw, ImageFont

_WIDTH, _HEIGHT = 720, 860
_INK, _PAPER = (0x17, 0x32, 0x4D), (0xFF, 0xFF, 0xFF)
_INK_SHADE, _PAPER_SHADE = 0, 255
_QR_AT, _QR_SIZE = (150, 120), 420


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
    pen.rectangle((0, 0, _WIDTH, 76), fill=_INK_SHADE)
    pen.text((_WIDTH // 2, 38), "Homeward", font=_font(40), fill=_PAPER_SHADE, anchor="mm")
    sheet.paste(_qr(link), _QR_AT)
    pen.text((_WIDTH // 2, 640), reference, font=_font(72), fill=_INK_SHADE, anchor="mm")
    pen.text((_WIDTH // 2, 760), link.removeprefix("https://"), font=_font(24), fill=_INK_SHADE, anchor="mm")
    sheet.putpalette(_shades())
    out = BytesIO()
    sheet.save(out, "PNG")
    return out.getvalue()


def _qr(link: str) -> Image.Image:
    matrix = [list(row) for row in segno.make_qr(link, error="m").matrix]
    side = len(matrix)
    small = Image.new("L", (side, side))
    small.putdata([_INK_SHADE if cell else _PAPER_SHADE for row in matrix for cell in row])
    return small.resize((_QR_SIZE, _QR_SIZE), Image.Resampling.NEAREST)


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
