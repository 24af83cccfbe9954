"""What a person sees: a text and its buttons."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from bot.i18n import Html

CALLBACK_LIMIT = 64  # bytes; Bot API, InlineKeyboardButton.callback_data
TEXT_LIMIT = 4096  # UTF-16 units after the markup is read; Bot API, sendMessage
ANYWHERE = "~"  # stands before the action of a button that works also when its message is old
_NO_WORDS = "…"  # Telegram refuses a button without words, and the whole message with it


def units(text: str) -> int:
    """Return how long Telegram takes a text to be."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


class Button(NamedTuple):
    """A button. `action` is a short code from our own tables, never a value somebody typed.

    Attributes:
        label: the words on it.
        action: what a press means; with `anywhere` it works from old messages too.
        copies: text that a press copies, instead of an action.
        url: a page that a press opens, instead of an action.
        style: `success` or `danger`: colour that supports the words, on clients that show it.
    """

    label: str
    action: str = ""
    anywhere: bool = False
    copies: str | None = None
    style: str | None = None
    url: str | None = None

    def as_json(self, token: str) -> dict[str, Any]:
        """Return the Bot API's InlineKeyboardButton."""
        button: dict[str, Any] = {"text": self.label if self.label.strip() else _NO_WORDS}
        if self.copies is not None:
            button["copy_text"] = {"text": self.copies}
        elif self.url is not None:
            button["url"] = self.url
        else:
            button["callback_data"] = f"{ANYWHERE if self.anywhere else token}:{self.action}"
        if self.style:
            button["style"] = self.style
        return button


_END = Button("")  # of a row

Rows = Sequence[Sequence[Button]]


@dataclass(frozen=True)
class Screen:
    """One message with its keyboard.

    Attributes:
        protected: it cannot be forwarded or saved (Bot API, protect_content): what staff see of families.
    """

    text: Html
    rows: Rows = ()
    protected: bool = False

    @property
    def looks(self) -> str:
        """What tells one screen from another: all that a person sees of it, and what its buttons do."""
        buttons = (
            f"{each.label}\r{each.action}\r{each.copies}\r{each.url}"
            for row in self.rows
            for each in (*row, _END)
        )
        return "\n".join((self.text, *buttons))

    def keyboard(self, token: str) -> dict[str, Any]:
        """Return the Bot API's InlineKeyboardMarkup."""
        return {"inline_keyboard": [[button.as_json(token) for button in row] for row in self.rows if row]}
