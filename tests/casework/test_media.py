"""What a file is by its bytes, and what is kept of it (threat 14, privacy rule 14)."""

import io
import struct

import pytest
from PIL import Image

from casework import photographs
from casework.media import Clean, checked
from casework.refusals import SENTENCES, Refusal
from tests.sent_files import (
    HEAD_OF_PDF,
    PDF,
    archive,
    box,
    found,
    ogg_page,
    photo_of_pixels,
    picture,
    pixel_bomb,
    scan_bomb,
    text_bomb,
    video,
    voice,
)

WORDS = "Zurikhanov-of-Grozny"


def kept(content: bytes) -> Clean:
    clean = checked(content)
    assert isinstance(clean, Clean), clean
    return clean


def opened(clean: Clean) -> Image.Image:
    seen = Image.open(io.BytesIO(clean.content))
    seen.load()
    return seen


@pytest.mark.parametrize(
    ("form", "mode", "media_type"),
    [
        ("JPEG", "RGB", "image/jpeg"),
        ("JPEG", "L", "image/jpeg"),
        ("JPEG", "CMYK", "image/jpeg"),
        ("PNG", "RGB", "image/png"),
        ("PNG", "RGBA", "image/png"),
        ("PNG", "P", "image/png"),
        ("PNG", "1", "image/png"),
        ("PNG", "LA", "image/png"),
        ("PNG", "I;16", "image/png"),
        ("WEBP", "RGB", "image/jpeg"),
        ("WEBP", "RGBA", "image/png"),
    ],
)
def test_a_picture_is_kept_as_a_plain_one(form: str, mode: str, media_type: str) -> None:
    clean = kept(picture(form, mode=mode, color="#ffffff80" if mode == "RGBA" else "white"))
    assert clean.media_type == media_type
    assert (opened(clean).size, opened(clean).mode in {"L", "RGB", "RGBA"}) == ((40, 30), True)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_nothing_that_a_camera_or_a_program_wrote_beside_the_picture_is_kept(form: str) -> None:
    sent = picture(form, words=WORDS)
    assert found(sent, [WORDS])
    clean = kept(sent)
    assert found(clean.content, [WORDS]) == []
    seen = opened(clean)
    assert dict(seen.getexif()) == {}
    assert set(seen.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_picture_stands_the_way_the_camera_was_held(orientation: int) -> None:
    seen = opened(kept(picture(size=(40, 30), orientation=orientation)))
    assert seen.size == ((40, 30) if orientation < 5 else (30, 40))


def test_a_note_on_the_camera_that_cannot_be_read_does_no_harm() -> None:
    sent = picture(orientation=6)
    at = sent.index(b"Exif\x00\x00") + 6
    assert kept(sent[:at] + b"II*\x00\xff\xff\xff\x7f" + sent[at + 8 :]).media_type == "image/jpeg"


def test_colours_and_sixteen_bits_of_grey_stay_what_they_are() -> None:
    sheet = io.BytesIO()
    grey = Image.new("I;16", (4, 4), 32_768)
    grey.save(sheet, "PNG")
    assert opened(kept(sheet.getvalue())).getpixel((0, 0)) == 128
    red = opened(kept(picture(color="red"))).getpixel((5, 5))
    assert isinstance(red, tuple)
    assert red[0] > 240
    assert max(red[1:]) < 15


def test_what_is_appended_to_a_picture_stays_behind() -> None:
    clean = kept(picture() + archive() + WORDS.encode())
    assert b"PK\x03\x04" not in clean.content
    assert found(clean.content, [WORDS, "inside.txt"]) == []


def test_only_the_first_frame_is_kept() -> None:
    sheet = io.BytesIO()
    frames = [Image.new("RGB", (8, 8), color) for color in ("white", "black", "red")]
    frames[0].save(sheet, "PNG", save_all=True, append_images=frames[1:])
    seen = opened(kept(sheet.getvalue()))
    assert getattr(seen, "n_frames", 1) == 1


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("part", [0.3, 0.6, 0.95])
def test_a_picture_cut_short_is_refused(form: str, part: float) -> None:
    sheet = io.BytesIO()
    Image.effect_noise((300, 200), 80).convert("RGB").save(sheet, form)
    sent = sheet.getvalue()
    assert checked(sent[: int(len(sent) * part)]) is Refusal.BROKEN


NOT_KEPT: dict[str, tuple[bytes, Refusal]] = {
    "pixel bomb": (pixel_bomb(), Refusal.TOO_MANY_PIXELS),
    "smaller pixel bomb": (pixel_bomb(10_000), Refusal.TOO_MANY_PIXELS),
    "bomb in a comment": (text_bomb(), Refusal.BROKEN),
    "too wide": (picture("PNG", size=(photographs.MOST_SIDE + 1, 1)), Refusal.TOO_MANY_PIXELS),
    "GIF": (picture("GIF"), Refusal.PICTURE_KIND),
    "BMP": (picture("BMP"), Refusal.PICTURE_KIND),
    "TIFF": (picture("TIFF"), Refusal.PICTURE_KIND),
    "AVIF": (picture("AVIF"), Refusal.PICTURE_KIND),
    "HEIC": (box(b"ftyp", b"heic\x00\x00\x00\x00mif1heic") + box(b"mdat"), Refusal.PICTURE_KIND),
    "ZIP": (archive(), Refusal.ARCHIVE),
    "ZIP bomb": (archive(megabytes=300), Refusal.ARCHIVE),
    "DOCX": (archive(office=True), Refusal.OFFICE),
    "DOC": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512), Refusal.OFFICE),
    "RTF": (b"{\\rtf1 words}", Refusal.OFFICE),
    "RAR": (b"Rar!\x1a\x07\x01\x00", Refusal.ARCHIVE),
    "gzip": (b"\x1f\x8b\x08" + bytes(20), Refusal.ARCHIVE),
    "EXE": (b"MZ\x90\x00" + bytes(100), Refusal.OTHER_KIND),
    "ELF": (b"\x7fELF\x02\x01\x01" + bytes(100), Refusal.OTHER_KIND),
    "script": (b"#!/bin/sh\nrm -rf /\n", Refusal.OTHER_KIND),
    "HTML": (b"<!doctype html><script>alert(1)</script>", Refusal.OTHER_KIND),
    "SVG": (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", Refusal.OTHER_KIND),
    "words": (b"plain words", Refusal.OTHER_KIND),
    "nothing but zeros": (bytes(1000), Refusal.OTHER_KIND),
    "empty": (b"", Refusal.BROKEN),
    "JPEG's first bytes": (b"\xff\xd8\xff", Refusal.BROKEN),
    "WEBP's first bytes": (b"RIFF\x00\x00\x00\x00WEBP", Refusal.BROKEN),
}


