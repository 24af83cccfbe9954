"""Consent, talking to a person, leaving, other kinds of input, other languages."""

from collections.abc import Callable, Coroutine
from io import BytesIO

import pytest
from PIL import Image
from sqlalchemy import select

from bot.i18n import LANGUAGES
from db.models import Consent
from handlers import family_steps
from handlers.family.steps import At
from simulator.records import Upload
from tests.family import Family, buttons_of
from tests.handlers.appointing import to_an_appointment
from tests.handlers.paths import tell_of_a_person, to_first_question, to_menu, to_summary
from tests.handlers.sending import send_photo
from tests.handlers.test_linking import kept, to_link
from tests.machine import Machine
from tests.rows import Standpoint
from tests.spoken import foreign_words
from tests.stored import office_writes, requests_in, standing_of, states_in


async def test_no_answer_is_kept_before_consent(machine: Machine, family: Family) -> None:
    """Privacy rule 1."""
    await to_menu(family)
    await family.press("File a request")
    await family.say("My granddaughter is Amina, born 2017")
    assert "draft" not in states_in(machine)[0]
    assert family.sees("Before we begin: your agreement")


async def test_the_consent_record_holds_version_language_and_time(machine: Machine, family: Family) -> None:
    """Privacy rule 2."""
    await to_first_question(family)
    with machine.homeward.engine.begin() as connection:
        row = connection.execute(select(Consent)).one()
    assert (row.given, row.language, row.at) == (True, "en", machine.homeward.clock.now())
    assert row.text_version


async def test_no_leads_to_information_not_to_a_wall(family: Family) -> None:
    await to_menu(family)
    await family.press("File a request")
    await family.press("I do not agree")
    assert family.sees("That is all right. None of your answers has been kept.")
    assert {"How it works", "Talk to a person", "File a request"} <= set(family.buttons)
    await family.press("File a request")
    assert family.sees("Before we begin: your agreement")


async def test_cancel_asks_first_and_keeps_the_answers(machine: Machine, family: Family) -> None:
    await to_first_question(family)
    await family.say("Zainab")
    await family.press("Cancel")
    assert family.sees("Nothing has been sent. Your answers are kept")
    await family.press("Go on with my request")
    assert family.sees("Who are you to the people you are asking about?")
    await family.press("Cancel")
    await family.press("Stop for now, keep my answers")
    assert states_in(machine)[0]["draft"]["requester"] == {"name": "Zainab"}
    await family.press("Go on with my request")
    await family.press("Cancel")
    await family.press("Delete my answers")
    assert family.sees("Your answers were deleted. Nothing was sent.")
    assert "draft" not in states_in(machine)[0]


Way = Callable[[Family], Coroutine[None, None, None]]
Input = Callable[[Machine, int], object]
SOMEBODY = 1999
KINDS: dict[str, Input] = {
    "voice": lambda m, i: m.world.send_file(i, "voice", Upload("a.ogg", b"made up", "audio/ogg")),
    "photo": lambda m, i: m.world.send_photo(i, _picture()),
    "document": lambda m, i: m.world.send_file(i, "document", Upload("a.pdf", b"made up", "application/pdf")),
    "video note": lambda m, i: m.world.send_file(i, "video_note", Upload("a.mp4", b"made up", "video/mp4")),
    "album": lambda m, i: [m.world.send_photo(i, _picture(), album="one") for _ in range(3)],
    "contact": lambda m, i: m.world.send_contact(i, "+79000000000", "Zainab"),
    "location": lambda m, i: m.world.send_location(i, 43.3, 45.7),
    "sticker": lambda m, i: m.world.send_sticker(i),
    "forwarded": lambda m, i: m.world.forward(i, "forwarded words", "Somebody"),
    "command": lambda m, i: m.world.write(i, "/unknown"),
    "text": lambda m, i: m.world.write(i, "ordinary words"),
    "emoji": lambda m, i: m.world.write(i, "🙏🏽"),
    "long text": lambda m, i: m.world.write(i, "ж" * 4096),
    "edited": lambda m, i: m.world.edit(i, _own_message(m, i), "changed words"),
    "stale press": lambda m, i: m.world.press(i, m.world.chat(i)[-1]["message_id"], data="old:button"),
    "press of an earlier version": lambda m, i: m.world.press(
        i, m.world.chat(i)[-1]["message_id"], data="v0|x"
    ),
    "press of somebody else's button": lambda m, i: m.world.press(
        i, m.world.chat(i)[-1]["message_id"], data=buttons_of(m.world.chat(SOMEBODY)[-1])[0]["callback_data"]
    ),
}


