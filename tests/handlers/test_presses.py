"""Buttons pressed twice, late, by the wrong person, or forged."""

from sqlalchemy import func, select

from db.models import Request
from simulator.faults import Fault
from tests.bot.stage import deliver_due, put
from tests.family import Family, words_of
from tests.handlers.paths import to_confirmation, to_first_question, to_menu, to_summary
from tests.machine import BOT_ID, Machine
from tests.stored import requests_in, states_in


def requests_count(machine: Machine) -> int:
    with machine.homeward.engine.begin() as connection:
        return connection.scalar(select(func.count()).select_from(Request)) or 0


async def test_send_pressed_twice_at_once_files_one_request(machine: Machine, family: Family) -> None:
    """Experience 8: a double tap never makes a second case, nor a second answer."""
    await to_summary(family)
    for _ in range(3):
        machine.world.press(family.id, family.last["message_id"], label="Send my request")
    updates = machine.world.take_updates(BOT_ID)
    await machine.together(updates)
    assert requests_count(machine) == 1
    assert family.sees("A picture to keep.", message=family.last)


async def test_a_late_redelivery_has_no_second_effect(machine: Machine, family: Family) -> None:
    await to_summary(family)
    machine.world.press(family.id, family.last["message_id"], label="Send my request")
    updates = machine.world.take_updates(BOT_ID)
    await machine.take(updates)
    shown = len(family.messages)
    await machine.take(updates)
    await machine.take(list(reversed(updates)))
    assert requests_count(machine) == 1
    assert len(family.messages) == shown


async def test_an_old_button_explains_itself_and_shows_where_we_are(family: Family) -> None:
    await to_first_question(family)
    await family.say("Zainab")
    first = family.from_bot[-2]
    await family.forge("abcdef:cancel", message_id=first["message_id"])
    assert family.toasts[-1] == "This button belongs to an earlier message."
    assert family.sees("Who are you to the people you are asking about?")
    assert family.live_keyboards == 1


async def test_a_press_on_its_way_is_good_where_the_same_question_was_shown_anew(family: Family) -> None:
    """Slow telephones and slow answers: nobody chases a button that is always an old one already."""
    await to_first_question(family)
    first = family.screen
    await family.say("Zainab")
    second = family.screen
    family.machine.world.press(family.id, second["message_id"], label="Grandmother")
    late = family.machine.world.take_updates(BOT_ID)
    await family.forge("abcdef:cancel", message_id=first["message_id"])
    assert family.screen["message_id"] != second["message_id"]
    await family.machine.take(late)
    assert family.sees("What is the full name of the person you are asking about?")


async def test_the_next_question_comes_below_one_that_is_on_its_way(family: Family) -> None:
    """The older of two equal screens is pressed while the newer one has not arrived: nobody is to answer that one."""
    await to_first_question(family)
    first = family.screen
    await family.say("Zainab")
    second = family.screen
    world = family.machine.world
    world.press(family.id, first["message_id"], data="abcdef:cancel")
    world.press(family.id, second["message_id"], label="Grandmother")
    await family.machine.together(world.take_updates(BOT_ID))
    assert family.sees("What is the full name of the person you are asking about?", message=family.last)
    assert family.live_keyboards == 1


async def test_a_second_tap_on_the_live_screen_only_gets_a_line(family: Family) -> None:
    await to_first_question(family)
    await family.say("Zainab")
    screen = family.last
    data = screen["reply_markup"]["inline_keyboard"][0][0]["callback_data"]
    await family.forge(data, message_id=screen["message_id"])
    shown = len(family.messages)
    await family.forge(data, message_id=screen["message_id"])
    assert len(family.messages) == shown
    assert family.toasts[-1] == "This button belongs to an earlier message."


async def test_a_second_tap_shows_nothing_anew_where_the_screen_went_below(family: Family) -> None:
    """Shown anew it would stand below the answer that is written meanwhile, and be answered again."""
    await to_first_question(family)
    await family.say("Zainab")
    screen = family.screen
    machine = family.machine
    put(machine, family, "a word that came below")
    await deliver_due(machine)
    for _ in range(2):
        machine.world.press(family.id, screen["message_id"], label="Grandmother")
    await machine.together(machine.world.take_updates(BOT_ID))
    asked = [m for m in family.from_bot if family.sees("What is the full name of the person", message=m)]
    assert len(asked) == 1


