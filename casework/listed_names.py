"""What the office calls a place or a flight: a line of its own words, which names nobody and is shown to many."""

from casework.countries import plain
from casework.names import one_line

LONGEST = 60  # characters, after cleaning: a page of them fits into a message, one onto a button
_MOST_TYPED = 10 * LONGEST  # looked at; whatever is longer is no name


def listed_name(text: str) -> str | None:
    """Return the name on one line with nothing invisible in it; None where it is empty, too long or only signs."""
    name = one_line(text) if len(text) <= _MOST_TYPED else ""
    return name if len(name) <= LONGEST and folded(name) else None


def folded(name: str) -> str:
    """Return what two spellings of one name have in common: no case, no marks, no signs."""
    return plain(name)
