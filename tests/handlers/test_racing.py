"""Two of the team do the same thing at the same moment, at every place of the office: it happens once.

What one does alone is looked at first; then both do it together, in each order. No more may have changed than one of
them changes, and each of the two is told where things stand.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from handlers.staff.guard import Guarded
from handlers.staff.steps import Desk
from tests.handlers.desk import BOSS
from tests.handlers.rounds import ACTOR, STEPS, WORDS, Office, Spot
from tests.rows import Rows, differing, kept

_OWN = {"dialog"}  # where somebody stands is their own
# Two links are for two people, everybody has their own name and their own reminders, and what two write are two notes,
# or two broadcasts.
_BOTH_COUNT = {"invite", "new", Desk.NAME, Desk.NOTES, Desk.REMIND_TEXT}


@dataclass(frozen=True)
class Doing:
    """A button of a screen, or words that are written there."""

    spot: Spot
    carried: str = ""
    words: str = ""

    def __str__(self) -> str:
        return f"{self.carried or repr(self.words)} at {self.spot.step}"

    async def alone(self, office: Office) -> list[Any]:
        return await (office.press(self.carried) if self.carried else office.say(self.words))

    async def together(self, office: Office, *order: int) -> list[list[Any]]:
        if self.carried:
            return await office.press_together(self.carried, *order)
        return await office.say_together(self.words, *order)


def _doings(spots: list[Spot]) -> Iterator[Doing]:
    met: set[tuple[str, str]] = set()
    for spot in spots:
        for carried in spot.offered:
            word = carried.partition(":")[0]
            guarded = isinstance(STEPS[spot.step].presses.get(word), Guarded)
            guarded = guarded and not {word, spot.step} & _BOTH_COUNT
            if guarded and (spot.step, carried) not in met:
                met.add((spot.step, carried))
                yield Doing(spot, carried)
        if STEPS[spot.step].typed is not None and spot.step not in _BOTH_COUNT:
            yield from (Doing(spot, words=words) for words in WORDS)


def _changes(before: Rows, after: Rows) -> Counter[str]:
    """Count by table the rows that came, went or are different."""
    tables = differing(before, after) - _OWN
    return Counter({name: len(set(before[name].rows) ^ set(after[name].rows)) for name in tables})


@pytest.mark.asyncio(loop_scope="module")
async def test_what_two_do_at_once_happens_once(office: Office, spots: list[Spot]) -> None:
    changing = set()
    for doing in _doings(spots):
        office.place_both(doing.spot)
        before = kept(office.machine)
        await doing.alone(office)
        alone = _changes(before, kept(office.machine))
        if not alone:
            continue
        changing.add(doing.spot.step)
        for order in ((ACTOR, BOSS), (BOSS, ACTOR)):
            office.place_both(doing.spot)
            told = await doing.together(office, *order)
            after = _changes(before, kept(office.machine))
            assert after, doing
            assert after <= alone, f"{doing}: {dict(after)} and not {dict(alone)}"
            assert office.machine.set_aside() == 0, doing
            assert all(told), f"{doing}: somebody was told nothing"
    assert len(changing) > 15  # places where something can be changed at all
