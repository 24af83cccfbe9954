"""The first greeting, the choice of language, the menu, and what happens to what somebody writes."""

from bot.dialog import Step
from bot.i18n import Html, bold, joined, paragraphs
from bot.screen import Button, Screen
from bot.turn import Turn
from casework.permissions import Role
from casework.words import N_
from handlers.family.consent import file_pressed
from handlers.family.drafting import draft_of
from handlers.family.everywhere import TALK, in_rows, talk, to
from handlers.family.panic import DELETE_CHAT
from handlers.family.passing_on import offer
from handlers.family.steps import At
from handlers.family.talking import new_from_office
from handlers.staff.steps import Desk

_CHOOSE = N_("Choose your language")
# Each translation names its own language: this is read where a sentence comes out of that catalogue.
_NOT_WHOLE = N_(
    "Not everything here is in your language yet; the rest is in English. "
    "You can write to us in your own language."
)
_WHAT_IT_IS = (
    N_(
        "This is a program. It brings requests from families to the office that helps women and children come home."
    ),
    N_("It takes your request, keeps it safe, and shows you where it stands."),
    N_("It is free. Nobody from the office will ever ask you for money."),
    N_("It cannot decide who comes home, and it cannot say when. Nobody can promise that."),
    N_(
        "Telegram chats with bots are not end-to-end encrypted, and Telegram keeps them too. "
        "Write only what you are ready to share."
    ),
)
_MENU = N_("What would you like to do?")
_DRAFT_WAITS = N_("You began a request on {day}. It has not been sent yet. Your answers are kept.")


def greet(turn: Turn) -> None:
    """Answer /start, and whatever somebody writes first: language, then the menu.

    An argument, such as a reference from a picture or an invitation, waits until a language is chosen.
    """
    if turn.incoming.argument:
        turn.state["argument"] = turn.incoming.argument
    if turn.loaded.language is None:
        turn.go(At.LANGUAGE)
    elif turn.incoming.argument:
        turn.go(At.ENTER)
    else:
        turn.state["introduce"] = True
        turn.go(At.HOME)


def pick_language(turn: Turn) -> None:
    """Show the picker: each language in its own name. Telegram's language code is never relied on."""
    locales = list(turn.around.locales)
    if turn.loaded.step not in {"", At.LANGUAGE}:
        turn.state["before_language"] = turn.loaded.step
    question = joined(dict.fromkeys(bold(locale.t(_CHOOSE)) for locale in locales))
    turn.show(
        At.LANGUAGE, Screen(question, [[Button(each.own_name, f"language:{each.code}")] for each in locales])
    )


def _choose(turn: Turn, code: str) -> bool | None:
    if not turn.around.locales.offers(code):
        return False
    turn.state["introduce"] = turn.loaded.language is None
    turn.choose_language(code)
    if not turn.locale.whole:
        turn.note(turn.t(_NOT_WHOLE))
    before = turn.state.pop("before_language", At.HOME)
    turn.go(At.ENTER if "argument" in turn.state else before)
    return None


def home(turn: Turn) -> None:
    """Show the menu; the first time with what the bot is, what it cannot do, and who else keeps this chat.

    Who belongs to the team begins at the desk.
    """
    if turn.role is not Role.FAMILY:
        turn.go(Desk.DESK)
        return
    draft = draft_of(turn)
    waiting = draft is not None and not draft.empty
    opening: list[Html] = []
    if turn.state.pop("introduce", False):
        opening = [
            Html(f"<b>Homeward</b>\n{turn.t(_WHAT_IT_IS[0])}"),
            *(turn.t(line) for line in _WHAT_IT_IS[1:]),
        ]
    kept = (
        turn.t(_DRAFT_WAITS, day=turn.locale.date_of(draft.begun)) if waiting and draft is not None else None
    )
    turn.show(At.HOME, Screen(paragraphs(*opening, kept, bold(turn.t(_MENU))), _menu(turn, waiting=waiting)))


def _menu(turn: Turn, *, waiting: bool) -> list[list[Button]]:
    file = N_("Go on with my request") if waiting else N_("File a request")
    return [
        new_from_office(turn),
        [turn.button(file, "file", style="success")],
        [turn.button(N_("My requests"), "mine"), turn.button(TALK, "talk")],
        *in_rows([turn.button(N_("How it works"), "help"), turn.button(N_("Privacy"), "privacy")], 2),
        [turn.button(N_("Settings, language"), "settings")],
        [turn.button(DELETE_CHAT, "panic")],
    ]


STEPS = (
    Step(At.LANGUAGE, pick_language, presses={"language": _choose}),
    Step(
        At.HOME,
        home,
        typed=offer,
        other=offer,
        presses={
            "file": file_pressed,
            "mine": to(At.REQUESTS),
            "talk": talk,
            "help": to(At.INFO),
            "privacy": to(At.PRIVACY),
            "settings": to(At.SETTINGS),
            "panic": to(At.PANIC),
        },
    ),
)
