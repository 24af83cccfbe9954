"""How well two persons of two requests agree: by their own names first, then by all that is known of both."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from typing import Any, Generic, NamedTuple, Protocol, TypeVar

from casework.entries import Entry, NameOf
from casework.fits import LIKENESS, MATCH, Match, born
from casework.name_keys import Close, Word
from casework.questions import UNKNOWN

LIKELY = 0.6
_SAME_NAME = 0.75  # how close two names have to be for anything else to be looked at
# What it says that something is the same, or is not.
NAME_WORTH, WORD_WORTH, _BIRTH_WORTH, _COUNTRY_WORTH = 3.0, 2.0, 1.5, 0.5
_MUCH = 6.0  # of that is a whole name, a birth and a parent
_SURE_OF_LITTLE = 0.7
OWN_NAMES = frozenset({NameOf.OWN, NameOf.OTHER})
PARENTS = (NameOf.MOTHER, NameOf.FATHER)


class Named(Protocol):
    """A name, its words as they are written or as numbers."""

    @property
    def of(self) -> NameOf: ...

    @property
    def words(self) -> Sequence[Any]: ...


Name = TypeVar("Name", bound=Named)
Seen_co = TypeVar("Seen_co", bound=Named, covariant=True)
Closest = Callable[[Word, Name], Close | None]  # how close the closest word of a name is


class Known(Protocol[Seen_co]):
    """What is known of the other person."""

    @property
    def years(self) -> tuple[int, int] | None: ...

    @property
    def country(self) -> str: ...

    @property
    def namings(self) -> Sequence[Seen_co]: ...


class Evidence(NamedTuple, Generic[Name]):
    """How well two persons agree in one thing, and what it is worth; of a name that fits, which one it is."""

    worth: float
    score: float
    match: Match | None = None
    naming: Name | None = None


def agreement(person: Entry, theirs: Known[Name], closest: Closest[Name]) -> list[Evidence[Name]]:
    """Return in what they agree or do not; nothing where their own names are not alike."""
    name = _called_like(person, theirs, OWN_NAMES, closest)
    if name is None:
        return []
    parents = {of: _called_like(person, theirs, {of}, closest) for of in PARENTS}
    shown = [each or unlike(person, theirs, of) for of, each in parents.items()]
    found = [name, *shown, birth(person, theirs.years), country(person, theirs.country)]
    return [each for each in found if each is not None]


def weighed(told: Collection[Evidence[Any]]) -> float:
    """Return how likely it is one person, from 0 to 1; the more is known of both, the surer."""
    whole = sum(each.worth for each in told)
    if not whole:
        return 0.0
    fitting = sum(each.worth * each.score for each in told) / whole
    return fitting * (_SURE_OF_LITTLE + (1 - _SURE_OF_LITTLE) * min(1.0, whole / _MUCH))


def has(namings: Iterable[Named], of: NameOf) -> bool:
    return any(naming.of is of for naming in namings)


def unlike(person: Entry, theirs: Known[Name], of: NameOf) -> Evidence[Name] | None:
    """Return what it says that a parent has another name; nothing where it is known of one alone."""
    both = has(person.namings, of) and has(theirs.namings, of)
    return Evidence(WORD_WORTH, 0.0) if both else None


def birth(person: Entry, years: tuple[int, int] | None) -> Evidence[Any] | None:
    if person.years is None or years is None:
        return None
    fit = born(years, *person.years)
    return Evidence(_BIRTH_WORTH, fit.score, fit.match) if fit is not None else Evidence(_BIRTH_WORTH, 0.0)


def country(person: Entry, other: str) -> Evidence[Any] | None:
    if UNKNOWN in {person.country, other}:
        return None
    same = person.country == other
    return Evidence(_COUNTRY_WORTH, float(same), Match.COUNTRY if same else None)


def _called_like(
    person: Entry, theirs: Known[Name], of: Collection[NameOf], closest: Closest[Name]
) -> Evidence[Name] | None:
    """Return how alike the names are that are most alike. A short form of a name is like the whole."""
    alike = list(_alike(person, theirs, of, closest))
    return max(alike, key=lambda each: each.score, default=None)


def _alike(
    person: Entry, theirs: Known[Name], of: Collection[NameOf], closest: Closest[Name]
) -> Iterator[Evidence[Name]]:
    for own in person.namings:
        for other in theirs.namings if own.of in of else ():
            close = [closest(word, other) for word in own.words] if other.of in of else []
            there = [each for each in close if each is not None]
            fewest = min(len(own.words), len(other.words))
            score = min(1.0, sum(each.score for each in there) / fewest)
            if there and score >= _SAME_NAME:
                least_sure = max((MATCH[each.likeness] for each in there), key=LIKENESS.index)
                yield Evidence(NAME_WORTH if fewest > 1 else WORD_WORTH, score, least_sure, other)
