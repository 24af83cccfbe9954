"""Finding by any of the three scripts, with the reason; what changes is found changed, what is erased not at all."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from sqlalchemy import insert

from casework import erasure
from casework.entries import NameOf
from casework.finding import Reason
from casework.fits import Match
from casework.questions import UNKNOWN
from casework.sought import MOST_WORDS, YearTerm, read_sought
from casework.withdrawing import withdraw
from db.models import Site
from tests.casework.filing import NOW, Office

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


def test_a_whole_reference_is_found_without_reading_any_name(office: Office) -> None:
    one, other = office.named("Амина"), office.named("Седа")
    erasure.erase_request(office.connection, other.request_id, NOW)
    assert office.found(one.reference) == [one.request_id]
    assert office.found(other.reference) == []
    assert not office.index.begun


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
    assert "амина" not in office.index.held.words


def test_events_of_another_process_that_come_late_are_not_missed(office: Office) -> None:
    """Their ids are made before they are committed, so a smaller one may appear after a larger one."""
    first = office.named("Амина")
    office.find("Амина")
    office.index._events.newest = (office.index._events.newest or 0) + 1000
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


def test_where_nobody_fits_all_who_fits_in_part_is_named(office: Office) -> None:
    for name in ("Амина Алиева", "Седа", "Юсуф", "Хеда", "Малика"):
        office.named(name)
    (hit,) = office.find("Амина Никомуева")
    assert hit.reasons == (Reason(Match.SAME_NAME, NameOf.OWN, "Амина Алиева"),)
    exact = office.named("Амина Никомуева")
    assert office.found("Амина Никомуева") == [exact.request_id]


@given(st.text())
@example("1-2-" * 100)
@example("а-" * 100)
@example("0000 9999 12.12.0000")
@example("²²²² ٢٠١٦ ①②③④")
def test_whatever_is_typed_is_read_as_a_few_terms(text: str) -> None:
    sought = read_sought(text)
    assert len(sought.terms) <= MOST_WORDS + 1
    for term in sought.terms:
        if isinstance(term, YearTerm):
            assert 1900 <= term.first <= term.last <= 9999
