"""Delete me: what goes, what stays, and that nothing of what went can be read or opened again."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import DeclarativeBase

from db.engine import clear_traces
from db.models import (
    Access,
    Account,
    Consent,
    Dialog,
    Document,
    Event,
    File,
    Invitation,
    LinkAttempt,
    Message,
    Outbox,
    Person,
    Request,
    SeenUpdate,
    SetAside,
    Submission,
)
from simulator.faults import Fault
from tests.bot.stage import account_of, kill, started, take_in
from tests.databases import only_sqlite
from tests.erased import binary_values, found_again, nothing_opens
from tests.family import Family, buttons_of
from tests.handlers.erasing import a_whole_life
from tests.handlers.paths import to_confirmation, to_first_question, to_menu
from tests.handlers.test_linking import kept, to_link
from tests.machine import Machine, running
from tests.stored import requests_in
from tests.submitting import blobs, held
from tests.traces import found_below

GONE = "Everything about you is deleted. If you write here again, we begin anew."


def rows(machine: Machine, table: type[DeclarativeBase]) -> list[Any]:
    with machine.homeward.engine.begin() as connection:
        return list(connection.execute(select(table.__table__).order_by(*table.__table__.primary_key)).all())


async def delete_everything(family: Family) -> None:
    await family.say("/delete_me")
    await family.press("Delete me and my requests")
    await family.press("Yes, delete my requests too")


async def delete_only_me(family: Family) -> None:
    await family.say("/delete_me")
    await family.press("Delete me, keep my requests")


@only_sqlite  # PostgreSQL's log and old rows: docs/decisions/0017-postgresql.md
async def test_nothing_that_went_is_left_in_any_file_and_nothing_opens(tmp_path: Path) -> None:
    """Privacy rule 9, threat 17: the keys are gone from database, log and free pages, and so is what they sealed."""
    async with running(tmp_path) as machine:
        family, other = machine.person(918_273_645_546, "ru"), machine.person(1003)
        await to_confirmation(other, "Somebody Else")
        others = set(binary_values(machine).values())
        canaries = await a_whole_life(machine, family)
        own = {place: value for place, value in binary_values(machine).items() if value not in others}
        assert {"account", "request", "person", "file", "set_aside", "message", "dialog", "outbox"} <= {
            table for table, _, _ in own
        }
        assert set(found_again(tmp_path, own)) == set(own)  # a control: they can be found
        await delete_everything(family)
        assert family.sees(GONE)
        assert not set(binary_values(machine).values()) & set(own.values())
        assert found_again(tmp_path, own) == []
        assert found_below(tmp_path, canaries, but=("config.toml",)) == []
        nothing_opens(machine, own)
        assert others <= set(binary_values(machine).values())
    assert found_again(tmp_path, own) == []


@only_sqlite  # PostgreSQL's log and old rows: docs/decisions/0017-postgresql.md
async def test_without_clearing_up_the_log_would_still_hold_the_keys(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A control for the story above, and what a process that dies before clearing up leaves: the next start clears."""
    async with running(tmp_path) as machine:
        family = machine.person(1003)
        await a_whole_life(machine, family)
        own = binary_values(machine)
        with monkeypatch.context() as patch:
            patch.setattr("bot.traces.clear_traces", lambda _engine: True)
            await delete_everything(family)
        assert found_again(tmp_path, own) != []
        assert clear_traces(machine.homeward.engine)
        assert found_again(tmp_path, own) == []


