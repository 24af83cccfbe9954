"""/broadcast: the right families, once, in their language, as the writer typed it; seen first, checked, taken back."""

import asyncio
import threading
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest_asyncio
from sqlalchemy import Engine, delete, event, select

from bot.outgoing import Lane
from bot.pace import Pace
from casework import broadcasts, requests
from casework.drafts import Draft
from casework.questions import UNKNOWN
from db.models import Audit, Broadcast, Outbox
from simulator.records import Upload
from tests.bot.stage import HeldClock, account_of
from tests.family import Family, buttons_of, words_of
from tests.handlers.broadcasting import begin, families, received, runs, states, write
from tests.handlers.desk import BOSS, at_desk, invited, reference_in
from tests.handlers.many import filed_at, open_approval
from tests.handlers.paths import to_confirmation, to_menu
from tests.machine import BOT_ID, Machine, running

RUSSIAN = "Офис переехал. <b>Новый адрес</b> на <a href='https://office.example/map'>карте</a>."
ARABIC = "انتقل المكتب. <i>العنوان الجديد</i> على الموقع."


@pytest_asyncio.fixture
async def machine(tmp_path: Path) -> AsyncIterator[Machine]:
    async with running(tmp_path, admins=(BOSS,)) as opened:
        yield opened


@pytest_asyncio.fixture
async def anna(machine: Machine) -> Family:
    return await at_desk(machine)


def below(machine: Machine, text: str) -> list[str]:
    """Return the rows of audit entries or texts that begin so."""
    with machine.homeward.engine.begin() as connection:
        return list(connection.scalars(select(Audit.action).where(Audit.action.startswith(text))))


def code_in(text: str) -> str:
    return text.rpartition("/verify ")[2].strip()


async def test_two_languages_seen_first_approved_by_another_watched_checked_and_taken_back(  # noqa: PLR0915 - one story
    machine: Machine, anna: Family
) -> None:
    boris = await invited(machine, anna, 901, "Boris")
    machine.homeward.around.second_above = 4
    russian, arabic = families(machine, ["ru"] * 3), families(machine, ["ar"] * 2, first=6000)
    english = families(machine, ["en"], first=7000)
    machine.world.private[BOT_ID, russian[0]].blocked = True

    await begin(anna, "Families or the team: families")
    assert anna.sees("Would get it: {n}")
    await write(anna, "Русский", RUSSIAN, formatted=True)
    await write(anna, "العربية", ARABIC, formatted=True)
    assert "What is still missing?" in anna.offered
    await anna.press("What is still missing?")
    assert anna.sees("Say first what readers of this language get: {language}.")
    await anna.press("Missing: English")
    await anna.press("Leave them out")
    assert anna.sees("Left out, because their language is missing: {n}")
    await anna.press("Button")
    await anna.press("Open my request")

    said = len(anna.from_bot)
    await anna.press("Look at it and send")
    exactly = [each for each in anna.from_bot[said - 1 :] if "/verify" in words_of(each)]
    assert [each["text"].partition("\n")[0] for each in exactly] == [
        "Офис переехал. Новый адрес на карте.",
        "انتقل المكتب. العنوان الجديد على الموقع.",
    ]
    assert [each["text"] for each in buttons_of(exactly[0])] == [
        "Открыть мою заявку",
        "Больше не присылать новости",
    ]
    assert anna.sees("More than {most} people would get it, so a second person has to agree.")
    await anna.press("Ask a second person")
    assert runs(machine) == []
    await anna.say("/approvals")
    await anna.press_with("Broadcast")
    assert "Approve" not in anna.offered  # nobody approves their own

    await open_approval(boris, "Broadcast")
    await boris.press("See it exactly")
    seen = [each for each in boris.from_bot if "/verify" in words_of(each)]
    assert [(each["text"], each["entities"]) for each in seen] == [
        (each["text"], each["entities"]) for each in exactly
    ]
    await boris.press("Approve")

    assert states(machine) == ["blocked"] + ["sent"] * 4
    got = received(machine, [*russian, *arabic, *english])
    assert [len(got[each]) for each in [*russian, *arabic, *english]] == [0, 1, 1, 1, 1, 0]
    chat = machine.world.private[BOT_ID, russian[1]]
    message = next(each.message for each in chat.messages.values() if each.outgoing)
    assert message["entities"] == exactly[0]["entities"]
    assert [each["type"] for each in message["entities"]][:2] == ["bold", "text_link"]

    report = next(each for each in reversed(anna.from_bot) if each.get("photo"))
    assert anna.sees("Sent: {n} of {total}", message=report)
    assert anna.sees("Cannot be reached: {n}", message=report)
    await anna.press("List of those not reached", message=report)
    assert anna.last["document"]["file_name"].endswith(".xlsx")
    assert anna.last["has_protected_content"]

    family = Family(machine, russian[1], "ru")
    code = code_in(got[russian[1]][0])
    await family.say(f"/verify {code.lower()}")
    assert family.sees("Yes, this message is from us. We sent it on {day}. It says:")
    assert "Офис переехал." in family.text

    await anna.press("Open the broadcast", message=report)
    await anna.press("Take it back")
    await anna.press("Yes, delete it everywhere")
    assert [run.kind for run in runs(machine)] == ["send", "recall"]
    assert [run.state for run in runs(machine)] == ["ended", "ended"]
    left = received(machine, [*russian, *arabic])
    assert all(
        "Офис переехал." not in text or "/verify" not in text for texts in left.values() for text in texts
    )
    await family.say(f"/verify {code}")
    assert family.sees("We have taken it back since. Do not rely on it any more.")
    wanted = {"broadcast_begun", "broadcast_started", "broadcast_recalled", "broadcast_list"}
    assert wanted <= {*below(machine, "broadcast_"), "broadcast_list"}


