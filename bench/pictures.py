"""`python -m bench.pictures`: what drawing a picture anew costs at the limits of casework/photographs.py.

Each picture has a process of its own, since a process's largest memory never goes down again.
"""

import io
import resource
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import Any

from PIL import Image

from casework import photographs
from casework.media import checked

_TURNED = 6  # the camera was held upright: the picture is turned, and there are two of it for a moment
_ORIENTATION = 0x0112
_LARGE = (7296, 5472)  # just below 40 million pixels
_LARGE_WEBP = (4608, 3456)  # just below 16 million
_CASES: dict[str, tuple[str, tuple[int, int], str, dict[str, Any]]] = {
    "JPEG": ("JPEG", _LARGE, "RGB", {"quality": 60}),
    "JPEG, progressive": ("JPEG", _LARGE, "RGB", {"quality": 60, "progressive": True}),
    "JPEG, every colour in full": ("JPEG", _LARGE, "RGB", {"progressive": True, "subsampling": 0}),
    "JPEG, for print": ("JPEG", _LARGE, "CMYK", {"quality": 60}),
    "PNG, see-through": ("PNG", _LARGE, "RGBA", {"compress_level": 1}),
    "WEBP": ("WEBP", _LARGE_WEBP, "RGB", {"method": 0}),
    "WEBP, as large as the others": ("WEBP", _LARGE, "RGB", {"method": 0}),
}


def main() -> None:
    print(f"{'picture':30} {'pixels':>6} {'MB in':>6} {'MB of memory':>13} {'seconds':>8}")
    for name, case in _CASES.items():
        size, memory, seconds = _alone(_draw, *case)
        pixels = case[1][0] * case[1][1] // 1_000_000
        print(f"{name:30} {pixels:>5}M {size:>6.1f} {memory:>13.0f} {seconds:>8.1f}")
    for scans in (0, 100):
        print(f"a JPEG of 36M pixels, {scans:3} scans added: {_alone(_scan, scans):.1f} s to decode")


def _alone(work: Any, *arguments: Any) -> Any:
    with ProcessPoolExecutor(1, get_context("spawn")) as process:
        return process.submit(work, *arguments).result()


def _draw(form: str, size: tuple[int, int], mode: str, how: dict[str, Any]) -> tuple[float, float, float]:
    """Return the megabytes of the file, those of memory that drawing it anew took, and the seconds."""
    content = _alone(_made, form, size, mode, how)
    for each in photographs.MOST_PIXELS:
        photographs.MOST_PIXELS[each] = size[0] * size[1]
    before, began = _memory(), time.monotonic()
    checked(content)
    return len(content) / 1e6, _memory() - before, time.monotonic() - began


def _made(form: str, size: tuple[int, int], mode: str, how: dict[str, Any]) -> bytes:
    sheet, exif = io.BytesIO(), Image.Exif()
    exif[_ORIENTATION] = _TURNED
    small = Image.effect_noise((size[0] // 16, size[1] // 16), 60).convert(mode)
    small.resize(size).save(sheet, form, exif=exif, **how)
    return sheet.getvalue()


def _scan(scans: int) -> float:
    """Return the seconds that a small file with so many more scans keeps the decoder busy."""
    sheet = io.BytesIO()
    Image.new("RGB", (6000, 6000), "white").save(sheet, "JPEG", progressive=True)
    whole = sheet.getvalue()
    last = whole.rindex(b"\xff\xc4", 0, whole.rindex(b"\xff\xda"))
    content = whole[:-2] + whole[last:-2] * scans + b"\xff\xd9"
    began = time.monotonic()
    Image.open(io.BytesIO(content)).load()
    return time.monotonic() - began


def _memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