async def test_what_stays_is_a_tombstone_of_ids_times_and_codes(machine: Machine, family: Family) -> None:
    await a_whole_life(machine, family)
    account = account_of(machine, family)
    await delete_everything(family)
    for table in (Access, Consent, Dialog, Document, Invitation, Message, Outbox, SetAside):
        assert rows(machine, table) == [], table.__name__
    (left,) = rows(machine, Account)
    assert left.id == account.id
    assert left.erased_at == machine.homeward.clock.now()
    assert left.telegram_key != account.telegram_key
    assert (left.data_key, left.address, left.language, left.consent_id, left.zone) == (
        b"",
        b"",
        None,
        None,
        None,
    )
    (request,) = rows(machine, Request)
    assert (request.data_key, request.details, request.language) == (b"", b"", "")
    assert request.erased_at is not None
    assert {(person.details, person.country) for person in rows(machine, Person)} == {(b"", "unknown")}
    assert {event.details for event in rows(machine, Event)} == {None}
    assert {(file.state, file.data_key, file.details) for file in rows(machine, File)} == {
        ("removed", None, None)
    }
    assert all(submission.removed_at for submission in rows(machine, Submission))
    assert {(seen.account_id, seen.message_id) for seen in rows(machine, SeenUpdate)} == {(None, None)}
    assert blobs(machine) != set()
    machine.later(days=1)
    await machine.homeward.fetching.sweep()
    assert blobs(machine) == set()


async def test_without_a_request_one_press_is_enough(machine: Machine, family: Family) -> None:
    await to_first_question(family)
    await family.say("Zainab")
    await family.say("/delete_me")
    assert family.sees("These go for good")
    assert family.sees("A number without a name stays.")
    assert not family.sees("There are requests that only this chat can open.")
    await family.press("Delete everything about me")
    assert family.sees(GONE)
    assert family.live_keyboards == 0
    assert rows(machine, Dialog) == []


async def test_it_can_be_left_at_every_point(machine: Machine, family: Family) -> None:
    await to_confirmation(family)
    await family.say("/delete_me")
    await family.press("← Back")
    await family.say("/delete_me")
    await family.press("Delete me and my requests")
    await family.press("No, go back")
    assert family.sees("Do you want to delete everything about you?")
    await family.press("Talk to a person")
    await family.press("← Back")
    assert family.sees("Do you want to delete everything about you?")
    assert requests_in(machine)[0].requester["name"] == "Zainab"
    assert rows(machine, Account)[0].erased_at is None


async def test_a_request_left_with_the_office_stays_whole_and_opens_with_its_code(
    machine: Machine, family: Family
) -> None:
    await to_confirmation(family)
    reference, code = kept(family)
    before = requests_in(machine)[0]
    await delete_only_me(family)
    assert family.sees("Everything about you is deleted. Your requests stay with the office.")
    after = requests_in(machine)[0]
    assert (after.requester, after.persons) == (before.requester, before.persons)
    assert rows(machine, Access) == []
    assert len(rows(machine, Consent)) == 1  # what the request that stays was kept on the strength of
    await to_menu(family)
    await to_link(family, reference, code)
    assert family.sees("Your request has arrived")


async def test_whoever_writes_again_is_a_new_account(machine: Machine, family: Family) -> None:
    await to_confirmation(family)
    await delete_everything(family)
    await family.say("hello")
    assert "English" in family.buttons
    await family.press("English")
    await family.press("My requests")
    assert family.sees("This chat holds no request yet.")
    first, second = rows(machine, Account)
    assert (first.erased_at is None, second.erased_at is None) == (False, True)
    assert second.telegram_key == machine.homeward.around.keys.lookup("telegram", family.id)


async def test_a_request_that_others_can_open_stays_with_them(machine: Machine, family: Family) -> None:
    """Two holders: whoever goes takes nothing from whoever stays."""
    await to_confirmation(family)
    phone = machine.person(1010)
    await to_menu(phone)
    await to_link(phone, *kept(family))
    await family.say("/delete_me")
    assert family.sees("Requests that other chats can open too stay with them.")
    await family.press("Delete everything about me")
    await phone.say("/mine")
    assert phone.sees("Your request has arrived")
    assert phone.sees("Amina Alieva")
    await phone.press("Who can open this request")
    assert phone.sees("This chat, since")
    assert not phone.sees("The chat it was sent from")


async def test_a_request_that_became_this_chats_alone_meanwhile_is_asked_about(
    machine: Machine, family: Family
) -> None:
    """The screen spoke of no request of its own; the other holder left before the button was pressed."""
    await to_confirmation(family)
    phone = machine.person(1010)
    await to_menu(phone)
    await to_link(phone, *kept(family))
    await family.say("/delete_me")
    await phone.say("/delete_me")
    await phone.press("Delete everything about me")
    await family.press("Delete everything about me")
    assert family.sees("There are requests that only this chat can open.")
    assert [account.erased_at is None for account in rows(machine, Account)] == [True, False]