QUIET: dict[str, Any] = {
    "zone": "Asia/Tokyo",
    "quiet_from": 17 * 60,
    "quiet_until": 19 * 60,
}  # where it is 18:00 now


async def test_it_is_paused_and_goes_on_from_the_message_that_shows_how_far_it_is(
    machine: Machine, anna: Family
) -> None:
    people = families(machine, ["ru"] * 30, **QUIET)
    await begin(anna, "Language: Русский")
    await write(anna, "Русский", "Офис переехал.")
    await anna.press("Look at it and send")
    await anna.press("Send now")
    assert states(machine) == ["todo"] * 30  # everybody's telephone is quiet, so there is something to pause
    before = _progress(anna)
    assert anna.sees("Still to go: {n}", message=before)
    await anna.press("Pause", message=before)
    assert anna.sees("It is paused. Nothing more leaves until it goes on.", message=_progress(anna))
    machine.later(hours=2)
    await machine.tick()
    assert states(machine) == ["todo"] * 30
    await anna.press("Go on", message=_progress(anna))
    assert states(machine) == ["sent"] * 30
    assert all(len(texts) == 1 for texts in received(machine, people).values())
    await anna.forge(f"~:cast_pause:{runs(machine)[0].id}", message_id=before["message_id"])
    assert anna.toasts[-1] == "This run has ended already."
    assert [run.state for run in runs(machine)] == ["ended"]


def _progress(writer: Family) -> dict[str, Any]:
    """Return the message that shows how far the first run is."""
    return next(
        each
        for each in writer.from_bot
        if "text" in each and any(b.get("callback_data", "").startswith("~:cast:") for b in buttons_of(each))
    )


async def test_what_was_looked_up_before_it_was_paused_is_not_shown_after_it(
    machine: Machine, anna: Family
) -> None:
    """How far it is waits for its turn like every message, and is looked up when that has come."""
    families(machine, ["ru"] * 3, **QUIET)
    await begin(anna, "Language: Русский")
    await write(anna, "Русский", "Офис переехал.")
    await anna.press("Look at it and send")
    await anna.press("Send now")
    clock, broadcasting = HeldClock(machine.world.clock), machine.homeward.broadcasting
    broadcasting._pace = Pace(clock, per_second=1)
    await broadcasting._pace.turn(Lane.CONVERSATION)
    showing = asyncio.create_task(broadcasting._show_progress())
    await clock.somebody_waits()
    await anna.press("Pause", message=_progress(anna))
    clock.pass_by(1)
    await showing
    assert anna.sees("It is paused. Nothing more leaves until it goes on.", message=_progress(anna))
    assert "Go on" in [each["text"] for each in buttons_of(_progress(anna))]


async def test_what_is_stopped_for_good_is_sent_to_nobody_more(machine: Machine, anna: Family) -> None:
    families(machine, ["ru"] * 5, **QUIET)
    await begin(anna, "Language: Русский")
    await write(anna, "Русский", "Офис переехал.")
    await anna.press("Look at it and send")
    await anna.press("Send now")
    await anna.press("Stop for good", message=_progress(anna))
    machine.later(hours=24)
    await machine.tick()
    assert states(machine) == ["cancelled"] * 5
    assert [run.state for run in runs(machine)] == ["cancelled"]
    report = next(each for each in reversed(anna.from_bot) if each.get("photo"))
    assert anna.sees("Stopped before it left: {n}", message=report)


