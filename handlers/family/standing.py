"""Where in the questions somebody stands: on the essential path, or in a block that makes the request stronger.

The engine (asking.py) asks, checks and echoes; what lies before and after a question is told here.
"""

from typing import Any, Protocol

from bot.i18n import Html, bold, paragraphs, safe
from bot.turn import Turn
from casework.answers import Taken, understand
from casework.blocks import MOST_ENTRIES, Scope, Spot, spot_of
from casework.dossiers import Dossier
from casework.drafts import MOST_PERSONS, Draft
from casework.drafts import At as Place
from casework.questions import About, Question
from casework.words import N_
from handlers.family.drafting import draft_of, keep, place_of, stand_at
from handlers.family.everywhere import ask_to_cancel
from handlers.family.steps import At
from handlers.family.subject import choose, dossier_of, dossier_with, put

PERSON_NUMBER = N_("Person {number}")
_THIS_PERSON = N_("this person")
_KEPT = N_("Your answers are kept.")
_IN_BLOCK = "spot"


class Standing(Protocol):
    """A question somebody stands at.

    Attributes:
        spot: what it is stored under, the same on both ways.
        called: the name its prompt speaks of; empty where it speaks of nobody.
        given: the answer so far.
        country: where the person it is about is said to be; empty where it is about nobody.
        may_skip: whether it can be left open.
    """

    @property
    def question(self) -> Question: ...
    @property
    def spot(self) -> str: ...
    @property
    def called(self) -> str: ...
    @property
    def given(self) -> Any: ...
    @property
    def country(self) -> str: ...
    @property
    def may_skip(self) -> bool: ...
    @property
    def request_id(self) -> int: ...
    @property
    def person_id(self) -> int | None: ...

    def heading(self, turn: Turn) -> Html | None:
        """Say above the question what it is about."""

    def keep(self, turn: Turn, value: Any) -> None:
        """Save an answer."""

    def onward(self, turn: Turn) -> None:
        """Go to the next question, or where one came from to change this one."""

    def back(self, turn: Turn) -> None:
        """Go to the question before."""

    def leave(self, turn: Turn) -> None:
        """Stop answering for now."""


class OnThePath:
    """At one of the few questions that every request must answer."""

    may_skip = False

    def __init__(self, turn: Turn, draft: Draft, place: Place) -> None:
        self._draft, self._place = draft, place
        self._nobody = turn.locale.plain(_THIS_PERSON)

    @property
    def question(self) -> Question:
        return self._place.question

    @property
    def spot(self) -> str:
        return str(self._place)

    @property
    def called(self) -> str:
        if self.question.about is not About.PERSON or self.question.key == "name":
            return ""
        return self._draft.name(self._place.person) or self._nobody

    @property
    def given(self) -> Any:
        return self._draft.answer(self._place)

    @property
    def country(self) -> str:
        return ""

    @property
    def request_id(self) -> int:
        return self._draft.request_id

    @property
    def person_id(self) -> int | None:
        return self._draft.person_ids[self._place.person] if self.question.about is About.PERSON else None

    def heading(self, turn: Turn) -> Html | None:
        several = self.question.about is About.PERSON and len(self._draft.persons) > 1
        return turn.t(PERSON_NUMBER, number=self._place.person + 1) if several else None

    def keep(self, turn: Turn, value: Any) -> None:
        self._draft.put(self._place, value)
        keep(turn, self._draft)

    def onward(self, turn: Turn) -> None:
        following = self._draft.after(self._place)
        if turn.state.pop("changing", False):
            turn.go(At.REVIEW)
        else:
            turn.go(At.MORE if following is None else At.QUESTION)
        stand_at(turn, following or self._place)

    def back(self, turn: Turn) -> None:
        """From a change back to the summary; from the first question to the menu."""
        before = self._draft.before(self._place)
        if turn.state.pop("changing", False):
            turn.go(At.REVIEW)
        elif before is None:
            turn.go(At.HOME)
        else:
            stand_at(turn, before)
            turn.go(At.QUESTION)

    def leave(self, turn: Turn) -> None:
        ask_to_cancel(turn)


