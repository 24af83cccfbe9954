"""The picture a family can save: the reference and a code that opens this bot.

No name, no place, nothing about anybody.
"""

from io import BytesIO

import segno
from PIL import Image, ImageDraw, ImageFont

_WIDTH, _HEIGHT = 720, 860
_INK, _PAPER, _ACCENT = "#17324d", "#ffffff", "#2f7d6d"
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
    sheet = Image.new("P", (_WIDTH, _HEIGHT), _PAPER)
    sheet.putpalette(_palette())
    pen = ImageDraw.Draw(sheet)
    pen.fontmode = "1"
    pen.rectangle((0, 0, _WIDTH, 76), fill=2)
    pen.text((_WIDTH // 2, 38), "Homeward", font=_font(40), fill=0, anchor="mm")
    sheet.paste(_qr(link), _QR_AT)
    pen.text((_WIDTH // 2, 660), reference, font=_font(66), fill=1, anchor="mm")
    pen.text((_WIDTH // 2, 760), link.removeprefix("https://"), font=_font(24), fill=1, anchor="mm")
    out = BytesIO()
    sheet.save(out, "PNG")
    return out.getvalue()


def _qr(link: str) -> Image.Image:
    """Draw the code in the sheet's own colours."""
    matrix = [list(row) for row in segno.make_qr(link, error="m").matrix]
    side = len(matrix)
    small = Image.new("P", (side, side))
    small.putdata([1 if cell else 0 for row in matrix for cell in row])
    return small.resize((_QR_SIZE, _QR_SIZE), Image.Resampling.NEAREST)


def _palette() -> list[int]:
    return [channel for colour in (_PAPER, _INK, _ACCENT) for channel in bytes.fromhex(colour[1:])]


def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)
