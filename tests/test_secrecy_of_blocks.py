"""Canaries through every block, by every way of answering: none is readable anywhere afterwards (threats 1, 14, 17)."""

import logging
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from bot import logs
from bot.writer import StorageUnavailable
from casework.questions import SPOKEN
from tests.canaries import BROKEN, PLANTED, Story, questions
from tests.databases import ON_POSTGRESQL, impatient, lay_open, locked
from tests.handlers.test_strengthening import details_in
from tests.logged import logged
from tests.machine import Machine, running
from tests.submitting import held
from tests.traces import found_below, found_in

USER_ID = 918_273_645_546
HOLD_THE_TOKEN = ("config.toml",)


@contextmanager
def written_files() -> Iterator[list[str]]:
    """Note the name of every file that Python opens for writing meanwhile, temporary ones that are gone again too."""
    written: list[str] = []
    watching = True

    def note(event: str, arguments: tuple[Any, ...]) -> None:
        if watching and event == "open":
            path, _, flags = arguments
            if isinstance(path, str) and flags & (os.O_WRONLY | os.O_RDWR) and not path.endswith(".pyc"):
                written.append(path)

    sys.addaudithook(note)  # it stays until the process ends, and is deaf afterwards
    try:
        yield written
    finally:
        watching = False


def test_every_question_has_its_canary() -> None:
    """A new question is one entry in casework, its translations, and one line in tests/canaries.py."""
    assert set(PLANTED) == {f"{block.key}.{question.key}" for block, question in questions()}
    typed = [canary for planted in PLANTED.values() for canary in planted.canaries]
    assert len(set(typed)) == len(typed)


async def test_what_is_said_in_the_blocks_is_readable_nowhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))
    monkeypatch.setattr(tempfile, "tempdir", None)
    with logged() as log_lines:
        logs.set_up("DEBUG", as_json=False)
        logging.getLogger().setLevel(logging.DEBUG)
        async with running(tmp_path) as machine:
            story = Story(machine.person(USER_ID))
            with written_files() as written:
                await story.before_sending()
                await story.by_voice_and_photo()
                await story.talk()
                await story.settings()
                fault = await refused_by_the_database(machine, story)
            canaries = {**story.canaries, "user id": USER_ID}
            understood(machine)
            files = held(machine)
            assert lay_open(machine.homeward.engine, tmp_path) > 100_000
            assert found_below(tmp_path, canaries, but=HOLD_THE_TOKEN) == []
    assert found_below(tmp_path, canaries, but=HOLD_THE_TOKEN) == []
    assert found_in(log_lines.getvalue().encode(), canaries) == []
    assert found_in(fault.encode(), canaries) == []
    assert list(temporary.iterdir()) == []
    assert {Path(each).parent.name for each in written} == {"files"}
    pictures = [each for each in files if each.media_type == "image/jpeg"]
    assert [(each.refused_for, each.content) for each in files if each.state != "stored"] == []
    assert (
        len(pictures) == sum(question.kind in SPOKEN for _, question in questions()) + 1
    )  # and one in the talk
    assert [found_in(each.content, canaries) for each in pictures] == [[]] * len(pictures)


def understood(machine: Machine) -> None:
    """What was said is there, sealed: otherwise the search would prove nothing."""
    details, persons = details_in(machine)
    assert details["entries"]["mother"] == [{"status": "sentenced", "consent": "not_signed"}]
    assert details["requester"]["phone"] == "+79287345196"
    assert details["entries"]["sharing"][0]["withhold"]["as"] == "photo"
    assert persons[0]["birth"]["as"] == "photo"


@contextmanager
def broken(machine: Machine) -> Iterator[None]:
    """Let the database refuse what it is asked for. A table that is not there is no outage for PostgreSQL."""
    engine = machine.homeward.engine
    if ON_POSTGRESQL:
        impatient(engine)
        with locked(engine):
            yield
        return
    for statement in ("ALTER TABLE event RENAME TO gone", "ALTER TABLE gone RENAME TO event"):
        with engine.begin() as connection:
            connection.execute(text(statement))
        if "TO gone" in statement:
            yield


async def refused_by_the_database(machine: Machine, story: Story) -> str:
    """Let the database fail under an answer; return the error as it would be printed."""
    story.canaries["words of a fault"] = BROKEN
    await story.family.press("Make the request stronger")
    await story.family.press_with("About them")
    await story.family.press("✎ Marks")
    with broken(machine), pytest.raises(StorageUnavailable) as failed:
        await story.family.say(BROKEN)
    await machine.settle()
    error: BaseException | None = failed.value
    said = ""
    while error is not None:
        said += f"{error!r} {error}\n"
        error = error.__cause__ or error.__context__
    return said
