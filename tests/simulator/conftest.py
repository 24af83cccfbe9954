"""A made-up Telegram that stands still, a bot in it, and one rule: all that is said there fits the data."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from simulator import schema
from simulator.answers import Json
from simulator.clock import Clock
from simulator.records import Upload
from simulator.world import World

TOKEN = "700001:made-up"
BOT_ID = 700001
MONDAY = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)


class Bot:
    """The bot's side of the world. Every result is held against what the data says the method returns."""

    def __init__(self, world: World, token: str = TOKEN) -> None:
        self.world = world
        self.token = token
        world.bot(token)

    def __call__(self, method: str, *, files: Mapping[str, Upload] | None = None, **params: Any) -> Any:
        answer = self.world.call(self.token, method, params, files)
        assert answer.ok, answer.body
        assert schema.answer_problems(method, answer.result) == []
        return answer.result

    def refused(self, method: str, *, files: Mapping[str, Upload] | None = None, **params: Any) -> str:
        """The words of a refusal."""
        answer = self.world.call(self.token, method, params, files)
        assert not answer.ok, answer.body
        assert answer.body["error_code"] == answer.status
        return str(answer.body["description"])

    def says(self, person_id: int, text: str, **params: Any) -> int:
        return int(self("sendMessage", chat_id=person_id, text=text, **params)["message_id"])

    def update(self) -> Json:
        """The newest update that waits."""
        return self.world.bots[int(self.token.partition(":")[0])].queue.waiting[-1].update


@pytest.fixture
def world() -> Iterator[World]:
    world = World(Clock(MONDAY), seed=7)
    yield world
    _hold_against_data(world)


@pytest.fixture
def bot(world: World) -> Bot:
    return Bot(world)


@pytest.fixture
def khadizhat(world: World, bot: Bot) -> int:
    """A person who has written to the bot."""
    assert bot.token == TOKEN
    world.meet(41, first_name="Хадижат", language_code="ru")
    world.write(41, "/start")
    return 41


def _hold_against_data(world: World) -> None:
    """Whatever a test did: the world it leaves speaks Telegram's language."""
    for bot in world.bots.values():
        for waiting in bot.queue.waiting:
            if not waiting.raw:
                assert schema.problems("Update", waiting.update) == []
                assert len(waiting.update) == 2
    for chat in (*world.private.values(), *world.groups.values()):
        for stored in chat.messages.values():
            assert schema.problems("Message", stored.message) == []