class InABlock:
    """At a voluntary question, of a draft or of a request that was sent."""

    may_skip = True

    def __init__(self, turn: Turn, dossier: Dossier, spot: Spot) -> None:
        self._dossier, self._spot = dossier, spot
        self._nobody = turn.locale.plain(_THIS_PERSON)

    @property
    def question(self) -> Question:
        return self._spot.question

    @property
    def spot(self) -> str:
        return str(self._spot)

    @property
    def called(self) -> str:
        if self.question.about is not About.PERSON or self.question.key == "name":
            return ""
        return self._person_name or self._nobody

    @property
    def given(self) -> Any:
        return self._dossier.answer(self._spot)

    @property
    def country(self) -> str:
        return str(self._dossier.answers(self._spot.block, self._spot.number).get("country", ""))

    @property
    def request_id(self) -> int:
        return self._dossier.request_id

    @property
    def person_id(self) -> int | None:
        known = self._of_a_person and self._spot.number < len(self._dossier.persons)
        return self._dossier.persons[self._spot.number].id if known else None

    @property
    def _of_a_person(self) -> bool:
        return self._spot.block.scope is Scope.PERSON

    @property
    def _person_name(self) -> str:
        return self._dossier.persons[self._spot.number].name if self.person_id is not None else ""

    def heading(self, turn: Turn) -> Html | None:
        title = turn.t(self._spot.block.topic)
        asked = self._dossier.asked(self._spot.block, self._spot.number)
        counted = turn.t(
            N_("{title}, question {number} of {all}"),
            title=title,
            number=asked.index(self.question) + 1,
            all=len(asked),
        )
        where = counted if len(asked) > 1 else title
        block = self._spot.block
        begins = asked[0] is self.question and self.given is None and not block.each
        return paragraphs(where, self._which(turn), turn.t(block.before) if begins and block.before else None)

    def _which(self, turn: Turn) -> Html | None:
        """Say whom it is about, where there are several and the question itself does not say it."""
        number = self._spot.number + 1
        if self._spot.block.each:
            return turn.t(self._spot.block.each, number=number)
        if not self._of_a_person or len(self._dossier.persons) <= 1 or "{name}" in self.question.prompt:
            return None
        return bold(safe(self._person_name)) if self._person_name else turn.t(PERSON_NUMBER, number=number)

    def keep(self, turn: Turn, value: Any) -> None:
        put(turn, self._dossier, self._spot, value)

    def onward(self, turn: Turn) -> None:
        following = self._dossier.after(self._spot)
        if turn.state.pop("changing", False):
            self._to_the_summary(turn)
        elif following is None:
            self._to_the_list(turn)
        else:
            enter(turn, following)

    def back(self, turn: Turn) -> None:
        before = self._dossier.before(self._spot)
        if turn.state.pop("changing", False):
            self._to_the_summary(turn)
        elif before is None:
            turn.state.pop(_IN_BLOCK, None)
            turn.go(At.STRENGTHEN)
        else:
            enter(turn, before)

    def leave(self, turn: Turn) -> None:
        turn.state.pop(_IN_BLOCK, None)
        turn.state.pop("changing", None)
        turn.note(turn.t(_KEPT))
        turn.go(At.STRENGTHEN)

    def _to_the_list(self, turn: Turn) -> None:
        """After the last question: where the next person or relative, or the next block, is chosen."""
        turn.state.pop(_IN_BLOCK, None)
        turn.state["block"] = self._spot.block.key
        several = self._spot.block.scope is Scope.SEVERAL or len(self._dossier.numbers(self._spot.block)) > 1
        turn.go(At.WHICH if several else At.STRENGTHEN)

    def _to_the_summary(self, turn: Turn) -> None:
        turn.state.pop(_IN_BLOCK, None)
        turn.state["block"], turn.state["number"] = self._spot.block.key, self._spot.number
        turn.go(At.BLOCK if self._dossier.has(self._spot) else At.STRENGTHEN)


def standing_of(turn: Turn) -> Standing | None:
    """Return the question somebody stands at; none without an agreement, whatever led there."""
    if turn.loaded.consent_id is None:
        return None
    in_block = spot_of(turn.state.get(_IN_BLOCK, ""))
    if in_block is not None:
        dossier = dossier_of(turn)
        return (
            InABlock(turn, dossier, in_block) if dossier is not None and _may_ask(dossier, in_block) else None
        )
    draft = draft_of(turn)
    place = place_of(turn, draft) if draft is not None else None
    return OnThePath(turn, draft, place) if draft is not None and place is not None else None


def read(turn: Turn, standing: Standing, text: str) -> Taken:
    """Understand words as the answer to a question."""
    locale = turn.locale
    today = turn.now.astimezone(turn.zone).date()
    return understand(standing.question, text, today=today, language=locale.code, label=locale.plain)


def standing_at(turn: Turn, request_id: int, text: str) -> Standing | None:
    """Return a question that was answered earlier, by what it is stored under, if it can still be changed."""
    dossier, spot = dossier_with(turn, request_id), spot_of(text)
    if turn.loaded.consent_id is None or dossier is None or spot is None or not dossier.has(spot):
        return None
    return InABlock(turn, dossier, spot)


def enter(turn: Turn, spot: Spot) -> None:
    """Stand at a question of a block."""
    turn.state[_IN_BLOCK] = str(spot)
    for key in ("tries", "problem", "offer"):
        turn.state.pop(key, None)
    turn.go(At.QUESTION)


def change_in(turn: Turn, request_id: int, spot: Spot) -> None:
    """Stand at a question of a block in order to change just this answer."""
    choose(turn, request_id)
    turn.state["changing"] = True
    enter(turn, spot)


def _may_ask(dossier: Dossier, spot: Spot) -> bool:
    """Whether there is such a person or entry, or this question may begin one."""
    if dossier.has(spot):
        return spot.question in dossier.asked(spot.block, spot.number)
    begins = spot.question is spot.block.questions[0]
    if spot.block.scope is Scope.PERSON:
        return begins and dossier.filed and spot.number == len(dossier.persons) < MOST_PERSONS
    return (
        begins
        and spot.block.scope is Scope.SEVERAL
        and spot.number == len(dossier.entries.get(spot.block.key, ())) < MOST_ENTRIES
    )
