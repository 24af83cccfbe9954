"""/remind: one of the team wants to be reminded of a case, at a moment, with some words of their own perhaps.

The same screen finds another day for a reminder that came, and for what /followups shows.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from bot.dialog import PressHandler, Step
from bot.i18n import bold, code, paragraphs, safe
from bot.turn import Turn
from casework import dossiers
from casework.caseload import Case
from casework.permissions import Action
from casework.reminding import said, setting
from casework.reminding.rules import Kind
from casework.words import N_
from handlers.family import asking_when
from handlers.family.reminding_when import WHEN, Answers, ask, asked_for, leave, put_off
from handlers.staff.everywhere import FROM_DESK, desk_screen
from handlers.staff.guard import Guarded, at_desk, on_case
from handlers.staff.steps import Desk

REMIND_ME = N_("Remind me")
_TEXT = N_(
    "Of what shall we remind you? Write it in one message. It stands behind a tap, and only you read it."
)
_TOO_LONG = N_("It may have {most} letters at most.")
_SET = N_("You will be reminded on {moment}.")
_TOO_MANY = N_("You have {most} reminders that are still to come. Cancel some by /followups.")


def ask_again(turn: Turn, reminder_id: int) -> None:
    """Ask for another moment of something that is to come."""
    ask(turn, Desk.REMIND_WHEN, {"row": reminder_id})


def _remind(turn: Turn, case: Case, text: str) -> None:
    """Take "2026-12-01 10:00 call them" as far as it is there, and ask for the rest."""
    what: dict[str, Any] = {"case": case.request_id}
    ask(turn, Desk.REMIND_WHEN, what)
    if not text:
        return
    found, rest = said.split(text, turn.now, turn.zone)
    moment = asking_when.take(turn, found)
    if rest:
        what["text"] = rest[: setting.LONGEST]
    if moment is not None:
        _timed(turn, moment)


def _timed(turn: Turn, moment: datetime) -> None:
    """A moment is there: put off what came, move what is to come, or go on to the words."""
    what = asked_for(turn) or {}
    asking_when.begin(turn)
    if "message" in what:
        put_off(turn, leave(turn)["message"], moment)
        turn.go(Desk.DESK)
    elif "row" in what:
        what["moment"] = moment.isoformat()
        turn.go(Desk.FOLLOW_UP)
    elif "case" in what:
        what["moment"] = moment.isoformat()
        if "text" in what:
            _SAVE(turn, "")
        else:
            turn.go(Desk.REMIND_TEXT)
    else:
        turn.go(Desk.DESK)


def _show(turn: Turn, _rest: str) -> None:
    what = asked_for(turn)
    if what is None:
        turn.go(Desk.DESK)
        return
    text = what.get("text")
    words = paragraphs(bold(turn.t(WHEN)), safe(text) if text else None, asking_when.prompt(turn))
    turn.show(Desk.REMIND_WHEN, desk_screen(turn, words, asking_when.buttons(turn), back="back"))


def _ask_text(turn: Turn, _rest: str) -> None:
    moment = _moment_of(asked_for(turn))
    if moment is None:
        turn.go(Desk.DESK)
        return
    when = turn.locale.appointment(moment, turn.zone)
    words = paragraphs(bold(safe(when)), turn.t(_TEXT))
    plain = [turn.button(N_("Without words"), "plain")]
    turn.show(Desk.REMIND_TEXT, desk_screen(turn, words, [plain], back="back"))


def _moment_of(what: dict[str, Any] | None) -> datetime | None:
    stored = what.get("moment") if what else None
    return datetime.fromisoformat(stored).astimezone(UTC) if stored else None


def _words(turn: Turn, _rest: str) -> None:
    what, text = asked_for(turn), turn.incoming.text.strip()
    if len(text) > setting.LONGEST:
        turn.note(turn.t(_TOO_LONG, most=setting.LONGEST))
        turn.go(Desk.REMIND_TEXT)
    elif what is None or _moment_of(what) is None:
        turn.go(Desk.DESK)
    else:
        what["text"] = text
        _SAVE(turn, "")


def _plain(turn: Turn, _rest: str) -> bool | None:
    return False if _moment_of(asked_for(turn)) is None else _SAVE(turn, "")


def _save(turn: Turn, case: Case, _rest: str) -> None:
    """Write it down; what of it has passed while it was written is said at once."""
    what = leave(turn)
    moment = _moment_of(what)
    dossier = dossiers.open_for_staff(turn.connection, turn.keys, case.request_id)
    turn.go(Desk.CASE)
    if moment is None or dossier is None:
        return
    rules, key = turn.around.rules, dossier.data_key(turn.keys)
    about, text = (case.request_id, key), what.get("text", "")
    made = setting.remind(
        turn.connection, rules, Kind.NOTE, turn.account_id, about, moment, turn.zone, turn.now, text=text
    )
    if made is None:
        turn.note(turn.t(_TOO_MANY, most=setting.MOST))
    else:
        turn.note(
            paragraphs(
                code(dossier.reference), turn.t(_SET, moment=turn.locale.appointment(moment, turn.zone))
            )
        )
        turn.note(safe(text)) if text else None


def _back(turn: Turn, _rest: str) -> None:
    what = leave(turn)
    turn.go(Desk.FOLLOW_UP if "row" in what else Desk.CASE if "case" in what else Desk.DESK)


_SAVE: Guarded = on_case(Action.REMIND, _save)
_ANSWERS = Answers(Desk.REMIND_WHEN, _timed)
REMIND = on_case(Action.REMIND, _remind)
_BACK: Mapping[str, PressHandler] = {"back": at_desk(Action.FOLLOW_UPS, _back), **FROM_DESK}
STEPS = (
    Step(
        Desk.REMIND_WHEN,
        at_desk(Action.FOLLOW_UPS, _show),
        at_desk(Action.FOLLOW_UPS, _ANSWERS.typed),
        {
            "day": at_desk(Action.FOLLOW_UPS, _ANSWERS.day),
            "moment": at_desk(Action.FOLLOW_UPS, _ANSWERS.moment),
            **_BACK,
        },
    ),
    Step(
        Desk.REMIND_TEXT,
        at_desk(Action.FOLLOW_UPS, _ask_text),
        at_desk(Action.FOLLOW_UPS, _words),
        {"plain": at_desk(Action.FOLLOW_UPS, _plain), **_BACK},
    ),
)
