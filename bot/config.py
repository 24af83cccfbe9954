"""Settings: config.toml, overridden by the environment, checked once at the start.

`HOMEWARD_TELEGRAM__TOKEN` in the environment stands above `token` under `[telegram]`. A mistake ends the start with the
file, the key and the mend; the value itself is not repeated, since it may be a secret. What a value may be stands in
config_types.py, the settings of reminders in config_reminders.py.
"""

import os
import tomllib
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import quote, urlsplit
from zoneinfo import ZoneInfo

from pydantic import Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, EnvSettingsSource, PydanticBaseSettingsSource, SettingsConfigDict

from bot.config_problems import NESTED, PREFIX, ConfigProblem, check_environment, described
from bot.config_reminders import ReminderSettings
from bot.config_types import SECRET, Address, DatabaseUrl, Offered, Section, Token, Zone, matching
from bot.i18n import LANGUAGES
from casework.expiry import Periods
from db.engine import sqlite_path

__all__ = ["ConfigProblem", "Settings", "read_config"]


class WebhookSettings(Section):
    url: str = ""
    listen: str = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535)] = 8443
    secret: SecretStr = SecretStr("")


class TelegramSettings(Section):
    token: Token
    api_url: Address = "https://api.telegram.org"
    mode: Literal["polling", "webhook"] = "polling"
    messages_per_second: Annotated[float, Field(ge=0)] = 30
    webhook: WebhookSettings = WebhookSettings()

    @model_validator(mode="after")
    def _webhook_is_whole(self) -> "TelegramSettings":
        if self.mode == "webhook":
            matching(
                SECRET,
                self.webhook.secret,
                "webhook mode needs [telegram.webhook] secret: 16 to 256 letters, digits, _ or -",
            )
            if not urlsplit(self.webhook.url).hostname:
                raise ValueError("webhook mode needs [telegram.webhook] url: the address Telegram shall call")
        return self


class DatabaseSettings(Section):
    url: DatabaseUrl = "sqlite:///homeward.db"
    statement_seconds: Annotated[float, Field(ge=1, le=3600)] = 30
    lock_seconds: Annotated[float, Field(ge=0.1, le=600)] = 5


class SecuritySettings(Section):
    key_file: Path = Path("homeward.key")


class FilesSettings(Section):
    folder: Path = Path("files")
    largest_mb: Annotated[int, Field(ge=1, le=20)] = 20  # Bot API, getFile: no more than 20 MB


class PeopleSettings(Section):
    admins: tuple[int, ...] = ()


class LanguageSettings(Section):
    offered: Offered = tuple(language.code for language in LANGUAGES)
    zone: Zone = "Europe/Moscow"


_Kept = Annotated[int, Field(ge=30, le=36500)]  # days


class RetentionSettings(Section):
    open_days: _Kept = 1095
    ended_days: _Kept = 730
    withdrawn_days: _Kept = 180
    without_request_days: _Kept = 365
    warn_days: Annotated[int, Field(ge=3, le=29)] = 21  # privacy rule 10: 72 hours at least


class BroadcastSettings(Section):
    second_person_above: Annotated[int, Field(ge=0)] = 50
    largest_file_mb: Annotated[int, Field(ge=1, le=20)] = 5


class LogSettings(Section):
    level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    json_lines: bool = False


class Settings(BaseSettings):
    """Everything that can be set. Frozen: nothing changes while the bot runs."""

    model_config = SettingsConfigDict(extra="forbid", frozen=True)

    telegram: TelegramSettings
    database: DatabaseSettings = DatabaseSettings()
    security: SecuritySettings = SecuritySettings()
    files: FilesSettings = FilesSettings()
    people: PeopleSettings = PeopleSettings()
    languages: LanguageSettings = LanguageSettings()
    reminders: ReminderSettings = ReminderSettings()
    broadcast: BroadcastSettings = BroadcastSettings()
    retention: RetentionSettings = RetentionSettings()
    log: LogSettings = LogSettings()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the base's signature
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return EnvSettingsSource(settings_cls, env_prefix=PREFIX, env_nested_delimiter=NESTED), init_settings

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.languages.zone)

    @property
    def periods(self) -> Periods:
        kept = self.retention
        days = (
            *(kept.open_days, kept.ended_days, kept.withdrawn_days, kept.without_request_days),
            kept.warn_days,
        )
        return Periods(*(timedelta(days=each) for each in days))


def read_config(path: Path) -> Settings:
    """Read the file and the environment.

    Paths in it are relative to the file's folder.

    Raises:
        ConfigProblem: one line for each mistake: file, key, mend.
    """
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ConfigProblem(
            f"{path}: there is no such file. `homeward init --config {path}` writes one"
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigProblem(f"{path}: it cannot be read ({type(error).__name__})") from None
    except tomllib.TOMLDecodeError as error:
        raise ConfigProblem(f"{path}: this is not TOML: {error}") from None
    check_environment(path, Settings, os.environ)
    try:
        settings = Settings(**content)
    except ValidationError as error:
        raise described(path, Settings, error) from None
    return _with_paths_from(path.resolve().parent, settings)


def _with_paths_from(folder: Path, settings: Settings) -> Settings:
    url = settings.database.url
    if file := sqlite_path(url):
        url = f"sqlite:///{quote(str(folder / file))}"
    return settings.model_copy(
        update={
            "database": settings.database.model_copy(update={"url": url}),
            "files": settings.files.model_copy(update={"folder": folder / settings.files.folder}),
            "security": SecuritySettings(key_file=folder / settings.security.key_file),
        }
    )
