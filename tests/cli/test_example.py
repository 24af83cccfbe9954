"""config.example.toml explains every key, and nothing else (experience 26)."""

import tomllib
from pathlib import Path

import pytest

from bot.config import Settings, read_config
from tests.cli.command import ROOT
from tests.cli.settings import VALUES, Keys, flat, value_of
from tests.machine import TOKEN

EXAMPLE = (ROOT / "config.example.toml").read_text(encoding="utf-8")


def test_every_key_of_the_settings_is_in_the_example_and_every_key_of_the_example_is_one() -> None:
    assert set(flat(tomllib.loads(EXAMPLE))) == set(VALUES)


def test_the_example_shows_the_defaults() -> None:
    defaults = Settings.model_validate({"telegram": {"token": TOKEN}})
    shown = flat(tomllib.loads(EXAMPLE))
    del shown["telegram", "token"]
    assert shown == {keys: value_of(defaults, keys) for keys in shown}


@pytest.mark.parametrize(
    "keys",
    list(VALUES),
    ids=[".".join(keys) for keys in VALUES],
)
def test_each_key_of_the_example_has_its_explanation_above_it(keys: Keys) -> None:
    lines = EXAMPLE.partition(f"[{'.'.join(keys[:-1])}]\n")[2].splitlines()
    place = next(number for number, line in enumerate(lines) if line.startswith(f"{keys[-1]} ="))
    assert lines[place - 1].startswith("# ")


def test_the_example_can_be_read_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text(EXAMPLE, encoding="utf-8")
    assert read_config(tmp_path / "config.toml").telegram.mode == "polling"
