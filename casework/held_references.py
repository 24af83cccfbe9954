"""References by number, eight letters each in one row: which of them hold some letters, or are nearly those."""

from collections.abc import Iterable, Iterator

from rapidfuzz.distance import OSA

LIKE_A_REFERENCE, PART_OF_REFERENCE = 0.7, 0.9  # what it is worth: at least, and where it is a part
_LETTERS = 8
_GROUP = 4
_NONE = bytes(_LETTERS)


class HeldReferences:
    """The letters of references that differ from one to another (`HW-7K3M-9QF2` is kept as `7K3M9QF2`)."""

    def __init__(self) -> None:
        self._row = bytearray()

    def put(self, number: int, reference: str) -> None:
        """Keep a reference under a number: at most the next one after the largest."""
        letters = reference.removeprefix("HW").replace("-", "").encode()
        start = number * _LETTERS
        self._row[start : start + _LETTERS] = letters[:_LETTERS].ljust(_LETTERS, b"\0")

    def drop(self, number: int) -> None:
        start = number * _LETTERS
        self._row[start : start + _LETTERS] = _NONE

    def __getitem__(self, number: int) -> str:
        letters = self._letters(number)
        return f"HW-{letters[:_GROUP]}-{letters[_GROUP:]}"

    def like(self, part: str) -> Iterator[tuple[int, float]]:
        """Give the numbers of references that hold these letters or nearly are them, and how well they fit."""
        whole = set(self._with(part.encode(), range(_LETTERS - len(part) + 1)))
        yield from ((number, PART_OF_REFERENCE) for number in whole)
        for number in self._maybe(part) - whole:
            score = OSA.normalized_similarity(part, self._letters(number))
            if score >= LIKE_A_REFERENCE:
                yield number, score

    def _letters(self, number: int) -> str:
        start = number * _LETTERS
        return self._row[start : start + _LETTERS].decode()

    def _maybe(self, part: str) -> set[int]:
        """Return which may nearly be it: they have one of its pieces, about where it stands."""
        wrong, longer = _most_wrong(len(part)), _LETTERS - len(part)
        moved = [each for each in range(-wrong, wrong + 1) if abs(each) + abs(longer - each) <= wrong]
        found: set[int] = set()
        for start, end in _pieces(len(part), wrong) if moved else ():
            found.update(self._with(part[start:end].encode(), [start + each for each in moved]))
        return found

    def _with(self, piece: bytes, places: Iterable[int]) -> Iterator[int]:
        """Give the numbers of references with this piece at one of these places."""
        allowed = {place for place in places if 0 <= place <= _LETTERS - len(piece)}
        at = self._row.find(piece) if allowed else -1
        while at >= 0:
            if at % _LETTERS in allowed:
                yield at // _LETTERS
            at = self._row.find(piece, at + 1)


def _most_wrong(size: int) -> int:
    """Return how many letters of so many may be wrong, missing, too many or swapped."""
    longest = max(size, _LETTERS)
    return max(wrong for wrong in range(longest) if 1 - wrong / longest >= LIKE_A_REFERENCE)


def _pieces(size: int, wrong: int) -> list[tuple[int, int]]:
    """Return where pieces begin and end, one more than letters may be wrong: of what is nearly it, one is whole.

    Between two of them a letter is left out where two may be swapped, so that these are never of two pieces.
    """
    between = int(wrong > abs(_LETTERS - size))
    letters = size - between * wrong
    ends = [letters * (number + 1) // (wrong + 1) + between * number for number in range(wrong + 1)]
    return list(zip([0, *(end + between for end in ends)], ends, strict=False))
