"""What makes a request stronger, as a table: blocks of questions, each voluntary.

A new question is one entry here (or in casework/questions.py) and its translations. What the essential path asked
already stands at the head of its block, so that it can be changed after sending too. Papers and portraits are not
questions: they have their own screens.
"""

from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from casework.more_questions import (
    GUARDIAN,
    MOTHER,
    OWN_WORDS,
    PERSON,
    RELATIVE,
    REQUESTER,
    SHARING,
    WHEREABOUTS,
)
from casework.questions import ESSENTIAL, About, Question
from casework.words import N_


class Scope(StrEnum):
    """Whom a block is about, and so how often it is asked."""

    REQUESTER = "requester"  # once
    PERSON = "person"  # for each person
    ONE = "one"  # once for the request
    SEVERAL = "several"  # as often as somebody wants


@dataclass(frozen=True, eq=False)
class Block:
    """A few questions that belong together.

    Attributes:
        topic: on the button and above the questions.
        before: said before its first question: that it may be hard, that it may wait, what it is for.
        each: of `SEVERAL`: what one of them is called; `{number}` counts them.
        add: of `SEVERAL`: the button that begins another one.
    """

    key: str
    scope: Scope
    topic: str
    questions: tuple[Question, ...]
    before: str | None = None
    each: str = ""
    add: str = ""


def _essential(about: About) -> tuple[Question, ...]:
    return tuple(question for question in ESSENTIAL if question.about is about)


BLOCKS = (
    Block(
        "person",
        Scope.PERSON,
        N_("About them"),
        (*_essential(About.PERSON), *PERSON),
    ),
    Block(
        "whereabouts",
        Scope.PERSON,
        N_("Where they may be"),
        WHEREABOUTS,
        before=N_("This helps staff to look in the right place. What you heard from others is useful too."),
    ),
    Block(
        "mother",
        Scope.ONE,
        N_("The mother's case"),
        MOTHER,
        before=N_("These questions may be hard. You can skip each of them, or come back another day."),
    ),
    Block(
        "relatives",
        Scope.SEVERAL,
        N_("Relatives for a DNA test"),
        RELATIVE,
        before=N_(
            "A DNA test can show who is family where papers are missing. We never ask for results, and keep none."
        ),
        each=N_("Relative {number}"),
        add=N_("Add a relative"),
    ),
    Block(
        "guardian",
        Scope.ONE,
        N_("Who would take the child in"),
        GUARDIAN,
        before=N_(
            "Courts and authorities ask who a child would live with. Naming somebody decides nothing yet."
        ),
    ),
    Block(
        "requester",
        Scope.REQUESTER,
        N_("About you"),
        (*_essential(About.REQUESTER), *REQUESTER),
    ),
    Block(
        "sharing",
        Scope.ONE,
        N_("Who may see your request"),
        SHARING,
        before=N_(
            "Staff show your request to others only as you choose here. You can change it at any time."
        ),
    ),
    Block(
        "own_words",
        Scope.ONE,
        N_("In your own words"),
        OWN_WORDS,
        before=N_("Telling it may be hard. It may be short, and it may wait for another day."),
    ),
)
_BY_KEY = {block.key: block for block in BLOCKS}
MOST_ENTRIES = 10  # of one block: relatives for DNA


@dataclass(frozen=True)
class Spot:
    """A question of a block, and which person or entry it is about (from 0)."""

    block: Block
    number: int
    question: Question

    def __str__(self) -> str:
        return f"{self.block.key}.{self.number}.{self.question.key}"


def block_of(key: str) -> Block | None:
    return _BY_KEY.get(key)


@cache
def _questions(key: str) -> dict[str, Question]:
    return {question.key: question for question in _BY_KEY[key].questions}


def spot_of(text: str) -> Spot | None:
    """Return the spot that `str(spot)` named; None where the tables have no such question (any more)."""
    key, _, rest = text.partition(".")
    number, _, name = rest.partition(".")
    block = _BY_KEY.get(key)
    question = _questions(key).get(name) if block is not None else None
    if block is None or question is None or not number.isdecimal():
        return None
    return Spot(block, int(number), question)
