"""Asking for a second person. What waits for one stands in /approvals (handlers/staff/approvals.py)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from bot.i18n import Html, Locale
from bot.turn import Turn
from casework import approvals, team
from casework.approvals import Approval, Asked
from casework.permissions import Action, may
from casework.words import N_

TO_APPROVALS = N_("Approvals")
_WAITS = N_("A colleague asks for a second person. Please look at it.")
_ASKED = N_("A second person has to approve it. Your colleagues were told, and you will hear of it.")
_ALREADY = N_("This was asked for already, and waits for a second person.")


Words = Callable[[Locale], Html]  # something said to whoever reads it, in their language


@dataclass(frozen=True)
class Matter:
    """One kind of thing that needs two people.

    Attributes:
        code: as it is stored.
        words: what it is, in the list.
        action: what it does; whoever may do that may decide on it, and a request that it is about has to allow it.
        pages: say exactly what will happen, page by page. It writes into the audit log what it lets be read.
        look: sends what cannot be said on a page, such as a message exactly as it will be; where there is such a thing.
        carry_out: does it, for whoever asked; False where what it was about is no longer so, and then nothing is done.
            Where there is more to say than that it was done, it returns the words, which may light up a lock screen.
            Who decided is the turn's own account.
    """

    code: str
    words: str
    action: Action
    pages: Callable[[Turn, Approval], Sequence[Html]]
    carry_out: Callable[[Turn, Approval], bool | Words]
    look: Callable[[Turn, Approval], None] | None = None


def ask(
    turn: Turn, matter: Matter, details: Any, *, request_id: int | None = None, person_id: int | None = None
) -> int | None:
    """Ask for a second person, and tell everybody who may be it. None where the same is asked for already.

    What is about a request is asked by a handler that has it locked (`on_case`). It says above the next screen how
    it went; where that leads is for the caller.
    """
    asked = Asked(matter.code, turn.account_id, details, request_id, person_id)
    approval_id = approvals.ask(turn.connection, turn.keys, asked, turn.now)
    if approval_id is None:
        turn.note(turn.t(_ALREADY))
        return None

    def said(locale: Locale) -> Html:
        return locale.t(_WAITS)

    for each in team.members(turn.connection, turn.keys):
        if each.account_id != turn.account_id and may(each.role, matter.action):
            turn.tell(each.account_id, said, TO_APPROVALS, "approvals")
    turn.note(turn.t(_ASKED))
    return approval_id
