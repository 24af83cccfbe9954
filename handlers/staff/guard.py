"""The one door to everything at the office's side: no handler of staff's stands in a step or a command without it.

At each press, each command and each screen it asks the table (casework/permissions.py) with the role as it is now,
locks the case that is meant, and writes the audit row. A handler that names no action of the table cannot be put
together, and tests/handlers/test_permissions.py walks over all of them.
"""

from collections.abc import Callable
from dataclasses import dataclass

from bot.i18n import Html, Locale
from bot.incoming import Kind
from bot.turn import Turn
from casework import audit, bursts, team
from casework.audit import Deed
from casework.caseload import Case, lock
from casework.permissions import PERMISSIONS, TOLD, Action, Refusal, may, refused
from casework.words import N_
from handlers.family.otherwise import stale, unreadable
from handlers.family.steps import At
from handlers.staff.steps import Desk

_VERY_MANY = N_("Somebody of the team opens very many cases. Please look whether that is right.")
_NO_CASE = N_("This case is not there any more.")
OnDesk = Callable[[Turn, str], bool | None]
OnCase = Callable[[Turn, Case, str], bool | None]


@dataclass(frozen=True)
class Guarded:
    """A handler and the action that it is. May stand wherever a step or a command wants one.

    Attributes:
        run: gets the turn and what the button or command carries.
    """

    action: Action
    run: OnDesk

    def __call__(self, turn: Turn, rest: str | None = None) -> bool | None:
        """Run it, if this person may. Only a button or a command carries something, be it empty."""
        if may(turn.role, self.action):
            return self.run(turn, rest or "")
        if rest is None:
            turn.go(At.HOME)
        else:
            not_there(turn)
        return None


def at_desk(
    action: Action, handler: OnDesk, subject: Callable[[Turn, str], int | None] | None = None
) -> Guarded:
    """Guard what is about no case.

    Args:
        subject: what it is done to, for the audit log.
    """

    def run(turn: Turn, rest: str) -> bool | None:
        turn.about = None
        if PERMISSIONS[action].audited:
            record(turn, action, subject_id=subject(turn, rest) if subject is not None else None)
        return handler(turn, rest)

    return Guarded(action, run)


def on_case(
    action: Action, handler: OnCase, subject: Callable[[Turn, Case, str], int | None] | None = None
) -> Guarded:
    """Guard what is about the case that the dialog is at; the handler gets it locked.

    Args:
        subject: what of the case it is done to, for the audit log.
    """

    def run(turn: Turn, rest: str) -> bool | None:
        case = lock(turn.connection, turn.state.get("case", 0))
        why = refusal_of(turn, action, case)
        if case is None or why is Refusal.ROLE:
            _gone(turn)
            return None
        if why is not None:
            explain(turn, why, case)
            turn.go(Desk.CASE)
            return None
        record(turn, action, case.request_id, subject(turn, case, rest) if subject is not None else None)
        turn.about = case.request_id
        return handler(turn, case, rest)

    return Guarded(action, run)


def refusal_of(turn: Turn, action: Action, case: Case | None) -> Refusal | None:
    """Return why this person may not do this with the case; for what is not there the same as for what is secret."""
    if case is None:
        return Refusal.ROLE
    return refused(turn.role, action, case.whose(turn.account_id), case.standing)


def record(turn: Turn, action: str, request_id: int | None = None, subject_id: int | None = None) -> None:
    """Write into the audit log what this turn does."""
    audit.record(turn.connection, turn.keys, Deed(action, turn.account_id, request_id, subject_id), turn.now)
    if action in audit.READS and bursts.noticed(turn.connection, turn.keys, turn.account_id, turn.now):
        _alarm(turn)


def _alarm(turn: Turn) -> None:
    """Tell the other admins that this person opens very many cases; where there is no other, this one."""
    admins = team.admins(turn.connection)

    def said(locale: Locale) -> Html:
        return locale.t(_VERY_MANY)

    for each in [each for each in admins if each != turn.account_id] or admins:
        turn.tell(each, said, N_("See who it is"), f"audit:{turn.account_id}")


def explain(turn: Turn, why: Refusal, case: Case) -> None:
    """Say above the next screen why something was not done."""
    holder = team.name_of(turn.connection, turn.keys, case.holder_id) if case.holder_id is not None else ""
    turn.note(turn.t(TOLD[why], name=holder))


def not_there(turn: Turn) -> None:
    """For who may not know of it there is no such thing: a command is unknown, a button is old."""
    if turn.incoming.kind is Kind.PRESS:
        stale(turn)
    else:
        unreadable(turn)


def _gone(turn: Turn) -> None:
    turn.state.pop("case", None)
    turn.note(turn.t(_NO_CASE))
    turn.go(Desk.DESK)
