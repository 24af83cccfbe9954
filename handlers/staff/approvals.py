"""/approvals: what waits for a second person, what exactly it would do, and the decision."""

from collections.abc import Sequence

from bot.dialog import Step
from bot.i18n import Html, Locale, bold, joined, paragraphs
from bot.incoming import id_in, page_in
from bot.screen import Button
from bot.turn import Turn
from casework import approvals, caseload, team
from casework.approvals import Approval, Decided, Outcome, State
from casework.permissions import PERMISSIONS, Action, may
from casework.words import N_
from handlers.staff import (
    broadcast_again,
    broadcast_correcting,
    broadcast_sending,
    exports,
    keeping,
    many_approved,
    moving,
    removing,
)
from handlers.staff.everywhere import FROM_DESK, desk_screen, page_buttons, to
from handlers.staff.guard import at_desk
from handlers.staff.seconding import TO_APPROVALS, Matter, Words
from handlers.staff.steps import Desk

# In this order. Something new that needs two people: a line here.
MATTERS: tuple[Matter, ...] = (
    moving.MATTER,
    exports.MATTER,
    many_approved.MATTER,
    removing.MATTER,
    broadcast_sending.MATTER,
    broadcast_correcting.MATTER,
    broadcast_again.MATTER,
    keeping.MATTER,
)
_BY_CODE = {each.code: each for each in MATTERS}
_SAID = {
    Outcome.DONE: N_("Approved, and done."),
    Outcome.REFUSED: N_("Refused. Nothing was changed."),
    Outcome.OWN: N_("You asked for it yourself, so somebody else has to decide."),
    Outcome.CHANGED: N_("Things have changed since this was asked for, so nothing was done."),
}
_TOLD = {
    Outcome.DONE: N_("What you asked for was approved and done."),
    Outcome.REFUSED: N_("What you asked for was refused. Nothing was changed."),
    Outcome.CHANGED: N_("What you asked for was not done: things have changed since."),
}
_TOO_LATE = {
    State.APPROVED: N_("{name} has approved this already."),
    State.REFUSED: N_("{name} has refused this already."),
    State.WITHDRAWN: N_("This is not asked for any more."),
}
_GONE = _TOO_LATE[State.WITHDRAWN]


def waiting(turn: Turn) -> int:
    """Count what waits for this person's decision."""
    return approvals.count(turn.connection, _decidable(turn), turn.account_id)


def _decidable(turn: Turn) -> list[str]:
    return [each.code for each in MATTERS if may(turn.role, each.action)]


def _list(turn: Turn, _rest: str) -> None:
    found = approvals.open_ones(turn.connection, turn.keys, _decidable(turn), turn.account_id)
    found = [each for each in found if each.asked.kind in _BY_CODE]
    lines = [_line(turn, number, each) for number, each in enumerate(found, 1)]
    buttons = [
        [Button(f"{number}. {turn.locale.plain(_BY_CODE[each.asked.kind].words)}", f"look:{each.id}")]
        for number, each in enumerate(found, 1)
    ]
    nothing = turn.t(N_("Nothing waits for a second person."))
    text = paragraphs(bold(turn.t(TO_APPROVALS)), joined(lines) if lines else nothing)
    turn.show(Desk.APPROVALS, desk_screen(turn, text, buttons))


def _line(turn: Turn, number: int, approval: Approval) -> Html:
    what = turn.t(_BY_CODE[approval.asked.kind].words)
    return Html(f"{number}. {what} · {_asker(turn, approval)}")


def _asker(turn: Turn, approval: Approval) -> Html:
    day = turn.locale.moment(approval.asked_at, turn.zone)
    if approval.asked.by == turn.account_id:
        return turn.t(N_("asked by you, {day}"), day=day)
    name = team.name_of(turn.connection, turn.keys, approval.asked.by)
    return turn.t(N_("asked by {name}, {day}"), name=name, day=day)


def _look(turn: Turn, approval_id: str) -> bool | None:
    wanted = id_in(approval_id)
    if wanted is None:
        return False
    turn.state["approval"] = {"id": wanted, "page": 0}
    turn.go(Desk.APPROVAL)
    return None


def _turn_page(turn: Turn, page: str) -> bool | None:
    number = page_in(page)
    if number is None or "approval" not in turn.state:
        return False
    turn.state["approval"]["page"] = number
    turn.go(Desk.APPROVAL)
    return None


def _show(turn: Turn, _rest: str) -> None:
    approval = _current(turn)
    if approval is None or approval.state is not State.OPEN:
        turn.note(_too_late(turn, approval) if approval else turn.t(_GONE))
        turn.go(Desk.APPROVALS)
        return
    matter = _BY_CODE[approval.asked.kind]
    pages = matter.pages(turn, approval)
    page = min(turn.state["approval"]["page"], len(pages) - 1)
    text = paragraphs(bold(turn.t(matter.words)), _asker(turn, approval), pages[page])
    turn.show(
        Desk.APPROVAL, desk_screen(turn, text, _rows(turn, approval, page, len(pages)), back="approvals")
    )


