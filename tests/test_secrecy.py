"""Planted canaries: after a whole conversation with every fault, none is readable in a log or on the disk
(threats 1 and 17).
"""

import base64
import io
import logging
import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from sqlalchemy import insert

from bot import logs
from bot.dialog import OnCommand
from bot.turn import Turn
from db.models import Setting
from simulator.faults import Fault
from simulator.records import Upload
from tests.databases import ON_POSTGRESQL, lay_open
from tests.family import Family, words_of
from tests.handlers.paths import tell_of_a_person
from tests.handlers.sending import send_file, send_photo
from tests.logged import logged
from tests.machine import TOKEN, Machine, running
from tests.sent_files import PDF
from tests.traces import forms, found_below, found_in

USER_ID = 918_273_645_546
CANARIES: dict[str, str | int] = {
    "user id": USER_ID,
    "first name": "Zurikhanov",
    "last name": "Канарейкина",
    "username": "canary_of_grozny",
    "requester": "Хадижат Эльмурзаева",
    "Latin name": "Zulaikha Canaryeva",
    "Arabic name": "يوسف الكناري",
    "date as typed": "12.03.2017",
    "date as stored": "2017-03-12",
    "message": "Моя внучка в лагере, палатка 17",
    "words out of the blue": "Где мои внуки сейчас?",
    "words under a paper": "Паспорт Мадины, выдан в Грозном",
    "name of a file": "pasport-kanareykina.pdf",
    "words under a photo out of the blue": "Это она в детстве",
    "forwarded words": "Их увезли в пятницу ночью",
    "long text": "Мы ждём вас дома, родные",
    "words of a fault": "слова, на которых всё ломается",
    "words nobody can parse": "неразборчивое письмо канарейки",
    "token": TOKEN.partition(":")[2],
}
HOLD_THE_TOKEN = ("config.toml",)  # for its owner only; `homeward init` says so


@pytest.fixture
def log_lines() -> Iterator[io.StringIO]:
    """Everything that is logged, with our own level and every library's at DEBUG."""
    with logged() as stream:
        logs.set_up("DEBUG", as_json=False)
        logging.getLogger().setLevel(logging.DEBUG)
        yield stream


def raising(turn: Turn) -> None:
    """A mistake of ours that quotes what somebody wrote."""
    raise ValueError(f"cannot handle {turn.incoming.argument!r} of {turn.incoming.user_id}")


async def talk(machine: Machine) -> dict[str, str | int]:
    """Play the whole conversation with all its faults; return the canaries, with those that were made on the way."""
    machine.homeward.application.add_handler(OnCommand("break", raising), group=-1)
    family = machine.person(USER_ID, "ru", str(CANARIES["first name"]))
    machine.world.meet(USER_ID, last_name=str(CANARIES["last name"]), username=str(CANARIES["username"]))
    await file_a_request(family)
    made = made_on_the_way(family)
    await send_papers(family)
    await write_to_the_office(family)
    await meet_faults(machine, family)
    return {**CANARIES, **made, **presses(machine), **files(machine)}


async def file_a_request(family: Family) -> None:
    await family.say("/start")
    await family.press("Русский")
    await family.press("File a request")
    await family.press("I agree")
    await family.say(str(CANARIES["requester"]))
    await family.press("Grandmother")
    await tell_of_a_person(family, str(CANARIES["Latin name"]), str(CANARIES["date as typed"]), "Ирак")
    await family.press("Add another person")
    await tell_of_a_person(family, str(CANARIES["Arabic name"]), "2017-03-12", "Сирия")
    await family.press("No, check my answers")
    await family.press("Send my request")


def made_on_the_way(family: Family) -> dict[str, str | int]:
    said = " ".join(words_of(message) for message in family.from_bot)
    reference, receipt = re.search(r"HW-\w{4}-\w{4}(?!-)", said), re.search(r"\w{4}-\w{4}-\w{4}-\w{4}", said)
    assert reference
    assert receipt
    return {"reference": reference[0], "receipt code": receipt[0]}


async def send_papers(family: Family) -> None:
    """A paper, one more that is refused, a photo out of the blue that becomes a paper, and what is shown again."""
    await family.say("/mine")
    await family.press("Make the request stronger")
    await family.press_with("Papers")
    await family.press_with(str(CANARIES["Latin name"]))
    await family.press("Birth certificate")
    await send_photo(family, caption=str(CANARIES["words under a paper"]))
    paper = Upload(str(CANARIES["name of a file"]), PDF, "application/pdf")
    family.machine.world.send_file(family.id, "document", paper)
    family.machine.world.send_photo(family.id, b"MZ made up", caption=str(CANARIES["words under a paper"]))
    await family.machine.settle()
    await family.press("What you sent")
    await family.press_with("3. ")
    await family.press("See it again")
    await family.say("/start")
    await send_photo(family, caption=str(CANARIES["words under a photo out of the blue"]))
    await family.press("It is a paper")
    await family.press_with(str(CANARIES["Latin name"]))
    await family.press("Mother's documents")


async def write_to_the_office(family: Family) -> None:
    await family.say("/talk")
    await family.say(str(CANARIES["message"]))
    family.machine.world.forward(family.id, str(CANARIES["forwarded words"]), "Somebody")
    await send_file(family, "voice", caption=str(CANARIES["words under a photo out of the blue"]))
    await family.press("What was written")
    await family.press("← Back")
    await family.press("← Back")
    await family.say(str(CANARIES["words out of the blue"]))
    await family.press("Yes, pass it on")
    await family.say("/talk")
    await family.say(f"{CANARIES['long text']}. " * 150)
    await family.say("/new")
    await family.say(f"{CANARIES['requester']} again, a draft that stays")


