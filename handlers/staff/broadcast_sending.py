"""From a draft to a broadcast that leaves: seen exactly as families get it, by a second person too where it is large,
and started now or at a time.
"""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.dialog import Step
from bot.i18n import Html, paragraphs
from bot.turn import Turn
from casework import approvals, audit, broadcasts
from casework.approvals import Approval
from casework.audit import Deed
from casework.broadcast_texts import units
from casework.broadcasts import Broadcast, Plan, State, Text
from casework.moments import Wrong, read_moment
from casework.permissions import Action
from casework.words import N_
from casework.zones import zone_name, zone_of
from handlers.family.broadcast_message import message_of, room
from handlers.staff.audience_words import language_in_words
from handlers.staff.broadcast_report import start
from handlers.staff.broadcast_words import (
    count_in_words,
    draft_in_words,
    promises_in_words,
    shown_text,
    title_in_words,
)
from handlers.staff.broadcasts import DRAFT, current, draft, save, waits_for_second
from handlers.staff.everywhere import FROM_DESK, desk_screen, to
from handlers.staff.guard import at_desk
from handlers.staff.moving import TWO
from handlers.staff.seconding import Matter, ask
from handlers.staff.steps import Desk

_EXACTLY = N_("Above you see exactly what families get, in each language.")
_EMPTY = N_("Nobody would get it: the audience is empty, cannot be reached, or said no. Choose it again.")
_UNDECIDED = N_("Say first what readers of this language get: {language}.")
_NO_TEXT = N_("There is no text yet. Write it in at least one language.")
_TOO_LONG = N_("The text in this language is {over} signs too long: {language}. Shorten it first.")
_CHANGED = N_("Something has changed since you looked. Please look again.")
SECOND = N_("More than {most} people would get it, so a second person has to agree.")
_ASK_WHEN = N_("When shall it start? Write a day and a time, for example {example}.")
_IN_ZONE = N_("By the clocks of: {zone}.")
_QUIET = N_("Whoever has quiet hours then gets it after them.")
_WRONG = {
    Wrong.UNREADABLE: N_("This is no day and time. Write it like this: {example}."),
    Wrong.NO_SUCH_DAY: N_("There is no such day. Write it like this: {example}."),
    Wrong.PAST: N_("This moment is past already. Now it is {now} there. The draft stands as it was."),
    Wrong.FAR: N_("This is more than a year ahead. Choose a nearer day."),
    Wrong.GAP: N_("At this time the clocks are put forward, so no clock shows it. {exists} is the next one."),
}
_ASK_ZONE = N_("By which clocks? Write a city, a country with one time, or an offset such as +3.")
_NO_ZONE = N_("This place is not known. Write a larger city near it.")
_SCHEDULED = N_("It waits for its time.")
STARTED = N_("It is on its way. The message below shows how far it is.")
_AT = N_("It shall start on {moment} ({zone}).")
_NOW = N_("It shall start at once.")
_MOST_SHOWN = 700  # signs of each text, for a second person


def _first(turn: Turn) -> str:
    return turn.around.locales.fallback.code


def to_mend(turn: Turn, broadcast: Broadcast, plan: Plan, written: dict[str, Text]) -> Html | None:
    """Return what keeps a draft from being sent; None where nothing does."""
    if not written:
        return turn.t(_NO_TEXT)
    undecided = plan.undecided(_first(turn))
    if undecided:
        names = turn.locale.listed(language_in_words(turn, each) for each in undecided)
        return turn.t(_UNDECIDED, language=names)
    if not plan.recipients:
        return turn.t(_EMPTY)
    fits = room(turn.around.locales, broadcast)
    for language, text in written.items():
        if (over := units(text.body.text) - fits) > 0:
            return turn.t(_TOO_LONG, over=over, language=language_in_words(turn, language))
    return None


def _preview(turn: Turn, _rest: str) -> None:
    """Send it to the writer as families will get it, then ask when it shall leave."""
    broadcast = current(turn)
    if broadcast is None:
        return
    written = broadcasts.texts(turn.connection, turn.keys, broadcast.id)
    if broadcast.state is not State.DRAFT or waits_for_second(turn, broadcast):
        show_exactly(turn, broadcast)
        turn.go(Desk.CAST)
        return
    plan = broadcasts.plan(turn.connection, turn.keys, broadcast, _first(turn))
    problem = to_mend(turn, broadcast, plan, written)
    if problem is not None:
        turn.note(problem)
        turn.go(Desk.CAST)
        return
    show_exactly(turn, broadcast)
    turn.go(Desk.CAST_SURE)


