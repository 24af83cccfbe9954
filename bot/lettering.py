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


@cache
def font(size: int) -> ImageFont.FreeTypeFont:
    """Return the typeface in this size. In the plain layout: the text comes to it ready to be drawn."""
    return ImageFont.truetype(_TYPEFACE, size, layout_engine=ImageFont.Layout.BASIC)


def drawable(text: str, *, right_to_left: bool) -> str:
    """Return the text as it has to be drawn from left to right: letters joined, one line, in the order of the eye.

    Args:
        right_to_left: the direction of the line, whatever its first letter is (Unicode UAX #9, the base direction).
    """
    # Only pictures of staff's need these: they are loaded when the first one is drawn.
    from arabic_reshaper import reshape
    from bidi import get_display

    line = " ".join(shown(text).split())
    ordered: str = get_display(reshape(line), base_dir="R" if right_to_left else "L")
    return ordered


def fitted(text: str, size: int, width: int, *, right_to_left: bool) -> str:
    """Return the text ready to be drawn and no wider than this; what does not fit is cut off with a sign of it."""
    line, letters = drawable(text, right_to_left=right_to_left), text
    while letters and font(size).getlength(line) > width:
        letters = letters[: len(letters) - max(1, len(letters) // 20)]
        line = drawable(letters.rstrip() + _CUT, right_to_left=right_to_left)
    return line
