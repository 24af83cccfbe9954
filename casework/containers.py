"""Files that are kept as they are: PDF, voice messages, round videos. Only their frame is read, to its very end.

What a PDF holds is never looked into: it may carry scripts, links and files of its own. Staff must open it in a
viewer that runs apart from everything else (a sandbox, without network).
"""

import re
import struct
from collections.abc import Iterator

from casework.refusals import Refusal

_WHITE = b"\x00\t\n\x0c\r "  # white space in a PDF (ISO 32000-1, 7.2.3)
_PDF_HEAD = re.compile(rb"%PDF-[12]\.\d")
_PDF_TAIL = b"%%EOF"
_SNIFFED = 1024  # what programs look at when they guess a type
_PAGE_SIGNS = (b"<html", b"<!doctype", b"<script", b"<svg", b"<body", b"<iframe")
_ZIP_END = b"PK\x05\x06"
_ZIP_END_SIZE = 22
_LONGEST_ZIP_COMMENT = 0xFFFF
_OGG_HEAD = struct.Struct("<4sBBqIIIB")
_FIRST_PAGE = 0x02
_BOX_HEAD = 8
_LONG_BOX_HEAD = 16
_TOP_BOXES = frozenset(
    [
        b"ftyp",
        b"styp",
        b"moov",
        b"mdat",
        b"moof",
        b"mfra",
        b"sidx",
        b"free",
        b"skip",
        b"wide",
        b"udta",
        b"meta",
        b"uuid",
    ]
)
_HOLD_BOXES = frozenset([b"moov", b"trak", b"mdia", b"minf", b"moof", b"traf"])
_SAY_WHERE_AND_WHEN = frozenset([b"udta", b"meta", b"uuid", b"free", b"skip", b"wide"])
_DEEPEST = 8


def problem_of_pdf(content: bytes) -> Refusal | None:
    """Return what is wrong with a PDF, seen from outside.

    One that is locked with a password is kept: most of them open without it (only printing is restricted), and
    from outside the two cannot be told apart.
    """
    tail = content[-_LONGEST_ZIP_COMMENT:].rstrip(_WHITE)
    if not _PDF_HEAD.match(content) or _PDF_TAIL not in content:
        return Refusal.BROKEN
    start = content[:_SNIFFED].lower()
    if not tail.endswith(_PDF_TAIL) or _ends_as_zip(content) or any(sign in start for sign in _PAGE_SIGNS):
        return Refusal.MIXED
    return None


def _ends_as_zip(content: bytes) -> bool:
    """Whether programs that unpack, and look from the end, would take it for one of theirs (APPNOTE 4.3.16)."""
    start = max(0, len(content) - _LONGEST_ZIP_COMMENT - _ZIP_END_SIZE)
    return content.find(_ZIP_END, start) >= 0


def problem_of_opus(content: bytes) -> Refusal | None:
    """Return what is wrong with a voice message: one Opus stream in Ogg pages (RFC 3533, RFC 7845), nothing else."""
    at, stream = 0, None
    while at < len(content):
        page = _ogg_page(content, at)
        if page is None:
            return Refusal.BROKEN if content.startswith(b"OggS", at) else Refusal.MIXED
        flags, serial, body, end = page
        if stream is None:
            if flags != _FIRST_PAGE or not content.startswith(b"OpusHead", body):
                return Refusal.OTHER_KIND
            stream = serial
        elif serial != stream or flags & _FIRST_PAGE:
            return Refusal.MIXED
        at = end
    return None


def _ogg_page(content: bytes, at: int) -> tuple[int, int, int, int] | None:
    """Return flags and stream of the page that begins here, where its body begins, and where it ends."""
    if len(content) - at < _OGG_HEAD.size:
        return None
    sign, version, flags, _, serial, _, _, segments = _OGG_HEAD.unpack_from(content, at)
    body = at + _OGG_HEAD.size + segments
    end = body + sum(content[at + _OGG_HEAD.size : body])
    if sign != b"OggS" or version or end > len(content):
        return None
    return flags, serial, body, end


def stripped_mp4(content: bytes) -> bytes | Refusal:
    """Return the video without the boxes that may say where and when it was taken.

    They become empty boxes of the same length, so that nothing else moves (ISO 14496-12, `free`).
    """
    try:
        boxes = list(_boxes(content, 0, len(content)))
    except ValueError:
        return Refusal.BROKEN
    kinds = [kind for kind, *_ in boxes]
    if any(kind not in _TOP_BOXES for kind in kinds):
        return Refusal.MIXED
    if kinds[0] != b"ftyp" or b"mdat" not in kinds or b"moov" not in kinds:
        return Refusal.BROKEN
    video = bytearray(content)
    try:
        _empty(video, 0, len(video), 0)
    except ValueError:
        return Refusal.BROKEN
    return bytes(video)


def _empty(video: bytearray, start: int, end: int, depth: int) -> None:
    for kind, head, body, after in list(_boxes(video, start, end)):
        if kind in _SAY_WHERE_AND_WHEN:
            video[head + 4 : head + 8] = b"free"
            video[body:after] = bytes(after - body)
        elif kind in _HOLD_BOXES and depth < _DEEPEST:
            _empty(video, body, after, depth + 1)


def _boxes(content: bytes | bytearray, start: int, end: int) -> Iterator[tuple[bytes, int, int, int]]:
    """Return each box in this stretch: its kind, where its head, its body and the next one begin.

    Raises:
        ValueError: they do not fill it exactly.
    """
    at = start
    while at < end:
        if end - at < _BOX_HEAD:
            raise ValueError(at)
        size, head = int.from_bytes(content[at : at + 4]), _BOX_HEAD
        if size == 1:
            size, head = int.from_bytes(content[at + 8 : at + 16]), _LONG_BOX_HEAD
        if size < head or size > end - at:
            raise ValueError(at)
        yield bytes(content[at + 4 : at + 8]), at, at + head, at + size
        at += size
