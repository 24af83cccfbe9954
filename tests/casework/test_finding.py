"""Finding by any of the three scripts, with the reason; what changes is found changed, what is erased not at all."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Connection, insert, select

from casework import dossiers, erasure
from casework.blocks import spot_of
from casework.drafts import Draft
from casework.entries import NameOf
from casework.finding import Hit, Match, Reason, search
from casework.name_index import NameIndex
from casework.questions import UNKNOWN
from casework.requests import Filed, file
from casework.sought import read_sought
from casework.withdrawing import withdraw
from db.ids import new_id
from db.models import Account, Site
from db.sealed import KeyRing
from tests.handlers.paths import to_menu
from tests.machine import Machine

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


@dataclass
class Office:
    """Requests of one account, and a search over them."""

    connection: Connection
    keys: KeyRing
    account_id: int
    index: NameIndex

    def file(self, *persons: dict[str, Any], requester: str = "Zainab") -> Filed:
        unknown = {"birth": UNKNOWN, "country": UNKNOWN}
        draft = Draft(
            {"name": requester, "relation": "aunt"},
            [unknown | person for person in persons],
            person_ids=[new_id() for _ in persons],
        )
        return file(self.connection, self.keys, self.account_id, "ru", draft, NOW)

    def named(self, name: Any, **more: Any) -> Filed:
        return self.file({"name": name, **more})

    def find(self, text: str) -> list[Hit]:
        return search(self.index, self.connection, self.keys, read_sought(text))

    def found(self, text: str) -> list[int]:
        return [hit.request_id for hit in self.find(text)]

    def change(self, request_id: int, spot: str, value: Any) -> None:
        dossier = dossiers.load(self.connection, self.keys, self.account_id, request_id)
        where = spot_of(spot)
        assert dossier is not None
        assert where is not None
        dossiers.change(self.connection, self.keys, self.account_id, dossier, where, value, NOW)


@pytest.fixture
async def office(machine: Machine) -> AsyncIterator[Office]:
    await to_menu(machine.person(1003))
    with machine.homeward.engine.begin() as connection:
        account = connection.scalars(select(Account.id)).one()
        yield Office(connection, machine.homeward.around.keys, account, NameIndex())


KHADIZHAT = ["Хадижат", "Khadizhat", "خديجة", "Khadijah", "Хадижа"]
AMINA = ["Амина", "Amina", "آمنة", "Аминат", "أمينة"]


@pytest.mark.parametrize("names", [KHADIZHAT, AMINA])
def test_a_name_is_found_in_any_script_and_the_same_spelling_comes_first(
    office: Office, names: list[str]
) -> None:
    office.named("Магомед")
    filed = {name: office.named(name).request_id for name in names}
    for typed in names:
        hits = office.find(typed)
        assert {hit.request_id for hit in hits} == set(filed.values())
        assert hits[0].request_id == filed[typed]
        assert hits[0].reasons == (Reason(Match.SAME_NAME, NameOf.OWN, typed),)


def test_each_result_says_why(office: Office) -> None:
    office.named("Хадижат Эльмурзаева", other_names="Khadija, Хава", mother_name="Зулихан Абуева")
    why = {
        "хадижат эльмурзаева": Reason(Match.SAME_NAME, NameOf.OWN, "Хадижат Эльмурзаева"),
        "Эльмурзаев": Reason(Match.SIMILAR, NameOf.OWN, "Хадижат Эльмурзаева"),
        "Khadizhat Elmurzaeva": Reason(Match.OTHER_SCRIPT, NameOf.OWN, "Хадижат Эльмурзаева"),
        "khadija": Reason(Match.SAME_NAME, NameOf.OTHER, "Khadija"),
        "хава": Reason(Match.SAME_NAME, NameOf.OTHER, "Хава"),
        "Zulihan": Reason(Match.OTHER_SCRIPT, NameOf.MOTHER, "Зулихан Абуева"),
        "زينب": Reason(Match.OTHER_SCRIPT, NameOf.REQUESTER, "Zainab"),
    }
    for typed, reason in why.items():
        assert [hit.reasons for hit in office.find(typed)] == [(reason,)], typed


def test_by_reference_whole_in_part_or_mistyped(office: Office) -> None:
    one, _other = office.named("Амина"), office.named("Амина")
    letters = one.reference.removeprefix("HW-")
    wrong = letters[:-1] + ("0" if letters[-1] != "0" else "1")
    assert [hit.reasons for hit in office.find(letters.lower())] == [(Reason(Match.REFERENCE),)]
    for typed in (one.reference[:7], "hw " + wrong):
        assert one.request_id in office.found(typed)
        assert office.find(typed)[0].reasons == (Reason(Match.LIKE_REFERENCE),)


def test_year_and_place_alone_and_beside_a_name(office: Office) -> None:
    roj = 5
    office.connection.execute(
        insert(Site), {"id": roj, "country": "SY", "kind": "camp", "name": "Roj", "status": "open"}
    )
    child = office.named("Амина", birth={"edtf": "2016"}, country="SY", place={"site": roj}).request_id
    older = office.named("Амина", birth={"edtf": "1999-03"}, country="IQ").request_id
    vague = office.named("Амина").request_id
    assert office.found("2016") == [child]
    assert office.found("12.03.1999 Ирак") == [older]
    assert office.found("سوريا") == [child]
    assert office.found("Рож") == [child]
    assert office.found("Амина 2016") == [child, vague, older]
    assert office.found("Амина ٢٠١٦")[0] == child
    assert office.found("Амина 1998-2000")[0] == older
    assert office.found("Амина Ирак")[0] == older
    assert [each.match for each in office.find("Амина 2015 Сирия")[0].reasons] == [
        Match.SAME_NAME,
        Match.COUNTRY,
        Match.NEAR_BIRTH,
    ]


def test_a_spoken_name_and_an_unknown_one_are_no_names(office: Office) -> None:
    office.named({"submission": 1}, mother_name=UNKNOWN)
    assert office.found(UNKNOWN) == []
    assert len(office.found("Zainab")) == 1


@pytest.mark.parametrize("nothing", ["", "  ", "...", "🙂", "<b>", "\u202e", "ب", "1", "/"])
def test_what_says_nothing_finds_nothing(office: Office, nothing: str) -> None:
    office.named("Хадижат")
    assert office.found(nothing) == []


def test_it_follows_what_changes(office: Office) -> None:
    before = office.named("Амина")
    assert office.found("Амина") == [before.request_id]
    after = office.named("Амина")
    assert set(office.found("Амина")) == {before.request_id, after.request_id}
    office.change(before.request_id, "person.0.name", "Седа")
    assert office.found("Амина") == [after.request_id]
    assert office.found("Seda") == [before.request_id]


def test_what_is_withdrawn_is_found_and_marked(office: Office) -> None:
    filed = office.named("Амина")
    assert [hit.withdrawn for hit in office.find("Амина")] == [False]
    withdraw(office.connection, office.keys, filed.request_id, office.account_id, NOW)
    assert [hit.withdrawn for hit in office.find("Амина")] == [True]


def test_what_is_erased_is_found_no_more_and_leaves_the_memory(office: Office) -> None:
    filed, other = office.named("Амина"), office.named("Седа")
    assert len(office.index.cases) == 0
    office.find("Амина")
    erasure.erase_request(office.connection, filed.request_id, NOW)
    assert office.found("Амина") == []
    assert set(office.index.cases) == {other.request_id}
    assert "амина" not in office.index._words


def test_events_of_another_process_that_come_late_are_not_missed(office: Office) -> None:
    """Their ids are made before they are committed, so a smaller one may appear after a larger one."""
    first = office.named("Амина")
    office.find("Амина")
    office.index._newest = (office.index._newest or 0) + 1000
    office.change(first.request_id, "person.0.name", "Седа")
    assert office.found("Седа") == [first.request_id]


def test_an_index_that_could_not_be_read_whole_is_read_anew(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    filed = office.named("Амина")
    with monkeypatch.context() as broken:
        broken.setattr("casework.name_index.open_entries", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            office.find("Амина")
    assert office.found("Амина") == [filed.request_id]
