"""A draft: the answers of a request that has not been sent, and the way through its questions.

Pure data, pure functions.
"""

from dataclasses import dataclass, field, fields
from functools import cache
from typing import Any, Self

from casework.questions import ESSENTIAL, About, Question
from db.ids import new_id

MOST_PERSONS = 12  # the keyboard of the last page, and the page itself, must fit into one message


@dataclass(frozen=True)
class At:
    """A place on the way: a question, and which person it is about (from 0; 0 for the requester too)."""

    person: int
    question: Question

    def __str__(self) -> str:
        return f"{self.question.about}.{self.person}.{self.question.key}"


@cache
def _way(persons: int) -> tuple[At, ...]:
    own = [At(0, question) for question in ESSENTIAL if question.about is About.REQUESTER]
    theirs = [question for question in ESSENTIAL if question.about is About.PERSON]
    return (*own, *(At(number, question) for number in range(persons) for question in theirs))


@cache
def _named(persons: int) -> dict[str, At]:
    return {str(at): at for at in _way(persons)}


@dataclass
class Draft:
    """Answers by question key; a missing key is a question not yet answered.

    The ids are those that the rows will have once the request is sent, so that what is sent with the draft
    (files, papers) belongs to them from the start.
    """

    requester: dict[str, Any] = field(default_factory=dict)
    persons: list[dict[str, Any]] = field(default_factory=lambda: [{}])
    begun: str = ""  # ISO date of the first answer
    request_id: int = field(default_factory=new_id)
    person_ids: list[int] = field(default_factory=lambda: [new_id()])
    entries: dict[str, list[dict[str, Any]]] = field(default_factory=dict)  # casework/blocks.py
    from_before: list[str] = field(default_factory=list)  # what of the requester an earlier request told

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> Self:
        return cls(**stored)

    def to_json(self) -> dict[str, Any]:
        return {each.name: getattr(self, each.name) for each in fields(self)}

    def way(self) -> tuple[At, ...]:
        """Every question of this draft in the order it is asked."""
        return _way(len(self.persons))

    def answer(self, at: At) -> Any:
        """Return the answer at this place, or None where there is none yet."""
        return self._answers(at).get(at.question.key)

    def put(self, at: At, value: Any) -> None:
        self._answers(at)[at.question.key] = value

    def name(self, number: int) -> str:
        """Return what the family calls this person; empty while it is not known in writing."""
        name = self.persons[number].get("name", "")
        return name if isinstance(name, str) else ""

    def first_open(self) -> At | None:
        """Return the first question without an answer; None when the draft is complete."""
        return next((at for at in self.way() if self.answer(at) is None), None)

    def after(self, at: At) -> At | None:
        """Return the question after this one; None after the last."""
        way = self.way()
        following = way.index(at) + 1
        return way[following] if following < len(way) else None

    def before(self, at: At) -> At | None:
        """Return the question before this one; None before the first."""
        way = self.way()
        place = way.index(at)
        return way[place - 1] if place else None

    def find(self, place: str) -> At | None:
        """Return the place that `str(at)` named, if this draft has it."""
        return _named(len(self.persons)).get(place)

    def add_person(self) -> At:
        """Add a person to ask about; return their first question."""
        self.persons.append({})
        self.person_ids.append(new_id())
        return next(
            at
            for at in self.way()
            if at.question.about is About.PERSON and at.person == len(self.persons) - 1
        )

    def drop_person(self, number: int) -> None:
        """Take a person out again; the only one is emptied instead."""
        del self.persons[number], self.person_ids[number]
        if not self.persons:
            self.persons.append({})
            self.person_ids.append(new_id())

    @property
    def empty(self) -> bool:
        said = set(self.requester) - set(self.from_before)
        return not said and not any(self.persons) and not self.entries

    def _answers(self, at: At) -> dict[str, Any]:
        return self.requester if at.question.about is About.REQUESTER else self.persons[at.person]
