"""Telling families that there is news about their request, and the team what families sent.

What the news is stands behind a tap.
"""

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import Connection

from bot.i18n import Html, Locale
from bot.notices import Words, notify
from bot.screen import Button, Screen
from bot.turn import Surroundings, Turn
from casework import access, checking, conversations, letters
from casework.letters import Carried
from casework.words import N_

_NEWS = N_("There is news about your request.")
_SEE = N_("See the news")
_ASKED = N_("The office asks you for a paper.")
_SEE_WHICH = N_("See which one")
_PAPERS = N_("There is something new among the papers of one of your cases.")
_SEE_PAPERS = N_("Open the papers")
_WORDS = N_("A family writes to you about one of your cases.")
_READ_THEM = N_("Read what they write")
_LETTER = N_("The office has written to you.")
_QUESTION = N_("The office asks you something.")
_READ_IT = N_("Read it")


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


def tell_holder_of_words(turn: Turn, request_id: int | None) -> None:
    """Tell whoever works on a request that its family writes; once, until they have looked. Before it is kept."""
    holder = conversations.holder_to_tell(turn.connection, request_id) if request_id is not None else None
    if holder is not None:
        turn.tell(holder, _of_words, _READ_THEM, f"messages:{request_id}", about=request_id)


def _of_words(locale: Locale) -> Html:
    return locale.t(_WORDS)


def tell_of_letters(turn: Turn, carried: Iterable[Carried]) -> None:
    """Tell families that the office has written to them; each notice leads to its message."""
    for each in carried:
        words = _asks if each.asks else _writes
        row = turn.tell(each.account_id, words, _READ_IT, f"letter:{each.message_id}")
        letters.carries(turn.connection, each.message_id, row)


def notify_of_letters(
    connection: Connection, around: Surroundings, carried: Iterable[Carried], now: datetime
) -> None:
    """Tell them the same outside of any turn."""
    for each in carried:
        row = notify(connection, around, each.account_id, _letter_in_words(each), now)
        letters.carries(connection, each.message_id, row)


def _letter_in_words(carried: Carried) -> Words:
    def said(locale: Locale) -> Screen:
        button = Button(locale.plain(_READ_IT), f"letter:{carried.message_id}", anywhere=True)
        return Screen((_asks if carried.asks else _writes)(locale), [[button]])

    return said


def _writes(locale: Locale) -> Html:
    return locale.t(_LETTER)


def _asks(locale: Locale) -> Html:
    return locale.t(_QUESTION)


def _of_papers(locale: Locale) -> Html:
    return locale.t(_PAPERS)
