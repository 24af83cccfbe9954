"""Takes the pictures of the README: `make pictures` writes docs/pictures/."""

from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.i18n import Locales
from tests.browser.demo import kill_the_bot, opened_browser, running_demo
from tests.browser.phone import Phone
from tests.browser.walk import ARABIC, RUSSIAN, file_a_request

_PICTURES = Path(__file__).resolve().parents[2] / "docs" / "pictures"


def main() -> None:
    locales = Locales(("ru", "en", "ar"))
    _PICTURES.mkdir(exist_ok=True)
    with TemporaryDirectory() as folder, running_demo(Path(folder)) as address, opened_browser() as browser:
        kill = partial(kill_the_bot, address)
        for code, person, words in (("ru", 1001, RUSSIAN), ("ar", 1002, ARABIC)):
            page = browser.new_page(viewport={"width": 390, "height": 844}, device_scale_factor=1.5)
            page.goto(f"{address}/#{person}")
            phone = Phone(page, person, locales.get(code))
            file_a_request(phone, words, kill, partial(phone.picture, _PICTURES, code))
            page.close()
        page = browser.new_page(viewport={"width": 1400, "height": 900})
        page.goto(f"{address}/#1001,1002")
        page.wait_for_selector("[data-person='1002'] .from-bot")
        page.wait_for_timeout(300)
        page.screenshot(path=_PICTURES / "demo.png")


if __name__ == "__main__":
    main()
