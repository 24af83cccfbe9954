"""Stored files on their way back to whoever sent them: opened at the moment they leave.

The outbox row names the file only; the key stays in the file's own row, so that a file that is removed meanwhile
cannot be sent any more.
"""

from sqlalchemy import Engine, select

from bot.uploads import Recipe, Upload
from casework.files import State
from casework.submissions import SubmittedFile, key_of
from db.blobs import Blobs
from db.models import File
from db.sealed import KeyRing

_ENDINGS = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "application/pdf": "pdf",
    "audio/ogg": "ogg",
    "video/mp4": "mp4",
}
# How a file goes back: by what it came as and what it is; everything else as a document.
_WAYS = {
    ("photo", "image/jpeg"): ("sendPhoto", "photo"),
    ("photo", "image/png"): ("sendPhoto", "photo"),
    ("voice", "audio/ogg"): ("sendVoice", "voice"),
    ("video_note", "video/mp4"): ("sendVideoNote", "video_note"),
}
_AS_DOCUMENT = ("sendDocument", "document")
_LARGEST_PHOTO = 10 * 1024 * 1024  # Bot API, sendPhoto


class NotStored(Exception):
    """The file was removed before it left."""


def way_back(file: SubmittedFile) -> tuple[str, Recipe]:
    """Return the method and the recipe by which `Turn.upload` sends a stored file."""
    media_type = file.media_type or ""
    method, parameter = _WAYS.get((file.kind, media_type), _AS_DOCUMENT)
    if method == "sendPhoto" and (file.size or 0) > _LARGEST_PHOTO:
        method, parameter = _AS_DOCUMENT
    name = f"{file.kind}.{_ENDINGS[media_type]}"
    recipe = {"render": "stored_file", "file": str(file.file_id), "parameter": parameter}
    return method, {**recipe, "filename": name, "media_type": media_type}


class StoredFiles:
    """The renderer `stored_file`."""

    def __init__(self, engine: Engine, keys: KeyRing, blobs: Blobs) -> None:
        self._engine, self._keys, self._blobs = engine, keys, blobs

    def __call__(self, recipe: Recipe) -> Upload:
        """Open the file.

        Raises:
            NotStored: it was removed meanwhile.
            SealBroken: its blob was changed or is gone.
        """
        file_id = int(recipe["file"])
        with self._engine.begin() as connection:
            row = connection.execute(
                select(File.data_key, File.stored_as).where(
                    File.id == file_id, File.state == State.STORED.value
                )
            ).one_or_none()
        if row is None or row.data_key is None or row.stored_as is None:
            raise NotStored
        content = self._blobs.read(key_of(self._keys, file_id, row.data_key), file_id, row.stored_as)
        return Upload(recipe["parameter"], recipe["filename"], content, recipe["media_type"])
