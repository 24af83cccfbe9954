import random

import pytest

from simulator.answers import Answer
from simulator.clock import Clock
from simulator.faults import Fault, Faults, Kind
from tests.simulator.conftest import TOKEN, Bot


def send(bot: Bot, text: str = "a") -> Answer:
    return bot.world.call(TOKEN, "sendMessage", {"chat_id": 41, "text": text})


@pytest.mark.parametrize(
    ("kind", "status", "words"),
    [
        ("429", 429, "Too Many Requests: retry after 9"),
        ("500", 500, "Internal Server Error"),
        ("502", 502, "Bad Gateway"),
        ("401", 401, "Unauthorized"),
    ],
)
def test_refusals_come_before_any_work(bot: Bot, khadizhat: int, kind: Kind, status: int, words: str) -> None:
    bot.world.faults.add(Fault(kind, retry_after=9))
    answer = send(bot)
    assert (answer.status, answer.body["description"]) == (status, words)
    assert answer.body.get("parameters") == ({"retry_after": 9} if kind == "429" else None)
    assert len(bot.world.chat(khadizhat)) == 1


def test_a_dropped_answer_leaves_the_work_done(bot: Bot, khadizhat: int) -> None:
    bot.world.faults.add(Fault("drop"))
    assert send(bot).dropped
    assert bot.world.chat(khadizhat)[-1]["text"] == "a"
    assert bot.world.log.after(0)[-1]["fault"] == "drop"


def test_an_outage_drops_before_the_work(bot: Bot, khadizhat: int) -> None:
    bot.world.faults.add(Fault("outage"))
    assert send(bot).dropped
    assert len(bot.world.chat(khadizhat)) == 1


def test_an_outage_ends_by_itself_after_its_seconds(bot: Bot, khadizhat: int) -> None:
    bot.world.faults.add(Fault("outage", seconds=20))
    bot.world.clock.advance(19)
    assert send(bot).dropped
    bot.world.clock.advance(2)
    assert send(bot).ok
    assert len(bot.world.chat(khadizhat)) == 2
    assert bot.world.faults.listed() == []


def test_slow_answers_are_true_but_late(bot: Bot, khadizhat: int) -> None:
    assert khadizhat == 41
    bot.world.faults.add(Fault("slow", seconds=3.5))
    answer = send(bot)
    assert answer.ok
    assert answer.delay == 3.5


def test_garbage_is_no_json(bot: Bot, khadizhat: int) -> None:
    bot.world.faults.add(Fault("garbage"))
    answer = send(bot)
    assert answer.status == 200
    assert not answer.ok
    assert answer.payload().startswith(b"<html>")
    assert len(bot.world.chat(khadizhat)) == 1


def test_a_fault_can_be_for_some_methods_and_some_calls(bot: Bot, khadizhat: int) -> None:
    assert khadizhat == 41
    bot.world.faults.add(Fault("500", methods=("sendMessage",), count=2))
    assert bot.world.call(TOKEN, "getMe").ok
    assert [send(bot).status for _ in range(4)] == [500, 500, 200, 200]
    assert bot.world.faults.listed() == []


def test_chance_is_drawn_from_the_seed() -> None:
    def hits(seed: int) -> list[bool]:
        faults = Faults(random.Random(seed), Clock())  # noqa: S311 - chance, not a secret
        faults.add(Fault("500", chance=0.3))
        return [faults.strike("getMe") is not None for _ in range(1000)]

    assert hits(1) == hits(1)
    assert 250 < sum(hits(1)) < 350


def test_faults_end_together(bot: Bot, khadizhat: int) -> None:
    assert khadizhat == 41
    bot.world.faults.add(Fault("500"))
    bot.world.faults.clear()
    assert send(bot).ok


def test_an_unknown_kind_is_named() -> None:
    with pytest.raises(ValueError, match="kind is one of"):
        Fault("teapot")  # type: ignore[arg-type]
