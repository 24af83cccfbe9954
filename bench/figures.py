"""What is measured, and what each figure has to reach beside which peer, in one run on one machine.

The ratios are the claim: an update a second here says little, ten times the peer's on the same machine says much.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from bench.people import INPUTS
from bench.trial import Load, Outcome

ROUND_TRIP = 0.05  # seconds: what the field looks like
STEADY = 300  # updates a second
OPEN = 2_000  # conversations in the middle
_MIDDLE = 8  # inputs: the first person's birth is answered


@dataclass(frozen=True)
class Scene:
    """One kind of load, and who meets it."""

    key: str
    name: str
    load: Load
    contenders: tuple[str, ...]


@dataclass(frozen=True)
class Target:
    """A ratio to reach.

    Attributes:
        scene, against: where our figure comes from, and where and whose the other is.
        read: the figure.
        least, meant: the ratio to reach, and the one it is meant to become; at most, where less is better.
    """

    name: str
    scene: str
    against: tuple[str, str]
    read: Callable[[Outcome], float]
    least: float
    meant: float
    less_is_better: bool = False

    def reached(self, ratio: float) -> bool:
        return ratio <= self.least if self.less_is_better else ratio >= self.least


def scenes(scale: float, stored: int) -> tuple[Scene, ...]:
    """Return the loads; `scale` makes all of them shorter or longer."""

    def some(updates: int) -> int:
        return max(INPUTS, int(updates * scale))

    busy = Load(people=200, warm_up=some(3_000), updates=some(4_000))
    far = Load(people=1_000, warm_up=some(2_000), updates=some(6_000), round_trip=ROUND_TRIP)
    steady = Load(people=200, warm_up=some(600), updates=some(4_500), per_second=STEADY)
    people = max(20, int(OPEN * scale))
    middle = Load(people=people, warm_up=0, updates=people * _MIDDLE, stop_at=_MIDDLE)
    letters = Load(people=0, warm_up=0, updates=0, messages=some(10_000))
    everybody = (
        "homeward",
        "homeward-postgresql",
        "ptb-pickle",
        "ptb-tuned",
        "aiogram-memory",
        "aiogram-sqlite",
    )
    two = ("homeward", "aiogram-memory")
    return (
        Scene("busy", f"{busy.people} people, each writes as soon as it is answered", busy, everybody),
        Scene("far", f"{far.people} people, {ROUND_TRIP * 1000:.0f} ms to Telegram and back", far, two),
        Scene("steady", f"{STEADY} updates a second, steadily", steady, two),
        Scene("open", f"{people} conversations stand in the middle", middle, two),
        Scene("sending", f"{letters.messages:,} messages to as many people, no limit", letters, two),
        Scene(
            "stored", f"as the first, {stored:,} requests stored", replace(busy, stored=stored), ("homeward",)
        ),
    )


def _rate(outcome: Outcome) -> float:
    return outcome.rate


def _cost(outcome: Outcome) -> float:
    return outcome.seconds / outcome.updates if outcome.updates else 0.0


TARGETS = (
    Target(
        "updates/s, aiogram in memory, which keeps nothing", "busy", ("busy", "aiogram-memory"), _rate, 1.5, 5
    ),
    Target("updates/s, aiogram with SQLite", "busy", ("busy", "aiogram-sqlite"), _rate, 5, 15),
    Target("updates/s, PTB tuned", "busy", ("busy", "ptb-tuned"), _rate, 2, 8),
    Target("updates/s, PTB with PicklePersistence", "busy", ("busy", "ptb-pickle"), _rate, 5, 20),
    Target("updates/s at 50 ms, aiogram in memory", "far", ("far", "aiogram-memory"), _rate, 1.2, 1.9),
    Target(
        "p50 at 300 updates/s, aiogram in memory",
        "steady",
        ("steady", "aiogram-memory"),
        lambda outcome: outcome.p50,
        1,
        0.8,
        less_is_better=True,
    ),
    Target(
        "p99 at 300 updates/s, aiogram in memory",
        "steady",
        ("steady", "aiogram-memory"),
        lambda outcome: outcome.p99,
        1,
        0.5,
        less_is_better=True,
    ),
    Target(
        "memory with open conversations, aiogram in memory",
        "open",
        ("open", "aiogram-memory"),
        lambda outcome: outcome.resident,
        0.7,
        0.5,
        less_is_better=True,
    ),
    Target("messages/s, aiogram, which keeps nothing", "sending", ("sending", "aiogram-memory"), _rate, 1, 2),
    Target(
        "cost of an update with many stored requests, with none",
        "stored",
        ("busy", "homeward"),
        _cost,
        1.2,
        1,
        less_is_better=True,
    ),
)

Found = Mapping[tuple[str, str], list[Outcome]]  # by scene and contender
