"""A family files a request in the browser, in Russian, Arabic and Chechen; the bot is killed in the middle."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from bot.i18n import LANGUAGES, Locales
from tests.browser.demo import chromium, kill_the_bot, opened_browser, required, running_demo
from tests.browser.phone import Phone
from tests.browser.walk import ARABIC, CHECHEN, RUSSIAN, Words, file_a_request

pytestmark = pytest.mark.browser
LOCALES = Locales([language.code for language in LANGUAGES])


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if chromium() is None:
        message = "no Chromium on this machine: apt-get install chromium"
        pytest.fail(message) if required() else pytest.skip(message)
    with opened_browser() as opened:
        yield opened


@pytest.mark.parametrize(
    ("code", "person", "words"),
    [("ru", 1001, RUSSIAN), ("ar", 1002, ARABIC), ("ce", 1004, CHECHEN)],
    ids=["Russian", "Arabic", "Chechen"],
)
def test_a_mother_and_two_children(
    browser: Browser, tmp_path: Path, code: str, person: int, words: Words
) -> None:
    errors: list[str] = []
    with running_demo(tmp_path) as address:
        page = browser.new_page(viewport={"width": 390, "height": 844})
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(f"{address}/#{person}")
        phone = Phone(page, person, LOCALES.get(code))
        widths: list[int] = []

        def look(_moment: str) -> None:
            widths.append(page.evaluate("document.documentElement.scrollWidth"))

        file_a_request(phone, words, partial(kill_the_bot, address), look)
        page.close()
    assert errors == []
    assert set(widths) == {390}, "something is wider than the phone"
