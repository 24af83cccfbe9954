import socket
from urllib.parse import urlsplit

import pytest

from simulator.server import PAGE, Server
from tests.simulator.http import Visitor


async def test_it_listens_on_this_machine_only() -> None:
    async with Server() as server:
        assert urlsplit(server.url).hostname == "127.0.0.1"
        port = urlsplit(server.url).port
        with pytest.raises(OSError, match="refused"):
            socket.create_connection(("127.0.0.2", port or 0), timeout=1).close()


async def test_the_page_and_its_parts_are_served() -> None:
    async with Visitor() as visitor:
        for path in ("/", "/page/", "/page.js", "/page/page.js"):
            async with visitor.session.get(path) as response:
                assert response.status == 200, path
        async with visitor.session.get("/") as response:
            assert await response.text() == (PAGE / "index.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("path", ["/nowhere", "/none.js", "/page/../server.py", "/page/%2e%2e/server.js"])
async def test_nothing_else_is_served(path: str) -> None:
    async with Visitor() as visitor:
        assert await visitor.status("GET", path) == 404
