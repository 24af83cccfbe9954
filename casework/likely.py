"""Who of everybody may be the same as one person, by what is held in memory as numbers."""

import heapq
from collections.abc import Collection, Iterable, Iterator
from itertools import chain, combinations
from typing import NamedTuple

from casework.entries import Entry, NameOf
from casework.held_names import Called, HeldNames
from casework.name_keys import Close, Word
from casework.postings import ALONE, Kind, kinds_of
from casework.resembling import (
    LIKELY,
    NAME_WORTH,
    OWN_NAMES,
    PARENTS,
    WORD_WORTH,
    Evidence,
    agreement,
    birth,
    country,
    has,
    weighed,
)

_FEW = 1_000  # so many are looked at without asking who may be the likeliest
_NEARLY = 1e-9  # sums of the same numbers differ by less


class Likely(NamedTuple):
    """One person, by the number of their request and their place in it."""

    score: float
    request_id: int
    place: int


class _Known(NamedTuple):
    years: tuple[int, int] | None
    country: str
    namings: list[Called]


def likely(held: HeldNames, request_id: int, person: Entry, most: int) -> list[Likely]:
    """Return who of other requests is likely the same, the likeliest first, of equal ones the newest request."""
    return _Likely(held, request_id, person).best(most)


class _Likely:
    """Looks for one person. What is like each word of theirs is asked once."""

    def __init__(self, held: HeldNames, request_id: int, person: Entry) -> None:
        self._held, self._request_id, self._person = held, request_id, person
        words = {word for naming in person.namings for word in naming.words}
        self._like = {word: held.words.like(word) for word in words}

    def best(self, most: int) -> list[Likely]:
        best: list[tuple[float, int, int]] = []  # the worst of them first
        for bound, who in self._in_order(self._called_alike()):
            if len(best) == most and bound + _NEARLY < best[0][0]:
                break
            score = weighed(agreement(self._person, self._known(who), self._closest))
            request_id = self._held.request_ids[self._held.requests[who]]
            if score >= LIKELY and request_id != self._request_id:
                add = heapq.heappush if len(best) < most else heapq.heappushpop
                add(best, (score, request_id, -who))
        return [
            Likely(score, request_id, -who - self._held.asking(-who) - 1)
            for score, request_id, who in sorted(best, reverse=True)
        ]

    def _called_alike(self) -> set[int]:
        """Return everybody whose names may be alike enough: two words are, or the only one of either name is."""
        found: set[int] = set()
        for naming in self._person.namings:
            if naming.of in OWN_NAMES:
                found.update(*(self._called(word, ALONE.values()) for word in naming.words))
                each = [self._with(word, OWN_NAMES) for word in naming.words]
                pairs = combinations(each, 2) if len(each) > 1 else [(each[0], each[0])]
                found.update(*(one & other for one, other in pairs))
        return found

    def _in_order(self, whom: set[int]) -> Iterator[tuple[float, int]]:
        """Give everybody, and how likely they can be at most; where they are many, the likeliest first."""
        if len(whom) <= _FEW:
            return ((1.0, who) for who in whom)
        mothers, fathers = (self._with_parent(of) for of in PARENTS)
        alike: dict[tuple[int, bool, bool], list[int]] = {}
        for who in whom:
            alike.setdefault((self._held.facts_of[who], who in mothers, who in fathers), []).append(who)
        bounds = sorted(((self._bound(*what), what) for what in alike), reverse=True)
        return ((bound, who) for bound, what in bounds for who in alike[what])

    def _bound(self, facts_number: int, *parents_alike: bool) -> float:
        """Return how likely they can be at most who have these facts, and parents like these."""
        facts = self._held.facts[facts_number]
        told: list[Evidence[Called] | None] = [Evidence(self._worth(OWN_NAMES), 1.0)]
        for of, alike, named in zip(PARENTS, parents_alike, facts.parents, strict=True):
            if alike:
                told.append(Evidence(self._worth({of}), 1.0))
            elif named and has(self._person.namings, of):
                told.append(Evidence(WORD_WORTH, 0.0))
        told += [birth(self._person, facts.years), country(self._person, facts.country)]
        return weighed([each for each in told if each is not None])

    def _worth(self, of: Collection[NameOf]) -> float:
        longest = max(len(naming.words) for naming in self._person.namings if naming.of in of)
        return NAME_WORTH if longest > 1 else WORD_WORTH

    def _with_parent(self, of: NameOf) -> set[int]:
        words = {word for naming in self._person.namings for word in naming.words if naming.of is of}
        return set[int]().union(*(self._with(word, {of}) for word in words))

    def _with(self, word: Word, of: Iterable[NameOf]) -> set[int]:
        return self._called(word, chain.from_iterable(map(kinds_of, of)))

    def _called(self, word: Word, kinds: Iterable[Kind]) -> set[int]:
        """Return who is called like a word."""
        wanted = list(kinds)
        lists = (self._held.postings.of(number, kind) for number in self._like[word] for kind in wanted)
        return set[int]().union(*lists)

    def _known(self, who: int) -> _Known:
        facts = self._held.facts[self._held.facts_of[who]]
        return _Known(facts.years, facts.country, self._held.names_of(who))

    def _closest(self, word: Word, name: Called) -> Close | None:
        like = self._like[word]
        close = (like[number] for number in name.words if number in like)
        return max(close, key=lambda each: each.score, default=None)
