"""A relative in front of the page: says, presses, sees.

Labels and sentences are given in English, as in tests/family.py.
"""

import re
from pathlib import Path

from playwright.sync_api import FilePayload, Locator, Page, expect

from bot.i18n import Locale
from tests.sent_files import voice

_PATIENCE = 20_000  # milliseconds: long enough for a bot that is just being started again
_HIDDEN = "[\u2066-\u2069\u200e\u200f]*"


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
        self._button(label).click(timeout=_PATIENCE)

    def offers(self, label: str) -> None:
        """Wait until there is a button with this label: what was pressed before has come through."""
        expect(self._button(label)).to_be_visible(timeout=_PATIENCE)

    def _button(self, label: str) -> Locator:
        own = re.compile(f"^{_HIDDEN}(?:{re.escape(self.locale.plain(label))}|{re.escape(label)}){_HIDDEN}$")
        return self.chat.locator(".from-bot button[data-label]").filter(has_text=own).last

    def press_with(self, words: str) -> None:
        """Press the newest button whose label holds these words, whatever else it counts."""
        own = re.compile(f"{re.escape(self.locale.plain(words))}|{re.escape(words)}")
        self.chat.locator(".from-bot button[data-label]").filter(has_text=own).last.click(timeout=_PATIENCE)

    def send_files(self, label: str, *files: FilePayload) -> None:
        """Attach files under an entry of the paper clip's menu, such as "Photo" or "Voice file"."""
        self._attach()
        with self.page.expect_file_chooser() as chooser:
            self.chat.locator(f".attach-choice[data-label='{label}']").click()
        chooser.value.set_files(list(files))

    def say_aloud(self) -> None:
        """Send a voice message."""
        self.send_files("Voice file", {"name": "voice.ogg", "mimeType": "audio/ogg", "buffer": voice()})

    def send_a_paper(self) -> None:
        """Send the made-up paper that the page itself draws."""
        self._attach()
        self.chat.locator(".attach-choice[data-label='Sample paper']").click()

    def _attach(self) -> None:
        self.chat.locator("button[aria-label='Attach']").click()

    def sees(self, sentence: str) -> None:
        """Wait until the bot's newest message holds the sentence; `{…}` in it stands for anything."""
        expect(self.newest).to_contain_text(self._pattern(sentence), timeout=_PATIENCE)

    def gone(self, sentence: str) -> None:
        """Wait until the bot's newest message no longer holds the sentence."""
        expect(self.newest).not_to_contain_text(self._pattern(sentence), timeout=_PATIENCE)

    def holding(self, sentence: str) -> Locator:
        """The newest of the bot's messages that holds the sentence, wherever it stands in the chat."""
        return self.chat.locator(".from-bot").filter(has_text=self._pattern(sentence)).last

    def holds(self, sentence: str) -> None:
        """Wait until one of the bot's messages holds the sentence."""
        expect(self.holding(sentence)).to_be_attached(timeout=_PATIENCE)

    @property
    def newest(self) -> Locator:
        return self.chat.locator(".from-bot").last

    def picture(self, folder: Path, language: str, moment: str) -> None:
        """Keep what the phone shows."""
        (folder / f"{language}-{moment}.png").write_bytes(self.shot())

    def shot(self) -> bytes:
        """Return what the phone shows, as a PNG."""
        self.page.wait_for_timeout(300)  # the page's own transitions; nothing is waited for
        return self.page.screenshot()

    def _pattern(self, sentence: str) -> re.Pattern[str]:
        own = self.locale.plain(sentence)
        return re.compile(".*".join(re.escape(piece) for piece in re.split(r"\{\w+\}", own)))
