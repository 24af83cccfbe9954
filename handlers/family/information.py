"""How it works: the list of information pages, and one page with a way on, back, and to a person.

The words of a page stand in locales/<language>/info/<key>.md. A new page is an entry in `PAGES` and its file in
each language.
"""

from dataclasses import dataclass

from bot.dialog import PressHandler, Step
from bot.i18n import bold, paragraphs
from bot.screen import Screen
from bot.turn import Turn
from casework.words import N_
from handlers.family.everywhere import BACK, FROM_ASIDE, MENU, TALK, aside
from handlers.family.passing_on import offer
from handlers.family.steps import At


@dataclass(frozen=True)
class Entry:
    """One page of the list: its file's name, and the words on its button."""

    key: str
    title: str


# Those that other screens lead to as well.
STAGES = Entry("stages", N_("The way home, step by step"))
DOCUMENTS = Entry("documents", N_("Papers, and how to get them"))
NEVER_ASKED = Entry("never-asked", N_("What we never ask"))
SCAMS = Entry("scams", N_("Scams, and how to check a message"))
PAGES = (
    STAGES,
    DOCUMENTS,
    Entry("dna", N_("DNA tests")),
    Entry("consent", N_("The mother's consent")),
    Entry("who-decides", N_("Who decides")),
    NEVER_ASKED,
    SCAMS,
    Entry("other-help", N_("Where else help is found")),
)
_KEYS = tuple(entry.key for entry in PAGES)
_HOW = N_("How it works")
_SHORT = (
    N_(
        "You answer a few short questions. Every answer is kept at once, so you can stop and go on another day."
    ),
    N_("Before anything is sent, you see all your answers and can change each of them."),
    N_("Staff read every request. If something is missing, they write to you in this chat."),
    N_("Under “My requests” you see where a request stands, and since when."),
    N_("The whole way often takes from nine months to several years. Nobody can promise how it ends."),
    N_("Nobody from the office asks for money, passwords or codes. Whoever does is not from the office."),
)
_MORE = N_("More about it:")


def list_pages(turn: Turn) -> None:
    """Answer /help: the short answer, and below it a button for each page."""
    turn.state.pop("before_page", None)
    rows = [[turn.button(entry.title, f"page:{entry.key}")] for entry in PAGES]
    text = paragraphs(bold(turn.t(_HOW)), *(turn.t(line) for line in _SHORT), turn.t(_MORE))
    turn.show(At.INFO, aside(turn, text, rows))


def show(turn: Turn) -> None:
    """Show the page the person has chosen."""
    key = turn.state.get("page")
    if key not in _KEYS:
        turn.go(At.INFO)
        return
    further = [[turn.button(N_("Next page →"), "next")]] if key != _KEYS[-1] else []
    rows = [
        *further,
        [turn.button(BACK, "back"), turn.button(TALK, "talk")],
        [turn.button(MENU, "home")],
    ]
    turn.show(At.PAGE, Screen(turn.around.pages.get(turn.locale.code, key).html, rows))


def to_page(key: str) -> PressHandler:
    """Make the handler of a button on another screen that leads to a page; Back leads to that screen again."""

    def press(turn: Turn, _rest: str) -> None:
        turn.state["before_page"] = turn.loaded.step
        _open(turn, key)

    return press


def _chosen(turn: Turn, key: str) -> bool | None:
    if key not in _KEYS:
        return False
    _open(turn, key)
    return None


def _next(turn: Turn, _rest: str) -> bool | None:
    key = turn.state.get("page")
    if key not in _KEYS[:-1]:
        return False
    _open(turn, _KEYS[_KEYS.index(key) + 1])
    return None


def _open(turn: Turn, key: str) -> None:
    turn.state["page"] = key
    turn.go(At.PAGE)


def _back(turn: Turn, _rest: str) -> None:
    turn.go(turn.state.pop("before_page", At.INFO))


STEPS = (
    Step(At.INFO, list_pages, typed=offer, other=offer, presses={"page": _chosen, **FROM_ASIDE}),
    Step(At.PAGE, show, typed=offer, other=offer, presses={"next": _next, "back": _back, **FROM_ASIDE}),
)
