"""The agreement before the first question. A no leads to information, not to a wall."""

from bot.dialog import Step
from bot.i18n import bold, paragraphs
from bot.screen import Screen
from bot.turn import Turn
from casework import consent
from casework.words import N_
from handlers.family.drafting import begin, draft_of, stand_at
from handlers.family.everywhere import BACK, TALK, talk, to
from handlers.family.steps import At

_TEXT = (
    N_("Before we begin: your agreement"),
    N_("If you agree, we keep what you tell us and use it only to work on your request."),
    N_("It is stored encrypted. Staff of the office who work on requests can read it."),
    N_("Telegram keeps this chat too."),
    N_(
        "Please write nothing about how you keep in contact, money sent, or anybody's beliefs. We do not need it."
    ),
    N_("You can stop at any time. Until you press “Send my request”, you can delete everything yourself."),
)
_DECLINED = N_(
    "That is all right. None of your answers has been kept. You can read how it works, or talk to a person."
)


def file_pressed(turn: Turn, _rest: str = "") -> None:
    """File a request, or go on with the one that is begun."""
    if turn.loaded.consent_id is None:
        turn.state.pop("agree_for", None)
        turn.go(At.CONSENT)
        return
    draft = draft_of(turn) or begin(turn)
    turn.state.pop("changing", None)
    place = draft.first_open()
    if place is None:
        turn.go(At.REVIEW)
        return
    stand_at(turn, place)
    turn.go(At.QUESTION)


def ask(turn: Turn) -> None:
    """Show the text and the two answers, both in words."""
    text = paragraphs(bold(turn.t(_TEXT[0])), *(turn.t(line) for line in _TEXT[1:]))
    rows = [
        [turn.button(N_("I agree"), "yes", style="success")],
        [turn.button(N_("I do not agree"), "no")],
        [turn.button(BACK, "home"), turn.button(TALK, "talk")],
    ]
    turn.show(At.CONSENT, Screen(text, rows))


def _agreed(turn: Turn, _rest: str) -> None:
    language = turn.locale.code
    turn.loaded.consent_id = consent.record(
        turn.connection, turn.account_id, language, given=True, now=turn.now
    )
    wanted = turn.state.pop("agree_for", None)
    if wanted is not None:
        turn.go(wanted)
    else:
        file_pressed(turn)


def _declined(turn: Turn, _rest: str) -> None:
    consent.record(turn.connection, turn.account_id, turn.locale.code, given=False, now=turn.now)
    turn.note(turn.t(_DECLINED))
    turn.go(At.HOME)


STEPS = (Step(At.CONSENT, ask, presses={"yes": _agreed, "no": _declined, "home": to(At.HOME), "talk": talk}),)
