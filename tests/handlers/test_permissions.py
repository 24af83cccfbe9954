"""Who may do what at the office's side: the whole table, each cell of it tried.

A new action, step, button or command is covered by itself: the handlers come from the conversation and the commands,
the ways to them from a round that finds its own way (tests/handlers/rounds.py), what is right from the table.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest

from bot.screen import ANYWHERE
from casework.permissions import PERMISSIONS, TOLD, Action, Refusal, Role, Standing, Whose, refused
from casework.references import new_reference
from handlers import DESK_BUTTONS, desk_steps
from handlers.family.steps import At
from handlers.staff.commands import DESK_COMMANDS
from handlers.staff.guard import Guarded
from tests.handlers.rounds import STEPS, TOKEN, Office, Spot
from tests.rows import differing, kept

# What a press that is refused may change all the same: where one stands, and nothing of any case.
_HARMLESS = {"dialog"}
_NOBODYS_CASE = 424242
_NO_REFERENCE = new_reference()


@dataclass(frozen=True)
class Cell:
    """One cell of the matrix."""

    role: Role
    whose: Whose
    standing: Standing

    def refusal(self, action: Action) -> Refusal | None:
        if not PERMISSIONS[action].whose:
            return None if self.role in PERMISSIONS[action].roles else Refusal.ROLE
        return refused(self.role, action, self.whose, self.standing)


@dataclass(frozen=True)
class Way:
    """A way to do an action: a button of a step, as it was shown there, one that works from anywhere, or a command."""

    action: Action
    spot: Spot
    carried: str = ""
    command: str = ""
    anywhere: bool = False


def cells(action: Action, role: Role) -> Iterator[Cell]:
    if not PERMISSIONS[action].whose:
        yield Cell(role, Whose.OWN, Standing.OPEN)
        return
    for whose in Whose:
        for standing in Standing:
            yield Cell(role, whose, standing)


def test_every_handler_of_the_office_names_its_action() -> None:
    handlers: dict[str, object] = {f"/{each.command}": each.handler for each in DESK_COMMANDS}
    handlers |= {f"~:{word}": handler for word, handler in DESK_BUTTONS.items()}
    for step in desk_steps():
        handlers |= {f"{step.name} shows": step.show}
        handlers |= {f"{step.name} takes words": step.typed} if step.typed is not None else {}
        handlers |= {f"{step.name} takes files": step.other} if step.other is not None else {}
        handlers |= {f"{step.name} on {word}": handler for word, handler in step.presses.items()}
    unguarded = [place for place, handler in handlers.items() if not isinstance(handler, Guarded)]
    assert unguarded == []
    assert {each.action for each in handlers.values() if isinstance(each, Guarded)} <= set(PERMISSIONS)


def test_every_action_stands_in_the_table() -> None:
    assert set(PERMISSIONS) == set(Action)


@pytest.mark.asyncio(loop_scope="module")
async def test_the_round_finds_every_place_of_the_office(office: Office, spots: list[Spot]) -> None:
    assert set(STEPS) - {spot.step for spot in spots} == set()
    assert office.machine.set_aside() == 0


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("role", list(Role))
async def test_who_may_can_and_who_may_not_changes_nothing(
    office: Office, spots: list[Spot], role: Role
) -> None:
    trials = Trials(office)
    for way in ways(office, spots):
        for cell in cells(way.action, role):
            await trials.hold(way, cell)
        if way.carried and not way.anywhere:
            await trials.forge(way, Cell(role, Whose.OWN, Standing.OPEN))
    assert office.machine.set_aside() == 0


def ways(office: Office, spots: list[Spot]) -> Iterator[Way]:
    """Return every button that any screen shows, the same handler once, what works from anywhere, and every command."""
    met: set[int] = set()
    for spot in spots:
        for carried in spot.offered:
            handler = STEPS[spot.step].presses.get(carried.partition(":")[0])
            if isinstance(handler, Guarded) and id(handler) not in met:
                met.add(id(handler))
                yield Way(handler.action, spot, carried)
    desk = Spot("desk", {}, spots[0].rows, ())
    for word, handler in DESK_BUTTONS.items():
        carried = office.carried.get(word, f"{office.request_id}")
        yield Way(handler.action, desk, f"{word}:{carried}", anywhere=True)
    for each in DESK_COMMANDS:
        yield Way(each.handler.action, desk, command=office.command(each.usage))


class Trials:
    """Does it as in a cell, and holds what follows against the table."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self._known: dict[tuple[int, bool, str, Cell], list[Any]] = {}

    async def hold(self, way: Way, cell: Cell) -> None:
        why = cell.refusal(way.action)
        before, since = self._prepare(way, cell), self.office.last_row()
        told = await self._do(way)
        changed = differing(before, kept(self.office.machine)) - _HARMLESS
        rows = self.office.audited(way.action, since)
        at = f"{way.carried or way.command} at {way.spot.step}: {cell}"
        assert told, f"{at}: no answer"
        if why is None:
            # What only asks about nobody in particular need not be written down, what changes anything has to be.
            done = PERMISSIONS[way.action].whose or changed
            assert not (done and PERMISSIONS[way.action].audited) or rows, f"{at}: no audit row"
            assert not PERMISSIONS[way.action].whose or rows[0] == self.office.request_id, f"{at}: of another"
            assert told != await self._nothing(way, cell), f"{at}: nothing happened"
            return
        assert changed == set(), f"{at}: changed {changed}"
        assert rows == [], f"{at}: written down as done"
        if why is Refusal.ROLE:
            assert told == await self._nothing(way, cell), f"{at}: tells that there is such a thing"
        else:
            assert _sentence(TOLD[why]) in str(told), f"{at}: not told why"

    async def forge(self, way: Way, cell: Cell) -> None:
        """Press with another screen's token, and at a place that has no such button: nobody gets anything by it."""
        without = (name for name, step in STEPS.items() if way.carried.partition(":")[0] not in step.presses)
        elsewhere = replace(way, spot=replace(way.spot, step=next(without, At.HOME)))
        for tried, token in ((way, "another"), (elsewhere, TOKEN)):
            outcomes = []
            for carried in (way.carried, "nothing:1"):
                before, since = self._prepare(tried, cell), self.office.last_row()
                told = await self.office.press(carried, token)
                changed = differing(before, kept(self.office.machine)) - _HARMLESS
                outcomes.append((told, changed, self.office.audited(way.action, since)))
            assert outcomes[0] == outcomes[1], f"{way.carried} forged at {tried.spot.step}: {cell}"
            assert outcomes[0][1] == set(), f"{way.carried} forged at {tried.spot.step}: {cell}"

    def _prepare(self, way: Way, cell: Cell, **state: Any) -> Any:
        self.office.place(way.spot, **state)
        self.office.suppose(cell.role, cell.whose, cell.standing)
        return kept(self.office.machine)

    async def _do(self, way: Way) -> list[Any]:
        if way.command:
            return await self.office.say(way.command)
        return await self.office.press(way.carried, ANYWHERE if way.anywhere else TOKEN)

    async def _nothing(self, way: Way, cell: Cell) -> list[Any]:
        """Do what there is not: a case that never was, or, for who has no such action, an unknown thing."""
        if cell.role in PERMISSIONS[way.action].roles and cell.refusal(way.action) is Refusal.ROLE:
            return await self._of_no_case(way, cell)
        key = (id(way.spot), way.anywhere, way.command, cell)
        if key not in self._known:
            self._prepare(way, cell)
            unknown = replace(way, carried="nothing:1", command="/nonsense" if way.command else "")
            self._known[key] = await self._do(unknown)
        return self._known[key]

    async def _of_no_case(self, way: Way, cell: Cell) -> list[Any]:
        """Do it with a reference or a case that never was."""
        self._prepare(way, cell, case=_NOBODYS_CASE)
        if not way.command:
            return await self._do(way)
        told = await self.office.say(way.command.replace(self.office.reference, _NO_REFERENCE))
        return [_replaced(each, _NO_REFERENCE, self.office.reference) for each in told]


def _replaced(told: Any, old: str, new: str) -> Any:
    return (told[0].replace(old, new), told[1]) if isinstance(told, tuple) else told


def _sentence(words: str) -> str:
    return words.partition("}")[2] or words
