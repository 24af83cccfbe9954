"""docs/security.md names the tests that show what must hold: each of them has to be there."""

import ast
import re
from functools import cache

import pytest

from bench.processes import ROOT

_ROW = re.compile(r"^\| (\d+) \|", re.MULTILINE)
_PAGE = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
_NAMED = sorted(set(re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", _PAGE)))


@cache
def functions_in(path: str) -> frozenset[str]:
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    functions = (each for each in ast.walk(tree) if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef))
    return frozenset(each.name for each in functions)


@pytest.mark.parametrize(("path", "name"), _NAMED)
def test_what_the_page_names_is_there(path: str, name: str) -> None:
    assert name in functions_in(path)


def test_every_threat_has_a_row_and_every_row_names_a_test() -> None:
    assert [int(number) for number in _ROW.findall(_PAGE)] == list(range(1, 23))
    rows = [line for line in _PAGE.splitlines() if _ROW.match(line)]
    assert all("::test_" in row for row in rows)
