"""Pictures of numbers: bars under each other, large enough for a telephone.

The recipe holds words and numbers as they are to be read; nothing in it is a format. Where the reader's language runs
from right to left the whole picture does: labels at the right, bars growing to the left.
"""

import json
from dataclasses import asdict, dataclass
from functools import cache
from io import BytesIO

from PIL import Image, ImageDraw

from bot.lettering import drawable, fitted, font

CHART = "chart"  # the renderer's name in a recipe
MOST_BARS = 40
_WIDTH, _EDGE = 1080, 40
_LEAST_HEIGHT = 500  # telephones cut the sides off what is much wider than high
_TITLE, _LABEL, _NOTE = 52, 38, 32  # sizes of letters, in pixels
_ROW, _BAR = 66, 44  # a bar's place, and its own height
_TITLE_ROW, _NOTE_ROW, _BETWEEN = 92, 52, 36
_LABELS = 540  # pixels for the words beside the bars, at most
_APART = 28
_COUNTS = 140  # for the number behind the longest bar
_LEAST, _BEFORE_COUNT = 4, 16  # pixels
_PAPER, _INK, _FAINT = (0xFF, 0xFF, 0xFF), (0x17, 0x32, 0x4D), (0x5B, 0x6B, 0x7B)
_COLOURS = {"main": (0x2A, 0x6F, 0xB0), "side": (0xB0, 0x6F, 0x2A)}
_COMPRESSION = 3  # of 9: nearly as small, in a fraction of the time
_STEPS = 12  # from a word's colour to what lies behind it
_BEHIND, _GROUND = (0xC9, 0xDD, 0xF0), (0xEE, 0xF2, 0xF6)


@dataclass(frozen=True)
class Bar:
    """One bar.

    Attributes:
        words: beside it.
        count: how long it is; none where that is not shown.
        behind: a paler bar behind it, as long as this.
        instead: said in the number's place.
        colour: main or side.
    """

    words: str
    count: int | None
    behind: int = 0
    instead: str = ""
    colour: str = "main"


@dataclass(frozen=True)
class Panel:
    """Bars that are measured by one rule, under a heading; below them what has to be known about them."""

    heading: str
    bars: tuple[Bar, ...]
    remark: str = ""

    @property
    def height(self) -> int:
        return _TITLE_ROW + _ROW * len(self.bars) + (_NOTE_ROW if self.remark else 0)

    @property
    def longest(self) -> int:
        return max((max(bar.count or 0, bar.behind) for bar in self.bars), default=0) or 1


def recipe_of(panels: list[Panel], *, right_to_left: bool) -> dict[str, str]:
    """Return what the outbox row holds of a picture.

    Raises:
        ValueError: more bars than fit into a picture that can be read.
    """
    if sum(len(panel.bars) for panel in panels) > MOST_BARS:
        raise ValueError("too many bars")
    return {
        "render": CHART,
        "panels": json.dumps([asdict(panel) for panel in panels], ensure_ascii=False),
        "right_to_left": "yes" if right_to_left else "",
    }


def draw_chart(recipe: dict[str, str]) -> bytes:
    """Draw the picture and return it as a PNG."""
    panels = [_panel(each) for each in json.loads(recipe["panels"])]
    filled = 2 * _EDGE + sum(panel.height for panel in panels) + _BETWEEN * (len(panels) - 1)
    sheet = _Sheet(filled, right_to_left=bool(recipe["right_to_left"]))
    for panel in panels:
        sheet.draw(panel)
    return sheet.as_png()


def _panel(stored: dict[str, object]) -> Panel:
    bars = stored["bars"]
    assert isinstance(bars, list)  # noqa: S101 - as recipe_of wrote it
    return Panel(str(stored["heading"]), tuple(Bar(**bar) for bar in bars), str(stored["remark"]))


class _Sheet:
    """One picture while it is drawn, from above to below."""

    def __init__(self, filled: int, *, right_to_left: bool) -> None:
        height = max(filled, _LEAST_HEIGHT)
        self._image = Image.new("RGB", (_WIDTH, height), _PAPER)
        self._pen = ImageDraw.Draw(self._image)
        self._right_to_left = right_to_left
        self._y = _EDGE + (height - filled) // 2

    def draw(self, panel: Panel) -> None:
        self._line(panel.heading, _TITLE, _TITLE_ROW, _INK)
        widest = max((font(_LABEL).getlength(drawable(bar.words)) for bar in panel.bars), default=0)
        start = _EDGE + _APART + min(round(widest), _LABELS)
        for bar in panel.bars:
            words = fitted(bar.words, _LABEL, _LABELS)
            self._words(words, _EDGE, _LABEL, self._y + _ROW // 2, _INK)
            self._bar(bar, start, panel.longest)
        if panel.remark:
            self._line(panel.remark, _NOTE, _NOTE_ROW, _FAINT)
        self._y += _BETWEEN

    def as_png(self) -> bytes:
        out = BytesIO()
        few_colours = self._image.quantize(palette=_palette(), dither=Image.Dither.NONE)
        few_colours.save(out, "PNG", compress_level=_COMPRESSION)
        return out.getvalue()

    def _line(self, text: str, size: int, row: int, colour: tuple[int, int, int]) -> None:
        words = fitted(text, size, _WIDTH - 2 * _EDGE)
        self._words(words, _EDGE, size, self._y + row // 2 - 4, colour)
        self._y += row

    def _bar(self, bar: Bar, start: int, longest: int) -> None:
        middle, room = self._y + _ROW // 2, _WIDTH - _EDGE - _COUNTS - start
        self._y += _ROW
        if bar.count is None:
            words = fitted(bar.instead, _LABEL, _WIDTH - _EDGE - start)
            self._words(words, start, _LABEL, middle, _FAINT)
            return
        behind, length = (round(room * n / longest) for n in (bar.behind, bar.count))
        self._box(start, room, middle, _GROUND)
        self._box(start, behind, middle, _BEHIND)
        self._box(start, max(length, _LEAST) if bar.count else 0, middle, _COLOURS[bar.colour])
        self._words(str(bar.count), start + max(behind, length) + _BEFORE_COUNT, _LABEL, middle, _INK)

    def _box(self, start: int, length: int, middle: int, colour: tuple[int, int, int]) -> None:
        if length <= 0:
            return
        left = _WIDTH - start - length if self._right_to_left else start
        top = middle - _BAR // 2
        self._pen.rounded_rectangle((left, top, left + length - 1, top + _BAR - 1), 4, fill=colour)

    def _words(self, words: str, start: int, size: int, middle: int, colour: tuple[int, int, int]) -> None:
        """Write ready words that begin so far from the side where reading begins."""
        x, anchor = (_WIDTH - start, "rm") if self._right_to_left else (start, "lm")
        self._pen.text((x, middle), words, font=font(size), fill=colour, anchor=anchor)


@cache
def _palette() -> Image.Image:
    """Return every colour there is on a picture, with the steps between words and what lies behind them."""
    grounds = (_PAPER, _GROUND, _BEHIND, *_COLOURS.values())
    colours = [
        ink + (ground - ink) * step // (_STEPS - 1)
        for words in (_INK, _FAINT)
        for behind in grounds
        for step in range(_STEPS)
        for ink, ground in zip(words, behind, strict=True)
    ]
    palette = Image.new("P", (1, 1))
    palette.putpalette(colours)
    return palette
