"""What somebody gets when a request is sent: reference, receipt code once, a picture to keep, what happens
next.
"""

from bot.i18n import bold, code, paragraphs
from bot.screen import Button
from bot.turn import Turn
from casework.requests import Filed
from casework.words import N_
from handlers.family.steps import At
from handlers.family.strengthening import STRONGER
from handlers.family.subject import choose

_CLOSED = N_("Your request was sent on {day}.")
_SENT = N_("Your request has been sent. It is stored safely.")
_REFERENCE = N_("Reference: {reference}")
_RECEIPT = N_("Receipt code: {receipt}")
_ONCE = N_(
    "The receipt code is shown only this once. Write it down: with both you reach your request from a new phone."
)
_NEXT = N_("What happens next: staff read your request. If something is missing, they write to you here.")
_HOW_LONG = N_(
    "The first reading can take several days. The whole way often takes from nine months to several years. "
    "Nobody can promise how it ends."
)
_PERSON = N_("You can talk to a person at any time from the menu.")
_PICTURE = N_("A picture to keep. It shows the reference and nothing about anybody.")


def confirm(turn: Turn, filed: Filed) -> None:
    """Say it, in messages that stay; the answers themselves leave the chat with the summary."""
    turn.close(turn.t(_CLOSED, day=turn.locale.date(turn.now, turn.zone)))
    turn.say(
        paragraphs(
            bold(turn.t(_SENT)),
            turn.t(_REFERENCE, reference=code(filed.reference)),
            turn.t(_RECEIPT, receipt=code(filed.receipt_code)),
            turn.t(_ONCE),
            turn.t(_NEXT),
            turn.t(_HOW_LONG),
            turn.t(_PERSON),
        ),
        [
            [Button(turn.locale.plain(N_("Copy the reference")), copies=filed.reference)],
            [turn.button(STRONGER, "stronger", anywhere=True)],
            [turn.button(N_("My requests"), "mine", anywhere=True)],
            [turn.button(N_("Menu"), "menu", anywhere=True)],
        ],
    )
    link = f"https://t.me/{turn.around.bot_username}?start={filed.reference}"
    turn.picture("reference", {"reference": filed.reference, "link": link}, turn.t(_PICTURE))
    choose(turn, filed.request_id)
    turn.loaded.step = At.HOME
