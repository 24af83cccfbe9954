"""A broadcast in the browser: an admin writes it, another agrees, families read it; then it is taken back."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from bot.i18n import LANGUAGES, Locales
from bot.made_up_cases import ANNA, VERA
from tests.browser.broadcast_walk import ARABIC, RUSSIAN, People, send, take_back
from tests.browser.demo import running_demo, slow_down
from tests.browser.phone import Phone
from tests.browser.test_walk import browser

pytestmark = pytest.mark.browser
LOCALES = Locales([language.code for language in LANGUAGES])
PETIMAT, UMM_YASIN = 3001, 3004
PER_SECOND = 20  # 133 get it, so there are some seconds to press “Pause” in
__all__ = ["browser"]


def first_line(text: str) -> str:
    return text.partition("\n")[0]


def opened(page: Page, address: str) -> People:
    people = {ANNA: "en", VERA: "ru", PETIMAT: "ru", UMM_YASIN: "ar"}
    page.goto(f"{address}/#{','.join(map(str, people))}")
    return People(*(Phone(page, person, LOCALES.get(code)) for person, code in people.items()))


def test_seen_agreed_to_paused_reported_and_taken_back(browser: Browser, tmp_path: Path) -> None:
    errors: list[str] = []
    with running_demo(tmp_path) as address:
        slow_down(tmp_path, address, PER_SECOND)
        page = browser.new_page(viewport={"width": 1640, "height": 1000})
        page.on("pageerror", lambda error: errors.append(str(error)))
        people = opened(page, address)
        send(people, lambda _moment: None)
        for family, text in ((people.russian, RUSSIAN), (people.arabic, ARABIC)):
            family.sees(first_line(text))
            family.sees("To check that this is really from us, send here:")
            assert page.evaluate(_DIRECTION, family.newest.element_handle()) == _RUNS[text]
        take_back(people, lambda _moment: None)
        for family, text in ((people.russian, RUSSIAN), (people.arabic, ARABIC)):
            expect(family.chat).not_to_contain_text(first_line(text), timeout=20_000)
        page.close()
    assert errors == []


_DIRECTION = "message => getComputedStyle(message.querySelector('.text')).direction"
_RUNS = {RUSSIAN: "ltr", ARABIC: "rtl"}
