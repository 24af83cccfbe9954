"""Talk to a person: words, voices, pictures; read again; offered where nothing was asked."""

import pytest
from sqlalchemy import delete, select

from casework import messages
from casework.access import How
from db.models import Access, Message
from simulator.records import Upload
from tests.family import Family
from tests.handlers.paths import tell_of_a_person, to_confirmation, to_first_question, to_menu
from tests.handlers.sending import send_album, send_file, send_photo
from tests.machine import Machine
from tests.stored import messages_in, office_writes, requests_in, states_in, submissions_in


def threads(machine: Machine) -> list[messages.Written]:
    """Return all that the only account wrote, opened as staff will."""
    with machine.homeward.engine.begin() as connection:
        account = connection.scalars(select(Message.account_id)).first()
        return messages.thread(connection, machine.homeward.around.keys, account or 0)


async def test_what_is_written_is_kept_and_answered_honestly(machine: Machine, family: Family) -> None:
    """Privacy rule 16: reachable from every screen; and the conversation goes on where it was."""
    await to_first_question(family)
    await family.say("Zainab")
    await family.press("Talk to a person")
    assert family.sees("A few people answer for many families, so it can take several days.")
    await family.say("I am afraid to give my name")
    assert family.sees("Your message is kept for staff.")
    assert family.sees("it can take several days")
    await family.press("← Back")
    assert family.sees("Who are you to the people you are asking about?")
    assert messages_in(machine) == ["I am afraid to give my name"]


async def test_who_writes_in_pieces_does_not_answer_the_next_question_with_them(
    machine: Machine, family: Family
) -> None:
    await to_first_question(family)
    await family.press("Talk to a person")
    await family.say("Good day")
    await family.say("My daughter is ill")
    assert family.sees("This is kept for staff too.")
    assert not family.sees("it can take several days")
    assert messages_in(machine) == ["Good day", "My daughter is ill"]
    await family.press("← Back")
    assert family.sees("What should we call you?")


@pytest.mark.parametrize("kind", ["voice", "video_note", "document"])
async def test_a_voice_a_video_message_or_a_file_is_one_message(
    machine: Machine, family: Family, kind: str
) -> None:
    await to_menu(family)
    await family.press("Talk to a person")
    await send_file(family, kind, caption="my mother speaks" if kind != "video_note" else "")
    assert family.sees("It has come in. We tell you here once it is stored safely.")
    assert family.sees("it can take several days")
    (kept,) = threads(machine)
    assert [part.kind for part in kept.files] == [kind]
    assert kept.text == ("my mother speaks" if kind != "video_note" else "")
    assert [each.purpose for each in submissions_in(machine)] == ["talk"]


async def test_an_album_is_one_message_and_answered_once(machine: Machine, family: Family) -> None:
    await to_menu(family)
    await family.press("Talk to a person")
    heard = len(family.from_bot)
    await send_album(family, 10)
    assert len(family.from_bot) == heard + 1
    (kept,) = threads(machine)
    assert [part.kind for part in kept.files] == ["photo"] * 10
    assert len(submissions_in(machine)) == 1


async def test_a_late_part_of_an_album_joins_it_wherever_the_conversation_has_gone(
    machine: Machine, family: Family
) -> None:
    await to_first_question(family)
    await family.press("Talk to a person")
    await send_photo(family, album="slow")
    await family.press("← Back")
    heard = len(family.from_bot)
    await send_photo(family, album="slow")
    assert len(family.from_bot) == heard
    assert [each.files for each in submissions_in(machine)] == [["photo", "photo"]]
    await family.say("Zainab")
    assert family.sees("Who are you to the people you are asking about?")


async def test_an_album_that_cannot_be_taken_is_answered_once(machine: Machine, family: Family) -> None:
    await to_menu(family)
    await family.press("File a request")
    heard = len(family.from_bot)
    await send_album(family, 5)
    assert len(family.from_bot) == heard + 1
    assert submissions_in(machine) == []


async def test_what_is_neither_words_nor_a_file_is_told_what_fits(machine: Machine, family: Family) -> None:
    await to_menu(family)
    await family.press("Talk to a person")
    machine.world.send_location(family.id, 43.3, 45.7)
    await machine.settle()
    assert family.sees("staff can be sent words, voice messages, photos and PDF files")
    assert family.sees("Write to the office")
    assert threads(machine) == []


async def test_forwarded_words_are_marked(machine: Machine, family: Family) -> None:
    await to_menu(family)
    await family.press("Talk to a person")
    machine.world.forward(family.id, "They are moved on Friday", "Somebody")
    await machine.settle()
    (kept,) = threads(machine)
    assert (kept.text, kept.forwarded) == ("They are moved on Friday", True)
    await family.press("What was written")
    assert family.sees("forwarded")


async def test_words_are_about_the_only_request_or_the_one_whose_card_was_open(
    machine: Machine, family: Family
) -> None:
    await to_menu(family)
    await family.press("Talk to a person")
    await family.say("before any request")
    await family.press("← Back")
    await file_another(family, "Amina")
    await family.say("/talk")
    await family.say("about the only one")
    await file_another(family, "Yusuf")
    await family.say("/talk")
    await family.say("about either")
    await family.say("/mine")
    await family.press(next(button for button in family.buttons if "HW-" in button))
    await family.press("Talk to a person")
    await family.say("about the newest")
    first, second = request_ids(machine)
    assert [(each.text, each.request_id) for each in threads(machine)] == [
        ("before any request", None),
        ("about the only one", first),
        ("about either", None),
        ("about the newest", second),
    ]
    await family.press("← Back")
    assert family.sees("Yusuf")
    await family.press("What was written")
    assert family.sees("about the newest")
    assert not family.sees("about the only one")


