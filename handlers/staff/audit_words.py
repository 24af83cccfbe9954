"""What each code of the audit log means: one table. tests/handlers/test_audit.py finds every code that is written."""

from collections.abc import Mapping

from bot.i18n import Html, safe
from bot.turn import Turn
from casework import bursts, letters, retention, team
from casework.audit_trail import Entry
from casework.exporting import EXPORTED
from casework.permissions import Action
from casework.words import N_

_UNKNOWN_CODE = N_("something this table has no words for: {code}")
WORDS: dict[str, str] = {
    # read
    Action.READ: N_("case opened"),
    Action.READ_MESSAGES: N_("messages read"),
    Action.READ_WRITER: N_("messages of somebody without a request read"),
    Action.REVEAL: N_("everything about somebody shown"),
    Action.OPEN_FILE: N_("file opened"),
    Action.FIND: N_("searched, and seen in the results"),
    Action.AUDIT: N_("audit log of a person read"),
    Action.AUDIT_CASE: N_("audit log of the case read"),
    # changed
    Action.NOTE: N_("note written"),
    Action.TAKE: N_("case taken"),
    Action.TAKE_OVER: N_("case taken over from a colleague"),
    Action.ASSIGN: N_("case handed over"),
    Action.RELEASE: N_("case given back"),
    Action.MOVE: N_("stage looked at or changed"),
    Action.SET_FACT: N_("fact looked at or changed"),
    Action.SET_PLACE: N_("whereabouts looked at or changed"),
    Action.PUT_ON_FLIGHT: N_("flight of somebody looked at or changed"),
    Action.CHECK_PAPER: N_("papers looked at or checked"),
    Action.ASK: N_("family asked for something"),
    Action.REPLY: N_("message to the family begun or sent"),
    Action.ANSWER_WRITER: N_("message to somebody without a request begun or sent"),
    letters.SENT: N_("message sent"),
    letters.ASKED: N_("question sent to the family"),
    Action.SETTLE: N_("said that no answer is needed"),
    Action.REMIND: N_("reminder set"),
    Action.APPOINT: N_("appointment with the family looked at or made"),
    Action.CHANGE_FOLLOW_UP: N_("reminder or appointment moved or cancelled"),
    Action.TIE: N_("compared with another case, or tied to it"),
    Action.KEEP: N_("how long the case is kept looked at or changed"),
    retention.KEPT_LONGER: N_("case kept longer"),
    retention.HELD: N_("case put on hold: not to be erased"),
    retention.HOLD_ENDED: N_("hold on the case ended"),
    retention.WARNED: N_("staff warned that the case expires"),
    retention.FORGOTTEN: N_("somebody without a request erased after long silence"),
    retention.EXPIRED: N_("case erased because its time was over"),
    Action.ERASE: N_("erasing the case asked for or done"),
    Action.MANY: N_("changed together with others"),
    Action.CHANGE_FLIGHTS: N_("list of flights changed"),
    Action.CHANGE_PLACES: N_("list of places changed"),
    "flight_begun": N_("flight put on the list"),
    "flight_closed": N_("flight closed"),
    "flight_opened": N_("flight opened again"),
    "place_added": N_("place put on the list"),
    "place_renamed": N_("place called by another name"),
    "place_closed": N_("place closed"),
    "place_opened": N_("place opened again"),
    "place_moved": N_("place said to have moved"),
    # left the office
    Action.EXPORT: N_("export looked at or asked for"),
    EXPORTED: N_("exported"),
    # broadcasts
    Action.BROADCAST: N_("broadcasts looked at or changed"),
    "broadcast_begun": N_("broadcast begun"),
    "broadcast_started": N_("broadcast sent off"),
    "broadcast_scheduled": N_("broadcast set for a time"),
    "broadcast_paused": N_("broadcast paused"),
    "broadcast_resumed": N_("broadcast going on again"),
    "broadcast_stopped": N_("broadcast stopped"),
    "broadcast_corrected": N_("broadcast corrected"),
    "broadcast_recalled": N_("broadcast taken back"),
    "broadcast_again": N_("broadcast sent again to the uncertain"),
    "broadcast_list": N_("listed among those whom a broadcast did not reach"),
    # second person
    Action.DECIDE: N_("approvals looked at or decided"),
    "ask_second": N_("second person asked for"),
    "second_approved": N_("approved as the second person"),
    "second_refused": N_("refused as the second person"),
    "second_withdrawn": N_("question to a second person taken back, or out of date"),
    # team
    Action.CHANGE_TEAM: N_("team looked at or changed"),
    "invite_staff": N_("link made for a member of staff"),
    "invite_admin": N_("link made for an admin"),
    "joined_staff": N_("joined the team as staff"),
    "joined_admin": N_("joined the team as an admin"),
    "appointed_admin": N_("made an admin by the settings file"),
    "revoke": N_("role taken away from {name}"),
    bursts.BURST: N_("alarm: {name} opened very many cases"),
}
_OF_A_MEMBER = frozenset({"revoke", "appointed_admin", bursts.BURST})  # their subject is an account
_NUMBER = N_("somebody who is not in the team: {number}")
_PROGRAM = N_("the program")


def who_in_words(turn: Turn, account_id: int | None, names: Mapping[int, str]) -> Html:
    """Call somebody by the name colleagues know; by a number who belongs to the team no more."""
    if account_id is None:
        return turn.t(_PROGRAM)
    if account_id in names and names[account_id] != team.NAMELESS:
        return safe(names[account_id])
    return turn.t(_NUMBER, number=account_id)


def deed_in_words(turn: Turn, entry: Entry, names: Mapping[int, str]) -> Html:
    """Say what was done; for a code of an older or newer Homeward the code itself."""
    words = WORDS.get(entry.action)
    if words is None:
        return turn.t(_UNKNOWN_CODE, code=entry.action)
    name = who_in_words(turn, entry.subject_id, names) if entry.action in _OF_A_MEMBER else ""
    return turn.t(words, name=name)