async def test_words_are_corrected_in_every_chat_in_place(machine: Machine, anna: Family) -> None:
    people = families(machine, ["ru"] * 3)
    await begin(anna, "Language: Русский")
    await write(anna, "Русский", "Офис работает по адресу Мира, 5.")
    await anna.press("Look at it and send")
    await anna.press("Send now")
    await anna.press("Open the broadcast", message=_progress(anna))
    await anna.press("Correct the words")
    await anna.press("Русский")
    await anna.say("Офис работает по адресу Мира, 7.")
    assert anna.sees("Above you see how it will stand in {n} chats, in place of the old words.")
    await anna.press("Correct it everywhere")
    assert [(run.kind, run.state) for run in runs(machine)] == [("send", "ended"), ("correct", "ended")]
    got = received(machine, people)
    assert all(len(got[each]) == 1 and "Мира, 7" in got[each][0] for each in people)
    family = Family(machine, people[0], "ru")
    await family.say(f"/verify {code_in(got[people[0]][0])}")
    assert "Мира, 7" in family.text


async def test_ordinary_news_waits_for_the_morning_and_urgent_news_does_not(
    machine: Machine, anna: Family
) -> None:
    asleep = families(machine, ["ru"], zone="Asia/Tokyo", quiet_from=17 * 60, quiet_until=19 * 60)[
        0
    ]  # now 18:00
    awake = families(machine, ["ru"], first=6000, zone="Europe/Moscow")[0]
    no_news = families(machine, ["ru"], first=7000, news=False)[0]
    for urgent, expected in ((False, (0, 1, 0)), (True, (1, 2, 1))):
        await begin(anna, "Language: Русский")
        await write(anna, "Русский", "Офис переехал.")
        if urgent:
            await anna.press("Make it urgent")
        await anna.press("Look at it and send")
        await anna.press("Send now")
        got = received(machine, [asleep, awake, no_news])
        assert tuple(len(got[each]) for each in (asleep, awake, no_news)) == expected
    machine.later(hours=1, minutes=1)
    await machine.tick()
    assert len(received(machine, [asleep])[asleep]) == 2
    assert [run.state for run in runs(machine)] == ["ended", "ended"]


async def test_one_tap_mutes_ordinary_news_and_another_brings_it_back(machine: Machine, anna: Family) -> None:
    family = machine.person(1001)
    await to_confirmation(family)
    await _to_families(anna)
    assert _came(family) == 1
    await family.press("No more news")
    assert family.sees("You get no more ordinary news. What is urgent, and what concerns your own request,")
    await _to_families(anna, "What is still missing?")
    await family.press("Send me news again")
    await _to_families(anna)
    assert _came(family) == 2


def _came(family: Family) -> int:
    return sum(words_of(each).startswith("The office has moved.") for each in family.from_bot)


async def _to_families(writer: Family, then: str = "Look at it and send") -> None:
    await begin(writer, "Families or the team: families")
    await write(writer, "English", "The office has moved.")
    await writer.press(then)
    if then == "Look at it and send":
        await writer.press("Send now")
    else:
        assert writer.sees("Nobody would get it: the audience is empty, cannot be reached, or said no.")


async def test_an_unknown_code_is_answered_calmly_and_guessing_is_limited(machine: Machine) -> None:
    family = machine.person(1001)
    await family.say("/start")
    await family.press("English")
    await family.say("/verify")
    assert family.sees("Write the code that stands under the message, for example 7K3M-9QF2.")
    await family.say("hello")
    assert family.sees("A code has eight letters and digits. Please compare it once more.")
    for number in range(5):
        await family.say(f"/verify ABCD-000{number}")
        assert family.sees(
            "We have sent no message with the code {code}. Whatever came with it is not from us."
        )
        assert "Scams, and how to check a message" in family.offered
    await family.say("/verify ABCD-0006")
    assert family.sees("This was tried too often. Please wait an hour, or talk to a person.")
    await family.press("Scams, and how to check a message")
    await family.press("← Back")
    assert family.sees("Is a message really from us?")


