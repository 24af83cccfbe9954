"""Simulated relatives: each reads its chat and does what the newest words of the bot ask for.

They know the bot as people do, by its sentences and the words on its buttons, in their own language. Nobody writes an
answer twice: a person who has answered waits, asks for the menu once where nothing comes for long, and whoever waits in
vain is reported as stuck.
"""

import asyncio
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any

from bench.planted import answer_to
from bench.processes import Running
from bench.sentences import Sentences
from bench.telephones import Json, Telephone, buttons_of, looks_of, plain, words_of
from bot.i18n import Locales
from casework.questions import About, Question

# Seconds of a running bot without a reaction. Stuck is for ever: where getUpdates fails many times in a row nobody can
# hear sooner.
PATIENCE = 60.0
MOST_REQUESTS = 12  # per person, well below what an account may hold; then somebody else takes their place
_PRESSES_AGAIN = 2.0  # seconds of a running bot until a person tries the same button on a copy further down
# Seconds until somebody who hears nothing asks again: an answer whose fate Telegram left in doubt twice is held
# (docs/decisions/0005-replies-in-doubt.md).
_ASKS_AGAIN = 20.0
_REFERENCE = re.compile(r"HW-[0-9A-Z]{4}-[0-9A-Z]{4}")
_ECHO = "✓ "
_OF_ONESELF = ("requester.0.name",)


class Stuck(Exception):
    """Nothing came back."""


@dataclass
class Filing:
    """A request as its family knows it.

    Attributes:
        answers: by place (`person.0.birth`), as they have to be stored.
        asked: the places the family was asked about.
        known: the places whose answers stand from the request before: what was given is not asked again.
    """

    answers: dict[str, Any] = field(default_factory=dict)
    asked: set[str] = field(default_factory=set)
    known: frozenset[str] = frozenset()
    reference: str = ""

    def following(self) -> "Filing":
        """Return the next request of the same person, who has said already what they are called."""
        kept = {place: self.answers[place] for place in _OF_ONESELF if place in self.answers}
        return Filing(kept, known=frozenset(kept))


