"""Thousands of updates of every kind the Bot API knows, sound and damaged: none stops the intake, none leaves a
word in a log or an error.
"""

import os
import random
import time
from io import StringIO
from typing import Any

import pytest
from sqlalchemy import insert
from sqlalchemy.exc import StatementError

from bot.polling import Polling
from db.models import SetAside
from simulator import schema
from tests.bot.stage import rows
from tests.machine import Machine

CANARY = "canary-5f1c-Хадижат"
_IN_A_BATCH = 60
_UPDATES = int(os.environ.get("FUZZ", "1200"))  # `make fuzz` asks for 100,000
_SECONDS_EACH = 0.02  # a long time for one of them
_DEEPEST = 3
_STRANGE: list[Any] = [
    None,
    True,
    0,
    -1,
    2**31,
    2**63,
    10**400,
    1e308,
    float("inf"),
    "",
    CANARY,
    f"\ud83d{CANARY}\udc00",
    f"\0{CANARY}\u202e",
    CANARY * 500,
    [],
    [CANARY],
    [[[[CANARY]]]],
    {},
    {CANARY: CANARY},
]
_WORDS = [
    "/start",
    "/new",
    "/cancel x",
    "/",
    f"/start {CANARY}",
    CANARY,
    "12.03.2017",
    "~:menu",
    "abc:choice:IQ",
    ":",
    "",
]


class Dice:
    """Makes objects of the Bot API's types, and breaks them."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)  # noqa: S311 - the same updates each time

    def update(self, update_id: int) -> Any:
        kinds = [field for field in schema.types()["Update"].fields.values() if not field.required]
        likely = [field for field in kinds if field.name in {"message", "edited_message", "callback_query"}]
        field = self.dice.choice(kinds if self.dice.random() < 0.5 else likely)
        update = {"update_id": update_id, field.name: self.value(field.kinds[0], 0)}
        self._make_private(update[field.name])
        for _ in range(self.dice.choice((0, 1, 1, 2, 4))):
            self._damage(update)
        return update

    def value(self, kind: str, depth: int) -> Any:
        if kind.startswith(schema.ARRAY):
            inner = kind.removeprefix(schema.ARRAY)
            return [self.value(inner, depth + 1) for _ in range(self.dice.randrange(3))]
        plain = {"Integer": 5, "Float": 1.5, "Boolean": True, "String": CANARY, "InputFile": CANARY}
        if kind in plain:
            return plain[kind]
        shape = schema.types()[kind]
        if shape.subtypes:
            return self.value(self.dice.choice(shape.subtypes), depth)
        chance = 0.3 if depth < _DEEPEST else 0
        return {
            field.name: field.constant or self.value(self.dice.choice(field.kinds), depth + 1)
            for field in shape.fields.values()
            if field.required or self.dice.random() < chance
        }

    def _make_private(self, content: Any) -> None:
        """Let it come from a person who may be known already, so that it reaches the conversation."""
        if not isinstance(content, dict) or self.dice.random() < 0.2:
            return
        who = self.dice.randrange(5000, 5006)
        content["from"] = {"id": who, "is_bot": False, "first_name": CANARY}
        content["text"] = content["data"] = self.dice.choice(_WORDS)
        for message in (content, content.get("message")):
            if isinstance(message, dict):
                message["chat"] = {"id": who, "type": "private", "first_name": CANARY}

    def _damage(self, update: dict[str, Any]) -> None:
        """Put something strange in the place of one value, or take it away, or bury it."""
        place: Any = update
        for _ in range(self.dice.randrange(1, 5)):
            keys = list(place) if isinstance(place, dict) else list(range(len(place)))
            key = self.dice.choice(keys)
            if not isinstance(place[key], dict | list) or not place[key] or self.dice.random() < 0.3:
                break
            place = place[key]
        else:
            key = self.dice.choice(list(place) if isinstance(place, dict) else list(range(len(place))))
        match self.dice.randrange(4):
            case 0:
                del place[key]
                if not update:
                    update["update_id"] = CANARY
            case 1:
                place[key] = self._buried(place[key])
            case _:
                place[key] = self.dice.choice(_STRANGE)

    def _buried(self, value: Any) -> Any:
        for _ in range(self.dice.choice((1, 30, 2000))):
            value = {"a": value} if self.dice.random() < 0.5 else [value]
        return value


@pytest.mark.longest(40 + round(_UPDATES * _SECONDS_EACH))
@pytest.mark.parametrize("seed", [1, 2])
async def test_no_update_stops_the_intake_or_leaves_a_word_behind(
    machine: Machine, logged: StringIO, seed: int
) -> None:
    """Threats 1 and 5. After each batch somebody honest is answered."""
    dice = Dice(seed)
    family = machine.person(1003)
    polling: Polling = machine.homeward.polling
    waits = list[float]()
    for start in range(1, _UPDATES + 1, _IN_A_BATCH):
        await polling._take([dice.update(start + number) for number in range(_IN_A_BATCH)], None)
        before, asked = len(family.from_bot), time.perf_counter()
        await family.say("/start")
        assert len(family.from_bot) == before + 1
        waits.append(time.perf_counter() - asked)
    aside = rows(machine, SetAside)
    told = f"{len(waits) * _IN_A_BATCH:,} updates, {len(aside):,} set aside; the next valid one was answered"
    print(f"{told} {len(waits):,} times, after {max(waits) * 1000:.0f} ms at most")  # noqa: T201 - what `make fuzz` shows
    assert len(aside) > 100, "the dice break enough of them"
    assert logged.getvalue().count("intake.set_aside") >= len(aside)
    for text in (logged.getvalue(), *(row.cause for row in aside)):
        assert "canary" not in text
        assert "Хадижат" not in text


async def test_a_database_error_quotes_no_values(machine: Machine) -> None:
    """SQLAlchemy's errors carry the parameters of a statement unless they are told not to, PostgreSQL's the row."""

    def break_something(connection: Any) -> None:
        connection.execute(insert(SetAside), {"id": 1, "data_key": b"", "raw": b"x", "cause": CANARY})

    with pytest.raises(StatementError) as caught:
        await machine.homeward.writer.run(break_something)
    assert CANARY not in str(caught.value)
