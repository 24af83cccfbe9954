"""Papers at the office: asked for, opened, found good, sent back with a reason that the family understands."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from casework.rejections import REJECTIONS
from db.models import Audit, Document, Event, Request
from tests.bot.stage import fail, rows
from tests.family import Family, buttons_of, words_of
from tests.handlers.desk import BOSS, at_desk, invited
from tests.handlers.paths import to_menu
from tests.handlers.sending import send_album, send_file, send_photo
from tests.handlers.test_moving import filed, news_of, take
from tests.handlers.test_my_data import ask, documents
from tests.held import call_log_problems
from tests.machine import Machine, running

NEWS = "There is news about your request."
ASKED = "The office asks you for a paper."
TO_HOLDER = "There is something new among the papers of one of your cases."


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Machine]:
    async with running(tmp_path, admins=(BOSS,)) as machine:
        yield machine
        calls = [each for each in call_log_problems(machine.world) if "MyCommands" not in each]
        assert calls == []
        assert machine.set_aside() == 0


async def with_a_case(office: Machine, language: str = "en", *names: str) -> tuple[Family, Family, str]:
    """Bring an admin to the card of a family's case that is theirs."""
    admin = await at_desk(office)
    family, reference = await filed(office, 1001, *(names or ("Amina Alieva",)), language=language)
    await take(admin, reference)
    return admin, family, reference


async def to_paper(staff: Family, reference: str, paper: str) -> None:
    await staff.say(f"/papers {reference}")
    await staff.press_with(paper)


async def ask_for(staff: Family, reference: str, paper: str) -> None:
    await to_paper(staff, reference, paper)
    await staff.press("Ask the family for it")


async def asked_and_sent(staff: Family, family: Family, reference: str, paper: str = "Passport") -> None:
    await ask_for(staff, reference, paper)
    await family.press("See which one")
    await send_photo(family)


async def send_back(staff: Family, reason: str) -> None:
    await staff.press("It cannot be used")
    await staff.press(reason)
    await staff.press("Yes, send it back")


def heard(person: Family, sentence: str) -> int:
    """Count the messages that say this, in the person's own language."""
    return sum(person.sees(sentence, message=each) for each in person.from_bot)


def files_in(person: Family) -> list[dict[str, Any]]:
    return [each for each in person.from_bot if {"photo", "document", "voice", "video_note"} & set(each)]


def events(machine: Machine) -> list[str]:
    with machine.homeward.engine.begin() as connection:
        return list(connection.scalars(select(Event.kind).order_by(Event.id)))


def audited(machine: Machine, action: str) -> list[int | None]:
    with machine.homeward.engine.begin() as connection:
        return list(
            connection.scalars(select(Audit.subject_id).where(Audit.action == action).order_by(Audit.id))
        )


def waits_for_family(machine: Machine) -> bool:
    with machine.homeward.engine.begin() as connection:
        return connection.scalars(select(Request.asked_at)).one() is not None


async def test_a_paper_is_asked_for_sent_opened_and_found_good(office: Machine) -> None:
    admin, family, reference = await with_a_case(office, "ru", "Амина Алиева")
    await ask_for(admin, reference, "Court ruling")
    await ask_for(admin, reference, "Passport")
    assert admin.sees("The family is asked for it, and gets a message without names.")
    assert heard(family, ASKED) == 2
    assert "Амина" not in family.text
    await admin.say("/queue waiting")
    assert reference in admin.offered
    await admin.say(f"/case {reference}")
    assert "Missing: Passport (asked for), Court ruling (asked for), Birth certificate" in admin.text

    await family.press("See which one")
    assert family.sees("Passport")
    assert family.sees("the office asks for this one")
    await family.press("← Back")
    first, second = (family.text.index(family._own(each)) for each in ("Court ruling", "Passport"))
    assert first < second < family.text.index(family._own("Birth certificate"))
    await family.press("See which one")
    await send_photo(family, caption="<b>страница</b> 2")
    await send_file(family, "document")
    assert heard(admin, TO_HOLDER) == 1, "of several in a row once, until they looked"
    assert "Alieva" not in admin.text
    assert waits_for_family(office), "the court ruling is still asked for"

    await admin.say(f"/case {reference}")
    await admin.press("Papers: 1 to check")
    assert "Passport: to be checked, since 22 November 2026 · 1 photo, 1 file" in admin.text
    await admin.press("● Passport")
    await admin.press("Open it")
    photo, document = files_in(admin)
    assert photo["has_protected_content"]
    assert document["has_protected_content"]
    assert words_of(photo) == "Passport, 1 of 2 · 22 November 2026\n<b>страница</b> 2"
    assert admin.sees("2 files are in this chat now.")
    (row,) = [each for each in rows(office, Document) if each.kind == "passport"]
    assert audited(office, "open_file") == [row.id]
    await admin.press("Take it out of the chat")
    assert files_in(admin) == []
    assert "Take it out of the chat" not in admin.offered

    told = heard(family, NEWS)
    await admin.press("It is good")
    assert "Passport: found good, since 22 November 2026" in admin.text
    assert audited(office, "check_paper")[-1] == row.id
    assert heard(family, NEWS) == told + 1
    await family.press("See the news")
    assert family.sees("checked by staff")
    assert events(office)[-1] == "paper_verified.passport"
    await admin.say(f"/case {reference}")
    assert "Passport: checked by staff · Anna" in admin.text
    await send_photo(family)
    assert heard(admin, TO_HOLDER) == 2


