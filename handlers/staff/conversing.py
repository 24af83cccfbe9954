"""Which conversation a screen of staff's is about, and the guards of its two kinds: about a case, or with a writer."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.dialog import PressHandler
from bot.i18n import Html, code, joined
from bot.turn import Turn
from casework import conversations, dossiers
from casework.caseload import Case
from casework.conversations import Chat, Thread
from casework.permissions import Action
from casework.words import N_
from handlers.staff.everywhere import FROM_DESK, leading
from handlers.staff.guard import Guarded, OnDesk, at_desk, on_case, refusal_of
from handlers.staff.steps import Desk

TITLE = N_("Messages")
NO_CASE = N_("no request yet, or none named")
_NOT_THERE = N_("There is no such conversation any more.")
OnThread = Callable[[Turn, Thread, str], bool | None]
Subject = Callable[[Turn, Thread, str], int | None]


@dataclass(frozen=True)
class Places:
    """The screens of one kind of conversation, and what each deed there is to the table of permissions."""

    thread: Desk
    message: Desk
    reply: Desk
    saved: Desk
    back: str
    reads: Action
    opens: Action
    answers: Action
    settles: Action


OF_CASE = Places(
    *(Desk.THREAD, Desk.MESSAGE, Desk.REPLY, Desk.REPLY_SAVED, "case"),
    *(Action.READ_MESSAGES, Action.OPEN_FILE, Action.REPLY, Action.SETTLE),
)
WITH_WRITER = Places(
    *(Desk.WRITER, Desk.WRITER_MESSAGE, Desk.WRITER_REPLY, Desk.WRITER_SAVED, "inbox"),
    *(Action.READ_WRITER, Action.READ_WRITER, Action.ANSWER_WRITER, Action.ANSWER_WRITER),
)


def places_of(thread: Thread) -> Places:
    return OF_CASE if thread.request_id is not None else WITH_WRITER


def on_thread(places: Places, action: Action, handler: OnThread, subject: Subject | None = None) -> Guarded:
    """Guard what is about the conversation that the dialog is at.

    Args:
        subject: what of it this is done to, for the audit log; without it, of a writer, the writer.
    """
    if places is OF_CASE:

        def of_case(turn: Turn, case: Case, rest: str) -> int | None:
            return subject(turn, Thread(case.request_id), rest) if subject is not None else None

        return on_case(
            action, lambda turn, case, rest: handler(turn, Thread(case.request_id), rest), subject=of_case
        )

    def run(turn: Turn, rest: str) -> bool | None:
        thread = _writer(turn)
        if thread is None:
            turn.note(turn.t(_NOT_THERE))
            turn.go(Desk.MESSAGES)
            return None
        return handler(turn, thread, rest)

    def of_writer(turn: Turn, rest: str) -> int | None:
        thread = _writer(turn)
        named = subject(turn, thread, rest) if subject is not None and thread is not None else None
        return named or (thread.account_id if thread is not None else None)

    return at_desk(action, run, subject=of_writer)


def _writer(turn: Turn) -> Thread | None:
    thread = Thread(None, turn.state.get("writer", 0))
    return thread if conversations.there_is(turn.connection, thread) else None


def may_do(turn: Turn, thread: Thread, action: Action, case: Case | None) -> bool:
    """Whether this person may do it in this conversation now."""
    return thread.request_id is None or refusal_of(turn, action, case) is None


def leading_to(step: Desk) -> OnDesk:
    return lambda turn, _rest: turn.go(step)


TO_INBOX = leading(leading_to(Desk.MESSAGES))
FROM_WRITER: Mapping[str, PressHandler] = {"inbox": TO_INBOX, **FROM_DESK}


def heading(turn: Turn, thread: Thread) -> Html:
    """Say which conversation it is."""
    if thread.request_id is None:
        return joined([turn.t(TITLE), turn.t(NO_CASE)], " · ")
    dossier = dossiers.open_for_staff(turn.connection, turn.keys, thread.request_id)
    return joined([turn.t(TITLE), code(dossier.reference if dossier is not None else "–")], " · ")


def who(turn: Turn, chats: list[Chat], account_id: int) -> Html:
    """Say whose words these are: of several relatives, which of their chats."""
    number = next((n for n, each in enumerate(chats, 1) if each.account_id == account_id), None)
    if number is None:
        return turn.t(N_("A chat that is cut off"))
    return turn.t(N_("The family")) if len(chats) == 1 else turn.t(N_("Chat {number}"), number=number)
