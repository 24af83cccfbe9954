"""Exports: only what the family allows, only what was approved, and nothing in a cell that could run."""

import re
from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook
from sqlalchemy import Connection, select, update

from bot.spreadsheets import Sheet, cell_of, write_spreadsheet
from casework import audit, exporting
from casework.blocks import block_of
from casework.erasure import erase_request
from casework.exporting import EXPORTED, Left, Line, Recipient, Wanted
from db.models import Audit, Request
from tests.casework.hostile import hostile_names, how_many
from tests.casework.seeded import NOW, Office, make_office

FOR = Wanted(Recipient.AUTHORITIES)
_STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠", "|", "%")


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return make_office(tmp_path)


@pytest.fixture
def connection(office: Office) -> Iterator[Connection]:
    with office.engine.begin() as opened:
        yield opened


def allowing(*recipients: str, **more: Any) -> dict[str, list[dict[str, Any]]]:
    return {"sharing": [{**dict.fromkeys(recipients, "yes"), **more}]}


def made(office: Office, connection: Connection, wanted: Wanted, request_ids: tuple[int, ...]) -> list[Line]:
    released = exporting.release(connection, office.keys, wanted, request_ids, Left(7, 70, NOW))
    lines = exporting.lines_of(connection, office.keys, wanted, released)
    assert {line.request_id for line in lines} == set(released)
    return lines


def test_the_recipients_are_those_that_families_are_asked_about() -> None:
    sharing = block_of("sharing")
    assert sharing is not None
    assert set(Recipient) <= {question.key for question in sharing.questions}


def test_only_who_said_yes_to_this_recipient_is_in_it(office: Office, connection: Connection) -> None:
    yes = office.file(connection, entries=allowing("authorities"))
    office.file(connection, entries=allowing("red_cross", authorities="no"))
    office.file(connection)
    found = exporting.select_for(connection, office.keys, FOR)
    assert found.request_ids == (yes,)
    assert (found.persons, found.not_allowed, found.kept_back) == (1, 2, 0)
    assert [line.request_id for line in made(office, connection, FOR, found.request_ids)] == [yes]


@pytest.mark.parametrize("words", ["Not to her uncle", {"file": 5, "as": "voice"}])
def test_what_is_to_be_kept_from_somebody_is_left_out_and_counted(
    office: Office, connection: Connection, words: Any
) -> None:
    kept = office.file(connection, entries=allowing("authorities", withhold=words))
    found = exporting.select_for(connection, office.keys, FOR)
    assert (found.request_ids, found.kept_back, found.left_out) == ((), 1, 1)
    assert made(office, connection, FOR, (kept,)) == []


def test_withdrawn_erased_and_withdrawn_persons_are_in_none(office: Office, connection: Connection) -> None:
    gone = office.file(connection, entries=allowing("authorities"))
    erased = office.file(connection, entries=allowing("authorities"))
    half = office.file(connection, {"stage": "withdrawn"}, {"name": "Yusuf"}, entries=allowing("authorities"))
    connection.execute(update(Request).where(Request.id == gone).values(withdrawn_at=NOW))
    erase_request(connection, erased, NOW)
    found = exporting.select_for(connection, office.keys, FOR)
    assert found.request_ids == (half,)
    assert found.left_out == 0
    lines = made(office, connection, FOR, (gone, erased, half))
    assert [line.answers["name"] for line in lines] == ["Yusuf"]


def test_stage_country_and_place_narrow_it_by_person(office: Office, connection: Connection) -> None:
    office.file(
        connection,
        {"name": "Amina", "stage": "located", "country": "SY"},
        {"name": "Yusuf", "stage": "located", "country": "IQ"},
        entries=allowing("authorities"),
    )
    wanted = Wanted(Recipient.AUTHORITIES, stage="located", country="SY")
    found = exporting.select_for(connection, office.keys, wanted)
    assert found.persons == 1
    assert [line.answers["name"] for line in made(office, connection, wanted, found.request_ids)] == ["Amina"]
    nowhere = Wanted(Recipient.AUTHORITIES, site_id=12345)
    assert exporting.select_for(connection, office.keys, nowhere).request_ids == ()
    assert Wanted.from_json(wanted.to_json()) == wanted


def test_nothing_gets_in_that_was_not_approved_nor_what_was_refused_since(
    office: Office, connection: Connection
) -> None:
    first = office.file(connection, entries=allowing("authorities"), at=NOW - timedelta(days=2))
    approved = exporting.select_for(connection, office.keys, FOR).request_ids
    office.file(connection, entries=allowing("authorities"))
    assert [line.request_id for line in made(office, connection, FOR, approved)] == [first]
    other = Wanted(Recipient.PARTNERS)
    assert made(office, connection, other, approved) == []


