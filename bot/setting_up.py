"""`homeward init`: a settings file and a key file that did not exist before."""

import json
import os
import re
from pathlib import Path

from db.keys import write_new_key_file

_EXAMPLE = Path(__file__).resolve().parent.parent / "config.example.toml"
_PRIVATE = 0o600


class AlreadyThere(Exception):
    """A file of this name exists; it is not touched."""


def write_config(config: Path, token: str) -> tuple[Path, Path]:
    """Write both files with mode 0600 and return their paths.

    Raises:
        AlreadyThere: one of the two exists.
        ValueError: the token does not look like one, or the name is the key file's; the text names the option.
        OSError: the folder cannot be written to.
    """
    if not re.fullmatch(r"[0-9]+:[A-Za-z0-9_-]{10,}", token):
        raise ValueError("--token: give the token as @BotFather shows it: digits, a colon and letters")
    keys = config.with_suffix(".key")
    if keys == config:
        raise ValueError("--config: the name ends in .key, which is the key file's; config.toml would do")
    for path in (config, keys):
        if path.exists() or path.is_symlink():
            raise AlreadyThere(path)
    config.parent.mkdir(parents=True, exist_ok=True)
    write_new_key_file(keys)
    descriptor = os.open(config, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _PRIVATE)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(_settings(token, keys.name))
    return config, keys


def _settings(token: str, key_file: str) -> str:
    """Return the example with this token and key file; its explanations stay."""
    text = _EXAMPLE.read_text(encoding="utf-8")
    text = re.sub(r'(?m)^token = ".*"$', f'token = "{token}"', text)
    return re.sub(r'(?m)^key_file = ".*"$', lambda _: f"key_file = {json.dumps(key_file)}", text)
