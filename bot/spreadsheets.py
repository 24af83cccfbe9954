"""A spreadsheet made at the moment it is sent: words in cells, and nothing that a program could run or follow.

Every cell is a string. What begins like a formula gets an apostrophe before it, since the file may be saved as CSV and
opened again (OWASP, CSV injection). No links, no author, no time of its own. In a sheet that runs from right to left a
cell without a letter that does so is read from left to right: a telephone number would stand there back to front.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO

from bot.i18n import shown

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_LONGEST_CELL = 32_767  # characters; Excel's own limit
_LONGEST_NAME = 31  # of a sheet
_FORMULA = re.compile(r"\s*[=+\-@＝＋－＠|%]|[\t\r\n]")
_NOT_IN_A_NAME = re.compile(r"[\[\]:*?/\\']")
_NO_XML = re.compile("[\ufffe\uffff]")
_NARROWEST, _WIDEST = 10, 45  # characters
_LONG_AGO = datetime(2000, 1, 1)  # noqa: DTZ001 - the file takes no zone; when it was made is nobody's business
_TEXT = {"num_format": "@"}
_LEFT_TO_RIGHT = {"reading_order": 1}  # of a cell, whatever its sheet says
_SAFE = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


@dataclass(frozen=True)
class Sheet:
    """One sheet: headings, and rows of as many words each."""

    called: str
    headings: Sequence[str]
    rows: Sequence[Sequence[str]]
    right_to_left: bool = False


def write_spreadsheet(table: Sheet) -> bytes:
    """Write the file and return its bytes."""
    from xlsxwriter import Workbook

    rows = [table.headings, *table.rows]
    out = BytesIO()
    with Workbook(out, _SAFE) as book:
        book.set_properties({"created": _LONG_AGO})
        sheet = book.add_worksheet(_name(table.called))
        if table.right_to_left:
            sheet.right_to_left()
        heading, words = book.add_format({"bold": True}), book.add_format(_TEXT)
        turned = book.add_format({**_TEXT, **_LEFT_TO_RIGHT}) if table.right_to_left else words
        for column, cell in enumerate(table.headings):
            sheet.write_string(0, column, cell_of(cell), heading)
        for number, row in enumerate(table.rows, 1):
            for column, cell in enumerate(row):
                sheet.write_string(number, column, cell_of(cell), words if _right_to_left(cell) else turned)
        for column, widest in enumerate(_widths(rows)):
            sheet.set_column(column, column, widest)
        sheet.freeze_panes(1, 0)
    return out.getvalue()


def cell_of(text: str) -> str:
    """Return a text as it may stand in a cell: nothing invisible in it, and no beginning of a formula."""
    whole = text.encode(errors="replace").decode()  # half of a surrogate pair is no text
    risky = _FORMULA.match(whole) is not None
    visible = _NO_XML.sub("", shown(whole)).strip()
    risky = risky or _FORMULA.match(visible) is not None
    return (f"'{visible}" if risky else visible)[:_LONGEST_CELL]


def _right_to_left(text: str) -> bool:
    """Whether it holds a letter that is written so (Unicode, bidirectional classes R and AL)."""
    return any(unicodedata.bidirectional(sign) in {"R", "AL"} for sign in text)


def _name(text: str) -> str:
    return _NOT_IN_A_NAME.sub(" ", cell_of(text))[:_LONGEST_NAME].strip() or "1"


def _widths(table: Sequence[Sequence[str]]) -> list[int]:
    return [
        max(_NARROWEST, min(_WIDEST, max(len(cell) for cell in column) + 2))
        for column in zip(*table, strict=True)
    ]
