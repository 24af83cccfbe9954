"""The controls over HTTP (docs/simulator.md)."""

from collections.abc import AsyncIterator

import pytest_asyncio

from tests.simulator.http import Visitor


@pytest_asyncio.fixture
async def visitor() -> AsyncIterator[Visitor]:
    async with Visitor() as visitor:
        yield visitor


async def test_faults_limits_and_clock_are_set_and_read_back(visitor: Visitor) -> None:
    faults = await visitor.post("/control/faults", {"kind": "500", "methods": ["sendMessage"], "count": 2})
    assert faults == await visitor.get("/control/faults")
    assert (faults[0]["kind"], faults[0]["count"]) == ("500", 2)
    assert await visitor.post("/control/faults", {"kind": "none"}) == []
    limits = await visitor.post("/control/limits", {"on": True, "per_chat": 2})
    assert limits == {"on": True, "overall": 30.0, "per_chat": 2}
    assert (await visitor.post("/control/clock", {"advance": 86400}))["offset"] == 86400
    assert (await visitor.get("/control/clock"))["now"].startswith("2026-01-06T09:00")
    assert (await visitor.post("/control/clock", {"reset": True}))["offset"] == 0


async def test_log_record_raw_updates_and_reset(visitor: Visitor) -> None:
    await visitor.bot("getMe")
    assert [entry["method"] for entry in await visitor.get("/control/log")] == ["getMe"]
    assert await visitor.get("/control/log?after=1") == []
    await visitor.post("/people/41/text", {"text": "a"})
    assert (await visitor.get("/control/record"))["inputs"][0]["text"] == "a"
    assert await visitor.post("/updates", {"update_id": 3, "odd": True}) == {"update_id": 3}
    await visitor.post("/control/reset")
    assert await visitor.get("/people") == []
    assert await visitor.get("/health") == {"ok": True}


async def test_whoever_runs_the_bot_hears_of_it() -> None:
    heard: list[str] = []
    async with Visitor(on_bot=heard.append) as visitor:
        await visitor.post("/control/bot", {"action": "kill"})
        await visitor.post("/control/bot", {"action": "start"})
    assert heard == ["kill", "start"]
