"""What a search asks of persons besides their names, once for all who have it in common, by number."""

from collections.abc import Iterator
from typing import NamedTuple

from casework.packed import Numbers, numbers, put, take


class Facts(NamedTuple):
    """What is known of a person.

    Attributes:
        years: the first and the last in which they may have been born.
        parents: whether mother and father are named.
    """

    years: tuple[int, int] | None
    country: str
    site_id: int | None
    parents: tuple[bool, bool]


class HeldFacts:
    """Facts by number, and whose they are."""

    def __init__(self) -> None:
        self._facts: list[Facts | None] = []
        self._numbers: dict[Facts, int] = {}
        self._whose: list[Numbers] = []
        self._free: list[int] = []

    def __len__(self) -> int:
        return len(self._facts)

    def __iter__(self) -> Iterator[tuple[int, Facts]]:
        """Give all facts that anybody has, by their number."""
        return ((number, facts) for number, facts in enumerate(self._facts) if facts is not None)

    def __getitem__(self, number: int) -> Facts:
        facts = self._facts[number]
        if facts is None:
            raise KeyError(number)
        return facts

    def number(self, facts: Facts) -> int:
        """Return the number of facts; new ones get one, and are somebody's right after."""
        known = self._numbers.get(facts)
        if known is not None:
            return known
        number = self._free.pop() if self._free else len(self._facts)
        if number == len(self._facts):
            self._facts.append(None)
            self._whose.append(numbers())
        self._facts[number], self._numbers[facts] = facts, number
        return number

    def whose(self, number: int) -> Numbers:
        return self._whose[number]

    def add(self, number: int, who: int) -> None:
        put(self._whose[number], who)

    def remove(self, number: int, who: int) -> None:
        """Take somebody out; what is nobody's any more is forgotten."""
        take(self._whose[number], who)
        if not self._whose[number]:
            del self._numbers[self[number]]
            self._facts[number] = None
            self._free.append(number)
