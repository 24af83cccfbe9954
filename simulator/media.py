"""Files inside messages: what a Message says about a photo, document, voice or video note."""

import io
import warnings

from PIL import Image

from simulator.answers import Json, bad_request
from simulator.records import StoredFile, Upload
from simulator.state import State

NOMINAL_SIZE = (800, 600)
SMALL = 320
LARGEST_SUM = 10_000
LARGEST_PHOTO = 10 * 1024 * 1024


def photo(state: State, upload: Upload, *, strict: bool = False) -> list[Json]:
    """The sizes of a photo, smallest first. `strict` refuses what is no picture, as Telegram does to bots.

    A person's made-up bytes need not be a picture: tests send hostile ones.
    """
    picture = _opened(upload)
    if strict and picture is None:
        raise bad_request("IMAGE_PROCESS_FAILED")
    if strict and len(upload.content) > LARGEST_PHOTO:
        raise bad_request("file is too big")
    width, height = NOMINAL_SIZE if picture is None else picture.size
    if strict and (width + height > LARGEST_SUM or max(width, height) > 20 * min(width, height)):
        raise bad_request("PHOTO_INVALID_DIMENSIONS")
    sizes = []
    if picture is not None and max(width, height) > SMALL and width + height <= LARGEST_SUM:
        sizes.append(_size(state.keep_file("photo", _smaller(picture)), *_scaled(width, height)))
    return [*sizes, _size(state.keep_file("photo", upload), width, height)]


def of_file(file: StoredFile) -> Json:
    """What every kind of file has."""
    return {"file_id": file.file_id, "file_unique_id": file.unique_id, "file_size": file.size}


def content(state: State, kind: str, upload: Upload, *, strict: bool = False) -> Json:
    """The part of a Message that carries a new file of this kind."""
    if kind == "photo":
        return {"photo": photo(state, upload, strict=strict)}
    return {kind: described(state.keep_file(kind, upload))}


def described(file: StoredFile) -> Json:
    """Document, Voice, VideoNote … of a stored file. Durations are made up: nothing here listens."""
    about: Json = of_file(file)
    match file.kind:
        case "document":
            about |= {"file_name": file.upload.filename, "mime_type": file.upload.content_type}
        case "voice" | "audio":
            about |= {"duration": 3, "mime_type": "audio/ogg"}
        case "video_note":
            about |= {"length": 240, "duration": 3}
        case "video" | "animation":
            about |= {"width": 640, "height": 480, "duration": 3}
    return about


def again(state: State, kind: str, file_id: str) -> Json:
    """The part of a Message that carries a file known by its id.

    Refused where it is unknown or of another kind.
    """
    file = state.files.get(file_id)
    if file is None:
        raise bad_request("wrong file identifier/HTTP URL specified")
    if file.kind != kind:
        raise bad_request(f"can't use file of type {file.kind.title()} as {kind.title()}")
    if kind != "photo":
        return {kind: described(file)}
    picture = _opened(file.upload)
    return {"photo": [_size(file, *(NOMINAL_SIZE if picture is None else picture.size))]}


def _opened(upload: Upload) -> Image.Image | None:
    """The picture, with only its head read; None where the bytes are none."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            return Image.open(io.BytesIO(upload.content))
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None


def _smaller(picture: Image.Image) -> Upload:
    small = io.BytesIO()
    try:
        copy = picture.convert("RGB")
        copy.thumbnail((SMALL, SMALL))
    except (OSError, ValueError, SyntaxError):
        copy = Image.new("RGB", _scaled(*picture.size))
    copy.save(small, "JPEG")
    return Upload("small.jpg", small.getvalue(), "image/jpeg")


def _scaled(width: int, height: int) -> tuple[int, int]:
    factor = SMALL / max(width, height)
    return max(1, round(width * factor)), max(1, round(height * factor))


def _size(file: StoredFile, width: int, height: int) -> Json:
    return {**of_file(file), "width": width, "height": height}
