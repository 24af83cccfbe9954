"""What is installed is what was pinned: each package by its version and the hashes of its files."""

import re
import tomllib

import pytest

from bench.processes import ROOT

LISTS = ("requirements.txt", "requirements-dev.txt", "bench/peers/requirements.txt")
_PINNED = re.compile(
    r"^([\w.-]+)==[\w.!+]+(?: ; [^\\]+)?(?: \\\n    --hash=sha256:[0-9a-f]{64})+", re.MULTILINE
)


def _names(path: str) -> tuple[set[str], set[str]]:
    """Return what a list names, and what of it is pinned with hashes."""
    text = (ROOT / path).read_text(encoding="utf-8")
    named = set(re.findall(r"^([A-Za-z][\w.-]*)", text, re.MULTILINE))
    return named, set(_PINNED.findall(text))


@pytest.mark.parametrize("path", LISTS)
def test_every_package_has_a_version_and_hashes(path: str) -> None:
    named, pinned = _names(path)
    assert len(named) > 10
    assert named == pinned


def test_what_the_project_asks_for_is_pinned() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked = {re.split(r"[\[<>=]", each)[0].lower() for each in project["dependencies"]}
    assert asked <= _names("requirements.txt")[1]


def test_every_list_is_installed_by_its_hashes() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for path in LISTS:
        installs = [line for line in makefile.splitlines() if "install" in line and f"-r {path}" in line]
        assert installs
        assert all("--require-hashes" in line for line in installs)
