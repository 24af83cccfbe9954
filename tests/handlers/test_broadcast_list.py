"""The list of those whom a broadcast may not have reached, opened as staff open it: who, why, and how to call them."""

from collections.abc import AsyncIterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from sqlalchemy import select

from casework.erasure import erase_request
from casework.looking_up import request_of
from db.models import Audit
from simulator.faults import Fault
from tests.casework.seeded import Office as Seeds
from tests.family import Family, buttons_of
from tests.handlers.broadcasting import begin, families, opens, states, write
from tests.handlers.desk import BOSS, at_desk
from tests.machine import BOT_ID, Machine, running

# It is 18:00 there, so that nothing leaves before the story wants it.
ASLEEP: dict[str, Any] = {"zone": "Asia/Tokyo", "quiet_from": 17 * 60, "quiet_until": 19 * 60}
FORMULA = '=HYPERLINK("https://made.up";"Zainab")'
UNSURE = {"name": FORMULA, "phone": "+79280000000", "hours": "evening"}
AWAY = {"name": "أم مريم", "phone": "+963944567890", "hours": "write"}


@pytest.fixture
async def machine(tmp_path: Path) -> AsyncIterator[Machine]:
    async with running(tmp_path, admins=(BOSS,)) as opened:
        yield opened


def files(machine: Machine, person: int, requester: dict[str, Any]) -> int:
    """Let somebody have filed a request; return it."""
    seeds = Seeds(machine.homeward.engine, machine.homeward.around.keys)
    with machine.homeward.engine.begin() as connection:
        request = seeds.file(connection, at=machine.homeward.clock.now(), requester=requester)
    opens(machine, person, request)
    return request


async def sent(machine: Machine, anna: Family) -> list[int]:
    """Send it to one of whom nobody knows afterwards, to two who have blocked us, the second without a request, and to
    one who gets it; return the requests of the first two.
    """
    unsure, away, unknown, reached = families(machine, ["ru", "ar", "ar", "ru"], **ASLEEP)
    requests = [files(machine, unsure, UNSURE), files(machine, away, AWAY)]
    files(machine, reached, {"name": "Madina"})
    for person in (away, unknown):
        machine.world.private[BOT_ID, person].blocked = True
    await begin(anna, "Language: Русский")
    await anna.press("To whom")
    await anna.press("Take out line 1")
    await anna.press("Language")
    for language in ("Русский", "العربية"):
        await anna.press(language)
    await anna.press("Done")
    await anna.press("← Back")
    for language in ("Русский", "العربية"):
        await write(anna, language, "Made-up words.")
    await anna.press("Look at it and send")
    await anna.press("Send now")
    machine.world.faults.add(Fault("drop", methods=("sendMessage",), count=1))
    machine.later(hours=2)
    await machine.tick()
    return requests


def list_of(anna: Family) -> Workbook:
    """Open the newest file that Anna was sent."""
    document = next(each["document"] for each in reversed(anna.from_bot) if "document" in each)
    return load_workbook(BytesIO(anna.machine.world.files[document["file_id"]].upload.content))


def cells(book: Workbook) -> list[list[str]]:
    assert book.active is not None
    return [[str(cell or "") for cell in row] for row in book.active.iter_rows(values_only=True)]


def named(machine: Machine, reference: str) -> int | None:
    with machine.homeward.engine.begin() as connection:
        return request_of(connection, machine.homeward.around.keys, reference)


async def test_it_says_who_why_and_how_to_call_and_runs_nothing(machine: Machine) -> None:
    anna = await at_desk(machine)
    unsure, away = await sent(machine, anna)
    assert states(machine) == ["blocked", "blocked", "sent", "uncertain"]
    report = next(each for each in reversed(anna.from_bot) if each.get("photo"))
    await anna.press("List of those not reached", message=report)
    book = list_of(anna)
    heading, *rows = cells(book)
    assert heading == ["Why", "Reference", "Who asks", "Telephone", "When to call", "Language"]
    blocked, doubt = "has blocked the bot or is gone", "may have got it, nobody knows"
    assert [[row[0], *row[2:]] for row in rows] == [
        [blocked, "أم مريم", "'+963 944 567 890", "Only write, do not call", "العربية"],
        [blocked, "", "", "", "العربية"],
        [doubt, f"'{FORMULA}", "'+7 928 000-00-00", "In the evening", "Русский"],
    ]
    assert [named(machine, row[1]) for row in rows] == [away, None, unsure]
    assert book.active is not None
    assert {cell.data_type for row in book.active.iter_rows() for cell in row} <= {"s", "n"}  # n: empty
    assert not any(cell.hyperlink for row in book.active.iter_rows() for cell in row)
    assert not book.active.sheet_view.rightToLeft
    with machine.homeward.engine.begin() as connection:
        opened = connection.scalars(select(Audit.request_id).where(Audit.action == "broadcast_list")).all()
    assert set(opened) == {unsure, away}


async def test_an_arabic_reader_gets_it_from_right_to_left_in_arabic(machine: Machine) -> None:
    anna = await at_desk(machine)
    await sent(machine, anna)
    await anna.say("/language")
    await anna.press("العربية")
    anna.language = "ar"
    report = next(each for each in reversed(anna.from_bot) if each.get("photo"))
    await anna.press(buttons_of(report)[-1]["text"], message=report)
    book = list_of(anna)
    assert book.active is not None
    assert book.active.sheet_view.rightToLeft
    arabic = machine.homeward.around.locales.get("ar")
    heading, first, *_ = cells(book)
    assert heading[0] == arabic.plain("Why") != "Why"
    assert first[0] == arabic.plain("has blocked the bot or is gone")
    assert first[4] == arabic.plain("Only write, do not call")
    telephone = book.active["D2"]  # back to front it would be another one
    assert telephone.value == "'+963 944 567 890"
    assert telephone.alignment.readingOrder == 1


async def test_what_was_erased_before_the_file_was_made_is_not_in_it(machine: Machine) -> None:
    anna = await at_desk(machine)
    unsure, _ = await sent(machine, anna)
    with machine.homeward.engine.begin() as connection:
        erase_request(connection, unsure, machine.homeward.clock.now())
    report = next(each for each in reversed(anna.from_bot) if each.get("photo"))
    await anna.press("List of those not reached", message=report)
    doubt = cells(list_of(anna))[-1]
    assert doubt == ["may have got it, nobody knows", "", "", "", "", "Русский"]
