"""Text as Telegram carries it: its length in UTF-16 units, what is taken out of it, blanks around it."""

from simulator.answers import Json

# The server takes out \r and the embedding and override marks of U+2028–U+202E; the isolates stay.
TAKEN_OUT = dict.fromkeys([0x0D, *range(0x2028, 0x202F)])
BLANKED = {code: " " for code in range(0x20) if code not in (0x0A, 0x0D)}
CLEANING = {**BLANKED, **TAKEN_OUT}


def units(text: str) -> int:
    """Length in UTF-16 code units, in which Telegram counts text, offsets and limits."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def clean(text: str) -> str:
    """Text without the characters that Telegram does not carry."""
    return text.translate(CLEANING)


def trimmed(text: str, entities: list[Json]) -> tuple[str, list[Json]]:
    """Text without blanks around it, entities cut to match, as the server does with every message."""
    if text and not text[0].isspace() and not text[-1].isspace():
        return text, entities
    shift = units(text) - units(text.lstrip())
    text = text.strip()
    end = units(text)
    kept = []
    for entity in entities:
        start = max(entity["offset"] - shift, 0)
        stop = min(entity["offset"] + entity["length"] - shift, end)
        if stop > start:
            kept.append({**entity, "offset": start, "length": stop - start})
    return text, kept
