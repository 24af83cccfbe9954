"""Threat 14, within a limit of memory that the process itself enforces: a clear message, or a clean stored file."""

import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from bench.processes import ROOT
from casework.refusals import SENTENCES, Refusal
from tests.hostile_story import MORE_MEMORY, WORDS
from tests.sent_files import (
    PDF,
    archive,
    photo_of_pixels,
    picture,
    pixel_bomb,
    scan_bomb,
    text_bomb,
    video,
    voice,
)

MEGABYTE = 1024 * 1024
PHOTO = picture(size=(1200, 900), words=WORDS, orientation=6)
PROGRAM = b"MZ\x90\x00\x03\x00\x00\x00" + bytes(4096)


def noise(side: int) -> bytes:
    """Return a picture that cannot be packed smaller."""
    sheet = io.BytesIO()
    Image.effect_noise((side, side), 90).save(sheet, "PNG", compress_level=1)
    return sheet.getvalue()


# How each is sent, the name and the type it pretends to have, and its bytes.
SENT: dict[str, tuple[str, str, str, bytes]] = {
    "30 MB": ("document", "scan.pdf", "application/pdf", PDF + b" " * 30 * MEGABYTE),
    "pixel bomb": ("document", "photo.png", "image/png", pixel_bomb()),
    "bomb in a comment": ("document", "photo.png", "image/png", text_bomb(500)),
    "scan bomb": ("document", "photo.jpg", "image/jpeg", scan_bomb(100_000)),
    "zip bomb": ("document", "papers.zip", "application/zip", archive(megabytes=2_000)),
    "zip bomb as a photo": ("document", "photo.jpg", "image/jpeg", archive(megabytes=500)),
    "JPEG and ZIP": ("document", "photo.jpg", "image/jpeg", PHOTO + archive(megabytes=50)),
    "PDF and HTML": ("document", "paper.pdf", "application/pdf", PDF + b"<html><script>1</script>"),
    "PDF and ZIP": ("document", "paper.pdf", "application/pdf", PDF + archive()),
    "renamed executable": ("document", "certificate.pdf", "application/pdf", PROGRAM),
    "renamed page": ("document", "certificate.jpg", "image/jpeg", b"<!doctype html><script>1</script>"),
    "truncated JPEG": ("photo", "photo.jpg", "image/jpeg", PHOTO[: len(PHOTO) // 2]),
    "photo with GPS": ("photo", "photo.jpg", "image/jpeg", PHOTO),
    "40 million pixels": ("document", "big.jpg", "image/jpeg", photo_of_pixels((7296, 5472))),
    "42 million pixels": ("document", "big.jpg", "image/jpeg", photo_of_pixels((7680, 5472))),
    "progressive": ("document", "big.jpg", "image/jpeg", photo_of_pixels((7296, 5472), progressive=True)),
    "18 MB of noise": ("document", "noise.png", "image/png", noise(4200)),
    "PDF as a program": ("document", "paper.exe", "application/x-msdownload", PDF),
    "voice": ("voice", "voice.ogg", "audio/ogg", voice(pages=300)),
    "round video": ("video_note", "note.mp4", "video/mp4", video(words=WORDS)),
}
REFUSED = {
    "30 MB": Refusal.TOO_BIG,
    "pixel bomb": Refusal.TOO_MANY_PIXELS,
    "bomb in a comment": Refusal.BROKEN,
    "scan bomb": Refusal.BROKEN,
    "zip bomb": Refusal.ARCHIVE,
    "zip bomb as a photo": Refusal.ARCHIVE,
    "PDF and HTML": Refusal.MIXED,
    "PDF and ZIP": Refusal.MIXED,
    "renamed executable": Refusal.OTHER_KIND,
    "renamed page": Refusal.OTHER_KIND,
    "truncated JPEG": Refusal.BROKEN,
    "42 million pixels": Refusal.TOO_MANY_PIXELS,
}
STORED = {
    "JPEG and ZIP": "image/jpeg",
    "photo with GPS": "image/jpeg",
    "40 million pixels": "image/jpeg",
    "progressive": "image/jpeg",
    "18 MB of noise": "image/png",
    "PDF as a program": "application/pdf",
    "voice": "audio/ogg",
    "round video": "video/mp4",
}


@pytest.mark.process
def test_everything_hostile_meets_a_clear_message_or_is_stored_clean(tmp_path: Path) -> None:
    assert set(REFUSED) | set(STORED) == set(SENT)
    outcome = told_by_a_process_of_little_memory(tmp_path)
    became = outcome["files"]
    for name, refusal in REFUSED.items():
        assert (became[name]["state"], became[name]["refused_for"]) == ("refused", refusal.value), name
        assert became[name]["told"] == [f"1 file was not kept.\n{SENTENCES[refusal]}"]
    for name, media_type in STORED.items():
        assert (became[name]["state"], became[name]["media_type"]) == ("stored", media_type), name
        assert len(became[name]["told"]) == 1
        assert "stored safely" in became[name]["told"][0]
    assert not any(each["holds_words"] for each in became.values())
    assert outcome["blobs"] == len(STORED)
    assert outcome["more_memory"] < MORE_MEMORY
    slow = {name: each["seconds"] for name, each in became.items() if each["seconds"] > 60}
    assert slow == {}


def told_by_a_process_of_little_memory(folder: Path) -> Any:
    (folder / "bot").mkdir()
    for name, (*_, content) in SENT.items():
        (folder / name).write_bytes(content)
    listed = json.dumps({name: how[:3] for name, how in SENT.items()})
    (folder / "list.json").write_text(listed, encoding="utf-8")
    command = [sys.executable, "-m", "tests.hostile_story", str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603 - our own
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout.splitlines()[-1])


def test_the_words_are_there_to_be_found() -> None:
    """The control: what is searched for does stand in what is sent."""
    for name in ("JPEG and ZIP", "photo with GPS", "round video"):
        assert WORDS.encode() in SENT[name][3]
    assert 20 * MEGABYTE > len(SENT["18 MB of noise"][3]) > 15 * MEGABYTE
    assert len(SENT["30 MB"][3]) > 30 * MEGABYTE
