"""What was heard of a moment, word by word, and what can come of it."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from casework.reminding.moment_words import Part, Unit


class Problem(StrEnum):
    """Why there is no moment in it."""

    NOT_READ = "not_read"
    PAST = "past"
    FAR = "far"


@dataclass(frozen=True)
class Meant:
    """What was understood.

    Attributes:
        timed: whether a time of day was said; if not, it is `DAYTIME`.
    """

    moment: datetime
    timed: bool


@dataclass(frozen=True)
class Unsure:
    """It can mean each of these, or surely this one alone is too far from what people mean to be taken unasked."""

    choices: tuple[datetime, ...]


Understood = Meant | Unsure | Problem


@dataclass
class Heard:
    """What has been heard so far."""

    day: date | None = None
    weekday: int | None = None
    short_year: bool = False
    hour: int | None = None
    minute: int | None = None
    part: Part | None = None
    span: tuple[int, Unit] | None = None
    numbers: list[int] = field(default_factory=list)
    month: int | None = None
