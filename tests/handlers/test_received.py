"""What became of the files somebody sent: told once, in their language, with an offer to take them out of the chat."""

import pytest
from sqlalchemy import select

from bot.dialog import OnCommand
from bot.stored_files import way_back
from bot.turn import Turn
from casework import submissions
from casework.documents import DocumentState
from casework.files import Belongs, Purpose
from casework.paper_kinds import DOCUMENTS
from casework.refusals import SENTENCES, Refusal
from db.models import Event
from tests.bot.stage import account_of, calls, fail
from tests.family import Family, buttons_of
from tests.handlers.paths import to_confirmation, to_first_question, to_menu, to_summary
from tests.handlers.sending import send_album, send_file, send_photo
from tests.machine import Machine
from tests.sent_files import PDF, archive, found, picture, video, voice
from tests.stored import states_in
from tests.submitting import (
    blobs,
    expiry,
    file_rows,
    held,
    notices,
    only_request,
    papers,
    receive,
)

TALK = Belongs(Purpose.TALK)


async def to_talk(family: Family, language: str = "English") -> None:
    await to_menu(family, language)
    await family.press("Talk to a person")


async def test_a_photo_is_told_stored_only_when_it_is(machine: Machine, family: Family) -> None:
    await to_talk(family)
    fail(machine, "500", "getFile", count=1)
    await send_photo(family)
    assert notices(family) == []
    assert [each.state for each in held(machine)] == ["waiting"]
    machine.later(seconds=6)
    await machine.tick()
    assert family.sees("✓ What you sent to staff is stored safely (1 photo).", message=family.last)
    assert [(each.state, each.media_type) for each in held(machine)] == [("stored", "image/jpeg")]


async def test_a_voice_message_has_words_of_its_own(machine: Machine, family: Family) -> None:
    await to_talk(family)
    await send_file(family, "voice")
    assert family.sees("✓ Your voice message is stored safely.", message=family.last)
    await receive(machine, family, Belongs(Purpose.ANSWER, place="x"), voice(), kind="voice")
    assert family.sees("✓ Your voice message is stored safely.", message=family.last)
    await receive(machine, family, Belongs(Purpose.ANSWER, place="x"))
    assert family.sees("✓ Your answer is stored safely (1 file).", message=family.last)
    await receive(machine, family, Belongs(Purpose.PORTRAIT, 1, 2), kind="photo")
    assert family.sees("photo of the person (1 photo)", message=family.last)


async def test_the_next_question_comes_below_what_was_told_meanwhile(family: Family) -> None:
    await to_first_question(family)
    await family.say("Zainab")
    await family.press("Grandmother")
    await family.say("Amina Alieva")
    await send_file(family, "voice")
    assert family.sees("✓ Your voice message is stored safely.")
    await family.press("Iraq")
    assert family.sees("Do you want to ask about somebody else as well?")
    assert family.live_keyboards == 1


@pytest.mark.parametrize("language", ["Русский", "العربية", "English"])
async def test_it_is_told_in_the_language_of_whoever_sent_it(machine: Machine, language: str) -> None:
    code = {"Русский": "ru", "العربية": "ar", "English": "en"}[language]
    family = machine.person(1003, code)
    await to_menu(family, language)
    for kind in DOCUMENTS:
        await receive(machine, family, Belongs(kind.code, 1, 2))
        label = machine.homeward.around.locales.get(code).plain(kind.label)
        assert label in family.text
        assert family.sees("✓ Received and stored safely: {what} ({files}).", message=family.last)
        assert family.sees("Delete it from this chat", message=family.last) is False
        assert len(buttons_of(family.last)) == 2


async def test_what_is_told_names_nobody_and_no_place(machine: Machine, family: Family) -> None:
    """Privacy rule 8: it may light up a lock screen."""
    await to_confirmation(family, "Amina Alieva")
    await receive(machine, family, Belongs("birth_certificate", only_request(machine), 2))
    assert found(family.text.encode(), ["Amina", "Alieva", "Zainab", "Iraq", "HW-"]) == []


async def test_an_album_is_told_once_when_it_is_whole(machine: Machine, family: Family) -> None:
    await to_talk(family)
    await send_album(family, 10)
    assert notices(family) == []
    machine.later(seconds=4)
    await machine.tick()
    assert family.sees("✓ What you sent to staff is stored safely (10 photos).", message=family.last)
    machine.later(hours=1)
    await machine.tick()
    assert len(notices(family)) == 1


async def test_a_part_that_comes_later_is_told_with_the_whole(machine: Machine, family: Family) -> None:
    await to_talk(family)
    await send_album(family, 2)
    machine.later(seconds=4)
    await machine.tick()
    assert "(2 photos)" in notices(family)[-1]
    await send_photo(family, album="album-1")
    machine.later(seconds=4)
    await machine.tick()
    assert "(3 photos)" in notices(family)[-1]
    assert len(notices(family)) == 2


