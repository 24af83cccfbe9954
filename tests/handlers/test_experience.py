"""What using it must feel like: statements of shared/experience.md (27 of them) that no other story shows yet,
and the proof that each one that concerns families is named by a test.

A test names a statement in its docstring: "Experience 4: …".
"""

import ast
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest

from bot.i18n import LANGUAGES
from casework.blocks import BLOCKS
from casework.questions import ESSENTIAL
from locales.style import faults
from tests.bot.test_screen import _TOUR, NAMES, act_on
from tests.family import Family, buttons_of, words_of
from tests.handlers.paths import to_confirmation, to_first_question, to_summary
from tests.handlers.test_around import PLACES, Way, _appointment, _language, _letter, _pass_on, _sent
from tests.handlers.walking import hold_within_limits
from tests.machine import Machine
from tests.stored import requests_in

TESTS = Path(__file__).parents[1]
_NAMED = re.compile(r"[Ee]xperience ((?:\d+(?:, | and )?)+)")

# Those that say nothing to a family, and why no story of theirs can show them.
NOT_FOR_FAMILIES = {
    26: "commands of whoever runs the bot: tests/cli",
    27: "mistakes in the settings: tests/cli/test_config.py",
}
ALL = 27


async def take_the_tour(machine: Machine, language: str, name: str) -> Family:
    """Walk one way through every place."""
    family = machine.person(1003, language)
    for stop in _TOUR:
        await act_on(family, stop.format(language=f"[{name}]"))
    return family


async def test_easy_questions_first_and_nothing_given_is_asked_again(family: Family) -> None:
    """Experience 2: essential and easy first, sensitive later; what was given is not asked again."""
    assert not any(question.sensitive for question in ESSENTIAL)
    assert any(question.sensitive for block in BLOCKS for question in block.questions)
    await to_confirmation(family)
    await family.press("Make the request stronger")
    await family.press_with("Where they may be")
    await family.press("A camp")
    await family.press("Cancel")
    await family.press_with("Where they may be")
    assert family.sees("Kind of place: A camp")
    await family.press("Go on with the open questions")
    assert family.sees("Which place is it?")
    await family.say("/new")
    assert not family.sees("Before we begin: your agreement")


@pytest.mark.parametrize(
    "typed",
    ["+7 (928) 000-00-01", "8 928 000 00 01", "٨٩٢٨٠٠٠٠٠٠١", "۸ ۹۲۸ ۰۰۰ ۰۰ ۰۱", "+7.928.000.00.01"],
)
async def test_a_phone_in_any_spelling(machine: Machine, family: Family, typed: str) -> None:
    """Experience 4: spaces, brackets, any digits; what was understood is echoed."""
    await to_confirmation(family)
    await family.press("Make the request stronger")
    await family.press_with("About you")
    await family.press("✎ Telephone")
    await family.say(typed)
    assert family.sees("Telephone: +7 928 000-00-01")
    assert requests_in(machine)[0].requester["phone"] == "+79280000001"


_BACK = {"← Back", "Nobody; go back", "No, leave it open", "No, keep it", "Go on with my request"}


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.__name__.strip("_"))
async def test_every_place_has_a_way_back_and_a_way_to_a_person(family: Family, place: Way) -> None:
    """Experience 6: Back or, where a yes is asked for, a no; a person is one button or /talk away."""
    await place(family)
    from_a_message = {_letter, _appointment}  # opened from below a message: the way out is the menu
    if place not in {_language, _sent, _pass_on, *from_a_message} and "File a request" not in family.buttons:
        assert any(each in _BACK or each.startswith("No") for each in family.buttons), family.buttons
    if place is not _language:  # before a language is chosen there are no words to talk in
        if "Talk to a person" in family.buttons:
            await family.press("Talk to a person")
        else:
            await family.say("/talk")
        assert family.sees("Write to the office")


async def test_start_and_delete_ask_before_anything_goes(family: Family) -> None:
    """Experience 6, its end: /start throws nothing away, and Delete is a second press behind Cancel."""
    await to_first_question(family)
    await family.say("Zainab")
    await family.say("/start")
    assert family.sees("Your answers are kept.")
    await family.press("Go on with my request")
    assert "Delete my answers" not in family.buttons
    await family.press("Cancel")
    assert "Delete my answers" in family.buttons


@pytest.mark.parametrize(("language", "name"), NAMES)
async def test_every_word_that_is_said_has_the_tone_of_the_house(
    machine: Machine, language: str, name: str
) -> None:
    """Experience 13 and 15: at most 25 words a sentence, no office language, no promise, no faces."""
    await take_the_tour(machine, language, name)
    wrong = [
        f"{fault}: {line}"
        for message in machine.world.said
        for line in lines_of(message)
        for fault, _ in faults(language, line)
    ]
    wrong += [
        f"{fault}: {button['text']}"
        for message in machine.world.said
        for button in buttons_of(message)
        for fault, _ in faults(language, button["text"], on_button=True)
    ]
    assert wrong == []


