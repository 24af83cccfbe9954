"""The key file: wrapping keys by version, and the look-up key.

Without it nothing personal in the database can be read.
"""

import base64
import os
import secrets
import stat
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

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


@dataclass(frozen=True)
class KeysOnDisk:
    """What a key file holds: the keys as text, by version, and which of them wraps what is new."""

    current: int
    lookup: str
    wrapping: Mapping[int, str]

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read the file.

        Raises:
            KeyFileProblem: with the file's name and the mend.
        """
        read_key_file(path)
        content = tomllib.loads(path.read_text(encoding="utf-8"))
        wrapping = {int(version): raw for version, raw in content["wrapping"].items()}
        return cls(int(content["current"]), content["lookup"], wrapping)

    def ring(self) -> KeyRing:
        return _ring(self.as_text())

    def with_another(self) -> Self:
        """Add a fresh key, and let it wrap what is new."""
        newest = max(self.wrapping) % _LARGEST_VERSION + 1
        return replace(self, current=newest, wrapping={**self.wrapping, newest: _fresh()})

    def only_the_current(self) -> Self:
        return replace(self, wrapping={self.current: self.wrapping[self.current]})

    def as_text(self) -> str:
        keys = "".join(f'{version} = "{raw}"\n' for version, raw in sorted(self.wrapping.items()))
        return f'{_EXPLANATION}current = {self.current}\nlookup = "{self.lookup}"\n\n[wrapping]\n{keys}'

    def write(self, path: Path) -> None:
        """Put it in the place of the file that is there: the one or the other stands there whole, whatever happens."""
        written = path.with_name(path.name + ".new")
        written.unlink(missing_ok=True)
        _write(written, self.as_text())
        written.replace(path)
        folder = os.open(path.parent, os.O_RDONLY)
        os.fsync(folder)
        os.close(folder)


def write_new_key_file(path: Path) -> None:
    """Write fresh keys with mode 0600.

    Raises:
        FileExistsError: a file is there already; keys are never overwritten.
    """
    _write(path, KeysOnDisk(1, _fresh(), {1: _fresh()}).as_text())


def _write(path: Path, text: str) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(descriptor)


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