def test_each_request_that_leaves_stands_in_the_audit_log(office: Office, connection: Connection) -> None:
    first = office.file(connection, {}, {}, entries=allowing("authorities"))
    second = office.file(connection, entries=allowing("authorities"))
    refused = office.file(connection)
    made(office, connection, FOR, (first, second, refused))
    rows = connection.execute(select(Audit).order_by(Audit.id)).all()
    assert [(row.action, row.account_id, row.request_id, row.subject_id) for row in rows] == [
        (EXPORTED, 7, first, 70),
        (EXPORTED, 7, second, 70),
    ]
    assert audit.verify(connection, office.keys) == 2


def test_one_request_that_does_not_open_does_not_stop_the_others(
    office: Office, connection: Connection
) -> None:
    broken = office.file(connection, entries=allowing("authorities"))
    sound = office.file(connection, entries=allowing("authorities"))
    connection.execute(update(Request).where(Request.id == broken).values(details=b"\x01" + bytes(40)))
    assert [line.request_id for line in made(office, connection, FOR, (broken, sound))] == [sound]


def written(*rows: list[str], right_to_left: bool = False) -> bytes:
    sheet = Sheet("Authorities", ["Reference", "Name"], rows, right_to_left)
    return write_spreadsheet(sheet)


def test_hostile_names_are_words_in_cells_and_nothing_else() -> None:
    names = hostile_names(how_many(2_000))
    content = written(*([f"HW-{number}", name] for number, name in enumerate(names)))
    table = load_workbook(BytesIO(content)).active
    assert table is not None
    assert table.max_row == len(names) + 1
    assert table.max_column == 2
    for row in table.iter_rows():
        for cell in row:
            assert cell.data_type in {"s", "n"}  # n: an empty cell
            assert cell.hyperlink is None
            assert not isinstance(cell.value, int | float)
            assert not str(cell.value or "").startswith(_STARTS)
    assert [row[0].value for row in table.iter_rows(min_row=2)] == [f"HW-{n}" for n in range(len(names))]
    parts = _parts(content)
    assert not any("<f>" in part or "<f " in part or "hyperlink" in part for part in parts.values())


def _parts(content: bytes) -> dict[str, str]:
    with ZipFile(BytesIO(content)) as file:
        return {each: file.read(each).decode() for each in file.namelist()}


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("  =1+1", "'=1+1"),
        ("\t=1+1", "'=1+1"),
        ("\r\n@SUM(A1)", "'@SUM(A1)"),
        ("\u202e=1", "'=1"),
        ("\x00=1", "'=1"),
        ("+7 928 000-00-00", "'+7 928 000-00-00"),
        ("Amina = mother", "Amina = mother"),
        ("Амина", "Амина"),
        ("", ""),
        ("a\ud800b", "a?b"),
    ],
)
def test_what_begins_like_a_formula_gets_an_apostrophe(text: str, cell: str) -> None:
    assert cell_of(text) == cell


def test_a_cell_holds_no_more_than_a_cell_may() -> None:
    assert len(cell_of("=" * 100_000)) == 32_767


def test_the_file_tells_nothing_but_its_table() -> None:
    """No author, no company, no time, nothing hidden; the same table gives the same bytes."""
    content = written(["HW-1", "Amina"])
    parts = _parts(content)
    core = parts["docProps/core.xml"]
    assert set(re.findall(r"\d{4}-\d\d-\d\d", core)) == {"2000-01-01"}
    assert re.findall(r"<dc:creator>(.*?)</dc:creator>", core) in ([""], [])
    assert not re.search(r"hidden|comments|definedName|externalLink", "".join(parts.values()))
    assert written(["HW-1", "Amina"]) == content
    with ZipFile(BytesIO(content)) as file:
        assert {each.date_time[0] for each in file.infolist()} == {1980}


def test_an_arabic_sheet_runs_from_right_to_left() -> None:
    for right_to_left in (True, False):
        book = load_workbook(BytesIO(written(["HW-1", "آمنة"], right_to_left=right_to_left)))
        assert book.active is not None
        assert bool(book.active.sheet_view.rightToLeft) is right_to_left
        assert book.active.freeze_panes == "A2"


@pytest.mark.parametrize("called", ["[Authorities]:*?/\\", "'", "", "W" * 80, "History"])
def test_whatever_the_sheet_is_called_the_file_opens(called: str) -> None:
    sheet = Sheet(called, ["Name"], [["Amina"]])
    content = write_spreadsheet(sheet)
    assert load_workbook(BytesIO(content)).active is not None