def lines_of(message: dict[str, object]) -> Iterator[str]:
    yield from unescape(words_of(message)).split("\n")


async def test_a_hard_question_says_so_before_and_its_answer_is_not_repeated(family: Family) -> None:
    """Experience 16: said before it may be hard; only "kept" afterwards, and the list tells nothing of it."""
    await to_confirmation(family)
    await family.press("Make the request stronger")
    await family.press_with("The mother")
    assert family.sees("These questions may be hard.")
    asked = len(family.machine.world.said)
    await family.press("She has died")
    said = family.machine.world.said[asked:]
    assert not any("She has died" in words_of(each) for each in said)
    assert not any("She has died" in button["text"] for each in said for button in buttons_of(each))


async def test_in_arabic_other_directions_are_isolated_and_arrows_mirrored(machine: Machine) -> None:
    """Experience 17: a Latin name and a reference stand between isolates; Back points the other way."""
    family = machine.person(1003, "ar")
    await to_summary(family, "Amina Alieva", language=family.language_name)
    assert "\u2068Amina Alieva\u2069" in family.last["text"]
    assert "→ رجوع" in family.buttons
    assert not any("←" in button for button in family.buttons)
    await family.press("Send my request")
    confirmation = next(each for each in reversed(family.from_bot) if "HW-" in words_of(each))
    assert re.search("\u2068HW-\\w{4}-\\w{4}\u2069", confirmation.get("text") or confirmation["caption"])


@pytest.mark.parametrize(("language", "name"), NAMES)
async def test_screens_are_edited_in_place_with_few_buttons_a_row(
    machine: Machine, language: str, name: str
) -> None:
    """Experience 19 and 20: a press changes its own message; at most three buttons a row; Telegram's limits."""
    family = await take_the_tour(machine, language, name)
    for message in machine.world.said:
        hold_within_limits(message)
    heard = len(family.from_bot)
    await family.say("/settings")
    await family.press("Quiet hours")
    await family.press("← Back")
    assert len(family.from_bot) == heard + 1


async def test_the_reference_can_be_copied_kept_and_passed_on(machine: Machine, family: Family) -> None:
    """Experience 21: copy_text on the reference, and nothing of a family's is protected from being saved."""
    await to_confirmation(family)
    copies = [b["copy_text"]["text"] for m in family.from_bot for b in buttons_of(m) if "copy_text" in b]
    assert len(copies) == 1
    assert copies[0].startswith("HW-")
    assert not any(call["params"].get("protect_content") for call in machine.world.log.entries)


@pytest.mark.parametrize("language", [language.code for language in LANGUAGES])
async def test_a_colour_supports_words_and_replaces_none(machine: Machine, language: str) -> None:
    """Experience 22: only success and danger; the button says the same without its colour."""
    family = machine.person(1003, language)
    await to_summary(family, "Amina", "Yusuf", language=family.language_name)
    (send,) = [button for button in buttons_of(family.last) if button["callback_data"].endswith(":send")]
    assert (send["text"], send["style"]) == (family._own("Send my request"), "success")
    await family.press("Remove a person")
    assert [b["text"] for b in buttons_of(family.last) if b.get("style") == "danger"] == [
        "1. Amina",
        "2. Yusuf",
    ]
    styled = [b for m in machine.world.said for b in buttons_of(m) if "style" in b]
    assert {button["style"] for button in styled} <= {"success", "danger"}
    assert all(any(letter.isalpha() for letter in button["text"]) for button in styled)


async def test_what_some_telephones_cannot_show_is_not_used(machine: Machine) -> None:
    """Experience 23: no rich messages, drafts, effects, topics, checklists or Mini Apps, on the whole tour."""
    await take_the_tour(machine, "en", "English")
    calls = list(machine.world.log.entries)
    assert not any(
        re.search("rich|draft|checklist|topic|webapp", call["method"], re.IGNORECASE) for call in calls
    )
    unwanted = {
        "message_effect_id",
        "message_thread_id",
        "rich_message",
        "checklist",
        "direct_messages_topic_id",
    }
    assert not any(unwanted & call["params"].keys() for call in calls)
    assert not any("web_app" in button for m in machine.world.said for button in buttons_of(m))


def test_every_statement_that_concerns_families_is_named_by_a_test() -> None:
    named = {number for text in _docstrings() for number in _statements(text)}
    assert set(range(1, ALL + 1)) - named - set(NOT_FOR_FAMILIES) == set()
    assert named <= set(range(1, ALL + 1))


def _statements(text: str) -> Iterator[int]:
    for numbers in _NAMED.findall(text):
        yield from map(int, re.findall(r"\d+", numbers))


def _docstrings() -> Iterator[str]:
    """Yield what modules and functions that hold tests say of themselves; this module's own words do not count."""
    for path in sorted(TESTS.rglob("test_*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        tests = [
            each
            for each in ast.walk(tree)
            if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef) and each.name.startswith("test_")
        ]
        modules = [tree] if tests and path.name != Path(__file__).name else []
        yield from (ast.get_docstring(each) or "" for each in [*modules, *tests])