async def meet_faults(machine: Machine, family: Family) -> None:
    for kind in ("429", "500", "502", "garbage", "drop", "outage"):
        machine.world.faults.add(Fault(kind, methods=("sendMessage",), count=2))
        await family.say(str(CANARIES["message"]))
    machine.world.faults.add(Fault("500", methods=("answerCallbackQuery",), count=1))
    await family.press("Talk to a person")
    await family.say(f"/break {CANARIES['words of a fault']}")
    sender = {"id": USER_ID, "first_name": CANARIES["first name"]}
    machine.world.put_update({"message": {"from": sender, "text": CANARIES["words nobody can parse"]}})
    machine.world.put_update({"edited_message": [CANARIES["words nobody can parse"]]})
    await machine.settle()
    assert machine.set_aside() == 3
    machine.world.block(USER_ID)
    await machine.settle()


def names_in(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def presses(machine: Machine) -> dict[str, str | int]:
    return {f"press {number}": int(query) for number, query in enumerate(machine.world.queries)}


def files(machine: Machine) -> dict[str, str | int]:
    """What Telegram calls the files: good for fetching them by whoever has the token."""
    return {f"file {number}": each for number, each in enumerate(machine.world.files)}


async def test_no_log_line_holds_a_canary(
    tmp_path: Path, log_lines: io.StringIO, caplog: pytest.LogCaptureFixture
) -> None:
    async with running(tmp_path) as machine:
        canaries = await talk(machine)
        logging.getLogger("telegram.Bot").debug("Calling %s with %s", TOKEN, CANARIES["message"])
        structlog.get_logger("bot").info("control.arrives", number=20261122)
    said = log_lines.getvalue()
    assert found_in(said.encode(), canaries) == []
    for event in ("intake.set_aside", "outbox.not_delivered", "outbox.press_unanswered", "library"):
        assert event in said
    # Controls: what is not withheld does arrive, and the libraries did say what was withheld.
    assert found_in(said.encode(), {"control": "20261122"})
    assert found_in(caplog.text.encode(), {"token": TOKEN, "message": CANARIES["message"]})


async def test_no_file_holds_a_canary_while_the_bot_runs_and_after_it_stopped(tmp_path: Path) -> None:
    async with running(tmp_path) as machine:
        canaries = await talk(machine)
        assert (
            lay_open(machine.homeward.engine, tmp_path) > 100_000
        )  # SQLite's not moved into the database yet
        assert found_below(tmp_path, canaries, but=HOLD_THE_TOKEN) == []
    of_database = {"postgresql"} if ON_POSTGRESQL else {"homeward.db", "homeward.db.lock"}
    assert names_in(tmp_path) == {"config.toml", "config.key", "files", *of_database}
    assert found_below(tmp_path, canaries, but=HOLD_THE_TOKEN) == []


async def test_the_token_does_not_show_when_settings_or_bot_are_printed(tmp_path: Path) -> None:
    async with running(tmp_path) as machine:
        await machine.person(USER_ID).say("/start")
        printed = f"{machine.homeward!r} {machine.homeward.settings}"
    assert found_in(printed.encode(), {"token": CANARIES["token"]}) == []


# Controls: the search finds what is there.


async def test_a_canary_in_an_unsealed_column_is_found_in_the_wal_and_then_in_the_database(
    tmp_path: Path,
) -> None:
    planted = {"planted": CANARIES["username"]}
    async with running(tmp_path) as machine:
        row = {"name": "planted", "value": str(CANARIES["username"]).encode()}
        with machine.homeward.engine.begin() as connection:
            connection.execute(insert(Setting), row)
        lay_open(machine.homeward.engine, tmp_path)
        found = {each.partition(":")[2] for each in found_below(tmp_path, planted)}
        assert " planted (plain utf-8)" in found
    assert ON_POSTGRESQL or "homeward.db: planted (plain utf-8)" in found_below(tmp_path, planted)


@pytest.mark.parametrize("name", ["user id", "requester", "Arabic name", "date as stored", "username"])
def test_every_encoding_of_a_canary_is_found(tmp_path: Path, name: str) -> None:
    for number, raw in enumerate(forms(CANARIES[name]).values()):
        (tmp_path / f"{number}").write_bytes(b"\x00around" + raw + b"around\xff")
    hit = {line.partition(":")[0] for line in found_below(tmp_path, {name: CANARIES[name]})}
    assert hit == {path.name for path in tmp_path.iterdir()}


@pytest.mark.parametrize("before", range(6))
def test_base64_is_found_wherever_in_its_group_the_canary_begins(before: int) -> None:
    inside = base64.b64encode(b"x" * before + str(CANARIES["requester"]).encode() + b"yy")
    assert found_in(inside, {"requester": CANARIES["requester"]})


def test_a_user_id_is_found_as_sqlite_keeps_an_integer(tmp_path: Path) -> None:
    database = sqlite3.connect(tmp_path / "plain.db")
    database.execute("CREATE TABLE t (chat_id BIGINT)")
    database.execute("INSERT INTO t VALUES (?)", [USER_ID])
    database.commit()
    database.close()
    assert found_below(tmp_path, {"user id": USER_ID}) == ["plain.db: user id (big)"]
