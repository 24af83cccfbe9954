"""Pictures are drawn anew: what is kept holds pixels and nothing else.

Place and time of the photo (EXIF, GPS, XMP), comments, thumbnails, colour profiles, further frames, and whatever was
appended to the file stay behind. Colours of a wide-gamut photo may look a little duller; papers stay readable.
"""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import BytesIO

from PIL import Image, ImageOps

from casework.refusals import Refusal

# A page scanned at 600 dots an inch has 35 million. Drawing 40 million anew takes up to 400 MB
# (bench/pictures.py); WEBP's decoder keeps several copies and takes half as much again.
MOST_PIXELS = {"JPEG": 40_000_000, "PNG": 40_000_000, "WEBP": 16_000_000}
MOST_SIDE = 30_000
# A progressive JPEG usually has about ten scans. Each costs a walk over the whole picture however few bytes it
# has: some 50 ms for 82 bytes (bench/pictures.py), hours within the allowed size (libjpeg-turbo, LJT-01-003).
MOST_SCANS = 50
LARGEST_KEPT = 20 * 1024 * 1024
_JPEG_QUALITY = 90
_PNG_EFFORT = 3  # of 9: nearly as small as 6, in a third of the time
_SCAN = b"\xff\xda"
_SIXTEEN_TO_EIGHT = 256

_BOMBS = (Image.DecompressionBombError, Image.DecompressionBombWarning)

Drawn = tuple[str, bytes]


class _TooLarge(Exception):
    pass


class _Bounded(BytesIO):
    """Takes no more than may be kept: a picture that was packed cleverly can grow when it is packed again."""

    def write(self, piece: bytes, /) -> int:  # type: ignore[override] # Pillow writes bytes
        if self.tell() + len(piece) > LARGEST_KEPT:
            raise _TooLarge
        return super().write(piece)


def drawn_anew(content: bytes, form: str) -> Drawn | Refusal:
    """Return the picture's media type and its new bytes.

    Args:
        form: JPEG, PNG or WEBP; no other decoder of Pillow's is tried.
    """
    if form == "JPEG" and content.count(_SCAN) > MOST_SCANS:
        return Refusal.BROKEN
    try:
        with _deaf_to_warnings(), Image.open(BytesIO(content), formats=(form,)) as picture:
            if picture.width * picture.height > MOST_PIXELS[form] or max(picture.size) > MOST_SIDE:
                return Refusal.TOO_MANY_PIXELS
            return _saved(_plain(picture), form)
    except _BOMBS:
        return Refusal.TOO_MANY_PIXELS
    except _TooLarge:
        return Refusal.TOO_BIG
    except MemoryError:  # the machine's, not the picture's: it is tried again
        raise
    except Exception:  # noqa: BLE001 - whatever a damaged or hostile file makes a decoder raise
        return Refusal.BROKEN


@contextmanager
def _deaf_to_warnings() -> Iterator[None]:
    """Let Pillow complain of nothing but a head that promises more pixels than fit; to us that is a refusal."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        warnings.filterwarnings("error", category=Image.DecompressionBombWarning)
        yield


def _plain(picture: Image.Image) -> Image.Image:
    """Return the first frame the right way up, in one of the modes L, RGB and RGBA."""
    picture.load()
    _turn(picture)
    if picture.mode.startswith("I"):  # sixteen bits of grey
        return picture.convert("I").point(lambda shade: shade / _SIXTEEN_TO_EIGHT).convert("L")
    colours = "RGBA" if picture.has_transparency_data else "RGB"
    wanted = "L" if picture.mode in {"1", "L"} else colours
    return picture if picture.mode == wanted else picture.convert(wanted)


def _turn(picture: Image.Image) -> None:
    """Turn the picture as the camera was held; where its note about that cannot be read, leave it."""
    with suppress(Exception):
        ImageOps.exif_transpose(picture, in_place=True)


def _saved(picture: Image.Image, form: str) -> Drawn:
    if form == "PNG" or picture.mode == "RGBA":
        try:
            return "image/png", _encoded(picture, "PNG", compress_level=_PNG_EFFORT)
        except _TooLarge:
            picture = _on_white(picture)
    return "image/jpeg", _encoded(picture, "JPEG", quality=_JPEG_QUALITY)


def _encoded(picture: Image.Image, form: str, **how: int) -> bytes:
    picture.info = {}  # Pillow would write a profile, a comment or a resolution that it finds here
    out = _Bounded()
    picture.save(out, form, **how)
    return out.getvalue()


def _on_white(picture: Image.Image) -> Image.Image:
    if picture.mode != "RGBA":
        return picture
    sheet = Image.new("RGB", picture.size, "white")
    sheet.paste(picture, mask=picture.getchannel("A"))
    return sheet
