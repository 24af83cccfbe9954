"""The walk of a broadcast: written in two languages and seen first, agreed to by a second person, watched as it goes
through the chats, paused, resumed, reported, taken back.
"""

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import expect

from tests.browser.phone import Phone

RUSSIAN = "Приёмная теперь открыта по субботам.\nАдрес прежний: улица Садовая, 12."
ARABIC = "مكتب الاستقبال يعمل الآن أيام السبت.\nالعنوان كما هو: شارع الحدائق 12."
_ASK = (
    "Write the text in this language as one message: {language}. "
    "Bold, italic, links and quotes stay as you type them."
)
Keep = Callable[[str], None]


@dataclass(frozen=True)
class People:
    """Who writes, who agrees, and two of those who get it."""

    writer: Phone
    second: Phone
    russian: Phone
    arabic: Phone


def compose(writer: Phone, keep: Keep) -> None:
    """Write it, up to the screen that asks when it shall leave."""
    writer.say("/broadcast")
    writer.press("New broadcast")
    writer.holds("Nobody yet. Choose at least one group.")
    writer.press("To whom")
    keep("who")
    writer.press("Language")
    for language in ("Русский", "العربية"):
        writer.press(language)
        writer.offers(f"✓ {language}")
    keep("languages")
    writer.press("Done")
    writer.holds("Would get it: {n}")
    writer.press("← Back")
    keep("draft")
    for language, text in (("Русский", RUSSIAN), ("العربية", ARABIC)):
        writer.press_with(f"✎ {language}")
        writer.holds(_ASK)
        writer.say(text)
        writer.holds("The text is taken: {language}.")
    keep("written")
    writer.press("Look at it and send")
    writer.holds("Above you see exactly what families get, in each language.")
    keep("preview")


def send(people: People, keep: Keep) -> None:
    """Let a second person agree, and watch it go; pause it in the middle."""
    compose(people.writer, keep)
    for text in (RUSSIAN, ARABIC):
        expect(people.writer.holding(text.partition("\n")[0])).to_be_visible()
    people.writer.press("Ask a second person")
    people.second.holds("A colleague asks for a second person. Please look at it.")
    people.second.press("Approvals")
    people.second.press_with("Broadcast")
    people.second.press("See it exactly")
    people.second.holds(ARABIC.partition("\n")[0])
    people.second.sees("It shall start at once.")
    keep("second")
    people.second.press("Approve")
    people.writer.holds("It is on its way.")
    people.writer.holds("{n} a second")
    keep("on-its-way")
    people.writer.press("Pause")
    people.writer.holds("It is paused. Nothing more leaves until it goes on.")
    keep("paused")
    people.writer.press("Go on")
    people.writer.holds("It is done.")
    keep("report")


def take_back(people: People, keep: Keep) -> None:
    """Delete it from every chat."""
    people.writer.press("Open the broadcast")
    people.writer.holds("What it says:")
    keep("page")
    people.writer.press("Take it back")
    keep("sure")
    people.writer.press("Yes, delete it everywhere")
    people.writer.holds("Broadcast {code} is being taken back")
