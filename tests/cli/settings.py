"""Settings as flat tables of keys and values, for tests that look at all of them."""

from pathlib import Path
from typing import Any

from pydantic import BaseModel, SecretStr

from bot.config import Settings
from bot.config_problems import every_key
from tests.machine import TOKEN

Keys = tuple[str, ...]

SECRET = "hidden-webhook-secret"
VALUES = [
    keys
    for keys, kind in every_key(Settings).items()
    if not (isinstance(kind, type) and issubclass(kind, BaseModel))
]
WHOLE = f"""
[telegram]
token = "{TOKEN}"
mode = "webhook"
[telegram.webhook]
url = "https://bot.example.org/hook"
secret = "{SECRET}"
"""


def flat(section: dict[str, Any], above: Keys = ()) -> dict[Keys, Any]:
    found: dict[Keys, Any] = {}
    for name, value in section.items():
        found |= flat(value, (*above, name)) if isinstance(value, dict) else {(*above, name): value}
    return found


def value_of(settings: Settings, keys: Keys) -> Any:
    """Return a setting as TOML writes it."""
    found: Any = settings
    for key in keys:
        found = getattr(found, key)
    if isinstance(found, SecretStr):
        return found.get_secret_value()
    if isinstance(found, Path):
        return str(found)
    return list(found) if isinstance(found, tuple) else found
