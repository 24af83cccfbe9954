"""The office that several modules go round: it is opened, and its places are found, once a module."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.handlers.rounds import Office, Spot, an_office, round_of


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def office(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Office]:
    async with an_office(tmp_path_factory.mktemp("office")) as opened:
        yield opened


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def spots(office: Office) -> list[Spot]:
    """Every place of the office's side, and how things stood there."""
    return await round_of(office)
