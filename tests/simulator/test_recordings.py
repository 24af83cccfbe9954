"""What a browser records becomes what a messenger sends."""

import struct

from simulator.recordings import as_voice
from simulator.records import Upload

HEAD = b"OpusHead" + struct.pack("<BBHIhB", 1, 1, 312, 48_000, 0, 0)
TWENTY_MS = b"\x08"  # SILK, 20 ms, one frame
UNKNOWN = b"\x01" + b"\xff" * 7
PAGE = struct.Struct("<4sBBqIIIB")


def element(kind: str, content: bytes, *, open_ended: bool = False) -> bytes:
    size = UNKNOWN if open_ended else struct.pack(">Q", len(content) | 1 << 56)
    return bytes.fromhex(kind) + size + content


def webm(head: bytes, packets: list[bytes]) -> bytes:
    """Return a recording as browsers make it: nobody knew its length beforehand."""
    track = element("AE", element("D7", b"\x01") + element("63A2", head))
    blocks = b"".join(element("A3", b"\x81\x00\x00\x80" + packet) for packet in packets[:-1])
    last = element("A0", element("A1", b"\x81\x00\x00\x00" + packets[-1]))
    cluster = element("1F43B675", element("E7", b"\x00") + blocks + last, open_ended=True)
    inside = element("1654AE6B", track) + cluster
    return element("1A45DFA3", b"made by a browser") + element("18538067", inside, open_ended=True)


def pages(ogg: bytes) -> list[tuple[int, int, bytes]]:
    """Return flags, position and packet of each page; they have to fill the file exactly."""
    found: list[tuple[int, int, bytes]] = []
    at = 0
    while at < len(ogg):
        _, _, flags, position, _, number, _, segments = PAGE.unpack_from(ogg, at)
        body = at + PAGE.size + segments
        at = body + sum(ogg[at + PAGE.size : body])
        assert number == len(found)
        found.append((flags, position, ogg[body:at]))
    return found


def test_the_sound_moves_from_one_container_to_the_other() -> None:
    packets = [TWENTY_MS + bytes([number]) * 300 for number in range(5)]
    voice = as_voice(Upload("voice.webm", webm(HEAD, packets), "audio/webm"))
    assert voice.content_type == "audio/ogg"
    first, tags, *sound = pages(voice.content)
    assert (first[0], first[2], tags[2][:8]) == (2, HEAD, b"OpusTags")
    assert [packet for *_, packet in sound] == packets
    assert [position for _, position, _ in sound] == [960 * number for number in range(1, 6)]
    assert [flags for flags, *_ in sound] == [0, 0, 0, 0, 4]


def test_what_is_no_recording_of_a_browser_stays_as_it_is() -> None:
    for content in (
        b"",
        b"OggS and so on",
        webm(b"VorbisHead", [b"x"]),
        webm(HEAD, [b"x"])[:20],
        b"\x1a\x45\xdf\xa3",
    ):
        upload = Upload("voice.ogg", content, "audio/ogg")
        assert as_voice(upload) is upload


def test_a_page_is_summed_as_ogg_sums_it() -> None:
    """Bit by bit, as RFC 3533 describes it; the simulator uses a table."""
    page = as_voice(Upload("v", webm(HEAD, [TWENTY_MS]), "")).content[: PAGE.size + 1 + len(HEAD)]
    given = struct.unpack_from("<I", page, 22)[0]
    total = 0
    for byte in page[:22] + bytes(4) + page[26:]:
        total ^= byte << 24
        for _ in range(8):
            total = (total << 1 ^ 0x04C11DB7 if total & 0x80000000 else total << 1) & 0xFFFFFFFF
    assert total == given
