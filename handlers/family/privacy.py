"""What happens to what somebody writes, and what they can do about it."""

from bot.dialog import Step
from bot.i18n import bold, paragraphs
from bot.turn import Turn
from casework.words import N_
from handlers.family.everywhere import FROM_ASIDE, aside, in_rows, to
from handlers.family.information import NEVER_ASKED, to_page
from handlers.family.my_data import MY_DATA
from handlers.family.passing_on import offer
from handlers.family.steps import At

DELETE_ME, WITHDRAW_CONSENT = N_("Delete me"), N_("Withdraw my agreement")
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
    N_("You can see everything we hold about you, withdraw your agreement, and have everything deleted."),
)


def show(turn: Turn) -> None:
    """Answer /privacy."""
    agreed = [turn.button(WITHDRAW_CONSENT, "withdraw")] if turn.loaded.consent_id is not None else []
    rows = [
        [turn.button(MY_DATA, "my_data")],
        agreed,
        *in_rows([turn.button(DELETE_ME, "delete"), turn.button(N_("Settings"), "settings")], 2),
        [turn.button(NEVER_ASKED.title, "never_asked")],
    ]
    text = paragraphs(bold(turn.t(_PRIVACY[0])), *(turn.t(line) for line in _PRIVACY[1:]))
    turn.show(At.PRIVACY, aside(turn, text, rows))


STEPS = (
    Step(
        At.PRIVACY,
        show,
        offer,
        {
            "withdraw": to(At.WITHDRAW_CONSENT),
            "delete": to(At.DELETE_ME),
            "my_data": to(At.MY_DATA),
            "settings": to(At.SETTINGS),
            "never_asked": to_page(NEVER_ASKED.key),
            **FROM_ASIDE,
        },
        offer,
    ),
)
