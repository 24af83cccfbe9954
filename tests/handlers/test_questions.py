"""How questions are asked and what happens with every kind of answer."""

from pathlib import Path

import pytest

from tests.family import Family
from tests.handlers.paths import tell_of_a_person, to_first_question, to_summary
from tests.machine import Machine, running
from tests.stored import requests_in, states_in


async def to_birth(family: Family) -> None:
    await to_first_question(family)
    await family.say("Zainab")
    await family.press("Aunt")
    await family.say("Amina")


async def test_errors_say_what_to_do_are_worded_anew_and_offer_a_person(family: Family) -> None:
    """Experience 14: a second failure is worded differently; a third offers a person."""
    await to_birth(family)
    await family.say("when the snow fell")
    assert family.sees("We could not read a date, a year or an age in this.")
    await family.say("I said the snow")
    assert family.sees("It is still not clear to us.")
    assert not family.sees("If this is difficult")
    await family.say("snow snow")
    assert family.sees("If this is difficult, press “Talk to a person”. Your answers stay.")
    await family.say("2016")
    assert family.sees("Birth date or age: 2016")


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("2017", {"edtf": "2017"}),
        ("март 2017", {"edtf": "2017-03"}),
        ("12.03.2017", {"edtf": "2017-03-12"}),
        ("١٢ مارس ٢٠١٧", {"edtf": "2017-03-12"}),
        ("около 2015", {"edtf": "2015~"}),
        ("не знаю", "unknown"),
    ],
)
async def test_dates_as_people_write_them(
    machine: Machine, family: Family, typed: str, stored: object
) -> None:
    """Experience 3: what was understood is stored as exactly as it was said, and echoed."""
    await to_birth(family)
    await family.say(typed)
    assert states_in(machine)[0]["draft"]["persons"][0]["birth"] == stored
    assert family.sees("In which country is {name} now")


async def test_an_unsure_date_is_asked_back(machine: Machine, family: Family) -> None:
    await to_birth(family)
    await family.say("17")
    assert family.sees("Which of these do you mean?")
    before = states_in(machine)[0]["draft"]["persons"][0]
    assert "birth" not in before
    await family.press("17 years old")
    assert states_in(machine)[0]["draft"]["persons"][0]["birth"]["age"] == "P17Y"


async def test_an_unsure_date_can_be_written_anew(machine: Machine, family: Family) -> None:
    await to_birth(family)
    await family.say("17")
    await family.press("Something else")
    await family.say("2017")
    assert states_in(machine)[0]["draft"]["persons"][0]["birth"] == {"edtf": "2017"}


async def test_every_factual_question_accepts_i_do_not_know(machine: Machine, family: Family) -> None:
    """Privacy rule 4."""
    await to_birth(family)
    await family.press("I don't know")
    await family.press("I don't know")
    await family.press("No, check my answers")
    assert family.sees("Birth date or age: not known")
    await family.press("Send my request")
    assert requests_in(machine)[0].persons[0] == {"name": "Amina", "birth": "unknown", "country": "unknown"}


async def test_names_in_any_script_are_kept_as_written(machine: Machine, family: Family) -> None:
    await to_first_question(family)
    await family.say("  زينب   أم يوسف ")
    assert states_in(machine)[0]["draft"]["requester"]["name"] == "زينب أم يوسف"


async def test_a_choice_can_be_typed(machine: Machine, family: Family) -> None:
    await to_first_question(family)
    await family.say("Zainab")
    await family.say("grandmother")
    assert states_in(machine)[0]["draft"]["requester"]["relation"] == "grandmother"


async def test_a_country_can_be_typed_in_any_of_our_languages(machine: Machine, family: Family) -> None:
    await to_summary(family)
    for name, code in (("Иордания", "JO"), ("العراق", "IQ"), ("Lebanon", "LB")):
        await family.press("✎ Country")
        await family.say(name)
        assert states_in(machine)[0]["draft"]["persons"][0]["country"] == code


async def test_back_leads_through_the_answers_and_keeps_them(machine: Machine, family: Family) -> None:
    """Experience 6: every state offers Back."""
    await to_birth(family)
    await family.press("← Back")
    assert family.sees("Your answer so far: Amina")
    await family.press("← Back")
    assert family.sees("Who are you to the people you are asking about?")
    await family.press("Keep this answer")
    await family.press("Keep this answer")
    assert family.sees("When was {name} born?")
    assert states_in(machine)[0]["draft"]["requester"]["relation"] == "aunt"


async def test_back_from_the_first_question_keeps_the_draft(family: Family) -> None:
    await to_first_question(family)
    await family.say("Zainab")
    await family.press("← Back")
    await family.press("← Back")
    assert family.sees("What would you like to do?")
    assert family.sees("Your answers are kept.")
    await family.press("Go on with my request")
    assert family.sees("Who are you to the people you are asking about?") or family.sees(
        "What should we call you?"
    )


async def test_a_restart_in_the_middle_loses_nothing(tmp_path: Path) -> None:
    """Experience 7: every answer is saved at once; after a restart the bot resumes where the person stopped."""
    async with running(tmp_path) as before:
        family = before.person(1003)
        await to_first_question(family)
        await family.say("Zainab")
        await family.press("Aunt")
        world = before.world
    async with running(tmp_path, world) as after:
        family = after.person(1003)
        await tell_of_a_person(family, "Amina")
        await family.press("No, check my answers")
        await family.press("Send my request")
        assert requests_in(after)[0].requester == {"name": "Zainab", "relation": "aunt"}


async def test_after_weeks_the_bot_goes_on_and_says_so(machine: Machine, family: Family) -> None:
    """Experience 7, second half."""
    await to_birth(family)
    machine.later(days=21)
    await family.say("2017")
    assert family.sees("Welcome back. Your answers are kept, and we go on where you stopped.")
    assert family.sees("In which country is {name} now")


async def test_what_was_understood_is_echoed(family: Family) -> None:
    await to_birth(family)
    await family.say("12.3.2017")
    assert family.sees("✓ Birth date or age: 12 March 2017")


async def test_one_question_a_message_and_one_live_keyboard(family: Family) -> None:
    """Experience 1 and 19: no trail of dead keyboards."""
    await to_birth(family)
    assert family.live_keyboards == 1
    await family.say("nonsense words")
    await family.say("2017")
    assert family.live_keyboards == 1
