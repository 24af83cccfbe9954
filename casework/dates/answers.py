"""What may come of an answer to "when was she born?": understood, asked back, refused, or "I don't know"."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from casework.dates.sorts import Sort
from casework.partial_dates import BirthDate, approximate

MOST_CANDIDATES = 3


class Reason(StrEnum):
    NOT_A_DATE = "not_a_date"
    TOO_LONG = "too_long"
    NO_SUCH_DAY = "no_such_day"  # 30 February, the 13th month
    NO_YEAR = "no_year"  # 12 March, and nothing more
    AGE_THEN = "age_then"  # "she was three": an age at another time, and that time not said
    FUTURE = "future"
    TOO_OLD = "too_old"  # born more than 120 years ago


@dataclass(frozen=True, slots=True)
class Unsure:
    """To be asked back; candidates are one to three, the likeliest first, each worth a button."""

    candidates: tuple[BirthDate, ...]


@dataclass(frozen=True, slots=True)
class Refused:
    reason: Reason


@dataclass(frozen=True, slots=True)
class DontKnow:
    """A full answer to a question about a fact."""


Answer = BirthDate | Unsure | Refused


@dataclass(frozen=True, slots=True)
class Saying:
    """What a reading depends on beside the shape: the day, words that colour the whole, words that shape."""

    today: date
    marks: frozenset[Sort]
    words: frozenset[str]

    def dated(self, edtf: str) -> BirthDate:
        return BirthDate(approximate(edtf) if Sort.ABOUT in self.marks else edtf)


def any_of(*answers: Answer) -> Answer:
    """Ask back, offering whatever these answers hold; refuse as the first does if they hold nothing."""
    found: list[BirthDate] = []
    for answer in answers:
        if isinstance(answer, BirthDate):
            found.append(answer)
        elif isinstance(answer, Unsure):
            found += answer.candidates
    return Unsure(tuple(dict.fromkeys(found))[:MOST_CANDIDATES]) if found else answers[0]
