"""Sealed files: one folder, random names, readable with the key in the file's row only.

A blob is whole or not there: it is written beside its place, made durable and renamed, before any row names it.
What no row names (a process died in between, or the file was removed) is swept away later; whoever copies the folder
before that holds bytes whose key is gone.
"""

import os
import re
import secrets
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from db.sealed import DataKey, Place, SealBroken

_PRIVATE_FOLDER = 0o700
_PRIVATE_FILE = 0o600
_NAME_BYTES = 16
_NAME = re.compile(r"[0-9a-f]{32}(\.part)?")  # ours: nothing else in the folder is touched
_PART = ".part"


class FolderProblem(Exception):
    """The folder cannot be used; the text says why, and the mend."""


class Blobs:
    """The folder."""

    def __init__(self, folder: Path) -> None:
        """Make the folder, for its owner only.

        Raises:
            FolderProblem: it cannot be made or written to.
        """
        self._folder = folder
        try:
            folder.mkdir(_PRIVATE_FOLDER, parents=True, exist_ok=True)
            folder.chmod(_PRIVATE_FOLDER)
        except OSError as error:
            raise FolderProblem(
                f"{folder}: {error.strerror}. Name a folder this user may write to"
            ) from error

    def write(self, key: DataKey, file_id: int, content: bytes, now: datetime) -> str:
        """Seal a file and make it durable; return its name.

        Raises:
            OSError: there is no room, or the folder is gone; nothing is left behind.
        """
        name = secrets.token_hex(_NAME_BYTES)
        part = self._folder / (name + _PART)
        try:
            self._fill(part, key.seal_bytes(content, _place(file_id)))
            # The age of a blob is measured by the one clock of Homeward.
            os.utime(part, (now.timestamp(), now.timestamp()))
            part.rename(self._folder / name)
            self._make_names_durable()
        except OSError:
            with suppress(OSError):
                part.unlink(missing_ok=True)
            raise
        return name

    def read(self, key: DataKey, file_id: int, name: str) -> bytes:
        """Return the file's bytes.

        Raises:
            SealBroken: it is gone, was changed, or belongs to another row.
        """
        try:
            sealed = (self._folder / name).read_bytes()
        except OSError as error:
            raise SealBroken("file.bytes") from error
        return key.open_bytes(sealed, _place(file_id))

    def older_than(self, moment: datetime) -> set[str]:
        """Return the names of the blobs, whole or in parts, that were written before this moment."""
        found = set()
        with os.scandir(self._folder) as entries:
            for entry in entries:
                with suppress(FileNotFoundError):
                    if _NAME.fullmatch(entry.name) and entry.stat().st_mtime < moment.timestamp():
                        found.add(entry.name)
        return found

    def delete(self, names: Iterable[str]) -> None:
        """Delete blobs; those that are gone already are passed over."""
        for name in names:
            (self._folder / name).unlink(missing_ok=True)

    @staticmethod
    def _fill(path: Path, sealed: bytes) -> None:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _PRIVATE_FILE)
        with os.fdopen(descriptor, "wb") as file:
            file.write(sealed)
            file.flush()
            os.fsync(descriptor)

    def _make_names_durable(self) -> None:
        descriptor = os.open(self._folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _place(file_id: int) -> Place:
    return Place("file", "bytes", file_id)
