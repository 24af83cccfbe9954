"""The picture a family can save: the reference and a code that opens this bot.

No name, no place, nothing about anybody.
"""

from functools import cache, lru_cache
from io import BytesIO
from zlib import Z_RLE

import segno
from PIL import Image, ImageDraw, ImageFont

_WIDTH, _HEIGHT = 480, 520
_MIDDLE = _WIDTH // 2
_BITS = 4  # a pixel
_TO_SIXTEEN = [shade >> 4 for shade in range(256)]
_INK, _PAPER = (0x17, 0x32, 0x4D), (0xFF, 0xFF, 0xFF)
_INK_SHADE, _PAPER_SHADE = 0, 255
_MASK = (
    3  # within a hundredth of the best for such links by the standard's own score; trying all eight is dear
)
_COMPRESSION = 3  # of 9: nearly as small, in half the time
_DIFFERENT, _FILLER = len("XXXX-XXXX"), "2"  # a reference's letters, the last of a link
_BANNER = 56
_QR_MIDDLE, _QR_LARGEST = 238, 290  # leaves the four squares of white that telephones look for


def draw(what: dict[str, str]) -> bytes:
    """Draw what an outbox row asks for and return a PNG.

    Raises:
        ValueError: no such picture.
    """
    if what.get("render") != "reference":
        raise ValueError("no such picture")
    return _reference(what["reference"], what["link"])


def _reference(reference: str, link: str) -> bytes:
    """Draw in sixteen shades from paper to ink: letters are smooth, and the file stays small for a slow network."""
    sheet = _empty_sheet().copy()
    pen = ImageDraw.Draw(sheet)
    qr = _qr(link)
    sheet.paste(qr, (_MIDDLE - qr.width // 2, _QR_MIDDLE - qr.height // 2))
    pen.text((_MIDDLE, 450), reference, font=_font(50), fill=_INK_SHADE, anchor="mm")
    sheet = sheet.point(_TO_SIXTEEN)
    sheet.putpalette(_shades())
    out = BytesIO()
    sheet.save(out, "PNG", compress_level=_COMPRESSION, bits=_BITS, compress_type=Z_RLE)
    return out.getvalue()


@cache
def _empty_sheet() -> Image.Image:
    """Return what is the same on every picture."""
    sheet = Image.new("L", (_WIDTH, _HEIGHT), _PAPER_SHADE)
    pen = ImageDraw.Draw(sheet)
    pen.rectangle((0, 0, _WIDTH, _BANNER), fill=_INK_SHADE)
    pen.text((_MIDDLE, _BANNER // 2), "Homeward", font=_font(28), fill=_PAPER_SHADE, anchor="mm")
    return sheet


def _qr(link: str) -> Image.Image:
    """Return the code, put together of the shares of the letters in which links differ.

    A QR code is linear (ISO/IEC 18004: Reed–Solomon codes, and a mask that is added): which of its squares a letter
    changes does not depend on the others, nor what one of its bits does on the other bits. So each bit at each place is
    encoded once, and not each family's code.
    """
    start = link[:-_DIFFERENT] + _FILLER * _DIFFERENT
    side, cells = _cells(start)
    for place in range(len(start) - _DIFFERENT, len(start)):
        cells ^= _share(start, place, ord(link[place]) ^ ord(_FILLER))
    small = Image.frombytes("L", (side, side), cells.to_bytes(side * side))
    whole_pixels = _QR_LARGEST // side  # so that every square is equally large
    return small.resize((side * whole_pixels, side * whole_pixels), Image.Resampling.NEAREST)


@lru_cache(maxsize=1024)  # letters at places, which tell of nobody
def _share(start: str, place: int, bits: int) -> int:
    """Return what a letter changes that differs from the filler, in whose place it stands, by these bits."""
    lowest = bits & -bits
    rest = bits ^ lowest
    return _share_of_bit(start, place, lowest) ^ (_share(start, place, rest) if rest else 0) if bits else 0


@lru_cache(maxsize=128)
def _share_of_bit(start: str, place: int, bit: int) -> int:
    changed = start[:place] + chr(ord(_FILLER) ^ bit) + start[place + 1 :]
    return _cells(start)[1] ^ _encoded(changed)[1]


@lru_cache(maxsize=2)
def _cells(start: str) -> tuple[int, int]:
    return _encoded(start)


def _encoded(link: str) -> tuple[int, int]:
    """Return the side of the code in squares, and all of them in one number, a byte each."""
    matrix = segno.make_qr(link, error="m", mask=_MASK).matrix
    cells = bytes(_INK_SHADE if cell else _PAPER_SHADE for row in matrix for cell in row)
    return len(matrix), int.from_bytes(cells)


@cache
def _shades() -> list[int]:
    """Return the palette: steps from ink to paper."""
    last = 2**_BITS - 1
    return [
        ink + (paper - ink) * step // last
        for step in range(last + 1)
        for ink, paper in zip(_INK, _PAPER, strict=True)
    ]


@cache
def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    font = ImageFont.load_default(size)
    # Latin letters and digits need no shaping; the plain layout is several times as fast.
    return (
        font.font_variant(layout_engine=ImageFont.Layout.BASIC)
        if isinstance(font, ImageFont.FreeTypeFont)
        else font
    )
