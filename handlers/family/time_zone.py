"""The person's time zone: a few likely cities as buttons, any other typed. Never guessed from the language."""

from bot.dialog import Step
from bot.i18n import bold, paragraphs
from bot.screen import Button, Screen
from bot.turn import Turn
from casework.words import N_
from casework.zones import OFFERED, zone_name, zone_of
from handlers.family.everywhere import BACK, TALK, in_rows, talk, to
from handlers.family.settings import change, not_understood
from handlers.family.steps import At

_WHERE = N_("Which clock do you go by?")
_HOW = N_("Press a city with the same time as yours, or write a city. You can also write +3 or +5:30.")
_WRONG = N_("We do not know this city. Please write a larger one with the same time, or for example +3.")
_WRONG_AGAIN = N_("Write the difference in hours: +3 is Moscow and Baghdad, +5 is Tashkent.")


def ask(turn: Turn) -> None:
    names = [(zone, zone_name(zone, turn.locale.chain)) for zone in OFFERED]
    rows = in_rows([Button(name, f"zone:{zone}") for zone, name in names], 3)
    text = paragraphs(bold(turn.t(_WHERE)), turn.t(_HOW))
    turn.show(At.ZONE, Screen(text, [*rows, [turn.button(BACK, "back"), turn.button(TALK, "talk")]]))


def _typed(turn: Turn) -> None:
    zone = zone_of(turn.incoming.text)
    if zone is None:
        not_understood(turn, _WRONG, _WRONG_AGAIN)
    else:
        _take(turn, zone)


def _pressed(turn: Turn, zone: str) -> bool | None:
    if zone not in OFFERED:
        return False
    _take(turn, zone)
    return None


def _take(turn: Turn, zone: str) -> None:
    turn.state.pop("problem", None)
    turn.loaded.zone = zone
    change(turn, zone=zone)


STEPS = (Step(At.ZONE, ask, _typed, {"zone": _pressed, "back": to(At.SETTINGS), "talk": talk}),)
