"""The commands of the office's side: one table. A wrong one gets the usage line, and the nearest right one."""

import difflib
from collections.abc import Callable
from dataclasses import dataclass

from bot.dialog import TurnHandler
from bot.i18n import Html, code
from bot.turn import Turn
from casework import looking_up
from casework.permissions import Action, Role, may
from casework.words import N_
from handlers.family.otherwise import unreadable
from handlers.staff import (
    appointing,
    approvals,
    audit,
    boarding,
    broadcasts,
    expiring,
    exports,
    facts,
    finding,
    flights,
    follow_ups,
    inbox,
    keeping,
    many,
    moving,
    notes,
    numbers,
    papers,
    places,
    queue,
    remind,
    replies,
    reply,
    taking,
    whereabouts,
)
from handlers.staff import team as team_handlers
from handlers.staff.everywhere import TO_CASE, to
from handlers.staff.guard import Guarded
from handlers.staff.steps import Desk

_WRITE = N_("Write it like this: {usage}")
_NO_REFERENCE = N_("There is no such reference: {text}")
_NEAR = N_("Did you mean {what}?")
_LIKE = 0.65  # of 1: how alike two commands are for one to be meant by the other; /export is not /next
_REFERENCE = "HW-7K3M-9QF2"


def _about_case(handler: Guarded) -> Guarded:
    """Find the case by the reference that follows the command; without one it is the case on the screen."""

    def run(turn: Turn, text: str) -> bool | None:
        reference, rest = looking_up.split(text)
        found = looking_up.request_of(turn.connection, turn.keys, reference) if reference else None
        if not text and turn.state.get("case"):
            return handler(turn, "")
        if found is None and turn.state.get("case") and not reference and not _like_a_reference(text):
            return handler(turn, text)
        if found is None:
            _explain(turn, text)
            return None
        turn.state["case"] = found
        return handler(turn, rest)

    return Guarded(handler.action, run)


def _like_a_reference(text: str) -> bool:
    return text.upper().startswith("HW") or any(sign.isdigit() for sign in text.split(" ", maxsplit=1)[0])


def _explain(turn: Turn, text: str) -> None:
    """Say what was wrong with a reference, and offer those that are a slip away."""
    if not text:
        explain_usage(turn)
        return
    turn.note(turn.t(_NO_REFERENCE, text=text[:40]))
    near = looking_up.likely(turn.connection, turn.keys, text.split(" ", maxsplit=1)[0])
    if near:
        turn.note(turn.t(_NEAR, what=Html(turn.locale.listed(code(each) for each in near))))
    turn.go(turn.loaded.step)


@dataclass(frozen=True)
class DeskCommand:
    """One command.

    Attributes:
        command: without its slash.
        usage: how it is written.
        described: what the list of commands says of it.
    """

    command: str
    usage: str
    described: str
    handler: Guarded


