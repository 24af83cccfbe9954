"""`homeward init`: two files for their owner only, never overwritten, and a bot that starts with them."""

import os
import re
import stat
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.__main__ import app
from bot.config import read_config
from bot.setting_up import AlreadyThere, write_config
from db.keys import read_key_file
from tests.cli.command import ROOT, homeward
from tests.machine import TOKEN


def init(*arguments: str, typed: str = "") -> Result:
    return CliRunner().invoke(app, ["init", *arguments], input=typed)


@pytest.mark.parametrize("umask", [0o000, 0o022])
def test_both_files_are_for_their_owner_only(tmp_path: Path, umask: int) -> None:
    before = os.umask(umask)
    try:
        written = write_config(tmp_path / "config.toml", TOKEN)
    finally:
        os.umask(before)
    assert written == (tmp_path / "config.toml", tmp_path / "config.key")
    assert [stat.S_IMODE(path.stat().st_mode) for path in written] == [0o600, 0o600]


def test_it_does_not_ask_when_the_token_is_given(tmp_path: Path) -> None:
    ended = init("--config", str(tmp_path / "config.toml"), "--token", TOKEN)
    assert ended.exit_code == 0
    assert "Token from @BotFather" not in ended.output
    assert f"wrote {tmp_path}/config.toml\nwrote {tmp_path}/config.key\n" in ended.output
    assert f"homeward run --config {tmp_path}/config.toml" in ended.output
    assert TOKEN not in ended.output


def test_it_asks_for_the_token_otherwise(tmp_path: Path) -> None:
    ended = init("--config", str(tmp_path / "config.toml"), typed=f"{TOKEN}\n")
    assert ended.exit_code == 0
    assert read_config(tmp_path / "config.toml").telegram.token.get_secret_value() == TOKEN


def test_what_it_writes_is_the_example_with_this_token_and_these_keys(tmp_path: Path) -> None:
    config, keys = write_config(tmp_path / "office.toml", TOKEN)
    example = (ROOT / "config.example.toml").read_text(encoding="utf-8")
    changed = {
        ours for ours, theirs in zip(config.read_text(encoding="utf-8").splitlines(), example.splitlines(), strict=True)
        if ours != theirs
    }  # fmt: skip
    assert changed == {f'token = "{TOKEN}"', 'key_file = "office.key"'}
    settings = read_config(config)
    assert settings.security.key_file == keys
    read_key_file(settings.security.key_file)


@pytest.mark.parametrize(
    "name", ["a b.toml", 'quote"d.toml', "back\\1slash.toml", "настройки", "config.local.toml"]
)
def test_any_name_will_do(tmp_path: Path, name: str) -> None:
    config, keys = write_config(tmp_path / "new" / "folder" / name, TOKEN)
    assert read_config(config).security.key_file == keys


def test_a_settings_file_named_like_a_key_file_is_refused(tmp_path: Path) -> None:
    ended = init("--config", str(tmp_path / "homeward.key"), "--token", TOKEN)
    assert ended.exit_code == 2
    assert "config.toml would do" in ended.output
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("there", ["config.toml", "config.key"])
def test_neither_file_is_overwritten_and_nothing_else_written(tmp_path: Path, there: str) -> None:
    (tmp_path / there).write_text("stays", encoding="utf-8")
    ended = init("--config", str(tmp_path / "config.toml"), "--token", TOKEN)
    assert ended.exit_code == 2
    assert f"{tmp_path / there}: this file exists and stays as it is" in ended.output
    assert [(path.name, path.read_text(encoding="utf-8")) for path in tmp_path.iterdir()] == [
        (there, "stays")
    ]


def test_a_link_to_nowhere_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "config.toml").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(AlreadyThere):
        write_config(tmp_path / "config.toml", TOKEN)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["config.toml"]


@pytest.mark.parametrize(
    "token", ["", "hidden", "1:short", "a:hiddenhidden", "1:hidden hidden", "١:hiddenhidden"]
)
def test_a_token_that_is_none_is_refused_and_nothing_written(tmp_path: Path, token: str) -> None:
    ended = init("--config", str(tmp_path / "config.toml"), "--token", token, typed="\n" * 9)
    assert ended.exit_code != 0
    assert "hidden" not in ended.output
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    ended = init("--config", str(tmp_path / "file" / "config.toml"), "--token", TOKEN)
    assert ended.exit_code == 2
    assert f"{tmp_path}/file: " in ended.output


@pytest.mark.parametrize(
    "arguments",
    [["nonsense"], ["run", "--nonsense"], ["init", "--token"], ["demo", "--port", "x"], ["demo", "--port", "70000"]],
)  # fmt: skip
def test_usage_errors_end_with_2(arguments: list[str]) -> None:
    assert CliRunner().invoke(app, arguments).exit_code == 2


@pytest.mark.process
def test_the_process_ends_with_2_at_a_bad_token(tmp_path: Path) -> None:
    ended = homeward("init", "--token", "hidden", folder=tmp_path)
    assert ended.returncode == 2
    assert re.fullmatch("--token: give the token as @BotFather shows it.*\n", ended.stderr)
    assert list(tmp_path.iterdir()) == []
