"""/export: chosen, narrowed, asked for by one admin, approved by another, and handed over as a table."""

from collections.abc import AsyncIterator
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlalchemy import select, update

from casework.erasure import erase_request
from casework.exporting import EXPORTED, MOST, Recipient, Wanted
from db.models import Audit, Outbox, Request
from handlers.staff.export_file import ExportFiles, recipe_of
from tests.casework.seeded import Office as Seeds
from tests.family import Family, buttons_of, words_of
from tests.handlers.desk import BOSS, at_desk, invited
from tests.handlers.paths import to_menu
from tests.machine import Machine, running

ALLOWED = {"sharing": [{"authorities": "yes", "red_cross": "no"}]}


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Machine]:
    async with running(tmp_path, admins=(BOSS,)) as machine:
        yield machine


def filed(machine: Machine, *persons: dict[str, Any], allowed: bool = True, **more: Any) -> int:
    seeds = Seeds(machine.homeward.engine, machine.homeward.around.keys)
    with machine.homeward.engine.begin() as connection:
        return seeds.file(
            connection, *persons, at=machine.homeward.clock.now(), entries=ALLOWED if allowed else {}, **more
        )


def tables(person: Family) -> list[list[list[str]]]:
    """Return every table this person was sent, row by row."""
    files = person.machine.world.files
    sent = [message["document"] for message in person.from_bot if "document" in message]
    return [rows_of(files[each["file_id"]].upload.content) for each in sent]


def rows_of(content: bytes) -> list[list[str]]:
    table = load_workbook(BytesIO(content)).active
    assert table is not None
    return [[str(cell or "") for cell in row] for row in table.iter_rows(values_only=True)]


async def two_admins(machine: Machine, language: str = "en", own: str = "English") -> tuple[Family, Family]:
    admin = await at_desk(machine)
    second = await invited(machine, admin, 901, "Vera", "admin")
    await second.say("/settings")
    if language != "en":
        await second.say("/language")
        await second.press(own)
        second.language = language
        await second.say("/desk")
    return admin, second


async def asked_for(person: Family) -> None:
    await person.say("/export")
    await person.press("Authorities")
    await person.press("Ask a second person")


async def approved(person: Family) -> None:
    await person.say("/approvals")
    await person.press("1. Export")
    await person.press("Approve")


async def test_one_asks_another_approves_and_the_first_gets_the_table(office: Machine) -> None:
    admin, second = await two_admins(office)
    filed(office, {"name": "Amina Alieva", "country": "SY"}, {"name": "=Yusuf"})
    filed(office, {"name": "Madina"}, allowed=False)
    await second.say("/export")
    await second.press("Authorities")
    assert second.sees("Export for: Authorities")
    assert second.sees("In the file: 1 request, 2 persons.")
    assert second.sees("Left out, because the family has not allowed it: 1.")
    await second.press("Ask a second person")
    assert tables(second) == []
    await admin.say("/approvals")
    await admin.press("1. Export")
    assert admin.sees("In the file: 1 request, 2 persons.")
    assert "Amina" not in admin.text
    await admin.press("Approve")
    assert admin.sees("Approved, and done.")
    assert tables(admin) == []
    heading, first, other = tables(second)[0]
    row = dict(zip(heading, first, strict=True))
    assert row["Name"] == "Amina Alieva"
    assert row["Country now"] == "Syria"
    assert row["Where the office has them"] == "Syria"
    assert row["Birth date or age"] == "2017"
    assert row["Stage"] == "Arrived at the office"
    assert row["Reference"].startswith("HW-")
    assert dict(zip(heading, other, strict=True))["Name"] == "'=Yusuf"
    assert not any("Madina" in cell for row in tables(second)[0] for cell in row)


async def test_the_file_is_protected_and_sealed_on_its_way(office: Machine) -> None:
    admin, second = await two_admins(office)
    filed(office, {"name": "Amina Alieva"})
    await asked_for(second)
    await approved(admin)
    file = next(message for message in reversed(second.from_bot) if "document" in message)
    assert file["has_protected_content"]
    assert file["document"]["file_name"] == "export-2026-11-22.xlsx"
    assert "Amina" not in file.get("caption", "")
    with office.homeward.engine.begin() as connection:
        payloads = connection.scalars(select(Outbox.payload)).all()
    assert not any(b"Amina" in payload for payload in payloads if payload)


async def test_the_table_speaks_the_language_of_who_asked(office: Machine) -> None:
    admin, second = await two_admins(office, "ar", "العربية")
    filed(office, {"name": "Amina Alieva", "country": "SY"})
    await asked_for(second)
    await approved(admin)
    heading, row = tables(second)[0]
    assert "المرحلة" in heading
    assert "سوريا" in row
    files = office.world.files
    sent = next(message["document"] for message in second.from_bot if "document" in message)
    book = load_workbook(BytesIO(files[sent["file_id"]].upload.content))
    assert book.active is not None
    assert book.active.sheet_view.rightToLeft


