"""Hides small groups among counts, so that they do not follow from the others and the total either."""

from collections.abc import Sequence
from enum import StrEnum

FEWEST = 5  # a group of fewer could lead to single families


class Hidden(StrEnum):
    """What stands in a number's place."""

    FEW = "few"  # fewer than `FEWEST`, and at least one
    KEPT = "kept"  # any number: it would tell a small one


def veiled(counts: Sequence[int]) -> list[int | Hidden]:
    """Hide what is too small among groups that make up a total which is known; that a group is empty is no secret.

    The smallest of the others are hidden with them, until every small one could be at least two numbers. Where that
    cannot be, everything is `KEPT`, and the total must not be shown either.
    """
    small = {place for place, n in enumerate(counts) if 0 < n < FEWEST}
    if not small:
        return list(counts)
    kept: set[int] = set()
    others = sorted((n, place) for place, n in enumerate(counts) if n >= FEWEST)
    while not _open_to_doubt([counts[place] for place in small], [counts[place] for place in kept]):
        if not others:
            return [Hidden.KEPT] * len(counts)
        kept.add(others.pop(0)[1])
    return [Hidden.FEW if at in small else Hidden.KEPT if at in kept else n for at, n in enumerate(counts)]


def _open_to_doubt(small: Sequence[int], kept: Sequence[int]) -> bool:
    """Whether more than one number fits each hidden group, when only what they make up together is known."""
    together, least = sum(small) + sum(kept), len(small) + FEWEST * len(kept)
    if kept:
        return together > least
    return len(small) > 1 and least < together < len(small) * (FEWEST - 1)
