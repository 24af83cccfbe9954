"""What becomes of conversations where something ends: a request withdrawn, a chat cut off, an account erased."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import select

from casework.files import State
from db.models import File, Message, Request
from tests.family import Family, words_of
from tests.handlers.desk import BOSS, at_desk
from tests.handlers.paths import to_menu
from tests.handlers.sending import send_file
from tests.handlers.test_conversation import ASKED, WRITTEN, files_in, heard, request_row, thread_of
from tests.handlers.test_moving import filed, take
from tests.handlers.test_my_data import ask, documents
from tests.machine import Machine, running


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Machine]:
    async with running(tmp_path, admins=(BOSS,)) as machine:
        yield machine
        assert machine.set_aside() == 0


async def with_two(office: Machine) -> tuple[Family, Family, Family, str]:
    """Bring an admin to a case of theirs that two relatives can open."""
    admin = await at_desk(office)
    family, reference = await filed(office, 1001, "Amina Alieva")
    await take(admin, reference)
    await family.say("/mine")
    await family.press("Who can open this request")
    await family.press("Invite a relative")
    token = next(w for m in family.from_bot[::-1] for w in words_of(m).split("start=")[1:]).split()[0]
    uncle = office.person(1002, "en", "Yusuf")
    await uncle.say(f"/start {token}")
    await uncle.press("English")
    return admin, family, uncle, reference


async def write(staff: Family, way: str, words: str, *, voice: bool = False) -> None:
    await staff.press(way)
    await staff.say(words)
    if voice:
        await send_file(staff, "voice")
    await staff.press("Send it")


def file_states(machine: Machine) -> list[str]:
    with machine.homeward.engine.begin() as connection:
        return list(connection.scalars(select(File.state).order_by(File.id)))


async def delete_me(person: Family, everything: bool) -> None:
    await person.say("/delete_me")
    if everything:
        await person.press("Delete me and my requests")
        await person.press("Yes, delete my requests too")
    else:
        await person.press("Delete everything about me")


async def test_who_is_erased_takes_their_words_and_the_offices_with_them(office: Machine) -> None:
    admin, family, uncle, reference = await with_two(office)
    await thread_of(admin, reference)
    await write(admin, "Ask something", "Where was she seen last?", voice=True)
    assert (heard(family, ASKED), heard(uncle, ASKED)) == (1, 1)
    await family.say("/talk")
    await family.say("To be forgotten")
    await delete_me(family, everything=False)
    await thread_of(admin, reference)
    assert "To be forgotten" not in admin.text
    assert "Where was she seen last?" in admin.text
    assert file_states(office) == [State.STORED], "the other relative was sent it too"
    await uncle.press("Read it")
    await uncle.press("Open what was sent with it")
    assert "voice" in files_in(uncle)[-1]
    await delete_me(uncle, everything=True)
    assert file_states(office) == [State.REMOVED]
    with office.homeward.engine.begin() as connection:
        assert connection.scalars(select(Message.id)).all() == []
    await admin.say("/messages")
    assert admin.sees("No family waits for an answer.")


async def test_a_question_to_who_is_erased_is_not_waited_for(office: Machine) -> None:
    admin, family, uncle, reference = await with_two(office)
    await uncle.say("/talk")
    await uncle.say("I know something")
    await thread_of(admin, reference)
    await admin.press("Ask something")
    await admin.press_with("Chat 1")
    assert admin.sees("It goes to: Chat 2")
    await admin.press_with("Chat 2")
    assert admin.sees("It goes to: Chat 2"), "somebody it goes to"
    await admin.say("What do you know?")
    await admin.press("Send it")
    assert (heard(family, ASKED), heard(uncle, ASKED)) == (0, 1)
    assert request_row(office).asked_at is not None
    await family.say("/talk")
    await family.say("What I know nobody asked")
    assert request_row(office).asked_at is not None, "it was asked of somebody else"
    await family.say("/mine")
    await family.press("Who can open this request")
    await family.press("Close it to number 2")
    await family.press("Yes, close it")
    assert request_row(office).asked_at is None
    await thread_of(admin, reference)
    assert admin.sees("A chat that is cut off")
    await uncle.press("Read it")
    assert "What do you know?" in uncle.text, "it was written to them"
    await uncle.say("Too late")
    await admin.say("/messages")
    assert admin.sees("no request yet, or none named")


async def test_a_withdrawn_request_can_be_answered_and_not_asked_about(office: Machine) -> None:
    admin = await at_desk(office)
    family, reference = await filed(office, 1001, "Amina Alieva")
    await take(admin, reference)
    await family.say("/mine")
    await family.press("Withdraw this request")
    await family.press("Yes, withdraw it")
    await family.say("/talk")
    await family.say("We changed our minds")
    await admin.say("/messages")
    assert reference in admin.offered, "the queue does not have it any more"
    await admin.press(reference)
    assert "Ask something" not in admin.offered
    await admin.say(f"/ask {reference} Why?")
    assert admin.sees("This request was withdrawn: it can be read and answered, and nothing else.")
    await admin.say(f"/reply {reference} We have noted it.")
    await admin.press("Send it")
    assert heard(family, WRITTEN) == 1


async def test_a_question_can_be_taken_back(office: Machine) -> None:
    admin = await at_desk(office)
    family, reference = await filed(office, 1001, "Amina Alieva")
    await take(admin, reference)
    await admin.say(f"/ask {reference} When was she born?")
    await admin.press("Send it")
    assert request_row(office).asked_at is not None
    await admin.press("Wait for no answer any more")
    assert request_row(office).asked_at is None
    await family.press("Read it")
    assert family.sees("What you write or send here goes to staff.")


async def test_what_was_written_before_belongs_to_the_request_that_follows(office: Machine) -> None:
    admin = await at_desk(office)
    family = office.person(1001, "en")
    await to_menu(family)
    await family.say("/talk")
    await family.say("Where do I begin?")
    await family.say("/new")
    await family.press("I agree")
    await family.say("Zainab")
    await family.press("Aunt")
    for words in ("Amina", "2017", "Iraq"):
        await family.say(words)
    await family.press("No, check my answers")
    await family.press("Send my request")
    with office.homeward.engine.begin() as connection:
        (about,) = connection.scalars(select(Request.id)).all()
    assert about
    await admin.say("/next")
    await admin.say("/messages")
    await admin.press_with("HW-")
    assert "Where do I begin?" in admin.text
    await write(admin, "Reply", "You have begun.")
    await admin.say("/messages")
    assert admin.sees("No family waits for an answer.")


async def test_my_data_has_what_the_office_wrote_and_sent(office: Machine) -> None:
    admin = await at_desk(office)
    family, reference = await filed(office, 1001, "Amina Alieva")
    await take(admin, reference)
    await admin.say(f"/reply {reference} This is what we found.")
    await send_file(admin, "document")
    await admin.press("Send it")
    await ask(family)
    held = documents(office, family)
    (message,) = json.loads(held["my-data.json"])["messages"]
    assert message["from"] == "office"
    assert message["text"] == "This is what we found."
    assert message["files"] == ["document"]
    assert "document.pdf" in held
    await ask(admin)
    assert "This is what we found." not in "".join(documents(office, admin).values())
