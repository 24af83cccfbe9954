"""The office writes to families and families answer: words, voices and photos, both ways."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from db.models import Audit, Request
from tests.family import Family
from tests.handlers.desk import BOSS, at_desk
from tests.handlers.sending import send_album, send_file
from tests.handlers.test_moving import filed, take
from tests.held import call_log_problems
from tests.machine import Machine, running
from tests.spoken import foreign_words

WRITTEN = "The office has written to you."
ASKED = "The office asks you something."
OWES = "The office waits for your answer. Write it here, or send a voice message, photos or files."
KEPT = "Your message is kept for staff. The answer will come in this chat; it can take several days."
TO_HOLDER = "A family writes to you about one of your cases."


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Machine]:
    async with running(tmp_path, admins=(BOSS,)) as machine:
        yield machine
        calls = [each for each in call_log_problems(machine.world) if "MyCommands" not in each]
        assert calls == []
        assert machine.set_aside() == 0


def heard(person: Family, sentence: str) -> int:
    """Count the messages that say this, in the person's own language."""
    return sum(person.sees(sentence, message=each) for each in person.from_bot)


def request_row(machine: Machine) -> Any:
    with machine.homeward.engine.begin() as connection:
        return connection.execute(select(Request.asked_at, Request.unanswered_since)).one()


def audited(machine: Machine, action: str) -> int:
    with machine.homeward.engine.begin() as connection:
        return len(connection.scalars(select(Audit.id).where(Audit.action == action)).all())


async def answer_to(person: Family, message: dict[str, Any], text: str) -> None:
    """Write a reply in Telegram's sense to a message of the bot."""
    person.machine.world.write(person.id, text, reply_to=message["message_id"])
    await person.machine.settle()


async def asked(office: Machine) -> tuple[Family, Family, str]:
    """Have an admin ask a Russian family something, looking at each step."""
    admin = await at_desk(office)
    family, reference = await filed(office, 1001, "Амина Алиева", language="ru")
    await take(admin, reference)
    await admin.say(f"/ask {reference}")
    assert admin.sees("You see it first as the family will.")
    assert "Send it" not in admin.offered
    await admin.say("В каком году <b>Амина</b> родилась?")
    assert "Мы пишем вам:" in admin.text, "in the family's language"
    assert "В каком году <b>Амина</b> родилась?" in admin.text
    assert admin.sees("It is a question: until they answer, the case waits for the family.")
    assert admin.sees("Language of the family: Русский")
    assert heard(family, ASKED) == 0, "nothing leaves before it is sent"
    await admin.press("Send it")
    assert admin.sees("Asked. Until the family answers, the case waits for them.")
    assert admin.sees("waiting to be sent")
    await admin.press("← Back")
    await admin.press("Messages")
    assert admin.sees("the family was told of it")
    assert admin.sees("the family owes an answer")

    assert heard(family, ASKED) == 1
    assert "Амина" not in family.text
    assert "Anna" not in family.text
    assert request_row(office).asked_at is not None
    await admin.say("/queue waiting")
    assert reference in admin.offered
    return admin, family, reference


async def test_a_question_is_written_previewed_sent_read_and_answered(office: Machine) -> None:
    admin, family, reference = await asked(office)
    await family.say("/mine")
    await family.press("The office asks you something")
    assert family.sees("The office writes:")
    assert "В каком году <b>Амина</b> родилась?" in family.text
    assert family.sees(OWES)
    await family.say("В 2017 году, в марте")
    assert family.sees(KEPT)
    assert request_row(office).asked_at is None
    assert request_row(office).unanswered_since is not None
    await family.say("/mine")
    assert family._own("What was written") in family.buttons

    assert heard(admin, TO_HOLDER) == 1
    assert "Амина" not in admin.text
    await family.say("/talk")
    await family.say("И ещё: спасибо")
    assert heard(admin, TO_HOLDER) == 1, "once, until they looked"
    await admin.say("/desk")
    assert "Messages: 1" in admin.offered
    assert "Unanswered: 1" in admin.offered
    await admin.say("/queue unanswered")
    assert admin.sees("2 unread messages")
    await admin.say(f"/case {reference}")
    await admin.press("Messages: 2 new")
    assert "В 2017 году, в марте" in admin.text
    assert admin.sees("opened by the family")
    assert admin.sees("The office (Anna)")
    await admin.press("Reply")
    await admin.say("Спасибо, записали.")
    assert not admin.sees("It is a question")
    await admin.press("Send it")
    assert heard(family, WRITTEN) == 1
    assert request_row(office) == (None, None)
    await admin.say("/messages")
    assert admin.sees("No family waits for an answer.")
    await family.press("Read it")
    assert "Спасибо, записали." in family.text
    assert foreign_words(office, family) - {"b"} == set()
    assert {"read_messages", "ask", "reply"} <= {
        each for each in ("read_messages", "ask", "reply") if audited(office, each)
    }


async def test_voice_and_photos_go_both_ways(office: Machine) -> None:
    admin = await at_desk(office)
    family, reference = await filed(office, 1001, "Амина Алиева", language="ru")
    await take(admin, reference)
    await family.say("/talk")
    await send_file(family, "voice")
    await admin.press("Read what they write")
    assert admin.sees("1 voice message")
    await admin.press("Open 1")
    before = len(files_in(admin))
    await admin.press("Open what came with it")
    (voice,) = files_in(admin)[before:]
    assert "voice" in voice
    assert voice["has_protected_content"]
    await answer_to(admin, voice, "Мы слышали вас.")
    assert "Мы пишем вам:\nМы слышали вас." in admin.text
    await send_file(admin, "voice", caption="голос тоже")
    await send_album(admin, 3)
    assert heard(family, WRITTEN) == 0
    received = len(files_in(family))
    await admin.press("Send it")
    assert admin.sees("It is kept, and leaves as soon as its files are stored.")
    assert heard(family, WRITTEN) == 1
    await family.press("Read it")
    assert "Мы слышали вас." in family.text
    await family.press("Open what was sent with it")
    assert [
        next(kind for kind in ("voice", "photo") if kind in each) for each in files_in(family)[received:]
    ] == [
        "voice",
        *["photo"] * 3,
    ]
    assert heard(admin, "✓ What you sent is stored safely ({files}).") == 0, "staff are told of none"
    await admin.say(f"/case {reference}")
    await admin.press("Messages")
    assert admin.sees("opened by the family")
    assert audited(office, "open_file") == 1


def files_in(person: Family) -> list[dict[str, Any]]:
    return [each for each in person.from_bot if {"photo", "document", "voice", "video_note"} & set(each)]