def show_exactly(turn: Turn, broadcast: Broadcast) -> None:
    """Send each pair of words and reader's language once, exactly as it is delivered."""
    plan = broadcasts.plan(turn.connection, turn.keys, broadcast, _first(turn))
    written = broadcasts.texts(turn.connection, turn.keys, broadcast.id)
    pairs = dict.fromkeys(
        (each.reads, turn.around.locales.get(each.language).code) for each in plan.shares if each.reads
    )
    for reads, language in pairs:
        content = message_of(broadcast, written[reads].body, turn.around.locales.get(language))
        turn.send_as_is(content.method, content.parameters)


def _sure(turn: Turn, _rest: str) -> None:
    broadcast = draft(turn)
    if broadcast is None:
        return
    plan = broadcasts.plan(turn.connection, turn.keys, broadcast, _first(turn))
    written = broadcasts.texts(turn.connection, turn.keys, broadcast.id)
    problem = to_mend(turn, broadcast, plan, written)
    if problem is not None:
        turn.note(problem)
        turn.go(Desk.CAST)
        return
    turn.state["cast"]["print"] = broadcasts.print_of(turn.connection, turn.keys, broadcast)
    most = turn.around.second_above
    text = paragraphs(
        title_in_words(turn, broadcast),
        turn.t(_EXACTLY),
        count_in_words(turn, plan),
        promises_in_words(turn, written.values()),
        turn.t(SECOND, most=most) if plan.recipients > most else None,
    )
    at_once = TWO if plan.recipients > most else N_("Send now")
    rows = [[turn.button(at_once, "now", style="success")], [turn.button(N_("Send at a time"), "when")]]
    turn.show(Desk.CAST_SURE, desk_screen(turn, text, rows, back="draft"))


def _now(turn: Turn, _rest: str) -> None:
    broadcast = draft(turn)
    if broadcast is not None:
        _go(turn, broadcast, None)


def _go(turn: Turn, broadcast: Broadcast, due: datetime | None) -> None:
    """Start it, let it wait for its time, or ask a second person for either; only what was on the screen."""
    if turn.state["cast"].get("print") != broadcasts.print_of(turn.connection, turn.keys, broadcast):
        turn.note(turn.t(_CHANGED))
        turn.go(Desk.CAST)
        return
    plan = broadcasts.plan(turn.connection, turn.keys, broadcast, _first(turn))
    if plan.recipients > turn.around.second_above:
        details = {"broadcast": broadcast.id, "print": turn.state["cast"]["print"]}
        details |= {"due": due.isoformat() if due else "", "recipients": plan.recipients}
        broadcast.approval_id = ask(turn, MATTER, details)
        save(turn, broadcast)
    else:
        _carry(turn, broadcast, due, turn.account_id)
        turn.go(Desk.CAST)


def _carry(turn: Turn, broadcast: Broadcast, due: datetime | None, by: int) -> bool:
    broadcast.account_id = by
    deed = Deed("broadcast_started" if due is None else "broadcast_scheduled", by, subject_id=broadcast.id)
    audit.record(turn.connection, turn.keys, deed, turn.now)
    if due is None:
        return start(turn.connection, turn.around, broadcast, by, turn.now)
    broadcast.state, broadcast.due_at = State.SCHEDULED, due
    broadcasts.save(turn.connection, turn.keys, broadcast)
    return True


def _pages(turn: Turn, approval: Approval) -> Sequence[Html]:
    """Say to whom it goes, when and what it says; how it looks exactly is a button of its own."""
    broadcast = broadcasts.get(turn.connection, turn.keys, approval.asked.details["broadcast"])
    if broadcast is None:
        return [turn.t(N_("This broadcast is not there any more."))]
    plan = broadcasts.plan(turn.connection, turn.keys, broadcast, _first(turn))
    written = broadcasts.texts(turn.connection, turn.keys, broadcast.id)
    due = approval.asked.details["due"]
    zone = broadcast.details.zone or turn.zone.key
    when = turn.t(_NOW)
    if due:
        moment = turn.locale.moment(datetime.fromisoformat(due), ZoneInfo(zone))
        when = turn.t(_AT, moment=moment, zone=zone_name(zone, turn.locale.chain))
    first = paragraphs(
        draft_in_words(turn, broadcast, plan, written), when, promises_in_words(turn, written.values())
    )
    texts = [
        shown_text(turn.around.locales.get(language), text, _MOST_SHOWN) for language, text in written.items()
    ]
    return [first, *texts]


def _show_second(turn: Turn, approval: Approval) -> None:
    broadcast = broadcasts.get(turn.connection, turn.keys, approval.asked.details["broadcast"])
    if broadcast is not None:
        show_exactly(turn, broadcast)


def _carry_out(turn: Turn, approval: Approval) -> bool:
    """Start what was seen; if it is something else by now, or its time has passed, nothing happens."""
    asked = approval.asked.details
    broadcast = broadcasts.lock(turn.connection, turn.keys, asked["broadcast"])
    due = datetime.fromisoformat(asked["due"]) if asked["due"] else None
    if broadcast is None or broadcast.state is not State.DRAFT or broadcast.approval_id != approval.id:
        return False
    if broadcasts.print_of(turn.connection, turn.keys, broadcast) != asked["print"]:
        return False
    if due is not None and due <= turn.now:
        return False
    return _carry(turn, broadcast, due, approval.asked.by)


