"""Who may do what: one table. A handler of staff's that names no action of it cannot be built.

It is asked at the moment of each press and each command, with the role as it is then: a keyboard that is still on
somebody's screen gives no right (threats 7, 18).
"""

from dataclasses import dataclass
from enum import StrEnum

from casework.words import N_


class Role(StrEnum):
    FAMILY = "family"
    STAFF = "staff"
    ADMIN = "admin"


class Whose(StrEnum):
    """Who works on the case, as seen by the one who asks."""

    NOBODYS = "nobodys"
    OWN = "own"
    ANOTHERS = "anothers"


class Standing(StrEnum):
    """What has become of the request as a whole."""

    OPEN = "open"
    WITHDRAWN = "withdrawn"
    ERASED = "erased"


class Action(StrEnum):
    """Everything that is done at the office's side. The codes stand in the audit log."""

    # about no case
    DESK = "desk"
    QUEUE = "queue"
    FIND = "find"
    SEE_TEAM = "see_team"
    CHANGE_TEAM = "change_team"
    SEE_PLACES = "see_places"
    CHANGE_PLACES = "change_places"
    SEE_FLIGHTS = "see_flights"
    CHANGE_FLIGHTS = "change_flights"
    NUMBERS = "numbers"
    EXPORT = "export"
    DECIDE = "decide"
    AUDIT = "audit"
    SEE_EXPIRING = "see_expiring"
    SAVED_REPLIES = "saved_replies"
    MANY = "many"
    BROADCAST = "broadcast"
    FOLLOW_UPS = "follow_ups"
    READ_WRITER = "read_writer"
    ANSWER_WRITER = "answer_writer"
    # about one case
    AUDIT_CASE = "audit_case"
    READ = "read"
    READ_MESSAGES = "read_messages"
    REVEAL = "reveal"
    OPEN_FILE = "open_file"
    NOTE = "note"
    TAKE = "take"
    TAKE_OVER = "take_over"
    ASSIGN = "assign"
    RELEASE = "release"
    MOVE = "move"
    SET_FACT = "set_fact"
    SET_PLACE = "set_place"
    PUT_ON_FLIGHT = "put_on_flight"
    CHECK_PAPER = "check_paper"
    ASK = "ask"
    REPLY = "reply"
    SETTLE = "settle"
    TIE = "tie"
    REMIND = "remind"
    APPOINT = "appoint"
    CHANGE_FOLLOW_UP = "change_follow_up"
    KEEP = "keep"
    ERASE = "erase"


class Refusal(StrEnum):
    """Why something is not allowed. `ROLE` is never told: for who may not know of an action there is none."""

    ROLE = "role"
    ANOTHERS = "anothers"
    NOBODYS = "nobodys"
    OWN = "own"
    OVER = "over"


_STAFF = frozenset({Role.STAFF, Role.ADMIN})
_ADMIN = frozenset({Role.ADMIN})
_ANYBODYS = frozenset(Whose)
_MINE = frozenset({Whose.OWN})
_NOT_ANOTHERS = frozenset({Whose.OWN, Whose.NOBODYS})
_OPEN = frozenset({Standing.OPEN})
_NOT_ERASED = frozenset({Standing.OPEN, Standing.WITHDRAWN})


@dataclass(frozen=True)
class Permission:
    """One line of the table.

    Attributes:
        roles: who may.
        whose: of the case; none where the action is about no case. An admin who wants to act
            on another's case takes it over first, so that it is always clear who works on what.
        standing: of the case.
        second: another person has to agree before it happens.
        audited: written into the audit log each time, also where it changes nothing.
    """

    action: Action
    roles: frozenset[Role]
    whose: frozenset[Whose] = frozenset()
    standing: frozenset[Standing] = frozenset()
    second: bool = False
    audited: bool = False


