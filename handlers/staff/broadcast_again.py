"""Sending a broadcast once more to those of whom nobody knows whether they have it: chosen by somebody who was told
that some will read it twice. Above the limit a second person decides too.
"""

from collections.abc import Sequence

from bot.dialog import Step
from bot.i18n import Html, bold, paragraphs
from bot.turn import Turn
from casework import audit, broadcasts
from casework.approvals import Approval
from casework.audit import Deed
from casework.broadcast_again import again, doubtful
from casework.broadcasts import Broadcast
from casework.permissions import Action
from casework.words import N_
from handlers.staff.broadcast_report import begin_progress
from handlers.staff.broadcast_sending import SECOND, STARTED
from handlers.staff.broadcast_words import shown_text, title_in_words
from handlers.staff.broadcasts import DRAFT, started
from handlers.staff.everywhere import FROM_DESK, desk_screen
from handlers.staff.guard import at_desk
from handlers.staff.seconding import Matter, ask
from handlers.staff.steps import Desk

AGAIN = N_("Send again to the uncertain")
_PEOPLE = N_("People of whom nobody knows whether they have it: {n}.")
_TWICE = N_(
    "If it is sent again, some of them read it twice. With few of them a call may be better: see the list."
)
_NOBODY = N_("There is nobody to whom it could be sent again.")
_YES = N_("Yes, send it to them again")
_MOST_SHOWN = 700


def _ask(turn: Turn, _rest: str) -> None:
    broadcast = started(turn)
    if broadcast is None:
        return
    n, most = len(doubtful(turn.connection, broadcast)), turn.around.second_above
    if not n:
        turn.note(turn.t(_NOBODY))
        turn.go(Desk.CAST_RUN)
        return
    text = paragraphs(
        title_in_words(turn, broadcast),
        turn.t(_PEOPLE, n=bold(str(n))),
        turn.t(_TWICE),
        turn.t(SECOND, most=most) if n > most else None,
    )
    rows = [[turn.button(_YES, "yes", style="danger")]]
    turn.show(Desk.CAST_AGAIN, desk_screen(turn, text, rows, back="draft"))


def _yes(turn: Turn, _rest: str) -> None:
    broadcast = started(turn)
    if broadcast is None:
        return
    if len(doubtful(turn.connection, broadcast)) > turn.around.second_above:
        seen = broadcasts.print_of(turn.connection, turn.keys, broadcast)
        ask(turn, MATTER, {"broadcast": broadcast.id, "print": seen})
    else:
        turn.note(turn.t(STARTED if _carry(turn, broadcast, turn.account_id) else _NOBODY))
    turn.go(Desk.CAST_RUN)


def _carry(turn: Turn, broadcast: Broadcast, by: int) -> bool:
    run_id = again(turn.connection, turn.keys, broadcast, by, turn.now)
    if run_id is None:
        return False
    deed = Deed("broadcast_again", by, subject_id=broadcast.id)
    audit.record(turn.connection, turn.keys, deed, turn.now)
    begin_progress(turn.connection, turn.around, broadcast, run_id, turn.now)
    return True


def _pages(turn: Turn, approval: Approval) -> Sequence[Html]:
    broadcast = broadcasts.get(turn.connection, turn.keys, approval.asked.details["broadcast"])
    if broadcast is None:
        return [turn.t(N_("This broadcast is not there any more."))]
    written = broadcasts.texts(turn.connection, turn.keys, broadcast.id)
    first = paragraphs(
        title_in_words(turn, broadcast),
        turn.t(_PEOPLE, n=bold(str(len(doubtful(turn.connection, broadcast))))),
        turn.t(_TWICE),
    )
    return [
        first,
        *(shown_text(turn.around.locales.get(each), written[each], _MOST_SHOWN) for each in written),
    ]


def _carry_out(turn: Turn, approval: Approval) -> bool:
    broadcast = broadcasts.lock(turn.connection, turn.keys, approval.asked.details["broadcast"])
    if broadcast is None:
        return False
    if broadcasts.print_of(turn.connection, turn.keys, broadcast) != approval.asked.details["print"]:
        return False
    return _carry(turn, broadcast, approval.asked.by)


MATTER = Matter("broadcast_again", N_("Broadcast, once more"), Action.BROADCAST, _pages, _carry_out)
STEPS = (
    Step(
        Desk.CAST_AGAIN,
        at_desk(Action.BROADCAST, _ask),
        presses={"yes": at_desk(Action.BROADCAST, _yes), "draft": DRAFT, **FROM_DESK},
    ),
)
