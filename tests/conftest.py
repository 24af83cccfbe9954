"""What the stories share."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.family import Family
from tests.machine import Machine, running


@pytest.fixture
async def machine(tmp_path: Path) -> AsyncIterator[Machine]:
    async with running(tmp_path) as started:
        yield started


@pytest.fixture
def family(machine: Machine) -> Family:
    return machine.person(1003)
