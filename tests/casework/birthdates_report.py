"""`python -m tests.casework.birthdates_report`: the ways of saying a birth, and what becomes of them.

What each row means is tested in test_birthdates.py; this only counts.
"""

import sys
from collections import Counter

from tests.casework.test_birthdates import LANGUAGES, WAYS, hear, in_the_table

COLUMNS = ("understood", "asked back", "refused", "don't know", "not as the table says")


def counts() -> dict[str, Counter[str]]:
    """Return for each language what became of its rows when they were read just now."""
    found = {language: Counter[str]() for language in LANGUAGES}
    for language, typed, meaning in WAYS:
        found[language][_what_became(in_the_table(hear(typed, language)), meaning)] += 1
    return found


def _what_became(heard: str, meaning: str) -> str:
    if heard != meaning:
        return "not as the table says"
    begins = {"ask:": "asked back", "refuse:": "refused", "don't know": "don't know"}
    return next((what for start, what in begins.items() if heard.startswith(start)), "understood")


def report() -> str:
    rows: list[tuple[str, ...]] = [("language", "ways", *COLUMNS)]
    for language, found in [*counts().items(), ("all", sum(counts().values(), Counter[str]()))]:
        rows.append((language, str(found.total()), *(str(found[column]) for column in COLUMNS)))
    wide = [max(len(row[at]) for row in rows) for at in range(len(rows[0]))]
    return "\n".join(
        "  ".join(cell.rjust(width) for cell, width in zip(row, wide, strict=True)) for row in rows
    )


if __name__ == "__main__":
    sys.stdout.write(f"{report()}\n")