async def test_a_paper_is_sent_back_with_a_reason_in_the_familys_language_and_comes_again(
    office: Machine,
) -> None:
    admin, family, reference = await with_a_case(office, "ar", "أمينة")
    await asked_and_sent(admin, family, reference)
    assert not waits_for_family(office)
    office.later(minutes=5)
    await to_paper(admin, reference, "Passport")
    await admin.press("It cannot be used")
    await admin.press("Too blurred")
    theirs = office.homeward.around.locales.get("ar")
    assert theirs.plain("The picture is too blurred to be read.") in admin.text
    assert "Language of the family: العربية" in admin.text
    await admin.say("x" * 301)
    assert admin.sees("Words for the family may have 300 letters at most.")
    await admin.say("الرقم <i>غير</i> ظاهر")
    await admin.press("Yes, send it back")
    assert admin.sees("Sent back.")
    assert waits_for_family(office)
    assert family.sees(NEWS)
    assert "Passport" not in family.text
    await family.press("See the news")
    assert family.sees("cannot be used")
    assert family.sees("please send it again")
    assert family.sees("The picture is too blurred to be read.")
    assert family.sees("The office adds: {words}")
    assert "الرقم <i>غير</i> ظاهر" in family.text
    await admin.say(f"/case {reference}")
    assert "Missing: Passport (sent back)" in admin.text
    assert "Passport: not good yet · Too blurred · الرقم <i>غير</i> ظاهر · Anna" in admin.text

    office.later(days=1)
    await send_file(family, "document")
    assert not family.sees("The office adds: {words}")
    await admin.press("Open the papers")
    await admin.press("● Passport")
    assert "• 23 November 2026 · 1 file · stored · new\n• 22 November 2026 · 1 photo · stored" in admin.text
    await admin.press("Open what is new")
    (document,) = files_in(admin)
    assert "document" in document
    await admin.press("It is good")
    assert not waits_for_family(office)
    assert [each.remark for each in rows(office, Document)] == [None]


async def test_every_reason_says_what_is_wrong_and_how_to_mend_it(office: Machine) -> None:
    """What is only wrong in its own way needs words of its own."""
    admin, family, reference = await with_a_case(office, "ru")
    await asked_and_sent(admin, family, reference)
    await to_paper(admin, reference, "Passport")
    await admin.press("It cannot be used")
    for each in REJECTIONS:
        await admin.press(each.label)
        assert ("Yes, send it back" in admin.offered) is not each.needs_words
        if each.needs_words:
            await admin.say("The seal is of another country.")
        await admin.press("Yes, send it back")
        await family.press("See the news")
        assert family.sees(each.wrong)
        assert family.sees(each.mend) if each.mend else "The seal is of another country." in family.text
        await to_paper(admin, reference, "Passport")
        await admin.press("It cannot be used")
    assert events(office).count("paper_rejected.passport") == len(REJECTIONS)


async def test_what_comes_after_it_was_found_good_is_shown_as_new(office: Machine) -> None:
    admin, family, reference = await with_a_case(office)
    await asked_and_sent(admin, family, reference)
    await to_paper(admin, reference, "Passport")
    await admin.press("It is good")
    await admin.press("✓ Passport")
    assert {"It is good", "Ask for it no more"}.isdisjoint(admin.offered)
    office.later(minutes=1)
    await send_photo(family)
    assert family.sees("Now: checked by staff")
    await admin.press("Open the papers")
    assert "Passport: found good, since 22 November 2026 · more has come · 2 photos" in admin.text
    await admin.press("● Passport")
    await admin.press("Open what is new")
    assert len(files_in(admin)) == 1
    await admin.press("It is good")
    await admin.say(f"/case {reference}")
    assert "Papers" in admin.offered
    assert events(office).count("paper_verified.passport") == 2


