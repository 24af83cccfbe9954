"""The numbers: counted rightly, and no small group follows from them for who may not read cases."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, event, func, select, update

from casework import counted, numbers
from casework.counted import REST
from casework.erasure import erase_request
from casework.events import Happening, note
from casework.numbers import Numbers, Sort, Unit
from casework.stages import Stage
from casework.veils import FEWEST, Hidden, veiled
from db.models import Person, Request
from db.sealed import Place
from tests.casework.seeded import NOW, Office, make_office

ZONE = ZoneInfo("Europe/Moscow")
_STAGES = st.sampled_from(["received", "screening", "arrived", "on_hold", "deceased"])


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return make_office(tmp_path)


@pytest.fixture
def connection(office: Office) -> Iterator[Connection]:
    with office.engine.begin() as opened:
        yield opened


def counted_by(office: Office, connection: Connection, *, veil: bool = False) -> Numbers:
    return numbers.count(connection, office.keys, NOW, ZONE, veil=veil)


def view(found: Numbers, sort: Sort) -> dict[str, int | Hidden]:
    return {group.code: group.count for group in found.views[sort] if group.count != 0}


def test_each_view_counts_everybody_once(office: Office, connection: Connection) -> None:
    office.file(connection, {"stage": "screening"}, {"stage": "on_hold", "country": "SY"})
    office.file(connection, {"birth": "unknown", "country": "unknown"}, language="ar")
    found = counted_by(office, connection)
    assert found.totals == {Unit.REQUESTS: 2, Unit.PERSONS: 3}
    for sort, groups in found.views.items():
        assert sum(int(group.count) for group in groups) == found.totals[numbers.UNITS[sort]]
    assert view(found, Sort.STAGES) == {"received": 1, "screening": 1, "on_hold": 1}
    assert view(found, Sort.COUNTRIES) == {"IQ": 1, "SY": 1, "unknown": 1}
    assert view(found, Sort.LANGUAGES) == {"ru": 1, "ar": 1}


def test_stages_stand_in_the_order_of_the_way_home_and_side_states_behind(
    office: Office, connection: Connection
) -> None:
    office.file(connection, {"stage": "arrived"}, {"stage": "deceased"}, {"stage": "received"})
    codes = [group.code for group in counted_by(office, connection).views[Sort.STAGES]]
    assert codes == [*numbers.FUNNEL, Stage.DECEASED]
    assert codes[0] == "received"
    assert codes[14] == "closed"


@pytest.mark.parametrize(
    ("edtf", "group"),
    [
        ("2026-11-01", "0"),
        ("2023-11-23", "0"),  # two years old until tomorrow
        ("2023-11-21", "1"),
        ("2017", "2"),  # 1 July 2017 counts: nine years
        ("2007~", "4"),
        ("1995/1997", "5"),  # the middle: thirty
        ("1930", "7"),
    ],
)
def test_a_rough_birth_counts_by_its_middle(
    office: Office, connection: Connection, edtf: str, group: str
) -> None:
    office.file(connection, {"birth": {"edtf": edtf}})
    assert view(counted_by(office, connection), Sort.AGES) == {group: 1}


def test_weeks_begin_on_monday_at_midnight_of_the_office(office: Office, connection: Connection) -> None:
    """NOW is a Sunday; in Moscow the week began on 16 November at 21:00 UTC of the day before."""
    begin = NOW.replace(day=15, hour=21, minute=0)
    office.file(connection, at=begin)
    office.file(connection, at=begin - timedelta(seconds=1))
    office.file(connection, at=NOW - timedelta(weeks=30))
    found = counted_by(office, connection)
    assert view(found, Sort.WEEKS) == {"2026-11-09": 1, "2026-11-16": 1, REST: 1}
    assert len(found.views[Sort.WEEKS]) == numbers.WEEKS + 1


def test_who_arrived_waits_no_longer(office: Office, connection: Connection) -> None:
    office.file(connection, {"stage": "arrived"}, {"stage": "located"}, at=NOW - timedelta(days=400))
    office.file(connection, {"stage": "arrived"}, at=NOW - timedelta(days=400))
    withdrawn = office.file(connection, at=NOW - timedelta(days=10))
    connection.execute(update(Request).where(Request.id == withdrawn).values(withdrawn_at=NOW))
    office.file(connection, at=NOW - timedelta(days=30))
    assert view(counted_by(office, connection), Sort.WAITING) == {"1": 1, "4": 1, REST: 2}


def test_regions_that_differ_in_spelling_count_as_one(office: Office, connection: Connection) -> None:
    for region in ("Грозный", "грозный", "Грозный.", "Хасавюрт", {"file": 1, "as": "voice"}):
        office.file(connection, requester={"region": region})
    office.file(connection)
    assert view(counted_by(office, connection), Sort.REGIONS) == {
        ":Грозный": 3,
        ":Хасавюрт": 1,
        "unknown": 2,
    }


def test_a_region_called_like_one_of_our_codes_is_a_region(office: Office, connection: Connection) -> None:
    office.file(connection, requester={"region": REST})
    assert view(counted_by(office, connection), Sort.REGIONS) == {f":{REST}": 1}


def test_small_regions_are_not_named_to_who_may_not_read_cases(
    office: Office, connection: Connection
) -> None:
    for region, times in (("Грозный", 6), ("Хасавюрт", 4), ("Ведено", 3)):
        for _ in range(times):
            office.file(connection, requester={"region": region})
    regions = view(counted_by(office, connection, veil=True), Sort.REGIONS)
    assert regions == {":Грозный": 6, REST: 7}


def test_what_is_erased_does_not_count_and_is_not_remembered(office: Office) -> None:
    with office.engine.begin() as connection:
        gone = office.file(connection, requester={"region": "Ведено"})
        office.file(connection, requester={"region": "Грозный"})
        assert counted_by(office, connection).totals[Unit.REQUESTS] == 2
    with office.engine.begin() as connection:
        erase_request(connection, gone, NOW)
        found = counted_by(office, connection)
    assert found.totals == {Unit.REQUESTS: 1, Unit.PERSONS: 1}
    assert view(found, Sort.REGIONS) == {":Грозный": 1}
    assert "Ведено" not in repr(office.keys.opened["counted"].requests)
    office.keys.forget()
    assert office.keys.opened == {}


def test_an_answer_that_changes_counts_anew(office: Office, connection: Connection) -> None:
    request_id = office.file(connection, requester={"region": "Ведено"})
    counted_by(office, connection)
    row = connection.execute(Request.__table__.select().where(Request.id == request_id)).one()
    key = office.keys.data_key(row.data_key, Place("request", "data_key", request_id))
    details = key.open(row.details, Place("request", "details", request_id))
    details["requester"]["region"] = "Грозный"
    sealed = key.seal(details, Place("request", "details", request_id))
    connection.execute(update(Request).where(Request.id == request_id).values(details=sealed))
    note(connection, Happening(request_id, "answer_changed"), NOW)
    assert view(counted_by(office, connection), Sort.REGIONS) == {":Грозный": 1}


def test_the_second_look_opens_nothing_and_asks_no_more_however_many_there_are(
    office: Office, connection: Connection
) -> None:
    asked: list[str] = []
    event.listen(office.engine, "before_cursor_execute", lambda *args: asked.append(args[2]))
    looks = []
    for times in (3, 40):
        for _ in range(times):
            office.file(connection)
        counted_by(office, connection)
        asked.clear()
        counted_by(office, connection)
        looks.append(len(asked))
        assert not any("details" in statement for statement in asked)
    assert looks[0] == looks[1]


def test_one_request_that_does_not_open_does_not_stop_the_numbers(
    office: Office, connection: Connection
) -> None:
    broken = office.file(connection)
    connection.execute(update(Request).where(Request.id == broken).values(details=b"\x01" + bytes(40)))
    office.file(connection)
    found = counted_by(office, connection)
    assert view(found, Sort.AGES) == {"2": 1, "unknown": 1}


def test_the_veil_hides_a_small_group_and_a_second_one(office: Office, connection: Connection) -> None:
    for country, times in (("IQ", 9), ("SY", 6), ("TR", 2)):
        for _ in range(times):
            office.file(connection, {"country": country})
    found = counted_by(office, connection, veil=True)
    assert found.totals[Unit.PERSONS] == 17
    assert view(found, Sort.COUNTRIES) == {"IQ": 9, "SY": Hidden.KEPT, "TR": Hidden.FEW}
    assert found.together(Sort.COUNTRIES, {"IQ"}) == 9
    assert found.together(Sort.COUNTRIES, {"IQ", "TR"}) is None
    assert counted_by(office, connection).together(Sort.COUNTRIES, {"IQ", "TR"}) == 11


def test_a_handful_of_requests_shows_nothing_but_that(office: Office, connection: Connection) -> None:
    office.file(connection)
    office.file(connection, {"country": "SY"})
    found = counted_by(office, connection, veil=True)
    shown = [group.count for groups in found.views.values() for group in groups]
    assert set(shown) == {Hidden.KEPT}
    assert set(found.totals.values()) == {Hidden.KEPT}


@given(st.lists(st.integers(0, 12), min_size=1, max_size=5))
def test_no_small_group_follows_from_the_others_and_the_total(counts: list[int]) -> None:
    """Whoever knows the rule tries every way in which the hidden groups could make up what is missing."""
    shown = veiled(counts)
    if set(shown) == {Hidden.KEPT}:
        return  # then the total is not shown either
    small = [at for at, n in enumerate(counts) if 0 < n < FEWEST]
    assert all(shown[at] is Hidden.FEW for at in small)
    hidden = [at for at, n in enumerate(shown) if isinstance(n, Hidden)]
    missing = sum(counts) - sum(n for n in shown if not isinstance(n, Hidden))
    ranges = [range(1, FEWEST) if shown[at] is Hidden.FEW else range(FEWEST, missing + 1) for at in hidden]
    possible = [each for each in product(*ranges) if sum(each) == missing]
    for place, at in enumerate(hidden):
        if at in small:
            assert len({each[place] for each in possible}) > 1


def test_what_is_held_ready_is_of_living_requests_only(office: Office, connection: Connection) -> None:
    office.file(connection)
    with counted.following(connection, office.keys) as held:
        assert len(held.requests) == 1


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_sums_that_followed_every_change_equal_what_is_counted_anew(data: st.DataObject) -> None:
    with TemporaryDirectory() as folder:
        office = make_office(Path(folder))
        with office.engine.begin() as connection:
            ids = [office.file(connection)]
            counted_by(office, connection)
            for _ in range(data.draw(st.integers(1, 8))):
                happen = data.draw(st.sampled_from([_filed, _staged, _withdrawn, _erased]))
                happen(office, connection, ids, data)
                if data.draw(st.booleans()):
                    counted_by(office, connection)
            followed = counted_by(office, connection)
            office.keys.forget()
            assert followed == counted_by(office, connection)
            assert followed.totals == _counted_by_the_database(connection)


def _filed(office: Office, connection: Connection, ids: list[int], data: st.DataObject) -> None:
    person = {"stage": data.draw(_STAGES), "country": data.draw(st.sampled_from(["IQ", "SY"]))}
    at = NOW - timedelta(minutes=data.draw(st.integers(0, 800 * 24 * 60)))
    ids.append(office.file(connection, person, at=at, language=data.draw(st.sampled_from(["ru", "ar"]))))


def _staged(_office: Office, connection: Connection, ids: list[int], data: st.DataObject) -> None:
    chosen, stage = data.draw(st.sampled_from(ids)), data.draw(_STAGES)
    connection.execute(update(Person).where(Person.request_id == chosen).values(stage=stage))
    note(connection, Happening(chosen, "answer_changed"), NOW)


def _withdrawn(_office: Office, connection: Connection, ids: list[int], data: st.DataObject) -> None:
    chosen = data.draw(st.sampled_from(ids))
    connection.execute(update(Request).where(Request.id == chosen).values(withdrawn_at=NOW))
    note(connection, Happening(chosen, "answer_changed"), NOW)


def _erased(_office: Office, connection: Connection, ids: list[int], data: st.DataObject) -> None:
    if len(ids) > 1:
        erase_request(connection, ids.pop(data.draw(st.integers(0, len(ids) - 1))), NOW)


def _counted_by_the_database(connection: Connection) -> dict[Unit, int]:
    living = Request.erased_at.is_(None)
    persons = select(func.count()).select_from(Person).join(Request, Request.id == Person.request_id)
    requests = select(func.count()).select_from(Request)
    return {
        Unit.REQUESTS: connection.execute(requests.where(living)).scalar_one(),
        Unit.PERSONS: connection.execute(persons.where(living)).scalar_one(),
    }
