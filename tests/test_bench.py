"""The bench itself: everyone who takes part really holds the whole conversation. Nothing here is about speed."""

import asyncio
import json
import time
import urllib.request
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bench.contenders import CONTENDERS, OURS, Contender
from bench.drawing import draw
from bench.figures import scenes
from bench.loopback import Loopback, Shown
from bench.people import INPUTS, Crowd
from bench.report import report
from bench.trial import BotDied, Load, Outcome, sending, trial

_PEOPLE = 10
_LOAD = Load(people=_PEOPLE, warm_up=_PEOPLE, updates=_PEOPLE * INPUTS)


@pytest.mark.process
@pytest.mark.parametrize("who", CONTENDERS, ids=lambda who: who.key)
async def test_each_contender_answers_everybody_to_the_end(who: Contender, tmp_path: Path) -> None:
    outcome = await trial(who, _LOAD, tmp_path)
    assert outcome.errors == {}
    assert outcome.updates == _LOAD.updates
    assert outcome.conversations >= _PEOPLE // 2  # some people are quicker than others
    assert outcome.cpu > 0
    assert outcome.memory > 10
    assert 0 < outcome.p50 <= outcome.p99


@pytest.mark.process
@pytest.mark.parametrize("who", [each for each in CONTENDERS if each.sends], ids=lambda who: who.key)
async def test_whoever_sends_reaches_everybody(who: Contender, tmp_path: Path) -> None:
    outcome = await sending(who, Load(0, 0, 0, messages=50), tmp_path)
    assert outcome.updates == 50


@pytest.mark.process
async def test_a_bot_that_does_not_start_says_why(tmp_path: Path) -> None:
    broken = replace(OURS, command=lambda _url, folder, _stored: ["python3", str(folder / "missing.py")])
    with pytest.raises(BotDied, match=r"missing\.py"):
        await trial(broken, _LOAD, tmp_path)


async def test_an_update_comes_again_until_it_is_confirmed() -> None:
    api = Loopback(lambda _shown: None)
    url = await api.start()
    api.write(7, "one")
    first = await _call(url, "getUpdates", timeout=0)
    again = await _call(url, "getUpdates", timeout=0)
    waiting = asyncio.create_task(_call(url, "getUpdates", offset=first[0]["update_id"] + 1, timeout=20))
    api.polled.clear()
    await api.polled.wait()
    api.write(7, "two")
    assert [update["message"]["text"] for update in first + again + await waiting] == ["one", "one", "two"]
    await api.stop()


async def test_people_notice_a_keyboard_without_their_button() -> None:
    crowd = Crowd(1, warm_up=0, updates=3, language="en", on_warm=lambda: None)
    api = Loopback(crowd.see)
    crowd.begin(api)
    crowd.see(Shown(7_000_000_001, 1, "Choose", "{}", ["x:language:tlh"]))
    assert crowd.tally.errors == {"no button “language:en” for input 2": 1}


async def test_who_is_forgotten_is_counted() -> None:
    crowd = Crowd(2, warm_up=0, updates=3, language="en", on_warm=lambda: None)
    crowd.begin(Loopback(crowd.see))
    crowd.give_up()
    assert crowd.tally.errors == {"no answer to input 1": 2}


def test_the_report_gives_ratios_and_says_which_are_reached() -> None:
    found = {
        ("busy", "homeward"): [_outcome("homeward", seconds=1.0)],
        ("busy", "ptb-pickle"): [_outcome("ptb-pickle", seconds=10.0)],
        ("busy", "ptb-tuned"): [_outcome("ptb-tuned", seconds=1.5, errors={"no answer to input 3": 2})],
        ("stored", "homeward"): [_outcome("homeward", seconds=1.1)],
    }
    text = report(scenes(1, 1000), found)
    lines = [" ".join(line.split()) for line in text.splitlines()]
    assert "updates/s, PTB with PicklePersistence 10.00 × at least 5 × 20 × reached" in lines
    assert "updates/s, PTB tuned 1.50 × at least 2 × 8 × NOT REACHED" in lines
    assert "cost of an update with many stored requests, with none 1.10 × at most 1.2 × 1 × reached" in lines
    assert "2 — DOES NOT COUNT" in text
    assert "went wrong: no answer to input 3" in text
    assert "| Homeward | 1,000 |" in report(scenes(1, 1000), found, as_markdown=True)
    assert draw(found).startswith(b"\x89PNG")


async def test_with_a_pace_somebody_new_comes_where_nobody_is_answered() -> None:
    crowd = Crowd(2, warm_up=0, updates=99, language="en", on_warm=lambda: None, per_second=1000)
    api = Loopback(lambda _shown: None)
    url = await api.start()
    crowd.begin(api)
    given = list[dict[str, Any]]()
    while len(given) < 5:
        given = await _call(url, "getUpdates", timeout=1)
    assert len({update["message"]["from"]["id"] for update in given}) == len(given)
    crowd.give_up()
    await api.stop()


async def test_a_round_trip_takes_its_time() -> None:
    api = Loopback(lambda _shown: None, round_trip=0.2)
    url = await api.start()
    began = time.monotonic()
    await _call(url, "getMe")
    assert time.monotonic() - began >= 0.2
    await api.stop()


def _outcome(key: str, seconds: float, errors: dict[str, int] | None = None) -> Outcome:
    return Outcome(key, 1000, seconds, 0.1, 0.2, seconds, 90.0, 0.1, 60, errors or {})


async def _call(url: str, method: str, **parameters: Any) -> list[dict[str, Any]]:
    def call() -> list[dict[str, Any]]:
        body = json.dumps(parameters).encode()
        headers = {"Content-Type": "application/json"}
        request = urllib.request.Request(f"{url}/bot1:x/{method}", body, headers)  # noqa: S310 - our own server
        with urllib.request.urlopen(request) as answer:  # noqa: S310
            result: list[dict[str, Any]] = json.load(answer)["result"]
            return result

    return await asyncio.to_thread(call)