async def test_what_is_refused_is_told_with_why_and_how_to_mend_it(machine: Machine, family: Family) -> None:
    await to_talk(family)
    await receive(machine, family, TALK, archive())
    assert family.sees("1 file was not kept.", message=family.last)
    assert family.sees(SENTENCES[Refusal.ARCHIVE], message=family.last)
    assert buttons_of(family.last) == []
    assert family.last["reply_to_message"]["message_id"] < family.last["message_id"]


async def test_of_an_album_in_parts_good_both_is_told(machine: Machine, family: Family) -> None:
    await to_talk(family)
    for content in (picture(), PDF, archive(), archive(megabytes=1), b"MZ"):
        await receive(machine, family, TALK, content, album="a")
    machine.later(seconds=4)
    await machine.tick()
    assert family.sees("✓ What you sent to staff is stored safely (2 files).", message=family.last)
    assert family.sees("3 files were not kept.", message=family.last)
    assert family.text.count("Packed files are never opened.") == 1
    assert family.sees(SENTENCES[Refusal.OTHER_KIND], message=family.last)
    assert len(notices(family)) == 1


async def test_delete_it_from_this_chat(machine: Machine, family: Family) -> None:
    await to_talk(family)
    await send_album(family, 3)
    machine.later(seconds=4)
    await machine.tick()
    own = [message for message in family.messages if "photo" in message]
    assert len(own) == 3
    await family.press("Delete it from this chat")
    assert [message for message in family.messages if "photo" in message] == []
    assert family.sees("✓ Stored safely, and deleted from this chat.")
    assert buttons_of(family.last) == []
    assert [each.state for each in held(machine)] == ["stored"] * 3
    assert all(each.content for each in held(machine))


async def test_leave_it(machine: Machine, family: Family) -> None:
    await to_talk(family)
    await send_photo(family)
    await family.press("Leave it")
    assert family.sees("✓ Stored safely. It stays in this chat.")
    assert [message for message in family.messages if "photo" in message]
    assert calls(machine, "deleteMessages") == []


async def test_after_two_days_telegram_does_not_delete(machine: Machine, family: Family) -> None:
    await to_talk(family)
    await send_photo(family)
    machine.later(hours=49)
    await family.press("Delete it from this chat")
    assert family.sees("Telegram lets a bot delete messages for two days only.")
    assert calls(machine, "deleteMessages") == []


async def test_somebody_else_cannot_press_it_and_what_is_forged_leads_nowhere(
    machine: Machine, family: Family
) -> None:
    await to_talk(family)
    await send_photo(family)
    (pressed,) = [b["callback_data"] for b in buttons_of(family.last) if "delete" in b["callback_data"]]
    assert len(pressed.encode()) <= 64
    other = machine.person(1004)
    await to_menu(other)
    for data in (
        pressed,
        "~:delete_sent:",
        "~:delete_sent:x",
        "~:delete_sent:²",
        "~:delete_sent:" + "9" * 40,
    ):
        await other.forge(data)
    assert calls(machine, "deleteMessages") == []
    assert [message for message in family.messages if "photo" in message]


async def test_a_paper_that_is_stored_counts_as_submitted(machine: Machine, family: Family) -> None:
    await to_confirmation(family)
    request, later = only_request(machine), expiry(machine)
    machine.later(days=30)
    await receive(machine, family, Belongs("passport", request, None), archive())
    assert papers(machine, request) == {}
    await receive(machine, family, Belongs("passport", request, None))
    (paper,) = papers(machine, request).values()
    assert (paper.state, paper.since) == (DocumentState.SUBMITTED, machine.homeward.clock.now())
    assert "paper_submitted.passport" in events(machine)
    assert (expiry(machine) - later).days == 30


async def test_what_is_sent_with_a_draft_belongs_to_the_request(machine: Machine, family: Family) -> None:
    await to_summary(family)
    draft = draft_id(machine)
    await receive(machine, family, Belongs("passport", draft, None))
    await family.press("Send my request")
    assert only_request(machine) == draft
    assert [paper.state for paper in papers(machine, draft).values()] == [DocumentState.SUBMITTED]
    assert "paper_submitted.passport" not in events(machine)


async def test_deleting_a_draft_deletes_what_was_sent_with_it(machine: Machine, family: Family) -> None:
    await to_summary(family)
    await receive(machine, family, Belongs("passport", draft_id(machine), None))
    await family.press("Cancel")
    await family.press("Delete my answers")
    (row,) = file_rows(machine)
    assert (row.state, row.data_key, row.details) == ("removed", None, None)
    await swept(machine)
    assert blobs(machine) == set()


async def test_removing_a_person_from_a_draft_removes_what_was_sent_for_them(
    machine: Machine, family: Family
) -> None:
    await to_summary(family, "Amina", "Yusuf")
    draft = draft_id(machine)
    for person in person_ids(machine):
        await receive(machine, family, Belongs(Purpose.PORTRAIT, draft, person), kind="photo")
    await family.press("Remove a person")
    await family.press("1. Amina")
    assert [row.state for row in file_rows(machine)] == ["removed", "stored"]