def _picture() -> bytes:
    sheet = BytesIO()
    Image.new("RGB", (40, 30), "white").save(sheet, "PNG")
    return sheet.getvalue()


def _own_message(machine: Machine, person: int) -> int:
    return next(int(m["message_id"]) for m in machine.world.chat(person) if not m.get("outgoing"))


async def _menu(family: Family) -> None:
    await to_menu(family, family.language_name)


async def _language(family: Family) -> None:
    await family.say("/start")


async def _first(family: Family) -> None:
    await to_first_question(family, family.language_name)


async def _relation(family: Family) -> None:
    await _first(family)
    await family.say("Zainab")


async def _birth(family: Family) -> None:
    await _relation(family)
    await family.press("Aunt")
    await family.say("Amina")


async def _unsure(family: Family) -> None:
    await _birth(family)
    await family.say("17")


async def _country(family: Family) -> None:
    await _birth(family)
    await family.say("2017")


async def _more(family: Family) -> None:
    await _country(family)
    await family.press("I don't know")


async def _review(family: Family) -> None:
    await _more(family)
    await family.press("Add another person")
    await tell_of_a_person(family, "Yusuf")
    await family.press("No, check my answers")


async def _remove(family: Family) -> None:
    await _review(family)
    await family.press("Remove a person")


async def _cancel(family: Family) -> None:
    await _relation(family)
    await family.press("Cancel")


async def _consent(family: Family) -> None:
    await _menu(family)
    await family.press("File a request")


async def _sent(family: Family) -> None:
    await _review(family)
    await family.press("Send my request")


async def _card(family: Family) -> None:
    await _sent(family)
    await family.say("/mine")


async def _holders(family: Family) -> None:
    await _card(family)
    await family.press("Who can open this request")


async def _cut(family: Family) -> None:
    await _card(family)
    phone = family.machine.person(family.id + 100, family.language)
    await to_menu(phone, phone.language_name)
    await to_link(phone, *kept(family))
    await family.press("Who can open this request")
    await family.press(
        next(b["text"] for b in buttons_of(family.last) if b["callback_data"].endswith("cut:2"))
    )


async def _link_reference(family: Family) -> None:
    await _requests(family)
    await family.press("Open a request sent from another phone")


async def _link_code(family: Family) -> None:
    await _link_reference(family)
    await family.say("HW-0000-0000")


async def _command(family: Family, command: str) -> None:
    await _menu(family)
    await family.say(command)


async def _talk(family: Family) -> None:
    await _command(family, "/talk")


async def _thread(family: Family) -> None:
    await _talk(family)
    await family.say("words")
    await family.press("What was written")


async def _letter(family: Family) -> None:
    await _talk(family)
    office_writes(family.machine, family.id, "1 2 3")
    await family.say("words")
    await family.press("New message from the office")


async def _whose_papers(family: Family) -> None:
    await _card(family)
    await family.press("Make the request stronger")
    await family.press_with("Papers")


async def _papers(family: Family) -> None:
    await _whose_papers(family)
    await family.press_with("Amina")


async def _paper(family: Family) -> None:
    await _papers(family)
    await family.press("Mother's documents")


async def _portrait(family: Family) -> None:
    await _papers(family)
    await family.press("Photo of the person")


async def _what_was_sent(family: Family) -> None:
    await _paper(family)
    await send_photo(family)
    await family.press("What you sent")


async def _sent_item(family: Family) -> None:
    await _what_was_sent(family)
    await family.press_with("1. ")


async def _take_back(family: Family) -> None:
    await _sent_item(family)
    await family.press("Remove it")


async def _help(family: Family) -> None:
    await _command(family, "/help")


async def _page(family: Family) -> None:
    await _help(family)
    await family.press("Who decides")


async def _privacy(family: Family) -> None:
    await _command(family, "/privacy")


async def _withdraw(family: Family) -> None:
    await _card(family)
    await family.press("Withdraw this request")


async def _withdraw_sure(family: Family) -> None:
    await _withdraw(family)
    await family.press("The whole request")


async def _withdraw_consent(family: Family) -> None:
    await _sent(family)
    await family.say("/withdraw")


async def _delete_requests(family: Family) -> None:
    await _withdraw_consent(family)
    await family.press("Delete them")


async def _delete_me(family: Family) -> None:
    await _sent(family)
    await family.say("/delete_me")


async def _delete_sure(family: Family) -> None:
    await _delete_me(family)
    await family.press("Delete me and my requests")


async def _panic(family: Family) -> None:
    await _menu(family)
    await family.press("Delete this chat now")


