"""The container of a picture in few colours (PNG, W3C recommendation, third edition).

Pillow draws, and writes every other picture. Of one with a palette it compares no row with the row above, and most
rows of a code in large squares are the same as the one before.
"""

import struct
import zlib
from collections.abc import Sequence

Colour = tuple[int, int, int]

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_WITH_PALETTE = 3  # colour type
_AS_IT_IS, _AS_ABOVE = b"\0", b"\2"  # filter types: a row by itself, and by what differs from the row above


def row(digits: str) -> bytes:
    """Return a row of hexadecimal digits, a digit a pixel."""
    return _AS_IT_IS + bytes.fromhex(digits)


def rows_alike(digits: str, times: int) -> bytes:
    """Return so many equal rows."""
    return row(digits) + (_AS_ABOVE + bytes(len(digits) // 2)) * (times - 1)


def png(width: int, height: int, palette: Sequence[Colour], rows: bytes) -> bytes:
    """Return the file.

    Args:
        width: in pixels, an even number.
        palette: sixteen colours, of which each digit names one.
        rows: from above, as `row` and `rows_alike` make them.
    """
    header = struct.pack(">IIBBBBB", width, height, 4, _WITH_PALETTE, 0, 0, 0)
    packer = zlib.compressobj(1, strategy=zlib.Z_RLE)  # by runs, for which the level makes no difference
    packed = packer.compress(rows) + packer.flush()
    colours = bytes(part for colour in palette for part in colour)
    chunks = ((b"IHDR", header), (b"PLTE", colours), (b"IDAT", packed), (b"IEND", b""))
    return _SIGNATURE + b"".join(_chunk(kind, content) for kind, content in chunks)


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
