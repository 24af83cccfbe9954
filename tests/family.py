"""A person in front of the chat: says, presses, sees.

Labels and sentences are given in English, the catalogues' source, and looked for in the person's own
language.
"""

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.machine import Machine

_ISOLATES = str.maketrans("", "", "\u2068\u2069\u200f\u200e")


class Family:
    """One relative with a telephone."""

    def __init__(self, machine: "Machine", person_id: int, language: str) -> None:
        self.machine, self.id, self.language = machine, person_id, language

    @property
    def messages(self) -> list[dict[str, Any]]:
        return self.machine.world.chat(self.id)

    @property
    def from_bot(self) -> list[dict[str, Any]]:
        return [message for message in self.messages if message.get("outgoing")]

    @property
    def last(self) -> dict[str, Any]:
        return self.from_bot[-1]

    @property
    def text(self) -> str:
        """The newest words of the bot, without the invisible signs of direction."""
        return words_of(self.last)

    @property
    def language_name(self) -> str:
        """What the language's button in the picker says."""
        return self.machine.homeward.around.locales.get(self.language).own_name

    @property
    def last_is_screen(self) -> bool:
        """Whether the newest message of the bot carries the live screen's buttons."""
        return _is_screen(self.last)

    @property
    def screen(self) -> dict[str, Any]:
        """The live screen; the newest message of the bot where there is none."""
        return next((each for each in reversed(self.from_bot) if _is_screen(each)), self.last)

    @property
    def toasts(self) -> list[str]:
        return [toast["text"] for toast in self.machine.world.toasts(self.id)]

    async def say(self, text: str) -> None:
        self.machine.world.write(self.id, text)
        await self.machine.settle()

    async def press(self, label: str, *, message: dict[str, Any] | None = None) -> None:
        """Press the newest button with this label (its English words, or its own)."""
        wanted = {each.translate(_ISOLATES) for each in (label, self._own(label))}
        for each in [message] if message is not None else reversed(self.from_bot):
            for button in buttons_of(each):
                if button["text"].translate(_ISOLATES) in wanted:
                    self.machine.world.press(self.id, each["message_id"], label=button["text"])
                    await self.machine.settle()
                    return
        raise AssertionError(
            f"no button {wanted}; there are {[b['text'] for m in self.from_bot for b in buttons_of(m)]}"
        )

    async def press_with(self, words: str) -> None:
        """Press the first button of the live screen whose label holds these words, whatever else it counts."""
        own = self._own(words).translate(_ISOLATES)
        await self.press(next((label for label in self.offered if own in label), words))

    async def forge(self, data: str, *, message_id: int | None = None) -> None:
        """Press with callback data that no button carries."""
        self.machine.world.press(self.id, message_id or self.last["message_id"], data=data)
        await self.machine.settle()

    def sees(self, sentence: str, *, message: dict[str, Any] | None = None) -> bool:
        """Whether the newest message of the bot, or the live screen where something else came below it, holds this
        sentence; `{…}` in it stands for anything.
        """
        shown = [words_of(each) for each in ([message] if message is not None else [self.last, self.screen])]
        wanted = [_pattern(each) for each in (sentence, self._own(sentence))]
        return any(pattern.search(words) is not None for pattern in wanted for words in shown)

    @property
    def buttons(self) -> list[str]:
        return [button["text"].translate(_ISOLATES) for button in buttons_of(self.last)]

    @property
    def offered(self) -> list[str]:
        """What the buttons of the live screen say, also where something else came below it."""
        return [button["text"].translate(_ISOLATES) for button in buttons_of(self.screen)]

    @property
    def live_keyboards(self) -> int:
        """How many messages still carry buttons of a screen; those that work from anywhere do not count."""
        return sum(
            any(
                ":" in (b.get("callback_data") or "") and not b["callback_data"].startswith("~")
                for b in buttons_of(m)
            )
            for m in self.from_bot
        )

    def _own(self, sentence: str) -> str:
        return self.machine.homeward.around.locales.get(self.language).plain(sentence)


def _is_screen(message: dict[str, Any]) -> bool:
    return any(not b.get("callback_data", "~").startswith("~") for b in buttons_of(message))


def words_of(message: dict[str, Any]) -> str:
    text: str = message.get("text") or message.get("caption") or ""
    return text.translate(_ISOLATES)


def buttons_of(message: dict[str, Any]) -> list[dict[str, Any]]:
    return [button for row in message.get("reply_markup", {}).get("inline_keyboard", []) for button in row]


def _pattern(sentence: str) -> re.Pattern[str]:
    pieces = re.split(r"\{\w+\}", re.sub(r"</?\w+>", "", sentence))
    return re.compile(".*?".join(re.escape(piece) for piece in pieces))
