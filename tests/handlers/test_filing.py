"""A family files a request: the whole path, as it is walked."""

import re

from casework.references import read_reference
from tests.family import Family, buttons_of, words_of
from tests.handlers.paths import tell_of_a_person, to_confirmation, to_first_question, to_summary
from tests.machine import Machine
from tests.stored import requests_in


async def test_a_grandmother_asks_for_two_children(machine: Machine, family: Family) -> None:
    await family.say("/start")
    assert family.buttons == ["Русский", "Нохчийн", "العربية", "English"]
    await family.press("English")
    assert family.sees("Telegram chats with bots are not end-to-end encrypted")
    await family.press("File a request")
    assert family.sees("Before we begin: your agreement")
    await family.press("I agree")
    assert family.sees("What should we call you?")
    await family.say("Zainab")
    await family.press("Grandmother")
    await family.say("Амина Алиева")
    assert family.sees("When was {name} born?")
    await family.say("about 2015")
    assert family.sees("Birth date or age: about 2015")
    await family.press("Syria")
    await family.press("Add another person")
    await tell_of_a_person(family, "يوسف", "12.03.2017", "Ирак")
    await family.press("No, check my answers")
    await family.press("Send my request")

    stored = requests_in(machine)
    assert len(stored) == 1
    assert stored[0].requester == {"name": "Zainab", "relation": "grandmother"}
    assert [person["name"] for person in stored[0].persons] == ["Амина Алиева", "يوسف"]
    assert [person["birth"]["edtf"] for person in stored[0].persons] == ["2015~", "2017-03-12"]
    assert [person["country"] for person in stored[0].persons] == ["SY", "IQ"]


async def test_the_essential_path_has_at_most_seven_questions(family: Family) -> None:
    await to_first_question(family)
    asked = set()
    for answer in ("Zainab", "Aunt", "Amina", "2017", "Syria"):
        asked.add(family.text)
        await family.say(answer)
    assert family.sees("Do you want to ask about somebody else as well?")
    assert len(asked) <= 7


async def test_the_confirmation_gives_reference_receipt_code_and_picture(family: Family) -> None:
    """Experience 11: reference, receipt code once, what happens next, how to reach a person, something to save."""
    await to_confirmation(family)
    confirmation, picture = family.from_bot[-2:]
    assert family.sees("Your request has been sent. It is stored safely.", message=confirmation)
    assert family.sees("What happens next: staff read your request.", message=confirmation)
    assert family.sees("You can talk to a person at any time from the menu.", message=confirmation)
    reference = re.search(r"HW-\w{4}-\w{4}", words_of(confirmation))
    assert reference is not None
    assert read_reference(reference[0]) == reference[0]
    assert [b["copy_text"]["text"] for b in buttons_of(confirmation) if "copy_text" in b] == [reference[0]]
    assert picture["photo"]
    assert "Amina" not in words_of(picture)
    receipts = re.findall(r"\w{4}-\w{4}-\w{4}-\w{4}", " ".join(words_of(m) for m in family.from_bot))
    assert len(receipts) == 1


async def test_nothing_is_sent_before_send(machine: Machine, family: Family) -> None:
    """Experience 10: the text says that nothing has been sent yet, and the button says what it does."""
    await to_summary(family)
    assert family.sees("Nothing has been sent yet.")
    assert "Send my request" in family.buttons
    assert requests_in(machine) == []


async def test_every_answer_can_be_changed_and_leads_back_to_the_summary(
    machine: Machine, family: Family
) -> None:
    """Experience 9: Change on each answer; Change returns to the summary."""
    await to_summary(family, "Amina", "Yusuf")
    changes = {
        "✎ Your name": "Маржан",
        "✎ Who you are": "Aunt",
        "1. Name": "Амина Ахмедова",
        "2. Born": "март 2016",
        "2. Country": "I don't know",
    }
    for button, answer in changes.items():
        await family.press(button)
        await family.say(answer)
        assert family.sees("Check your answers"), button
    await family.press("Send my request")
    stored = requests_in(machine)[0]
    assert stored.requester == {"name": "Маржан", "relation": "aunt"}
    assert stored.persons[0]["name"] == "Амина Ахмедова"
    assert stored.persons[1]["birth"] == {"edtf": "2016-03"}
    assert stored.persons[1]["country"] == "unknown"


async def test_a_person_can_be_taken_out_again(machine: Machine, family: Family) -> None:
    await to_summary(family, "Amina", "Yusuf")
    await family.press("Remove a person")
    await family.press("1. Amina")
    assert family.sees("Check your answers")
    await family.press("Send my request")
    assert [person["name"] for person in requests_in(machine)[0].persons] == ["Yusuf"]


async def test_the_answers_leave_the_chat_when_the_request_is_sent(family: Family) -> None:
    """Experience 16: sensitive answers are not repeated outside the review."""
    await to_summary(family, "Amina Alieva")
    summary = family.last["message_id"]
    await family.press("Send my request")
    closed = next(message for message in family.messages if message["message_id"] == summary)
    assert family.sees("Your request was sent on {day}.", message=closed)
    assert "Amina" not in words_of(closed)
    assert buttons_of(closed) == []


async def test_a_second_request_is_one_more_card(family: Family) -> None:
    await to_confirmation(family, "Amina")
    await family.say("/new")
    await family.say("Zainab")
    await family.press("Aunt")
    await tell_of_a_person(family, "Yusuf")
    await family.press("No, check my answers")
    await family.press("Send my request")
    await family.say("/mine")
    assert family.sees("Your requests")
    assert sum("HW-" in button for button in family.buttons) == 2


async def test_the_card_says_stage_meaning_next_and_what_to_do(machine: Machine, family: Family) -> None:
    """Experience 12: status is reachable from the menu and from any old confirmation."""
    await to_confirmation(family, "Amina Alieva", "Yusuf Aliev")
    machine.later(days=40)
    await family.press("My requests")
    for sentence in (
        "Amina Alieva",
        "Yusuf Aliev",
        "Your request has arrived",
        "It is stored safely and waits for a member of staff to read it.",
        "Next: Somebody from the office reads it",
        "Since 22 November 2026",
        "What has happened",
    ):
        assert family.sees(sentence), sentence


async def test_a_second_request_does_not_ask_again_what_the_first_told_of_oneself(
    machine: Machine, family: Family
) -> None:
    """Experience 2: nothing given is asked again."""
    await to_confirmation(family, "Amina Alieva")
    await family.say("/new")
    assert family.sees("Who are you to the people you are asking about?")
    await family.say("/start")
    assert "File a request" in family.offered, "nothing of it is begun yet"
    await family.press("File a request")
    await family.press("Aunt")
    await tell_of_a_person(family, "Yusuf")
    await family.press("No, check my answers")
    assert family.sees("Your name: Zainab")
    await family.press("Send my request")
    assert [each.requester["name"] for each in requests_in(machine)] == ["Zainab", "Zainab"]
