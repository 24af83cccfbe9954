"""What people send besides words: pictures, papers, voices; made up, small, and of the right kind."""

from io import BytesIO

from PIL import Image

from simulator.records import Upload
from tests.family import Family

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n"
VOICE = b"OggS\x00\x02" + bytes(22) + b"OpusHead" + bytes(11)
VIDEO = b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom"
UPLOADS = {
    "document": Upload("paper.pdf", PDF, "application/pdf"),
    "voice": Upload("voice.ogg", VOICE, "audio/ogg"),
    "video_note": Upload("note.mp4", VIDEO, "video/mp4"),
}


def picture(color: str = "white") -> bytes:
    sheet = BytesIO()
    Image.new("RGB", (40, 30), color).save(sheet, "JPEG")
    return sheet.getvalue()


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
