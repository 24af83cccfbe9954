"""Telling families that there is news about their request. What the news is stands on the card, behind a tap."""

from collections.abc import Collection

from bot.i18n import Html, Locale
from bot.turn import Turn
from casework import access
from casework.words import N_

_NEWS = N_("There is news about your request.")
_SEE = N_("See the news")


def tell_families(turn: Turn, requests: Collection[int]) -> int:
    """Tell every account that may open one of these requests and can be reached: one message to each.

    Returns:
        How many were told.
    """
    found = access.reachable(turn.connection, requests)
    actions = {
        account_id: f"card:{theirs[0]}" if len(theirs) == 1 else "mine"
        for account_id, theirs in found.items()
    }

    def said(locale: Locale) -> Html:
        return locale.t(_NEWS)

    turn.tell_all(actions, said, _SEE)
    return len(actions)
