"""Made-up people in three scripts, many of them called nearly alike; and the searches that are made for them by hand,
over everybody, to hold the index against.
"""

import heapq
import math
from collections.abc import Iterable
from random import Random

from casework.entries import CaseEntry, Entry, NameOf, Naming
from casework.finding import MOST_FOUND
from casework.fits import Fit, Sites, fit_of
from casework.name_keys import words_of
from casework.ranking import Ranked
from casework.references import new_reference
from casework.sought import CountryTerm, NameTerm, Term, YearTerm

_SYLLABLES = (
    ("ba", "do", "ri", "me", "nu", "sha", "kha", "z", "l", "e"),
    ("ба", "до", "ри", "ме", "ну", "ша", "ха", "з", "л", "э"),
    ("با", "دو", "ر", "مي", "نو", "ش", "خ", "ز", "ل", "ا"),
)
_GIVEN = (
    "Zainab",
    "Amina",
    "Ruslan",
    "Зайнаб",
    "Амина",
    "Руслан",
    "زينب",
    "آمنة",
    "رسلان",
    "Али",
    "Аь",
    "Ӏ",
    "ъ",
    "ة",
)
_COUNTRIES = ("SY", "IQ", "TR", "unknown")


def seeded(seed: int) -> Random:
    """Return dice that fall the same each time."""
    return Random(seed)  # noqa: S311 - no secrets


Who = tuple[int, int]  # a request, and the place of a person; -1 for whoever asks


def word(dice: Random) -> str:
    """Make up a word: a common one, a surname like many others, or nearly one of these; seldom a very long one."""
    if dice.random() < 0.3:
        made = dice.choice(_GIVEN)
    else:
        syllables = dice.choice(_SYLLABLES)
        made = "".join(
            dice.choices(syllables[: dice.choice((2, 4, 10))], k=dice.choice((1, 2, 2, 3, 4, 5, 6, 9)))
        )
    return _misspelt(made, dice) if dice.random() < 0.3 else made


def _misspelt(made: str, dice: Random) -> str:
    at = dice.randrange(len(made))
    return made[:at] + dice.choice(("", "а", "l", "ن", made[at] * 2)) + made[at + 1 :] or made


def case(number: int, dice: Random) -> CaseEntry:
    requester = _namings(NameOf.REQUESTER, dice)
    persons = tuple(_person(100 * number + place, dice) for place in range(dice.choice((0, 1, 1, 1, 2, 3))))
    return CaseEntry(number, new_reference(), requester, persons)


def _person(person_id: int, dice: Random) -> Entry:
    first = dice.randrange(1990, 2022)
    years = dice.choice((None, (first, first), (first, first), (first, first + 2)))
    kinds = [of for of in NameOf if of not in {NameOf.REQUESTER, NameOf.OWN} and dice.random() < 0.4]
    namings = [naming for of in (NameOf.OWN, *kinds) for naming in _namings(of, dice)]
    site = dice.choice((None, None, 1, 2))
    return Entry(
        person_id, "", None, years, dice.choice(_COUNTRIES), site, withdrawn=False, namings=tuple(namings)
    )


def _namings(of: NameOf, dice: Random) -> tuple[Naming, ...]:
    written = " ".join(word(dice) for _ in range(dice.choice((1, 2, 2, 2, 3))))
    words = tuple(words_of(written))
    return (Naming(of, written, words),) if words else ()


def ranked(cases: Iterable[CaseEntry], terms: tuple[Term, ...], sites: Sites) -> list[Ranked]:
    """Return who fits best, after looking at everybody for every term."""
    every = {each.request_id: each for each in cases}
    fits = [_fits(every.values(), term, sites) for term in terms]
    worths = [_worth(term, len(every), len(found)) for term, found in zip(terms, fits, strict=True)]
    named = [found for term, found in zip(terms, fits, strict=True) if isinstance(term, NameTerm)]
    reached = set().union(*named) if named else set.intersection(*(set(found) for found in fits))
    scored = []
    for who in ((each.request_id, place) for each in every.values() for place in range(len(each.persons))):
        asking = who[0], -1
        if who in reached or asking in reached:
            of_both = [
                max(found[each].score if each in found else 0.0 for each in (who, asking)) for found in fits
            ]
            whole = sum(worth * score for worth, score in zip(worths, of_both, strict=True)) / sum(worths)
            scored.append(Ranked(whole, *who))
    best = heapq.nsmallest(
        2 * MOST_FOUND,
        (each for each in scored if each.score >= 0.25),
        key=lambda each: (-round(each.score, 3), -each.request_id, each.place),
    )
    return [each for each in best if each.score >= 0.5] or best


def _fits(cases: Iterable[CaseEntry], term: Term, sites: Sites) -> dict[Who, Fit]:
    found = {}
    for each in cases:
        for place, person in ((-1, None), *enumerate(each.persons)):
            fit = fit_of(each, person, term, sites)
            if fit is not None:
                found[each.request_id, place] = fit
    return found


def _worth(term: Term, cases: int, found: int) -> float:
    match term:
        case NameTerm():
            return 1 + math.log10(1 + cases / (1 + found))
        case YearTerm():
            return 0.6
        case CountryTerm():
            return 0.4
