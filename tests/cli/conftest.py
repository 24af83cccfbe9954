"""What the tests of the command share."""

import os
from pathlib import Path

import pytest

from bot.setting_up import write_config
from tests.machine import TOKEN


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in os.environ:
        if name.startswith("HOMEWARD_"):
            monkeypatch.delenv(name)


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """A settings file as `homeward init` writes it."""
    return write_config(tmp_path / "config.toml", TOKEN)[0]
