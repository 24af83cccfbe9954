"""An appointment that staff have made: what for, when, where. It stands behind a tap: notices say only when."""

from bot.dialog import Step
from bot.i18n import bold, paragraphs, safe
from bot.incoming import id_in
from bot.screen import Screen
from bot.turn import Turn
from casework import dossiers
from casework.reminding import setting
from casework.reminding.setting import What
from casework.words import N_
from casework.zones import zone_name
from handlers.family.everywhere import MENU, TALK, talk, to
from handlers.family.passing_on import offer
from handlers.family.reminding_when import office
from handlers.family.steps import At

WHAT = {
    What.DNA: N_("A sample for a DNA test"),
    What.OFFICE: N_("A visit to the office"),
    What.OTHER: N_("A meeting"),
}
_TITLE = N_("Your appointment")
_CLOCK = N_("{moment}, by the clock of {zone}")
_NOT_ANY_MORE = N_("This appointment is not there any more.")
_CANNOT = N_("If you cannot come, write to us. Another day can be found.")


def from_anywhere(turn: Turn) -> None:
    """Open the appointment that a notice is about."""
    open_appointment(turn, id_in(turn.incoming.action.partition(":")[2]) or 0)


def open_appointment(turn: Turn, appointment_id: int) -> None:
    turn.state["appointment"] = appointment_id
    turn.go(At.APPOINTMENT)


def _show(turn: Turn) -> None:
    found = setting.appointment_of(
        turn.connection, office(turn), turn.account_id, turn.state.get("appointment", 0)
    )
    dossier = None
    if found is not None and found.request_id is not None:
        dossier = dossiers.load(turn.connection, turn.keys, turn.account_id, found.request_id)
    if found is None or dossier is None:
        turn.note(turn.t(_NOT_ANY_MORE))
        turn.go(At.HOME)
        return
    written, zone = setting.written(dossier.data_key(turn.keys), found), found.habits.zone
    moment = turn.locale.appointment(found.since, zone)
    text = paragraphs(
        bold(turn.t(_TITLE)),
        turn.t(WHAT[What(written["what"])]),
        turn.t(_CLOCK, moment=moment, zone=zone_name(zone.key, turn.locale.chain)),
        safe(written["where"]) if written["where"] else None,
        turn.t(_CANNOT),
    )
    turn.show(At.APPOINTMENT, Screen(text, [[turn.button(MENU, "home"), turn.button(TALK, "talk")]]))


STEPS = (Step(At.APPOINTMENT, _show, offer, {"home": to(At.HOME), "talk": talk}, offer),)