async def test_what_changed_since_it_was_shown_is_not_decided_on(office: Machine) -> None:
    admin, family, reference = await with_a_case(office)
    await asked_and_sent(admin, family, reference)
    await to_paper(admin, reference, "Passport")
    await send_photo(family)
    told = news_of(family)
    await admin.press("It is good")
    assert admin.sees("This paper has changed since you looked.")
    assert admin.text.count("1 photo · stored") == 2
    await admin.press("It cannot be used")
    await admin.press("Cut off")
    await family.press("What you sent")
    for _ in range(2):
        await family.press_with("1. Passport")
        await family.press("Remove it")
        await family.press("Yes, remove it for good")
    await admin.press("Yes, send it back")
    assert admin.sees("This paper has changed since you looked.")
    assert "Now: the family has it" in admin.text
    assert {"Open it", "It is good", "It cannot be used"}.isdisjoint(admin.offered)
    assert news_of(family) == told
    assert {"paper_verified.passport", "paper_rejected.passport"}.isdisjoint(events(office))


async def test_what_the_family_removed_meanwhile_is_not_opened(office: Machine) -> None:
    admin, family, reference = await with_a_case(office)
    await asked_and_sent(admin, family, reference)
    await to_paper(admin, reference, "Passport")
    await family.press("What you sent")
    await family.press("1. Passport")
    await family.press("Remove it")
    await family.press("Yes, remove it for good")
    await admin.press("Open it")
    assert admin.sees("The family has removed it, and nothing of it is left.")
    assert files_in(admin) == []


async def test_of_two_who_decide_one_does_and_the_other_is_told_who(office: Machine) -> None:
    admin, family, reference = await with_a_case(office)
    colleague = await invited(office, admin, 901, "Boris")
    await asked_and_sent(admin, family, reference)
    await admin.say(f"/assign {reference} @Boris")
    await to_paper(colleague, reference, "Passport")
    await admin.say(f"/case {reference}")
    await admin.press("Take it over")
    await to_paper(admin, reference, "Passport")
    await admin.press("It is good")
    told = news_of(family)
    await admin.say(f"/assign {reference} @Boris")
    await colleague.press("It cannot be used")
    assert colleague.sees("Anna has decided on this paper meanwhile. Nothing was changed by you.")
    assert "Now: found good" in colleague.text
    assert news_of(family) == told


async def test_two_telephones_decide_at_once_and_one_decision_is_made(office: Machine) -> None:
    admin, family, reference = await with_a_case(office)
    await asked_and_sent(admin, family, reference)
    await to_paper(admin, reference, "Passport")
    screen = admin.screen["message_id"]
    for _ in range(2):
        office.world.press(admin.id, screen, label="It is good")
    await office.together(office.world.take_updates(100200300, 0))
    assert news_of(family) == 1
    assert events(office).count("paper_verified.passport") == 1


async def test_who_does_not_have_the_case_reads_and_opens_and_decides_nothing(office: Machine) -> None:
    admin, family, reference = await with_a_case(office)
    colleague = await invited(office, admin, 901, "Boris")
    await asked_and_sent(admin, family, reference)
    await to_paper(colleague, reference, "Passport")
    assert colleague.offered == ["Open it", "← Back", "Desk"]
    await colleague.press("Open it")
    assert len(files_in(colleague)) == 1
    token = buttons_of(colleague.screen)[0]["callback_data"].partition(":")[0]
    for forged in ("good", "reject", "ask", "unask"):
        await colleague.forge(f"{token}:{forged}", message_id=colleague.screen["message_id"])
        assert colleague.sees("Anna works on this case.")
        await to_paper(colleague, reference, "Passport")
        token = buttons_of(colleague.screen)[0]["callback_data"].partition(":")[0]
    for forged in ("open:7", "open:²", "open:" + "9" * 40, "open:new", "open:-1"):
        await colleague.forge(f"{token}:{forged}", message_id=colleague.screen["message_id"])
        assert colleague.sees("The family has removed it, and nothing of it is left.")
        token = buttons_of(colleague.screen)[0]["callback_data"].partition(":")[0]
    assert len(files_in(colleague)) == 1
    assert {"paper_verified.passport", "paper_rejected.passport"}.isdisjoint(events(office))
    # What was opened goes with everything else once the role does.
    old = next(b["callback_data"] for b in buttons_of(colleague.screen) if b["text"] == "Open it")
    await admin.say("/revoke @Boris")
    await admin.press("Take the role away")
    await colleague.forge(old)
    await colleague.say(f"/papers {reference}")
    assert files_in(colleague) == []
    assert not any("Amina" in words_of(each) for each in colleague.from_bot)


