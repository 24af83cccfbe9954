"""Make the request stronger: every block, before and after sending, by words, buttons and voice."""

from typing import Any

import pytest
from sqlalchemy import select

from casework.blocks import BLOCKS, Scope
from casework.questions import Kind
from db.models import Event, File, Person, Request, Submission
from db.sealed import Place
from tests.family import Family
from tests.handlers.paths import to_confirmation, to_first_question, to_summary
from tests.handlers.sending import send_file, send_photo
from tests.machine import Machine
from tests.stored import requests_in, states_in
from tests.submitting import expiry

# What somebody types or presses ("[…]") at every question of a block, in order, and what is kept of it.
ANSWERS: dict[str, list[tuple[str, str, Any]]] = {
    "person": [
        ("other_names", "Amina Aliyeva", "Amina Aliyeva"),
        ("sex", "[A woman or a girl]", "female"),
        ("birth_country", "Turkey", "TR"),
        ("citizenship", "Russia", "RU"),
        ("mother_name", "Малика", "Малика"),
        ("father_name", "[I don't know]", "unknown"),
        ("marks", "a scar over the left eye", "a scar over the left eye"),
        ("health", "[Needs medicine or a doctor regularly]", "regular"),
    ],
    "whereabouts": [
        ("place_kind", "[A camp]", "camp"),
        ("place", "a tent near the gate", "a tent near the gate"),
        ("last_known", "March 2024", {"edtf": "2024-03"}),
        ("place_source", "[A relative]", "relative"),
        ("place_sure", "[Likely]", "likely"),
    ],
    "mother": [("status", "[She is detained]", "detained"), ("consent", "[I don't know]", "unknown")],
    "relatives": [
        ("relation", "[Aunt]", "aunt"),
        ("region", "Khasavyurt", "Khasavyurt"),
        ("willing", "[Yes]", "yes"),
        ("sample", "[Yes]", "yes"),
        ("sample_when", "2025", {"edtf": "2025"}),
    ],
    "guardian": [
        ("name", "Зайнаб", "Зайнаб"),
        ("relation", "[Grandmother]", "grandmother"),
        ("agrees", "[Yes]", "yes"),
    ],
    "requester": [
        ("region", "Дагестан", "Дагестан"),
        ("phone", "8 (928) 000-00-01", "+79280000001"),
        ("hours", "[In the evening]", "evening"),
    ],
    "sharing": [
        ("authorities", "[Yes]", "yes"),
        ("red_cross", "[Yes]", "yes"),
        ("partners", "[No]", "no"),
        ("relatives", "[No]", "no"),
        ("withhold", "my address, from everybody", "my address, from everybody"),
    ],
    "own_words": [
        (
            "story",
            "She was nine when we last heard her voice.",
            ["She was nine when we last heard her voice."],
        )
    ],
}