async def test_it_is_narrowed_by_stage_country_and_place(office: Machine) -> None:
    _, second = await two_admins(office)
    filed(office, {"country": "SY", "stage": "located"}, {"country": "IQ"})
    filed(office, {"country": "IQ"})
    await second.say("/export authorities")
    assert second.sees("In the file: 2 requests, 3 persons.")
    await second.press("Country")
    await second.press("Syria")
    assert second.sees("Country: Syria")
    assert second.sees("In the file: 1 request, 1 person.")
    await second.press("Stage")
    await second.press("Arrived at the office")
    assert second.sees("No request can be in it.")
    assert "Ask a second person" not in second.offered
    await second.press("Stage")
    await second.press("All of them")
    assert second.sees("In the file: 1 request, 1 person.")
    await second.press("Place")
    await second.press("Roj camp")
    assert second.sees("Place: Roj camp")
    assert second.sees("No request can be in it.")


async def test_what_the_family_refuses_meanwhile_does_not_leave(office: Machine) -> None:
    admin, second = await two_admins(office)
    first = filed(office, {"name": "Amina"})
    filed(office, {"name": "Madina"})
    await asked_for(second)
    with office.homeward.engine.begin() as connection:
        gone = update(Request).where(Request.id == first)
        connection.execute(gone.values(withdrawn_at=office.homeward.clock.now()))
    await approved(admin)
    assert len(tables(second)[0]) == 2
    assert any("Left out: 1." in words_of(message) for message in second.from_bot)


async def test_what_is_erased_before_the_file_is_made_is_not_in_it(office: Machine) -> None:
    """The row on its way names requests, and nothing of what is in them: it may lie there for long."""
    gone, stays = filed(office, {"name": "Amina"}), filed(office, {"name": "Madina"})
    around, engine = office.homeward.around, office.homeward.engine
    recipe = recipe_of(Wanted(Recipient.AUTHORITIES), [gone, stays], "en", date(2026, 11, 22))
    assert "Amina" not in str(recipe)
    render = ExportFiles(engine, around.keys, around.locales, around.zone)
    assert len(rows_of(render(recipe).content)) == 3
    with engine.begin() as connection:
        erase_request(connection, gone, office.homeward.clock.now())
    left = rows_of(render(recipe).content)
    assert len(left) == 2
    assert "Madina" in left[1]
    with engine.begin() as connection:
        erase_request(connection, stays, office.homeward.clock.now())
    assert len(rows_of(render(recipe).content)) == 1


async def test_where_nothing_is_left_nothing_is_made(office: Machine) -> None:
    admin, second = await two_admins(office)
    request_id = filed(office)
    await asked_for(second)
    with office.homeward.engine.begin() as connection:
        gone = update(Request).where(Request.id == request_id)
        connection.execute(gone.values(withdrawn_at=office.homeward.clock.now()))
    await approved(admin)
    assert admin.sees("Things have changed since this was asked for, so nothing was done.")
    assert tables(second) == []


async def test_each_case_that_left_is_in_the_audit_log(office: Machine) -> None:
    admin, second = await two_admins(office)
    ids = {filed(office), filed(office)}
    await asked_for(second)
    await approved(admin)
    with office.homeward.engine.begin() as connection:
        rows = connection.execute(select(Audit).where(Audit.action == EXPORTED)).all()
    assert {row.request_id for row in rows} == ids
    assert len({row.account_id for row in rows}) == 1


async def test_staff_and_families_have_no_export(office: Machine) -> None:
    admin = await at_desk(office)
    staff = await invited(office, admin, 902, "Boris")
    family = office.person(1003)
    await to_menu(family)
    filed(office)
    assert "Export" not in staff.offered
    for person in (staff, family):
        before = len(person.from_bot)
        for line in ("/export", f"/export {Recipient.AUTHORITIES}"):
            await person.say(line)
        said = " ".join(str(message.get("text")) for message in person.from_bot[before:])
        assert "For whom is the export?" not in said
        assert "In the file" not in said


async def test_only_another_admin_may_decide_on_it(office: Machine) -> None:
    """Staff decide on what staff may do; an export is none of that, by button or by a forged press."""
    admin, second = await two_admins(office)
    staff = await invited(office, admin, 902, "Boris")
    filed(office)
    await asked_for(second)
    await admin.say("/approvals")
    await admin.press("1. Export")
    approve = next(b["callback_data"] for b in buttons_of(admin.last) if b["text"] == "Approve")
    await staff.say("/approvals")
    assert staff.sees("Nothing waits for a second person.")
    for data in (approve, f"look:{approve.rpartition(':')[2]}"):
        token = buttons_of(staff.last)[0]["callback_data"].partition(":")[0]
        await staff.forge(f"{token}:{data.partition(':')[2] if data is approve else data}")
    await second.say("/approvals")
    await second.press("1. Export")
    assert "Approve" not in second.offered
    assert tables(second) == []


async def test_there_is_no_such_recipient(office: Machine) -> None:
    admin = await at_desk(office)
    await admin.say("/export neighbours")
    assert admin.sees("Write it like this: /export")


async def test_more_than_a_file_holds_is_not_asked_for(
    office: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    admin = await at_desk(office)
    filed(office)
    filed(office)
    monkeypatch.setattr("handlers.staff.exports.MOST", 1)
    await admin.say("/export authorities")
    assert admin.sees("At most 1 request fit into one file.")
    assert "Ask a second person" not in admin.offered
    assert MOST == 2000
