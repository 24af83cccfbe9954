"""What people send besides words: pictures, papers, voices; made up, small, and of the right kind."""

from simulator.records import Upload
from tests.family import Family
from tests.sent_files import PDF, picture, video, voice

UPLOADS = {
    "document": Upload("paper.pdf", PDF, "application/pdf"),
    "voice": Upload("voice.ogg", voice(), "audio/ogg"),
    "video_note": Upload("note.mp4", video(), "video/mp4"),
}


async def send_photo(family: Family, *, caption: str = "", album: str = "") -> None:
    family.machine.world.send_photo(family.id, picture(), caption=caption, album=album)
    await family.machine.settle()


async def send_file(family: Family, kind: str, *, caption: str = "") -> None:
    """Send a document (a PDF), voice or video_note."""
    family.machine.world.send_file(family.id, kind, UPLOADS[kind], caption=caption)
    await family.machine.settle()


async def send_album(family: Family, parts: int, album: str = "album-1") -> None:
    """Send photos that belong together; they come in one by one."""
    for number in range(parts):
        family.machine.world.send_photo(family.id, picture(), album=album, caption="" if number else "papers")
    await family.machine.settle()