def details_in(machine: Machine) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Return what the only request holds: its own answers with their entries, and those of its persons."""
    keys = machine.homeward.around.keys
    with machine.homeward.engine.begin() as connection:
        row = connection.execute(select(Request)).one()
        key = keys.data_key(row.data_key, Place("request", "data_key", row.id))
        persons = connection.execute(select(Person).order_by(Person.position)).all()
        said = [key.open(person.details, Place("person", "details", person.id)) for person in persons]
        return key.open(row.details, Place("request", "details", row.id)), said


def events_in(machine: Machine) -> list[tuple[str, Any]]:
    keys = machine.homeward.around.keys
    with machine.homeward.engine.begin() as connection:
        row = connection.execute(select(Request)).one()
        key = keys.data_key(row.data_key, Place("request", "data_key", row.id))
        events = connection.execute(select(Event).order_by(Event.id)).all()
        return [
            (
                event.kind,
                key.open(event.details, Place("event", "details", event.id)) if event.details else None,
            )
            for event in events
        ]


async def give(family: Family, words: str) -> None:
    await (family.press(words.strip("[]")) if words.startswith("[") else family.say(words))


async def open_block(family: Family, key: str) -> None:
    """Open a block from the list; its button begins with its title."""
    title = next(block.topic for block in BLOCKS if block.key == key)
    await family.press_with(title)


async def answer_block(family: Family, key: str) -> None:
    await open_block(family, key)
    if key == "relatives":
        await family.press("Add a relative")
    if key in {"person", "requester"}:
        await family.press("Go on with the open questions")
    for _, words, _ in ANSWERS[key]:
        await give(family, words)
    if key == "own_words":
        await family.press("That is all")


def kept(answers: dict[str, Any], key: str) -> dict[str, Any]:
    return {name: answers.get(name) for name, _, _ in ANSWERS[key]}


def expected(key: str) -> dict[str, Any]:
    return {name: value for name, _, value in ANSWERS[key]}


def answers_of(key: str, details: dict[str, Any], persons: list[dict[str, Any]]) -> dict[str, Any]:
    block = next(block for block in BLOCKS if block.key == key)
    if block.scope is Scope.PERSON:
        return persons[0]
    found: dict[str, Any] = details["requester"] if key == "requester" else details["entries"][key][0]
    return found


def test_every_question_of_every_block_is_answered_here() -> None:
    for block in BLOCKS:
        essential = (
            {"name", "relation", "birth", "country"} if block.key in {"person", "requester"} else set()
        )
        asked = {question.key for question in block.questions} - essential
        assert set(expected(block.key)) == asked, block.key


@pytest.mark.parametrize("key", list(ANSWERS))
async def test_a_block_is_answered_after_sending(machine: Machine, family: Family, key: str) -> None:
    await to_confirmation(family)
    await family.press("Make the request stronger")
    await answer_block(family, key)
    assert kept(answers_of(key, *details_in(machine)), key) == expected(key)
    told = [what for kind, what in events_in(machine) if kind == "answer_changed"]
    assert [what["after"] for what in told] == [value for _, _, value in ANSWERS[key]]
    assert all(what["before"] is None for what in told)


@pytest.mark.parametrize("key", list(ANSWERS))
async def test_a_block_is_answered_before_sending(machine: Machine, family: Family, key: str) -> None:
    await to_summary(family)
    await family.press("Tell more before sending")
    assert family.sees("Nothing has been sent yet.")
    await answer_block(family, key)
    while not family.sees("Check your answers"):
        await family.press("← Back")
    await family.press("Send my request")
    assert kept(answers_of(key, *details_in(machine)), key) == expected(key)
    assert [kind for kind, _ in events_in(machine)] == ["received"]


async def test_progress_is_shown_and_a_block_is_taken_up_where_it_was_left(family: Family) -> None:
    await to_confirmation(family)
    await family.press("Make the request stronger")
    assert "Where they may be" in family.buttons
    await open_block(family, "whereabouts")
    assert family.sees("This helps staff to look in the right place.")
    await family.press("A camp")
    await family.press("Skip")
    await family.press("Cancel")
    assert family.sees("Your answers are kept.")
    assert "Where they may be: 1 of 5" in family.buttons
    await open_block(family, "whereabouts")
    assert family.sees("Place: not given")
    await family.press("Go on with the open questions")
    assert family.sees("Which place is it?")


async def test_an_answer_is_changed_after_sending_and_staff_see_what_it_was(
    machine: Machine, family: Family
) -> None:
    await to_confirmation(family)
    await family.press("Make the request stronger")
    await open_block(family, "person")
    await family.press("✎ Name")
    await family.say("Amina Umarova")
    assert family.sees("Name: Amina Umarova")
    changed = events_in(machine)[-1]
    assert changed == (
        "answer_changed",
        {"spot": "person.0.name", "before": "Amina Alieva", "after": "Amina Umarova"},
    )
    await family.press("✎ Country")
    await family.say("Syria")
    with machine.homeward.engine.begin() as connection:
        assert connection.scalar(select(Person.country)) == "SY"


async def test_what_is_added_postpones_the_expiry(machine: Machine, family: Family) -> None:
    """Privacy rule 10."""
    await to_confirmation(family)
    before = expiry(machine)
    machine.later(days=100)
    await family.press("Make the request stronger")
    await answer_block(family, "mother")
    assert (expiry(machine) - before).days == 100


async def test_somebody_is_added_after_sending(machine: Machine, family: Family) -> None:
    await to_confirmation(family)
    await family.press("Make the request stronger")
    await family.press("Add another person")
    await family.say("Yusuf")
    await family.say("2019")
    await family.press("Iraq")
    _, persons = details_in(machine)
    assert [person["name"] for person in persons] == ["Amina Alieva", "Yusuf"]
    assert persons[1]["birth"] == {"edtf": "2019"}
    assert ("person_added", None) in events_in(machine)
    await family.say("/mine")
    assert family.sees("Yusuf")


async def test_each_person_has_their_own_block(machine: Machine, family: Family) -> None:
    await to_confirmation(family, "Amina", "Yusuf")
    await family.press("Make the request stronger")
    await open_block(family, "whereabouts")
    await family.press("Yusuf")
    await family.press("A children's home")
    _, persons = details_in(machine)
    assert [person.get("place_kind") for person in persons] == [None, "orphanage"]


async def test_relatives_are_several_and_one_can_be_removed(machine: Machine, family: Family) -> None:
    await to_confirmation(family)
    await family.press("Make the request stronger")
    await open_block(family, "relatives")
    for relation in ("Aunt", "Uncle"):
        await family.press("Add a relative")
        await family.press(relation)
        await family.press("Cancel")
        await open_block(family, "relatives")
    await family.press("Relative 1: 1 of 4")
    await family.press("Remove this entry")
    await family.press("No, keep it")
    await family.press("Remove this entry")
    await family.press("Yes, remove it")
    details, _ = details_in(machine)
    assert details["entries"]["relatives"] == [{"relation": "uncle"}]
    assert events_in(machine)[-1][0] == "entry_dropped"


async def test_a_question_that_makes_no_sense_any_more_loses_its_answer(
    machine: Machine, family: Family
) -> None:
    await to_confirmation(family)
    await family.press("Make the request stronger")
    await answer_block(family, "relatives")
    await family.press("✓ Relative 1")
    await family.press("✎ Sample given")
    await family.press("No")
    details, _ = details_in(machine)
    assert details["entries"]["relatives"][0]["sample"] == "no"
    assert "sample_when" not in details["entries"]["relatives"][0]
    assert "✎ Given when" not in family.buttons


async def test_a_place_of_the_list_is_chosen_and_a_closed_one_says_so(
    machine: Machine, family: Family
) -> None:
    await to_summary(family)
    await family.press("✎ Country")
    await family.press("Syria")
    await family.press("Send my request")
    await family.press("Make the request stronger")
    await open_block(family, "whereabouts")
    await family.press("A camp")
    assert {"Roj camp", "Al-Hol camp (closed)"} <= set(family.buttons)
    assert "Rusafa prison, Baghdad" not in family.buttons
    await family.press("Roj camp")
    assert family.sees("✓ Place: Roj camp")
    with machine.homeward.engine.begin() as connection:
        assert connection.scalar(select(Person.site_id)) is not None


SPOKEN = [
    (block.key, question.key)
    for block in BLOCKS
    for question in block.questions
    if question.kind in {Kind.NAME, Kind.BIRTH, Kind.TEXT, Kind.STORY, Kind.WHEN, Kind.PLACE}
]


@pytest.mark.parametrize(("key", "question"), SPOKEN, ids=[f"{key}.{question}" for key, question in SPOKEN])
async def test_voice_answers_wherever_words_are_free(
    machine: Machine, family: Family, key: str, question: str
) -> None:
    await to_confirmation(family)
    await family.press("Make the request stronger")
    await open_block(family, key)
    if key == "relatives":
        await family.press("Add a relative")
        for words in ("[Aunt]", "Khasavyurt", "[Yes]", "[Yes]"):
            if question != "region" or words == "[Aunt]":
                await give(family, words)
    elif key in {"person", "requester"}:
        button = next(q.button for b in BLOCKS if b.key == key for q in b.questions if q.key == question)
        await family.press(f"✎ {button}")
    else:
        while not any(
            family.sees(each.prompt)
            for block in BLOCKS
            if block.key == key
            for each in block.questions
            if each.key == question
        ):
            await family.press("Skip")
    await send_file(family, "voice")
    assert family.sees("It has come in. We tell you here once it is stored safely.")
    with machine.homeward.engine.begin() as connection:
        sent = connection.execute(select(Submission)).one()
        file = connection.execute(select(File)).one()
    assert (sent.purpose, sent.place, file.kind) == ("answer", f"{key}.0.{question}", "voice")
    value = answers_of(key, *details_in(machine))[question]
    voice = {"file": sent.id, "as": "voice"}
    assert value == ([voice] if question == "story" else voice)


async def test_a_grandmother_speaks_every_free_answer_of_the_essential_path(
    machine: Machine, family: Family
) -> None:
    await to_first_question(family)
    await send_file(family, "voice")
    await family.press("Grandmother")
    await send_file(family, "voice")
    assert family.sees("When was this person born?")
    await send_file(family, "voice")
    await family.press("Iraq")
    await family.press("No, check my answers")
    assert family.sees("Name: voice message")
    await family.press("Send my request")
    assert len(requests_in(machine)) == 1
    await family.say("/mine")
    assert family.sees("Person 1")


async def test_a_story_comes_in_pieces(machine: Machine, family: Family) -> None:
    await to_confirmation(family)
    await family.press("Make the request stronger")
    await open_block(family, "own_words")
    assert family.sees("Telling it may be hard.")
    await family.say("First this.")
    await send_file(family, "voice")
    await send_photo(family)
    await family.press("That is all")
    details, _ = details_in(machine)
    story = details["entries"]["own_words"][0]["story"]
    assert [piece if isinstance(piece, str) else piece["as"] for piece in story] == [
        "First this.",
        "voice",
        "photo",
    ]


async def test_a_shared_number_answers_the_question_for_it(machine: Machine, family: Family) -> None:
    await to_confirmation(family)
    await family.press("Make the request stronger")
    await open_block(family, "requester")
    await family.press("✎ Telephone")
    machine.world.send_contact(family.id, "79280000001", "Zainab")
    await machine.settle()
    assert family.sees("Telephone: +7 928 000-00-01")


async def test_a_changed_message_corrects_its_answer_before_and_after_sending(
    machine: Machine, family: Family
) -> None:
    await to_summary(family)
    names = [each["message_id"] for each in family.messages if each.get("text") == "Amina Alieva"]
    machine.world.edit(family.id, names[0], "Amina Umarova")
    await machine.settle()
    assert family.sees("Your changed message was understood. Name: Amina Umarova")
    await family.press("Send my request")
    machine.world.edit(family.id, names[0], "Amina Khasanova")
    await machine.settle()
    assert details_in(machine)[1][0]["name"] == "Amina Khasanova"
    assert events_in(machine)[-1][1]["before"] == "Amina Umarova"
    machine.world.edit(family.id, names[0], "https://example.org")
    await machine.settle()
    assert family.sees("could not be read as an answer, so the earlier answer stays.")
    assert details_in(machine)[1][0]["name"] == "Amina Khasanova"


async def test_a_sensitive_answer_is_not_repeated_outside_the_summary(family: Family) -> None:
    """Experience 16."""
    await to_confirmation(family)
    await family.press("Make the request stronger")
    await open_block(family, "mother")
    assert family.sees("These questions may be hard.")
    await family.press("She has died")
    assert family.sees("✓ The mother")
    assert not family.sees("She has died")


async def test_somebody_else_opens_nothing_with_a_known_screen(machine: Machine, family: Family) -> None:
    await to_confirmation(family)
    stranger = machine.person(1009, "en")
    await stranger.say("/start")
    await stranger.press("English")
    await stranger.forge("~:stronger")
    assert stranger.sees("This chat holds no request yet.")
    assert not any("strengthen" in state for state in states_in(machine)[1:])
