"""Who is called by which word, as numbers."""

from array import array

from casework.entries import NameOf
from casework.packed import NOTHING, Numbers, numbers, put, take

Kind = int  # of whom or what a word is: a place in KINDS, or in ALONE

KINDS = tuple(NameOf)
KIND_OF = {of: kind for kind, of in enumerate(KINDS)}
# A name of one word stands apart, since it may be the short form of any longer one (casework/alike.py).
ALONE = {KIND_OF[of]: len(KINDS) + at for at, of in enumerate((NameOf.OWN, NameOf.OTHER))}
_COUNT = len(KINDS) + len(ALONE)
_BITS = 3
_MANY, _NOBODY = 8, 9  # beside the kinds
_NO_NUMBERS = numbers()


def kinds_of(of: NameOf) -> tuple[Kind, ...]:
    """Return where such words stand."""
    kind = KIND_OF[of]
    return (kind, ALONE[kind]) if kind in ALONE else (kind,)


class Postings:
    """Everybody by word and kind, sorted. Most words are of one person only: these take five bytes."""

    def __init__(self) -> None:
        self._only = numbers()
        self._kinds = array("B")
        self._many: dict[int, Numbers] = {}

    def of(self, word: int, kind: Kind) -> Numbers:
        known = self._kinds[word]
        if known == _MANY:
            return self._many.get(word << _BITS | kind, _NO_NUMBERS)
        return self._only[word : word + 1] if known == kind else _NO_NUMBERS

    def add(self, word: int, kind: Kind, who: int) -> None:
        """Take in who is called so."""
        while word >= len(self._kinds):
            self._only.append(NOTHING)
            self._kinds.append(_NOBODY)
        known = self._kinds[word]
        if known == _NOBODY:
            self._only[word], self._kinds[word] = who, kind
            return
        if known != _MANY:
            self._list(word, known).append(self._only[word])
            self._only[word], self._kinds[word] = NOTHING, _MANY
        put(self._list(word, kind), who)

    def remove(self, word: int, kind: Kind, who: int) -> bool:
        """Take out who is called so; return whether nobody else is."""
        if self._kinds[word] == _MANY:
            kept = self._list(word, kind)
            take(kept, who)
            if not kept:
                del self._many[word << _BITS | kind]
            if any(word << _BITS | each in self._many for each in range(_COUNT)):
                return False
        self._only[word], self._kinds[word] = NOTHING, _NOBODY
        return True

    def _list(self, word: int, kind: Kind) -> Numbers:
        return self._many.setdefault(word << _BITS | kind, numbers())
