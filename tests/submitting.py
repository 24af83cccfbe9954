"""Files that come in for a purpose of the story's choice, and what the service holds of them."""

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

from sqlalchemy import Row, select

from casework import files
from casework.documents import Paper, of_request
from casework.expiry import Periods
from casework.expiry import of as reckoned
from casework.files import Belongs, Received, Sent
from casework.submissions import key_of
from db.blobs import Blobs
from db.models import File, Request
from simulator.records import Upload
from tests.bot.stage import account_of
from tests.family import Family, words_of
from tests.machine import Machine
from tests.sent_files import picture


@dataclass(frozen=True)
class Held:
    """A file as the service holds it; `content` is what its blob opens to."""

    state: str
    media_type: str | None
    content: bytes
    refused_for: str | None


async def receive(
    machine: Machine,
    family: Family,
    about: Belongs,
    content: bytes | None = None,
    *,
    kind: str = "document",
    album: str = "",
    size: int | None = None,
) -> Received:
    """Let a handler of no matter which place receive a file, and whatever follows from it happen."""
    kept = machine.world.keep_file(kind, Upload("x", picture() if content is None else content, size=size))
    message = machine.world.chat(family.id)[-1]["message_id"]
    sent = Sent(kind, kept.file_id, message, "", album)
    homeward = machine.homeward
    work = partial(
        files.receive,
        keys=homeward.around.keys,
        account_id=account_of(machine, family).id,
        sent=sent,
        about=about,
        now=homeward.clock.now(),
    )
    received = await homeward.writer.run(work)
    await machine.tick()
    return received


def file_rows(machine: Machine) -> list[Row[tuple[File]]]:
    with machine.homeward.engine.begin() as connection:
        return list(connection.execute(select(File.__table__).order_by(File.id)).all())


def held(machine: Machine) -> list[Held]:
    """Return every file there is, opened with the key in its row."""
    return [_held(machine, row) for row in file_rows(machine)]


def _held(machine: Machine, row: Row[tuple[File]]) -> Held:
    content = b""
    if row.stored_as is not None:
        key = key_of(machine.homeward.around.keys, row.id, row.data_key)
        content = Blobs(folder_of(machine)).read(key, row.id, row.stored_as)
    return Held(row.state, row.media_type, content, row.refused_for)


def folder_of(machine: Machine) -> Path:
    return machine.homeward.settings.files.folder


def blobs(machine: Machine) -> set[str]:
    return {path.name for path in folder_of(machine).iterdir()}


def papers(machine: Machine, request_id: int) -> dict[tuple[int, str], Paper]:
    with machine.homeward.engine.begin() as connection:
        return of_request(connection, request_id)


def only_request(machine: Machine) -> int:
    with machine.homeward.engine.begin() as connection:
        return connection.scalars(select(Request.id)).one()


def expiry(machine: Machine) -> datetime:
    """Return when the one request expires."""
    with machine.homeward.engine.begin() as connection:
        (found,) = reckoned(connection, connection.scalars(select(Request.id)).all(), Periods())
        return found.at


def notices(family: Family) -> list[str]:
    """Return the messages that tell what became of files, the oldest first."""
    return [
        words_of(message)
        for message in family.from_bot
        if words_of(message).startswith("✓") or "not kept" in words_of(message)
    ]
