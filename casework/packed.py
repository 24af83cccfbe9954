"""Much in little memory: byte strings in one block, sorted numbers, and numbers found by what they stand for.

An object of Python's own takes some hundred bytes. Of names there are millions (docs/decisions/0012-finding.md).
"""

from array import array
from bisect import bisect_left, insort
from collections.abc import Callable, Hashable
from typing import Generic, TypeAlias, TypeVar

Numbers: TypeAlias = "array[int]"
Value = TypeVar("Value", bound=Hashable)

NOTHING = 0xFFFFFFFF  # stands where there is no number
_NONE, _GONE = 0, NOTHING  # in a table: nothing was here, nothing is here any more
_PARTS = 64  # of a table: each grows for itself, so that no single one takes long
_FEWEST_PLACES = 8
_LONG = 255  # a first byte that says: the length stands in the next four
_WASTE = 1 << 16  # bytes that may always lie about


def numbers() -> Numbers:
    return array("I")


def put(kept: Numbers, number: int) -> None:
    """Put a number where it belongs; nearly always that is the end."""
    if not kept or kept[-1] < number:
        kept.append(number)
    else:
        insort(kept, number)


def take(kept: Numbers, number: int) -> None:
    """Take a number out that is there."""
    del kept[bisect_left(kept, number)]


class Packed:
    """Byte strings by number: beside what each holds it takes five bytes."""

    def __init__(self) -> None:
        self._bytes = bytearray(1)  # so that no string stands at 0
        self._starts = numbers()
        self._wasted = 0

    def __len__(self) -> int:
        return len(self._starts)

    def __getitem__(self, number: int) -> bytes:
        """Return the string; it is empty where it was dropped."""
        start = self._starts[number]
        size = self._bytes[start]
        if size == _LONG:
            size = int.from_bytes(self._bytes[start + 1 : start + 5])
            start += 4
        return bytes(self._bytes[start + 1 : start + 1 + size])

    def put(self, number: int, value: bytes) -> None:
        """Keep a string under a number that has none; at most the next one after the largest."""
        if number == len(self._starts):
            self._starts.append(0)
        self._starts[number] = len(self._bytes)
        size = len(value)
        self._bytes += bytes((size,)) if size < _LONG else bytes((_LONG,)) + size.to_bytes(4)
        self._bytes += value

    def drop(self, number: int) -> None:
        """Overwrite a string: nothing of it is left in memory."""
        start, size = self._starts[number], self._size(number)
        self._bytes[start : start + size] = bytes(size)
        self._starts[number] = 0
        self._wasted += size
        if self._wasted > max(_WASTE, len(self._bytes) // 2):
            self._tidy()

    def _size(self, number: int) -> int:
        size = len(self[number])
        return size + (1 if size < _LONG else 5)

    def _tidy(self) -> None:
        kept = bytearray(1)
        for number, start in enumerate(self._starts):
            if start:
                size = self._size(number)
                self._starts[number] = len(kept)
                kept += self._bytes[start : start + size]
        self._bytes[:] = bytes(len(self._bytes))
        self._bytes, self._wasted = kept, 0


class Table(Generic[Value]):
    """Numbers found by the values that they stand for, which are kept elsewhere: about nine bytes a number."""

    def __init__(self, value_of: Callable[[int], Value]) -> None:
        self._value_of = value_of
        self._parts = [array("I", bytes(4 * _FEWEST_PLACES)) for _ in range(_PARTS)]
        self._used = [0] * _PARTS  # places in each that hold, or held, something

    def find(self, value: Value) -> int | None:
        hashed = hash(value)
        part = self._parts[hashed % _PARTS]
        at = (hashed // _PARTS) % len(part)
        while held := part[at]:
            if held != _GONE and self._value_of(held - 1) == value:
                return held - 1
            at = (at + 1) % len(part)
        return None

    def add(self, value: Value, number: int) -> None:
        """Take in a number that is not there, and what it stands for."""
        hashed = hash(value)
        which = hashed % _PARTS
        if 3 * self._used[which] >= 2 * len(self._parts[which]):
            self._grow(which)
        self._put(which, hashed, number + 1)

    def remove(self, number: int) -> None:
        """Take out a number that is there, as long as its value still is."""
        hashed = hash(self._value_of(number))
        part = self._parts[hashed % _PARTS]
        at = (hashed // _PARTS) % len(part)
        while part[at] != number + 1:
            at = (at + 1) % len(part)
        part[at] = _GONE

    def _put(self, which: int, hashed: int, held: int) -> None:
        part = self._parts[which]
        at = (hashed // _PARTS) % len(part)
        while part[at] not in {_NONE, _GONE}:
            at = (at + 1) % len(part)
        self._used[which] += part[at] == _NONE
        part[at] = held

    def _grow(self, which: int) -> None:
        """Make room: twice as much as what is left needs."""
        kept = [held for held in self._parts[which] if held not in {_NONE, _GONE}]
        places = _FEWEST_PLACES
        while places < 3 * len(kept):
            places *= 2
        self._parts[which] = array("I", bytes(4 * places))
        self._used[which] = 0
        for held in kept:
            self._put(which, hash(self._value_of(held - 1)), held)
