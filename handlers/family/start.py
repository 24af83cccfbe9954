"""The first greeting, the choice of language, the menu, and the two pages that explain."""

from bot.dialog import Step
from bot.i18n import Html, bold, joined, paragraphs
from bot.screen import Button, Screen
from bot.turn import Turn
from casework.words import N_
from handlers.family.consent import file_pressed
from handlers.family.drafting import draft_of
from handlers.family.everywhere import FROM_ASIDE, TALK, aside, in_rows, talk, to
from handlers.family.steps import At
from handlers.family.talking import offer_to_pass_on

_CHOOSE = N_("Choose your language")
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
_HELP = (
    N_("How it works"),
    N_(
        "You answer a few short questions. Every answer is kept at once, so you can stop and go on another day."
    ),
    N_("Before anything is sent, you see all your answers and can change each of them."),
    N_("Staff read every request. If something is missing, they write to you in this chat."),
    N_("Under “My requests” you see where a request stands, and since when."),
    N_("The whole way often takes from nine months to several years. Nobody can promise how it ends."),
    N_("Nobody from the office asks for money, passwords or codes. Whoever does is not from the office."),
)
_PRIVACY = (
    N_("What happens to what you write"),
    N_("Your answers are stored encrypted. Staff of the office who work on requests can read them."),
    N_(
        "We never ask how you keep in contact, about money sent, or about beliefs. "
        "Please do not write about these here."
    ),
    N_(
        "Telegram keeps this chat too. If you delete messages here, your request still stays with the office."
    ),
    N_("While a request is not sent, Cancel lets you delete everything you have answered."),
    N_("A reference alone opens nothing. Keep the receipt code to yourself."),
)


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
    question = joined([bold(locale.t(_CHOOSE)) for locale in locales])
    turn.show(
        At.LANGUAGE, Screen(question, [[Button(each.own_name, f"language:{each.code}")] for each in locales])
    )


def _choose(turn: Turn, code: str) -> bool | None:
    if not turn.around.locales.offers(code):
        return False
    turn.state["introduce"] = turn.loaded.language is None
    turn.choose_language(code)
    before = turn.state.pop("before_language", At.HOME)
    turn.go(At.ENTER if "argument" in turn.state else before)
    return None


def home(turn: Turn) -> None:
    """Show the menu; the first time with what the bot is, what it cannot do, and who else keeps this chat."""
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
        [turn.button(file, "file", style="success")],
        [turn.button(N_("My requests"), "mine")],
        [turn.button(TALK, "talk")],
        *in_rows([turn.button(N_("How it works"), "help"), turn.button(N_("Privacy"), "privacy")], 2),
        [turn.button(N_("Language"), "language")],
    ]


def explain(turn: Turn) -> None:
    """Answer /help."""
    _page(turn, At.HELP, _HELP)


def privacy(turn: Turn) -> None:
    """Answer /privacy."""
    _page(turn, At.PRIVACY, _PRIVACY)


def _page(turn: Turn, step: At, lines: tuple[str, ...]) -> None:
    turn.show(step, aside(turn, paragraphs(bold(turn.t(lines[0])), *(turn.t(line) for line in lines[1:]))))


STEPS = (
    Step(At.LANGUAGE, pick_language, presses={"language": _choose}),
    Step(
        At.HOME,
        home,
        typed=offer_to_pass_on,
        presses={
            "file": file_pressed,
            "mine": to(At.REQUESTS),
            "talk": talk,
            "help": to(At.HELP),
            "privacy": to(At.PRIVACY),
            "language": to(At.LANGUAGE),
        },
    ),
    Step(At.HELP, explain, typed=offer_to_pass_on, presses=FROM_ASIDE),
    Step(At.PRIVACY, privacy, typed=offer_to_pass_on, presses=FROM_ASIDE),
)
