"""A short run of bench/kills.py, and proof that its checker would notice."""

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import delete, func, select, update

from bench.checker import by_process, check, late_in, repeats_in
from bench.kills import Plan, run, table
from bench.relatives import gist
from bench.telephones import Json, Moment
from bot.config import read_config
from db.engine import make_engine
from db.keys import read_key_file
from db.models import Access, Outbox, Request, SeenUpdate
from tests.databases import only_postgresql

_KILLS = 40  # by each way of taking updates; with the twenty among failures of API and storage a hundred
QUESTION = Moment(0.0, "When was Amina born?", "a:unknown")
NEXT = Moment(1.0, "In which country?", "b")
INPUT = Moment(0.0)
NEEDLESS = Moment(0.0, extra=True)


@pytest.mark.process
@pytest.mark.parametrize("webhook", [False, True], ids=["polling", "webhook"])
async def test_kill_9_loses_nothing_and_repeats_once_at_most(tmp_path: Path, *, webhook: bool) -> None:
    outcome = await run(Plan(kills=_KILLS, families=8, webhook=webhook, seed=11, longest=0.4), tmp_path)
    assert outcome.clean, table(outcome)
    assert outcome.findings.requests >= 8
    assert len(outcome.bot.starts) == 1 + _KILLS


@pytest.mark.process
async def test_failures_of_the_api_and_of_the_storage_lose_nothing(tmp_path: Path) -> None:
    plan = Plan(kills=20, families=8, seed=5, shortest=0.05, longest=0.3, api_faults=40, storage_faults=10)
    outcome = await run(plan, tmp_path)
    assert outcome.clean, table(outcome)
    assert outcome.troubles.api.total() >= 40
    assert set(outcome.troubles.storage) == {"lock", "fill"}


@only_postgresql
@pytest.mark.process
async def test_kills_and_a_server_that_dies_lose_nothing_on_postgresql(tmp_path: Path) -> None:
    plan = Plan(kills=6, families=8, webhook=True, seed=3, shortest=0.1, longest=0.6, api_faults=20)
    outcome = await run(replace(plan, storage_faults=12, database="postgresql", restarts=2), tmp_path)
    assert outcome.clean, table(outcome)
    assert outcome.troubles.storage["restart"], table(outcome)


@only_postgresql
@pytest.mark.process
async def test_of_three_bots_behind_one_door_one_after_another_is_killed(tmp_path: Path) -> None:
    plan = Plan(kills=6, families=12, webhook=True, seed=4, shortest=0.5, longest=1.5)
    outcome = await run(replace(plan, database="postgresql", replicas=3), tmp_path)
    assert outcome.clean, table(outcome)
    assert outcome.findings.requests >= 12


@pytest.mark.process
async def test_the_checker_notices_what_is_missing(tmp_path: Path) -> None:
    outcome = await run(Plan(kills=0, families=3), tmp_path)
    assert outcome.clean, table(outcome)

    late = {**outcome.record, "messages": _an_edit_comes_last(outcome.record["messages"])}
    findings = check(tmp_path / "config.toml", outcome.relatives, late, outcome.bot.starts)
    assert [kind for kind, lines in findings.violations.items() if lines] == ["disordered"]

    robbed, misheard, surprised = outcome.relatives
    _damage(tmp_path / "config.toml", robbed.filed[0].reference, outcome.record["inputs"][0]["update_id"])
    misheard.filed[0].answers["requester.0.name"] = "Somebody else"
    misheard.filed[0].asked.remove("person.0.birth")
    surprised.filed.clear()
    unseen = outcome.record["messages"].pop()
    _confuse(tmp_path / "config.toml")

    again = check(tmp_path / "config.toml", outcome.relatives, outcome.record, outcome.bot.starts)
    found = {kind: "\n".join(lines) for kind, lines in again.violations.items()}
    assert "is not in the database" in found["lost"]
    assert "'Somebody else' was given" in found["lost"]
    assert "confirmed without effect" in found["lost"]
    assert "was never confirmed to the family" in found["doubled"]
    assert "person.0.birth" in found["unasked"]
    assert "are sending" in found["unsettled"]
    assert "was written after" in found["disordered"]
    assert f"message {unseen['message_id']} counts as sent" in found["false"]


def _an_edit_comes_last(messages: list[Json]) -> list[Json]:
    """Let what was changed in place first, in the chat of whoever wrote last, arrive after everything else."""
    chat, seen = messages[-1]["chat"]["id"], dict[int, str]()
    for place, each in enumerate(messages):
        text = str(each.get("text"))
        if each["chat"]["id"] == chat and seen.setdefault(each["message_id"], text) != text:
            return [*messages[:place], *messages[place + 1 :], each]
    raise AssertionError("nothing was changed in place")


