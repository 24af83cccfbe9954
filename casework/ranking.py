"""Who fits best what is looked for, by what is held in memory as numbers.

Of a name that many have, hundreds of thousands may fit, and a few are shown. So those who may fit best are looked at
first, and the others only as long as one of them could still be among the best.
"""

import heapq
from collections.abc import Iterable, Iterator
from itertools import chain, groupby
from typing import NamedTuple

from casework.held_names import HeldNames
from casework.packed import NOTHING, Numbers
from casework.told import Told

HALF = 0.5  # so much of what was asked for has to fit
_SOME = 0.25  # so much, where nobody fits half of it
_NEARLY = 1e-9  # sums of the same numbers differ by less
_DIGITS = 3  # by which scores are compared


class Ranked(NamedTuple):
    """One person, by the number of their request and their place in it."""

    score: float
    request_id: int
    place: int


class Ranking:
    """The best so far."""

    def __init__(self, held: HeldNames, told: list[Told], most: int) -> None:
        self._held, self._told, self._most = held, told, most
        self._whole = sum(each.worth for each in told)
        self._names = [each for each in told if each.names]
        self._best: list[tuple[float, int, int, float]] = []  # the worst of them first
        self._offered: set[int] = set()
        self._well = False  # whether anybody fits half of it

    def best(self) -> list[Ranked]:
        """Return who fits best, the newest request first where they fit alike.

        Who fits less than half of what was asked for is named only where nobody fits better.
        """
        sources = sorted((each for each in self._told if each.levels), key=lambda each: each.size)
        if len(self._told) == 1 and not self._told[0].by_facts:
            self._of_one(sources)
        else:
            self._of_names(sources)
            self._of_facts(sources)
        ranked = sorted(self._best, reverse=True)
        well = [each for each in ranked if each[-1] >= HALF]
        return [self._ranked(score, -who) for *_, who, score in well or ranked]

    def _ranked(self, score: float, who: int) -> Ranked:
        return Ranked(score, self._request_id(who), who - self._held.asking(who) - 1)

    def _of_one(self, sources: list[Told]) -> None:
        """Look at those who are called like the only word: of those who fit alike, at the newest."""
        for source in sources:
            for fit, whom in source.levels:
                score = source.worth * fit / self._whole
                if self._hopeless(score):
                    return
                self._newest(set(self._persons(whom)), score)

    def _of_names(self, sources: list[Told]) -> None:
        """Look at those who are called like a word, the rarest word first.

        Who has not come by then is called like none of the words before, so the later ones may be worth no look.
        """
        for at, source in enumerate(sources):
            later = sources[at + 1 :]
            rest = sum(each.worth * each.best for each in later)
            gains = self._gains(source)
            for fit, whom in source.levels:
                here = source.worth * max(fit, source.best_of_facts)
                if self._hopeless((here + rest + max(gains, default=0.0)) / self._whole):
                    break
                for (gain, alone), persons in self._by_gain(whom, gains, later):
                    if self._hopeless((here + gain) / self._whole):
                        break
                    if alone and source.names and not source.by_facts:
                        self._newest(set(persons), (here + gain) / self._whole)
                    else:
                        self._look_at(persons, source)

    def _gains(self, source: Told) -> list[float]:
        """Return what the other terms give to whoever is called like none of them, by the number of their facts."""
        gains = [0.0] * len(self._held.facts)
        for each in self._told:
            for number, fit in each.by_facts.items() if each is not source else ():
                gains[number] += each.worth * fit
        return gains

    def _by_gain(
        self, whom: list[Numbers], gains: list[float], later: list[Told]
    ) -> list[tuple[tuple[float, bool], list[int]]]:
        """Return persons by what the other terms give them at most, and whether they are called like none of the later
        ones; those first whom they give most.
        """
        facts_of, worths = self._held.facts_of, [(each.named, each.worth * each.best) for each in later]
        found: dict[tuple[float, bool], list[int]] = {}
        for who in self._persons(whom):
            gain, alone = gains[facts_of[who]], True
            asking = self._held.asking(who) if later else 0
            for named, worth in worths:
                if who in named or asking in named:
                    gain, alone = gain + worth, False
            found.setdefault((gain, alone), []).append(who)
        return sorted(found.items(), reverse=True)

    def _of_facts(self, sources: list[Told]) -> None:
        """Look at those who are called like no word, but are where it may be, or were born then."""
        scored = sorted(((self._score_of(number), number) for number in self._facts()), reverse=True)
        for score, group in groupby(scored, key=lambda each: each[0]):
            if self._hopeless(score):
                return
            whom = chain.from_iterable(self._held.facts.whose(number) for _, number in group)
            self._newest((who for who in whom if not self._called(who, sources)) if sources else whom, score)

    def _look_at(self, persons: Iterable[int], source: Told) -> None:
        """Offer each person with all that they fit."""
        facts_of, tables = self._held.facts_of, [(each.worth, each.fit) for each in self._told]
        for who in persons:
            if who in self._offered:
                continue
            self._offered.add(who)
            asking, facts = self._held.asking(who), facts_of[who]
            if source.names or self._reached(who, asking, facts):
                whole = sum(worth * fit(who, asking, facts) for worth, fit in tables)
                self._offer(who, self._request_id(who), whole / self._whole)

    def _newest(self, whom: Iterable[int], score: float) -> None:
        """Offer those who fit alike, each of whom is given once; of many, the newest."""
        keys = ((self._request_id(who), -who) for who in whom if who not in self._offered)
        for request_id, negative in heapq.nlargest(self._most, keys):
            self._offered.add(-negative)
            self._offer(-negative, request_id, score)

    def _offer(self, who: int, request_id: int, score: float) -> None:
        if score < _SOME:
            return
        entry = (round(score, _DIGITS), request_id, -who, score)
        if len(self._best) < self._most:
            heapq.heappush(self._best, entry)
        else:
            heapq.heappushpop(self._best, entry)
        self._well = self._well or score >= HALF

    def _hopeless(self, score: float) -> bool:
        """Whether who fits at most so well cannot be among the best."""
        most = score + _NEARLY
        if most < (HALF if self._well else _SOME):
            return True
        return len(self._best) == self._most and round(most, _DIGITS) < self._best[0][0]

    def _reached(self, who: int, asking: int, facts: int) -> bool:
        """Whether a person is called like a name that is asked for; where none is, whether everything fits."""
        if self._names:
            return any(who in each.named or facts in each.by_facts for each in self._names) or any(
                asking in each.named for each in self._names
            )
        return all(who in each.named or facts in each.by_facts for each in self._told) or all(
            asking in each.named for each in self._told
        )

    def _facts(self) -> set[int]:
        """Return the facts by which a person is reached who is called like no word."""
        if self._names:
            return set[int]().union(*(each.by_facts for each in self._names))
        return set.intersection(*(set(each.by_facts) for each in self._told))

    def _score_of(self, facts: int) -> float:
        return sum(each.worth * each.by_facts.get(facts, 0.0) for each in self._told) / self._whole

    def _called(self, who: int, sources: list[Told]) -> bool:
        asking = self._held.asking(who)
        return any(who in each.named or asking in each.named for each in sources)

    def _persons(self, whom: list[Numbers]) -> Iterator[int]:
        """Give persons: where it is who asks, everybody of the request."""
        for some in whom:
            if self._held.facts_of[some[0]] == NOTHING:
                yield from chain.from_iterable(map(self._held.persons_beside, some))
            else:
                yield from some

    def _request_id(self, who: int) -> int:
        return self._held.request_ids[self._held.requests[who]]
