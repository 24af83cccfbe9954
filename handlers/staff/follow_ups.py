"""/followups: what is to come, of one case or of all that one works on, day by day; each can be moved or cancelled.

The list names nobody. What somebody wrote for themselves is read by them alone.
"""

from datetime import UTC, datetime
from itertools import groupby
from typing import Any

from bot.dialog import Step
from bot.i18n import Html, Locale, bold, code, joined, paragraphs, safe
from bot.incoming import id_in, page_in
from bot.screen import Button
from bot.turn import Turn
from casework import dossiers, looking_up
from casework.caseload import Case
from casework.permissions import Action
from casework.reminding import contents, setting
from casework.reminding.rows import Reminder
from casework.reminding.rules import Kind
from casework.words import N_
from handlers.family.everywhere import side_by_side
from handlers.family.reminder_words import FAMILIES
from handlers.family.reminding_when import GONE, leave, office
from handlers.staff.everywhere import FROM_DESK, desk_screen, page_buttons, to
from handlers.staff.guard import Guarded, at_desk, on_case
from handlers.staff.remind import ask_again
from handlers.staff.reminder_words import TEAM
from handlers.staff.steps import Desk

TITLE = N_("Follow-ups")
_NONE = N_("Nothing is to come.")
_FAMILY = N_("to the family")
_CANCELLED = N_("Cancelled. Nobody is reminded of it.")
_OFF = N_("The appointment on {moment} was cancelled.")
_SEE = N_("See my request")
_MOVED = N_("It comes on {moment} now.")
_A_PAGE, _MOST = 8, 200


def _begin(turn: Turn, _rest: str) -> None:
    """List what is to come for this person."""
    turn.state["follow"] = {"page": 0}
    turn.go(Desk.FOLLOW_UPS)


def _of_case(turn: Turn, case: Case, _rest: str) -> None:
    """List what is to come of a case."""
    turn.state["follow"] = {"page": 0, "case": case.request_id}
    turn.go(Desk.FOLLOW_UPS)


def _by_word(turn: Turn, text: str) -> bool | None:
    """List what is to come of the case whose reference follows the command, or for this person."""
    if not text:
        _begin(turn, "")
        return None
    reference, _ = looking_up.split(text)
    found = looking_up.request_of(turn.connection, turn.keys, reference) if reference else None
    if found is None:
        turn.note(turn.t(N_("There is no such reference: {text}"), text=text[:40]))
        return False
    turn.state["case"] = found
    return OF_CASE(turn, "")


def _list(turn: Turn, _rest: str) -> None:
    look: dict[str, Any] = turn.state.setdefault("follow", {"page": 0})
    found = _found(turn, look)
    first = look["page"] * _A_PAGE
    shown = found[first : first + _A_PAGE]
    requests = {each.request_id for each in shown if each.request_id is not None}
    known = contents.references(turn.connection, turn.keys, requests)
    numbered = list(enumerate(shown, first + 1))
    lines = [
        _day(turn, list(each), known) for _, each in groupby(numbered, key=lambda one: _date(turn, one[1]))
    ]
    buttons = [Button(_label(turn, n, each, known), f"one:{each.id}") for n, each in numbered]
    pages = page_buttons(turn, look["page"], more=first + _A_PAGE < len(found))
    text = paragraphs(bold(turn.t(TITLE)), *(lines or [turn.t(_NONE)]))
    back = "case" if "case" in look else ""
    turn.show(Desk.FOLLOW_UPS, desk_screen(turn, text, [*side_by_side(buttons), pages], back=back))


def _found(turn: Turn, look: dict[str, Any]) -> list[Reminder]:
    kinds = setting.families_kinds(turn.around.rules)
    if "case" not in look:
        return setting.of_holder(turn.connection, office(turn), turn.account_id, kinds, _MOST)
    own = (Kind.NOTE,)
    found = setting.of_case(turn.connection, office(turn), look["case"], (*kinds, *own))
    return [each for each in found if each.kind not in own or each.account_id == turn.account_id]


def _date(turn: Turn, reminder: Reminder) -> str:
    return turn.locale.weekday(reminder.due_at.astimezone(turn.zone).date())


def _day(turn: Turn, numbered: list[tuple[int, Reminder]], known: dict[int, str]) -> Html:
    lines = [f"{n}. {_line(turn, each, known)}" for n, each in numbered]
    return joined([bold(safe(_date(turn, numbered[0][1]))), *lines])


def _line(turn: Turn, reminder: Reminder, known: dict[int, str]) -> Html:
    reference = known.get(reminder.request_id or 0)
    parts = [
        safe(turn.locale.time(reminder.due_at, turn.zone)),
        code(reference) if reference else None,
        _title(turn, reminder),
        turn.t(_FAMILY) if reminder.kind in FAMILIES else None,
    ]
    return joined([each for each in parts if each], " · ")


def _title(turn: Turn, reminder: Reminder) -> Html:
    return turn.t({**FAMILIES, **TEAM}[reminder.kind].title)


def _label(turn: Turn, number: int, reminder: Reminder, known: dict[int, str]) -> str:
    """Name a line by its number and its case; what is of no case by what it is."""
    title = turn.locale.plain({**FAMILIES, **TEAM}[reminder.kind].title)
    return f"{number}. {known.get(reminder.request_id or 0) or title}"


def _turn_page(turn: Turn, page: str) -> bool | None:
    number = page_in(page)
    if number is None:
        return False
    turn.state.setdefault("follow", {})["page"] = number
    turn.go(Desk.FOLLOW_UPS)
    return None


