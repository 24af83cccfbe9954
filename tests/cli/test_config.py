"""A mistake in the settings is named with file, key and mend, and without the value (experience 27)."""

import re
from pathlib import Path

import pytest

from bot.config import ConfigProblem, read_config
from bot.i18n import LANGUAGES
from tests.cli.command import homeward
from tests.cli.settings import SECRET
from tests.machine import TOKEN

KNOWN = ", ".join(language.code for language in LANGUAGES)
WEBHOOK = '[telegram]\nmode = "webhook"\n[telegram.webhook]\n'
MISTAKES = {
    "unknown section": ("[telegramm]\nx = 1", "telegramm is not a key. Did you mean telegram?"),
    "unknown key": ('[languages]\nzones = "UTC"', "languages.zones is not a key. Did you mean zone?"),
    "unknown nested key": ("[telegram.webhook]\nprt = 1", "telegram.webhook.prt is not a key. Did you mean port?"),
    "a key like no other": ("[log]\nxyzzy = 1", "log.xyzzy is not a key; take it out"),
    "a key in the wrong section": ('[log]\nzone = "UTC"', "log.zone is not a key; take it out"),
    "a value for a section": ("telegram = 3", "telegram: this is a section; its keys stand below a line [telegram]"),
    "text for a number": ('[telegram.webhook]\nport = "hidden"', "telegram.webhook.port: input should be a valid int"),
    "a number for text": ("[telegram]\ntoken = 5", "telegram.token: input should be a valid string"),
    "a number for a list": ("[people]\nadmins = 7", "people.admins: give a list, such as [1, 2]"),
    "text among numbers": ('[people]\nadmins = ["hidden"]', "people.admins: input should be a valid integer"),
    "a number for a path": ("[security]\nkey_file = 1", "security.key_file: give a path in quotation marks"),
    "text for yes or no": ('[log]\njson_lines = "hidden"', "log.json_lines: input should be a valid boolean"),
    "a port too high": ("[telegram.webhook]\nport = 70000", "telegram.webhook.port: input should be less than or"),
    "a rate below zero": ("[telegram]\nmessages_per_second = -1", "telegram.messages_per_second: input should be gr"),
    "another mode": ('[telegram]\nmode = "pull"', "telegram.mode: input should be 'polling' or 'webhook'"),
    "another level": ('[log]\nlevel = "LOUD"', "log.level: input should be 'DEBUG', 'INFO', 'WARNING' or 'ERROR'"),
    "no such zone": ('[languages]\nzone = "Europe/Moskow"', "languages.zone: give a zone of the tz database, such as"),
    "no such language": ('[languages]\noffered = ["ru", "xx"]', f"languages.offered: give one or more of {KNOWN}"),
    "no language": ("[languages]\noffered = []", f"languages.offered: give one or more of {KNOWN}"),
    "a token that is none": ('[telegram]\ntoken = "hidden"', "telegram.token: give the token as @BotFather shows it"),
    "a token with a line end": ('[telegram]\ntoken = "1:hiddenhidden\\n"', "telegram.token: give the token as @BotF"),
    "an address without https": ('[telegram]\napi_url = "hidden.org"', "telegram.api_url: give an address that begins"),
    "a database nobody knows": ('[database]\nurl = "hidden"', "database.url: give sqlite:/// and a file's name"),
    "another kind of database": ('[database]\nurl = "oracle://hidden@db/x"', "database.url: "),
    "a database in memory": ('[database]\nurl = "sqlite://"', "database.url: give sqlite:/// and a file's name"),
    "no days at all": ("[reminders]\ndraft_days = []", "reminders.draft_days: give days from 1, each later than the o"),
    "days before today": ("[reminders]\npapers_days = [0, 7]", "reminders.papers_days: give days from 1, each later t"),
    "an hour that is none": ('[reminders]\ndigest_at = "25:00"', "reminders.digest_at: give a time of day such as 22:"),
    "nothing is ignored": ("[reminders]\nignored_times = 0", "reminders.ignored_times: input should be greater than o"),
    "a stage nobody knows": ("[reminders.stage_days]\nrecieved = 1", "reminders.stage_days.recieved is not a key. Did"),
    "a stage without a limit": ("[reminders.stage_days]\nclosed = 1", "reminders.stage_days.closed is not a key"),
    "days below zero": ("[reminders.stage_days]\nlocated = -1", "reminders.stage_days.located: input should be greate"),
    "half a day": ("[reminders.stage_days]\nlocated = 0.5", "reminders.stage_days.located: input should be a valid in"),
    "no secret": (f'{WEBHOOK}url = "https://bot.example.org"', "telegram: webhook mode needs [telegram.webhook] secr"),
    "a short secret": (f'{WEBHOOK}secret = "hidden"', "telegram: webhook mode needs [telegram.webhook] secr"),
    "no webhook address": (f'{WEBHOOK}secret = "{SECRET}"', "telegram: webhook mode needs [telegram.webhook] url"),
}  # fmt: skip


@pytest.mark.parametrize(("content", "words"), MISTAKES.values(), ids=MISTAKES.keys())
def test_a_mistake_is_named_with_file_key_and_mend_but_not_with_its_value(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: str, words: str
) -> None:
    if "token =" not in content and "telegram = " not in content:
        monkeypatch.setenv("HOMEWARD_TELEGRAM__TOKEN", TOKEN)
    path = tmp_path / "config.toml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(ConfigProblem) as refused:
        read_config(path)
    assert f"{path}: {words}" in str(refused.value)
    assert "hidden" not in str(refused.value)
    assert TOKEN not in str(refused.value)


