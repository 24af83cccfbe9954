"""What a file is by its bytes, and a form of it that is safe to keep. Pure: bytes in, bytes or a refusal out.

Neither its name nor the type somebody declared counts. Kept are pictures (drawn anew, without their metadata), PDF,
voice messages and round videos; nothing is ever unpacked.
"""

from collections.abc import Callable
from dataclasses import dataclass

from casework import containers, photographs
from casework.refusals import Refusal


@dataclass(frozen=True)
class Clean:
    """A file as it is kept.

    Attributes:
        media_type: image/jpeg, image/png, application/pdf, audio/ogg or video/mp4.
    """

    media_type: str
    content: bytes


Check = Callable[[bytes], Clean | Refusal]


def checked(content: bytes) -> Clean | Refusal:
    """Return what is kept of the file, or why it is not kept.

    Drawing a picture anew takes up to 400 MB of memory (casework/photographs.py); every other kind twice its size.
    """
    return next((check(content) for fits, check in _KINDS if fits(content)), _refusal_of(content))


def _picture(form: str) -> Check:
    def check(content: bytes) -> Clean | Refusal:
        drawn = photographs.drawn_anew(content, form)
        return drawn if isinstance(drawn, Refusal) else Clean(*drawn)

    return check


def _pdf(content: bytes) -> Clean | Refusal:
    return containers.problem_of_pdf(content) or Clean("application/pdf", content)


def _voice(content: bytes) -> Clean | Refusal:
    return containers.problem_of_opus(content) or Clean("audio/ogg", content)


def _video(content: bytes) -> Clean | Refusal:
    stripped = containers.stripped_mp4(content)
    return stripped if isinstance(stripped, Refusal) else Clean("video/mp4", stripped)


def _starts(start: bytes) -> Callable[[bytes], bool]:
    return lambda content: content.startswith(start)


def _brand(content: bytes) -> bytes:
    """Return the brand of a file in boxes: MP4, but also HEIC and AVIF pictures (ISO 14496-12)."""
    return content[8:12] if content[4:8] == b"ftyp" else b""


_BOXED_PICTURES = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"avif", b"avis")

_KINDS: tuple[tuple[Callable[[bytes], bool], Check], ...] = (
    (_starts(b"\xff\xd8\xff"), _picture("JPEG")),
    (_starts(b"\x89PNG\r\n\x1a\n"), _picture("PNG")),
    (lambda content: content[:4] == b"RIFF" and content[8:12] == b"WEBP", _picture("WEBP")),
    (_starts(b"%PDF-"), _pdf),
    (_starts(b"OggS"), _voice),
    (lambda content: bool(_brand(content)) and _brand(content) not in _BOXED_PICTURES, _video),
)
_ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_OFFICE_PARTS = (
    b"[Content_Types].xml",
    b"word/",
    b"xl/",
    b"ppt/",
    b"mimetypeapplication/vnd.oasis.opendocument",
)
_REFUSED: tuple[tuple[Callable[[bytes], bool], Refusal], ...] = (
    (lambda content: not content, Refusal.BROKEN),
    (lambda content: _brand(content) in _BOXED_PICTURES, Refusal.PICTURE_KIND),
    (
        lambda content: content.startswith((b"GIF8", b"BM", b"II*\x00", b"MM\x00*", b"8BPS")),
        Refusal.PICTURE_KIND,
    ),
    (lambda content: content.startswith((b"\xd0\xcf\x11\xe0", b"{\\rtf")), Refusal.OFFICE),
    (
        lambda content: content.startswith(_ZIP) and any(part in content[:4096] for part in _OFFICE_PARTS),
        Refusal.OFFICE,
    ),
    (
        lambda content: content.startswith(
            (*_ZIP, b"Rar!", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b", b"BZh", b"\xfd7zXZ")
        ),
        Refusal.ARCHIVE,
    ),
)


def _refusal_of(content: bytes) -> Refusal:
    return next((refusal for fits, refusal in _REFUSED if fits(content)), Refusal.OTHER_KIND)
