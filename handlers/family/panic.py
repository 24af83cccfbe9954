"""Delete this chat now: one tap in the menu, one confirmation. Short and neutral: somebody may be looking."""

from bot.dialog import Step
from bot.i18n import bold, paragraphs
from bot.screen import Screen
from bot.turn import Turn
from casework.erasure import Fate, on_hold
from casework.words import N_
from handlers.family.delete_me import ON_HOLD, erase, remember, unchanged
from handlers.family.everywhere import BACK, TALK, talk, to
from handlers.family.steps import At

DELETE_CHAT = N_("Delete this chat now")
_ASK = N_("Delete this chat?")
_OLD_ONES = N_("Telegram lets us delete only the last two days. Older messages stay until you delete them.")


def ask(turn: Turn) -> None:
    rows, held = [[turn.button(N_("Delete the chat"), "chat", style="danger")]], remember(turn)
    if held.sole:
        rows = [
            [turn.button(N_("Delete the chat, keep my request"), "chat", style="danger")],
            [turn.button(N_("Delete everything"), "all", style="danger")],
        ]
    rows.append([turn.button(BACK, "home"), turn.button(TALK, "talk")])
    waits = turn.t(ON_HOLD) if on_hold(turn.connection, held.sole) else None
    turn.show(At.PANIC, Screen(paragraphs(bold(turn.t(_ASK)), turn.t(_OLD_ONES), waits), rows))


def _chat(turn: Turn, _rest: str) -> None:
    _delete(turn, Fate.OFFICE)


def _everything(turn: Turn, _rest: str) -> None:
    _delete(turn, Fate.ERASED)


def _delete(turn: Turn, fate: Fate) -> None:
    """Delete what can be deleted; the address is kept until Telegram has taken that, over a restart too."""
    if unchanged(turn, At.PANIC) is not None:
        turn.delete_chat()
        erase(turn, fate, keep_address=True)
        turn.part(keep_address=True)


STEPS = (Step(At.PANIC, ask, presses={"chat": _chat, "all": _everything, "home": to(At.HOME), "talk": talk}),)