async def test_an_audience_is_put_together_by_and_and_not(machine: Machine, anna: Family) -> None:
    seen = {}
    for person, name in ((1001, "Amina Alieva"), (1002, "Yusuf Omarov")):
        family = machine.person(person)
        await to_confirmation(family, name)
        seen[person] = reference_in(family)
    filed_at(machine, "documents")
    await begin(anna)
    await anna.press("To whom")
    assert anna.sees("Nobody yet. Choose at least one group.")
    await anna.press("A list of references")
    await anna.say("HW-0000-0001 nonsense")
    assert anna.sees("These are no references: {what}. The audience stands as it was.")
    await anna.say(f"{seen[1001]}\n{seen[1002]}")
    assert anna.sees("Would get it: {n}")
    assert "2" in anna.screen["text"].partition("Would get it")[2][:12]
    await anna.press("Leave a group out")
    await anna.press("A list of references")
    await anna.say(seen[1002])
    assert "1" in anna.screen["text"].partition("Would get it")[2][:12]
    await anna.press("Take out line 2")
    assert "2" in anna.screen["text"].partition("Would get it")[2][:12]
    await anna.press("Stage")
    await anna.press_with("Arrived at the office")
    await anna.press("Done")
    assert "2" in anna.screen["text"].partition("Would get it")[2][:12]


async def test_it_starts_at_its_time_and_not_before(machine: Machine, anna: Family) -> None:
    people = families(machine, ["ru"] * 2)
    await begin(anna, "Language: Русский")
    await write(anna, "Русский", "Офис переехал.")
    await anna.press("Look at it and send")
    await anna.press("Send at a time")
    await anna.say("tomorrow 12:00")  # in Moscow, where it is noon now
    assert anna.sees("It starts on {moment} ({zone}).")
    machine.later(hours=23)
    await machine.tick()
    assert states(machine) == []
    machine.later(hours=1, minutes=1)
    await machine.tick()
    assert states(machine) == ["sent"] * 2
    assert all(len(texts) == 1 for texts in received(machine, people).values())


async def test_by_region_no_request_is_opened_in_the_writer(machine: Machine, anna: Family) -> None:
    """Of a million requests opening them takes minutes, in which no family would be answered (decision 21)."""
    opened = list[str]()

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if "request.details" in statement:
            opened.append(threading.current_thread().name.partition("_")[0])

    near, far = [machine.person(1001), machine.person(1002)]
    for family, region in ((near, "Дербент"), (far, "Ведено")):
        await to_menu(family, "Русский")
        _filed_from(machine, family, region)
    event.listen(Engine, "before_cursor_execute", note)
    try:
        machine.homeward.around.keys.forget()
        await begin(anna, "Where the family lives: Дербент")
        await write(anna, "Русский", "Офис переехал.")
        await anna.press("Look at it and send")
        await anna.press("Send at a time")
        await anna.say("tomorrow 12:00")
        machine.homeward.around.keys.forget()
        machine.later(days=1, minutes=1)
        await machine.tick()
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    assert received(machine, [near.id])[near.id][-1].startswith("Офис переехал.")
    assert states(machine) == ["sent"]
    assert opened.count("beside") == 2, "once for the choice, and once when it began"
    assert set(opened) == {"beside"}


def _filed_from(machine: Machine, family: Family, region: str) -> None:
    homeward = machine.homeward
    draft = Draft(
        {"name": "Zainab", "relation": "aunt", "region": region},
        [{"name": "Amina", "birth": UNKNOWN, "country": "IQ"}],
    )
    account = account_of(machine, family).id
    with homeward.engine.begin() as connection:
        requests.file(connection, homeward.around.keys, account, "ru", draft, homeward.clock.now())


