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
from casework.reminding import answering, said, setting
from casework.reminding.rows import Answer
from casework.reminding.rules import Kind
from casework.words import N_
from handlers.family import asking_when
from handlers.family.reminders import PUT_OFF, WHEN, office
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


def ask_again(turn: Turn, what: dict[str, Any]) -> None:
    """Ask for a moment: of a case, of a message that reminded, of something that is to come."""
    turn.state["remind"] = what
    asking_when.begin(turn)
    turn.go(Desk.REMIND_WHEN)


def _remind(turn: Turn, case: Case, text: str) -> None:
    """Take "2026-12-01 10:00 call them" as far as it is there, and ask for the rest."""
    ask_again(turn, {"case": case.request_id})
    if not text:
        return
    found, rest = said.split(text, turn.now, turn.zone)
    moment = asking_when.take(turn, found)
    if rest:
        turn.state["remind"]["text"] = rest[: setting.LONGEST]
    if moment is not None:
        _timed(turn, moment)


def _timed(turn: Turn, moment: datetime) -> None:
    """A moment is there: put off what came, move what is to come, or go on to the words."""
    what: dict[str, Any] = turn.state.get("remind", {})
    asking_when.begin(turn)
    if "message" in what:
        _put_off(turn, what["message"], moment)
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


def _put_off(turn: Turn, message_id: int, moment: datetime) -> None:
    del turn.state["remind"]
    found = answering.of_message(turn.connection, office(turn), message_id, turn.account_id)
    answering.answered(turn.connection, found, message_id, Answer.LATER)
    to = answering.put_off(turn.connection, turn.around.rules, found, moment)
    turn.note(turn.t(PUT_OFF, moment=turn.locale.appointment(to, turn.zone)))
    turn.go(Desk.DESK)


def _show(turn: Turn, _rest: str) -> None:
    if "remind" not in turn.state:
        turn.go(Desk.DESK)
        return
    text = turn.state["remind"].get("text")
    words = paragraphs(bold(turn.t(WHEN)), safe(text) if text else None, asking_when.prompt(turn))
    turn.show(Desk.REMIND_WHEN, desk_screen(turn, words, asking_when.buttons(turn), back="back"))


def _typed(turn: Turn, _rest: str) -> None:
    moment = asking_when.typed(turn, turn.incoming.text)
    if moment is None:
        turn.go(Desk.REMIND_WHEN)
    else:
        _timed(turn, moment)


def _day(turn: Turn, days: str) -> bool | None:
    return _chosen(turn, asking_when.day(turn, days))


def _moment(turn: Turn, number: str) -> bool | None:
    return _chosen(turn, asking_when.offered(turn, number))


def _chosen(turn: Turn, moment: datetime | None) -> bool | None:
    if moment is None or "remind" not in turn.state:
        return False
    _timed(turn, moment)
    return None


def _ask_text(turn: Turn, _rest: str) -> None:
    moment = _moment_of(turn)
    if moment is None:
        turn.go(Desk.DESK)
        return
    when = turn.locale.appointment(moment, turn.zone)
    words = paragraphs(bold(safe(when)), turn.t(_TEXT))
    plain = [turn.button(N_("Without words"), "plain")]
    turn.show(Desk.REMIND_TEXT, desk_screen(turn, words, [plain], back="back"))


def _moment_of(turn: Turn) -> datetime | None:
    stored = turn.state.get("remind", {}).get("moment")
    return datetime.fromisoformat(stored).astimezone(UTC) if stored else None


def _words(turn: Turn, _rest: str) -> None:
    text = turn.incoming.text.strip()
    if len(text) > setting.LONGEST:
        turn.note(turn.t(_TOO_LONG, most=setting.LONGEST))
        turn.go(Desk.REMIND_TEXT)
    elif _moment_of(turn) is None:
        turn.go(Desk.DESK)
    else:
        turn.state["remind"]["text"] = text
        _SAVE(turn, "")


def _plain(turn: Turn, _rest: str) -> bool | None:
    return False if _moment_of(turn) is None else _SAVE(turn, "")


def _save(turn: Turn, case: Case, _rest: str) -> None:
    """Write it down; what of it has passed while it was written is said at once."""
    what, moment = turn.state.pop("remind", {}), None
    if what.get("moment"):
        moment = datetime.fromisoformat(what["moment"]).astimezone(UTC)
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
    what = turn.state.pop("remind", {})
    asking_when.begin(turn)
    turn.go(Desk.FOLLOW_UP if "row" in what else Desk.CASE if "case" in what else Desk.DESK)


_SAVE: Guarded = on_case(Action.REMIND, _save)
REMIND = on_case(Action.REMIND, _remind)
_BACK: Mapping[str, PressHandler] = {"back": at_desk(Action.FOLLOW_UPS, _back), **FROM_DESK}
STEPS = (
    Step(
        Desk.REMIND_WHEN,
        at_desk(Action.FOLLOW_UPS, _show),
        at_desk(Action.FOLLOW_UPS, _typed),
        {"day": at_desk(Action.FOLLOW_UPS, _day), "moment": at_desk(Action.FOLLOW_UPS, _moment), **_BACK},
    ),
    Step(
        Desk.REMIND_TEXT,
        at_desk(Action.FOLLOW_UPS, _ask_text),
        at_desk(Action.FOLLOW_UPS, _words),
        {"plain": at_desk(Action.FOLLOW_UPS, _plain), **_BACK},
    ),
)
