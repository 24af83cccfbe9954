"""What is made at the moment a message is sent: a picture, a file of words, a stored file.

The outbox row holds the recipe, sealed like the rest of it: which renderer, and what it shows. Renderers run in
a thread of their own, but for those that are sooner done than handed over; they may raise, and the row is then dead.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from bot.charts import CHART, draw_chart
from bot.pictures import draw

Recipe = dict[str, str]


@dataclass(frozen=True)
class Upload:
    """A file as the Bot API takes it: the parameter it stands for (photo, document, voice), name, bytes, type."""

    parameter: str
    filename: str
    content: bytes
    media_type: str


Renderer = Callable[[Recipe], Upload]


def _reference(recipe: Recipe) -> Upload:
    return Upload("photo", "reference.png", draw(recipe), "image/png")


def _words(recipe: Recipe) -> Upload:
    """Send a text that was written in the turn itself, as a file."""
    return Upload("document", recipe["filename"], recipe["text"].encode(), recipe["media_type"])


def _chart(recipe: Recipe) -> Upload:
    return Upload("photo", "numbers.png", draw_chart(recipe), "image/png")


RENDERERS: Mapping[str, Renderer] = MappingProxyType(
    {"reference": _reference, "words": _words, CHART: _chart}
)
# A third of a millisecond. To wake another thread and be woken by it takes as long, and both wait for the lock.
AT_ONCE = frozenset({"reference"})
