"""Words on pictures, in any of our scripts, by what comes with the packages alone.

Pillow joins Arabic letters and lets them run from right to left only where the system has FriBidi. So both are done
here before Pillow sees the text: arabic-reshaper chooses each letter's joined form, python-bidi puts the line into the
order in which it is drawn. The typeface comes with us and has Latin, Cyrillic and Arabic.
"""

from functools import cache
from pathlib import Path

from PIL import ImageFont

from bot.i18n import shown

_TYPEFACE = Path(__file__).resolve().parent / "fonts" / "DejaVuSans.ttf"
_CUT = "…"
_LONGEST = 300  # letters of a line; no picture has room for more


@cache
def font(size: int) -> ImageFont.FreeTypeFont:
    """Return the typeface in this size. In the plain layout: the text comes to it ready to be drawn."""
    return ImageFont.truetype(_TYPEFACE, size, layout_engine=ImageFont.Layout.BASIC)


def drawable(text: str) -> str:
    """Return the text as it has to be drawn from left to right: letters joined, one line, in the order of the eye.

    Its direction is that of its first letter (Unicode UAX #9, P2): a family's words keep their own in any picture.
    """
    # Only pictures of staff's need these: they are loaded when the first one is drawn.
    from arabic_reshaper import reshape
    from bidi import get_display

    line = " ".join(shown(text)[:_LONGEST].split())
    line = line.encode(errors="replace").decode()  # half of a surrogate pair is no text
    ordered: str = get_display(reshape(line))
    return ordered


def fitted(text: str, size: int, width: int) -> str:
    """Return the text ready to be drawn and no wider than this; what does not fit is cut off with a sign of it."""
    line, letters = drawable(text), shown(text)[:_LONGEST]
    while letters and (length := font(size).getlength(line)) > width:
        letters = letters[: min(len(letters) - 1, int(len(letters) * width / length) + 1)]
        line = drawable(letters.rstrip() + _CUT)
    return line