def _unask(turn: Turn, _rest: str) -> None:
    broadcast = current(turn)
    if broadcast is None:
        return
    approval_id = broadcast.approval_id or 0
    if approvals.take_back(turn.connection, turn.keys, approval_id, turn.account_id, turn.now):
        turn.note(turn.t(N_("Taken back. Nothing was changed.")))
    turn.go(Desk.CAST)


def _unschedule(turn: Turn, _rest: str) -> None:
    """Make a draft of what waits for its time; whoever agreed has to agree again."""
    broadcast = current(turn)
    if broadcast is None:
        return
    if broadcast.state is State.SCHEDULED:
        broadcast.state, broadcast.due_at, broadcast.approval_id = State.DRAFT, None, None
        broadcasts.save(turn.connection, turn.keys, broadcast)
    turn.go(Desk.CAST)


def _zone(turn: Turn, broadcast: Broadcast) -> ZoneInfo:
    return ZoneInfo(broadcast.details.zone) if broadcast.details.zone else turn.zone


def _example(turn: Turn, zone: ZoneInfo) -> str:
    local = turn.now.astimezone(zone)
    return f"{local:%d.%m.%Y} 10:30"


def _ask_when(turn: Turn, _rest: str) -> None:
    broadcast = draft(turn)
    if broadcast is None:
        return
    zone = _zone(turn, broadcast)
    text = paragraphs(
        title_in_words(turn, broadcast),
        turn.t(_ASK_WHEN, example=_example(turn, zone)),
        turn.t(_IN_ZONE, zone=zone_name(zone.key, turn.locale.chain)),
        None if broadcast.urgent else turn.t(_QUIET),
    )
    rows = [[turn.button(N_("Other clocks"), "zone")]]
    turn.show(Desk.CAST_WHEN, desk_screen(turn, text, rows, back="sure"))


def _when(turn: Turn, _rest: str) -> None:
    broadcast = draft(turn)
    if broadcast is None:
        return
    zone = _zone(turn, broadcast)
    read = read_moment(turn.incoming.text, zone, turn.now)
    if read.amiss is not None or read.at is None:
        exists = f"{read.exists:%H:%M}" if read.exists else ""
        now = turn.locale.moment(turn.now, zone)
        why = read.amiss or Wrong.UNREADABLE
        turn.note(turn.t(_WRONG[why], example=_example(turn, zone), now=now, exists=exists))
        turn.go(Desk.CAST_WHEN)
        return
    _go(turn, broadcast, read.at)


def _ask_zone(turn: Turn, _rest: str) -> None:
    broadcast = draft(turn)
    if broadcast is not None:
        text = paragraphs(title_in_words(turn, broadcast), turn.t(_ASK_ZONE))
        turn.show(Desk.CAST_ZONE, desk_screen(turn, text, back="when"))


def _zone_written(turn: Turn, _rest: str) -> None:
    broadcast = draft(turn)
    if broadcast is None:
        return
    zone = zone_of(turn.incoming.text)
    if zone is None:
        turn.note(turn.t(_NO_ZONE))
        turn.go(Desk.CAST_ZONE)
        return
    broadcast.details.zone = zone
    broadcasts.save(turn.connection, turn.keys, broadcast)
    turn.state["cast"]["print"] = broadcasts.print_of(turn.connection, turn.keys, broadcast)
    turn.go(Desk.CAST_WHEN)


MATTER = Matter("broadcast", N_("Broadcast"), Action.BROADCAST, _pages, _carry_out, _show_second)
PREVIEW = at_desk(Action.BROADCAST, _preview)
UNASK = at_desk(Action.BROADCAST, _unask)
UNSCHEDULE = at_desk(Action.BROADCAST, _unschedule)
_WHEN = to(Action.BROADCAST, Desk.CAST_WHEN)
STEPS = (
    Step(
        Desk.CAST_SURE,
        at_desk(Action.BROADCAST, _sure),
        presses={"now": at_desk(Action.BROADCAST, _now), "when": _WHEN, "draft": DRAFT, **FROM_DESK},
    ),
    Step(
        Desk.CAST_WHEN,
        at_desk(Action.BROADCAST, _ask_when),
        at_desk(Action.BROADCAST, _when),
        {
            "zone": to(Action.BROADCAST, Desk.CAST_ZONE),
            "sure": to(Action.BROADCAST, Desk.CAST_SURE),
            **FROM_DESK,
        },
    ),
    Step(
        Desk.CAST_ZONE,
        at_desk(Action.BROADCAST, _ask_zone),
        at_desk(Action.BROADCAST, _zone_written),
        {"when": _WHEN, **FROM_DESK},
    ),
)
