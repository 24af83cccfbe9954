"""Looks for words in bytes as a thief would: in every encoding that programs leave behind."""

import base64
import json
from collections.abc import Iterator, Mapping
from html import escape
from pathlib import Path
from urllib.parse import quote

Canaries = Mapping[str, str | int]

_EDGE = 4  # letters of base64 that hold bits of what stands before or after


def forms(canary: str | int) -> dict[str, bytes]:
    """Return the ways in which it may stand somewhere, by name."""
    if isinstance(canary, int):
        length = (canary.bit_length() + 7) // 8
        numbers = {"big": canary.to_bytes(length, "big"), "little": canary.to_bytes(length, "little")}
        return {**numbers, **forms(str(canary))}
    found = {}
    for name, text in _spellings(canary):
        for encoding, raw in _encoded(text):
            found[f"{name} {encoding}"] = raw
    return found


def _spellings(text: str) -> Iterator[tuple[str, str]]:
    yield "plain", text
    yield "upper", text.upper()
    yield "lower", text.lower()
    yield "reversed", text[::-1]


def _encoded(text: str) -> Iterator[tuple[str, bytes]]:
    for codec in ("utf-8", "utf-16-le", "utf-16-be"):
        raw = text.encode(codec)
        yield codec, raw
        yield f"{codec} hex", raw.hex().encode()
        yield f"{codec} HEX", raw.hex().upper().encode()
        for shift in range(3):
            yield f"{codec} base64+{shift}", _base64(raw, shift)
            yield f"{codec} base64url+{shift}", _base64(raw, shift).translate(bytes.maketrans(b"+/", b"-_"))
    percent = quote(text, safe="")
    escaped = json.dumps(text)[1:-1]
    yield "percent", percent.encode()
    yield "percent lower", percent.lower().encode()
    yield "json", escaped.encode()
    yield "json upper", "\\u".join(part.upper() for part in escaped.split("\\u")).encode()
    yield "html", escape(text).encode()


def _base64(raw: bytes, shift: int) -> bytes:
    """Return the letters that stand there whatever surrounds it, when it begins `shift` bytes into a group."""
    letters = base64.b64encode(bytes(shift) + raw).rstrip(b"=")
    return letters[_EDGE if shift else 0 : -_EDGE]


def found_in(content: bytes, canaries: Canaries) -> list[str]:
    """Name the canaries that stand in it, each with its encoding."""
    return _named(content, _wanted(canaries))


def _wanted(canaries: Canaries) -> list[tuple[str, bytes]]:
    return [
        (f"{name} ({form})", raw) for name, canary in canaries.items() for form, raw in forms(canary).items()
    ]


def _named(content: bytes, wanted: list[tuple[str, bytes]]) -> list[str]:
    return [name for name, raw in wanted if raw in content]


def found_below(folder: Path, canaries: Canaries, *, but: tuple[str, ...] = ()) -> list[str]:
    """Name what stands in any file of the folder, or in a file's name, but for these files."""
    found, wanted = [], _wanted(canaries)
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.name not in but:
            content = path.name.encode() + path.read_bytes()
            found += [f"{path.name}: {each}" for each in _named(content, wanted)]
    return found
