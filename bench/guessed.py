"""What came of the guessing: figures, and what is wrong with them."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from statistics import median

BUTTON = "button:"  # stands before the kinds that press what nobody has shown them
NOTHING = "nothing of others"  # what those may get: their own menu, or that the button is old


@dataclass
class Figures:
    """What came out.

    Attributes:
        answers: how often each kind of guess got each answer: `no match`, `too often`, or whatever else was said.
        looks: everything that was seen of the answers to each kind, with numbers of requests left out.
        work: the statements that one guess of each kind costs, as text.
        told: how often a button led to a reference or a code of somebody else's.
        rows: the most wrong guesses that were remembered at once.
        most_rows: as many as there may be, however long it goes on.
        waits: seconds of families for each answer: before the guessing, and meanwhile.
    """

    guesses: int = 0
    answers: Counter[tuple[str, str]] = field(default_factory=Counter)
    looks: dict[str, set[str]] = field(default_factory=dict)
    late: int = 0
    opened: int = 0
    told: int = 0
    work: dict[str, list[str]] = field(default_factory=dict)
    rows: int = 0
    most_rows: int = 0
    waits: dict[str, list[float]] = field(default_factory=dict)
    families: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0

    def problems(self) -> list[str]:
        """Say in words what should not have come out."""
        other = {answer for _, answer in self.answers} - {"no match", "too often", NOTHING}
        looks = {kind: frozenset(seen) for kind, seen in self.looks.items()}
        work = {kind: tuple(statements) for kind, statements in self.work.items()}
        unequal = [
            *(f"{group}: told apart by the answer" for group in _unequal(looks)),
            *(f"{group}: told apart by the work" for group in _unequal(work)),
        ]
        found = {
            f"{self.opened} guesses opened a request": self.opened,
            f"{self.told} answers told of somebody else's request": self.told,
            f"{self.late} messages after an answer": self.late,
            f"unknown answers: {sorted(other)}": other,
            f"{self.rows} wrong guesses are remembered": self.rows > self.most_rows,
            "nobody was slowed": not any(answer == "too often" for _, answer in self.answers),
            f"turned away: {dict(self.families)}": [each for each in self.families if "not" in each],
        }
        return [*unequal, *(words for words, wrong in found.items() if wrong)]


def _unequal(found: Mapping[str, object]) -> list[str]:
    """Return the groups whose kinds differ; the word before the colon names a kind's group."""
    groups: dict[str, set[object]] = {}
    for kind, what in found.items():
        groups.setdefault(group_of(kind), set()).add(what)
    return [group for group, different in groups.items() if len(different) > 1]


def group_of(kind: str) -> str:
    return kind.partition(":")[0]


def report(figures: Figures) -> str:
    answered, guessed = Counter[str](), Counter[str]()
    for (kind, answer), number in figures.answers.items():
        answered[answer] += number
        guessed[group_of(kind)] += number
    lines = [
        f"{figures.guesses:,} guesses in {figures.seconds:,.0f} s: {figures.opened} opened a request",
        f"  {', '.join(f'{number:,} of {group}s' for group, number in guessed.items())}",
        *(f"  {number:,} answered: {answer}" for answer, number in answered.most_common()),
        f"  of each kind: {', '.join(f'{kind} {number:,}' for kind, number in _by_kind(figures).items())}",
        f"statements of a guess: { ({kind: len(work) for kind, work in figures.work.items()}) }",
        f"wrong guesses remembered at once: {figures.rows:,}; there may be {figures.most_rows:,}",
        f"families: {dict(figures.families)}",
        *(
            f"answers to families {when}: median {median(waits) * 1000:.0f} ms, longest {max(waits) * 1000:.0f} ms"
            for when, waits in figures.waits.items()
        ),
    ]
    return "\n".join([*lines, *(f"WRONG: {each}" for each in figures.problems())])


def _by_kind(figures: Figures) -> Counter[str]:
    found = Counter[str]()
    for (kind, _), number in figures.answers.items():
        found[kind] += number
    return found
