"""The button under ordinary news: one tap and there is no more of it, another one and there is again."""

from dataclasses import replace

from bot.screen import Button
from bot.turn import Turn
from casework.preferences import preferences_of, save
from casework.words import N_

_OFF = N_("You get no more ordinary news. What is urgent, and what concerns your own request, still comes.")
_ON = N_("You get news again.")
_AGAIN = N_("Send me news again")


def mute(turn: Turn) -> None:
    """Switch ordinary news off, and say how to have it again."""
    _switch(turn, on=False)
    turn.say(turn.t(_OFF), [[Button(turn.locale.plain(_AGAIN), "unmute_news", anywhere=True)]])


def unmute(turn: Turn) -> None:
    _switch(turn, on=True)
    turn.rewrite_pressed(turn.t(_ON))


def _switch(turn: Turn, *, on: bool) -> None:
    chosen = preferences_of(turn.connection, turn.account_id)
    save(turn.connection, turn.account_id, replace(chosen, news=on))