async def test_the_buttons_of_one_person_mean_nothing_for_another(machine: Machine, family: Family) -> None:
    """Threats 8: callback data is bound to the person."""
    await to_summary(family)
    send = next(
        b["callback_data"]
        for row in family.last["reply_markup"]["inline_keyboard"]
        for b in row
        if "Send" in b["text"]
    )
    other = machine.person(1009)
    await to_summary(other, "Yusuf")
    await other.forge(send)
    assert requests_count(machine) == 0
    await other.press("Send my request")
    assert [stored.persons[0]["name"] for stored in requests_in(machine)] == ["Yusuf"]


async def test_forged_actions_are_refused(machine: Machine, family: Family) -> None:
    await to_first_question(family)
    await family.say("Zainab")
    token = family.last["reply_markup"]["inline_keyboard"][0][0]["callback_data"].partition(":")[0]
    before = states_in(machine)
    for action in (
        "choice:nobody",
        "choice:IQ",
        "unknown",
        "offer:0",
        "send",
        "remove:0",
        "change:0.0",
        "change:-1.7",
        "open:0",
        "language:xx",
        "",
        ":",
        "choice",
        "каталог",
    ):
        await family.forge(f"{token}:{action}")
        assert family.toasts[-1] == "This button belongs to an earlier message.", action
    assert states_in(machine) == before


async def test_every_press_is_answered_once(machine: Machine, family: Family) -> None:
    """Experience 20."""
    await to_confirmation(family)
    log = machine.world.log.after(0)
    presses = [i for i in machine.world.record()["inputs"] if i["kind"] == "callback_query"]
    answers = [call for call in log if call["method"] == "answerCallbackQuery"]
    assert len(answers) == len(presses) > 5
    assert all(call["answer"]["ok"] for call in answers)


async def test_old_confirmations_still_lead_to_the_requests(machine: Machine, family: Family) -> None:
    """Experience 12: status is reachable from any old confirmation."""
    await to_confirmation(family)
    confirmation = next(
        m for m in reversed(family.from_bot) if family.sees("Your request has been sent.", message=m)
    )
    await to_menu_again(family)
    machine.later(days=100)
    await family.press("My requests", message=confirmation)
    assert family.sees("Your request has arrived")


async def to_menu_again(family: Family) -> None:
    await family.say("/start")
    await family.say("/help")
    await family.say("/privacy")


async def test_commands_work_anywhere(family: Family) -> None:
    """Experience 18."""
    await to_first_question(family)
    for command, sentence in {
        "/help": "How it works",
        "/privacy": "What happens to what you write",
        "/settings": "Settings",
        "/language": "Choose your language",
        "/mine": "This chat holds no request yet.",
        "/talk": "Write to the office",
        "/withdraw": "Do you want to withdraw your agreement?",
        "/delete_me": "Do you want to delete everything about you?",
        "/cancel": "What would you like to do?",
        "/start": "What would you like to do?",
        "/new": "What should we call you?",
        "/nonsense": "Homeward does not know this command.",
    }.items():
        await family.say(command)
        assert family.sees(sentence), command
        assert family.live_keyboards == 1, command


async def test_commands_before_a_language_is_chosen_ask_for_it(machine: Machine) -> None:
    for number, command in enumerate(("/mine", "/help", "/new", "/cancel", "/talk", "hello", "/nonsense"), 1):
        newcomer = machine.person(2000 + number)
        await newcomer.say(command)
        assert "العربية" in newcomer.buttons, command


async def test_the_menu_comes_back_after_choosing_another_language(family: Family) -> None:
    await to_menu(family)
    await family.say("/language")
    await family.press("Русский")
    family.language = "ru"
    assert family.sees("What would you like to do?")


async def test_the_upper_copy_of_a_repeated_question_is_as_good_as_the_lower(
    machine: Machine, family: Family
) -> None:
    """A question whose delivery was in doubt may stand in the chat twice; pressing either goes on below both."""
    await to_first_question(family)
    machine.world.faults.add(Fault("drop", methods=("sendMessage",), count=1))
    await family.say("Zainab")
    upper, lower = family.from_bot[-2:]
    assert words_of(upper) == words_of(lower)
    await family.press("Mother", message=upper)
    assert family.last["message_id"] > lower["message_id"]
    assert family.sees("What is the full name of the person you are asking about?")
    assert family.live_keyboards == 1