async def test_what_is_wrong_is_told_with_its_mend_and_the_draft_stays(
    machine: Machine, anna: Family
) -> None:
    families(machine, ["ru"])
    await begin(anna, "Language: Русский")
    await anna.press("What is still missing?")
    assert anna.sees("There is no text yet. Write it in at least one language.")
    await write(anna, "Русский", "Офис переехал.")
    for text, told in (
        ("очень " * 700, "The text is {over} signs too long: {room} fit. Shorten it, and send it again."),
        ("Новый <b>адрес</b>, {name}!", "Families would read these signs as they stand: {what}."),
    ):
        await anna.press_with("Русский")
        await anna.say(text)  # what is too long comes in two pieces, and neither is taken
        machine.later(seconds=5)
        assert anna.sees(told)
        assert anna.sees("The draft stands as it was.")
        await anna.press("← Back")
    assert anna.sees("{language}: {n}, written")

    await anna.press("File")
    large = Upload("plan.pdf", b"%PDF-1.4", "application/pdf", size=6 * 1024 * 1024)
    machine.world.send_file(anna.id, "document", large)
    await machine.settle()
    assert anna.sees("This file has {size} MB, and {most} are the most: families often have a slow line.")
    machine.world.send_file(anna.id, "document", Upload("photo.jpg", b"jpeg", "image/jpeg"))
    await machine.settle()
    assert anna.sees("A picture sent as a document keeps where it was taken. Send it as a picture.")
    await anna.say("here it is")
    assert anna.sees("This is no picture, document or voice message. The draft stands as it was.")
    await anna.press("← Back")

    await anna.press("Look at it and send")
    await anna.press("Send at a time")
    for written, told in (
        ("some day", "This is no day and time. Write it like this: {example}."),
        ("31.02 10:00", "There is no such day. Write it like this: {example}."),
        ("today 9:00", "This moment is past already. Now it is {now} there. The draft stands as it was."),
        ("28.03.2030 9:00", "This is more than a year ahead. Choose a nearer day."),
    ):
        await anna.say(written)
        assert anna.sees(told), written
    await anna.press("Other clocks")
    await anna.say("Atlantis")
    assert anna.sees("This place is not known. Write a larger city near it.")
    await anna.say("Berlin")
    await anna.say("28.03.2027 2:30")
    assert anna.sees(
        "At this time the clocks are put forward, so no clock shows it. {exists} is the next one."
    )
    assert "03:30" in anna.text
    assert states(machine) == []


async def test_nobody_would_get_it_is_told_before_it_is_sent(machine: Machine, anna: Family) -> None:
    families(machine, ["ru"], unreachable_since=machine.homeward.clock.now() - timedelta(days=1))
    families(machine, ["ru"], first=6000, news=False)
    await begin(anna, "Language: Русский")
    assert anna.sees("Cannot be reached: {n}")
    assert anna.sees("Said no to such news: {n}")
    await write(anna, "Русский", "Офис переехал.")
    await anna.press("What is still missing?")
    assert anna.sees(
        "Nobody would get it: the audience is empty, cannot be reached, or said no. Choose it again."
    )


async def test_words_that_promise_are_pointed_out_and_a_file_goes_with_the_words(
    machine: Machine, anna: Family
) -> None:
    person = families(machine, ["ru"])[0]
    await begin(anna, "Language: Русский")
    await write(anna, "Русский", "Дети скоро вернутся, мы обещаем.")
    await anna.press("File")
    machine.world.send_photo(anna.id, b"made up", caption="not taken")
    await machine.settle()
    assert anna.sees("The words under the file are not taken. Write the text for each language.")
    await anna.press("Look at it and send")
    assert anna.sees("Families may take these words for a day or a return they can count on: {words}.")
    assert "скоро" in anna.text
    await anna.press("Send now")
    chat = machine.world.private[BOT_ID, person]
    message = next(each.message for each in chat.messages.values() if each.outgoing)
    assert message["photo"]
    assert message["caption"].startswith("Дети скоро вернутся")


async def test_what_changed_since_it_was_seen_is_not_sent(machine: Machine, anna: Family) -> None:
    families(machine, ["ru"])
    await begin(anna, "Language: Русский")
    await write(anna, "Русский", "Офис переехал.")
    await anna.press("Look at it and send")
    homeward = machine.homeward
    with homeward.engine.begin() as connection:
        broadcast_id = connection.scalars(select(Broadcast.id)).one()
        other = broadcasts.Words("Другие слова.")
        broadcasts.write(connection, homeward.around.keys, broadcast_id, "ru", other, homeward.clock.now())
    await anna.press("Send now")
    assert anna.sees("Something has changed since you looked. Please look again.")
    assert states(machine) == []


async def test_an_erased_account_gets_nothing_and_the_sums_still_add_up(
    machine: Machine, anna: Family
) -> None:
    families(machine, ["ru"] * 3, **QUIET)
    await begin(anna, "Language: Русский")
    await write(anna, "Русский", "Офис переехал.")
    await anna.press("Look at it and send")
    await anna.press("Send now")
    with machine.homeward.engine.begin() as connection:
        row = connection.scalars(select(Outbox.id).where(Outbox.run_id.is_not(None)).limit(1)).one()
        connection.execute(delete(Outbox).where(Outbox.id == row))
    machine.later(hours=2)
    await machine.tick()
    report = next(each for each in reversed(anna.from_bot) if each.get("photo"))
    assert anna.sees("Erased their account meanwhile: {n}", message=report)