def _open(turn: Turn, reminder_id: str) -> bool | None:
    found = setting.get(turn.connection, office(turn), id_in(reminder_id) or 0)
    if found is None or (found.request_id is None and found.account_id != turn.account_id):
        return False
    turn.state["one"] = found.id
    if found.request_id is not None:
        turn.state["case"] = found.request_id
    turn.go(Desk.FOLLOW_UP)
    return None


def _one(turn: Turn, _rest: str) -> None:
    """Show one; move it, where another moment was just chosen for it."""
    found = setting.get(turn.connection, office(turn), turn.state.get("one", 0))
    if found is None:
        leave(turn)
        turn.note(turn.t(GONE))
        turn.go(Desk.FOLLOW_UPS)
        return
    moved = leave(turn).get("moment")
    if moved:
        turn.state["moved"] = moved
        (_MOVE_OWN if _is_own(turn, found) else _MOVE)(turn, "")
        return
    known = contents.references(turn.connection, turn.keys, {found.request_id or 0})
    word = "own" if _is_own(turn, found) else "theirs"
    rows = []
    if found.kind is not Kind.APPOINTMENT:
        rows.append([turn.button(N_("Another time"), f"move_{word}")])
    rows.append([turn.button(N_("Cancel it"), f"cancel_{word}", style="danger")])
    text = paragraphs(
        bold(safe(turn.locale.appointment(found.due_at, turn.zone))),
        _line(turn, found, known),
        _text(turn, found),
    )
    turn.show(Desk.FOLLOW_UP, desk_screen(turn, text, rows, back="list"))


def _is_own(turn: Turn, reminder: Reminder) -> bool:
    return reminder.account_id == turn.account_id and reminder.kind in TEAM


def _text(turn: Turn, reminder: Reminder) -> Html | None:
    """Return what this person wrote for themselves."""
    if not _is_own(turn, reminder) or reminder.request_id is None or reminder.details is None:
        return None
    dossier = dossiers.open_for_staff(turn.connection, turn.keys, reminder.request_id)
    if dossier is None:
        return None
    return safe(setting.written(dossier.data_key(turn.keys), reminder).get("text", ""))


def _ask_own(turn: Turn, _rest: str) -> None:
    ask_again(turn, turn.state.get("one", 0))


def _ask_theirs(turn: Turn, _case: Case, _rest: str) -> None:
    ask_again(turn, turn.state.get("one", 0))


def _move_own(turn: Turn, _rest: str) -> None:
    _moved(turn)


def _move_theirs(turn: Turn, case: Case, _rest: str) -> None:
    _moved(turn, case)


def _moved(turn: Turn, case: Case | None = None) -> None:
    found, moment = _chosen(turn, case), turn.state.pop("moved", None)
    turn.go(Desk.FOLLOW_UPS)
    if found is None or moment is None:
        return
    to = datetime.fromisoformat(moment).astimezone(UTC)
    setting.move(turn.connection, found, to)
    turn.note(turn.t(_MOVED, moment=turn.locale.appointment(to, turn.zone)))


def _chosen(turn: Turn, case: Case | None) -> Reminder | None:
    """Return the one that is looked at, if it is one's own, or of the case that was asked about."""
    found = setting.get(turn.connection, office(turn), turn.state.get("one", 0))
    if found is None:
        return None
    if case is None:
        return found if _is_own(turn, found) else None
    return found if found.request_id == case.request_id and found.kind in FAMILIES else None


def _cancel_own(turn: Turn, _rest: str) -> bool | None:
    return _cancelled(turn)


def _cancel_theirs(turn: Turn, case: Case, _rest: str) -> bool | None:
    return _cancelled(turn, case)


def _cancelled(turn: Turn, case: Case | None = None) -> bool | None:
    found = _chosen(turn, case)
    if found is None:
        return False
    accounts = setting.cancel(turn.connection, found)
    if found.kind is Kind.APPOINTMENT:

        def words(locale: Locale) -> Html:
            return locale.t(_OFF, moment=locale.appointment(found.since, found.habits.zone))

        turn.tell_all(dict.fromkeys(accounts, f"card:{found.request_id}"), words, _SEE)
    turn.note(turn.t(_CANCELLED))
    turn.go(Desk.FOLLOW_UPS)
    return None


_MOVE_OWN: Guarded = at_desk(Action.FOLLOW_UPS, _move_own)
_MOVE: Guarded = on_case(Action.CHANGE_FOLLOW_UP, _move_theirs)
FOLLOW_UPS = at_desk(Action.FOLLOW_UPS, _begin)
BY_WORD = at_desk(Action.FOLLOW_UPS, _by_word)
OF_CASE = on_case(Action.READ, _of_case)
STEPS = (
    Step(
        Desk.FOLLOW_UPS,
        at_desk(Action.FOLLOW_UPS, _list),
        presses={
            "one": at_desk(Action.FOLLOW_UPS, _open),
            "page": at_desk(Action.FOLLOW_UPS, _turn_page),
            "case": to(Action.QUEUE, Desk.CASE),
            **FROM_DESK,
        },
    ),
    Step(
        Desk.FOLLOW_UP,
        at_desk(Action.FOLLOW_UPS, _one),
        presses={
            "move_own": at_desk(Action.FOLLOW_UPS, _ask_own),
            "cancel_own": at_desk(Action.FOLLOW_UPS, _cancel_own),
            "move_theirs": on_case(Action.CHANGE_FOLLOW_UP, _ask_theirs),
            "cancel_theirs": on_case(Action.CHANGE_FOLLOW_UP, _cancel_theirs),
            "list": to(Action.FOLLOW_UPS, Desk.FOLLOW_UPS),
            **FROM_DESK,
        },
    ),
)
