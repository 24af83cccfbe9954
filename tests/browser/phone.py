"""A relative in front of the page: says, presses, sees.

Labels and sentences are given in English, as in tests/family.py.
"""

import re
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from bot.i18n import Locale

_PATIENCE = 20_000  # milliseconds: long enough for a bot that is just being started again
_HIDDEN = "[\u2066-\u2069\u200f]*"


class Phone:
    """One chat column of the page."""

    def __init__(self, page: Page, person: int, locale: Locale) -> None:
        self.page, self.locale = page, locale
        self.chat = page.locator(f"[data-person='{person}']")
        self._pictures = 0

    def start(self) -> None:
        self.chat.locator("[data-label='START']").click()

    def say(self, text: str) -> None:
        composer = self.chat.locator("textarea[data-composer]")
        composer.fill(text)
        composer.press("Enter")

    def press(self, label: str) -> None:
        """Press the newest button with this label, in the person's language or as given."""
        own = re.compile(f"^{_HIDDEN}(?:{re.escape(self.locale.plain(label))}|{re.escape(label)}){_HIDDEN}$")
        self.chat.locator(".from-bot button[data-label]").filter(has_text=own).last.click(timeout=_PATIENCE)

    def sees(self, sentence: str) -> None:
        """Wait until the bot's newest message holds the sentence; `{…}` in it stands for anything."""
        expect(self.newest).to_contain_text(self._pattern(sentence), timeout=_PATIENCE)

    @property
    def newest(self) -> Locator:
        return self.chat.locator(".from-bot").last

    def picture(self, folder: Path, language: str, moment: str) -> None:
        """Keep what the phone shows."""
        self.page.wait_for_timeout(300)  # the page's own transitions; nothing is waited for
        self.page.screenshot(path=folder / f"{language}-{moment}.png")

    def _pattern(self, sentence: str) -> re.Pattern[str]:
        own = self.locale.plain(sentence)
        return re.compile(".*".join(re.escape(piece) for piece in re.split(r"\{\w+\}", own)))