def _rows(turn: Turn, approval: Approval, page: int, pages: int) -> list[list[Button]]:
    more = page_buttons(turn, page, more=page + 1 < pages)
    if _BY_CODE[approval.asked.kind].look is not None:
        more = [turn.button(N_("See it exactly"), f"exactly:{approval.id}"), *more]
    if approval.asked.by == turn.account_id:
        return [more, [turn.button(N_("Take it back"), f"back:{approval.id}")]]
    return [
        more,
        [
            turn.button(N_("Approve"), f"approve:{approval.id}", style="success"),
            turn.button(N_("Refuse"), f"refuse:{approval.id}", style="danger"),
        ],
    ]


def _current(turn: Turn) -> Approval | None:
    """Return what the screen is about, where this person may see it."""
    approval = approvals.get(turn.connection, turn.keys, turn.state.get("approval", {}).get("id", 0))
    if approval is None or approval.asked.kind not in _BY_CODE:
        return None
    may_see = may(turn.role, _BY_CODE[approval.asked.kind].action) or approval.asked.by == turn.account_id
    return approval if may_see else None


def _exactly(turn: Turn, approval_id: str) -> bool | None:
    """Send what it is about as it will be, and show the page below it again."""
    approval = _current(turn)
    look = _BY_CODE[approval.asked.kind].look if approval is not None else None
    if approval is None or look is None or str(approval.id) != approval_id:
        return False
    look(turn, approval)
    turn.go(Desk.APPROVAL)
    return None


def _approve(turn: Turn, approval_id: str) -> bool | None:
    return _decide(turn, approval_id, approve=True)


def _refuse(turn: Turn, approval_id: str) -> bool | None:
    return _decide(turn, approval_id, approve=False)


def _decide(turn: Turn, approval_id: str, *, approve: bool) -> bool | None:
    approval = _current(turn)
    if approval is None or str(approval.id) != approval_id:
        return False  # only what was seen can be decided on
    if not may(turn.role, _BY_CODE[approval.asked.kind].action):
        return False

    more: list[Words] = []

    def carry_out(locked: Approval) -> bool:
        matter = _BY_CODE[locked.asked.kind]
        done = _still_so(turn, matter, locked) and matter.carry_out(turn, locked)
        more.extend([] if isinstance(done, bool) else [done])
        return bool(done)

    decided = approvals.decide(
        turn.connection,
        turn.keys,
        approval.id,
        turn.account_id,
        turn.now,
        approve=approve,
        carry_out=carry_out,
    )
    _say(turn, decided, more)
    turn.go(Desk.APPROVALS)
    return None


def _still_so(turn: Turn, matter: Matter, approval: Approval) -> bool:
    """Whether who asked may still do it, and the request that it is about still allows it."""
    if not may(team.role_of(turn.connection, approval.asked.by), matter.action):
        return False
    if approval.asked.request_id is None:
        return True
    case = caseload.lock(turn.connection, approval.asked.request_id)
    return case is not None and case.standing in PERMISSIONS[matter.action].standing


def _say(turn: Turn, decided: Decided | None, more: Sequence[Words]) -> None:
    """Say what came of it to who decided, and to who asked; where it was done, with what else there is to say."""
    if decided is None or decided.outcome is Outcome.TOO_LATE:
        turn.note(_too_late(turn, decided.approval) if decided else turn.t(_GONE))
        return
    turn.note(joined([turn.t(_SAID[decided.outcome]), *(each(turn.locale) for each in more)]))
    if decided.outcome is not Outcome.OWN:
        _tell_asker(turn, decided, more)


def _too_late(turn: Turn, approval: Approval) -> Html:
    decided_by = approval.decided_by
    name = team.name_of(turn.connection, turn.keys, decided_by) if decided_by is not None else ""
    return turn.t(_TOO_LATE[approval.state], name=name)


def _tell_asker(turn: Turn, decided: Decided, more: Sequence[Words]) -> None:
    asked = decided.approval.asked
    if may(team.role_of(turn.connection, asked.by), Action.DESK):

        def said(locale: Locale) -> Html:
            return joined([locale.t(_TOLD[decided.outcome]), *(each(locale) for each in more)])

        if asked.request_id is None:
            turn.tell(asked.by, said, TO_APPROVALS, "approvals")
        else:
            words, press = N_("Open the case"), f"case:{asked.request_id}"
            turn.tell(asked.by, said, words, press, about=asked.request_id)


def _take_back(turn: Turn, approval_id: str) -> bool | None:
    wanted = id_in(approval_id)
    if wanted is None:
        return False
    done = approvals.take_back(turn.connection, turn.keys, wanted, turn.account_id, turn.now)
    turn.note(turn.t(N_("Taken back. Nothing was changed.") if done else _GONE))
    turn.go(Desk.APPROVALS)
    return None


TO_LIST = to(Action.DECIDE, Desk.APPROVALS)
STEPS = (
    Step(
        Desk.APPROVALS,
        at_desk(Action.DECIDE, _list),
        presses={"look": at_desk(Action.DECIDE, _look), **FROM_DESK},
    ),
    Step(
        Desk.APPROVAL,
        at_desk(Action.DECIDE, _show),
        presses={
            "page": at_desk(Action.DECIDE, _turn_page),
            "exactly": at_desk(Action.DECIDE, _exactly),
            "approve": at_desk(Action.DECIDE, _approve),
            "refuse": at_desk(Action.DECIDE, _refuse),
            "back": at_desk(Action.DECIDE, _take_back),
            "approvals": TO_LIST,
            **FROM_DESK,
        },
    ),
)
