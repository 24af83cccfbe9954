"""Walks the whole way of a family in the demo and keeps a picture of every screen: `make tour` writes docs/tour/.

Each moment has a name and one sentence; the page docs/tour/README.md is made of them, so that it cannot drift.
"""

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

import babel
from PIL import Image

from bot.i18n import LANGUAGES, Locales
from tests.browser.demo import opened_browser, running_demo
from tests.browser.phone import Phone
from tests.browser.tour_walk import STORIES, Story, in_part, whole_way

_TOUR = Path(__file__).resolve().parents[2] / "docs" / "tour"
_COLOURS = 48  # of a picture: enough for letters and buttons, a sixth of the bytes
_HEAD = """# A family's way, screen by screen

Made by `make tour`: headless Chromium walks the demo from the first /start, and this page is written along the way.
All people and all answers are made up.
"""


@dataclass
class Album:
    """The pictures of one language, in order."""

    code: str
    phone: Phone
    folder: Path
    moments: dict[str, tuple[str, str]] = field(default_factory=dict)  # name: its sentence, its file

    def keep(self, name: str, sentence: str) -> None:
        """Keep what the phone shows."""
        number = len(self.moments) + 1
        file = f"{self.code}-{number:02}-{name}.png"
        Image.open(BytesIO(self.phone.shot())).convert("RGB").quantize(_COLOURS).save(
            self.folder / file, optimize=True
        )
        self.moments[name] = (sentence, file)


_WALKS: tuple[tuple[str, int, Callable[[Phone, Story, Callable[[str, str], None]], None]], ...] = (
    ("ru", 1001, whole_way),
    ("ar", 1002, whole_way),
    ("ce", 1004, in_part),
)


def walk(folder: Path, codes: tuple[str, ...]) -> Iterator[Album]:
    """Walk the demo in these languages, each on a phone of its own."""
    locales = Locales([language.code for language in LANGUAGES])
    with TemporaryDirectory() as demo, running_demo(Path(demo)) as address, opened_browser() as browser:
        for code, person, way in _WALKS:
            if code not in codes:
                continue
            page = browser.new_page(viewport={"width": 390, "height": 844})
            page.goto(f"{address}/#{person}")
            album = Album(code, Phone(page, person, locales.get(code)), folder)
            way(album.phone, STORIES[code], album.keep)
            page.close()
            yield album


def described(albums: list[Album]) -> str:
    """Return the page: every moment with its sentence, languages that share it side by side."""
    names = {code: babel.Locale(code).english_name or code for code, _, _ in _WALKS}
    parts = [_HEAD]
    whole = [album for album in albums if album.code != "ce"]
    if whole:
        parts.append(f"## {' and '.join(names[album.code] for album in whole)}\n")
        parts.append(_table(whole))
    for album in albums:
        if album not in whole:
            parts.append(f"## {names[album.code]}\n")
            parts.append("What no native speaker has confirmed yet is shown in Russian.\n")
            parts.append(_table([album]))
    return "\n".join(parts)


def _table(albums: list[Album]) -> str:
    """One row a moment: its sentence, then a picture for each album."""
    lines = ["| | " + " | ".join("" for _ in albums) + " |", "|---" * (len(albums) + 1) + "|"]
    for number, (name, (sentence, _)) in enumerate(albums[0].moments.items(), 1):
        pictures = [f"![{sentence}]({album.moments[name][1]})" for album in albums]
        lines.append(f"| {number}. {sentence} | " + " | ".join(pictures) + " |")
    return "\n".join(lines) + "\n"


def main() -> None:
    codes = tuple(sys.argv[1:]) or tuple(code for code, _, _ in _WALKS)
    _TOUR.mkdir(exist_ok=True)
    for old in _TOUR.glob("*.png"):
        if old.name.partition("-")[0] in codes:
            old.unlink()
    albums = list(walk(_TOUR, codes))
    if len(albums) == len(_WALKS):
        (_TOUR / "README.md").write_text(described(albums), encoding="utf-8")


if __name__ == "__main__":
    main()
