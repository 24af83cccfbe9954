"""The key file: for its owner only, never overwritten, and a damaged one is named with the mend."""

import base64
import os
import stat
from pathlib import Path

import pytest

from db.keys import KeyFileProblem, read_key_file, write_new_key_file
from db.sealed import Place

OWNER = Place("request", "data_key", 1)
GOOD = base64.b64encode(b"g" * 32).decode()
SHORT = base64.b64encode(b"g" * 16).decode()
DAMAGED = {
    "nothing in it": "",
    "not TOML": "current = ",
    "no current": f'lookup = "{GOOD}"\n[wrapping]\n1 = "{GOOD}"',
    "no lookup": f'current = 1\n[wrapping]\n1 = "{GOOD}"',
    "no wrapping": f'current = 1\nlookup = "{GOOD}"',
    "wrapping is no table": f'current = 1\nlookup = "{GOOD}"\nwrapping = "{GOOD}"',
    "current is not there": f'current = 2\nlookup = "{GOOD}"\n[wrapping]\n1 = "{GOOD}"',
    "current is no number": f'current = "one"\nlookup = "{GOOD}"\n[wrapping]\n1 = "{GOOD}"',
    "a version is no number": f'current = 1\nlookup = "{GOOD}"\n[wrapping]\n1 = "{GOOD}"\nold = "{GOOD}"',
    "a version is too large": f'current = 70000\nlookup = "{GOOD}"\n[wrapping]\n70000 = "{GOOD}"',
    "a version below zero": f'current = -1\nlookup = "{GOOD}"\n[wrapping]\n-1 = "{GOOD}"',
    "a wrapping key too short": f'current = 1\nlookup = "{GOOD}"\n[wrapping]\n1 = "{SHORT}"',
    "a look-up key too short": f'current = 1\nlookup = "{SHORT}"\n[wrapping]\n1 = "{GOOD}"',
    "not base64": f'current = 1\nlookup = "{GOOD}"\n[wrapping]\n1 = "{GOOD[:-1]}*"',
    "one letter lost": f'current = 1\nlookup = "{GOOD}"\n[wrapping]\n1 = "{GOOD[1:]}"',
    "a key is a number": f'current = 1\nlookup = 5\n[wrapping]\n1 = "{GOOD}"',
}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "homeward.key"


def written(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    path.chmod(0o600)
    return path


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077])
def test_only_the_owner_may_read_a_new_key_file(path: Path, umask: int) -> None:
    before = os.umask(umask)
    try:
        write_new_key_file(path)
    finally:
        os.umask(before)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_what_was_written_can_be_read_and_gives_the_same_ring_each_time(path: Path) -> None:
    write_new_key_file(path)
    key, wrapped = read_key_file(path).new_data_key(OWNER)
    again = read_key_file(path)
    assert again.data_key(wrapped, OWNER).open(key.seal("words", OWNER), OWNER) == "words"
    assert again.lookup("telegram", 1003) == read_key_file(path).lookup("telegram", 1003)


def test_keys_are_never_overwritten(path: Path) -> None:
    write_new_key_file(path)
    before = path.read_bytes()
    with pytest.raises(FileExistsError):
        write_new_key_file(path)
    assert path.read_bytes() == before


def test_keys_are_not_written_through_a_link(path: Path, tmp_path: Path) -> None:
    path.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(FileExistsError):
        write_new_key_file(path)
    assert not (tmp_path / "elsewhere").exists()


def test_each_file_has_keys_of_its_own(path: Path, tmp_path: Path) -> None:
    write_new_key_file(path)
    write_new_key_file(tmp_path / "other.key")
    one, other = read_key_file(path), read_key_file(tmp_path / "other.key")
    assert one.lookup("telegram", 1003) != other.lookup("telegram", 1003)


@pytest.mark.parametrize("mode", [0o604, 0o620, 0o640, 0o644, 0o601, 0o777])
def test_a_file_open_to_others_is_refused_with_the_mend(path: Path, mode: int) -> None:
    write_new_key_file(path)
    path.chmod(mode)
    with pytest.raises(KeyFileProblem, match=f"chmod 600 {path}"):
        read_key_file(path)


@pytest.mark.parametrize("mode", [0o600, 0o400])
def test_a_file_for_its_owner_only_is_taken(path: Path, mode: int) -> None:
    write_new_key_file(path)
    path.chmod(mode)
    read_key_file(path)


def test_a_missing_file_is_named_with_the_mend(path: Path) -> None:
    with pytest.raises(KeyFileProblem, match=f"{path}: there is no key file here. `homeward init` makes one"):
        read_key_file(path)


@pytest.mark.parametrize("content", DAMAGED.values(), ids=DAMAGED.keys())
def test_a_damaged_file_is_named_and_its_keys_are_not_repeated(path: Path, content: str) -> None:
    with pytest.raises(KeyFileProblem, match="damaged; restore it from your copy") as refused:
        read_key_file(written(path, content.encode()))
    assert str(path) in str(refused.value)
    assert GOOD[:8] not in str(refused.value)


def test_bytes_that_are_no_text_are_a_damaged_file(path: Path) -> None:
    with pytest.raises(KeyFileProblem, match="damaged; restore it from your copy"):
        read_key_file(written(path, b"\xff\xfe\x00current"))


def test_a_folder_in_the_file_s_place_is_named(path: Path) -> None:
    path.mkdir(mode=0o700)
    with pytest.raises(KeyFileProblem, match=str(path)):
        read_key_file(path)
