"""What one thing that is looked for tells of everybody, by what is held in memory as numbers."""

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

from casework.entries import NameOf
from casework.fits import AT_SITE, THERE, WORTH, Sites, born, sites_like
from casework.held_facts import Facts
from casework.held_names import HeldNames
from casework.name_keys import Word
from casework.packed import Numbers
from casework.postings import kinds_of
from casework.sought import ANY_NAME, CountryTerm, NameTerm, Term, YearTerm

_YEAR_WORTH, _COUNTRY_WORTH = 0.6, 0.4


@dataclass(eq=False)
class Told:
    """How well everybody fits one term.

    Attributes:
        names: whether it is a name, of which one has to fit.
        levels: who is called like it; those who fit best come first, and the same person may come again.
        by_facts: how well those fit who are not called like it, by the number of their facts.
    """

    held: HeldNames
    names: bool
    levels: list[tuple[float, list[Numbers]]] = field(default_factory=list)
    by_facts: dict[int, float] = field(default_factory=dict)
    worth: float = 1.0

    @cached_property
    def named(self) -> dict[int, float]:
        """Return how well each fits who is called like it."""
        found: dict[int, float] = {}
        for fit, whom in reversed(self.levels):
            for some in whom:
                found.update(dict.fromkeys(some, fit))
        return found

    @property
    def size(self) -> int:
        return sum(len(some) for _, whom in self.levels for some in whom)

    @cached_property
    def best_of_facts(self) -> float:
        return max(self.by_facts.values(), default=0.0)

    @property
    def best(self) -> float:
        return max(self.levels[0][0] if self.levels else 0.0, self.best_of_facts)

    def fit(self, who: int, asking: int, facts: int) -> float:
        """Return how well a person fits. Whoever asks counts for everybody of the request."""
        own = self.named.get(who)
        if own is None:
            own = self.by_facts.get(facts, 0.0)
        return max(own, self.named.get(asking, 0.0))

    def count(self) -> int:
        """Count who fits at all."""
        facts_of = self.held.facts_of
        of_facts = sum(len(self.held.facts.whose(number)) for number in self.by_facts)
        both = sum(facts_of[who] in self.by_facts for who in self.named) if self.by_facts else 0
        return len(self.named) + of_facts - both


def told(held: HeldNames, terms: tuple[Term, ...], sites: Sites) -> list[Told]:
    """Return what each term tells, and how much that is: a rare name more than one that many have."""
    found = [_of(held, term, sites) for term in terms]
    for term, each in zip(terms, found, strict=True):
        match term:
            case NameTerm() if len(found) > 1:  # of a single one it makes no difference
                each.worth = 1 + math.log10(1 + held.count / (1 + each.count()))
            case YearTerm():
                each.worth = _YEAR_WORTH
            case CountryTerm():
                each.worth = _COUNTRY_WORTH
    return found


def _of(held: HeldNames, term: Term, sites: Sites) -> Told:
    match term:
        case NameTerm(word=word, of=of):
            here = sites_like(word, sites) if NameOf.PLACE in of else set()
            at_site = {number: AT_SITE.score for number, facts in held.facts if facts.site_id in here}
            return Told(held, True, levels(held, word, of), at_site if here else {})
        case YearTerm():
            return Told(held, False, by_facts=dict(_born(held.facts, term)))
        case CountryTerm(country=country, word=word):
            there = {number: THERE.score for number, facts in held.facts if facts.country == country}
            return Told(held, False, levels(held, word, ANY_NAME) if word is not None else [], there)


def levels(held: HeldNames, word: Word, of: Iterable[NameOf]) -> list[tuple[float, list[Numbers]]]:
    """Return who is called like a word, those who fit best first."""
    found: dict[float, list[Numbers]] = defaultdict(list)
    kinds = [(kind, WORTH[each]) for each in of for kind in kinds_of(each)]
    for number, close in held.words.like(word).items():
        for kind, worth in kinds:
            whom = held.postings.of(number, kind)
            if whom:
                found[close.score * worth].append(whom)
    return sorted(found.items(), reverse=True)


def _born(all_facts: Iterable[tuple[int, Facts]], term: YearTerm) -> Iterator[tuple[int, float]]:
    for number, facts in all_facts:
        fit = born(facts.years, term.first, term.last)
        if fit is not None:
            yield number, fit.score