async def test_notices_lead_only_those_whose_they_are(office: Machine) -> None:
    admin, family, reference = await with_a_case(office)
    await asked_and_sent(admin, family, reference)
    stranger = office.person(1009)
    await to_menu(stranger)
    buttons = [b for each in (*family.from_bot, *admin.from_bot) for b in buttons_of(each)]
    to_papers, to_staffs = (
        next(b["callback_data"] for b in buttons if b["text"] == words)
        for words in ("See which one", "Open the papers")
    )
    await stranger.forge(to_papers)
    assert stranger.sees("This chat holds no request yet.")
    nobodys = "~:paper:424242"
    await stranger.forge(nobodys)
    assert stranger.sees("This chat holds no request yet.")
    for each in (stranger, family):
        await each.forge(to_staffs)
        assert each.toasts[-1] == "This button belongs to an earlier message."
        assert not each.sees("Press a paper to open it")
    for forged in ("~:paper:x", "~:paper:" + "9" * 50, "~:papers:x", "~:papers:" + "9" * 50, "~:papers:4242"):
        await family.forge(forged)
        await admin.forge(forged)
    assert not any("Amina" in words_of(each) for each in stranger.from_bot)


async def test_a_relative_who_was_invited_agrees_before_anything_is_sent(office: Machine) -> None:
    admin, family, reference = await with_a_case(office)
    await family.press("My requests")
    await family.press("Who can open this request")
    await family.press("Invite a relative")
    invitation = next(each for each in reversed(family.from_bot) if "start=i-" in words_of(each))
    aunt = office.person(1010)
    await aunt.say("/start i-" + words_of(invitation).split("start=i-")[1].split()[0])
    await aunt.press("English")
    await ask_for(admin, reference, "Passport")
    assert heard(aunt, ASKED) == heard(family, ASKED) == 1
    await aunt.press("See which one")
    assert aunt.sees("Before we begin: your agreement")
    await aunt.press("I agree")
    assert aunt.sees("Now: the office asks for this one")


async def test_that_there_is_none_is_an_answer_and_that_it_comes_later_is_none(office: Machine) -> None:
    admin, family, reference = await with_a_case(office)
    await ask_for(admin, reference, "Passport")
    await family.press("See which one")
    await family.press("We have it, I will send it later")
    assert family.sees("Passport: you have it, the office asks for this one")
    assert waits_for_family(office)
    assert heard(admin, TO_HOLDER) == 0
    await family.press("Passport")
    await family.press("We do not have it")
    assert heard(admin, TO_HOLDER) == 1
    assert not waits_for_family(office)
    await admin.press("Open the papers")
    assert "Passport: the family does not have it" in admin.text
    await admin.press("Passport")
    await admin.press("Ask the family for it")
    await family.press("See which one")
    await family.press("We do not have it")
    assert not waits_for_family(office), "it can be said again"
    assert heard(admin, TO_HOLDER) == 2


async def test_what_is_not_needed_any_more_is_asked_for_no_more(office: Machine) -> None:
    admin, family, _ = await with_a_case(office, "en", "Amina Alieva", "Yusuf")
    await admin.press("Papers")
    assert admin.sees("Whose papers?")
    await admin.press("Yusuf")
    await admin.press("The requester's identity document")
    assert admin.sees("the requester's own")
    await admin.press("Ask the family for it")
    await admin.press("← Back")
    await admin.press("Amina Alieva")
    assert "The requester's identity document: asked for on 22 November 2026" in admin.text
    await admin.press("The requester's identity document")
    await admin.press("Ask for it no more")
    await family.press("See which one")
    await send_photo(family)
    await admin.press("Open the papers")
    assert {"Amina Alieva: 1 to check", "Yusuf: 1 to check"} <= set(admin.offered), "it counts for both"
    assert not waits_for_family(office)
    assert family.sees("Your own identity document")
    assert not family.sees("the office asks for this one")
    happened = [each.partition(".")[0] for each in events(office) if "requester_identity" in each]
    assert happened == ["paper_asked", "paper_unasked", "paper_submitted"]