_TABLE = (
    Permission(Action.DESK, _STAFF),
    Permission(Action.QUEUE, _STAFF),
    Permission(Action.FIND, _STAFF, audited=True),
    Permission(Action.SEE_TEAM, _STAFF),
    Permission(Action.CHANGE_TEAM, _ADMIN, audited=True),
    Permission(Action.SEE_PLACES, _STAFF),
    Permission(Action.CHANGE_PLACES, _ADMIN, audited=True),
    Permission(Action.SEE_FLIGHTS, _STAFF),
    Permission(Action.CHANGE_FLIGHTS, _STAFF, audited=True),
    Permission(Action.NUMBERS, _STAFF),
    Permission(Action.EXPORT, _ADMIN, second=True, audited=True),
    Permission(Action.DECIDE, _STAFF, audited=True),
    Permission(Action.AUDIT, _ADMIN, audited=True),
    Permission(Action.SEE_EXPIRING, _STAFF),
    Permission(Action.SAVED_REPLIES, _STAFF),
    Permission(Action.MANY, _STAFF, second=True, audited=True),
    Permission(Action.BROADCAST, _STAFF, second=True, audited=True),
    Permission(Action.FOLLOW_UPS, _STAFF),
    # of somebody whose words are about no request: nobody has such a conversation, whoever comes first answers
    Permission(Action.READ_WRITER, _STAFF, audited=True),
    Permission(Action.ANSWER_WRITER, _STAFF, audited=True),
    Permission(Action.AUDIT_CASE, _ADMIN, _ANYBODYS, _NOT_ERASED, audited=True),
    Permission(Action.READ, _STAFF, _ANYBODYS, _NOT_ERASED, audited=True),
    Permission(Action.READ_MESSAGES, _STAFF, _ANYBODYS, _NOT_ERASED, audited=True),
    Permission(Action.REVEAL, _STAFF, _ANYBODYS, _NOT_ERASED, audited=True),
    Permission(Action.OPEN_FILE, _STAFF, _ANYBODYS, _NOT_ERASED, audited=True),
    Permission(Action.NOTE, _STAFF, _ANYBODYS, _NOT_ERASED, audited=True),
    Permission(Action.TAKE, _STAFF, frozenset({Whose.NOBODYS}), _NOT_ERASED, audited=True),
    Permission(Action.TAKE_OVER, _ADMIN, frozenset({Whose.ANOTHERS}), _NOT_ERASED, audited=True),
    Permission(Action.ASSIGN, _STAFF, _NOT_ANOTHERS, _NOT_ERASED, audited=True),
    Permission(Action.RELEASE, _STAFF, _MINE, _NOT_ERASED, audited=True),
    Permission(Action.MOVE, _STAFF, _MINE, _OPEN, audited=True),
    Permission(Action.SET_FACT, _STAFF, _MINE, _OPEN, audited=True),
    Permission(Action.SET_PLACE, _STAFF, _MINE, _OPEN, audited=True),
    Permission(Action.PUT_ON_FLIGHT, _STAFF, _MINE, _OPEN, audited=True),
    Permission(Action.CHECK_PAPER, _STAFF, _MINE, _OPEN, audited=True),
    Permission(Action.ASK, _STAFF, _MINE, _OPEN, audited=True),
    Permission(Action.REPLY, _STAFF, _MINE, _NOT_ERASED, audited=True),
    # a message needs no answer, or a question is not asked any more
    Permission(Action.SETTLE, _STAFF, _MINE, _NOT_ERASED, audited=True),
    Permission(Action.TIE, _STAFF, _MINE, _NOT_ERASED, audited=True),
    Permission(Action.REMIND, _STAFF, _ANYBODYS, _NOT_ERASED, audited=True),
    Permission(Action.APPOINT, _STAFF, _MINE, _OPEN, audited=True),
    Permission(Action.CHANGE_FOLLOW_UP, _STAFF, _MINE, _NOT_ERASED, audited=True),
    Permission(Action.KEEP, _ADMIN, _ANYBODYS, _NOT_ERASED, audited=True),
    Permission(Action.ERASE, _ADMIN, _ANYBODYS, _NOT_ERASED, second=True, audited=True),
)
PERMISSIONS = {each.action: each for each in _TABLE}

TOLD = {
    Refusal.ANOTHERS: N_("{name} works on this case. Write a note there, or ask them to hand it over."),
    Refusal.NOBODYS: N_("Nobody works on this case yet. Press “Take it” first."),
    Refusal.OWN: N_("You work on this case already."),
    Refusal.OVER: N_("This request was withdrawn: it can be read and answered, and nothing else."),
}


def may(role: str, action: Action) -> bool:
    """Whether this role has the action at all, whatever the case."""
    return role in PERMISSIONS[action].roles


def refused(role: str, action: Action, whose: Whose, standing: Standing) -> Refusal | None:
    """Return why this role may not do this with such a case; None where it may."""
    allowed = PERMISSIONS[action]
    if role not in allowed.roles:
        return Refusal.ROLE
    if standing not in allowed.standing:
        # Of what is erased nothing is left to tell.
        return Refusal.ROLE if standing is Standing.ERASED else Refusal.OVER
    if whose in allowed.whose:
        return None
    return Refusal(whose.value)
