"""What a setting may be. Each refuses what it is not by saying how it is written."""

import difflib
import re
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from bot.i18n import LANGUAGES
from casework.times import read_time
from casework.zones import known_zones
from db.engine import sqlite_path

_TOKEN = r"[0-9]+:[A-Za-z0-9_-]{10,}"  # noqa: S105 - the form of a token, not one
SECRET = r"[A-Za-z0-9_-]{16,256}"  # noqa: S105 - Bot API, setWebhook: A-Z, a-z, 0-9, _ and -; 16 at least is our rule


def matching(pattern: str, secret: SecretStr, mend: str) -> SecretStr:
    if not re.fullmatch(pattern, secret.get_secret_value()):
        raise ValueError(mend)
    return secret


def _token(value: SecretStr) -> SecretStr:
    return matching(_TOKEN, value, "give the token as @BotFather shows it, digits, a colon and letters")


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


Token = Annotated[SecretStr, AfterValidator(_token)]
Address = Annotated[str, AfterValidator(_address)]
DatabaseUrl = Annotated[str, Field(repr=False), AfterValidator(_database)]  # it may hold a password
Zone = Annotated[str, AfterValidator(_zone)]
Offered = Annotated[tuple[str, ...], AfterValidator(_languages)]
TimeOfDay = Annotated[str, AfterValidator(_time)]


class Section(BaseModel):
    """A part of the settings; a key that it does not know is a mistake."""

    model_config = ConfigDict(extra="forbid", frozen=True)
