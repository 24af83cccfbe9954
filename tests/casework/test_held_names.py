"""What is held in memory as numbers finds the same as a look at everybody, and nothing stays of what is dropped."""

import pytest
from rapidfuzz.distance import OSA

from casework.entries import CaseEntry
from casework.finding import MOST_FOUND
from casework.fits import closest
from casework.held_names import HeldNames
from casework.held_references import LIKE_A_REFERENCE, PART_OF_REFERENCE, HeldReferences
from casework.held_words import HeldWords
from casework.likely import Likely, likely
from casework.name_keys import likeness, words_of
from casework.ranking import Ranked, Ranking
from casework.resembling import LIKELY, agreement, weighed
from casework.sought import Term, read_sought
from casework.told import told
from tests.casework import invented
from tests.casework.invented import seeded

SITES = {1: tuple(words_of("Roj")), 2: tuple(words_of("Бадори"))}
SEED = 20261122


@pytest.fixture(scope="module")
def cases() -> list[CaseEntry]:
    dice = seeded(SEED)
    return [invented.case(number, dice) for number in range(1, 1_001)]


@pytest.fixture(scope="module")
def held(cases: list[CaseEntry]) -> HeldNames:
    """Return the cases as they are held after each was something else, and others came and went."""
    dice, names = seeded(SEED + 1), HeldNames()
    for each in dice.sample(cases, len(cases)):
        names.put(invented.case(each.request_id, dice))
        names.put(invented.case(1_000 + each.request_id, dice))
    for each in dice.sample(cases, len(cases)):
        names.put(each)
        names.put(each)
        names.drop(1_000 + each.request_id)
    return names


def best(names: HeldNames, terms: tuple[Term, ...]) -> list[Ranked]:
    return Ranking(names, told(names, terms, SITES), 2 * MOST_FOUND).best()


def rounded(found: list[Ranked]) -> list[Ranked]:
    return [each._replace(score=round(each.score, 6)) for each in found]


def test_the_same_words_are_like_one_as_among_all() -> None:
    dice = seeded(SEED)
    every = {word.plain: word for _ in range(6_000) for word in words_of(invented.word(dice))}
    assert len(every) > 2_500
    assert {word.script for word in every.values()} == {"latin", "cyrillic", "arabic"}
    words = HeldWords()
    numbers = {words.number(word): word for word in every.values()}
    for number in dice.sample(sorted(numbers), 1_000):
        words.forget(number)
        assert numbers.pop(number).plain not in words
    looked_for = [word for _ in range(200) for word in words_of(invented.word(dice))]
    alike = 0
    for word in looked_for:
        like = {number: likeness(word, other) for number, other in numbers.items()}
        assert words.like(word) == {number: close for number, close in like.items() if close is not None}
        alike += len(words.like(word))
    assert alike > 10 * len(looked_for)


def test_the_same_references_are_like_a_part_as_among_all() -> None:
    dice, few = seeded(SEED), "0123AB"  # so few letters that many are alike
    references, row = HeldReferences(), dict[int, str]()
    for number in range(3_000):
        row[number] = "".join(dice.choices(few, k=8))
        references.put(number, f"HW-{row[number][:4]}-{row[number][4:]}")
        assert references[number] == f"HW-{row[number][:4]}-{row[number][4:]}"
    for number in dice.sample(sorted(row), 500):
        references.drop(number)
        del row[number]
    found = set()
    for _ in range(300):
        part = "".join(dice.choices(few, k=dice.randint(3, 10)))
        scores = {
            number: PART_OF_REFERENCE if part in letters else OSA.normalized_similarity(part, letters)
            for number, letters in row.items()
        }
        like = {number: score for number, score in scores.items() if score >= LIKE_A_REFERENCE}
        assert dict(references.like(part)) == like
        found |= {len(part)} if like else set()
    assert found == set(range(3, 11))


@pytest.mark.parametrize(
    "typed",
    [
        "Amina",
        "Амина Зайнаб",
        "زينب 2001",
        "Ruslan 1999 Ирак",
        "2005",
        "1990-2010",
        "Сирия",
        "Сирия Ирак",
        "Ирак 2005",
        "Roj",
        "Рож Амина",
        "Бадори 2000 سوريا",
        "Амина Зайнаб Руслан Али Турция 1995-1999",
        "Никого",
        "Никого Амина",
    ],
)
def test_the_same_persons_fit_best_as_among_all(held: HeldNames, cases: list[CaseEntry], typed: str) -> None:
    terms = read_sought(typed).terms
    assert rounded(best(held, terms)) == rounded(invented.ranked(cases, terms, SITES))


def test_whatever_somebody_is_called_leads_to_the_same_persons_as_among_all(
    held: HeldNames, cases: list[CaseEntry]
) -> None:
    dice = seeded(SEED)
    found = 0
    for each in dice.sample([each for each in cases if each.persons], 25):
        typed = [naming.written for person in each.persons for naming in person.namings]
        terms = read_sought(" ".join(dice.sample(typed, min(2, len(typed))))).terms
        expected = invented.ranked(cases, terms, SITES)
        assert rounded(best(held, terms)) == rounded(expected)
        found += len(expected)
    assert found > 100


def test_the_same_persons_are_likely_the_same_as_among_all(held: HeldNames, cases: list[CaseEntry]) -> None:
    dice = seeded(SEED)
    found = 0
    for each in dice.sample([each for each in cases if each.persons], 25):
        for person in each.persons:
            scores = [
                Likely(
                    weighed(agreement(person, theirs, lambda word, name: closest(word, name.words))),
                    other.request_id,
                    place,
                )
                for other in cases
                if other is not each
                for place, theirs in enumerate(other.persons)
            ]
            expected = [other for other in scores if other.score >= LIKELY]
            expected.sort(key=lambda other: (-other.score, -other.request_id, other.place))
            assert likely(held, each.request_id, person, 8) == expected[:8]
            found += len(expected)
    assert found > 100


def test_nothing_stays_in_memory_of_what_is_dropped(cases: list[CaseEntry]) -> None:
    names = HeldNames()
    for each in cases:
        names.put(each)
    rows = [names.words._texts._bytes, names._records._bytes, names.references._row]
    assert all(len(set(row)) > 20 for row in rows), "a control: something stands there"
    for each in cases:
        names.drop(each.request_id)
    assert list(names) == []
    assert names.count == 0
    kept = [names.words._texts._bytes, names._records._bytes, names.references._row]
    assert all(set(row) <= {0} for row in (*rows, *kept))
    for near in (names.words._sounds, *names.words._bones.values()):
        assert not near._kept
        assert not near._long
    assert not names.words._beginnings
    assert not names.postings._many
    assert not list(names.facts)
