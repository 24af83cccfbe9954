"""The environment stands above the file; paths are relative to the file."""

import json
from pathlib import Path
from typing import Any

import pytest

from bot.config import read_config
from bot.config_problems import variable
from db.engine import sqlite_path
from tests.cli.settings import VALUES, WHOLE, Keys, value_of
from tests.machine import TOKEN

OTHERS: dict[Keys, Any] = {
    ("telegram", "token"): "42:another-made-up-token",
    ("telegram", "api_url"): "http://127.0.0.1:8081",
    ("telegram", "mode"): "polling",
    ("telegram", "messages_per_second"): 12.5,
    ("telegram", "webhook", "url"): "https://other.example.org/path",
    ("telegram", "webhook", "listen"): "127.0.0.2",
    ("telegram", "webhook", "port"): 9443,
    ("telegram", "webhook", "secret"): "another-hidden-secret",
    ("database", "url"): "sqlite:////var/lib/homeward/other.db",
    ("database", "statement_seconds"): 12,
    ("database", "lock_seconds"): 3,
    ("security", "key_file"): "/var/lib/homeward/other.key",
    ("files", "folder"): "/var/lib/homeward/files",
    ("files", "largest_mb"): 5,
    ("people", "admins"): [1003, 1004],
    ("languages", "offered"): ["en", "ru"],
    ("languages", "zone"): "Asia/Baghdad",
    ("reminders", "quiet_from"): "21:30",
    ("reminders", "quiet_until"): "06:00",
    ("reminders", "draft_days"): [2, 4],
    ("reminders", "question_days"): [1, 4],
    ("reminders", "papers_days"): [5, 9],
    ("reminders", "papers_every_days"): 40,
    ("reminders", "no_news_days"): 45,
    ("reminders", "arrival_days"): [7],
    ("reminders", "day_before_at"): "17:15",
    ("reminders", "same_day_at"): "06:45",
    ("reminders", "unanswered_hours"): 24,
    ("reminders", "new_hours"): 12,
    ("reminders", "approval_hours"): 6,
    ("reminders", "overdue_every_days"): 3,
    ("reminders", "ignored_times"): 1,
    ("reminders", "digest_at"): "09:15",
    ("reminders", "week_on"): "friday",
    ("reminders", "stage_days", "received"): 2,
    ("reminders", "stage_days", "screening"): 7,
    ("reminders", "stage_days", "registered"): 45,
    ("reminders", "stage_days", "located"): 20,
    ("reminders", "stage_days", "identity_check"): 50,
    ("reminders", "stage_days", "kinship_check"): 40,
    ("reminders", "stage_days", "documents"): 30,
    ("reminders", "stage_days", "exit_permission"): 80,
    ("reminders", "stage_days", "on_list"): 70,
    ("reminders", "stage_days", "flight_scheduled"): 10,
    ("reminders", "stage_days", "arrived"): 5,
    ("reminders", "stage_days", "medical_care"): 20,
    ("reminders", "stage_days", "with_guardian"): 25,
    ("reminders", "stage_days", "aftercare"): 60,
    ("reminders", "stage_days", "needs_information"): 10,
    ("reminders", "stage_days", "on_hold"): 0,
    ("reminders", "stage_days", "competing_claim"): 7,
    ("reminders", "stage_days", "location_lost"): 30,
    ("reminders", "stage_days", "refused_by_mother"): 120,
    ("retention", "open_days"): 800,
    ("retention", "ended_days"): 400,
    ("retention", "withdrawn_days"): 90,
    ("retention", "without_request_days"): 200,
    ("retention", "warn_days"): 14,
    ("broadcast", "second_person_above"): 10,
    ("broadcast", "largest_file_mb"): 3,
    ("log", "level"): "DEBUG",
    ("log", "json_lines"): True,
}


def test_there_is_another_value_for_every_key() -> None:
    assert set(OTHERS) == set(VALUES)


@pytest.mark.parametrize("keys", OTHERS, ids=".".join)
def test_the_environment_stands_above_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, keys: Keys
) -> None:
    path = tmp_path / "config.toml"
    path.write_text(WHOLE, encoding="utf-8")
    before, other = read_config(path), OTHERS[keys]
    monkeypatch.setenv(variable(keys), other if isinstance(other, str) else json.dumps(other))
    after = read_config(path)
    assert value_of(before, keys) != other
    assert value_of(after, keys) == other
    unchanged = set(VALUES) - {keys}
    assert {key: value_of(after, key) for key in unchanged} == {
        key: value_of(before, key) for key in unchanged
    }


def test_the_environment_alone_is_enough_beside_an_empty_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "config.toml").write_text("", encoding="utf-8")
    monkeypatch.setenv("HOMEWARD_TELEGRAM__TOKEN", TOKEN)
    assert read_config(tmp_path / "config.toml").telegram.token.get_secret_value() == TOKEN


@pytest.mark.parametrize(
    ("url", "file"),
    [
        ("sqlite:///homeward.db", "homeward.db"),
        ("sqlite:///data/homeward.db", "data/homeward.db"),
        ("sqlite:///my%20data.db", "my data.db"),
        ("sqlite:////var/lib/homeward.db", "/var/lib/homeward.db"),
    ],
)
@pytest.mark.parametrize("name", ["settings", "100%41 of it?", "настройки"])
def test_paths_are_relative_to_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, url: str, file: str
) -> None:
    folder = tmp_path / name
    folder.mkdir()
    settings_file = f'{WHOLE}[database]\nurl = "{url}"\n[security]\nkey_file = "keys/homeward.key"\n'
    (folder / "config.toml").write_text(settings_file, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    settings = read_config(Path(name) / "config.toml")
    assert sqlite_path(settings.database.url) == folder / file
    assert settings.security.key_file == folder / "keys/homeward.key"
