"""A broadcast that was sent: how each of its runs stands, pausing and stopping it, the list of whom it missed, and the
way to correct it or to take it back.
"""

from bot.dialog import Step
from bot.i18n import bold, paragraphs
from bot.incoming import id_in
from bot.screen import Button
from bot.turn import Turn
from casework import audit, broadcasts
from casework import broadcast_runs as runs
from casework.audit import Deed
from casework.broadcast_again import doubtful
from casework.broadcast_runs import Kind, Run
from casework.broadcasts import State
from casework.permissions import Action
from casework.words import N_
from handlers.staff.broadcast_again import AGAIN
from handlers.staff.broadcast_list import not_reached_recipe
from handlers.staff.broadcast_report import (
    LIST,
    PAUSE,
    RESUME,
    STOP,
    begin_progress,
    progress,
    run_in_words,
)
from handlers.staff.broadcast_words import shown_text, title_in_words
from handlers.staff.broadcasts import BROADCASTS, DRAFT, started
from handlers.staff.everywhere import FROM_DESK, desk_screen, note_who_did, to
from handlers.staff.guard import at_desk
from handlers.staff.steps import Desk

_SAYS = N_("What it says:")
_OVER = N_("This run has ended already.")
_PAUSED, _GOES_ON = N_("It is paused."), N_("It goes on.")
_STOPPED = N_("It is stopped. What has arrived stays; “Take it back” deletes it.")
_RECALL = N_(
    "Delete this broadcast from {n} chats? Telegram lets us do so for 48 hours after a message left."
)
_NONE_LEFT = N_(
    "Nothing of it can be deleted any more: it is older than 48 hours, or has not arrived anywhere."
)
_TAKING_BACK = N_("It is being taken back. What still waited to be sent is stopped.")
_LIST_SENT = N_("Who was not reached, for calls. Delete the file once it is done with.")
_MOST_SHOWN = 600


