"""Settings: config.toml, overridden by the environment, checked once at the start.

`HOMEWARD_TELEGRAM__TOKEN` in the environment stands above `token` under `[telegram]`. A mistake ends the
start with the file, the key and the
mend; the value itself is not repeated, since it may be a secret.
"""

import difflib
import os
import re
import tomllib
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import quote, urlsplit
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, EnvSettingsSource, PydanticBaseSettingsSource, SettingsConfigDict
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from bot.config_problems import NESTED, PREFIX, ConfigProblem, check_environment, described
from bot.i18n import LANGUAGES
from casework.expiry import Periods
from casework.preferences import QuietHours
from casework.reminding.rules import Intervals
from casework.times import read_time
from casework.zones import known_zones
from db.engine import sqlite_path

__all__ = ["ConfigProblem", "Settings", "read_config"]

_TOKEN = r"[0-9]+:[A-Za-z0-9_-]{10,}"  # noqa: S105 - the form of a token, not one
_SECRET = r"[A-Za-z0-9_-]{16,256}"  # noqa: S105 - Bot API, setWebhook: A-Z, a-z, 0-9, _ and -; 16 at least is our rule


def _matching(pattern: str, secret: SecretStr, mend: str) -> SecretStr:
    if not re.fullmatch(pattern, secret.get_secret_value()):
        raise ValueError(mend)
    return secret


def _token(value: SecretStr) -> SecretStr:
    return _matching(_TOKEN, value, "give the token as @BotFather shows it, digits, a colon and letters")


def _zone(value: str) -> str:
    if value not in known_zones():
        near = difflib.get_close_matches(value, known_zones(), 1)
        raise ValueError("give a zone of the tz database" + (f", such as {near[0]}" if near else ""))
    return value


def _time(value: str) -> str:
    if read_time(value) is None:
        raise ValueError("give a time of day such as 22:00")
    return value


def _address(value: str) -> str:
    """Take an address to call; without one the bot would wait for the network for ever."""
    if urlsplit(value).scheme not in {"http", "https"} or not urlsplit(value).hostname:
        raise ValueError("give an address that begins with https:// (or http:// for a local server)")
    return value


def _database(value: str) -> str:
    mend = "give sqlite:/// and a file's name, or postgresql+psycopg:// and where it is"
    try:
        url = make_url(value)
        url.get_dialect().import_dbapi()
    except ImportError as error:
        raise ValueError(f"the driver {error.name} is not installed; sqlite:/// needs none") from None
    except (ArgumentError, ValueError):
        raise ValueError(mend) from None
    if url.get_backend_name() != "postgresql" and not (url.drivername == "sqlite" and sqlite_path(value)):
        raise ValueError(mend)
    return value


def _languages(value: tuple[str, ...]) -> tuple[str, ...]:
    known = [language.code for language in LANGUAGES]
    if not value or any(code not in known for code in value):
        raise ValueError(f"give one or more of {', '.join(known)}")
    return value


def _growing(value: tuple[int, ...]) -> tuple[int, ...]:
    if not value or list(value) != sorted(set(value)) or value[0] < 1:
        raise ValueError("give days from 1, each later than the one before, such as [1, 3, 10]")
    return value


Days = Annotated[tuple[int, ...], AfterValidator(_growing)]
Few = Annotated[int, Field(ge=1, le=366)]  # days
Hours = Annotated[int, Field(ge=1, le=24 * 31)]
TimeOfDay = Annotated[str, AfterValidator(_time)]
_WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class WebhookSettings(_Section):
    url: str = ""
    listen: str = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535)] = 8443
    secret: SecretStr = SecretStr("")


class TelegramSettings(_Section):
    token: Annotated[SecretStr, AfterValidator(_token)]
    api_url: Annotated[str, AfterValidator(_address)] = "https://api.telegram.org"
    mode: Literal["polling", "webhook"] = "polling"
    messages_per_second: Annotated[float, Field(ge=0)] = 30
    webhook: WebhookSettings = WebhookSettings()

    @model_validator(mode="after")
    def _webhook_is_whole(self) -> "TelegramSettings":
        if self.mode == "webhook":
            _matching(
                _SECRET,
                self.webhook.secret,
                "webhook mode needs [telegram.webhook] secret: 16 to 256 letters, digits, _ or -",
            )
            if not urlsplit(self.webhook.url).hostname:
                raise ValueError("webhook mode needs [telegram.webhook] url: the address Telegram shall call")
        return self


class DatabaseSettings(_Section):
    url: Annotated[str, Field(repr=False), AfterValidator(_database)] = (
        "sqlite:///homeward.db"  # may hold a password
    )
    statement_seconds: Annotated[float, Field(ge=1, le=3600)] = 30
    lock_seconds: Annotated[float, Field(ge=0.1, le=600)] = 5


class SecuritySettings(_Section):
    key_file: Path = Path("homeward.key")


class FilesSettings(_Section):
    folder: Path = Path("files")
    largest_mb: Annotated[int, Field(ge=1, le=20)] = 20  # Bot API, getFile: no more than 20 MB


class PeopleSettings(_Section):
    admins: tuple[int, ...] = ()


class LanguageSettings(_Section):
    offered: Annotated[tuple[str, ...], AfterValidator(_languages)] = tuple(
        language.code for language in LANGUAGES
    )
    zone: Annotated[str, AfterValidator(_zone)] = "Europe/Moscow"


class ReminderSettings(_Section):
    quiet_from: TimeOfDay = "22:00"
    quiet_until: TimeOfDay = "08:00"
    draft_days: Days = (1, 3, 10)
    question_days: Days = (2, 5, 10, 30)
    papers_days: Days = (7, 14, 21, 28)
    papers_every_days: Few = 30
    no_news_days: Few = 30
    arrival_days: Days = (3, 14, 60)
    day_before_at: TimeOfDay = "18:00"
    same_day_at: TimeOfDay = "07:30"
    unanswered_hours: Hours = 48
    new_hours: Hours = 24
    approval_hours: Hours = 24
    overdue_every_days: Few = 7
    digest_at: TimeOfDay = "08:30"
    week_on: Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"] = "monday"

    @property
    def intervals(self) -> Intervals:
        """What the table of reminders is made of (casework/reminding/rules.py)."""
        return Intervals(
            self.draft_days,
            self.question_days,
            self.papers_days,
            self.papers_every_days,
            self.no_news_days,
            self.arrival_days,
            read_time(self.day_before_at) or 0,
            read_time(self.same_day_at) or 0,
            self.unanswered_hours,
            self.new_hours,
            self.approval_hours,
            self.overdue_every_days,
            read_time(self.digest_at) or 0,
            _WEEK.index(self.week_on),
        )


_Kept = Annotated[int, Field(ge=30, le=36500)]  # days


class RetentionSettings(_Section):
    open_days: _Kept = 1095
    ended_days: _Kept = 730
    withdrawn_days: _Kept = 180
    without_request_days: _Kept = 365
    warn_days: Annotated[int, Field(ge=3, le=29)] = 21  # privacy rule 10: 72 hours at least


class BroadcastSettings(_Section):
    second_person_above: Annotated[int, Field(ge=0)] = 50
    largest_file_mb: Annotated[int, Field(ge=1, le=20)] = 5


class LogSettings(_Section):
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
    def quiet_hours(self) -> QuietHours:
        return QuietHours(
            read_time(self.reminders.quiet_from) or 0, read_time(self.reminders.quiet_until) or 0
        )

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