def test_every_mistake_has_a_line_of_its_own(config: Path) -> None:
    config.write_text('[telegram]\ntokn = "x"\n[log]\nlevel = "LOUD"\n', encoding="utf-8")
    with pytest.raises(ConfigProblem) as refused:
        read_config(config)
    assert [line.split(" ")[1] for line in str(refused.value).splitlines()] == [
        "telegram.token",
        "telegram.tokn",
        "log.level:",
    ]


@pytest.mark.parametrize("content", ["", "[telegram]\n", "[database]\n"])
def test_a_missing_token_is_asked_for_by_its_own_name(tmp_path: Path, content: str) -> None:
    path = tmp_path / "config.toml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(ConfigProblem) as refused:
        read_config(path)
    assert str(refused.value) == f"{path}: telegram.token is missing. Add it, or set HOMEWARD_TELEGRAM__TOKEN"


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("HOMEWARD_TELEGRAM__TOKN", "hidden", "is not a key. Did you mean HOMEWARD_TELEGRAM__TOKEN?"),
        ("HOMEWARD_TELEGRAM_TOKEN", "hidden", "is not a key. Did you mean HOMEWARD_TELEGRAM__TOKEN?"),
        ("HOMEWARD_TOKEN", "hidden", "is not a key. Did you mean HOMEWARD_TELEGRAM__TOKEN?"),
        ("homeward_telegram__tokn", "hidden", "is not a key. Did you mean HOMEWARD_TELEGRAM__TOKEN?"),
        ("HOMEWARD_DATABSE__URL", "hidden", "is not a key. Did you mean HOMEWARD_DATABASE__URL?"),
        (
            "HOMEWARD_TELEGRAM__WEBHOOK__PRT",
            "1",
            "is not a key. Did you mean HOMEWARD_TELEGRAM__WEBHOOK__PORT?",
        ),
        ("HOMEWARD_XYZZY__QQQ", "hidden", "is not a key; take it out"),
        ("HOMEWARD_PEOPLE__ADMINS", "1003,1004", "write it as JSON; a list looks like [1, 2]"),
        ("HOMEWARD_LANGUAGES__OFFERED", "ru", "write it as JSON; a list looks like [1, 2]"),
        ("HOMEWARD_TELEGRAM", "hidden", "write it as JSON"),
        (
            "HOMEWARD_PEOPLE__ADMINS",
            "7",
            "people.admins (the environment's HOMEWARD_PEOPLE__ADMINS): give a list",
        ),
        (
            "HOMEWARD_LOG__LEVEL",
            "hidden",
            "log.level (the environment's HOMEWARD_LOG__LEVEL): input should be",
        ),
        (
            "HOMEWARD_TELEGRAM__TOKEN",
            "hidden",
            "(the environment's HOMEWARD_TELEGRAM__TOKEN): give the token",
        ),
    ],
)
def test_a_mistake_in_the_environment_is_named_with_the_variable(
    config: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str, words: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ConfigProblem) as refused:
        read_config(config)
    for piece in (str(config), name, words):
        assert piece in str(refused.value)
    assert "hidden" not in str(refused.value)


def test_a_variable_of_another_program_is_left_alone(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOMEWARD_BROWSER", "required")
    read_config(config)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"token = ", "this is not TOML"),
        (b'[telegram]\ntoken = "1:hiddenhidden', "this is not TOML"),
        (b"\xff\xfe", "it cannot be read (UnicodeDecodeError)"),
    ],
)
def test_a_file_that_is_no_settings_file_is_named(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "config.toml"
    path.write_bytes(content)
    with pytest.raises(ConfigProblem) as refused:
        read_config(path)
    assert f"{path}: {words}" in str(refused.value)
    assert "hidden" not in str(refused.value)


def test_a_missing_file_is_named_with_the_command_that_writes_it(tmp_path: Path) -> None:
    path = tmp_path / "elsewhere.toml"
    with pytest.raises(ConfigProblem, match=re.escape(f"`homeward init --config {path}` writes one")):
        read_config(path)


def test_a_folder_is_no_settings_file(tmp_path: Path) -> None:
    with pytest.raises(ConfigProblem, match=re.escape(f"{tmp_path}: it cannot be read")):
        read_config(tmp_path)


def test_secrets_do_not_show_in_what_is_printed(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Threat 1."""
    monkeypatch.setenv("HOMEWARD_TELEGRAM__WEBHOOK__SECRET", SECRET)
    monkeypatch.setenv("HOMEWARD_DATABASE__URL", "sqlite:////var/hidden.db")
    printed = f"{read_config(config)!r} {read_config(config)}"
    assert not [word for word in (TOKEN, SECRET, "hidden") if word in printed]


@pytest.mark.process
def test_the_process_says_what_is_wrong_and_ends_with_2(config: Path) -> None:
    config.write_text(config.read_text(encoding="utf-8").replace("zone =", "zoen ="), encoding="utf-8")
    ended = homeward("run", "--config", str(config), folder=config.parent)
    assert ended.returncode == 2
    assert ended.stderr == f"{config}: languages.zoen is not a key. Did you mean zone?\n"
    assert ended.stdout == ""
