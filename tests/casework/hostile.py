"""Names that try to be something else: formulas, markup, directions, commands, and anything at all."""

import os
from random import Random

_PIECES = (
    '=HYPERLINK("http://example.org","open")',
    "=1+1",
    "+1-555-0100",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1,1)",
    "\t=1+1",
    "\r=1+1",
    "＝1+1",
    " =1+1",
    "'=1+1",
    "{=A1}",
    "http://example.org/",
    "mailto:a@example.org",
    "internal:Sheet1!A1",
    "<b>Amina</b>",
    "<script>alert(1)</script>",
    "]]>&lt;",
    "_x0041_",
    "_x000D_",
    "\x00\x07\x1b[31m",
    "\u202eanimA\u202c",
    "\u2066Amina\u2069",
    "\u200f\u200e\u061c",
    "آمنة",
    "Амина",
    "👩‍👧",
    "ﷺ",
    "Z̶̡̛a̷l̸g̶o̵" + "\u0301" * 60,
    "{name} %s %(n)d",
    "../../etc/passwd",
    "A" * 5000,
    "\ud800",
    "\ufffe\uffff",
    "1e400",
    "00012",
    "2026-11-22",
    "TRUE",
    "#REF!",
    "\n\n\n",
    "",
)


def how_many(usual: int) -> int:
    """Return how many names a test takes: `make hostile` asks for 10,000."""
    return int(os.environ.get("HOSTILE", usual))


def hostile_names(count: int, seed: int = 4) -> list[str]:
    """Return so many: each piece by itself, then pieces and strange signs thrown together."""
    dice = Random(seed)  # noqa: S311 - dice of a test
    names = list(_PIECES[:count])
    while len(names) < count:
        pieces = [dice.choice(_PIECES) for _ in range(dice.randrange(1, 4))]
        signs = [chr(dice.choice((dice.randrange(0x20), dice.randrange(0x3000), 0x1F600))) for _ in range(3)]
        dice.shuffle(parts := [*pieces, *signs])
        names.append("".join(parts))
    return names