@pytest.mark.parametrize("name", NOT_KEPT)
def test_what_is_not_kept_and_why(name: str) -> None:
    sent, refusal = NOT_KEPT[name]
    assert checked(sent) is refusal


def test_a_picture_with_endless_scans_is_refused_before_it_is_decoded() -> None:
    sent = scan_bomb(200)
    assert len(sent) < 1_000_000
    assert checked(sent) is Refusal.BROKEN
    assert kept(photo_of_pixels((1600, 1200), progressive=True)).media_type == "image/jpeg"


def test_a_picture_that_grows_too_much_when_it_is_packed_again_is_packed_tighter(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sheet = io.BytesIO()
    Image.effect_noise((400, 400), 90).convert("RGBA").save(sheet, "PNG")
    assert kept(sheet.getvalue()).media_type == "image/png"
    monkeypatch.setattr(photographs, "LARGEST_KEPT", 150_000)
    clean = kept(sheet.getvalue())
    assert (clean.media_type, len(clean.content) <= 150_000) == ("image/jpeg", True)
    monkeypatch.setattr(photographs, "LARGEST_KEPT", 10_000)
    assert checked(sheet.getvalue()) is Refusal.TOO_BIG


def test_a_pdf_is_kept_byte_by_byte() -> None:
    for sent in (PDF, PDF + b"\r\n \x00\x00", PDF.replace(b"1.4", b"2.0"), PDF + PDF[9:]):
        assert kept(sent) == Clean("application/pdf", sent)


def test_a_pdf_with_a_password_is_kept() -> None:
    locked = PDF.replace(b"trailer<<", b"trailer<</Encrypt 3 0 R")
    assert kept(locked).media_type == "application/pdf"


@pytest.mark.parametrize(
    ("sent", "refusal"),
    [
        (PDF[:60], Refusal.BROKEN),
        (b"\n" + PDF, Refusal.OTHER_KIND),
        (b"%PDF-hello %%EOF", Refusal.BROKEN),
        (PDF + b"<html><script>alert(1)</script></html>", Refusal.MIXED),
        (PDF + archive(), Refusal.MIXED),
        (PDF + b"MZ\x90", Refusal.MIXED),
        (HEAD_OF_PDF + b"<html><script>alert(1)</script></html>" + PDF[9:], Refusal.MIXED),
        (HEAD_OF_PDF + archive()[:-2] + struct.pack("<H", 5) + b"%%EOF", Refusal.MIXED),
    ],
    ids=[
        "cut short",
        "not at the start",
        "no version",
        "HTML behind",
        "ZIP behind",
        "EXE behind",
        "HTML in it",
        "ZIP",
    ],
)
def test_a_pdf_that_is_more_or_less_than_that_is_refused(sent: bytes, refusal: Refusal) -> None:
    assert checked(sent) is refusal


def test_a_voice_message_is_kept_byte_by_byte() -> None:
    assert kept(voice()) == Clean("audio/ogg", voice())


@pytest.mark.parametrize(
    ("sent", "refusal"),
    [
        (voice()[:-1], Refusal.BROKEN),
        (voice()[:20], Refusal.BROKEN),
        (voice() + archive(), Refusal.MIXED),
        (voice() + b"<html>", Refusal.MIXED),
        (voice() + ogg_page(3, b"video", serial=8), Refusal.MIXED),
        (voice() + voice(), Refusal.MIXED),
        (ogg_page(0, b"\x01vorbis"), Refusal.OTHER_KIND),
        (ogg_page(1, b"OpusHead"), Refusal.OTHER_KIND),
    ],
    ids=[
        "cut short",
        "head only",
        "ZIP behind",
        "HTML behind",
        "second stream",
        "twice",
        "Vorbis",
        "no beginning",
    ],
)
def test_a_voice_message_is_read_to_its_very_end(sent: bytes, refusal: Refusal) -> None:
    assert checked(sent) is refusal


def test_a_round_video_is_kept_without_where_it_was_taken() -> None:
    sent = video(words=WORDS)
    assert found(sent, [WORDS])
    clean = kept(sent)
    assert clean.media_type == "video/mp4"
    assert found(clean.content, [WORDS]) == []
    assert len(clean.content) == len(sent)
    assert clean.content[: sent.index(b"free")] == sent[: sent.index(b"free")]
    assert b"\x00\x01" * 500 in clean.content


@pytest.mark.parametrize(
    ("sent", "refusal"),
    [
        (video()[:-1], Refusal.BROKEN),
        (video()[:30], Refusal.BROKEN),
        (video() + archive(), Refusal.BROKEN),
        (video() + box(b"EVIL", b"MZ"), Refusal.MIXED),
        (box(b"ftyp", b"mp42\x00\x00\x00\x00") + box(b"mdat"), Refusal.BROKEN),
        (box(b"ftyp", b"mp42\x00\x00\x00\x00") + struct.pack(">I4sQ", 1, b"mdat", 2**63), Refusal.BROKEN),
    ],
    ids=["cut short", "head only", "ZIP behind", "strange box", "no pictures", "too long"],
)
def test_a_round_video_is_read_to_its_very_end(sent: bytes, refusal: Refusal) -> None:
    assert checked(sent) is refusal


def test_every_refusal_has_its_sentence() -> None:
    assert set(SENTENCES) == set(Refusal)
