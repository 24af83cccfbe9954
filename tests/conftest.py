"""What the stories share."""

import os
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bench.postgresql import Server
from tests import databases
from tests.family import Family
from tests.held import call_log_problems
from tests.machine import Machine, running

# Stories commit thousands of times: in memory none of them waits for a disk.
_MEMORY = "/dev/shm"  # noqa: S108 - what pytest makes there is for its own user only
if "TMPDIR" not in os.environ and os.access(_MEMORY, os.W_OK):
    os.environ["TMPDIR"] = tempfile.tempdir = _MEMORY

_server: list[Server] = []


def pytest_configure() -> None:
    """Start PostgreSQL where the tests shall run on one: once, before there are other test processes."""
    if (server := databases.begin()) is not None:
        _server.append(server)


def pytest_unconfigure() -> None:
    while _server:
        _server.pop().close()


@pytest.fixture
async def machine(tmp_path: Path) -> AsyncIterator[Machine]:
    """A running bot. Whatever its story does, each of its calls must fit the Bot API's own description."""
    async with running(tmp_path) as started:
        yield started
    assert call_log_problems(started.world) == []


@pytest.fixture
def family(machine: Machine) -> Family:
    return machine.person(1003)
