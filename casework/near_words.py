"""Which of very many strings may be nearly the same as one: at most a quarter of their signs differs.

Each is kept under its pieces, one more than the signs by which it may differ from another of its length: of two that
are near, at least one piece is whole in both. So a search looks at those that share a piece with what is looked for.
What it returns are candidates; how near they are is measured elsewhere.
"""

from collections.abc import Iterator
from functools import cache
from itertools import combinations

from casework.packed import Numbers, numbers, put, take

_QUARTER = 4
_LONG = 16  # signs from which on strings are few, and all are looked at
_NO_NUMBERS = numbers()


@cache
def _cuts(length: int) -> tuple[tuple[int, int], ...]:
    """Return where each piece of a string of this length begins and ends."""
    count = length // _QUARTER + 1
    ends = [length * (number + 1) // count for number in range(count)]
    return tuple(zip([0, *ends], ends, strict=False))


def _name(length: int, number: int, piece: str) -> str:
    """Return what a piece is kept under: the same letters elsewhere, or of a longer string, are another piece."""
    return f"{length}.{number}{piece}"


class NearWords:
    """Numbers of strings, found by strings that are nearly the same."""

    def __init__(self) -> None:
        self._kept: dict[str, Numbers | int] = {}  # many pieces are of one string only
        self._long = numbers()

    def add(self, text: str, number: int) -> None:
        if len(text) >= _LONG:
            put(self._long, number)
            return
        for name in _names(text):
            known = self._kept.get(name)
            if known is None:
                self._kept[name] = number
            elif isinstance(known, int):
                self._kept[name] = both = numbers()
                both.extend(sorted((known, number)))
            else:
                put(known, number)

    def remove(self, text: str, number: int) -> None:
        if len(text) >= _LONG:
            take(self._long, number)
            return
        for name in _names(text):
            known = self._kept[name]
            if not isinstance(known, int):
                take(known, number)
            if isinstance(known, int) or not known:
                del self._kept[name]

    def same(self, text: str) -> Numbers:
        """Return those that may be the same string."""
        if len(text) >= _LONG:
            return self._long
        return min((self._under(name) for name in _names(text)), key=len)

    def near(self, text: str) -> set[int]:
        """Return those that may be near it."""
        size = len(text)
        shortest, longest = -(-size * 3 // _QUARTER), size * _QUARTER // 3
        names = {
            name for length in range(shortest, min(longest, _LONG - 1) + 1) for name in _shared(text, length)
        }
        lists = [self._under(name) for name in names]
        return set().union(*lists, self._long if longest >= _LONG else ())

    def _under(self, name: str) -> Numbers:
        known = self._kept.get(name, _NO_NUMBERS)
        if not isinstance(known, int):
            return known
        alone = numbers()
        alone.append(known)
        return alone


def _names(text: str) -> list[str]:
    size = len(text)
    return [_name(size, number, text[start:end]) for number, (start, end) in enumerate(_cuts(size))]


def _shared(text: str, length: int) -> set[str]:
    """Return the names of pieces of which a string of this length has one if it is near the text.

    A text that is longer may differ from it by a sign more than it has pieces to spare. But then it has signs too
    many: one is near that has some of them less.
    """
    cuts = _cuts(length)
    spare = len(cuts) - 1
    too_many = max(len(text), length) // _QUARTER - spare
    shorter = {"".join(kept) for kept in combinations(text, len(text) - too_many)} if too_many else {text}
    return {name for each in shorter for name in _pieces(each, length, spare)}


def _pieces(text: str, length: int, spare: int) -> Iterator[str]:
    """Give each piece at all places to which so many differences can have moved it."""
    longer = len(text) - length
    for number, (start, end) in enumerate(_cuts(length)):
        for moved in range(-spare, spare + 1):
            if abs(moved) + abs(longer - moved) <= spare and 0 <= start + moved <= len(text) - (end - start):
                yield _name(length, number, text[start + moved : end + moved])
