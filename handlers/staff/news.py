"""Telling families that there is news about their request, and the team what families sent.

What the news is stands behind a tap.
"""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection

from bot.i18n import Html, Locale
from bot.notices import notify
from bot.screen import Button, Screen
from bot.turn import Surroundings, Turn
from casework import access, checking
from casework.words import N_

_NEWS = N_("There is news about your request.")
_SEE = N_("See the news")
_ASKED = N_("The office asks you for a paper.")
_SEE_WHICH = N_("See which one")
_PAPERS = N_("There is something new among the papers of one of your cases.")
_SEE_PAPERS = N_("Open the papers")


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
    return _tell(turn, actions, _NEWS, _SEE)


def tell_of_paper(turn: Turn, request_id: int, document_id: int) -> int:
    """Tell the same about one request, with a button that leads straight to a paper of it."""
    return _tell(turn, _to_paper(turn, request_id, document_id), _NEWS, _SEE)


def tell_of_asked(turn: Turn, request_id: int, document_id: int) -> int:
    """Tell the same accounts that the office asks for a paper, which the button leads to."""
    return _tell(turn, _to_paper(turn, request_id, document_id), _ASKED, _SEE_WHICH)


def _to_paper(turn: Turn, request_id: int, document_id: int) -> dict[int, str]:
    return dict.fromkeys(access.reachable(turn.connection, [request_id]), f"paper:{document_id}")


def _tell(turn: Turn, actions: dict[int, str], words: str, label: str) -> int:
    def said(locale: Locale) -> Html:
        return locale.t(words)

    turn.tell_all(actions, said, label)
    return len(actions)


def tell_holder(turn: Turn, request_id: int) -> None:
    """Tell whoever works on a request that there is news of its papers; once, until they have looked."""
    holder = checking.holder_to_tell(turn.connection, request_id, turn.now)
    if holder is not None:
        turn.tell(holder, _of_papers, _SEE_PAPERS, f"papers:{request_id}", about=request_id)


def notify_holder(connection: Connection, around: Surroundings, request_id: int, now: datetime) -> None:
    """Tell them the same outside of any turn."""
    holder = checking.holder_to_tell(connection, request_id, now)

    def said(locale: Locale) -> Screen:
        button = Button(locale.plain(_SEE_PAPERS), f"papers:{request_id}", anywhere=True)
        return Screen(_of_papers(locale), [[button]])

    if holder is not None:
        notify(connection, around, holder, said, now, about=request_id)


def _of_papers(locale: Locale) -> Html:
    return locale.t(_PAPERS)