async def _settings(family: Family) -> None:
    await _command(family, "/settings")


async def _zone(family: Family) -> None:
    await _settings(family)
    await family.press("Time zone")


async def _quiet(family: Family) -> None:
    await _settings(family)
    await family.press("Quiet hours")


async def _remind(family: Family) -> None:
    await _card(family)
    await family.press("Remind me")


async def _reminders(family: Family) -> None:
    await _settings(family)
    await family.press("Reminders")


async def _verify(family: Family) -> None:
    await _menu(family)
    await family.say("/verify")


async def _appointment(family: Family) -> None:
    await _card(family)
    await to_an_appointment(family)


async def _quiet_until(family: Family) -> None:
    await _quiet(family)
    await family.press("22:00")


async def _requests(family: Family) -> None:
    await _command(family, "/mine")


async def _pass_on(family: Family) -> None:
    await _menu(family)
    await family.say("words")


async def _my_data(family: Family) -> None:
    await _menu(family)
    await family.say("/my_data")


async def _strengthen(family: Family) -> None:
    await _sent(family)
    await family.press("Make the request stronger")


async def _which(family: Family) -> None:
    await _strengthen(family)
    await family.press_with("Where they may be")


async def _place(family: Family) -> None:
    """A voluntary question of a request that was sent, with a list of places."""
    await _which(family)
    await family.press_with("Yusuf")
    await family.press("A camp")


async def _story(family: Family) -> None:
    await _strengthen(family)
    await family.press_with("In your own words")


async def _block(family: Family) -> None:
    await _strengthen(family)
    await family.press_with("About you")


async def _drop(family: Family) -> None:
    await _strengthen(family)
    await family.press_with("Relatives for a DNA test")
    await family.press("Add a relative")
    await family.press("Aunt")
    await family.press("Cancel")
    await family.press_with("Relatives for a DNA test")
    await family.press_with("1:")
    await family.press("Remove this entry")


PLACES = [
    _language, _menu, _consent, _first, _relation, _birth, _unsure, _country, _more, _review, _remove, _cancel, _sent,
    _card, _talk, _help, _page, _privacy, _requests, _pass_on, _holders, _cut, _link_reference, _link_code,
    _thread, _letter, _strengthen, _which, _place, _story, _block, _drop,
    _settings, _zone, _quiet, _quiet_until, _remind, _reminders, _appointment, _verify,
    _withdraw, _withdraw_sure, _withdraw_consent, _delete_requests, _delete_me, _delete_sure, _panic, _my_data,
    _whose_papers, _papers, _paper, _portrait, _what_was_sent, _sent_item, _take_back,
]  # fmt: skip


@pytest.mark.parametrize("language", [language.code for language in LANGUAGES])
@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.__name__.strip("_"))
async def test_every_place_answers_every_kind_of_input(machine: Machine, place: Way, language: str) -> None:
    """Experience 5: no dead end, no exception, no untranslated line, one live keyboard at most, a way on."""
    somebody = machine.person(SOMEBODY, language)
    await somebody.say("/start")
    family = machine.person(1003, language)
    await place(family)
    here, standpoint = standing_of(machine, family.id), Standpoint(machine, family)
    for kind, give in KINDS.items():
        if standing_of(machine, family.id) != here:  # it was an answer
            standpoint.go_back()
        heard = len(family.messages) + len(family.toasts)
        give(machine, family.id)
        own = 0 if "press" in kind or kind == "edited" else 3 if kind == "album" else 1
        await machine.settle()
        assert len(family.messages) + len(family.toasts) > heard + own, f"{kind}: no answer"
        assert family.live_keyboards == (0 if place is _sent and not family.last_is_screen else 1), kind
        assert machine.set_aside() == 0, kind
        if place is not _language:  # nobody knows yet what the reader speaks
            assert foreign_words(machine, family) == set(), kind


async def test_the_places_are_all_the_steps_there_are(machine: Machine) -> None:
    """A new step brings its own place; but entering, which shows nothing of its own."""
    visited = set()
    for number, place in enumerate(PLACES):
        family = machine.person(3000 + number)
        await place(family)
        visited.add(standing_of(machine, family.id)["step"])
    assert {step.name for step in family_steps()} - visited == {At.ENTER}


async def test_the_reply_to_a_photo_says_what_the_bot_can_read(machine: Machine, family: Family) -> None:
    await to_summary(family)
    KINDS["photo"](machine, family.id)
    await machine.settle()
    assert family.sees("This was not kept: at this place the bot can only read written words and buttons.")
    assert family.sees("Check your answers")
    await family.press("Send my request")
    assert len(requests_in(machine)) == 1
