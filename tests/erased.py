"""What must be gone after something was erased, looked for as a thief would: in every file, by its bytes."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import LargeBinary, select

from db.models import Base
from db.sealed import Place, SealBroken
from tests.machine import Machine

Values = Mapping[tuple[str, str, Any], bytes]  # by table, column and row
_PIECE = 24  # bytes; a page may have kept a part of what was cut off


def binary_values(machine: Machine) -> dict[tuple[str, str, Any], bytes]:
    """Return every key, look-up value and sealed value in the database."""
    found: dict[tuple[str, str, Any], bytes] = {}
    with machine.homeward.engine.begin() as connection:
        for table in Base.metadata.sorted_tables:
            columns = [column for column in table.columns if isinstance(column.type, LargeBinary)]
            first = next(iter(table.primary_key.columns)).name
            if table.name == "setting":
                continue
            for row in connection.execute(select(table)).mappings():
                found |= {
                    (table.name, each.name, row[first]): row[each.name] for each in columns if row[each.name]
                }
    return found


def found_again(folder: Path, gone: Values) -> list[tuple[str, str, Any]]:
    """Name the values of which a piece stands in any file."""
    content = [path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()]
    return [place for place, value in gone.items() if any(_any_piece(value, raw) for raw in content)]


def _any_piece(value: bytes, raw: bytes) -> bool:
    starts = range(0, max(len(value) - _PIECE, 0) + 1, _PIECE)
    return any(value[start : start + _PIECE] in raw for start in starts)


def nothing_opens(machine: Machine, gone: Values) -> None:
    """Try whatever wrapped key is left, at every place where one was."""
    keys = machine.homeward.around.keys
    left = [value for place, value in binary_values(machine).items() if place[1] == "data_key"]
    for (table, column, row), old in gone.items():
        if column != "data_key":
            continue
        owner = Place(table, column, row)
        keys.data_key(old, owner)  # a control: until it was erased it did open
        for wrapped in [b"", *left]:
            with pytest.raises(SealBroken):
                keys.data_key(wrapped, owner)
