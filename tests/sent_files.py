"""Files as people send them, and as those send them who mean harm. All made up."""

import io
import struct
import zipfile
import zlib
from collections.abc import Iterable

from PIL import Image
from PIL.PngImagePlugin import PngInfo

HEAD_OF_PDF = b"%PDF-1.4\n"
PDF = (
    HEAD_OF_PDF + b"1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n"
    b"trailer<</Root 1 0 R>>\nstartxref\n9\n%%EOF\n"
)
_PLACE_AND_TIME = 0x8825
_GROZNY = {1: "N", 2: (43.0, 19.0, 5.0), 3: "E", 4: (45.0, 41.0, 55.0)}


def picture(
    form: str = "JPEG",
    *,
    size: tuple[int, int] = (40, 30),
    color: str = "white",
    mode: str = "RGB",
    words: str = "",
    orientation: int = 1,
) -> bytes:
    """Return a picture; with `words` it carries them in every kind of metadata, and where it was taken."""
    sheet = io.BytesIO()
    drawn = Image.new(mode, size, color)
    if words:
        drawn.save(sheet, form, **_metadata(form, words, orientation))
    else:
        drawn.save(sheet, form, **({"exif": _turned(orientation)} if orientation != 1 else {}))
    return sheet.getvalue()


def _turned(orientation: int) -> Image.Exif:
    exif = Image.Exif()
    exif[0x0112] = orientation
    return exif


def _metadata(form: str, words: str, orientation: int) -> dict[str, object]:
    exif = _turned(orientation)
    exif[0x010E] = words  # ImageDescription
    exif[0x013B] = words  # Artist
    exif.get_ifd(_PLACE_AND_TIME).update(_GROZNY)
    found: dict[str, object] = {"exif": exif, "icc_profile": words.encode() * 8}
    if form in {"JPEG", "WEBP"}:
        found["xmp"] = f"<x:xmpmeta>{words}</x:xmpmeta>".encode()
    if form == "JPEG":
        found["comment"] = words.encode()
    if form == "PNG":
        found["pnginfo"] = chunks = PngInfo()
        chunks.add_text("Comment", words)
        chunks.add_itxt("XML:com.adobe.xmp", words)
    return found


def photo_of_pixels(size: tuple[int, int], *, progressive: bool = False) -> bytes:
    """Return a JPEG of this size that is quick to make; the camera was held upright."""
    sheet = io.BytesIO()
    small = Image.effect_noise((size[0] // 16, size[1] // 16), 60).convert("RGB")
    small.resize(size).save(sheet, "JPEG", quality=60, progressive=progressive, exif=_turned(6))
    return sheet.getvalue()


def pixel_bomb(side: int = 50_000) -> bytes:
    """Return a PNG of a few kilobytes whose head promises billions of pixels."""
    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    body = zlib.compress(bytes(1_000_000), 9)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", body) + _chunk(b"IEND", b"")


def text_bomb(megabytes: int = 200) -> bytes:
    """Return a small PNG with a compressed comment that would fill the memory."""
    small = picture("PNG")
    after_head = 8 + 25
    packed = zlib.compressobj(9)
    pieces = [packed.compress(bytes(1 << 20)) for _ in range(megabytes)]
    text = _chunk(b"zTXt", b"Comment\x00\x00" + b"".join(pieces) + packed.flush())
    return small[:after_head] + text + small[after_head:]


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def scan_bomb(scans: int, size: tuple[int, int] = (4096, 4096)) -> bytes:
    """Return a small progressive JPEG that repeats its last scan again and again."""
    sheet = io.BytesIO()
    Image.new("RGB", size, "white").save(sheet, "JPEG", progressive=True)
    whole = sheet.getvalue()
    start = whole.rindex(b"\xff\xc4", 0, whole.rindex(b"\xff\xda"))
    return whole[:-2] + whole[start:-2] * scans + b"\xff\xd9"


def archive(*, office: bool = False, megabytes: int = 0) -> bytes:
    """Return a ZIP; a bomb where `megabytes` of nothing are packed into it."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        if office:
            file.writestr("[Content_Types].xml", "<Types/>")
            file.writestr("word/document.xml", "<w:document/>")
        with file.open("inside.txt", "w") as inside:
            inside.write(b"words")
            for _ in range(megabytes):
                inside.write(bytes(1 << 20))
    return packed.getvalue()


def voice(*, pages: int = 3, words: str = "") -> bytes:
    """Return a voice message as Telegram's applications record it: Opus in Ogg."""
    head = b"OpusHead" + struct.pack("<BBHIhB", 1, 1, 312, 48_000, 0, 0)
    said = words.encode()
    tags = b"OpusTags" + struct.pack("<I", 4) + b"made" + struct.pack("<II", 1, len(said)) + said
    sound = [bytes([number % 256]) * 200 for number in range(pages)]
    return b"".join(ogg_page(number, each) for number, each in enumerate([head, tags, *sound]))


def ogg_page(number: int, packet: bytes, *, serial: int = 7) -> bytes:
    lacing = bytes([255] * (len(packet) // 255) + [len(packet) % 255])
    flags = 0x02 if number == 0 else 0
    head = struct.pack("<4sBBqIIIB", b"OggS", 0, flags, number * 960, serial, number, 0, len(lacing))
    page = head + lacing + packet
    return page[:22] + struct.pack("<I", _ogg_sum(page)) + page[26:]


def _ogg_sum(page: bytes) -> int:
    total = 0
    for byte in page:
        total ^= byte << 24
        for _ in range(8):
            total = (total << 1 ^ 0x04C11DB7 if total & 0x80000000 else total << 1) & 0xFFFFFFFF
    return total


def video(*, words: str = "") -> bytes:
    """Return a round video: boxes as ISO 14496-12 has them; `words` say where it was taken."""
    where = box(b"udta", box(b"\xa9xyz", words.encode()))
    track = box(b"trak", box(b"tkhd", bytes(84)), where)
    return b"".join(
        [
            box(b"ftyp", b"mp42\x00\x00\x00\x00mp42isom"),
            box(b"free", words.encode()),
            box(b"mdat", b"\x00\x01" * 500),
            box(b"moov", box(b"mvhd", bytes(100)), track, where),
        ]
    )


def box(kind: bytes, *content: bytes) -> bytes:
    body = b"".join(content)
    return struct.pack(">I", 8 + len(body)) + kind + body


def found(content: bytes, words: Iterable[str]) -> list[str]:
    """Return those of the words that can be read in the bytes."""
    return [each for each in words if each.encode() in content or each.encode("utf-16-le") in content]
