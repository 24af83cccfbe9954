"""Who in another request may be the same person, and why it is thought so."""

from casework import alike, ties
from casework.alike import Pair
from casework.entries import NameOf
from casework.finding import Reason
from casework.fits import Match
from casework.requests import Filed
from casework.ties import Kind
from casework.withdrawing import withdraw
from tests.casework.filing import NOW, Office


def suggested(office: Office, filed: Filed) -> list[Pair]:
    return alike.suggestions(office.index, office.connection, office.keys, filed.request_id)


def test_by_name_parents_birth_and_country(office: Office) -> None:
    one = office.named(
        "Хадижат Алиева",
        birth={"edtf": "2016"},
        country="SY",
        mother_name="Зулихан",
        father_name="Руслан Алиев",
    )
    office.named("خديجة", birth={"edtf": "2016-05"}, country="SY", mother_name="Zulikhan")
    (pair,) = suggested(office, one)
    assert pair.hit.reasons == (
        Reason(Match.OTHER_SCRIPT, NameOf.OWN, "خديجة"),
        Reason(Match.OTHER_SCRIPT, NameOf.MOTHER, "Zulikhan"),
        Reason(Match.BIRTH),
        Reason(Match.COUNTRY),
    )


def test_one_name_is_not_enough_where_the_rest_speaks_against_it(office: Office) -> None:
    child = office.named("Амина", birth={"edtf": "2016"}, country="SY", mother_name="Зулихан")
    office.named("Амина", birth={"edtf": "1950"}, country="IQ", mother_name="Седа")
    office.named("Седа", birth={"edtf": "2016"}, country="SY", mother_name="Зулихан")
    assert suggested(office, child) == []
    unknown = office.named("Амина")
    assert [pair.hit.request_id for pair in suggested(office, child)] == [unknown.request_id]


def test_another_name_of_one_may_be_the_name_of_the_other(office: Office) -> None:
    one = office.named("Айшат Юсупова", other_names="Umm Khadija; Марха Юсупова")
    other = office.named("Marha Yusupova")
    assert [pair.hit.request_id for pair in suggested(office, one)] == [other.request_id]
    assert [pair.hit.request_id for pair in suggested(office, other)] == [one.request_id]


def test_the_likeliest_first_and_a_few_only(office: Office) -> None:
    one = office.named("Амина Алиева", birth={"edtf": "2016"})
    for year in range(2010, 2020):
        office.named("Амина Алиева", birth={"edtf": str(year)})
    pairs = suggested(office, one)
    assert len(pairs) == alike.MOST_SUGGESTED
    assert pairs[0].theirs.years == (2016, 2016)


def test_each_person_of_a_request_is_looked_for(office: Office) -> None:
    one = office.file({"name": "Амина"}, {"name": "Юсуф"})
    two = office.file({"name": "Yusuf"}, {"name": "Amina"})
    found = {(pair.person.called, pair.theirs.called) for pair in suggested(office, one)}
    assert found == {("Амина", "Amina"), ("Юсуф", "Yusuf")}
    everybody = alike.beside(office.connection, office.keys, one.request_id, two.request_id)
    assert len(everybody) == 4
    assert {(pair.person.called, pair.theirs.called) for pair in everybody[:2]} == found


def test_one_chat_is_one_family_and_what_is_withdrawn_is_marked(office: Office) -> None:
    one, two = office.named("Амина"), office.named("Амина")
    assert [pair.one_chat for pair in suggested(office, one)] == [True]
    withdraw(office.connection, office.keys, two.request_id, office.account_id, NOW)
    assert [pair.hit.withdrawn for pair in suggested(office, one)] == [True]


def test_only_those_who_may_be_moved_are_moved(office: Office) -> None:
    one, two = office.named("Амина"), office.named("Амина")
    (pair,) = suggested(office, one)
    withdraw(office.connection, office.keys, two.request_id, office.account_id, NOW)
    arguments = (office.connection, office.keys, pair.own, pair.other, Kind.COMPETING, office.account_id, NOW)
    assert ties.tie(*arguments) == ()
    stages = {stage for _, stage in office.stages()}
    assert stages == {"competing_claim", "withdrawn"}


def test_a_tie_of_what_is_not_there_is_none(office: Office) -> None:
    one, two = office.named("Амина"), office.named("Амина")
    (pair,) = suggested(office, one)
    by, now = office.account_id, NOW
    mixed = ties.Side(pair.own.request_id, pair.other.person_id)
    assert ties.tie(office.connection, office.keys, mixed, pair.other, Kind.COMPETING, by, now) is None
    assert ties.tie(office.connection, office.keys, pair.own, pair.own, Kind.COMPETING, by, now) is None
    assert ties.of_request(office.connection, two.request_id) == []
