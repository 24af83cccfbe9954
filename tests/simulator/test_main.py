"""The simulator as a program."""

import asyncio
import sys
from pathlib import Path

import aiohttp
import pytest


@pytest.mark.process
async def test_it_starts_says_where_it_is_and_passes_the_page_s_wishes_on(tmp_path: Path) -> None:
    clock_file = tmp_path / "offset"
    command = ["-m", "simulator", "--port", "0", "--demo", "--token", "7:x", "--clock-file", str(clock_file)]
    process = await asyncio.create_subprocess_exec(sys.executable, *command, stdout=asyncio.subprocess.PIPE)
    assert process.stdout is not None
    try:
        async with asyncio.timeout(20):
            line = (await process.stdout.readline()).decode()
            url = line.removeprefix("simulator on ").strip()
            async with aiohttp.ClientSession(url) as session:
                await session.post("/control/bot", json={"action": "kill"})
                assert await process.stdout.readline() == b"bot kill\n"
                await session.post("/control/clock", json={"advance": 60})
                assert float(clock_file.read_text()) == 60
                async with session.post("/people/1/text", json={"text": "a"}) as response:
                    assert response.status == 200
    finally:
        process.terminate()
        await process.wait()