def _damage(config: Path, reference: str, update_id: int) -> None:
    """Take away a family's request, the trace of an update, and the fate of a message."""
    settings = read_config(config)
    key = read_key_file(settings.security.key_file).lookup("reference", reference)
    taken = select(Request.id).where(Request.reference_key == key)
    engine = make_engine(settings.database.url)
    with engine.begin() as connection:
        connection.execute(delete(Access).where(Access.request_id.in_(taken)))
        connection.execute(delete(SeenUpdate).where(SeenUpdate.update_id == update_id))
        first = select(func.min(Outbox.id)).scalar_subquery()
        connection.execute(update(Outbox).where(Outbox.id == first).values(state="sending"))
    engine.dispose()


def _confuse(config: Path) -> None:
    """Let the messages of a chat stand in it the other way round."""
    engine = make_engine(read_config(config).database.url)
    with engine.begin() as connection:
        someone = select(func.max(Outbox.account_id)).scalar_subquery()
        theirs = select(Outbox.id, Outbox.message_id).where(Outbox.account_id == someone)
        whole = theirs.where(Outbox.message_id.is_not(None), Outbox.state == "sent").order_by(Outbox.id)
        found = connection.execute(whole).all()
        for row, other in zip(found, reversed(found), strict=True):
            changed = update(Outbox).where(Outbox.id == row.id)
            connection.execute(changed.values(message_id=other.message_id))
    engine.dispose()


@pytest.mark.parametrize(
    ("history", "repeats"),
    [
        ([QUESTION, INPUT, NEXT], 0),
        ([QUESTION, Moment(1.0, "When was Amina born?", "a:unknown")], 1),
        ([QUESTION, INPUT, Moment(1.0, "When was Amina born?", "c:unknown")], 1),
        ([QUESTION, INPUT, NEEDLESS, Moment(1.0, "When was Amina born?", "c:unknown")], 0),
        ([QUESTION, INPUT, NEEDLESS, Moment(1.0, "When was Amina born?", "a:unknown")], 1),
    ],
    ids=[
        "another question",
        "sent twice",
        "handled twice",
        "shown anew for a needless press",
        "sent twice all the same",
    ],
)
def test_what_counts_as_a_repeat(history: list[Moment], repeats: int) -> None:
    assert len(repeats_in(history)) == repeats


@pytest.mark.parametrize(
    ("history", "late"),
    [
        ([QUESTION, INPUT, NEXT], 0),
        ([QUESTION, QUESTION, INPUT, NEXT], 0),
        ([QUESTION, INPUT, QUESTION, NEXT], 0),
        ([QUESTION, INPUT, NEXT, QUESTION], 1),
        ([QUESTION, INPUT, NEXT, NEXT, QUESTION], 1),
        ([QUESTION, INPUT, NEXT, NEEDLESS, QUESTION], 0),
        ([QUESTION, INPUT, NEXT, Moment(1.0, QUESTION.looks, "c:unknown")], 0),
    ],
    ids=[
        "in turn",
        "twice",
        "twice after the answer",
        "late",
        "late after a repeat",
        "asked for",
        "asked anew",
    ],
)
def test_what_counts_as_late(history: list[Moment], late: int) -> None:
    assert len(late_in(history)) == late


def test_a_question_that_is_shown_anew_is_the_same_question() -> None:
    """Without the echo of the answer before: whoever took it for another would answer twice."""
    first, anew = {"text": "✓ Country: Iraq\n\nWhat is their name?"}, {"text": "What is their name?"}
    assert gist(first) == gist(anew) == "What is their name?"


@pytest.mark.parametrize(
    ("heard_at", "late", "counted"),
    [
        ([1.0], 0.0, {1: 1}),
        ([10.5], 0.0, {2: 1}),
        ([14.5, 14.6], 0.0, {3: 1, 4: 1}),
        ([14.5, 14.6, 14.7], 0.0, {3: 1, 4: 2}),
        ([14.5, 14.6, 14.7], 10.0, {2: 1, 3: 1, 4: 1}),
        ([14.5, 14.6, 14.7, 14.8], 10.0, {2: 1, 3: 1, 4: 2}),
    ],
    ids=[
        "before any kill",
        "after one",
        "one came late",
        "one too many",
        "others take over late",
        "too many",
    ],
)
def test_to_whom_a_repeat_belongs(heard_at: list[float], late: float, counted: dict[int, int]) -> None:
    history = [QUESTION, *(replace(QUESTION, at=at) for at in heard_at)]
    assert by_process(history, [0.0, 10.0, 12.0, 14.0], late) == counted
