"""A family leaves a draft; the visitor presses "+1 day"; the reminder comes in its language; one tap goes on."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from bot.i18n import LANGUAGES, Locales
from tests.browser.demo import running_demo
from tests.browser.phone import Phone
from tests.browser.test_walk import browser

pytestmark = pytest.mark.browser
LOCALES = Locales([language.code for language in LANGUAGES])
__all__ = ["browser"]


@pytest.mark.parametrize(("code", "person"), [("ru", 1001), ("ar", 1002)], ids=["Russian", "Arabic"])
def test_a_day_later(browser: Browser, tmp_path: Path, code: str, person: int) -> None:
    errors: list[str] = []
    with running_demo(tmp_path) as address:
        page = browser.new_page(viewport={"width": 1280, "height": 844})
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(f"{address}/#{person}")
        phone = Phone(page, person, LOCALES.get(code))
        phone.start()
        phone.sees("Choose your language")
        phone.press(phone.locale.own_name)
        phone.press("File a request")
        phone.press("I agree")
        phone.sees("What should we call you?")
        phone.say("Марха")
        phone.sees("Who are you to the people you are asking about?")
        page.locator("#panel-toggle").click()
        page.locator("button.tool[data-label='+1 day']").click()
        phone.sees("What you began here is not finished. Your answers are kept.")
        phone.press("Go on where I stopped")
        phone.sees("Who are you to the people you are asking about?")
        page.close()
    assert errors == []
