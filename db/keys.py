"""The key file: wrapping keys by version, and the look-up key.

Without it nothing personal in the database can be read.
"""

import base64
import os
import secrets
import stat
import tomllib
from pathlib import Path

from db.sealed import KeyRing

_KEY_BYTES = 32
_LARGEST_VERSION = 0xFFFF  # it stands in two bytes in front of each wrapped key
_EXPLANATION = """\
# Homeward's keys. Whoever has this file and the database can read every request;
# whoever has lost it can read none.
# Keep a copy apart from the database's backups, and keep its mode at 0600.
"""


class KeyFileProblem(Exception):
    """The key file is missing, open to others or damaged; the text says which, and how to mend it."""


def write_new_key_file(path: Path) -> None:
    """Write fresh keys with mode 0600.

    Raises:
        FileExistsError: a file is there already; keys are never overwritten.
    """
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(_EXPLANATION)
        file.write(f'current = 1\nlookup = "{_fresh()}"\n\n[wrapping]\n1 = "{_fresh()}"\n')


def read_key_file(path: Path) -> KeyRing:
    """Read the key ring.

    Raises:
        KeyFileProblem: with the file's name and the mend.
    """
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
        text = path.read_bytes()
    except FileNotFoundError as error:
        raise KeyFileProblem(
            f"{path}: there is no key file here. `homeward init` makes one; a lost one comes from your copy"
        ) from error
    except OSError as error:
        raise KeyFileProblem(
            f"{path}: it cannot be read ({type(error).__name__}). Make it a file of the user who runs Homeward"
        ) from error
    if mode & 0o077:
        raise KeyFileProblem(f"{path}: others may read this file (mode {mode:04o}). Run: chmod 600 {path}")
    try:
        return _ring(text.decode("utf-8"))
    except (AttributeError, KeyError, ValueError, TypeError) as error:
        raise KeyFileProblem(
            f"{path}: this is not a key file, or it is damaged; restore it from your copy"
        ) from error


def _ring(text: str) -> KeyRing:
    content = tomllib.loads(text)
    wrapping = {int(version): _decoded(raw) for version, raw in content["wrapping"].items()}
    current = int(content["current"])
    if current not in wrapping or not 0 <= current <= _LARGEST_VERSION:
        raise KeyError(current)
    return KeyRing(wrapping, current, _decoded(content["lookup"]))


def _decoded(text: str) -> bytes:
    raw = base64.b64decode(text, validate=True)
    if len(raw) != _KEY_BYTES:
        raise ValueError(len(raw))
    return raw


def _fresh() -> str:
    return base64.b64encode(secrets.token_bytes(_KEY_BYTES)).decode()