async def test_what_is_on_its_way_or_was_refused_can_be_neither_opened_nor_decided_on(
    office: Machine,
) -> None:
    admin, family, reference = await with_a_case(office)
    await ask_for(admin, reference, "Passport")
    await family.press("See which one")
    fail(office, "outage", "getFile")
    await send_photo(family)
    await to_paper(admin, reference, "Passport")
    assert admin.sees("Something is on its way and not stored yet.")
    assert admin.offered == ["Ask for it no more", "← Back", "Desk"]
    office.world.faults.clear()
    office.later(hours=1)
    await office.tick()
    assert heard(admin, TO_HOLDER) == 1
    await to_paper(admin, reference, "Passport")
    assert "It is good" in admin.offered
    await send_back(admin, "Cut off")
    office.world.send_photo(family.id, b"MZ made up")
    await office.settle()
    assert heard(admin, TO_HOLDER) == 1, "nothing came that could be looked at"
    await to_paper(admin, reference, "Passport")
    assert "1 photo · could not be kept" in admin.text
    assert "Now: sent back" in admin.text


async def test_other_things_they_sent_are_opened_too(office: Machine) -> None:
    admin, family, _ = await with_a_case(office)
    await family.press("Make the request stronger")
    await family.press_with("Papers")
    await family.press("Photo of the person")
    await send_photo(family)
    assert heard(admin, TO_HOLDER) == 1
    await family.press("← Back")
    await family.press("← Back")
    await family.press_with("In your own words")
    await send_file(family, "voice", caption="about her")
    await family.say("/talk")
    await send_file(family, "video_note")
    await admin.press("Open the papers")
    await admin.press("Other things they sent: 3")
    assert "1. Message to staff" in admin.text
    assert "2. Your words" in admin.text
    assert "3. Photo of the person · Amina Alieva\n22 November 2026 · 1 photo · stored" in admin.text
    for number in (1, 2, 3):
        await admin.press(f"Open {number}")
    sent = [next(k for k in ("photo", "voice", "video_note") if k in each) for each in files_in(admin)]
    assert sent == ["video_note", "voice", "photo"]
    assert all(each["has_protected_content"] for each in files_in(admin))
    assert len(set(audited(office, "open_file"))) == 3
    await admin.press("Take it out of the chat")
    assert files_in(admin) == []
    assert audited(office, "open_file").count(None) == 0


async def test_of_many_files_so_many_are_sent_at_once(office: Machine) -> None:
    admin, family, reference = await with_a_case(office)
    await ask_for(admin, reference, "Passport")
    await family.press("See which one")
    for number, parts in enumerate((10, 10, 3)):
        await send_album(family, parts, f"album-{number}")
    await to_paper(admin, reference, "Passport")
    await admin.press("Open 21–23")
    assert len(files_in(admin)) == 3
    await admin.press("Open 1–20")
    assert len(files_in(admin)) == 23


async def test_where_nobody_of_the_family_can_be_reached_staff_are_told(office: Machine) -> None:
    admin, family, reference = await with_a_case(office)
    office.world.block(family.id)
    await office.settle()
    await ask_for(admin, reference, "Passport")
    assert admin.sees("No chat of the family can be reached")
    assert waits_for_family(office)


async def test_a_new_holder_is_told_of_what_comes_although_the_one_before_did_not_look(
    office: Machine,
) -> None:
    admin, family, reference = await with_a_case(office)
    colleague = await invited(office, admin, 901, "Boris")
    await asked_and_sent(admin, family, reference)
    await admin.say(f"/assign {reference} @Boris")
    await send_photo(family)
    assert heard(admin, TO_HOLDER) == heard(colleague, TO_HOLDER) == 1
    await colleague.say(f"/release {reference}")
    await send_photo(family)
    assert heard(admin, TO_HOLDER) == heard(colleague, TO_HOLDER) == 1


async def test_papers_of_a_withdrawn_request_are_read_and_nothing_else(office: Machine) -> None:
    admin, family, reference = await with_a_case(office)
    await asked_and_sent(admin, family, reference)
    await family.say("/mine")
    await family.press("Withdraw this request")
    await family.press("Yes, withdraw it")
    await to_paper(admin, reference, "Passport")
    assert admin.offered == ["Open it", "← Back", "Desk"]


async def test_what_the_office_said_of_papers_stands_in_my_data(office: Machine) -> None:
    admin, family, reference = await with_a_case(office)
    await asked_and_sent(admin, family, reference)
    await to_paper(admin, reference, "Passport")
    await admin.press("It cannot be used")
    await admin.press("Expired")
    await admin.say("See page four")
    await admin.press("Yes, send it back")
    await ask(family)
    page, raw = documents(office, family)["my-data.html"], documents(office, family)["my-data.json"]
    assert "its last day has passed." in page
    assert "See page four" in page
    assert '"rejected_for": "expired"' in raw
    assert '"remark": "See page four"' in raw
    assert "Anna" not in page + raw
