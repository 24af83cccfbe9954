"""Nothing that follows from a name is on the disk or in a log, however much staff search, compare and tie."""

import io
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot import logs
from casework.name_keys import words_of
from db.engine import clear_traces
from tests.databases import lay_open
from tests.handlers.desk import BOSS, at_desk, reference_in
from tests.handlers.paths import to_confirmation
from tests.logged import logged
from tests.machine import Machine, running
from tests.traces import found_below, found_in

# So long that the consonants alone are a word that stands nowhere by chance.
NAMES = {
    "one": "Абдулмуслимханова",
    "other": "عبدالمسلمخانوفا",
    "typed": "Abdulmuslimkhanova",
}
HOLD_THE_TOKEN = ("config.toml",)


@pytest.fixture
def log_lines() -> Iterator[io.StringIO]:
    with logged() as stream:
        logs.set_up("DEBUG", as_json=False)
        logging.getLogger().setLevel(logging.DEBUG)
        yield stream


def keys_of_names() -> dict[str, str | int]:
    """Return the names, and every key that is made of them."""
    found: dict[str, str | int] = dict(NAMES)
    for called, name in NAMES.items():
        (word,) = words_of(name)
        found |= {f"{called}: sound": word.latin, f"{called}: bones": word.bones}
    return found


async def search_and_tie(machine: Machine) -> str:
    """Let staff do all there is to do with the index; return what they were shown."""
    staff = await at_desk(machine)
    one, other = machine.person(1001), machine.person(1002)
    await to_confirmation(one, NAMES["one"])
    await to_confirmation(other, NAMES["other"])
    for typed in (*NAMES.values(), reference_in(one), "2017 Iraq"):
        await staff.say(f"/find {typed}")
    await staff.say(f"/case {reference_in(one)}")
    await staff.press("Take it")
    await staff.press("Same person elsewhere?")
    await staff.press(f"1 · {reference_in(other)}")
    await staff.press("Two families ask for one person")
    return str(staff.from_bot)


async def test_no_name_and_no_key_of_one_is_on_the_disk_or_in_a_log(
    tmp_path: Path, log_lines: io.StringIO
) -> None:
    canaries = keys_of_names()
    assert min(len(str(each)) for each in canaries.values()) > 8
    async with running(tmp_path, admins=(BOSS,)) as machine:
        shown = await search_and_tie(machine)
        held = machine.homeward.around.names.cases
        assert len(held) == 2
        lay_open(machine.homeward.engine, tmp_path)
        clear_traces(machine.homeward.engine)
        assert found_below(tmp_path, canaries, but=HOLD_THE_TOKEN) == []
        assert machine.set_aside() == 0
    assert found_below(tmp_path, canaries, but=HOLD_THE_TOKEN) == []
    assert found_in(log_lines.getvalue().encode(), canaries) == []
    assert found_in(shown.encode(), NAMES), "a control: it would be found"
