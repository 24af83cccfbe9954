"""Voice messages as messengers send them: Opus in Ogg, whatever container the browser's microphone gave.

Browsers record Opus in WebM (Matroska). The sound itself is not touched: its packets move from one container to the
other (RFC 3533, RFC 7845; Matroska, RFC 9559).
"""

import struct
from collections.abc import Iterator
from dataclasses import replace
from itertools import accumulate

from simulator.records import Upload

_WEBM = b"\x1a\x45\xdf\xa3"
# Elements whose inside is looked into; every other is passed over. A browser does not know their length beforehand.
_OPENED = frozenset([0x18538067, 0x1654AE6B, 0xAE, 0x1F43B675, 0xA0])
_CODEC_PRIVATE, _SIMPLE_BLOCK, _BLOCK = 0x63A2, 0xA3, 0xA1
_SAMPLES_A_MS = 48  # Opus counts in 48 kHz
_FRAME_MS = (
    *(10, 20, 40, 60) * 3,  # SILK
    *(10, 20) * 2,  # both
    *(2.5, 5, 10, 20) * 4,  # CELT
)
_SERIAL = 1
_FIRST, _LAST = 0x02, 0x04
_LACE = 255


def as_voice(upload: Upload) -> Upload:
    """Return a recording as a messenger sends it; what is no WebM, or no sound, stays as it is."""
    if not upload.content.startswith(_WEBM):
        return upload
    head, packets = b"", []
    for kind, body in _elements(upload.content):
        if kind == _CODEC_PRIVATE:
            head = body
        elif kind in {_SIMPLE_BLOCK, _BLOCK}:
            packets.append(body[4:])  # behind the track's number, the time and the flags
    if not head.startswith(b"OpusHead") or not packets:
        return upload
    return replace(upload, content=_ogg(head, packets), content_type="audio/ogg")


def _elements(content: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at < len(content):
        kind, at = _number(content, at, marked=True)
        size, at = _number(content, at, marked=False)
        if kind not in _OPENED:
            yield kind, content[at : at + size]
            at += size


def _number(content: bytes, at: int, *, marked: bool) -> tuple[int, int]:
    """Read a number whose length stands in its first byte; return it and where the next begins."""
    first = content[at] if at < len(content) else 0x80
    length = 9 - first.bit_length()
    value = int.from_bytes(content[at : at + length])
    return (value if marked else value & ((1 << (7 * length)) - 1)), at + length


def _ogg(head: bytes, packets: list[bytes]) -> bytes:
    tags = b"OpusTags" + struct.pack("<I", 0) + struct.pack("<I", 0)
    ends = accumulate(_samples(packet) for packet in packets)
    pages = [_page(0, _FIRST, 0, head), _page(1, 0, 0, tags)]
    for number, (end, packet) in enumerate(zip(ends, packets, strict=True), 2):
        last = _LAST if number == len(packets) + 1 else 0
        pages.append(_page(number, last, end, packet))
    return b"".join(pages)


def _samples(packet: bytes) -> int:
    """Return how long a packet sounds, by its first byte (RFC 6716, 3.1)."""
    if not packet:
        return 0
    frames = (1, 2, 2, packet[1] & 0x3F if len(packet) > 1 else 1)[packet[0] & 3]
    return int(_FRAME_MS[packet[0] >> 3] * _SAMPLES_A_MS * frames)


def _page(number: int, flags: int, position: int, packet: bytes) -> bytes:
    lacing = bytes([_LACE] * (len(packet) // _LACE) + [len(packet) % _LACE])
    head = struct.pack("<4sBBqIIIB", b"OggS", 0, flags, position, _SERIAL, number, 0, len(lacing))
    page = head + lacing + packet
    return page[:22] + struct.pack("<I", _checksum(page)) + page[26:]


def _checksum(page: bytes) -> int:
    total = 0
    for byte in page:
        total = (total << 8 & 0xFFFFFFFF) ^ _TABLE[total >> 24 ^ byte]
    return total


def _entry(index: int) -> int:
    value = index << 24
    for _ in range(8):
        value = (value << 1 ^ 0x04C11DB7 if value & 0x80000000 else value << 1) & 0xFFFFFFFF
    return value


_TABLE = [_entry(index) for index in range(256)]