# In this order. A new command: a line here.
DESK_COMMANDS = (
    DeskCommand("desk", "/desk", N_("Your desk"), to(Action.DESK, Desk.DESK)),
    DeskCommand("queue", "/queue new", N_("Which cases wait"), queue.BY_WORD),
    DeskCommand("next", "/next", N_("Take the oldest case that nobody has"), taking.NEXT),
    DeskCommand("find", "/find Амина 2016", N_("Find a case"), finding.FIND),
    DeskCommand("case", f"/case {_REFERENCE}", N_("Open a case"), _about_case(TO_CASE)),
    DeskCommand("take", f"/take {_REFERENCE}", N_("Take a case"), _about_case(taking.TAKE)),
    DeskCommand(
        "assign", f"/assign {_REFERENCE} @Anna", N_("Hand a case to a colleague"), _about_case(taking.ASSIGN)
    ),
    DeskCommand("release", f"/release {_REFERENCE}", N_("Give a case back"), _about_case(taking.RELEASE)),
    DeskCommand(
        "stage", f"/stage {_REFERENCE}", N_("Change the stage of somebody"), _about_case(moving.CHOOSE)
    ),
    DeskCommand("messages", "/messages", N_("Which families wait for an answer"), inbox.INBOX),
    DeskCommand(
        "ask", f"/ask {_REFERENCE}", N_("Ask a family something they shall answer"), _about_case(reply.ASK)
    ),
    DeskCommand("reply", f"/reply {_REFERENCE}", N_("Write to a family"), _about_case(reply.REPLY)),
    DeskCommand("replies", "/replies", N_("Answers that are given often"), replies.REPLIES),
    DeskCommand(
        "note", f"/note {_REFERENCE}", N_("Write a note that no family sees"), _about_case(notes.NOTE)
    ),
    DeskCommand(
        "papers",
        f"/papers {_REFERENCE}",
        N_("See and check the papers of a case"),
        _about_case(papers.CHOOSE),
    ),
    DeskCommand(
        "fact", f"/fact {_REFERENCE}", N_("What is known beside the stage"), _about_case(facts.CHOOSE)
    ),
    DeskCommand(
        "where", f"/where {_REFERENCE}", N_("Say where somebody is"), _about_case(whereabouts.WHEREABOUTS)
    ),
    DeskCommand(
        "flight", f"/flight {_REFERENCE}", N_("Put somebody on a flight"), _about_case(boarding.FLIGHT)
    ),
    DeskCommand(
        "remind",
        f"/remind {_REFERENCE} 01.12.2030 10:00 …",
        N_("Be reminded of a case"),
        _about_case(remind.REMIND),
    ),
    DeskCommand(
        "appointment",
        f"/appointment {_REFERENCE}",
        N_("Make an appointment with a family"),
        _about_case(appointing.APPOINT),
    ),
    DeskCommand("followups", "/followups", N_("What is to come, day by day"), follow_ups.BY_WORD),
    DeskCommand("flights", "/flights", N_("The flights that are being prepared"), flights.FLIGHTS),
    DeskCommand("places", "/places", N_("The list of places"), places.PLACES),
    DeskCommand("many", "/many", N_("Change the stage of many"), many.MANY),
    DeskCommand("broadcast", "/broadcast", N_("Write to many families at once"), broadcasts.BROADCASTS),
    DeskCommand("approvals", "/approvals", N_("What waits for a second person"), approvals.TO_LIST),
    DeskCommand("stats", "/stats", N_("The numbers, with pictures"), numbers.STATS),
    DeskCommand("export", "/export", N_("Requests as a table, for somebody outside"), exports.EXPORT),
    DeskCommand("expiring", "/expiring", N_("Cases that are soon erased"), expiring.EXPIRING),
    DeskCommand("hold", f"/hold {_REFERENCE}", N_("Forbid to erase a case"), _about_case(keeping.HOLD)),
    DeskCommand("audit", "/audit @Anna", N_("Who read, changed or exported what"), audit.AUDIT),
    DeskCommand("team", "/team", N_("Who belongs to the team"), team_handlers.TO_TEAM),
    DeskCommand("invite", "/invite staff", N_("Invite somebody to the team"), team_handlers.INVITE),
    DeskCommand("revoke", "/revoke @Anna", N_("Take somebody's role away"), team_handlers.REVOKE),
)
_BY_NAME = {each.command: each for each in DESK_COMMANDS}


def run(command: DeskCommand) -> TurnHandler:
    """Make the handler of a command: for who may not, it is unknown; where its argument fits nothing, its usage."""

    def handle(turn: Turn) -> None:
        if not may(turn.role, command.handler.action):
            unknown()(turn)
        elif command.handler(turn, turn.incoming.argument) is False:
            explain_usage(turn)

    return handle


def explain_usage(turn: Turn) -> None:
    command = _BY_NAME[turn.incoming.command]
    turn.note(turn.t(_WRITE, usage=code(command.usage)))
    turn.go(turn.loaded.step or Desk.DESK)


def unknown(otherwise: TurnHandler = unreadable) -> Callable[[Turn], bool | None]:
    """Make what answers an unknown command: the team gets the nearest one that they may use."""

    def handle(turn: Turn) -> bool | None:
        known = [each for each in DESK_COMMANDS if may(turn.role, each.handler.action)]
        near = difflib.get_close_matches(turn.incoming.command, [each.command for each in known], 1, _LIKE)
        if turn.incoming.command and near:
            turn.note(turn.t(_NEAR, what=code(_BY_NAME[near[0]].usage)))
        return otherwise(turn)

    return handle


def show_commands(turn: Turn) -> None:
    """Set the list of commands beside the text field. Decoration: roles are asked at the door."""
    turn.list_commands({each.command: turn.locale.plain(each.described) for each in commands_of(turn.role)})


def commands_of(role: Role) -> list[DeskCommand]:
    return [each for each in DESK_COMMANDS if may(role, each.handler.action)]
