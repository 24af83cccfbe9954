"""Every word that anybody is called by, once, as a number; and which of them are like a word that is looked for."""

from collections.abc import Iterable, Iterator

from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from casework.name_keys import (
    CLOSE_ENOUGH,
    FEWEST_BEGINNING,
    Close,
    Script,
    Word,
    likeness,
    script_of,
)
from casework.near_words import NearWords
from casework.packed import Numbers, Packed, Table, numbers, put, take

_BETWEEN = "\0"  # no letter or digit, so it is in no word


class HeldWords:
    """Words by number, found by how they are written, how they sound, their consonants and their beginning."""

    def __init__(self) -> None:
        self._texts = Packed()
        self._free: list[int] = []
        self._numbers: Table[str] = Table(self._plain)
        self._sounds = NearWords()
        # Consonants are compared where one of two words is Arabic (casework/name_keys.py), so these stand apart.
        self._bones = {True: NearWords(), False: NearWords()}
        self._beginnings: dict[str, Numbers] = {}

    def __contains__(self, plain: str) -> bool:
        return self._numbers.find(plain) is not None

    def number(self, word: Word) -> int:
        """Return the number of a word; a new one gets one."""
        known = self._numbers.find(word.plain)
        return known if known is not None else self._learn(word)

    def word(self, number: int) -> Word:
        plain, latin, bones = self._texts[number].decode().split(_BETWEEN)
        return Word(plain, script_of(plain), latin, bones)

    def forget(self, number: int) -> None:
        """Nobody is called so any more."""
        word = self.word(number)
        self._numbers.remove(number)
        self._sounds.remove(word.latin, number)
        self._bones[word.script is Script.ARABIC].remove(word.bones, number)
        if len(word.plain) >= FEWEST_BEGINNING:
            begun = self._beginnings[word.plain[:FEWEST_BEGINNING]]
            take(begun, number)
            if not begun:
                del self._beginnings[word.plain[:FEWEST_BEGINNING]]
        self._texts.drop(number)
        self._free.append(number)

    def like(self, word: Word) -> dict[int, Close]:
        """Return every word that is like this one, or begins with it, and how close it is."""
        found = {}
        for number in {*self._sounding_like(word), *self._with_bones_like(word), *self._begun(word)}:
            close = likeness(word, self.word(number))
            if close is not None:
                found[number] = close
        return found

    def _learn(self, word: Word) -> int:
        number = self._free.pop() if self._free else len(self._texts)
        self._texts.put(number, _BETWEEN.join((word.plain, word.latin, word.bones)).encode())
        self._numbers.add(word.plain, number)
        self._sounds.add(word.latin, number)
        self._bones[word.script is Script.ARABIC].add(word.bones, number)
        if len(word.plain) >= FEWEST_BEGINNING:
            put(self._beginnings.setdefault(word.plain[:FEWEST_BEGINNING], numbers()), number)
        return number

    def _plain(self, number: int) -> str:
        return self._texts[number].decode().partition(_BETWEEN)[0]

    def _sounding_like(self, word: Word) -> Iterator[int]:
        near = list(self._sounds.near(word.latin))
        return _near(word.latin, near, self._parts(near, 1))

    def _with_bones_like(self, word: Word) -> Iterator[int]:
        arabic = word.script is Script.ARABIC
        near = list(self._bones[not arabic].near(word.bones))
        yield from _near(word.bones, near, self._parts(near, 2))
        same = self._bones[arabic].same(word.bones)
        yield from (
            number for number, bones in zip(same, self._parts(same, 2), strict=True) if bones == word.bones
        )

    def _begun(self, word: Word) -> Iterator[int]:
        if len(word.plain) >= FEWEST_BEGINNING:
            begun = self._beginnings.get(word.plain[:FEWEST_BEGINNING], ())
            yield from (number for number in begun if self._plain(number).startswith(word.plain))

    def _parts(self, wanted: Iterable[int], part: int) -> list[str]:
        return [self._texts[number].decode().split(_BETWEEN)[part] for number in wanted]


def _near(text: str, near: list[int], texts: list[str]) -> Iterator[int]:
    found = process.extract(
        text, texts, scorer=Levenshtein.normalized_similarity, score_cutoff=CLOSE_ENOUGH, limit=None
    )
    return (near[at] for _, _, at in found)
