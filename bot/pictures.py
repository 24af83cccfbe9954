"""The picture a family can save: the reference and a code that opens this bot.

No name, no place, nothing about anybody.
"""

from functools import cache, lru_cache

import segno
from PIL import Image, ImageDraw, ImageFont

from bot.png import Colour, png, row, rows_alike

_WIDTH, _HEIGHT = 480, 520
_MIDDLE = _WIDTH // 2
_INK, _PAPER = (0x17, 0x32, 0x4D), (0xFF, 0xFF, 0xFF)
_INK_SHADE, _PAPER_SHADE = "0", "f"  # digits of the palette
_MASK = (
    3  # within a hundredth of the best for such links by the standard's own score; trying all eight is dear
)
_DIFFERENT, _FILLER = len("XXXX-XXXX"), "2"  # a reference's letters, the last of a link
_BANNER = 56
_LETTERS, _LETTERS_TOP = 50, 425
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
    """Draw in sixteen shades from ink to paper: letters are smooth, and the file stays small for a slow network."""
    code, side = _code(link)
    top = _QR_MIDDLE - side // 2
    between, below = _LETTERS_TOP - top - side, _HEIGHT - _LETTERS_TOP - _LETTERS
    rows = b"".join((_above(top), code, _white(between), _lettering(reference), _white(below)))
    return png(_WIDTH, _HEIGHT, _shades(), rows)


@lru_cache(maxsize=4)
def _white(rows: int) -> bytes:
    return rows_alike(_PAPER_SHADE * _WIDTH, rows)


def _code(link: str) -> tuple[bytes, int]:
    """Return the rows of the sheet with the code, in whole pixels so that every square is equally large; how many."""
    squares = _squares(link)
    each = _QR_LARGEST // len(squares)
    ink, paper = _INK_SHADE * each, _PAPER_SHADE * each
    large = [line.replace(_INK_SHADE, ink).replace(_PAPER_SHADE, paper) for line in squares]
    rows = b"".join([rows_alike(line.center(_WIDTH, _PAPER_SHADE), each) for line in large])
    return rows, each * len(squares)


def _lettering(reference: str) -> bytes:
    """Return the rows of the sheet with the reference."""
    lines = map("".join, zip(*map(_letter, reference), strict=True))
    return b"".join([row(line.center(_WIDTH, _PAPER_SHADE)) for line in lines])


@lru_cache(maxsize=2)
def _above(height: int) -> bytes:
    """Return the rows at the top of the sheet."""
    sheet = Image.new("L", (_WIDTH, height), 255)
    pen = ImageDraw.Draw(sheet)
    pen.rectangle((0, 0, _WIDTH, _BANNER), fill=0)
    pen.text((_MIDDLE, _BANNER // 2), "Homeward", font=_font(28), fill=255, anchor="mm")
    return b"".join(map(row, _in_shades(sheet)))


@lru_cache(maxsize=64)  # more than a reference has letters to choose from
def _letter(letter: str) -> list[str]:
    """Return the rows of one letter of a reference. Drawing the dozen anew took longer than the rest of the picture."""
    font = _font(_LETTERS)
    tile = Image.new("L", (round(font.getlength(letter)), _LETTERS), 255)
    ImageDraw.Draw(tile).text((0, _LETTERS // 2), letter, font=font, fill=0, anchor="lm")
    return _in_shades(tile)


def _in_shades(drawing: Image.Image) -> list[str]:
    """Return the rows of a drawing from black to white, a digit a pixel."""
    digits = "".join(f"{grey >> 4:x}" for grey in drawing.tobytes())
    return [digits[at : at + drawing.width] for at in range(0, len(digits), drawing.width)]


def _squares(link: str) -> list[str]:
    """Return the code, a digit a square, put together of the shares of the letters in which links differ.

    A QR code is linear (ISO/IEC 18004: Reed–Solomon codes, and a mask that is added): which of its squares a letter
    changes does not depend on the others, nor what one of its bits does on the other bits. So each bit at each place is
    encoded once, and not each family's code.
    """
    start = link[:-_DIFFERENT] + _FILLER * _DIFFERENT
    side, cells = _cells(start)
    for place in range(len(start) - _DIFFERENT, len(start)):
        cells ^= _share(start, place, ord(link[place]) ^ ord(_FILLER))
    whole = cells.to_bytes(side * side).decode("ascii")
    return [whole[at : at + side] for at in range(0, side * side, side)]


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
    cells = "".join(_INK_SHADE if cell else _PAPER_SHADE for row in matrix for cell in row)
    return len(matrix), int.from_bytes(cells.encode("ascii"))


@cache
def _shades() -> list[Colour]:
    """Return the palette: steps from ink to paper."""
    return [
        (_step(_INK[0], _PAPER[0], step), _step(_INK[1], _PAPER[1], step), _step(_INK[2], _PAPER[2], step))
        for step in range(16)
    ]


def _step(ink: int, paper: int, step: int) -> int:
    return ink + (paper - ink) * step // 15


@cache
def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    font = ImageFont.load_default(size)
    # Latin letters and digits need no shaping; the plain layout is several times as fast.
    return (
        font.font_variant(layout_engine=ImageFont.Layout.BASIC)
        if isinstance(font, ImageFont.FreeTypeFont)
        else font
    )