def _show(turn: Turn, _rest: str) -> None:
    broadcast = started(turn)
    if broadcast is None:
        return
    found = runs.of_broadcast(turn.connection, broadcast.id)
    written = broadcasts.texts(turn.connection, turn.keys, broadcast.id)
    text = paragraphs(
        title_in_words(turn, broadcast),
        *(run_in_words(turn.locale, broadcast, each, titled=each.kind is not Kind.SEND) for each in found),
        turn.t(_SAYS),
        *(
            shown_text(turn.around.locales.get(language), each, _MOST_SHOWN // max(1, len(written)))
            for language, each in written.items()
        ),
    )
    living = [each for each in found if each.going.value in runs.LIVE]
    rows = [row for each in living for row in _running(turn, each)]
    rows += [
        [turn.button(LIST, f"list:{broadcast.id}")]
        if runs.not_reached(turn.connection, broadcast.id)
        else [],
        [turn.button(AGAIN, "again")] if doubtful(turn.connection, broadcast) else [],
        [turn.button(N_("Correct the words"), "correct")],
        [turn.button(N_("Take it back"), "recall", style="danger")],
    ]
    turn.show(Desk.CAST_RUN, desk_screen(turn, text, rows, back="casts"))


def _running(turn: Turn, run: Run) -> list[list[Button]]:
    paused = run.going is runs.Going.PAUSED
    turn_it = turn.button(RESUME, f"resume:{run.id}") if paused else turn.button(PAUSE, f"pause:{run.id}")
    return [[turn_it, turn.button(STOP, f"stop:{run.id}", style="danger")]]


def _pause(turn: Turn, carried: str) -> bool | None:
    return _turn_to(turn, carried, "paused", _PAUSED)


def _resume(turn: Turn, carried: str) -> bool | None:
    return _turn_to(turn, carried, "resumed", _GOES_ON)


def _stop(turn: Turn, carried: str) -> bool | None:
    return _turn_to(turn, carried, "stopped", _STOPPED)


def _turn_to(turn: Turn, carried: str, what: str, said: str) -> bool | None:
    """Pause a run, let it go on or stop it; on the screen or in the message that shows how far it is."""
    run = runs.get(turn.connection, id_in(carried) or 0)
    if run is None:
        return False
    if what == "paused":
        done = runs.pause(turn.connection, run.id)
    elif what == "resumed":
        done = runs.resume(turn.connection, run.id)
    else:
        done = runs.cancel(turn.connection, run.id, turn.now)
    if done:
        deed = Deed(f"broadcast_{what}", turn.account_id, subject_id=run.broadcast_id)
        audit.record(turn.connection, turn.keys, deed, turn.now)
    turn.toast(turn.locale.plain(said if done else _OVER))
    now = runs.get(turn.connection, run.id)
    call = progress(turn.connection, turn.around, now, 0.0) if now is not None else None
    if call is not None:
        turn.rewrite_for(run.account_id, *call)
    if not turn.incoming.anywhere:
        turn.go(Desk.CAST_RUN)
    return None


def _list(turn: Turn, carried: str) -> bool | None:
    """Send the list of those not reached. What it opens of requests is written into the audit log."""
    broadcast = broadcasts.get(turn.connection, turn.keys, id_in(carried) or 0)
    if broadcast is None or broadcast.state is not State.STARTED:
        return False
    recipe, requests = not_reached_recipe(turn, broadcast)
    deeds = [Deed("broadcast_list", turn.account_id, each, broadcast.id) for each in requests]
    audit.record_all(turn.connection, turn.keys, deeds, turn.now)
    turn.upload("sendDocument", recipe, turn.t(_LIST_SENT), protected=True)
    if not turn.incoming.anywhere:
        turn.go(Desk.CAST_RUN)
    return None


def _ask_recall(turn: Turn, _rest: str) -> None:
    broadcast = started(turn)
    if broadcast is None:
        return
    n = runs.recallable(turn.connection, broadcast.id, turn.now)
    if not n:
        turn.note(turn.t(_NONE_LEFT))
        turn.go(Desk.CAST_RUN)
        return
    rows = [[turn.button(N_("Yes, delete it everywhere"), "yes", style="danger")]]
    text = paragraphs(title_in_words(turn, broadcast), turn.t(_RECALL, n=bold(str(n))))
    turn.show(Desk.CAST_RECALL, desk_screen(turn, text, rows, back="draft"))


def _recall(turn: Turn, _rest: str) -> None:
    broadcast = started(turn)
    if broadcast is None:
        return
    if runs.is_recalled(turn.connection, broadcast.id):
        note_who_did(turn, "broadcast_recalled", broadcast.id)
        turn.go(Desk.CAST_RUN)
        return
    run_id = runs.recall(turn.connection, turn.keys, broadcast, turn.account_id, turn.now)
    if run_id is None:
        turn.note(turn.t(_NONE_LEFT))
    else:
        deed = Deed("broadcast_recalled", turn.account_id, subject_id=broadcast.id)
        audit.record(turn.connection, turn.keys, deed, turn.now)
        begin_progress(turn.connection, turn.around, broadcast, run_id, turn.now)
        turn.note(turn.t(_TAKING_BACK))
    turn.go(Desk.CAST_RUN)


FROM_MESSAGE = {
    "cast_pause": at_desk(Action.BROADCAST, _pause),
    "cast_resume": at_desk(Action.BROADCAST, _resume),
    "cast_stop": at_desk(Action.BROADCAST, _stop),
    "cast_list": at_desk(Action.BROADCAST, _list),
}
STEPS = (
    Step(
        Desk.CAST_RUN,
        at_desk(Action.BROADCAST, _show),
        presses={
            "pause": FROM_MESSAGE["cast_pause"],
            "resume": FROM_MESSAGE["cast_resume"],
            "stop": FROM_MESSAGE["cast_stop"],
            "list": FROM_MESSAGE["cast_list"],
            "correct": to(Action.BROADCAST, Desk.CAST_CORRECT),
            "again": to(Action.BROADCAST, Desk.CAST_AGAIN),
            "recall": to(Action.BROADCAST, Desk.CAST_RECALL),
            "casts": BROADCASTS,
            **FROM_DESK,
        },
    ),
    Step(
        Desk.CAST_RECALL,
        at_desk(Action.BROADCAST, _ask_recall),
        presses={"yes": at_desk(Action.BROADCAST, _recall), "draft": DRAFT, **FROM_DESK},
    ),
)
