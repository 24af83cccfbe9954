"""Two people who do anything at all, and what has to hold after each thing they do (test_whole_family_side.py)."""

import asyncio
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unicodedata import normalize

from sqlalchemy import func, select

from bot.i18n import LANGUAGES
from bot.screen import ANYWHERE, CALLBACK_LIMIT, TEXT_LIMIT
from db.models import Account, Outbox, Person, Request, SetAside
from handlers.family.steps import At
from simulator.text import units
from tests.family import Family, buttons_of
from tests.held import call_log_problems
from tests.machine import Machine, running
from tests.spoken import foreign_to, words_in
from tests.stored import standing_of

CAPTION_LIMIT = 1024  # UTF-16 units; Bot API, sendPhoto
WIDEST_ROW = 3  # buttons
IDS = (1003, 1009)
MARKS = ("Байтукаева", "Умхаджиева")  # stands in everything that one of them writes, and nowhere else

Button = tuple[int, dict[str, Any]]  # the message it hangs on, and the button


@dataclass
class Before:
    """What there was when somebody began to act."""

    answers: int
    requests: int
    persons: int
    standing: dict[str, Any]
    said: int
    toasts: tuple[int, ...]
    languages: tuple[str, ...]


@dataclass
class Act:
    """What an act may do besides being answered.

    Attributes:
        silent: it need not be answered: a later part of an album, a button that only the messenger hears.
        sends: it presses "Send my request" on the live screen, with this many persons on it.
        removes: it presses a red button of the live screen.
        old: it presses a button of a screen.
        forged: it presses what hangs on no message of theirs; this may cost them their own buttons, up to /start.
    """

    silent: bool = False
    sends: int = 0
    removes: bool = False
    forged: bool = False
    old: bool = False


@dataclass
class Walker:
    """One of the two, and the buttons that were ever shown to them."""

    family: Family
    mark: str
    shown: list[Button] = field(default_factory=list)
    albums: int = 0

    @property
    def visible(self) -> list[Button]:
        """The buttons in the chat now, the newest message first."""
        return [
            (int(message["message_id"]), button)
            for message in reversed(self.family.from_bot)
            for button in buttons_of(message)
        ]

    @property
    def live(self) -> list[Button]:
        return [(where, each) for where, each in self.visible if _belongs_to_a_screen(each)]

    @property
    def own_messages(self) -> list[int]:
        return [
            int(message["message_id"])
            for message in self.family.messages
            if not message.get("outgoing") and {"text", "caption"} & message.keys()
        ]


def _leads_anywhere(walker: Walker) -> bool:
    return any("callback_data" in each for _, each in walker.visible)


def _belongs_to_a_screen(button: dict[str, Any]) -> bool:
    return not button.get("callback_data", ANYWHERE).startswith(ANYWHERE)