async def file_another(family: Family, name: str) -> None:
    await family.say("/new")
    if "I agree" in family.buttons:
        await family.press("I agree")
    await family.say("Zainab")
    await family.press("Aunt")
    await tell_of_a_person(family, name)
    await family.press("No, check my answers")
    await family.press("Send my request")


def request_ids(machine: Machine) -> list[int]:
    with machine.homeward.engine.begin() as connection:
        return list(connection.scalars(select(Access.request_id).order_by(Access.request_id)))


async def test_a_request_that_was_closed_to_this_chat_gets_no_more_of_its_words(
    machine: Machine, family: Family
) -> None:
    await to_confirmation(family)
    await family.press("My requests")
    await family.press("Talk to a person")
    with machine.homeward.engine.begin() as connection:
        row = connection.execute(select(Access)).one()
        connection.execute(delete(Access))
    await family.say("still there?")
    assert row.how == How.FILED
    assert [each.request_id for each in threads(machine)] == [None]


async def test_the_thread_shows_both_directions_pages_and_cuts(machine: Machine, family: Family) -> None:
    await to_menu(family)
    await family.press("Talk to a person")
    for number in range(12):
        await family.say(f"message {number} " + "ж" * 4000 * (number == 11))
    await send_file(family, "voice")
    office_writes(machine, family.id, "We have read everything")
    await family.press("What was written")
    assert family.sees("You · 22 November 2026")
    assert family.sees("The office · 22 November 2026")
    assert family.sees("We have read everything")
    assert family.sees("1 voice message")
    assert not family.sees("on its way")
    assert family.sees("ж" * 150)
    assert not family.sees("ж" * 250)
    assert not family.sees("message 3")
    await family.press("Earlier messages")
    assert family.sees("message 3")
    await family.press("Later messages")
    assert family.sees("We have read everything")
    await family.press("← Back")
    assert family.sees("Write to the office")


async def test_what_is_written_under_the_thread_goes_to_staff_too(machine: Machine, family: Family) -> None:
    await to_confirmation(family)
    await family.say("/talk")
    await family.say("first")
    await family.say("/mine")
    await family.press("What was written")
    assert family.sees("What you write or send here goes to staff as well.")
    await family.say("second")
    assert family.sees("Your message is kept for staff.")
    await family.press("← Back")
    assert family.sees("Your request has arrived")
    assert messages_in(machine) == ["first", "second"]


async def test_words_said_out_of_the_blue_are_offered_to_staff(machine: Machine, family: Family) -> None:
    await to_confirmation(family)
    await family.say("Where are my grandchildren?")
    assert family.sees("Shall we pass this on to staff?")
    await family.press("Yes, pass it on")
    assert messages_in(machine) == ["Where are my grandchildren?"]
    await family.say("This was a mistake")
    await family.press("No, delete it")
    assert messages_in(machine) == ["Where are my grandchildren?"]
    assert "said" not in states_in(machine)[0]


async def test_a_voice_out_of_the_blue_is_kept_only_after_yes(machine: Machine, family: Family) -> None:
    await to_confirmation(family)
    await send_file(family, "voice")
    assert family.sees("Shall we pass this on to staff?")
    assert family.sees("1 voice message")
    assert submissions_in(machine) == []
    await family.press("No, delete it")
    assert submissions_in(machine) == []
    assert "waiting" not in states_in(machine)[0]
    await send_file(family, "voice")
    await family.press("Yes, pass it on")
    assert family.sees("It has come in. We tell you here once it is stored safely.")
    assert [(each.purpose, each.files) for each in submissions_in(machine)] == [("talk", ["voice"])]
    assert submissions_in(machine)[0].request_id == request_ids(machine)[0]


async def test_an_album_out_of_the_blue_is_asked_about_once(machine: Machine, family: Family) -> None:
    await to_menu(family)
    heard = len(family.from_bot)
    await send_album(family, 10)
    assert len(family.from_bot) == heard + 1
    assert family.sees("1 album")
    await family.say("and a word about it")
    await send_file(family, "voice")
    assert family.sees("1 voice message, 1 album")
    await family.press("Yes, pass it on")
    assert [len(each.files) for each in submissions_in(machine)] == [10, 1]
    assert [each.text for each in threads(machine)] == ["and a word about it", "papers", ""]


async def test_only_so_much_waits_for_an_answer(machine: Machine, family: Family) -> None:
    await to_menu(family)
    for _ in range(5):
        await family.say("ж" * 4096)
    assert family.sees("Please answer this first.")
    await family.press("Yes, pass it on")
    (kept,) = threads(machine)
    assert 8000 < len(kept.text) <= 16_000


async def test_a_file_too_strange_for_staff_is_told_on_a_page(machine: Machine, family: Family) -> None:
    await to_menu(family)
    machine.world.send_sticker(family.id)
    await machine.settle()
    assert family.sees("staff can be sent words, voice messages, photos and PDF files")
    assert family.sees("What would you like to do?")


async def test_a_redelivered_photo_is_one_message(machine: Machine, family: Family) -> None:
    await to_menu(family)
    await family.press("Talk to a person")
    machine.world.send_file(family.id, "voice", Upload("a.ogg", b"OggS", "audio/ogg"))
    updates = machine.world.take_updates(machine.world.meant_bot(None).id)
    await machine.take(updates)
    await machine.take(updates)
    assert len(threads(machine)) == 1
    assert len(requests_in(machine)) == 0
