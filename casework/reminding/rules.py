"""What is reminded of: one table. Intervals and limits come from the config, under [reminders]."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from casework.reminding.moments import Times


class Kind(StrEnum):
    """Everything that anybody is reminded of."""

    # families
    DRAFT = "draft"


class Whom(StrEnum):
    """Who is reminded."""

    FAMILY = "family"


@dataclass(frozen=True)
class Intervals:
    """What the config says; days and hours, and times of day in minutes since midnight."""

    draft_days: tuple[int, ...] = (1, 3, 10)


@dataclass(frozen=True)
class Rule:
    """One line of the table.

    Attributes:
        times: when, how often, until when.
        stops: what ends it, besides an answer: for who reads the table.
        quiet: whether it waits for the end of somebody's quiet hours.
        certain: whether it is sent once more where nobody knows whether it arrived, as an answer is.
    """

    kind: Kind
    whom: Whom
    times: Times
    stops: str
    quiet: bool = True
    certain: bool = False


Rules = Mapping[Kind, Rule]


def table(config: Intervals) -> Rules:
    """Return the table as this office has set it."""
    lines = (
        Rule(
            Kind.DRAFT,
            Whom.FAMILY,
            Times(_days(*config.draft_days)),
            "the request is sent or its answers are deleted; counted from the last answer",
        ),
    )
    return {each.kind: each for each in lines}


def _days(*numbers: int) -> tuple[timedelta, ...]:
    return tuple(timedelta(days=number) for number in numbers)
