"""Failures of the Bot API on request."""

import random
from dataclasses import asdict, dataclass, replace
from typing import Literal, get_args

from simulator.answers import Answer, Json, Refused, too_many_requests
from simulator.clock import Clock

Kind = Literal["429", "500", "502", "drop", "slow", "outage", "garbage", "401"]
KINDS: frozenset[str] = frozenset(get_args(Kind))
# What stands in front of Telegram when it is unwell answers in HTML.
SLOW = 2.0  # seconds
GARBAGE = b"<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>"


@dataclass(slots=True)
class Fault:
    """One failure in force.

    `methods` empty means every method; `chance` is from 0 to 1; `count` calls are hit before it ends (None:
    until it is lifted);
    `seconds` is how late a slow answer is, and how long an outage lasts (None: until it is lifted);
    `retry_after` is what a 429 says, in seconds.
    """

    kind: Kind
    methods: tuple[str, ...] = ()
    chance: float = 1.0
    count: int | None = None
    seconds: float | None = None
    retry_after: int = 5
    until: float | None = None

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"kind is one of {', '.join(sorted(KINDS))}, not {self.kind!r}")
        self.methods = tuple(name.lower() for name in self.methods)


class Faults:
    """The failures in force, in the order in which they were asked for.

    The first that hits a call decides.
    """

    def __init__(self, dice: random.Random, clock: Clock) -> None:
        self._dice = dice
        self._clock = clock
        self._in_force: list[Fault] = []

    def add(self, fault: Fault) -> None:
        if fault.kind == "outage" and fault.seconds is not None:
            fault.until = self._clock.timestamp() + fault.seconds
        self._in_force.append(fault)

    def clear(self) -> None:
        self._in_force.clear()

    def listed(self) -> list[Json]:
        self._end_what_is_over()
        return [asdict(fault) for fault in self._in_force]

    def _end_what_is_over(self) -> None:
        now = self._clock.timestamp()
        self._in_force = [fault for fault in self._in_force if fault.until is None or fault.until > now]

    def strike(self, method: str) -> Fault | None:
        """The fault that hits this call, if any; counted down."""
        if not self._in_force:
            return None
        self._end_what_is_over()
        for fault in self._in_force:
            if fault.methods and method.lower() not in fault.methods:
                continue
            if fault.chance < 1 and self._dice.random() >= fault.chance:
                continue
            if fault.count is not None:
                fault.count -= 1
                if fault.count <= 0:
                    self._in_force.remove(fault)
            return fault
        return None


REFUSALS = {
    "401": Refused(401, "Unauthorized"),
    "500": Refused(500, "Internal Server Error"),
    "502": Refused(502, "Bad Gateway"),
}


def instead_of_work(fault: Fault) -> Answer | None:
    """The answer of a fault that comes before any work is done; None for those that let the work be done."""
    match fault.kind:
        case "429":
            return too_many_requests(fault.retry_after).answer()
        case "outage":
            return Answer(503, {}, dropped=True)
        case "garbage":
            return Answer(200, {}, raw=GARBAGE)
        case "drop" | "slow":
            return None
        case _:
            return REFUSALS[fault.kind].answer()


def spoilt(fault: Fault, answer: Answer) -> Answer:
    """The answer to work that was done, late or lost on its way."""
    late = SLOW if fault.seconds is None else fault.seconds
    delay = late if fault.kind == "slow" else 0.0
    return replace(answer, delay=delay, dropped=fault.kind == "drop")