async def test_a_double_tap_erases_once_and_makes_no_new_account(machine: Machine, family: Family) -> None:
    await to_confirmation(family)
    await family.say("/delete_me")
    await family.press("Delete me and my requests")
    data = next(b["callback_data"] for b in buttons_of(family.last) if b["callback_data"].endswith(":yes"))
    for _ in range(3):
        machine.world.press(family.id, family.last["message_id"], data=data)
    await machine.settle()
    assert family.sees(GONE)
    assert len(rows(machine, Account)) == 1
    assert machine.set_aside() == 0


async def test_the_confirmation_cannot_be_pressed_for_somebody_else(machine: Machine, family: Family) -> None:
    await to_confirmation(family)
    stranger = machine.person(1100)
    await to_menu(stranger)
    await family.say("/delete_me")
    await family.press("Delete me and my requests")
    data = next(b["callback_data"] for b in buttons_of(family.last) if b["callback_data"].endswith(":yes"))
    await stranger.forge(data)
    assert [account.erased_at for account in rows(machine, Account)] == [None, None]


async def test_files_sent_for_a_request_that_stays_stay_and_the_talk_goes(
    machine: Machine, family: Family
) -> None:
    await a_whole_life(machine, family)
    await delete_only_me(family)
    states = [(file.state, bool(file.data_key)) for file in rows(machine, File)]
    # The passport stays; voice and album of the talk, and the voice in what was not sent, do not.
    assert states == [("stored", True), *[("removed", False)] * 4]
    assert [file.content != b"" for file in held(machine)] == [True, False, False, False, False]
    assert rows(machine, Message) == []
    assert len(rows(machine, Document)) == 1


async def test_wrong_guesses_are_counted_on_for_an_hour(machine: Machine, family: Family) -> None:
    """Otherwise deleting oneself would be a way to guess on. They name nobody."""
    await to_menu(family)
    await to_link(family, "HW-0000-0000", "0000-0000-0000-0000")
    await family.say("/delete_me")
    await family.press("Delete everything about me")
    assert len(rows(machine, LinkAttempt)) == 1
    machine.later(hours=2)
    await machine.homeward.schedule.forget()
    assert rows(machine, LinkAttempt) == []


async def test_a_kill_before_the_commit_erases_nothing_and_after_it_everything(tmp_path: Path) -> None:
    """The address is not kept for the goodbye: a restart in between loses the words, not the erasure."""
    async with started(tmp_path) as machine:
        family = machine.person(1003)
        await to_confirmation(family)
        await family.say("/delete_me")
        await family.press("Delete me and my requests")
        world = machine.world
        data = next(
            b["callback_data"] for b in buttons_of(family.last) if b["callback_data"].endswith(":yes")
        )
        world.press(family.id, family.last["message_id"], data=data)
        await kill(machine)
    async with started(tmp_path, world) as machine:
        family = Family(machine, 1003, "en")
        assert requests_in(machine)[0].requester["name"] == "Zainab"
        own = binary_values(machine)
        world.faults.add(Fault("outage"))
        await take_in(machine)
        await kill(machine)
    world.faults.clear()
    async with started(tmp_path, world) as machine:
        family = Family(machine, 1003, "en")
        await machine.tick()
        assert not family.sees(GONE)
        assert rows(machine, Outbox) == []
        assert rows(machine, Account)[0].address == b""
        assert found_again(tmp_path, own) == []
        nothing_opens(machine, own)


@pytest.mark.parametrize("kind", ["429", "500", "drop"])
async def test_the_goodbye_arrives_although_telegram_stumbles(
    machine: Machine, family: Family, kind: Any
) -> None:
    await to_confirmation(family)
    await family.say("/delete_me")
    await family.press("Delete me and my requests")
    machine.world.faults.add(Fault(kind, methods=("editMessageText",), count=1))
    await family.press("Yes, delete my requests too")
    assert family.sees(GONE)
    assert rows(machine, Outbox) == []
