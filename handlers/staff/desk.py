"""The desk: where staff begin. What waits, and the way to everything they may do."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.dialog import Step
from bot.i18n import bold, paragraphs
from bot.screen import Button, Screen
from bot.turn import Turn
from casework import queue as queued
from casework import team as members
from casework.permissions import Action, may
from casework.queue import View
from casework.words import N_
from handlers.family.everywhere import side_by_side
from handlers.staff import (
    approvals,
    audit,
    broadcasts,
    expiring,
    exports,
    finding,
    flights,
    follow_ups,
    inbox,
    numbers,
    places,
    queue,
    replies,
    taking,
)
from handlers.staff.commands import show_commands
from handlers.staff.everywhere import FROM_DESK, desk_screen, to
from handlers.staff.guard import Guarded, at_desk
from handlers.staff.steps import Desk

_COUNTS = {
    View.NEW: N_("New: {n}"),
    View.MINE: N_("Mine: {n}"),
    View.UNASSIGNED: N_("Nobody's: {n}"),
    View.UNANSWERED: N_("Unanswered: {n}"),
    View.WAITING: N_("Waiting for the family: {n}"),
    View.OVERDUE: N_("Overdue: {n}"),
}


def _none(_turn: Turn) -> int:
    return 0


@dataclass(frozen=True)
class Way:
    """A button of the desk; shown to those who may do what it leads to.

    Attributes:
        count: what is put in for {n}.
    """

    words: str
    press: str
    handler: Guarded
    count: Callable[[Turn], int] = _none


# In this order. A new way: a line here.
WAYS = (
    Way(N_("Take the next case"), "next", taking.NEXT),
    Way(N_("Find"), "find", finding.FIND),
    Way(inbox.TO_MESSAGES, "messages", inbox.INBOX, inbox.count),
    Way(N_("More ways to look"), "views", to(Action.QUEUE, Desk.VIEWS)),
    Way(N_("Approvals: {n}"), "approvals", approvals.TO_LIST, approvals.waiting),
    Way(follow_ups.TITLE, "follow_ups", follow_ups.FOLLOW_UPS),
    Way(broadcasts.TO_BROADCASTS, "broadcasts", broadcasts.BROADCASTS),
    Way(flights.TO_FLIGHTS, "flights", flights.FLIGHTS),
    Way(places.TO_PLACES, "places", places.PLACES),
    Way(replies.TITLE, "replies", replies.REPLIES),
    Way(numbers.TO_NUMBERS, "stats", numbers.STATS),
    Way(exports.TO_EXPORT, "export", exports.EXPORT),
    Way(expiring.TO_EXPIRING, "expiring", expiring.EXPIRING, expiring.waiting),
    Way(audit.TITLE, "audit", audit.TO_AUDIT),
    Way(N_("Team"), "team", to(Action.SEE_TEAM, Desk.TEAM)),
)


def _show(turn: Turn, _rest: str) -> None:
    if members.name_of(turn.connection, turn.keys, turn.account_id) == members.NAMELESS:
        turn.go(Desk.NAME)
        return
    if turn.state.get("commands_in") != turn.locale.code:
        turn.state["commands_in"] = turn.locale.code
        show_commands(turn)
    found = queued.counts(turn.connection, queue.looker(turn))
    views = [
        Button(turn.locale.plain(_COUNTS[view], n=_counted(turn, n)), f"queue:{view}")
        for view, n in found.items()
    ]
    ways = [
        Button(turn.locale.plain(way.words, n=_counted(turn, way.count(turn))), way.press)
        for way in WAYS
        if may(turn.role, way.handler.action)
    ]
    screen = Screen(bold(turn.t(N_("Your desk"))), side_by_side([*views, *ways]), protected=True)
    turn.show(Desk.DESK, screen)


def _counted(turn: Turn, number: int) -> str:
    most = queued.MOST_COUNTED
    return turn.locale.plain(N_("{n}+"), n=most) if number > most else str(number)


def _ask_name(turn: Turn, _rest: str) -> None:
    text = paragraphs(
        bold(turn.t(N_("What shall your colleagues call you?"))),
        turn.t(N_("Only the team sees this name. Families never do.")),
    )
    turn.show(Desk.NAME, desk_screen(turn, text))


def _named(turn: Turn, _rest: str) -> None:
    name = " ".join(turn.incoming.text.split())
    if not name or len(name) > members.LONGEST_NAME:
        turn.note(turn.t(N_("A name may have {most} letters at most."), most=members.LONGEST_NAME))
        turn.go(Desk.NAME)
        return
    members.call(turn.connection, turn.own_key, turn.account_id, name)
    turn.go(Desk.DESK)


STEPS = (
    Step(
        Desk.DESK,
        at_desk(Action.DESK, _show),
        presses={"queue": queue.OPEN_VIEW, **{way.press: way.handler for way in WAYS}, **FROM_DESK},
    ),
    Step(Desk.NAME, at_desk(Action.DESK, _ask_name), at_desk(Action.DESK, _named), FROM_DESK),
)
