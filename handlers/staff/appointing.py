"""/appointment: a sample for a DNA test, a visit to the office. The family is told at once, and reminded of it.

What for and where stands behind a tap in the family's chat: a notice says only when.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from bot.dialog import PressHandler, Step
from bot.i18n import Html, Locale, bold, code, paragraphs, safe
from bot.turn import Turn
from casework import access, dossiers
from casework.caseload import Case
from casework.dossiers import Dossier
from casework.permissions import Action
from casework.reminding import setting
from casework.reminding.setting import Appointment, What
from casework.words import N_
from casework.zones import zone_name
from handlers.family import asking_when
from handlers.family.appointment import WHAT
from handlers.family.everywhere import side_by_side
from handlers.staff.everywhere import FROM_CASE, desk_screen
from handlers.staff.guard import on_case
from handlers.staff.steps import Desk

TITLE = N_("Appointment")
SEE_WHERE = N_("See where, and what for")
_WHAT_FOR = N_("What is the appointment for?")
_WHEN = N_("When is it? Days and times are by the clock of {zone}.")
_WHERE = N_("Where is it? Write it in one message: the family reads it as you write it. No names of people.")
_SURE = N_("This is what the family will read. They are told now, on the day before and in the morning.")
_CHATS = N_("Chats that will be told: {n}")
_NOBODY = N_("Nobody of the family can be reached here, so nobody is told.")
_TOLD = N_("The family is told: {moment}.")
_NEW = N_("You have an appointment: {moment}.")
_TOO_LONG = N_("It may have {most} letters at most.")


def _begin(turn: Turn, _case: Case, _rest: str) -> None:
    turn.state["appoint"] = {}
    asking_when.begin(turn)
    turn.go(Desk.APPOINT)


def _chosen(turn: Turn) -> dict[str, Any]:
    chosen: dict[str, Any] = turn.state.setdefault("appoint", {})
    return chosen


def _ask_what(turn: Turn, case: Case, _rest: str) -> None:
    choices = [turn.button(label, f"what:{what}") for what, label in WHAT.items()]
    text = paragraphs(_heading(turn, case), bold(turn.t(_WHAT_FOR)))
    turn.show(Desk.APPOINT, desk_screen(turn, text, side_by_side(choices), back="case"))


def _heading(turn: Turn, case: Case) -> Html:
    dossier = _dossier(turn, case)
    return Html(f"{code(dossier.reference) if dossier else ''} · {bold(turn.t(TITLE))}")


def _dossier(turn: Turn, case: Case) -> Dossier | None:
    return dossiers.open_for_staff(turn.connection, turn.keys, case.request_id)


def _what(turn: Turn, _case: Case, what: str) -> bool | None:
    if what not in {each.value for each in What}:
        return False
    turn.state["appoint"] = {"what": what}
    turn.go(Desk.APPOINT_WHEN)
    return None


def _ask_when(turn: Turn, case: Case, _rest: str) -> None:
    if "what" not in _chosen(turn):
        turn.go(Desk.APPOINT)
        return
    zone = zone_name(turn.zone.key, turn.locale.chain)
    text = paragraphs(_heading(turn, case), bold(turn.t(_WHEN, zone=zone)), asking_when.prompt(turn))
    turn.show(Desk.APPOINT_WHEN, desk_screen(turn, text, asking_when.buttons(turn), back="before"))


def _written_when(turn: Turn, _case: Case, _rest: str) -> None:
    moment = asking_when.typed(turn, turn.incoming.text)
    if moment is None:
        turn.go(Desk.APPOINT_WHEN)
    else:
        _timed(turn, moment)


def _timed(turn: Turn, moment: datetime | None) -> bool | None:
    if moment is None or "what" not in _chosen(turn):
        return False
    asking_when.begin(turn)
    _chosen(turn)["moment"] = moment.isoformat()
    turn.go(Desk.APPOINT_WHERE)
    return None


def _day(turn: Turn, _case: Case, days: str) -> bool | None:
    return _timed(turn, asking_when.day(turn, days))


def _moment(turn: Turn, _case: Case, number: str) -> bool | None:
    return _timed(turn, asking_when.offered(turn, number))


def _ask_where(turn: Turn, case: Case, _rest: str) -> None:
    if "moment" not in _chosen(turn):
        turn.go(Desk.APPOINT)
        return
    text = paragraphs(_heading(turn, case), safe(_when_in_words(turn)), turn.t(_WHERE))
    leave = [turn.button(N_("Without a place"), "leave")]
    turn.show(Desk.APPOINT_WHERE, desk_screen(turn, text, [leave], back="before"))


def _when_in_words(turn: Turn) -> str:
    moment = datetime.fromisoformat(_chosen(turn)["moment"])
    return turn.locale.appointment(moment, turn.zone)


def _written_where(turn: Turn, _case: Case, _rest: str) -> None:
    text = turn.incoming.text.strip()
    if len(text) > setting.LONGEST:
        turn.note(turn.t(_TOO_LONG, most=setting.LONGEST))
        turn.go(Desk.APPOINT_WHERE)
    else:
        _placed(turn, text)


def _leave(turn: Turn, _case: Case, _rest: str) -> bool | None:
    return _placed(turn, "")


def _placed(turn: Turn, where: str) -> bool | None:
    if "moment" not in _chosen(turn):
        return False
    _chosen(turn)["where"] = where
    turn.go(Desk.APPOINT_SURE)
    return None


def _ask_sure(turn: Turn, case: Case, _rest: str) -> None:
    made = _appointment(turn)
    if made is None:
        turn.go(Desk.APPOINT)
        return
    chats = len(access.reachable(turn.connection, [case.request_id]))
    text = paragraphs(
        _heading(turn, case),
        turn.t(_SURE),
        turn.t(WHAT[made.what]),
        bold(safe(_when_in_words(turn))),
        safe(made.where) if made.where else None,
        turn.t(_CHATS, n=chats) if chats else turn.t(_NOBODY),
    )
    send = [turn.button(N_("Tell the family"), "send", style="success")]
    turn.show(Desk.APPOINT_SURE, desk_screen(turn, text, [send], back="before"))


def _appointment(turn: Turn) -> Appointment | None:
    chosen = _chosen(turn)
    if not {"what", "moment", "where"} <= set(chosen):
        return None
    moment = datetime.fromisoformat(chosen["moment"]).astimezone(UTC)
    return Appointment(What(chosen["what"]), chosen["where"], moment)


def _send(turn: Turn, case: Case, _rest: str) -> bool | None:
    """Write it down for every chat of the family, and tell them."""
    made, dossier = _appointment(turn), _dossier(turn, case)
    if made is None or dossier is None:
        return False
    about, zone = (case.request_id, dossier.data_key(turn.keys)), turn.zone
    chats = access.reachable(turn.connection, [case.request_id])
    appointment_id = setting.appoint(
        turn.connection, turn.around.rules, about, list(chats), made, zone, turn.account_id, turn.now
    )

    def words(locale: Locale) -> Html:
        return locale.t(_NEW, moment=locale.appointment(made.moment, zone))

    turn.tell_all(dict.fromkeys(chats, f"appointment:{appointment_id}"), words, SEE_WHERE)
    turn.note(turn.t(_TOLD, moment=_when_in_words(turn)) if chats else turn.t(_NOBODY))
    turn.state.pop("appoint", None)
    turn.go(Desk.CASE)
    return None


def _before(turn: Turn, _case: Case, _rest: str) -> None:
    """Go back by one screen; what was chosen on it is asked anew."""
    chosen = _chosen(turn)
    asking_when.begin(turn)
    last = next((key for key in ("where", "moment", "what") if key in chosen), None)
    if last is not None:
        del chosen[last]
    step = {"where": Desk.APPOINT_WHERE, "moment": Desk.APPOINT_WHEN}.get(last or "", Desk.APPOINT)
    turn.go(step)


APPOINT = on_case(Action.APPOINT, _begin)
_BEFORE: Mapping[str, PressHandler] = {"before": on_case(Action.APPOINT, _before), **FROM_CASE}
STEPS = (
    Step(
        Desk.APPOINT,
        on_case(Action.APPOINT, _ask_what),
        presses={"what": on_case(Action.APPOINT, _what), **FROM_CASE},
    ),
    Step(
        Desk.APPOINT_WHEN,
        on_case(Action.APPOINT, _ask_when),
        on_case(Action.APPOINT, _written_when),
        {"day": on_case(Action.APPOINT, _day), "moment": on_case(Action.APPOINT, _moment), **_BEFORE},
    ),
    Step(
        Desk.APPOINT_WHERE,
        on_case(Action.APPOINT, _ask_where),
        on_case(Action.APPOINT, _written_where),
        {"leave": on_case(Action.APPOINT, _leave), **_BEFORE},
    ),
    Step(
        Desk.APPOINT_SURE,
        on_case(Action.APPOINT, _ask_sure),
        presses={"send": on_case(Action.APPOINT, _send), **_BEFORE},
    ),
)
