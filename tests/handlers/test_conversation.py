"""The office writes to families and families answer: words, voices and photos, both ways."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from db.models import Audit, CaseNote, Request
from simulator.faults import Fault
from simulator.records import Upload
from tests.bot.test_screen import hold_within_limits
from tests.family import Family, buttons_of, words_of
from tests.handlers.desk import BOSS, at_desk, invited
from tests.handlers.paths import to_menu
from tests.handlers.sending import send_album, send_file, send_photo
from tests.handlers.test_moving import filed, take
from tests.handlers.test_my_data import ask, documents
from tests.held import call_log_problems
from tests.machine import BOT_ID, Machine, running
from tests.sent_files import picture
from tests.spoken import foreign_words

WRITTEN = "The office has written to you."
ASKED = "The office asks you something."
OWES = "The office waits for your answer. Write it here, or send a voice message, photos or files."
KEPT = "Your message is kept for staff. The answer will come in this chat; it can take several days."
UNREACHED = "It is written down. No chat of the family can be reached: please tell them in another way."
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


async def written_to(office: Machine, language: str = "ru") -> tuple[Family, Family, str]:
    """Bring an admin whose case it is to the preview of a message to the family."""
    admin = await at_desk(office)
    family, reference = await filed(office, 1001, "Амина Алиева", language=language)
    await take(admin, reference)
    await admin.press("Reply")
    await admin.say("Мы прочитали вашу заявку.")
    return admin, family, reference


async def thread_of(staff: Family, reference: str) -> None:
    await staff.say(f"/case {reference}")
    await staff.press_with("Messages")


async def test_staff_see_how_far_each_message_came(office: Machine) -> None:
    admin, family, reference = await written_to(office)
    office.world.faults.add(Fault("drop", ("sendMessage",), count=2))
    await admin.press("Send it")
    assert admin.sees("waiting to be sent")
    await thread_of(admin, reference)
    assert admin.sees("possibly told: the network failed")
    office.world.deactivate(family.id)
    await admin.press("Reply")
    await admin.say("Ещё одно.")
    await admin.press("Send it")
    assert admin.sees("Sent. The family gets a notice without names."), "nobody knows yet"
    await thread_of(admin, reference)
    assert admin.sees("cannot be reached: the bot is blocked, or the chat is gone")
    assert admin.sees("possibly told: the network failed"), "of the first one too nobody knows more"


async def test_whoever_blocked_the_bot_is_known_before_and_reads_it_when_they_come_back(
    office: Machine,
) -> None:
    admin, family, reference = await written_to(office)
    office.world.block(family.id)
    await admin.press("Send it")
    assert admin.sees(UNREACHED)
    await thread_of(admin, reference)
    assert admin.sees("cannot be reached: the bot is blocked, or the chat is gone")
    await admin.press("Reply")
    await admin.say("Ещё одно.")
    await admin.press("Send it")
    assert admin.sees(UNREACHED)
    assert heard(family, WRITTEN) == 0
    office.world.unblock(family.id)
    await family.say("/talk")
    await family.press_with("2")
    assert "Мы прочитали вашу заявку." in family.text
    assert "Ещё одно." in family.text
    await thread_of(admin, reference)
    assert not admin.sees("cannot be reached")
    assert admin.sees("opened by the family")


async def test_only_who_has_the_case_writes_and_a_hand_over_stops_what_was_begun(office: Machine) -> None:
    admin, family, reference = await written_to(office)
    boris = await invited(office, admin, 901, "Boris")
    await admin.say(f"/reply {reference}")
    await boris.say(f"/reply {reference} Здравствуйте")
    assert boris.sees("Anna works on this case.")
    await admin.say(f"/assign {reference} @Boris")
    await boris.say(f"/reply {reference} Здравствуйте")
    await boris.press("Send it")
    await admin.say(f"/reply {reference}")
    assert admin.sees("Boris works on this case.")
    assert heard(family, WRITTEN) == 1
    await boris.say("/revoke @Anna")
    await admin.say("/desk")
    await admin.say("/revoke @Boris")
    await boris.press("Reply")
    assert heard(family, WRITTEN) == 1
    assert not boris.sees("Send it")


async def test_who_writes_before_any_request_is_answered_by_whoever_comes_first(office: Machine) -> None:
    admin = await at_desk(office)
    boris = await invited(office, admin, 901, "Boris")
    family = office.person(1001, "ru")
    await to_menu(family, family.language_name)
    await family.say("/talk")
    await family.say("Как подать заявку?")
    await send_photo(family)
    for staff in (admin, boris):
        await staff.say("/messages")
        assert staff.sees("no request yet, or none named")
        assert staff.sees("2 messages")
        assert "Как подать" not in staff.text
        await staff.press_with("Without a request")
        assert "Как подать заявку?" in staff.text
        await staff.press("Reply")
        assert "Ask them to answer" not in staff.offered
        await staff.say(f"Нажмите «Подать заявку». Это {staff.id}.")
    await admin.press("Send it")
    await boris.press("Send it")
    assert boris.sees(
        "Anna has answered meanwhile. Look at it first; nothing was sent, and your words are kept."
    )
    assert heard(family, WRITTEN) == 1
    await boris.press("Send it")
    assert heard(family, WRITTEN) == 2
    await family.press("Read it")
    assert "Это 901." in family.text
    await admin.say("/messages")
    assert admin.sees("No family waits for an answer.")
    assert audited(office, "answer_writer") > 1
    assert audited(office, "read_writer") > 1
    await family.say("/talk")
    await family.say("Спасибо, нашла")
    await admin.say("/messages")
    await admin.press_with("Without a request")
    await admin.press("It needs no answer")
    assert admin.sees("It waits for no answer any more.")
    assert "It needs no answer" not in admin.offered
    await admin.say("/desk")
    assert "Messages: 0" in admin.offered


async def test_two_relatives_each_read_their_own_words_and_the_offices(office: Machine) -> None:
    admin = await at_desk(office)
    family, reference = await filed(office, 1001, "Amina Alieva")
    await take(admin, reference)
    await family.say("/mine")
    await family.press("Who can open this request")
    await family.press("Invite a relative")
    token = next(w for m in family.from_bot[::-1] for w in words_of(m).split("start=")[1:]).split()[0]
    uncle = office.person(1002, "ar", "Yusuf")
    await uncle.say(f"/start {token}")
    await uncle.press(uncle.language_name)
    await uncle.say("/talk")
    await uncle.say("لا تخبروا أحدا")
    await admin.press("Read what they write")
    assert "لا تخبروا أحدا" in admin.text
    await admin.press("Reply")
    await admin.say("We keep it to ourselves.")
    assert admin.sees("It goes to: Chat 2"), "the others may not know what it answers"
    await admin.press("Send it")
    assert (heard(family, WRITTEN), heard(uncle, WRITTEN)) == (0, 1)
    await admin.press("Ask something")
    await admin.say("Has she a birth certificate?")
    assert admin.sees("It goes to: Chat 1, Chat 2")
    assert admin.sees("Language of the family: English, العربية")
    assert "The office writes:" in admin.text
    assert uncle._own("The office writes:") in admin.text
    await admin.press("Send it")
    assert (heard(family, ASKED), heard(uncle, ASKED)) == (1, 1)
    assert request_row(office).asked_at is not None
    await family.press("Read it")
    await family.say("Yes, from Mosul")
    assert request_row(office).asked_at is None, "one of them is enough"
    await uncle.press("Read it")
    assert "Has she a birth certificate?" in uncle.text
    assert not uncle.sees(OWES)
    await uncle.press("What was written")
    assert "Mosul" not in uncle.text
    assert "We keep it to ourselves." in uncle.text
    await family.say("/talk")
    await family.press("What was written")
    assert "We keep it" not in family.text
    assert "تخبروا" not in family.text


async def test_a_reply_to_any_message_about_a_case_is_words_to_its_family(office: Machine) -> None:
    admin = await at_desk(office)
    family, reference = await filed(office, 1001, "Amina Alieva")
    other, another = await filed(office, 1002, "Yusuf Aliev")
    await take(admin, reference)
    await take(admin, another)
    for relative in (family, other):
        await relative.say("/talk")
        await relative.say("Good day")
    notice, of_other = [each for each in admin.from_bot if TO_HOLDER in each.get("text", "")]
    await admin.say("/desk")
    await answer_to(admin, notice, "We have your papers.")
    assert reference in admin.text
    assert "We have your papers." in admin.text
    assert heard(family, WRITTEN) == 0, "it is shown first"
    await answer_to(admin, of_other, "And yours.")
    assert another in admin.text
    assert "And yours." in admin.text
    assert "We have" not in admin.text
    await admin.press("Send it")
    assert (heard(family, WRITTEN), heard(other, WRITTEN)) == (0, 1)

    await admin.say(f"/note {reference}")
    await answer_to(admin, admin.screen, "Their aunt called.")
    assert admin.sees("The note is written down."), "what the screen asks for goes to the screen"
    await admin.say(f"/case {reference}")
    await answer_to(admin, admin.screen, "About your papers.")
    assert "About your papers." in admin.text
    assert admin.sees("The office writes:")
    await admin.say("/desk")
    desk = admin.screen
    await admin.say("/team")
    await answer_to(admin, desk, "to nobody")
    assert "to nobody" not in admin.text, "the desk is about no case"
    assert (heard(family, WRITTEN), heard(other, WRITTEN)) == (0, 1)
    stranger = office.person(1009)
    await to_menu(stranger)
    await answer_to(stranger, stranger.last, "hello")
    assert stranger.sees("Shall we pass this on to staff?")


async def test_long_and_hostile_words_are_read_whole_and_do_no_harm(office: Machine) -> None:
    admin = await at_desk(office)
    family, reference = await filed(office, 1001, "Amina Alieva")
    await take(admin, reference)
    await family.say("/talk")
    hostile = "<b>&lt;\u202ereversed {name} {0} %s @all /queue </blockquote>"
    await family.say(hostile)
    await family.say("🙏🏽" * 900 + " the end")
    await thread_of(admin, reference)
    assert "<b>&lt;reversed {name} {0} %s @all /queue </blockquote>" in admin.text
    assert "the end" not in admin.text
    await admin.press("Open 2")
    assert "the end" not in admin.text
    await admin.press("Next part")
    assert "the end" in admin.text
    assert "Next part" not in admin.offered
    await admin.press("Earlier part")
    await admin.press("Reply")
    await admin.say("ж" * 3001)
    assert admin.sees("Words for the family may have 3000 letters at most; yours have 3001.")
    assert "Send it" not in admin.offered
    await admin.say(hostile + "🙏" * 1450)
    assert hostile.replace("\u202e", "") in admin.text
    await admin.press("Send it")
    await family.press("Read it")
    assert hostile.replace("\u202e", "") in family.text
    await thread_of(admin, reference)
    for message in office.world.said:
        hold_within_limits(message)


async def test_forged_presses_send_nothing_and_read_nothing(office: Machine) -> None:
    admin, family, reference = await written_to(office, "en")
    stranger, _ = await filed(office, 1002, "Yusuf Aliev")
    await admin.press("Send it")
    (letter,) = (each for each in buttons_of(family.last) if each["text"] == "Read it")
    await stranger.forge(letter["callback_data"])
    assert stranger.sees("This message is not here any more.")
    assert "прочитали" not in stranger.text
    for data in ("~:letter:", "~:letter:x", f"~:letter:{2**63}", "~:letters", "~:messages:1", "~:messages:x"):
        await stranger.forge(data)
        assert office.set_aside() == 0, data
    await admin.forge("~:messages:1")
    assert admin.sees("This case is not there any more.")
    await thread_of(admin, reference)
    token = buttons_of(admin.screen)[0]["callback_data"].partition(":")[0]
    await admin.forge(f"{token}:message:1")
    assert admin.sees("This message is not there any more.")
    await admin.press("Reply")
    token = buttons_of(admin.screen)[0]["callback_data"].partition(":")[0]
    for what in ("send", "send_question", "to:1", "to:x", "use:1"):
        await admin.forge(f"{token}:{what}")
    assert heard(family, WRITTEN) == 1


async def test_saved_replies_are_kept_by_language_and_chosen(office: Machine) -> None:
    admin = await at_desk(office)
    for language, name, text in (
        ("English", "Thanks", "Thank you, we have it."),
        ("Русский", "Спасибо", "Спасибо, всё пришло."),
    ):
        await admin.say("/replies")
        await admin.press("Add a reply")
        await admin.press(language)
        await admin.say(name)
        await admin.say(text)
        assert admin.sees("The reply is saved.")
    await admin.press("Add a reply")
    await admin.press("English")
    await admin.say("Thanks")
    await admin.say("Thank you twice.")
    assert admin.sees("There is a reply of this name in this language already. Nothing was saved.")
    await admin.press("English: Thanks")
    await admin.press("Change it")
    await admin.say("Thank you. <We> have it.")
    await admin.press("English: Thanks")
    assert "Thank you. <We> have it." in admin.text
    family, reference = await filed(office, 1001, "Амина Алиева", language="ru")
    await take(admin, reference)
    await admin.say(f"/reply {reference}")
    await admin.press("Saved replies")
    assert admin.offered[:2] == ["Русский: Спасибо", "English: Thanks"], "the family's language first"
    await admin.press("Русский: Спасибо")
    assert "Спасибо, всё пришло." in admin.text
    await admin.press("Send it")
    await family.press("Read it")
    assert "Спасибо, всё пришло." in family.text
    await admin.say("/replies")
    await admin.press("Русский: Спасибо")
    await admin.press("Remove it")
    assert admin.sees("The reply is removed.")
    assert admin.offered[0] == "English: Thanks"


async def test_notes_are_for_the_team_alone(office: Machine) -> None:
    admin = await at_desk(office)
    boris = await invited(office, admin, 901, "Boris")
    family, reference = await filed(office, 1001, "Amina Alieva")
    await take(admin, reference)
    await boris.say(f"/note {reference} Their aunt <called>.")
    assert boris.sees("The note is written down."), "also on a colleague's case"
    for number in range(5):
        await boris.say(f"note {number}")
    assert "note 4" in boris.text
    assert "Their aunt" not in boris.text
    await boris.press("Next page")
    assert "Their aunt <called>." in boris.text
    await boris.say("ж" * 701)
    assert boris.sees("A note may have 700 letters at most.")
    await admin.say(f"/case {reference}")
    await admin.press("Notes: 6")
    assert "Boris" in admin.text
    assert "note 4" in admin.text
    await ask(family)
    held = "".join(documents(office, family).values())
    assert "Amina" in held
    assert "note 4" not in held
    await family.say("/delete_me")
    await family.press("Delete me and my requests")
    await family.press("Yes, delete my requests too")
    with office.homeward.engine.begin() as connection:
        assert connection.scalars(select(CaseNote.id)).all() == []


async def test_what_cannot_be_kept_is_told_to_who_sent_it(office: Machine) -> None:
    admin, family, reference = await written_to(office, "en")
    bad = Upload("a.pdf", b"no pdf at all", "application/pdf")
    office.world.send_file(admin.id, "document", bad)
    await office.settle()
    await admin.press("Send it")
    assert heard(admin, "The family does not get what was not kept.") == 1
    assert heard(family, WRITTEN) == 1, "the words are theirs all the same"
    await family.press("Read it")
    assert "1 file" not in family.text
    await admin.say(f"/ask {reference}")
    office.world.forward(admin.id, "Passed on from the ministry", "Somebody")
    await office.settle()
    assert "Passed on from the ministry" in admin.text
    await admin.press("Start again")
    office.world.send_file(admin.id, "document", bad)
    await office.settle()
    office.world.send_sticker(admin.id)
    await office.settle()
    assert admin.sees("a family can be sent words, voice messages, photos and PDF files")
    await admin.press("Send it")
    assert heard(admin, "The family does not get what was not kept.") == 2
    assert heard(family, ASKED) == 0
    assert request_row(office).asked_at is None, "nothing was asked"


async def test_an_album_sent_as_a_reply_is_one_message_to_the_family(office: Machine) -> None:
    admin = await at_desk(office)
    family, reference = await filed(office, 1001, "Amina Alieva")
    await take(admin, reference)
    card = admin.screen
    await admin.say("/desk")
    for _ in range(3):
        office.world.send_photo(admin.id, picture(), album="one")
    updates = office.world.take_updates(BOT_ID, 0)
    for each in updates:
        each["message"]["reply_to_message"] = card
    await office.take(updates)
    assert reference in admin.text
    assert admin.sees("1 album")
    await admin.press("Send it")
    assert heard(family, WRITTEN) == 1
    await family.press("Read it")
    assert family.sees("3 photos")
    assert audited(office, "letter_sent") == 1