class Relative:
    """One person who files requests until told that it is enough."""

    def __init__(
        self, telephone: Telephone, locales: Locales, language: str, bot: Running, dice: Random, pause: float
    ) -> None:
        self.telephone, self.locale = telephone, locales.get(language)
        self._bot, self._dice, self._pause = bot, dice, pause
        self._filing = Filing()
        self._changing = self._has_changed = self._has_looked = False
        self.filed: list[Filing] = []
        self.enough = False
        self.stuck = ""
        self.asked_again: list[str] = []
        self.not_listed: set[str] = set()
        self.pressed_again = self.buried = self.asked_for_menu = 0
        self._sentences = Sentences(locales, self.locale)
        sentences: tuple[tuple[str, Callable[[], Any]], ...] = (
            ("Your request has been sent. It is stored safely.", self._after_sending),
            ("Check your answers", self._review),
            ("Which of these do you mean?", self._choose_first),
            ("Do you want to ask about somebody else as well?", self._more),
            ("Before we begin: your agreement", lambda: self._press("I agree")),
            ("What would you like to do?", self._menu),
            ("Your requests", self._look_through),
            ("Request {reference}", lambda: self._press("← Back")),
            # What was written just when the menu came instead of a question.
            ("Shall we pass this on to staff?", lambda: self._press("No, delete it")),
        )
        self._screens = [(self._sentences.of(sentence), act) for sentence, act in sentences]

    async def live(self) -> None:
        """File requests until there are enough; end at the menu with nothing begun, or stuck."""
        try:
            await self.telephone.write("/start")
            await self._reaction("")
            while not self._at_the_end():
                await asyncio.sleep(self._dice.uniform(0.3, 1.7) * self._pause)
                self.buried += self.telephone.screen_is_buried
                if self.telephone.screen is None:  # the old keyboard is off, and the next message on its way
                    await self._reaction("")
                await self._react()
        except Stuck as reason:
            self.stuck = str(reason)

    def _at_the_end(self) -> bool:
        done = (self.enough and bool(self.filed)) or len(self.filed) >= MOST_REQUESTS
        at_menu = self._sentences.of("What would you like to do?").search(self._words) is not None
        return done and at_menu and self._has_looked and not self._filing.asked

    async def _react(self) -> None:
        """Do what the screen asks for."""
        if any(each.search(self._words) for each in self._sentences.languages):
            await self._press(self.locale.own_name)
            return
        for pattern, question in self._sentences.prompts:
            if pattern.search(self._words):
                await self._answer(question)
                return
        for pattern, act in self._screens:
            if pattern.search(self._words):
                await act()
                return
        raise Stuck(f"does not know what to do with {self._words!r}")

    async def _answer(self, question: Question) -> None:
        place = self._place(question)
        self._filing.asked.add(place)
        if place in self._filing.answers and not self._changing:
            self.asked_again.append(f"{place}: {self._lately()}")
        if self._changing and self._dice.random() < 0.3:
            await self._press("Keep this answer")
            return
        answer = answer_to(question, self.locale, self._dice)
        self._filing.answers[place] = answer.value
        await (self._press(answer.words) if answer.pressed else self._write(answer.words))

    def _lately(self) -> str:
        """Tell what the chat was like just before, so that a fault can be understood."""
        said = [
            each.looks.replace("\n", " ")[:80] or ("…" if each.extra else "-")
            for each in self.telephone.history
        ]
        return f"{said[-8:]}, and now {self._screen['message_id']} {self._words[:80]!r}"

    def _place(self, question: Question) -> str:
        """Name the place as the answers are kept: `person.1.birth` is the birth of the second person."""
        number = self._sentences.number.search(self._words) if question.about is About.PERSON else None
        return f"{question.about}.{int(number[1]) - 1 if number else 0}.{question.key}"

    async def _more(self) -> None:
        persons = {place.split(".")[1] for place in self._filing.answers}
        more = len(persons) < 3 and self._dice.random() < 0.25
        await self._press("Add another person" if more else "No, check my answers")

    async def _choose_first(self) -> None:
        await self._press(buttons_of(self._screen)[0]["text"])

    async def _review(self) -> None:
        self._changing = not self._has_changed and self._dice.random() < 0.25
        if self._changing:
            self._has_changed = True
            labels = [each["text"] for each in buttons_of(self._screen)]
            answers = labels.index(
                self.locale.plain("Add another person")
            )  # a button for each stands above it
            await self._press(self._dice.choice(labels[:answers]))
            return
        await self._press("Send my request", until=self._new_reference)
        if self._new_reference():
            self._note_filed()

    def _note_filed(self) -> None:
        self._filing.reference = self._new_reference()
        self.filed.append(self._filing)
        self._filing, self._has_changed, self._has_looked = self._filing.following(), False, False

    def _new_reference(self) -> str:
        """Return the reference of a confirmation that has just come; empty while there is none."""
        sent = self._sentences.of("Your request has been sent. It is stored safely.")
        known = {filing.reference for filing in self.filed}
        told = [words_of(each) for each in self.telephone.messages.values()]
        found = [_REFERENCE.search(words) for words in told if sent.search(words)]
        return next((each[0] for each in found if each and each[0] not in known), "")

    async def _after_sending(self) -> None:
        await self._press("Menu")

    async def _menu(self) -> None:
        begun = bool(
            self._filing.answers.keys() - self._filing.known
        )  # what is asked and not answered is not kept
        if begun and not self._offers("Go on with my request"):
            await self._wait_for_the_reference()
            return
        enough = self.enough or len(self.filed) >= MOST_REQUESTS
        if self.filed and not begun and not self._has_looked and (enough or self._dice.random() < 0.3):
            self._has_looked = True
            await self._press("My requests")
        else:
            await self._press("Go on with my request" if begun else "File a request")

    async def _wait_for_the_reference(self) -> None:
        """It was sent after all, and its confirmation is on its way: the menu that was asked for overtook it."""
        await self._reaction(gist(self._screen), self._new_reference)
        if not self._new_reference():
            raise Stuck("nothing begun, and no reference")
        self._note_filed()

    async def _look_through(self) -> None:
        listed = set(_REFERENCE.findall(looks_of(self._screen)))
        self.not_listed |= {filing.reference for filing in self.filed} - listed
        references = [each["text"] for each in buttons_of(self._screen) if _REFERENCE.search(each["text"])]
        opens = self._dice.random() < 0.5
        await self._press(self._dice.choice(references) if opens else "← Back")

    async def _write(self, words: str) -> None:
        before = gist(self._screen)
        await self.telephone.write(words)
        await self._reaction(before)

    async def _press(self, label: str, until: Callable[[], Any] | None = None) -> None:
        """Press a button; one in twenty presses twice, as with a trembling finger."""
        screen, words = self._screen, self.locale.plain(label)
        if not self._offers(label):
            raise Stuck(f"finds no button {words!r} under {words_of(screen)!r}")
        await self.telephone.press(screen, words)
        if self._dice.random() < 0.05:
            await self.telephone.press(screen, words, extra=True)
        await self._reaction(gist(screen), until, (screen["message_id"], words))

    def _offers(self, label: str) -> bool:
        return plain(self.locale.plain(label)) in {plain(each["text"]) for each in buttons_of(self._screen)}

    async def _reaction(
        self, before: str, until: Callable[[], Any] | None = None, pressed: tuple[int, str] | None = None
    ) -> None:
        """Wait until the chat shows something else.

        A message that comes twice is no reaction. But a press may have met a screen that had just been
        replaced by a copy: after a while a person tries the copy. Whoever asked for the menu waits for it, and goes on
        from there: what comes before it was on its way, and is not asked any more.

        Raises:
            Stuck: nothing came for `PATIENCE` seconds in which the bot was running.
        """
        since, again, asks, asked_at = self._bot.up, _PRESSES_AGAIN, _ASKS_AGAIN, 0
        while not (self._menu_came(asked_at) if asked_at else self._shows_something_else(before, until)):
            waited = self._bot.up - since
            if waited > PATIENCE:
                raise Stuck(f"no reaction to {pressed[1] if pressed else 'a message'!r} at {before[:100]!r}")
            if pressed and waited > again and self._is_copy(before, pressed[0]):
                self.pressed_again += 1
                again = waited + _PRESSES_AGAIN
                pressed = (self._screen["message_id"], pressed[1])
                await self.telephone.press(self._screen, pressed[1], extra=True)
            if waited > asks:
                asks, asked_at = asks + _ASKS_AGAIN, self.telephone.changed
                self.asked_for_menu += 1
                await self.telephone.write("/start", extra=True)
            await self.telephone.stirs(0.5)

    def _shows_something_else(self, before: str, until: Callable[[], Any] | None) -> bool:
        if until is not None:
            return bool(until())
        return self.telephone.screen is not None and gist(self._screen) != before

    def _menu_came(self, asked_at: int) -> bool:
        """Whether the menu has come since it was asked for; whoever has no language yet is asked for that."""
        menus = (self._sentences.of("What would you like to do?"), *self._sentences.languages)
        return self.telephone.changed > asked_at and any(each.search(self._words) for each in menus)

    def _is_copy(self, before: str, number: int) -> bool:
        screen = self.telephone.screen
        return screen is not None and screen["message_id"] != number and gist(screen) == before

    @property
    def _screen(self) -> Json:
        assert self.telephone.screen is not None
        return self.telephone.screen

    @property
    def _words(self) -> str:
        return words_of(self._screen)


def gist(message: Json) -> str:
    """Return what a message asks for, without the echo of the answer before and the gap below it."""
    lines = looks_of(message).splitlines()
    return "\n".join(line for line in lines if not line.startswith(_ECHO)).strip()