class Walk:
    """A machine in a folder of its own, played from synchronous code."""

    def __init__(self) -> None:
        self._runner = asyncio.Runner()
        self._stack = AsyncExitStack()
        self._folder = Path(tempfile.mkdtemp(prefix="homeward-walk-"))
        self.machine: Machine = self.run(self._stack.enter_async_context(running(self._folder)))
        self.walkers = [
            Walker(self.machine.person(each, name=mark), mark) for each, mark in zip(IDS, MARKS, strict=True)
        ]
        self._locales = [self.machine.homeward.around.locales.get(each.code) for each in LANGUAGES]
        self._typed: set[str] = set()
        self._inputs = 0
        self.requests = self.persons = 0

    def run(self, doing: Any) -> Any:
        return self._runner.run(doing)

    def end(self) -> None:
        try:
            assert call_log_problems(self.machine.world) == []
        finally:
            self.run(self._stack.aclose())
            self._runner.close()
            shutil.rmtree(self._folder)

    def restart(self) -> None:
        world = self.machine.world
        self.run(self._stack.aclose())
        self.machine = self.run(self._stack.enter_async_context(running(self._folder, world)))
        for walker in self.walkers:
            walker.family.machine = self.machine

    def begin(self, who: int, language: int, way: Callable[[Family, str], Any]) -> None:
        """Bring somebody to where their walk begins."""
        walker = self.walkers[who]
        chosen = LANGUAGES[language % len(LANGUAGES)]
        walker.family.language = chosen.code
        self.run(way(walker.family, chosen.own_name))
        self.requests, self.persons = self._count(Request), self._count(Person)
        self._look(walker)

    def step(self, who: int, act: Act, doing: Callable[[], object]) -> None:
        """Do something, let the bot answer, and hold everything that must hold against it."""
        walker = self.walkers[who]
        before = self._before(walker)
        doing()
        self.run(self.machine.settle())
        self._nothing_failed()
        self._answered(walker, act, before)
        self._counted(act, before)
        for each in self.walkers:
            self._leads_on(each, act)
        self._well_said(before)
        self._look(walker)

    def _before(self, walker: Walker) -> Before:
        return Before(
            self._answers(walker),
            self.requests,
            self.persons,
            standing_of(self.machine, walker.family.id),
            len(self.machine.world.said),
            tuple(len(each.family.toasts) for each in self.walkers),
            tuple(self._language(each) for each in self.walkers),
        )

    def _look(self, walker: Walker) -> None:
        """Note the buttons that are there now: an old one can still be pressed on a slow telephone."""
        for each in self.walkers:
            known = {
                (where, button.get("callback_data")) for where, button in each.shown[-60:]
            }  # far more than a screen has
            fresh = [(w, b) for w, b in each.visible if "callback_data" in b]
            each.shown += [(w, b) for w, b in fresh if (w, b["callback_data"]) not in known]

    def _answers(self, walker: Walker) -> int:
        """Count everything the bot ever showed this person; that a keyboard went away is no answer."""
        shown, count = set(), len(walker.family.toasts)
        for message in self.machine.world.said:
            words = (message["message_id"], message.get("text"))
            if message["chat"]["id"] == walker.family.id and (buttons_of(message) or words not in shown):
                count += 1
            shown.add(words)
        return count

    def _nothing_failed(self) -> None:
        with self.machine.homeward.engine.begin() as connection:
            causes = list(connection.scalars(select(SetAside.cause)))
            states = Counter(connection.scalars(select(Outbox.state)))
        assert causes == [], "set aside"
        assert set(states) <= {"sent"}, "not everything was delivered"

    def _answered(self, walker: Walker, act: Act, before: Before) -> None:
        emptied = act.removes and before.standing.get("step") == At.PANIC  # the chat is gone, and with it us
        unknown = act.old and not before.standing  # nobody begins with a button of somebody who is forgotten
        quiet = act.silent or emptied or unknown
        assert quiet or self._answers(walker) > before.answers, f"no answer at {before.standing}"

    def _counted(self, act: Act, before: Before) -> None:
        """Hold what is stored against what was sent: a request comes by "Send my request" alone."""
        self.requests, self.persons = self._count(Request), self._count(Person)
        more, persons = self.requests - before.requests, self.persons - before.persons
        if more > 0:
            assert (more, persons) == (1, act.sends), f"requests, persons: {more}, {persons}"
        elif more < 0 or persons < 0:
            assert act.removes, "something is gone that nobody removed"
        elif persons:
            name_of_another = str(before.standing.get("spot", "")).startswith("person.")
            assert (name_of_another, persons) == (True, 1), f"{persons} persons more at {before.standing}"

    def _leads_on(self, walker: Walker, act: Act) -> None:
        family = walker.family
        assert family.live_keyboards <= 1, "two live keyboards"
        if family.from_bot and not _leads_anywhere(walker):
            assert act.forged or act.removes, "no button leads on"
            self.run(family.say("/start"))
            assert _leads_anywhere(walker), "no way back"

    def _well_said(self, before: Before) -> None:
        """Look at everything that was said in this step."""
        inputs = self.machine.world.inputs
        typed = (normalize("NFC", each.text) for each in inputs[self._inputs :])  # as the bot keeps it
        self._typed |= {word for text in typed for word in words_in(text)}
        self._inputs = len(inputs)
        for message in self.machine.world.said[before.said :]:
            hold_within_limits(message)
            text = _all_words(message)
            self._only_to_whom_it_belongs(message["chat"]["id"], text)
            self._in_their_language(message, before, text)
        for walker, heard in zip(self.walkers, before.toasts, strict=True):
            for toast in walker.family.toasts[heard:]:
                self._only_to_whom_it_belongs(walker.family.id, toast)

    def _only_to_whom_it_belongs(self, chat: int, text: str) -> None:
        for walker in self.walkers:
            assert walker.family.id == chat or walker.mark not in text, "somebody else's words"

    def _in_their_language(self, message: dict[str, Any], before: Before, text: str) -> None:
        """No line untranslated; but the picker, which asks in every language."""
        if all(locale.plain("Choose your language") in text for locale in self._locales):
            return
        for walker, language in zip(self.walkers, before.languages, strict=True):
            if (
                walker.family.id != message["chat"]["id"]
                or self._language(walker) != language
                or not language
            ):
                continue
            foreign = foreign_to(language, set(words_in(text)))
            not_typed = {word for word in foreign if not any(each.startswith(word) for each in self._typed)}
            assert not_typed == set(), f"{language}: {text}"

    def _count(self, table: type[Request | Person]) -> int:
        with self.machine.homeward.engine.begin() as connection:
            return connection.scalar(select(func.count()).select_from(table)) or 0

    def _language(self, walker: Walker) -> str:
        with self.machine.homeward.engine.begin() as connection:
            known = self.machine.homeward.around.keys.lookup("telegram", walker.family.id)
            return connection.scalar(select(Account.language).where(Account.telegram_key == known)) or ""

    def press(self, who: int, button: Button, *, times: int = 1) -> None:
        """Press a button that hangs (or hung) in somebody's chat; twice is a trembling hand."""
        where, pressed = button
        walker, data = self.walkers[who], pressed.get("callback_data")
        if data is None:
            return
        live = any(each.get("callback_data") == data and at == where for at, each in walker.live)

        def doing() -> None:
            for _ in range(times):
                self.machine.world.press(walker.family.id, where, data=data)

        act = Act(
            old=not data.startswith(f"{ANYWHERE}:"),
            sends=persons_on(walker.live) if live and data.endswith(":send") else 0,
            removes=live and pressed.get("style") == "danger",
            forged=(where, data) not in {(at, each.get("callback_data")) for at, each in walker.shown},
        )
        self.step(who, act, doing)


def persons_on(summary: list[Button]) -> int:
    """Count the persons whose answers "Check your answers" offers to change."""
    actions = [button.get("callback_data", "").partition(":")[2] for _, button in summary]
    return len({each.partition(":")[2].partition(".")[0] for each in actions if each.startswith("change:")})


def hold_within_limits(message: dict[str, Any]) -> None:
    """Hold a message of the bot against what Telegram takes, and against three buttons a row."""
    assert 0 < units(message.get("text") or "x") <= TEXT_LIMIT
    assert units(message.get("caption") or "") <= CAPTION_LIMIT
    for row in message.get("reply_markup", {}).get("inline_keyboard", []):
        assert len(row) <= WIDEST_ROW
        for button in row:
            assert button["text"].strip()
            assert 0 < len(button.get("callback_data", "x").encode()) <= CALLBACK_LIMIT


def _all_words(message: dict[str, Any]) -> str:
    labels = [button["text"] for button in buttons_of(message)]
    return "\n".join([message.get("text", ""), message.get("caption", ""), *labels])