async def test_what_was_sent_can_be_listed_removed_and_not_by_others(
    machine: Machine, family: Family
) -> None:
    await to_confirmation(family)
    request = only_request(machine)
    first = await receive(machine, family, Belongs("passport", request, None))
    second = await receive(machine, family, Belongs("passport", request, None), PDF)
    other = machine.person(1004)
    await to_menu(other)
    mine, theirs = account_of(machine, family).id, account_of(machine, other).id
    keys, now = machine.homeward.around.keys, machine.homeward.clock.now()
    with machine.homeward.engine.begin() as connection:
        listed = submissions.of_request(connection, keys, request)
        assert [(each.purpose, each.count, each.states) for each in listed] == [
            ("passport", 1, {"stored"})
        ] * 2
        assert submissions.of_account(connection, keys, theirs) == []
        assert not submissions.remove(connection, first.submission_id, theirs, now)
        assert submissions.remove(connection, first.submission_id, mine, now)
        assert not submissions.remove(connection, first.submission_id, mine, now)
        assert [each.submission_id for each in submissions.of_account(connection, keys, mine)] == [
            second.submission_id
        ]
    assert next(iter(papers(machine, request).values())).state is DocumentState.SUBMITTED
    with machine.homeward.engine.begin() as connection:
        assert submissions.remove(connection, second.submission_id, mine, now)
    assert next(iter(papers(machine, request).values())).state is DocumentState.HAVE
    assert events(machine).count("file_removed") == 2
    await swept(machine)
    assert blobs(machine) == set()
    await family.press("Delete it from this chat")
    assert family.sees("It was removed and is no longer stored.")


async def test_the_kinds_of_erasing(machine: Machine, family: Family) -> None:
    await to_confirmation(family)
    request, account = only_request(machine), account_of(machine, family).id
    await receive(machine, family, TALK, voice(), kind="voice")
    await receive(machine, family, Belongs("passport", 4711, 1))
    await receive(machine, family, Belongs("passport", request, None))
    now = machine.homeward.clock.now()
    with machine.homeward.engine.begin() as connection:
        submissions.erase(connection, now, account_id=account)
    assert [row.state for row in file_rows(machine)] == ["removed", "removed", "stored"]
    with machine.homeward.engine.begin() as connection:
        submissions.erase(connection, now, request_id=request)
    assert {(row.state, row.data_key, row.details, row.stored_as) for row in file_rows(machine)} == {
        ("removed", None, None, None)
    }


@pytest.mark.parametrize(
    ("kind", "content", "method"),
    [
        ("photo", picture(), "sendPhoto"),
        ("document", picture("PNG"), "sendDocument"),
        ("document", PDF, "sendDocument"),
        ("voice", voice(), "sendVoice"),
        ("video_note", video(), "sendVideoNote"),
    ],
    ids=["photo", "picture as a file", "PDF", "voice", "round video"],
)
async def test_stored_files_go_back_to_whoever_sent_them(
    machine: Machine, family: Family, kind: str, content: bytes, method: str
) -> None:
    await to_menu(family)
    await receive(machine, family, TALK, content, kind=kind)
    await send_back(machine, family)
    sent = family.last[kind]
    sent = sent[-1] if kind == "photo" else sent
    assert machine.world.files[sent["file_id"]].upload.content == held(machine)[0].content
    assert calls(machine, method)


async def test_a_file_that_is_removed_before_it_leaves_does_not_leave(
    machine: Machine, family: Family
) -> None:
    await to_menu(family)
    await receive(machine, family, TALK)
    heard = len(family.from_bot)
    await send_back(machine, family, removed=True)
    assert len(family.from_bot) == heard


async def send_back(machine: Machine, family: Family, *, removed: bool = False) -> None:
    """Do in a turn what /my_data will."""

    def give(turn: Turn) -> None:
        for each in submissions.of_account(turn.connection, turn.keys, turn.account_id):
            for file in each.stored:
                turn.upload(*way_back(file))
        if removed:
            submissions.erase(turn.connection, turn.now, account_id=turn.account_id)

    machine.homeward.application.add_handler(OnCommand("give", give), group=-1)
    await family.say("/give")


async def swept(machine: Machine) -> None:
    machine.later(minutes=16)
    await machine.homeward.fetching.sweep()


def events(machine: Machine) -> list[str]:
    with machine.homeward.engine.begin() as connection:
        return list(connection.scalars(select(Event.kind).order_by(Event.id)).all())


def draft_id(machine: Machine) -> int:
    return int(states_in(machine)[0]["draft"]["request_id"])


def person_ids(machine: Machine) -> list[int]:
    found: list[int] = states_in(machine)[0]["draft"]["person_ids"]
    return found
