"""Papers: what counts, what may follow what, what the history says of it."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import Connection, select

from casework import documents
from casework.documents import DocumentState as State
from casework.drafts import Draft
from casework.paper_kinds import counted_for
from casework.questions import UNKNOWN
from casework.requests import file
from db.models import Account, Event
from tests.handlers.paths import to_menu
from tests.machine import Machine

TODAY = date(2026, 11, 22)
NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


@pytest.fixture
async def connection(machine: Machine) -> AsyncIterator[Connection]:
    await to_menu(machine.person(1003))
    with machine.homeward.engine.begin() as opened:
        yield opened


@pytest.mark.parametrize(
    ("birth", "counted"),
    [
        ({"edtf": "2017"}, "mothers_documents"),
        ({"edtf": "2008-11-23"}, "mothers_documents"),
        ({"edtf": "2008-11-22"}, "marriage_certificate"),
        ({"edtf": "1990~"}, "marriage_certificate"),
    ],
)
def test_a_child_needs_other_papers_than_an_adult(birth: Any, counted: str) -> None:
    assert counted in {kind.code for kind in counted_for(birth, TODAY)}
    assert len(counted_for(birth, TODAY)) == 5


@pytest.mark.parametrize("birth", [None, UNKNOWN, {"edtf": "2008"}])
def test_where_the_age_is_not_known_only_what_helps_everybody_is_counted(birth: Any) -> None:
    counted = {kind.code for kind in counted_for(birth, TODAY)}
    assert counted == {"birth_certificate", "passport", "requester_identity", "proof_of_kinship"}


def test_progress_and_what_is_missing(connection: Connection) -> None:
    counted = counted_for({"edtf": "2017"}, TODAY)
    documents.set_state(connection, 7, 8, "birth_certificate", State.HAVE, NOW)
    documents.submitted(connection, 7, 8, "birth_certificate", NOW)
    documents.set_state(connection, 7, 8, "mothers_documents", State.HAVE, NOW)
    documents.set_state(connection, 7, 8, "mothers_consent", State.MISSING, NOW)
    documents.submitted(connection, 7, 8, "court_ruling", NOW)
    papers = documents.of_request(connection, 7)
    assert documents.progress(papers, 7, 8, counted) == documents.Progress(1, 5)
    missing = documents.missing_of(papers, 7, 8, counted)
    assert [(each.kind.code, each.state) for each in missing] == [
        ("mothers_documents", State.HAVE),
        ("requester_identity", None),
        ("proof_of_kinship", None),
    ]


def test_the_requesters_own_paper_counts_for_everybody(connection: Connection) -> None:
    counted = counted_for(None, TODAY)
    documents.submitted(connection, 7, None, "requester_identity", NOW)
    papers = documents.of_request(connection, 7)
    assert [documents.progress(papers, 7, person, counted).received for person in (8, 9)] == [1, 1]
    assert not documents.set_state(connection, 7, 9, "requester_identity", State.MISSING, NOW)


@pytest.mark.parametrize(
    ("before", "then", "changes"),
    [
        (None, State.HAVE, True),
        (State.HAVE, State.HAVE, False),
        (State.HAVE, State.MISSING, True),
        (State.SUBMITTED, State.MISSING, False),
        (State.VERIFIED, State.HAVE, False),
        (State.VERIFIED, State.SUBMITTED, False),
        (State.REJECTED, State.SUBMITTED, True),
        (State.REJECTED, State.MISSING, True),
        (State.SUBMITTED, State.VERIFIED, True),
        (State.VERIFIED, State.REJECTED, True),
    ],
)
def test_what_may_follow_what(
    connection: Connection, before: State | None, then: State, changes: bool
) -> None:
    if before is not None:
        documents.set_state(connection, 7, 8, "passport", before, NOW)
    assert documents.set_state(connection, 7, 8, "passport", then, NOW) is changes
    (paper,) = documents.of_request(connection, 7).values()
    assert paper.state is (then if changes else before)


def test_changes_after_sending_stand_on_the_history(machine: Machine, connection: Connection) -> None:
    keys = machine.homeward.around.keys
    draft = Draft({"name": "Zainab", "relation": "aunt"}, [{"name": "A", "birth": UNKNOWN, "country": "IQ"}])
    person = draft.person_ids[0]
    account = connection.scalar(select(Account.id))
    documents.set_state(connection, draft.request_id, person, "passport", State.HAVE, NOW, by=account)
    file(connection, keys, account or 0, "en", draft, NOW)
    documents.submitted(connection, draft.request_id, person, "passport", NOW)
    documents.taken_back(connection, draft.request_id, person, "passport", NOW, by=account or 0)
    documents.submitted(connection, draft.request_id, None, "requester_identity", NOW)
    events = connection.execute(
        select(Event.kind, Event.person_id, Event.account_id).order_by(Event.id)
    ).all()
    assert [tuple(event) for event in events] == [
        ("received", None, account),
        ("paper_submitted.passport", person, None),
        ("paper_removed.passport", person, account),
        ("paper_submitted.requester_identity", None, None),
    ]
    paper = documents.of_request(connection, draft.request_id)[person, "passport"]
    assert paper.state is State.HAVE


def test_a_paper_staff_found_good_stays_so_when_a_file_is_taken_back(connection: Connection) -> None:
    documents.set_state(connection, 7, 8, "passport", State.VERIFIED, NOW)
    documents.taken_back(connection, 7, 8, "passport", NOW, by=1)
    (paper,) = documents.of_request(connection, 7).values()
    assert paper.state is State.VERIFIED
