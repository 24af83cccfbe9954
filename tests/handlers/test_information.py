"""How it works: the list of pages and each page; from everywhere, in every language, and back."""

import pytest

from bot.i18n import LANGUAGES
from bot.pages import words_of as plain
from handlers.family.information import PAGES
from tests.family import Family, words_of
from tests.handlers.paths import to_confirmation, to_first_question, to_menu
from tests.machine import Machine
from tests.stored import messages_in

TITLES = [page.title for page in PAGES]


async def test_the_list_has_the_short_answer_and_a_button_for_each_page(family: Family) -> None:
    await to_menu(family)
    await family.press("How it works")
    assert family.sees("Before anything is sent, you see all your answers and can change each of them.")
    rows = family.last["reply_markup"]["inline_keyboard"]
    assert [[button["text"] for button in row] for row in rows] == [
        *([title] for title in TITLES),
        ["← Back", "Talk to a person"],
    ]
    await family.say("/help")
    assert family.sees("How it works")
    assert family.live_keyboards == 1


@pytest.mark.parametrize("language", [language.code for language in LANGUAGES])
async def test_every_page_is_shown_whole_with_a_way_on(machine: Machine, language: str) -> None:
    """Privacy rule 16: a person can be reached from each of them."""
    family = machine.person(1003, language)
    own = machine.homeward.around.locales.get(language).plain
    await to_menu(family, family.language_name)
    for page in PAGES:
        await family.say("/help")
        await family.press(page.title)
        assert words_of(family.last) == plain(machine.homeward.around.pages.get(language, page.key).html)
        assert {own(label) for label in ("← Back", "Talk to a person", "Menu")} <= set(family.buttons)
        assert family.live_keyboards == 1


async def test_next_leads_through_all_pages_in_place(family: Family) -> None:
    await to_menu(family)
    await family.press("How it works")
    await family.press(TITLES[0])
    shown = len(family.messages)
    seen = [family.text]
    while "Next page →" in family.buttons:
        await family.press("Next page →")
        seen.append(family.text)
    assert len(set(seen)) == len(PAGES)
    assert len(family.messages) == shown
    assert family.sees("Where else help is found")


async def test_from_a_page_back_to_the_list_and_to_the_menu(family: Family) -> None:
    await to_menu(family)
    await family.press("How it works")
    await family.press("Who decides")
    await family.press("← Back")
    assert TITLES[0] in family.buttons
    await family.press("DNA tests")
    await family.press("Menu")
    assert family.sees("What would you like to do?")


async def test_from_a_page_to_a_person_and_back_to_the_page(machine: Machine, family: Family) -> None:
    await to_menu(family)
    await family.press("How it works")
    await family.press("The mother's consent")
    await family.press("Talk to a person")
    await family.say("May she sign in the camp?")
    assert messages_in(machine) == ["May she sign in the camp?"]
    await family.press("← Back")
    assert family.sees("In most cases a child may leave the country only if the mother agrees.")


async def test_what_is_written_on_a_page_is_offered_to_staff(machine: Machine, family: Family) -> None:
    await to_menu(family)
    await family.press("How it works")
    await family.press("DNA tests")
    await family.say("I am ready to give a sample")
    assert family.sees("Shall we pass this on to staff?")
    await family.press("Yes, pass it on")
    assert messages_in(machine) == ["I am ready to give a sample"]


async def test_help_in_the_middle_of_a_request_loses_nothing(family: Family) -> None:
    await to_first_question(family)
    await family.say("Zainab")
    await family.say("/help")
    await family.press("What we never ask")
    await family.press("Menu")
    await family.press("Go on with my request")
    assert family.sees("Who are you to the people you are asking about?")


async def test_the_card_leads_to_the_steps_and_back_to_the_card(family: Family) -> None:
    await to_confirmation(family)
    await family.say("/mine")
    await family.press("The way home, step by step")
    assert family.sees("The way home, step by step")
    await family.press("Next page →")
    await family.press("← Back")
    assert family.sees("Your request has arrived")


async def test_privacy_leads_to_what_is_never_asked_and_back(family: Family) -> None:
    await to_menu(family)
    await family.press("Privacy")
    await family.press("What we never ask")
    assert family.sees("how you keep in contact with anybody")
    await family.press("← Back")
    assert family.sees("What happens to what you write")


async def test_another_language_shows_the_same_page_in_it(family: Family) -> None:
    await to_menu(family)
    await family.press("How it works")
    await family.press("DNA tests")
    await family.say("/language")
    await family.press("Русский")
    family.language = "ru"
    assert family.sees("Анализ ДНК может показать, что два человека родня.")


async def test_a_page_that_is_not_in_the_list_is_not_opened(family: Family) -> None:
    await to_menu(family)
    await family.press("How it works")
    token = family.last["reply_markup"]["inline_keyboard"][0][0]["callback_data"].partition(":")[0]
    before = family.last
    for action in ("page:../../etc", "page:", "page", "next", "page:stages.md"):
        await family.forge(f"{token}:{action}")
        assert family.last == before
